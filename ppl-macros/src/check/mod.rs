//! What is wrong in a model: one function a rule, all errors of a function at once.

mod guide;
mod placement;
mod signature;
mod sites;
mod wording;

pub use signature::is_plain;

use crate::ir::Model;
use proc_macro2::TokenStream;
use syn::Error;

/// Errors so far.
pub type Errors = Vec<Error>;

/// Every rule.
pub fn model(attribute: &TokenStream, model: &Model) -> Result<(), Error> {
    let mut errors = Errors::new();
    match model.is_guide {
        true => guide::attribute(attribute, model, &mut errors),
        false => signature::attribute(attribute, &mut errors),
    }
    signature::qualifiers(model, &mut errors);
    signature::names(model, &mut errors);
    signature::arguments(model, &mut errors);
    signature::output(model, &mut errors);
    placement::faults(model, &mut errors);
    sites::types(model, &mut errors);
    sites::names(model, &mut errors);
    sites::treatments(model, &mut errors);
    guide::language(model, &mut errors);
    guide::options(model, &mut errors);
    guide::signature(model, &mut errors);
    sites::recursion(model, &mut errors);
    errors
        .into_iter()
        .reduce(|mut all, error| {
            all.combine(error);
            all
        })
        .map_or(Ok(()), Err)
}
