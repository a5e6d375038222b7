//! A guide.

use super::attributes::Attributes;
use super::draw::{Fields, field_type};
use super::{bound, implement, sites};
use crate::ir::{Model, Site, SiteKind};
use crate::lower::{interpreter, type_of, types};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{ExprPath, PathArguments};

/// The type that holds the arguments, its constructor, the type of its parameters, and the implementation of `Guide`.
pub fn guide(model: &Model, guides: &ExprPath) -> TokenStream {
    let attributes = Attributes::of(model);
    let bound = bound::types(model, &attributes);
    let params = params(model, &attributes);
    let implementation = implementation(model, guides, &attributes);
    quote! { #bound #params #implementation }
}

/// The types and the constructor alone, of a guide with errors.
pub fn outline(model: &Model) -> TokenStream {
    let attributes = Attributes::of(model);
    if model.sig.receiver().is_some() {
        return bound::method(model, &attributes);
    }
    let bound = match model.arguments.len() < model.sig.inputs.len() {
        true => bound::opaque_types(model, &attributes),
        false => bound::types(model, &attributes),
    };
    let params = params(model, &attributes);
    quote! { #bound #params }
}

fn params_name(model: &Model) -> Ident {
    format_ident!("{}Params", model.type_name)
}

fn params(model: &Model, attributes: &Attributes) -> TokenStream {
    let doc = format!(" The parameters of [`{}()`].", model.sig.ident);
    Fields::params(model).declare(model, attributes, &params_name(model), &doc, false)
}

fn implementation(model: &Model, guides: &ExprPath, attributes: &Attributes) -> TokenStream {
    let everywhere = &attributes.everywhere;
    let (type_name, name) = (&model.type_name, types::text(&model.sig.ident));
    let (parameters, arguments, clause) = model.generics.split_for_impl();
    let table = sites::table(model);
    let (bindings, statements) = (implement::bindings(model), &model.body.stmts);
    let params_generics = Fields::params(model).generics;
    let params_arguments = params_generics.split_for_impl().1;
    let params = params_name(model);
    let latents = type_of(guides, "Latents");
    let given = read(
        model,
        &[SiteKind::Sample, SiteKind::Branch],
        literal(guides),
    );
    let independent = independent(model);
    let fitted = read(model, &[SiteKind::Param], params.to_token_stream());
    let i = interpreter();
    let receiver = quote_spanned!(Span::mixed_site()=> &self);
    quote! {
        #(#everywhere)*
        impl #parameters ::ppl::__private::Guide for #type_name #arguments #clause {
            type Latents = #latents;
            type Params = #params #params_arguments;
            const NAME: &'static str = #name;
            const SITES: &'static [::ppl::__private::Site] = #table;
            const INDEPENDENT: bool = #independent;
            fn run<
                '__a,
                __M: ::ppl::__private::Mode,
                __I: ::ppl::__private::GuideInterpreter<'__a, __M>,
            >(
                #receiver,
                #i: &mut __I,
            ) {
                #bindings
                #(#statements)*
            }
            #[allow(unused_variables, reason = "a guide may have nothing to read")]
            fn decode(frame: ::ppl::__private::Frame<'_>) -> Self::Latents {
                #given
            }
            #[allow(unused_variables, reason = "a guide may have nothing to read")]
            fn decode_params(frame: ::ppl::__private::Frame<'_>) -> Self::Params {
                #fitted
            }
        }
    }
}

/// The name of the latents in a struct literal.
fn literal(guides: &ExprPath) -> TokenStream {
    let mut path = match type_of(guides, "Latents") {
        syn::Type::Path(ty) => ty.path,
        other => return other.to_token_stream(),
    };
    if let Some(PathArguments::AngleBracketed(a)) =
        path.segments.last_mut().map(|s| &mut s.arguments)
    {
        a.colon2_token = Some(Default::default());
    }
    path.to_token_stream()
}

/// A plain value with a field a site. Every field has the name, the type and the place of its site: what rustc says of
/// a latent that is missing, misnamed or of another type is said there.
fn read(model: &Model, kinds: &[SiteKind], literal: TokenStream) -> TokenStream {
    let values: Vec<(&Site, TokenStream)> =
        sites::values(model, |s| kinds.contains(&s.kind)).collect();
    let types = values
        .iter()
        .filter_map(|(site, _)| Some(field_type(site, site.ty.as_ref()?)));
    let idents: Vec<_> = values.iter().map(|v| &v.0.ident).collect();
    let values = values.iter().map(|v| &v.1);
    // All at once: a latent may be called `frame`.
    quote! {
        let (#(#idents,)*): (#(#types,)*) = (#(#values,)*);
        #literal { #(#idents),* }
    }
}

/// Whether the body reads none of its latents: each of their names stands where it is bound and nowhere else.
fn independent(model: &Model) -> bool {
    let body = model.body.to_token_stream();
    model
        .sites
        .iter()
        .all(|site| match (site.kind, &site.ident) {
            (SiteKind::Sample, Some(ident)) => {
                occurrences(body.clone(), &ident.to_string()) == site.places.len()
            }
            (SiteKind::Param | SiteKind::Plate | SiteKind::Loop, _) => true,
            _ => false,
        })
}

/// How often a name occurs, strings that hold it included: a format may read it.
fn occurrences(tokens: TokenStream, name: &str) -> usize {
    let count = |tree| match tree {
        TokenTree::Group(group) => occurrences(group.stream(), name),
        TokenTree::Ident(ident) => usize::from(ident == name),
        TokenTree::Literal(literal) => usize::from(literal.to_string().contains(name)),
        TokenTree::Punct(_) => 0,
    };
    tokens.into_iter().map(count).sum()
}
