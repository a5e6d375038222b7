//! What can be given from outside: some of the latents.

use super::attributes::Attributes;
use super::draw::{Fields, boxed};
use crate::ir::{Model, Site};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

/// The plain type, and how it says which sites have which values.
pub fn types(model: &Model, attributes: &Attributes) -> TokenStream {
    let everywhere = &attributes.everywhere;
    let name = partial_name(model);
    let fields = Fields::partial(model);
    let doc = format!(
        " Some of the latents of [`{}()`]: what `condition` and `fix` take.",
        model.sig.ident
    );
    let declared = fields.declare(model, attributes, &name, &doc, true);
    let (parameters, arguments, clause) = fields.generics.split_for_impl();
    let sites = (0u32..).zip(&model.sites).filter(|(_, s)| s.can_be_given());
    let pins: Vec<_> = sites
        .filter_map(|(id, site)| {
            let field = site.ident.as_ref()?;
            fields.idents.contains(&field).then(|| pin(id, site, field))
        })
        .collect();
    let into = match pins.is_empty() {
        true => format_ident!("_into"),
        false => format_ident!("into"),
    };
    quote! {
        #declared
        #(#everywhere)*
        impl #parameters ::ppl::__private::Partial for #name #arguments #clause {
            fn pin(&self, #into: &mut ::ppl::__private::Pinning<'_>) {
                #(#pins;)*
            }
        }
    }
}

/// That the model takes it.
pub fn condition(model: &Model, attributes: &Attributes) -> TokenStream {
    let everywhere = &attributes.everywhere;
    let (type_name, name) = (&model.type_name, partial_name(model));
    let (parameters, arguments, clause) = model.generics.split_for_impl();
    let generics = Fields::partial(model).generics;
    let used = generics.split_for_impl().1;
    quote! {
        #(#everywhere)*
        impl #parameters ::ppl::__private::Condition for #type_name #arguments #clause {
            type Partial = #name #used;
        }
    }
}

fn partial_name(model: &Model) -> Ident {
    format_ident!("{}Partial", model.type_name)
}

/// An `Option`, a `Vec` for each loop around. A submodel's values are optional one by one.
pub fn field_type(site: &Site, ty: &Type) -> TokenStream {
    let element = match (&site.sub, boxed(site)) {
        (None, _) => quote!(::core::option::Option<#ty>),
        (Some(_), true) => quote!(::core::option::Option<::std::boxed::Box<#ty>>),
        (Some(_), false) => quote!(#ty),
    };
    site.loops()
        .fold(element, |inner, _| quote!(::std::vec::Vec<#inner>))
}

fn pin(id: u32, site: &Site, field: &Ident) -> TokenStream {
    let id = Literal::u32_unsuffixed(id);
    let loops: Vec<u32> = site.loops().collect();
    let value = |level: usize| match level {
        0 => quote!(&self.#field),
        _ => quote!(x),
    };
    let leaf = value(loops.len());
    let leaf = match site.sub {
        Some(_) => quote!(into.sub(#id, #leaf)),
        None => quote!(into.value(#id, #leaf)),
    };
    loops
        .iter()
        .enumerate()
        .rfold(leaf, |inner, (level, around)| {
            let (around, x) = (Literal::u32_unsuffixed(*around), value(level));
            quote!(into.many(#around, #id, #x, |into, x| #inner))
        })
}
