//! Looking for statements without lowering them: in items, in the tokens of macros, and ahead in a loop.

use super::statements::called_word;
use crate::ir::Word;
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprClosure, Item, ItemFn};

/// The statements inside an item, but for models of their own.
pub fn in_item(item: &Item) -> Vec<(Word, Span)> {
    let mut finder = Finder::default();
    finder.visit_item(item);
    finder.found
}

/// Whether a loop's body has statements of its own. What stands where it can't be counts: it is an error anyway.
pub fn holds_sites(body: &Block) -> bool {
    let mut finder = Finder {
        body_alone: true,
        ..Finder::default()
    };
    finder.visit_block(body);
    !finder.found.is_empty()
}

#[derive(Default)]
struct Finder {
    /// Not in closures or items.
    body_alone: bool,
    found: Vec<(Word, Span)>,
}

impl Visit<'_> for Finder {
    fn visit_expr(&mut self, expr: &Expr) {
        if let (Some(word), Expr::Call(call)) = (called_word(expr), expr) {
            let span = syn::spanned::Spanned::span(&call.func);
            self.found.push((word, span));
        }
        visit::visit_expr(self, expr);
    }
    fn visit_expr_closure(&mut self, closure: &ExprClosure) {
        if !self.body_alone {
            visit::visit_expr_closure(self, closure);
        }
    }
    fn visit_item(&mut self, item: &Item) {
        if !self.body_alone {
            visit::visit_item(self, item);
        }
    }
    fn visit_item_fn(&mut self, function: &ItemFn) {
        let last = |a: &syn::Attribute| a.path().segments.last().map(|s| s.ident.to_string());
        if !function
            .attrs
            .iter()
            .any(|a| last(a).as_deref() == Some("model"))
        {
            visit::visit_item_fn(self, function);
        }
    }
}

/// What the tokens of a macro seem to hold.
#[derive(Default)]
pub struct MacroTokens {
    /// Statements.
    pub words: Vec<(Word, Span)>,
    /// `return` or `?`.
    pub leaves_function: bool,
    /// `break` or `continue`.
    pub leaves_loop: bool,
}

/// Looks through the tokens of a macro.
pub fn in_macro(tokens: TokenStream) -> MacroTokens {
    let mut found = MacroTokens::default();
    scan(tokens, &mut found);
    found
}

fn scan(tokens: TokenStream, found: &mut MacroTokens) {
    let mut before: Option<TokenTree> = None;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match &token {
            TokenTree::Group(group) => scan(group.stream(), found),
            TokenTree::Punct(p) => found.leaves_function |= p.as_char() == '?',
            TokenTree::Literal(_) => {}
            TokenTree::Ident(ident) => {
                found.leaves_function |= ident == "return";
                found.leaves_loop |= ident == "break" || ident == "continue";
                let member = match &before {
                    Some(TokenTree::Punct(p)) => matches!(p.as_char(), '.' | ':'),
                    Some(TokenTree::Ident(i)) => i == "fn",
                    _ => false,
                };
                let called = matches!(
                    tokens.peek(),
                    Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Parenthesis
                );
                if let (false, true, Some(word)) = (member, called, Word::of(ident)) {
                    found.words.push((word, ident.span()));
                }
            }
        }
        before = Some(token);
    }
}
