//! What can be given from outside: some of the latents.

use super::attributes::Attributes;
use super::draw::{Fields, boxed, latents_name};
use crate::ir::{Model, Site};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

/// The plain type, and how it says which sites have which values.
pub fn types(model: &Model, attributes: &Attributes, sound: bool) -> TokenStream {
    let everywhere = &attributes.everywhere;
    let name = partial_name(model);
    let fields = Fields::partial(model);
    let doc = format!(
        " Some of the latents of [`{}()`]: what `condition` and `fix` take.",
        model.sig.ident
    );
    let declared = fields.declare(model, attributes, &name, &doc, true);
    let (parameters, arguments, clause) = fields.generics.split_for_impl();
    let sites = (0u32..).zip(&model.sites);
    // Of a model with an error only the types are of use.
    let sites = sites.filter(|(_, s)| sound && s.can_be_given());
    let pins: Vec<_> = sites
        .filter_map(|(id, site)| {
            let field = site.ident.as_ref()?;
            fields.idents.contains(&field).then(|| pin(id, site, field))
        })
        .collect();
    let from = from(model, attributes, sound);
    let into = match pins.is_empty() {
        true => format_ident!("_into"),
        false => format_ident!("into"),
    };
    quote! {
        #declared
        #from
        #(#everywhere)*
        impl #parameters ::ppl::__private::Partial for #name #arguments #clause {
            fn pin(&self, #into: &mut ::ppl::__private::Pinning<'_>) {
                #(#pins;)*
            }
        }
    }
}

/// All latents of a draw, what is summed out excepted.
fn from(model: &Model, attributes: &Attributes, sound: bool) -> TokenStream {
    let everywhere = &attributes.everywhere;
    let (partial, latents) = (partial_name(model), latents_name(model));
    let fields = Fields::partial(model);
    let (parameters, arguments, clause) = fields.generics.split_for_impl();
    let generics = Fields::latents(model).generics;
    let used = generics.split_for_impl().1;
    let mut any = false;
    let values: Vec<_> = fields
        .idents
        .iter()
        .filter_map(|ident| {
            let of = |s: &&Site| s.ident.as_ref() == Some(*ident) && s.can_be_given();
            let site = model.sites.iter().find(of)?;
            any |= site.is_latent();
            let value = match site.is_latent() {
                true => given(site, ident),
                false => quote!(::core::default::Default::default()),
            };
            Some(quote!(#ident: #value,))
        })
        .collect();
    let from = match any && sound {
        true => format_ident!("latents"),
        false => format_ident!("_latents"),
    };
    let value = match sound {
        true => quote!(#partial { #(#values)* }),
        false => quote!(::core::unimplemented!("the model does not compile")),
    };
    quote! {
        #(#everywhere)*
        impl #parameters ::core::convert::From<#latents #used> for #partial #arguments #clause {
            fn from(#from: #latents #used) -> Self {
                #value
            }
        }
    }
}

/// The value of a field out of `latents`.
fn given(site: &Site, ident: &Ident) -> TokenStream {
    let depth = site.loops().count();
    let from = |level: usize| match level {
        0 => quote!(latents.#ident),
        _ => quote!(x),
    };
    let x = from(depth);
    let leaf = match (&site.sub, boxed(site), site.optional) {
        // Both are options.
        (None, _, true) => return from(0),
        (None, _, false) if depth > 0 => {
            let x = from(depth - 1);
            let inner = quote!(#x.into_iter().map(::core::option::Option::Some).collect());
            return map(depth - 1, inner, from);
        }
        (None, _, false) => quote!(::core::option::Option::Some(#x)),
        (Some(_), true, _) => quote!(
            #x.map(|x| ::std::boxed::Box::new(::core::convert::From::from(*x)))
        ),
        (Some(_), false, true) => {
            quote!(#x.map(::core::convert::From::from).unwrap_or_default())
        }
        (Some(_), false, false) => quote!(::core::convert::From::from(#x)),
    };
    map(depth, leaf, from)
}

/// `inner` of each `x`, so many `Vec`s deep.
fn map(depth: usize, inner: TokenStream, from: impl Fn(usize) -> TokenStream) -> TokenStream {
    (0..depth).rev().fold(inner, |inner, level| {
        let x = from(level);
        quote!(#x.into_iter().map(|x| #inner).collect())
    })
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
