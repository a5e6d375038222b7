//! Rules of the sites among themselves.

use super::Errors;
use super::signature::is_plain;
use super::wording::{at, on};
use crate::ir::{Model, Path, Site, SiteKind, exclusive};
use crate::lower::types;
use syn::Type;

/// The type of a site is a plain one, written out.
pub fn types(model: &Model, errors: &mut Errors) {
    for site in &model.sites {
        let Some(ty) = site.ty.as_ref().filter(|t| !is_plain(t)) else {
            continue;
        };
        errors.push(on(
            ty,
            format!(
                "`{}` can't be the type of the site `{}`: it is the type of a field of the draw",
                types::text(ty),
                site.name
            ),
            "write the plain type out: `f64` (for `Real` too), `bool`, `usize`, `[f64; 3]`, `Vec<f64>`, ..",
        ));
    }
}

/// A name is that of one site on a path, and of alike sites in exclusive branches.
pub fn names(model: &Model, errors: &mut Errors) {
    let named = |s: &&Site| s.is_field() || s.kind == SiteKind::Observe;
    let sites: Vec<&Site> = model.sites.iter().filter(named).collect();
    for (k, second) in sites.iter().enumerate() {
        let Some(first) = sites[..k].iter().find(|s| s.name == second.name) else {
            continue;
        };
        let line = first.span.start().line;
        let name = &second.name;
        let apart = |p: &Path| second.places.iter().all(|q| exclusive(p, q));
        if !first.places.iter().all(apart) {
            errors.push(at(
                second.span,
                format!("a second site `{name}` on one path: the first is on line {line}"),
                "a name is that of one value of an execution; rename one of them",
            ));
        } else if first.kind != second.kind {
            errors.push(at(
                second.span,
                format!(
                    "`{name}` is {} here and {} in the branch of line {line}",
                    noun(second.kind),
                    noun(first.kind)
                ),
                "sites of one name in exclusive branches are one field of the draw; rename one of them",
            ));
        } else if first.ty != second.ty {
            errors.push(at(
                second.span,
                format!(
                    "the site `{name}` is `{}` here and `{}` in the branch of line {line}",
                    type_text(second),
                    type_text(first)
                ),
                "sites of one name in exclusive branches are one field of the draw; give them one type, or rename one of them",
            ));
        } else {
            errors.push(at(
                second.span,
                format!(
                    "the site `{name}` is in {} here and in {} in the branch of line {line}",
                    nesting(second),
                    nesting(first)
                ),
                "sites of one name in exclusive branches are one field of the draw; nest them in plates and loops alike, or rename one of them",
            ));
        }
    }
}

fn noun(kind: SiteKind) -> &'static str {
    match kind {
        SiteKind::Sample => "a latent",
        SiteKind::Impute => "imputed",
        SiteKind::Enumerate => "enumerated",
        SiteKind::Branch => "a latent that branches",
        SiteKind::Submodel => "a submodel",
        SiteKind::Param => "a parameter",
        SiteKind::Deterministic => "deterministic",
        _ => "observed",
    }
}

fn type_text(site: &Site) -> String {
    site.ty.as_ref().map_or(String::new(), types::text)
}

fn nesting(site: &Site) -> String {
    match site.loops().count() {
        0 => "no plate or loop".to_string(),
        1 => "a plate or loop of its own".to_string(),
        n => format!("{n} plates or loops of its own"),
    }
}

/// A site has one treatment, and an enumerated one a type that counts.
pub fn treatments(model: &Model, errors: &mut Errors) {
    for site in &model.sites {
        if let Some(second) = site.treatments.get(1) {
            errors.push(at(
                second.span,
                format!("a second treatment of `{}`", site.name),
                "`#[enumerate]` sums the site out, `#[branch]` makes a program of each of its values: choose one",
            ));
        }
        if let (SiteKind::Enumerate, Some(ty)) = (site.kind, &site.ty)
            && !counts(ty)
        {
            let text = types::text(ty);
            errors.push(at(
                site.span,
                format!("`{}` is enumerated, and its type is `{text}`", site.name),
                "what is summed out is a `bool` or a `usize`, with a distribution of finitely many values: Bernoulli, Categorical, Binomial, ..",
            ));
        }
    }
}

/// All but numbers and what is made of them.
fn counts(ty: &Type) -> bool {
    match ty {
        Type::Array(_) | Type::Tuple(_) => false,
        Type::Path(p) => {
            let last = p.path.segments.last().map(|s| s.ident.to_string());
            !["f64", "Vec", "Simplex", "Ordered"].contains(&last.as_deref().unwrap_or_default())
        }
        _ => true,
    }
}

/// A model that always runs itself never ends.
pub fn recursion(model: &Model, errors: &mut Errors) {
    let endless = |s: &&Site| s.sub.as_ref().is_some_and(|s| s.recursive) && s.always();
    for site in model.sites.iter().filter(endless) {
        errors.push(at(
            site.span,
            format!("`{}` runs the model itself, always: it never ends", site.name),
            "put it in a branch that is not always taken: `if depth > 0 { let left = submodel(tree(depth - 1)); .. }`",
        ));
    }
}
