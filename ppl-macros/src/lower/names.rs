//! Names of sites.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Expr, Member, UnOp};

/// A name without `r#`.
pub fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The name of observed data: the last field or the variable, under references and indices.
pub fn data(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(p) if p.qself.is_none() => p.path.get_ident(),
        Expr::Field(f) => match &f.member {
            Member::Named(ident) if root(&f.base).is_some() => Some(ident),
            _ => None,
        },
        other => data(inside(other)?),
    }
}

/// The variable that data are part of.
pub fn root(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(p) if p.qself.is_none() => p.path.get_ident(),
        Expr::Field(f) => root(&f.base),
        other => root(inside(other)?),
    }
}

fn inside(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Reference(r) => Some(&r.expr),
        Expr::Unary(u) if matches!(u.op, UnOp::Deref(_)) => Some(&u.expr),
        Expr::Paren(p) => Some(&p.expr),
        Expr::Group(g) => Some(&g.expr),
        Expr::Index(i) => Some(&i.expr),
        _ => None,
    }
}
