//! Named values that a body computes and does not read: an execution to which nobody listens leaves them out.

use super::names;
use super::repeatable::assigns;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::{HashMap, HashSet};
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, PatIdent, parse_quote_spanned};

/// What is read in a body.
#[derive(Default)]
pub struct Unread {
    /// How often each name stands somewhere.
    counts: HashMap<String, usize>,
    /// The text of literals, in which names may be read too.
    literals: String,
    /// The names of what can be changed.
    mutable: HashSet<String>,
}

impl Unread {
    /// That of a body.
    pub fn of(block: &Block) -> Self {
        let mut unread = Unread::default();
        unread.count(block.to_token_stream());
        unread.visit_block(block);
        unread
    }
    fn count(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.count(group.stream()),
                TokenTree::Ident(ident) => {
                    *self.counts.entry(names::plain(&ident)).or_default() += 1;
                }
                TokenTree::Literal(literal) => {
                    self.literals.push_str(&literal.to_string());
                    self.literals.push(' ');
                }
                TokenTree::Punct(_) => {}
            }
        }
    }
    /// Whether a variable is nowhere but where it is bound, and its value can be left out without effect: nothing in it jumps
    /// or changes anything.
    pub fn leaves_out(&self, ident: &Ident, value: &Expr) -> bool {
        let name = names::plain(ident);
        let mut look = Quiet {
            mutable: &self.mutable,
            yes: self.counts.get(&name) == Some(&1) && !self.literals.contains(&name),
        };
        look.visit_expr(value);
        look.yes
    }
}

impl<'a> Visit<'a> for Unread {
    fn visit_pat_ident(&mut self, pat: &'a PatIdent) {
        if pat.mutability.is_some() {
            self.mutable.insert(names::plain(&pat.ident));
        }
        visit::visit_pat_ident(self, pat);
    }
}

/// The statement, if values are listened to. Of no type in particular: the variable isn't read.
pub fn if_wanted(interpreter: &Ident, statement: Expr, span: Span) -> Expr {
    parse_quote_spanned! {span=>
        if #interpreter.derives() {
            ::core::option::Option::Some(#statement)
        } else {
            ::core::option::Option::None
        }
    }
}

struct Quiet<'m> {
    mutable: &'m HashSet<String>,
    yes: bool,
}

impl<'a> Visit<'a> for Quiet<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        self.yes &= match expr {
            Expr::Reference(e) => e.mutability.is_none(),
            Expr::Array(_)
            | Expr::Binary(_)
            | Expr::Block(_)
            | Expr::Call(_)
            | Expr::Cast(_)
            | Expr::Closure(_)
            | Expr::Field(_)
            | Expr::Group(_)
            | Expr::If(_)
            | Expr::Index(_)
            | Expr::Let(_)
            | Expr::Lit(_)
            | Expr::Match(_)
            | Expr::MethodCall(_)
            | Expr::Paren(_)
            | Expr::Path(_)
            | Expr::Range(_)
            | Expr::Repeat(_)
            | Expr::Struct(_)
            | Expr::Tuple(_)
            | Expr::Unary(_) => true,
            _ => false,
        };
        visit::visit_expr(self, expr);
    }
    fn visit_ident(&mut self, ident: &'a Ident) {
        self.yes &= !self.mutable.contains(&names::plain(ident));
    }
    fn visit_bin_op(&mut self, op: &'a BinOp) {
        self.yes &= !assigns(op);
    }
    fn visit_macro(&mut self, _: &'a syn::Macro) {
        self.yes = false;
    }
}
