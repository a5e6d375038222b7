//! Rules of the attribute and of the signature.

use super::Errors;
use super::wording::on;
use crate::ir::Model;
use crate::lower::types::{self, mentions_impl_trait};
use proc_macro2::TokenStream;
use syn::{FnArg, Pat, PatIdent, ReturnType, Safety, Type};

/// `#[model]` has no arguments.
pub fn attribute(attribute: &TokenStream, errors: &mut Errors) {
    if !attribute.is_empty() {
        errors.push(on(
            attribute,
            "`#[model]` has no arguments",
            "write `#[model]`",
        ));
    }
}

/// A model is a plain `fn`.
pub fn qualifiers(model: &Model, errors: &mut Errors) {
    let sig = &model.sig;
    let mut refuse = |tokens: &dyn quote::ToTokens, word: &str| {
        errors.push(on(
            tokens.to_token_stream(),
            format!("a model can't be `{word}`"),
            "its body is compiled for many uses; write a plain `fn`",
        ));
    };
    if let Some(token) = &sig.constness {
        refuse(token, "const");
    }
    if let Some(token) = &sig.asyncness {
        refuse(token, "async");
    }
    match &sig.safety {
        Safety::Unsafe(token) => refuse(token, "unsafe"),
        Safety::Safe(token) => refuse(token, "safe"),
        Safety::Default => {}
    }
    if let Some(abi) = &sig.abi {
        refuse(abi, "extern");
    }
    if let Some(variadic) = &sig.variadic {
        errors.push(on(
            variadic,
            "a model can't be variadic",
            "take a slice: `y: &[f64]`",
        ));
    }
}

/// The type of a model has another name than its constructor.
pub fn names(model: &Model, errors: &mut Errors) {
    let ident = &model.sig.ident;
    let name = types::text(ident);
    if model.type_name == name {
        errors.push(on(
            ident,
            format!("`{name}` would be the name of the model's type too"),
            "write the name of the function in snake_case: `coin` makes the type `Coin`",
        ));
    } else if name.trim_matches('_').is_empty() {
        errors.push(on(
            ident,
            format!("no name of a type can be made of `{name}`"),
            "write the name of the function in snake_case: `coin` makes the type `Coin`",
        ));
    }
}

/// An argument is a name with a type that a field can have.
pub fn arguments(model: &Model, errors: &mut Errors) {
    for input in &model.sig.inputs {
        let typed = match input {
            FnArg::Receiver(receiver) => {
                errors.push(on(
                    receiver,
                    "a model has no `self`",
                    "make it a free function and pass the data as an argument",
                ));
                continue;
            }
            FnArg::Typed(typed) => typed,
        };
        if let Some(attribute) = typed.attrs.first() {
            errors.push(on(
                attribute,
                "an argument of a model has no attributes",
                "put the attribute on the function",
            ));
        }
        if let Err(help) = plain_name(&typed.pat) {
            errors.push(on(
                &typed.pat,
                "an argument of a model is a plain name: it becomes a field of the model's type",
                help,
            ));
        }
        if mentions_impl_trait(&typed.ty) {
            errors.push(on(
                &typed.ty,
                "an argument of a model can't be `impl Trait`: it becomes a field of the model's type",
                "name the type, or a type parameter: `fn model<T: Trait>(x: T)`",
            ));
        }
    }
}

fn plain_name(pat: &Pat) -> Result<(), &'static str> {
    match pat {
        Pat::Ident(PatIdent {
            by_ref: None,
            mutability: None,
            subpat: None,
            ..
        }) => Ok(()),
        Pat::Ident(p) if p.mutability.is_some() => {
            Err("bind it again in the body: `let mut x = x;`")
        }
        Pat::Wild(_) => Err("name it"),
        _ => Err("take it apart in the body: `let (a, b) = pair;`"),
    }
}

/// A model returns what a site could be.
pub fn output(model: &Model, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = &model.sig.output else {
        return;
    };
    if !is_plain(ty) {
        errors.push(on(
            ty,
            format!("a model can't return `{}`", types::text(ty)),
            "write the plain type of what it returns: `f64` (for `Real` too), `[f64; 3]`, `(f64, f64)`",
        ));
    }
}

/// Whether a type is written out and owns its values, as a field of a draw must.
pub fn is_plain(ty: &Type) -> bool {
    !types::mentions(ty, unplain) && !types::mentions_inferred_length(ty)
}

fn unplain(ty: &Type) -> bool {
    match ty {
        Type::Path(p) => p.qself.is_none() && p.path.is_ident("Real"),
        Type::Reference(_)
        | Type::ImplTrait(_)
        | Type::TraitObject(_)
        | Type::Infer(_)
        | Type::Never(_)
        | Type::Ptr(_)
        | Type::FnPtr(_)
        | Type::Slice(_)
        | Type::Macro(_) => true,
        _ => false,
    }
}
