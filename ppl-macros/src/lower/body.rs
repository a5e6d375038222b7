//! The walk through a body: statements are replaced in place and noted as sites, in order of appearance.

use super::plates::Binding;
use super::scope::{Scope, Target};
use super::statements::called_word;
use super::unread::Unread;
use super::{options, over, stray, types};
use crate::ir::{Fault, Place, Site, Treatment, Word, exclusive, loops};
use proc_macro2::Ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, BinOp, Block, Expr, ExprPath, Local, Macro, Stmt, Type};

/// Lowers a body: what replaces it, its sites, and what is wrong in it.
pub fn lower(
    mut body: Block,
    name: Ident,
    arguments: Vec<String>,
) -> (Block, Vec<Site>, Vec<Fault>) {
    let mut walk = Walk {
        name,
        over: over::site(&body, &arguments),
        unread: Unread::of(&body),
        arguments,
        scope: Scope::default(),
        sites: Vec::new(),
        faults: Vec::new(),
        alike: Vec::new(),
    };
    walk.scope.open(Target::Function);
    walk.visit_block_mut(&mut body);
    (body, walk.sites, walk.faults)
}

/// A walk through a body.
pub struct Walk {
    /// The name of the model.
    pub(super) name: Ident,
    pub(super) arguments: Vec<String>,
    pub(super) scope: Scope,
    pub(super) sites: Vec<Site>,
    pub(super) faults: Vec<Fault>,
    /// Of each plate and chain around: its index, where that is read in observed data alone.
    pub(super) alike: Vec<Option<Ident>>,
    /// The enumerated site whose values are taken in a column.
    pub(super) over: Option<Ident>,
    /// The variables that nobody reads.
    pub(super) unread: Unread,
}

impl Walk {
    /// The id of a site that stands here: that of its like in an exclusive branch, or a new one.
    pub(super) fn site(&mut self, new: Site) -> u32 {
        let place = self.scope.path.clone();
        let alike = |s: &Site| {
            s.name == new.name
                && s.kind == new.kind
                && s.ty == new.ty
                && s.loops().eq(loops(&place))
                && s.places.iter().all(|p| exclusive(p, &place))
        };
        let id = self.sites.iter().position(alike).unwrap_or_else(|| {
            self.sites.push(new);
            self.sites.len() - 1
        });
        let site = &mut self.sites[id];
        site.places.push(place);
        site.optional |= self.scope.optional();
        id as u32
    }
    /// Goes through what is inside of `place`, where no statement can be.
    pub(super) fn within(&mut self, place: Place, inside: impl FnOnce(&mut Self)) {
        self.scope.forbidden.push(place);
        inside(self);
        self.scope.forbidden.pop();
    }
    /// Goes through what `return` does not leave.
    pub(super) fn function(&mut self, inside: impl FnOnce(&mut Self)) {
        self.scope.open(Target::Function);
        inside(self);
        self.scope.close();
    }
    /// An expression that stands as a statement of its own.
    pub(super) fn statement(&mut self, expr: &mut Expr) {
        if let Some(options) = options::take(expr) {
            return self.plate(expr, Binding::None, options);
        }
        match called_word(expr) {
            Some(word) => self.call(word, expr),
            None => self.visit_expr_mut(expr),
        }
    }

    fn local(&mut self, local: &mut Local) {
        let word = local
            .init
            .as_ref()
            .and_then(|i| match options::of_plate(&i.expr) {
                true => Some(Word::Plate),
                false => called_word(&i.expr),
            });
        let treatments = treatments(&mut local.attrs);
        let treatments = match word {
            Some(Word::Sample) => treatments,
            _ => {
                let other = treatments.into_iter();
                self.faults
                    .extend(other.map(|t| Fault::NotASite(t.word, t.span)));
                Vec::new()
            }
        };
        match word {
            Some(Word::Submodel) => self.submodel(local),
            Some(word) if word.binds() => self.binding(word, local, treatments),
            Some(Word::Plate) => self.bound_plate(local),
            Some(word) => self.bound(word, local),
            None => self.visit_local_mut(local),
        }
        if let Some((_, otherwise)) = local.init.as_mut().and_then(|i| i.diverge.as_mut()) {
            let fork = self.scope.fork();
            self.arm(fork, 0, |walk| walk.visit_expr_mut(otherwise));
        }
    }
}

/// Takes `#[branch]` and `#[enumerate]` from a statement.
fn treatments(attrs: &mut Vec<Attribute>) -> Vec<Treatment> {
    let mut found = Vec::new();
    attrs.retain(|a| {
        let treatment = treatment(a);
        let stays = treatment.is_none();
        found.extend(treatment);
        stays
    });
    found
}

fn treatment(attribute: &Attribute) -> Option<Treatment> {
    let ident = attribute.path().get_ident()?;
    let known = ident == "branch" || ident == "enumerate";
    known.then(|| Treatment {
        word: ident.to_string(),
        span: ident.span(),
    })
}

impl VisitMut for Walk {
    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Local(local) => self.local(local),
            Stmt::Expr(expr, _) => self.statement(expr),
            Stmt::Item(item) => {
                let found = stray::in_item(item);
                let misplaced = |(word, span)| Fault::Misplaced(word, Place::Item, span);
                self.faults.extend(found.into_iter().map(misplaced));
            }
            Stmt::Macro(stmt) => self.visit_stmt_macro_mut(stmt),
        }
    }
    /// All but the `else` block, which is a branch.
    fn visit_local_mut(&mut self, local: &mut Local) {
        self.visit_pat_mut(&mut local.pat);
        if let Some(init) = &mut local.init {
            self.visit_expr_mut(&mut init.expr);
        }
    }
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some(word) = called_word(expr) {
            return self.nested(word, expr);
        }
        match expr {
            Expr::If(e) => self.branches(e),
            Expr::Match(e) => self.arms(e),
            Expr::ForLoop(_) => self.for_loop(expr),
            Expr::While(e) => self.while_loop(e),
            Expr::Loop(e) => self.endless_loop(e),
            Expr::Block(e) if e.label.is_some() => self.labelled_block(e),
            Expr::Closure(e) => self.within(Place::Closure, |walk| {
                walk.function(|walk| visit_mut::visit_expr_closure_mut(walk, e));
            }),
            Expr::Async(e) => self.within(Place::Async, |walk| {
                walk.function(|walk| walk.visit_block_mut(&mut e.block));
            }),
            Expr::Const(e) => self.within(Place::Const, |walk| {
                walk.function(|walk| walk.visit_block_mut(&mut e.block));
            }),
            Expr::TryBlock(e) => self.within(Place::Try, |walk| {
                walk.function(|walk| walk.visit_block_mut(&mut e.block));
            }),
            Expr::Binary(e) if matches!(e.op, BinOp::And(_) | BinOp::Or(_)) => {
                self.visit_expr_mut(&mut e.left);
                let fork = self.scope.fork();
                self.arm(fork, 0, |walk| walk.visit_expr_mut(&mut e.right));
            }
            Expr::Return(_) | Expr::Try(_) => {
                visit_mut::visit_expr_mut(self, expr);
                self.scope.leave_function();
            }
            Expr::Break(_) | Expr::Continue(_) => self.jump(expr),
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }
    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        let found = stray::in_macro(mac.tokens.clone());
        let misplaced = |(word, span)| Fault::Misplaced(word, Place::Macro, span);
        self.faults.extend(found.words.into_iter().map(misplaced));
        if found.leaves_function {
            self.scope.leave_function();
        }
        if found.leaves_loop {
            self.scope.leave_loop(None);
        }
    }
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if let Some(t) = treatment(attribute) {
            self.faults.push(Fault::NotASite(t.word, t.span));
        }
    }
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        types::rewrite_type(ty);
    }
    fn visit_expr_path_mut(&mut self, path: &mut ExprPath) {
        visit_mut::visit_expr_path_mut(self, path);
        types::rewrite_path(path);
    }
}
