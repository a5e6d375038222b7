//! From a [`Model`] to code.

mod attributes;
mod bound;
mod draw;
mod guide;
mod implement;
mod partial;
mod sites;
mod statistics;

use crate::ir::Model;
use attributes::Attributes;
use proc_macro2::TokenStream;
use quote::quote;
use syn::Error;

/// A model or guide without faults.
pub fn model(model: &Model) -> TokenStream {
    if let Some(guides) = &model.guides {
        return guide::guide(model, guides);
    }
    let attributes = Attributes::of(model);
    let bound = bound::types(model, &attributes);
    let draws = draw::types(model, &attributes, true);
    let implementation = implement::model(model, &attributes);
    quote! { #bound #draws #implementation }
}

/// The errors, and the types and signatures alone: so that what uses the model still knows it.
pub fn outline(model: &Model, error: &Error) -> TokenStream {
    let errors = error.to_compile_error();
    if model.is_guide {
        let guide = guide::outline(model);
        return quote! { #errors #guide };
    }
    let attributes = Attributes::of(model);
    if model.sig.receiver().is_some() {
        let method = bound::method(model, &attributes);
        return quote! { #errors #method };
    }
    let draws = draw::types(model, &attributes, false);
    if model.arguments.len() < model.sig.inputs.len() {
        let bound = bound::opaque_types(model, &attributes);
        return quote! { #errors #bound #draws };
    }
    let bound = bound::types(model, &attributes);
    let implementation = implement::outline(model, &attributes);
    quote! { #errors #bound #draws #implementation }
}

/// The error beside an item that is not a function.
pub fn unchanged(item: TokenStream, error: &Error) -> TokenStream {
    let errors = error.to_compile_error();
    quote! { #errors #item }
}
