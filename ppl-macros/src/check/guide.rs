//! Rules of guides.

use super::Errors;
use super::placement::written;
use super::wording::{at, on};
use crate::ir::{Model, Site, SiteKind};
use proc_macro2::{Span, TokenStream};
use syn::ReturnType;

/// `#[guide(..)]` names a model.
pub fn attribute(attribute: &TokenStream, model: &Model, errors: &mut Errors) {
    let help = "write the path of the model's function: `#[guide(coin)]`, `#[guide(models::coin)]`, `#[guide(regression::<P>)]`";
    if attribute.is_empty() {
        errors.push(at(
            Span::call_site(),
            "`#[guide]` does not say which model it guides",
            help,
        ));
    } else if model.guides.is_none() {
        errors.push(on(
            attribute,
            "`#[guide(..)]` takes the path of a model",
            help,
        ));
    }
}

/// What a model has and a guide has not, and the other way round.
pub fn language(model: &Model, errors: &mut Errors) {
    let wrong = |s: &&Site| match model.is_guide {
        true => !in_guide(s.kind),
        false => s.kind == SiteKind::Param,
    };
    for site in model.sites.iter().filter(wrong) {
        let name = &site.name;
        let (what, help) = match site.kind {
            SiteKind::Param => (
                format!("`{name}` is a parameter, and only a guide has parameters"),
                "what is inferred is `sample`d; what is fixed is an argument of the model",
            ),
            SiteKind::Observe => (
                format!("`{name}` is observed, and a guide observes nothing"),
                "a guide is a distribution of the latents alone; take the data as an argument to shape it",
            ),
            SiteKind::Impute => (
                format!("`{name}` is imputed, and a guide has no data"),
                "write `let name: Vec<f64> = sample(..);` for the missing elements, in their order",
            ),
            SiteKind::Factor => (
                "a guide has no `factor`".to_string(),
                "a guide is a normalised distribution: `param` and `sample`",
            ),
            SiteKind::Deterministic => (
                format!("`{name}` is deterministic, and the model computes it"),
                "write a plain `let`; what the model names `deterministic` follows from the latents",
            ),
            SiteKind::Markov => (
                "a guide has no `markov`".to_string(),
                "write `for t in 0..n { .. }`: a `Vec` of the guide may stand for the sites of a chain",
            ),
            SiteKind::Submodel => (
                format!("`{name}` is a submodel, and a guide has none"),
                "a guide has `param`, `sample`, `plate` and Rust",
            ),
            _ => (
                format!("`{name}` is not simply sampled"),
                "leave the attribute out: what the model enumerates is no latent of the guide's",
            ),
        };
        errors.push(at(site.span, what, help));
    }
}

/// The plates of a guide give all of their elements.
pub fn options(model: &Model, errors: &mut Errors) {
    if !model.is_guide {
        return;
    }
    for option in model.sites.iter().flat_map(|s| &s.options) {
        errors.push(at(
            option.span,
            format!("a guide's plate has no `{}`", written(&option.word)),
            "leave it out: a guide gives the latents of all elements",
        ));
    }
}

fn in_guide(kind: SiteKind) -> bool {
    matches!(
        kind,
        SiteKind::Sample | SiteKind::Branch | SiteKind::Param | SiteKind::Plate | SiteKind::Loop
    )
}

/// A guide returns nothing and has data for arguments.
pub fn signature(model: &Model, errors: &mut Errors) {
    if !model.is_guide {
        return;
    }
    if let ReturnType::Type(_, ty) = &model.sig.output {
        errors.push(on(
            ty,
            "a guide returns nothing: its latents have names",
            "leave the return type out",
        ));
    }
    for argument in model.arguments.iter().filter(|a| a.latent) {
        errors.push(at(
            argument.name.span(),
            format!(
                "`{}` is a latent of a caller, and nothing calls a guide",
                argument.name
            ),
            "what is fitted is a `param`; write `f64` for data",
        ));
    }
}
