//! The plain types of draws.

use super::attributes::Attributes;
use crate::check::is_plain;
use crate::ir::{Model, Site, SiteKind};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use std::collections::HashSet;
use syn::{GenericParam, Generics, Type, WherePredicate};

/// The draw with everything named, that of the latents alone, and the way from the one to the other.
pub fn types(model: &Model, attributes: &Attributes) -> TokenStream {
    let everywhere = &attributes.everywhere;
    let (draw, latents) = (draw_name(model), latents_name(model));
    let name = &model.sig.ident;
    let all = Fields::of(model, Site::is_field);
    let sampled = Fields::of(model, |s| s.kind == SiteKind::Sample);
    let draw_type = all.declare(
        model,
        attributes,
        &draw,
        &format!(" A draw of [`{name}()`]: every named value of one execution."),
    );
    let latents_type = sampled.declare(
        model,
        attributes,
        &latents,
        &format!(" The latents of [`{name}()`]."),
    );

    let (idents, keys) = (&all.idents, &all.keys);
    let kept = &sampled.idents;
    let (parameters, arguments, clause) = all.generics.split_for_impl();
    let latents_arguments = sampled.generics.split_for_impl().1;
    let sink = if idents.is_empty() {
        format_ident!("_sink")
    } else {
        format_ident!("sink")
    };
    let (unused, from) = if kept.is_empty() {
        (format_ident!("_draw"), quote!())
    } else {
        (format_ident!("draw"), quote!(#(#kept: draw.#kept,)*))
    };
    quote! {
        #draw_type
        #latents_type
        #(#everywhere)*
        impl #parameters ::core::convert::From<#draw #arguments> for #latents #latents_arguments #clause {
            fn from(#unused: #draw #arguments) -> Self {
                #latents { #from }
            }
        }
        #(#everywhere)*
        impl #parameters ::ppl::__private::Export for #draw #arguments #clause {
            fn export(&self, #sink: &mut impl ::ppl::__private::Sink) {
                #(::ppl::__private::Sink::field(#sink, #keys, |sink| {
                    ::ppl::__private::Export::export(&self.#idents, sink);
                });)*
            }
        }
    }
}

/// The name of the type of draws.
pub fn draw_name(model: &Model) -> Ident {
    format_ident!("{}Draw", model.type_name)
}

/// The name of the type of latents.
pub fn latents_name(model: &Model) -> Ident {
    format_ident!("{}Latents", model.type_name)
}

/// The fields of a plain type.
pub struct Fields<'m> {
    /// Their identifiers.
    pub idents: Vec<&'m Ident>,
    /// Their names.
    keys: Vec<&'m str>,
    types: Vec<TokenStream>,
    /// What of the model's generics their types use.
    pub generics: Generics,
}

impl<'m> Fields<'m> {
    /// The fields of some sites, each name once.
    pub fn of(model: &'m Model, which: impl Fn(&Site) -> bool) -> Self {
        let mut seen = HashSet::new();
        let mut used = HashSet::new();
        let (mut idents, mut keys, mut types) = (Vec::new(), Vec::new(), Vec::new());
        for site in model.sites.iter().filter(|s| which(s)) {
            let (Some(ident), Some(ty)) = (&site.ident, &site.ty) else {
                continue;
            };
            // Neither comes up in a model without errors.
            if is_plain(ty) && seen.insert(&site.name) {
                words(ty.to_token_stream(), &mut used);
                idents.push(ident);
                keys.push(&*site.name);
                types.push(field_type(site, ty));
            }
        }
        Fields {
            idents,
            keys,
            types,
            generics: restricted(&model.generics, &used),
        }
    }

    fn declare(
        &self,
        model: &Model,
        attributes: &Attributes,
        name: &Ident,
        doc: &str,
    ) -> TokenStream {
        let (vis, everywhere) = (&model.vis, &attributes.everywhere);
        let (idents, types) = (&self.idents, &self.types);
        let docs = self.keys.iter().map(|k| format!(" The site `{k}`."));
        let (parameters, _, clause) = self.generics.split_for_impl();
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, PartialEq)]
            #(#everywhere)*
            #vis struct #name #parameters #clause {
                #(#[doc = #docs] #vis #idents: #types,)*
            }
        }
    }
}

/// An `Option` if an element can be without it, a `Vec` for each loop around.
fn field_type(site: &Site, ty: &Type) -> TokenStream {
    let element = if site.optional {
        quote!(::core::option::Option<#ty>)
    } else {
        quote!(#ty)
    };
    site.loops()
        .fold(element, |inner, _| quote!(::std::vec::Vec<#inner>))
}

/// The type and const parameters that are used, with the predicates about them alone.
fn restricted(generics: &Generics, used: &HashSet<String>) -> Generics {
    let name = |p: &GenericParam| match p {
        GenericParam::Type(t) => Some(t.ident.to_string()),
        GenericParam::Const(c) => Some(c.ident.to_string()),
        GenericParam::Lifetime(_) => None,
    };
    let is_used = |p: &GenericParam| name(p).is_some_and(|n| used.contains(&n));
    let params = generics.params.iter().filter(|p| is_used(p));
    let mut kept = Generics {
        params: params.cloned().collect(),
        ..Generics::default()
    };
    let dropped: HashSet<String> = generics
        .params
        .iter()
        .filter(|p| !is_used(p))
        .map(|p| match p {
            GenericParam::Lifetime(l) => l.lifetime.ident.to_string(),
            p => name(p).unwrap_or_default(),
        })
        .collect();
    let about_kept = |p: &&WherePredicate| {
        let mut mentioned = HashSet::new();
        words(p.to_token_stream(), &mut mentioned);
        mentioned.is_disjoint(&dropped)
    };
    let predicates = generics.where_clause.iter().flat_map(|c| &c.predicates);
    let predicates: Vec<_> = predicates.filter(about_kept).cloned().collect();
    if !predicates.is_empty() {
        kept.make_where_clause().predicates.extend(predicates);
    }
    kept
}

fn words(tokens: TokenStream, found: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => words(group.stream(), found),
            TokenTree::Ident(ident) => {
                found.insert(ident.to_string());
            }
            _ => {}
        }
    }
}
