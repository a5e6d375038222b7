//! The table of sites, and how a draw is read from a record.

use super::draw::{boxed, draw_name};
use crate::ir::{Model, Site, SiteKind};
use crate::lower::types;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The table.
pub fn table(model: &Model) -> TokenStream {
    if model.sites.is_empty() {
        return quote!(&[]);
    }
    let rows = model.sites.iter().map(row);
    quote!(&::ppl::__private::place([#(#rows),*]))
}

fn row(site: &Site) -> TokenStream {
    let name = &site.name;
    let kind = match site.kind {
        SiteKind::Sample => quote!(Sample),
        SiteKind::Impute => quote!(Impute),
        SiteKind::Enumerate => quote!(Enumerate),
        SiteKind::Branch => quote!(Branch),
        SiteKind::Submodel => quote!(Submodel),
        SiteKind::Markov => quote!(Markov),
        SiteKind::Param => quote!(Param),
        SiteKind::Observe => quote!(Observe),
        SiteKind::Factor => quote!(Factor),
        SiteKind::Deterministic => quote!(Deterministic),
        SiteKind::Plate => quote!(Plate),
        SiteKind::Loop => quote!(Loop),
    };
    let ty = site.ty.as_ref().map_or(String::new(), types::text);
    let line = Literal::usize_unsuffixed(site.span.start().line);
    let argument = option(site.argument.as_ref());
    let always = site.always();
    let len = match (&site.ty, site.kind) {
        (Some(_), SiteKind::Enumerate | SiteKind::Branch) => option(Some(quote!(0))),
        (Some(ty), SiteKind::Sample) => quote!(<#ty as ::ppl::__private::Latent>::LEN),
        _ => option(None::<&str>),
    };
    quote! {
        ::ppl::__private::Site {
            name: #name,
            kind: ::ppl::__private::SiteKind::#kind,
            ty: #ty,
            line: #line,
            argument: #argument,
            always: #always,
            len: #len,
            offset: ::core::option::Option::None,
        }
    }
}

fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(v) => quote!(::core::option::Option::Some(#v)),
        None => quote!(::core::option::Option::None),
    }
}

/// The draw of a frame.
pub fn decode(model: &Model) -> TokenStream {
    let draw = draw_name(model);
    let fields = values(model, Site::is_field);
    let fields = fields.map(|(site, value)| {
        let ident = &site.ident;
        quote!(#ident: #value)
    });
    quote!(#draw { #(#fields),* })
}

/// Some sites with their values out of a frame.
pub fn values(
    model: &Model,
    which: impl Fn(&Site) -> bool,
) -> impl Iterator<Item = (&Site, TokenStream)> {
    let sites = (0u32..).zip(&model.sites).filter(move |(_, s)| which(s));
    sites.map(|(id, site)| {
        let id = Literal::u32_unsuffixed(id);
        let element = match (site.kind, &site.ty) {
            (SiteKind::Submodel, Some(ty)) => {
                let draw = quote!(<#ty>::decode(frame));
                let draw = match boxed(site) {
                    true => quote!(::std::boxed::Box::new(#draw)),
                    false => draw,
                };
                let read = match site.optional {
                    true => quote!(maybe_sub),
                    false => quote!(sub),
                };
                quote!(frame.#read(#id, |frame| #draw))
            }
            _ if site.optional => quote!(frame.maybe(#id)),
            _ => quote!(frame.one(#id)),
        };
        let value = site.loops().rfold(element, |element, around| {
            let around = Literal::u32_unsuffixed(around);
            quote!(frame.many(#around, |frame| #element))
        });
        (site, value)
    })
}
