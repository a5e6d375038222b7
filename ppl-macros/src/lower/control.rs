//! Branches, loops and jumps.

use super::body::Walk;
use super::scope::Target;
use super::stray;
use crate::ir::{Place, Site, SiteKind, Step};
use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprBlock, ExprForLoop, ExprIf, ExprLoop, ExprMatch, ExprWhile, Label, Pat, parse_quote,
};

impl Walk {
    /// Goes through one arm of a branch.
    pub(super) fn arm(&mut self, fork: u32, arm: u32, inside: impl FnOnce(&mut Self)) {
        self.scope.path.push(Step::Arm { fork, arm });
        inside(self);
        self.scope.path.pop();
    }

    pub(super) fn branches(&mut self, e: &mut ExprIf) {
        self.visit_attributes_mut(&mut e.attrs);
        self.visit_expr_mut(&mut e.cond);
        let fork = self.scope.fork();
        self.arm(fork, 0, |walk| walk.visit_block_mut(&mut e.then_branch));
        if let Some((_, otherwise)) = &mut e.else_branch {
            self.arm(fork, 1, |walk| walk.visit_expr_mut(otherwise));
        }
    }

    pub(super) fn arms(&mut self, e: &mut ExprMatch) {
        self.visit_attributes_mut(&mut e.attrs);
        self.visit_expr_mut(&mut e.expr);
        let fork = self.scope.fork();
        for (k, arm) in (0..).zip(&mut e.arms) {
            self.visit_attributes_mut(&mut arm.attrs);
            match &mut arm.pat {
                // A guard can run and its arm not, so it is a branch of its own.
                Pat::Guard(guarded) => {
                    self.visit_pat_mut(&mut guarded.pat);
                    let guard = self.scope.fork();
                    self.arm(guard, 0, |walk| walk.visit_expr_mut(&mut guarded.guard));
                }
                pat => self.visit_pat_mut(pat),
            }
            self.arm(fork, k, |walk| walk.statement(&mut arm.body));
        }
    }

    pub(super) fn for_loop(&mut self, expr: &mut Expr) {
        let Expr::ForLoop(e) = expr else { return };
        self.visit_attributes_mut(&mut e.attrs);
        self.visit_pat_mut(&mut e.pat);
        self.visit_expr_mut(&mut e.expr);
        if !stray::holds_sites(&e.body) {
            self.scope.open(Target::Loop(label(&e.label), None));
            self.visit_block_mut(&mut e.body);
            return self.scope.close();
        }
        let id = self.site(Site::new(
            SiteKind::Loop,
            "for".to_string(),
            e.for_token.span(),
        ));
        self.scope.path.push(Step::Loop(id));
        self.scope.open(Target::Loop(label(&e.label), Some(id)));
        self.visit_block_mut(&mut e.body);
        self.scope.close();
        self.scope.path.pop();
        *expr = noted(id, e);
    }

    pub(super) fn while_loop(&mut self, e: &mut ExprWhile) {
        self.visit_attributes_mut(&mut e.attrs);
        self.within(Place::While, |walk| {
            walk.scope.open(Target::Loop(label(&e.label), None));
            walk.visit_expr_mut(&mut e.cond);
            walk.visit_block_mut(&mut e.body);
            walk.scope.close();
        });
    }

    pub(super) fn endless_loop(&mut self, e: &mut ExprLoop) {
        self.visit_attributes_mut(&mut e.attrs);
        self.within(Place::Loop, |walk| {
            walk.scope.open(Target::Loop(label(&e.label), None));
            walk.visit_block_mut(&mut e.body);
            walk.scope.close();
        });
    }

    pub(super) fn labelled_block(&mut self, e: &mut ExprBlock) {
        self.visit_attributes_mut(&mut e.attrs);
        if let Some(label) = label(&e.label) {
            self.scope.open(Target::Block(label));
            self.visit_block_mut(&mut e.block);
            self.scope.close();
        }
    }

    /// `break` and `continue`. One that leaves a labelled block closes the loops with sites that it leaves too:
    /// nothing after the block would.
    pub(super) fn jump(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let label = match expr {
            Expr::Break(e) => e.label.as_ref(),
            Expr::Continue(e) => e.label.as_ref(),
            _ => return,
        };
        if let Some(id) = self.scope.leave_loop(label) {
            let (i, open) = (super::interpreter(), open_loop(id));
            *expr = parse_quote!({ #i.leave(#open); #expr });
        }
    }
}

/// A loop that tells the interpreter of its elements.
fn noted(id: u32, e: &mut ExprForLoop) -> Expr {
    let (i, open) = (super::interpreter(), open_loop(id));
    e.body.stmts.insert(0, parse_quote!(#i.next(#open);));
    parse_quote!({
        let #open = #i.enter(#id);
        #e
        #i.leave(#open);
    })
}

/// The variable of an open loop.
fn open_loop(id: u32) -> Ident {
    Ident::new(&format!("__loop{id}"), Span::mixed_site())
}

fn label(label: &Option<Label>) -> Option<Ident> {
    label.as_ref().map(|l| l.name.ident.clone())
}
