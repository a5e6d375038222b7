//! The plain types of draws.

use super::attributes::Attributes;
use super::{partial, sites};
use crate::check::is_plain;
use crate::ir::{Model, Site, SiteKind};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use std::collections::HashSet;
use syn::{GenericParam, Generics, Type, WherePredicate};

/// The draw with everything named, that of the latents alone, and the way from the one to the other.
///
/// Where the model has errors nothing reads a draw from a record.
pub fn types(model: &Model, attributes: &Attributes, sound: bool) -> TokenStream {
    let everywhere = &attributes.everywhere;
    let (draw, latents) = (draw_name(model), latents_name(model));
    let name = &model.sig.ident;
    let all = Fields::draw(model);
    let sampled = Fields::latents(model);
    let draw_type = all.declare(
        model,
        attributes,
        &draw,
        &format!(" A draw of [`{name}()`]: every named value of one execution."),
        false,
    );
    let latents_type = sampled.declare(
        model,
        attributes,
        &latents,
        &format!(" The latents of [`{name}()`]."),
        false,
    );
    let partial = partial::types(model, attributes, sound);

    let (idents, keys) = (&all.idents, &all.keys);
    let (kept, moved) = (&sampled.idents, &sampled.moved);
    let (parameters, arguments, clause) = all.generics.split_for_impl();
    let latents_arguments = sampled.generics.split_for_impl().1;
    let decode = match sound {
        true => sites::decode(model),
        false => quote!(::core::unimplemented!("the model does not compile")),
    };
    let frame = if sound && model.sites.iter().any(Site::is_field) {
        format_ident!("frame")
    } else {
        format_ident!("_frame")
    };
    let sink = if idents.is_empty() {
        format_ident!("_sink")
    } else {
        format_ident!("sink")
    };
    let (unused, from) = if kept.is_empty() {
        (format_ident!("_draw"), quote!())
    } else {
        (format_ident!("draw"), quote!(#(#kept: #moved,)*))
    };
    quote! {
        #draw_type
        #latents_type
        #partial
        #(#everywhere)*
        impl #parameters ::core::convert::From<#draw #arguments> for #latents #latents_arguments #clause {
            fn from(#unused: #draw #arguments) -> Self {
                #latents { #from }
            }
        }
        #(#everywhere)*
        impl #parameters #draw #arguments #clause {
            #[doc(hidden)]
            #[allow(clippy::must_use_candidate, reason = "it is called by generated code alone")]
            pub fn decode(#frame: ::ppl::__private::Frame<'_>) -> Self {
                #decode
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
    /// Their values out of `draw`, as latents.
    moved: Vec<TokenStream>,
    /// What of the model's generics their types use.
    pub generics: Generics,
}

impl<'m> Fields<'m> {
    /// The fields of the draw.
    pub fn draw(model: &'m Model) -> Self {
        Self::of(model, Site::is_field, |site| site.ty.as_ref(), field_type)
    }
    /// The fields of the latents.
    pub fn latents(model: &'m Model) -> Self {
        let ty = |site: &'m Site| match &site.sub {
            Some(sub) => Some(&sub.latents),
            None => site.ty.as_ref(),
        };
        Self::of(model, Site::is_latent, ty, field_type)
    }
    /// The fields of what is given from outside.
    pub fn partial(model: &'m Model) -> Self {
        let ty = |site: &'m Site| match &site.sub {
            Some(sub) => Some(&sub.partial),
            None => site.ty.as_ref(),
        };
        Self::of(model, Site::can_be_given, ty, partial::field_type)
    }
    /// The fields of a guide's parameters.
    pub fn params(model: &'m Model) -> Self {
        Self::of(
            model,
            |s| s.kind == SiteKind::Param,
            |site| site.ty.as_ref(),
            field_type,
        )
    }
    /// The fields of some sites, each name once.
    fn of(
        model: &'m Model,
        which: impl Fn(&Site) -> bool,
        ty: impl Fn(&'m Site) -> Option<&'m Type>,
        shape: fn(&Site, &Type) -> TokenStream,
    ) -> Self {
        let mut seen = HashSet::new();
        let mut used = HashSet::new();
        let (mut idents, mut keys, mut types) = (Vec::new(), Vec::new(), Vec::new());
        let mut moved = Vec::new();
        for site in model.sites.iter().filter(|s| which(s)) {
            let (Some(ident), Some(ty)) = (&site.ident, ty(site)) else {
                continue;
            };
            // Neither comes up in a model without errors.
            if is_plain(ty) && seen.insert(&site.name) {
                words(ty.to_token_stream(), &mut used);
                idents.push(ident);
                keys.push(&*site.name);
                types.push(shape(site, ty));
                moved.push(latents_value(site, ident));
            }
        }
        Fields {
            idents,
            keys,
            types,
            moved,
            generics: restricted(&model.generics, &used),
        }
    }

    /// The type with these fields.
    pub fn declare(
        &self,
        model: &Model,
        attributes: &Attributes,
        name: &Ident,
        doc: &str,
        default: bool,
    ) -> TokenStream {
        let default = default.then(|| quote!(Default,));
        let (vis, everywhere) = (&model.vis, &attributes.everywhere);
        let (idents, types) = (&self.idents, &self.types);
        let docs = self.keys.iter().map(|k| format!(" The site `{k}`."));
        let (parameters, _, clause) = self.generics.split_for_impl();
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, #default PartialEq)]
            #(#everywhere)*
            #vis struct #name #parameters #clause {
                #(#[doc = #docs] #vis #idents: #types,)*
            }
        }
    }
}

/// An `Option` if an element can be without it, a `Vec` for each loop around.
pub fn field_type(site: &Site, ty: &Type) -> TokenStream {
    let element = match boxed(site) {
        true => quote!(::std::boxed::Box<#ty>),
        false => quote!(#ty),
    };
    let element = match site.optional {
        true => quote!(::core::option::Option<#element>),
        false => element,
    };
    site.loops()
        .fold(element, |inner, _| quote!(::std::vec::Vec<#inner>))
}

/// Whether the draw of a submodel is boxed: that of the model itself, where no `Vec` stands between.
pub fn boxed(site: &Site) -> bool {
    let recursive = site.sub.as_ref().is_some_and(|s| s.recursive);
    recursive && site.loops().next().is_none()
}

/// The value of a field of the latents, out of `draw`: draws of submodels become their latents.
fn latents_value(site: &Site, ident: &Ident) -> TokenStream {
    if site.sub.is_none() {
        return quote!(draw.#ident);
    }
    let convert = |from: TokenStream| match boxed(site) {
        true => quote!(::std::boxed::Box::new(::core::convert::From::from(*#from))),
        false => quote!(::core::convert::From::from(#from)),
    };
    let mut depth = site.loops().count() + usize::from(site.optional);
    if depth == 0 {
        return convert(quote!(draw.#ident));
    }
    let mut inner = convert(quote!(sub));
    if site.optional {
        depth -= 1;
        let from = if depth == 0 {
            quote!(draw.#ident)
        } else {
            quote!(sub)
        };
        inner = quote!(#from.map(|sub| #inner));
    }
    for level in (0..depth).rev() {
        let from = if level == 0 {
            quote!(draw.#ident)
        } else {
            quote!(sub)
        };
        inner = quote!(#from.into_iter().map(|sub| #inner).collect());
    }
    inner
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
