//! Rows of data that meet the latents in a scalar product alone: `observe(y, each(x, |row| Normal::new(dot(&coefs, row) +
//! intercept, sigma)))` is `observe(y, Normal::new(matvec(x, &coefs) + intercept, sigma))`, which is evaluated a block of
//! rows at a time. What is not certain to be that stays as it was written.

use super::statements::{call, called, called_word};
use crate::ir::{Argument, Word};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{
    BinOp, Block, Expr, ExprCall, ExprClosure, Item, Lit, Local, Pat, PatIdent, Stmt, Type,
    parse_quote,
};

/// The distributions that have vectors of parameters, by their constructors, and the type of their data.
const VECTORISED: [[&str; 3]; 6] = [
    ["Normal", "new", "f64"],
    ["StudentT", "new", "f64"],
    ["Laplace", "new", "f64"],
    ["Exponential", "new", "f64"],
    ["Bernoulli", "logit", "bool"],
    ["Poisson", "log", "usize"],
];

/// Rewrites the statements of a body.
pub fn rewrite(body: &mut Block, arguments: &[Argument]) {
    let mut names = Names::default();
    names.visit_block(body);
    if names.items || ["dot", "each"].iter().any(|n| names.bound(n) > 0) {
        return;
    }
    let mut look = Look {
        names,
        arguments,
        vectors: Vec::new(),
        numbers: Vec::new(),
    };
    for stmt in &mut body.stmts {
        match stmt {
            Stmt::Local(local) => look.local(local),
            Stmt::Expr(expr, _) => {
                if let Some(batch) = look.observation(expr)
                    && let Expr::Call(call) = expr
                {
                    let written = &call.args[1];
                    // The closure is never called; it keeps the names and the types of what was written in use.
                    call.args[1] = parse_quote!({
                        let _ = || #written;
                        #batch
                    });
                }
            }
            Stmt::Item(_) | Stmt::Macro(_) => {}
        }
    }
}

/// What names a body binds.
#[derive(Default)]
struct Names {
    bound: Vec<Ident>,
    items: bool,
}

impl Names {
    fn bound(&self, name: &str) -> usize {
        self.bound.iter().filter(|b| *b == name).count()
    }
}

impl<'a> Visit<'a> for Names {
    fn visit_pat_ident(&mut self, pat: &'a PatIdent) {
        self.bound.push(pat.ident.clone());
        visit::visit_pat_ident(self, pat);
    }
    fn visit_item(&mut self, _: &'a Item) {
        self.items = true;
    }
}

/// What is known so far.
struct Look<'a> {
    names: Names,
    arguments: &'a [Argument],
    /// Sampled sites that are arrays of numbers, and numbers.
    vectors: Vec<Ident>,
    numbers: Vec<Ident>,
}

impl Look<'_> {
    fn local(&mut self, local: &Local) {
        let sampled = local
            .init
            .as_ref()
            .is_some_and(|init| called_word(&init.expr) == Some(Word::Sample));
        let (Pat::Type(typed), true, true) = (&local.pat, sampled, local.attrs.is_empty()) else {
            return;
        };
        let Pat::Ident(pat) = &*typed.pat else { return };
        if self.names.bound(&pat.ident.to_string()) != 1 {
            return;
        }
        match &*typed.ty {
            ty if is_number(ty, "f64") => self.numbers.push(pat.ident.clone()),
            Type::Array(array) if is_number(&array.elem, "f64") => {
                self.vectors.push(pat.ident.clone());
            }
            _ => {}
        }
    }

    /// The distribution of all rows of `observe(y, each(x, |row| ..))`.
    fn observation(&self, expr: &Expr) -> Option<Expr> {
        if called_word(expr)? != Word::Observe {
            return None;
        }
        let arguments = &call(expr)?.args;
        if arguments.len() != 2 {
            return None;
        }
        let datum = slice_of(&self.argument(&arguments[0])?.ty)?;
        let each = call(&arguments[1])?;
        if called(&arguments[1])?.ident != "each" || each.args.len() != 2 {
            return None;
        }
        let Type::Array(row) = slice_of(&self.argument(&each.args[0])?.ty)? else {
            return None;
        };
        let Expr::Closure(closure) = &each.args[1] else {
            return None;
        };
        let is_plain = is_number(&row.elem, "f64") && closure.inputs.len() == 1;
        let Some(Pat::Ident(row)) = closure.inputs.first().filter(|_| is_plain) else {
            return None;
        };
        if row.subpat.is_some() || row.by_ref.is_some() || row.mutability.is_some() {
            return None;
        }
        self.distribution(datum, closure, &each.args[0], &row.ident)
    }

    fn distribution(
        &self,
        datum: &Type,
        closure: &ExprClosure,
        rows: &Expr,
        row: &Ident,
    ) -> Option<Expr> {
        let mut call = call(&closure.body)?.clone();
        let Expr::Path(path) = &*call.func else {
            return None;
        };
        let names: Vec<String> = path
            .path
            .segments
            .iter()
            .filter(|s| s.arguments.is_none())
            .map(|s| s.ident.to_string())
            .collect();
        let known = |[ty, new, data]: &[&str; 3]| names == [*ty, *new] && is_number(datum, data);
        if !VECTORISED.iter().any(known) {
            return None;
        }
        let mut products = 0;
        for argument in &mut call.args {
            if mentions(argument.to_token_stream(), row) {
                *argument = self.product(argument, rows, row)?;
                products += 1;
            }
        }
        (products > 0).then_some(Expr::Call(call))
    }

    /// `dot(&coefs, row)`, with a number added or not.
    fn product(&self, expr: &Expr, rows: &Expr, row: &Ident) -> Option<Expr> {
        match expr {
            Expr::Paren(inner) => self.product(&inner.expr, rows, row),
            Expr::Group(inner) => self.product(&inner.expr, rows, row),
            Expr::Binary(sum) if matches!(sum.op, BinOp::Add(_)) => {
                let (product, shift) = match mentions(sum.left.to_token_stream(), row) {
                    true => (&sum.left, &sum.right),
                    false => (&sum.right, &sum.left),
                };
                let shift = self.number(shift)?;
                let product = self.product(product, rows, row)?;
                Some(parse_quote!(#product + #shift))
            }
            Expr::Call(ExprCall { args, .. })
                if called(expr)?.ident == "dot" && args.len() == 2 =>
            {
                let (first, second) = (&args[0], &args[1]);
                let vector = match (is_name(second, row), is_name(first, row)) {
                    (true, false) => self.vector(first)?,
                    (false, true) => self.vector(second)?,
                    _ => return None,
                };
                Some(parse_quote!(::ppl::__private::matvec(#rows, #vector)))
            }
            _ => None,
        }
    }

    fn number<'e>(&self, expr: &'e Expr) -> Option<&'e Expr> {
        let literal = matches!(expr, Expr::Lit(l) if matches!(l.lit, Lit::Float(_)));
        let known = literal || self.numbers.iter().any(|n| is_name(expr, n));
        known.then_some(expr)
    }
    fn vector<'e>(&self, expr: &'e Expr) -> Option<&'e Expr> {
        let Expr::Reference(reference) = expr else {
            return None;
        };
        let known = reference.mutability.is_none()
            && self.vectors.iter().any(|v| is_name(&reference.expr, v));
        known.then_some(expr)
    }
    /// The argument of the model that an expression names.
    fn argument(&self, expr: &Expr) -> Option<&Argument> {
        let found = self.arguments.iter().find(|a| is_name(expr, &a.name))?;
        (self.names.bound(&found.name.to_string()) == 0).then_some(found)
    }
}

fn is_name(expr: &Expr, name: &Ident) -> bool {
    matches!(expr, Expr::Path(p) if p.qself.is_none() && p.path.get_ident() == Some(name))
}

fn is_number(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(p) if p.path.is_ident(name))
}

/// `T` of `&[T]`.
fn slice_of(ty: &Type) -> Option<&Type> {
    let Type::Reference(reference) = ty else {
        return None;
    };
    match &*reference.elem {
        Type::Slice(slice) => Some(&slice.elem),
        _ => None,
    }
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
