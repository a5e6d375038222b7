//! Elements of a plate or steps of a chain that differ in their data alone: one execution can serve many of them.

use super::statements::{call, called_word};
use crate::ir::Word;
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprClosure, Macro, Pat};

/// The index of a closure, if the closure has enumerated sites and the index is read in observed data alone.
pub fn index(closure: &ExprClosure) -> Option<Ident> {
    let pat = match closure.inputs.first()? {
        Pat::Type(typed) => &*typed.pat,
        other => other,
    };
    let Pat::Ident(pat) = pat else { return None };
    if pat.by_ref.is_some() || pat.subpat.is_some() || pat.mutability.is_some() {
        return None;
    }
    let mut look = Look {
        index: &pat.ident,
        enumerates: false,
        differs: false,
    };
    for other in closure.inputs.iter().skip(1) {
        look.visit_pat(other);
    }
    look.visit_expr(&closure.body);
    (look.enumerates && !look.differs).then(|| pat.ident.clone())
}

/// Whether an expression reads a variable.
pub fn reads(expr: &Expr, index: &Ident) -> bool {
    let mut look = Look {
        index,
        enumerates: false,
        differs: false,
    };
    look.visit_expr(expr);
    look.differs
}

struct Look<'i> {
    index: &'i Ident,
    enumerates: bool,
    differs: bool,
}

impl Look<'_> {
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(ident) => self.visit_ident(&ident),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl<'a> Visit<'a> for Look<'_> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match called_word(expr) {
            // What is inside of these is their own.
            Some(Word::Plate | Word::Markov | Word::Submodel) => self.differs = true,
            Some(Word::Observe) => {
                let arguments = call(expr).into_iter().flat_map(|c| c.args.iter().skip(1));
                arguments.for_each(|argument| self.visit_expr(argument));
            }
            _ => visit::visit_expr(self, expr),
        }
    }
    fn visit_ident(&mut self, ident: &'a Ident) {
        self.differs |= ident == self.index;
    }
    fn visit_macro(&mut self, mac: &'a Macro) {
        self.tokens(mac.tokens.clone());
    }
    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        self.enumerates |= attribute.path().is_ident("enumerate");
    }
}
