//! The form of an error.

use proc_macro2::Span;
use quote::ToTokens;
use std::fmt::Display;
use syn::Error;

/// An error at a place, with what to do.
pub fn at(span: Span, what: impl Display, help: impl Display) -> Error {
    Error::new(span, message(what, help))
}

/// An error at tokens, with what to do.
pub fn on(tokens: impl ToTokens, what: impl Display, help: impl Display) -> Error {
    Error::new_spanned(tokens, message(what, help))
}

fn message(what: impl Display, help: impl Display) -> String {
    format!("{what}\nhelp: {help}")
}
