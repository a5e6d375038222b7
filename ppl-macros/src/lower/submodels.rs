//! `submodel`.

use super::body::Walk;
use super::signature::type_name;
use super::statements::call;
use super::{interpreter, names};
use crate::ir::{Fault, Site, SiteKind, Submodel, Word};
use quote::{ToTokens, format_ident};
use syn::{
    Expr, ExprPath, Local, Pat, PathArguments, Type, TypePath, parse_quote, parse_quote_spanned,
};

impl Walk {
    /// `let name = submodel(model(..))`.
    pub(super) fn submodel(&mut self, local: &mut Local) {
        let Some(init) = &mut local.init else { return };
        let Some(mut call) = self.open_call(Word::Submodel, &mut init.expr) else {
            return;
        };
        let span = call.word.span();
        self.around_binding(
            Word::Submodel,
            init.diverge.as_ref().map(|d| d.0.span),
            &local.attrs,
        );
        self.arguments(&mut call.arguments);
        let pat = match &local.pat {
            Pat::Type(typed) => {
                self.faults
                    .push(Fault::Annotated(typed.ty.to_token_stream()));
                (*typed.pat).clone()
            }
            other => other.clone(),
        };
        let Some(ident) = self.bound_name(Word::Submodel, &pat) else {
            return;
        };
        let program = inside(&call.arguments[0]);
        let Some(function) = function(program) else {
            let fault = Fault::NotACall(program.to_token_stream());
            return self.faults.push(fault);
        };
        let id = self.site(Site {
            ident: Some(ident.clone()),
            ty: Some(type_of(function, "Draw")),
            sub: Some(Submodel {
                latents: type_of(function, "Latents"),
                partial: type_of(function, "Partial"),
                recursive: function.path.is_ident(&self.name),
            }),
            ..Site::new(SiteKind::Submodel, names::plain(&ident), ident.span())
        });
        let (i, method) = (interpreter(), &call.word);
        *init.expr = parse_quote_spanned!(span=> #i.#method(#id, &#program));
        local.attrs.push(parse_quote!(
            #[allow(unused_variables, clippy::let_unit_value, reason = "a submodel is recorded, read or not")]
        ));
        local.pat = pat;
    }
}

/// The model under references and parentheses.
fn inside(expr: &Expr) -> &Expr {
    match expr {
        Expr::Reference(r) => inside(&r.expr),
        Expr::Paren(p) => inside(&p.expr),
        Expr::Group(g) => inside(&g.expr),
        other => other,
    }
}

/// The function that makes a model.
fn function(program: &Expr) -> Option<&ExprPath> {
    match &*call(program)?.func {
        Expr::Path(path) if path.qself.is_none() => Some(path),
        _ => None,
    }
}

/// `models::hyper::<3>` becomes `models::HyperDraw<3>`.
pub fn type_of(function: &ExprPath, suffix: &str) -> Type {
    let mut path = function.path.clone();
    if let Some(last) = path.segments.last_mut() {
        last.ident = format_ident!(
            "{}{suffix}",
            type_name(&last.ident),
            span = last.ident.span()
        );
        if let PathArguments::AngleBracketed(arguments) = &mut last.arguments {
            arguments.colon2_token = None;
        }
    }
    Type::Path(TypePath {
        attrs: Vec::new(),
        qself: None,
        path,
    })
}
