//! The type that holds the arguments, and its constructor.

use super::attributes::Attributes;
use super::statistics;
use crate::ir::{Argument, Model};
use crate::lower::types::{self, RealAsNumber};
use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut;
use syn::{FnArg, Generics};

/// The type and its constructor.
pub fn types(model: &Model, attributes: &Attributes) -> TokenStream {
    let Attributes {
        docs,
        everywhere,
        constructor,
    } = attributes;
    let (vis, name, type_name) = (&model.vis, &model.sig.ident, &model.type_name);
    let (parameters, arguments, clause) = model.generics.split_for_impl();
    let names: Vec<_> = model.arguments.iter().map(|a| &a.name).collect();
    let types: Vec<_> = model.arguments.iter().map(|a| &a.ty).collect();
    let fields = names
        .iter()
        .map(|n| format!(" The argument `{}`.", types::text(n)));
    let bind = match (model.is_guide, model.is_submodel()) {
        (true, _) => " Binds the guide to its arguments.",
        (_, true) => " Binds the model to its data and to latents of the model that it is in.",
        _ => " Binds the model to its data.",
    };
    let (field, none) = statistics::field(model);
    let derive = model.is_guide.then(|| quote!(#[derive(Clone)]));
    let inputs = model.arguments.iter().map(
        |Argument {
             name, ty, scalar, ..
         }| match scalar {
            true => quote!(#name: impl ::core::convert::Into<#ty>),
            false => quote!(#name: #ty),
        },
    );
    let values = model
        .arguments
        .iter()
        .map(|Argument { name, scalar, .. }| match scalar {
            true => quote!(#name: #name.into()),
            false => quote!(#name),
        });
    quote! {
        #(#docs)* #derive #(#everywhere)*
        #vis struct #type_name #parameters #clause {
            #(#[doc = #fields] #vis #names: #types,)*
            #field
        }
        #[doc = #bind]
        #(#everywhere)* #(#constructor)*
        #vis fn #name #parameters (#(#inputs),*) -> #type_name #arguments #clause {
            #type_name { #(#values,)* #none }
        }
    }
}

/// The type without fields and the constructor with the arguments as written: for a signature that no type can
/// hold.
pub fn opaque_types(model: &Model, attributes: &Attributes) -> TokenStream {
    let everywhere = &attributes.everywhere;
    let (vis, name, type_name) = (&model.vis, &model.sig.ident, &model.type_name);
    let mut sig = model.sig.clone();
    RealAsNumber.visit_signature_mut(&mut sig);
    let Generics {
        params,
        where_clause,
        ..
    } = &sig.generics;
    let inputs = sig.inputs.iter().map(|input| match input {
        FnArg::Typed(typed) => {
            let ty = &typed.ty;
            quote!(_: #ty)
        }
        receiver => quote!(#receiver),
    });
    quote! {
        #(#everywhere)*
        #vis struct #type_name {}
        #(#everywhere)*
        #vis fn #name <#params> (#(#inputs),*) -> #type_name #where_clause {
            #type_name {}
        }
    }
}

/// A method as written, without its body: beside it no type can stand.
pub fn method(model: &Model, attributes: &Attributes) -> TokenStream {
    let everywhere = &attributes.everywhere;
    let (vis, sig) = (&model.vis, &model.sig);
    quote! {
        #[allow(unused_variables, reason = "the signature alone is of use")]
        #(#everywhere)*
        #vis #sig {
            ::core::unimplemented!("the model does not compile")
        }
    }
}
