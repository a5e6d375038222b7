//! From a parsed function to a [`Model`].

mod alike;
mod body;
mod control;
mod names;
pub mod options;
mod over;
mod plates;
mod repeatable;
mod scope;
mod signature;
mod statements;
mod stray;
mod submodels;
pub mod types;
mod unread;

pub use submodels::type_of;

use crate::ir::{Fault, Model};
use crate::parse::Function;
use proc_macro2::{Ident, Span};

/// Lowers a function.
pub fn model(function: Function) -> Model {
    let Function {
        attrs,
        vis,
        sig,
        body,
    } = function;
    let type_name = signature::type_name(&sig.ident);
    let (generics, arguments) = signature::arguments(&sig);
    let (body, syntax) = match body {
        Ok(body) => (body, None),
        Err(error) => (syn::parse_quote!({}), Some(Fault::Syntax(error))),
    };
    let names = arguments.iter().map(|a| names::plain(&a.name)).collect();
    let (body, sites, faults) = body::lower(body, sig.ident.clone(), names);
    Model {
        attrs,
        vis,
        sig,
        type_name,
        generics,
        arguments,
        sites,
        body,
        faults: syntax.into_iter().chain(faults).collect(),
        guides: None,
        is_guide: false,
    }
}

/// Lowers a guide of the model of a path, if that is known.
pub fn guide(function: Function, guides: Option<syn::ExprPath>) -> Model {
    Model {
        guides,
        is_guide: true,
        ..model(function)
    }
}

/// The interpreter in a generated body: a name that the user's code can't see.
pub fn interpreter() -> Ident {
    Ident::new("__i", Span::mixed_site())
}
