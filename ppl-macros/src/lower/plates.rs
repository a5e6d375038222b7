//! Plates.

use super::body::Walk;
use super::interpreter;
use super::scope::Target;
use super::statements::attributes;
use crate::ir::{Fault, Place, SiteKind, Step, Word};
use proc_macro2::Ident;
use quote::ToTokens;
use syn::visit_mut::VisitMut;
use syn::{Expr, ExprClosure, Local, Pat, parse_quote, parse_quote_spanned};

impl Walk {
    /// `let name = plate(..)`.
    pub(super) fn bound_plate(&mut self, local: &mut Local) {
        self.visit_pat_mut(&mut local.pat);
        let pat = match &local.pat {
            Pat::Type(typed) => &*typed.pat,
            other => other,
        };
        let name = match pat {
            Pat::Ident(p) => Some(p.ident.clone()),
            _ => None,
        };
        let Some(init) = &mut local.init else { return };
        if let Some((token, _)) = &init.diverge {
            self.faults.push(Fault::LetElse(Word::Plate, token.span));
        }
        self.plate(&mut init.expr, name);
    }

    pub(super) fn plate(&mut self, expr: &mut Expr, name: Option<Ident>) {
        let Some(mut call) = self.open_call(Word::Plate, expr) else {
            return;
        };
        let (count, element) = call.arguments.split_at_mut(1);
        self.arguments(count.iter_mut());
        let Expr::Closure(closure) = &mut element[0] else {
            let fault = Fault::NoClosure(element[0].to_token_stream());
            self.faults.push(fault);
            return self.within(Place::Arguments, |walk| {
                walk.visit_expr_mut(&mut element[0]);
            });
        };
        let id = self.unnamed(SiteKind::Plate, name.as_ref().unwrap_or(&call.word));
        self.element(id, closure);
        let (i, method, attrs) = (interpreter(), &call.word, attributes(expr));
        closure.inputs.insert(0, parse_quote!(#i));
        let count = &count[0];
        *expr = parse_quote_spanned! {method.span()=>
            #(#attrs)* #i.#method(#id, #count, #closure)
        };
    }

    /// The closure of a plate.
    fn element(&mut self, id: u32, closure: &mut ExprClosure) {
        if closure.inputs.len() != 1 {
            let span = closure.inputs_begin.span;
            let fault = Fault::PlateArguments(closure.inputs.len(), span);
            self.faults.push(fault);
        }
        self.visit_attributes_mut(&mut closure.attrs);
        for input in &mut closure.inputs {
            self.visit_pat_mut(input);
        }
        self.visit_return_type_mut(&mut closure.output);
        self.scope.path.push(Step::Loop(id));
        self.scope.open(Target::Function);
        self.statement(&mut closure.body);
        self.scope.close();
        self.scope.path.pop();
    }
}
