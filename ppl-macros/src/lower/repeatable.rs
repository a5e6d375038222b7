//! Whether an expression can be evaluated again and again.

use super::over::{Mentions, scalar};
use super::statements::{called, called_word};
use crate::ir::Word;
use proc_macro2::Ident;
use std::collections::HashMap;
use syn::visit::{self, Visit};
use syn::{
    BinOp, Block, Expr, ExprCall, ExprClosure, ExprForLoop, ExprPath, Local, Macro, Pat, Type,
};

const SCALARS: [&str; 9] = [
    "f64", "bool", "usize", "u64", "u32", "i32", "i64", "u8", "Real",
];

/// What is known of a variable.
#[derive(Copy, Clone, PartialEq)]
enum Kind {
    /// It can be moved once.
    Unknown,
    /// It is copied.
    Copy,
    /// It is a number.
    Number,
}

/// The variables of a block, but for those inside of statements.
pub struct Locals {
    copies: HashMap<String, Kind>,
}

impl Locals {
    /// Those of a block whose arguments, which are copied or borrowed, have these names.
    pub fn of(block: &Block, arguments: &[String]) -> Self {
        let mut locals = Locals {
            copies: arguments.iter().map(|a| (a.clone(), Kind::Copy)).collect(),
        };
        locals.visit_block(block);
        locals
    }
    fn bind(&mut self, pat: &Pat, kind: Kind) {
        let mut names = Vec::new();
        names_in(pat, &mut names);
        for name in names {
            let known = self.copies.entry(name).or_insert(kind);
            // Of two variables of a name the one that is less known counts.
            if kind == Kind::Unknown || *known == Kind::Number {
                *known = kind;
            }
        }
    }
    fn known(&self, ident: &Ident) -> Option<Kind> {
        self.copies.get(&ident.to_string()).copied()
    }
    /// Whether a value is surely a number.
    fn number(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Lit(_) => true,
            Expr::Paren(e) => self.number(&e.expr),
            Expr::Group(e) => self.number(&e.expr),
            Expr::Unary(e) => self.number(&e.expr),
            Expr::Cast(e) => scalar(&e.ty, &SCALARS),
            Expr::Path(p) => variable(p).and_then(|i| self.known(i)) == Some(Kind::Number),
            Expr::Binary(e) => {
                let assigns = matches!(
                    e.op,
                    BinOp::AddAssign(_)
                        | BinOp::SubAssign(_)
                        | BinOp::MulAssign(_)
                        | BinOp::DivAssign(_)
                );
                !assigns && self.number(&e.left) && self.number(&e.right)
            }
            Expr::MethodCall(e) => {
                let text = e.method.to_string();
                !text.starts_with("to_")
                    && self.number(&e.receiver)
                    && e.args.iter().all(|a| self.number(a))
            }
            _ => false,
        }
    }
}

impl<'a> Visit<'a> for Locals {
    fn visit_local(&mut self, local: &'a Local) {
        let init = local.init.as_ref().map(|i| &*i.expr);
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            other => (other, None),
        };
        let site = init
            .and_then(called_word)
            .is_some_and(|w| matches!(w, Word::Sample | Word::Deterministic | Word::Impute));
        let number = match ty {
            Some(ty) => scalar(ty, &SCALARS),
            None => site || init.is_some_and(|e| self.number(e)),
        };
        let borrowed = matches!(ty, Some(Type::Reference(r)) if r.mutability.is_none());
        let kind = match (number, site || borrowed) {
            (true, _) => Kind::Number,
            (false, true) => Kind::Copy,
            (false, false) => Kind::Unknown,
        };
        self.bind(pat, kind);
        visit::visit_local(self, local);
    }
    fn visit_expr_for_loop(&mut self, e: &'a ExprForLoop) {
        let numbers = matches!(&*e.expr, Expr::Range(_)) && matches!(&*e.pat, Pat::Ident(_));
        self.bind(&e.pat, if numbers { Kind::Number } else { Kind::Unknown });
        visit::visit_expr_for_loop(self, e);
    }
    fn visit_expr_call(&mut self, e: &'a ExprCall) {
        match word(e) {
            Some(Word::Observe | Word::Factor) => {}
            Some(Word::Plate) => {
                for argument in &e.args {
                    let Expr::Closure(closure) = argument else {
                        self.visit_expr(argument);
                        continue;
                    };
                    closure
                        .inputs
                        .iter()
                        .for_each(|p| self.bind(p, Kind::Number));
                    self.visit_expr(&closure.body);
                }
            }
            _ => visit::visit_expr_call(self, e),
        }
    }
    fn visit_pat(&mut self, pat: &'a Pat) {
        // Those of `let` and of loops are known by now.
        let mut names = Vec::new();
        names_in(pat, &mut names);
        for name in names {
            self.copies.entry(name).or_insert(Kind::Unknown);
        }
    }
    fn visit_expr_closure(&mut self, e: &'a ExprClosure) {
        e.inputs.iter().for_each(|p| self.bind(p, Kind::Unknown));
        self.visit_expr(&e.body);
    }
    fn visit_arm(&mut self, arm: &'a syn::Arm) {
        self.bind(&arm.pat, Kind::Unknown);
        visit::visit_arm(self, arm);
    }
    fn visit_expr_let(&mut self, e: &'a syn::ExprLet) {
        self.bind(&e.pat, Kind::Unknown);
        visit::visit_expr_let(self, e);
    }
}

fn word(e: &ExprCall) -> Option<Word> {
    let Expr::Path(path) = &*e.func else {
        return None;
    };
    Word::of(variable(path)?)
}

/// The name of a path that is a name.
fn variable(path: &ExprPath) -> Option<&Ident> {
    path.qself.is_none().then(|| path.path.get_ident())?
}

fn names_in(pat: &Pat, names: &mut Vec<String>) {
    struct Names<'n>(&'n mut Vec<String>);
    impl<'a> Visit<'a> for Names<'_> {
        fn visit_pat_ident(&mut self, pat: &'a syn::PatIdent) {
            self.0.push(pat.ident.to_string());
            visit::visit_pat_ident(self, pat);
        }
    }
    Names(names).visit_pat(pat);
}

/// Whether an expression can surely be evaluated again and again: nothing that it reads is moved or changed, and nothing jumps
/// out of it.
pub fn repeatable(expr: &Expr, borrowed: bool, name: &Ident, locals: &Locals) -> bool {
    let mut look = Repeatable {
        name,
        locals,
        inside: Vec::new(),
        yes: true,
    };
    if borrowed {
        look.place(expr);
    } else {
        look.visit_expr(expr);
    }
    look.yes
}

struct Repeatable<'u> {
    name: &'u Ident,
    locals: &'u Locals,
    /// The arguments of the closures around.
    inside: Vec<String>,
    yes: bool,
}

impl Repeatable<'_> {
    /// Whether it may be that a value can be moved only once.
    fn unknown(&self, ident: &Ident) -> bool {
        ident != self.name
            && self.locals.known(ident) == Some(Kind::Unknown)
            && !self.inside.iter().any(|i| ident == i)
    }
    /// Looks at an expression that is borrowed.
    fn place(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(p) if variable(p).is_some() => {}
            Expr::Field(e) => self.place(&e.base),
            Expr::Index(e) => {
                self.place(&e.expr);
                self.visit_expr(&e.index);
            }
            Expr::Paren(e) => self.place(&e.expr),
            Expr::Group(e) => self.place(&e.expr),
            other => self.visit_expr(other),
        }
    }
}

/// Whether an operator changes what is on its left.
pub(super) fn assigns(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

impl<'a> Visit<'a> for Repeatable<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Reference(e) if e.mutability.is_none() => self.place(&e.expr),
            Expr::Index(e) => {
                self.place(&e.expr);
                self.visit_expr(&e.index);
            }
            Expr::MethodCall(e) if ["len", "iter", "is_empty"].iter().any(|m| e.method == m) => {
                self.place(&e.receiver);
            }
            Expr::Call(e) => {
                // A function of a name is called in place.
                if called(expr).is_none_or(|s| self.unknown(&s.ident)) {
                    self.visit_expr(&e.func);
                }
                e.args.iter().for_each(|a| self.visit_expr(a));
            }
            Expr::Path(p) => {
                if let Some(ident) = variable(p) {
                    self.yes &= !self.unknown(ident);
                }
            }
            Expr::Closure(e) => {
                let outer = self.inside.len();
                e.inputs.iter().for_each(|p| names_in(p, &mut self.inside));
                if e.capture.is_some() {
                    let mut look = Mentions {
                        of: &|i| self.unknown(i),
                        found: false,
                    };
                    look.visit_expr(&e.body);
                    self.yes &= !look.found;
                }
                self.visit_expr(&e.body);
                self.inside.truncate(outer);
            }
            Expr::Array(_)
            | Expr::Binary(_)
            | Expr::Block(_)
            | Expr::Cast(_)
            | Expr::Field(_)
            | Expr::Group(_)
            | Expr::If(_)
            | Expr::Let(_)
            | Expr::Lit(_)
            | Expr::Match(_)
            | Expr::MethodCall(_)
            | Expr::Paren(_)
            | Expr::Range(_)
            | Expr::Repeat(_)
            | Expr::Struct(_)
            | Expr::Tuple(_)
            | Expr::Unary(_) => visit::visit_expr(self, expr),
            _ => self.yes = false,
        }
    }
    fn visit_bin_op(&mut self, op: &'a BinOp) {
        self.yes &= !assigns(op);
    }
    fn visit_macro(&mut self, mac: &'a Macro) {
        let mut look = Mentions {
            of: &|i| self.unknown(i),
            found: false,
        };
        look.tokens(mac.tokens.clone());
        self.yes &= !look.found;
    }
}
