//! The name, the generics and the arguments of the type of a model.

use super::names;
use super::types::{ElidedLifetimes, RealOfMode, is_real, mentions_impl_trait, mentions_real};
use crate::ir::Argument;
use proc_macro2::{Ident, Span};
use syn::visit_mut::VisitMut;
use syn::{FnArg, GenericParam, Generics, Lifetime, Pat, PatType, Signature};

/// `logistic_regression` becomes `LogisticRegression`.
pub fn type_name(function: &Ident) -> Ident {
    let mut name = String::new();
    for word in names::plain(function).split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(letters.as_str());
    }
    if name == "Self" || !name.starts_with(|c: char| c.is_alphabetic()) {
        name.insert_str(0, "Model");
    }
    Ident::new(&name, function.span())
}

/// The usable arguments, and the generics of a type that holds them: elided lifetimes become `'data`, and latents of
/// the caller are of mode `__M`.
pub fn arguments(sig: &Signature) -> (Generics, Vec<Argument>) {
    let mut elided = ElidedLifetimes::new(data_lifetime(&sig.generics));
    let arguments: Vec<Argument> = sig
        .inputs
        .iter()
        .filter_map(|input| {
            let (name, typed) = usable(input)?;
            let mut ty = (*typed.ty).clone();
            let (latent, scalar) = (mentions_real(&ty), is_real(&ty));
            elided.visit_type_mut(&mut ty);
            RealOfMode.visit_type_mut(&mut ty);
            Some(Argument {
                name: name.clone(),
                ty,
                latent,
                scalar,
            })
        })
        .collect();
    let mut generics = sig.generics.clone();
    if elided.found {
        let lifetime = &elided.lifetime;
        generics.params.insert(0, syn::parse_quote!(#lifetime));
    }
    if arguments.iter().any(|a| a.latent) {
        let mode = syn::parse_quote!(__M: ::ppl::__private::Mode);
        generics.params.push(mode);
    }
    (generics, arguments)
}

/// The name and type of an argument that a type can hold.
fn usable(input: &FnArg) -> Option<(&Ident, &PatType)> {
    let FnArg::Typed(typed) = input else {
        return None;
    };
    let Pat::Ident(pat) = &*typed.pat else {
        return None;
    };
    let plain = pat.by_ref.is_none() && pat.mutability.is_none() && pat.subpat.is_none();
    let holds = plain && !mentions_impl_trait(&typed.ty);
    holds.then_some((&pat.ident, typed))
}

fn data_lifetime(generics: &Generics) -> Lifetime {
    let mut name = "'data".to_string();
    let taken = |name: &str| {
        generics.params.iter().any(
            |p| matches!(p, GenericParam::Lifetime(l) if format!("'{}", l.lifetime.ident) == name),
        )
    };
    while taken(&name) {
        name.push('_');
    }
    Lifetime::new(&name, Span::call_site())
}
