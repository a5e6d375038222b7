//! Plates and chains.

use super::alike;
use super::body::Walk;
use super::interpreter;
use super::options::{self, PlateOption};
use super::scope::Target;
use super::statements::attributes;
use crate::ir::{Fault, Place, Site, SiteKind, Step, Word, loops};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
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
            Pat::Ident(p) => Binding::Name(p.ident.clone()),
            _ => Binding::Pattern,
        };
        let Some(init) = &mut local.init else { return };
        if let Some((token, _)) = &init.diverge {
            self.faults.push(Fault::LetElse(Word::Plate, token.span));
        }
        let options = options::take(&mut init.expr).unwrap_or_default();
        self.plate(&mut init.expr, name, options);
    }

    pub(super) fn plate(
        &mut self,
        expr: &mut Expr,
        binding: Binding,
        mut options: Vec<PlateOption>,
    ) {
        let Some(mut call) = self.open_call(Word::Plate, expr) else {
            return;
        };
        let (count, element) = call.arguments.split_at_mut(1);
        self.arguments(count.iter_mut());
        let options = self.options(&mut options, &binding);
        let Some(closure) = self.closure(Word::Plate, &mut element[0]) else {
            return;
        };
        let name = match &binding {
            Binding::Name(name) => name,
            _ => &call.word,
        };
        let id = self.unnamed(SiteKind::Plate, name);
        let alike = alike::index(closure);
        self.element(id, closure);
        let method = match (self.method(id, &binding, &call.word), alike) {
            (method, Some(_)) if method == "plate_enumerated" => {
                Ident::new("plate_alike", method.span())
            }
            (method, _) => method,
        };
        let (i, attrs) = (interpreter(), attributes(expr));
        closure.inputs.insert(0, parse_quote!(#i));
        let count = &count[0];
        if let Some((elements, said)) = options {
            self.sites[id as usize].options = said;
            let alike = method == "plate_alike";
            let sums = alike || method == "plate_enumerated";
            let latents = self.latents_in(id).next().is_some();
            let regular = self.regular(id);
            *expr = parse_quote_spanned! {call.word.span()=>
                #(#attrs)* #i.plate_of(
                    #id,
                    #count,
                    #elements,
                    ::ppl::__private::Has {
                        sums: #sums,
                        latents: #latents,
                        regular: #regular,
                        alike: #alike,
                    },
                    #closure
                )
            };
            return;
        }
        *expr = parse_quote_spanned! {method.span()=>
            #(#attrs)* #i.#method(#id, #count, #closure)
        };
    }

    /// `markov(n, init, |t, prev| { .. next })`.
    pub(super) fn markov(&mut self, expr: &mut Expr) {
        let Some(mut call) = self.open_call(Word::Markov, expr) else {
            return;
        };
        let (before, element) = call.arguments.split_at_mut(2);
        self.arguments(before.iter_mut());
        let Some(closure) = self.closure(Word::Markov, &mut element[0]) else {
            return;
        };
        let id = self.unnamed(SiteKind::Markov, &call.word);
        let method = match alike::index(closure) {
            Some(_) => Ident::new("markov_alike", call.word.span()),
            None => call.word,
        };
        self.element(id, closure);
        let (i, attrs) = (interpreter(), attributes(expr));
        closure.inputs.insert(0, parse_quote!(#i));
        let (count, init) = (&before[0], &before[1]);
        *expr = parse_quote_spanned! {method.span()=>
            #(#attrs)* #i.#method(#id, #count, #init, #closure)
        };
    }

    /// Elements with enumerated sites are summed one by one, and then have no value. A submodel may have some too.
    fn method(&mut self, id: u32, binding: &Binding, word: &Ident) -> Ident {
        let summed = Ident::new("plate_enumerated", word.span());
        let bound = !matches!(binding, Binding::None);
        if self.directly_in(id, SiteKind::Enumerate) {
            if bound {
                self.faults.push(Fault::PlateValue(word.span()));
            }
            summed
        } else if !bound && self.directly_in(id, SiteKind::Submodel) {
            summed
        } else {
            word.clone()
        }
    }

    /// The latents in a plate, however deep.
    fn latents_in(&self, plate: u32) -> impl Iterator<Item = &Site> {
        let inside = move |path: &Vec<Step>| loops(path).any(|l| l == plate);
        self.sites
            .iter()
            .filter(|s| s.is_latent())
            .filter(move |s| s.places.iter().any(inside))
    }

    /// Whether all elements of a plate read as many coordinates, whatever the data: each has each latent once, and the
    /// latents' types tell their lengths.
    fn regular(&self, plate: u32) -> TokenStream {
        let last = Some(&Step::Loop(plate));
        let once = |s: &Site| {
            s.kind == SiteKind::Sample && !s.optional && s.places.iter().all(|p| p.last() == last)
        };
        if !self.latents_in(plate).all(once) {
            return quote!(false);
        }
        let types = self.latents_in(plate).filter_map(|s| s.ty.as_ref());
        quote!(true #(&& <#types as ::ppl::__private::Latent>::LEN.is_some())*)
    }

    /// Whether a site of a kind is in a plate and not in a plate or chain inside it, which sum their own.
    fn directly_in(&self, plate: u32, kind: SiteKind) -> bool {
        let sums = |id: &u32| {
            let around = self.sites.get(*id as usize);
            around.is_some_and(|s| matches!(s.kind, SiteKind::Plate | SiteKind::Markov))
        };
        let innermost = |path: &[Step]| loops(path).rfind(sums);
        self.sites
            .iter()
            .filter(|s| s.kind == kind)
            .any(|s| s.places.iter().any(|p| innermost(p) == Some(plate)))
    }

    /// The closure literal of a plate or a chain.
    fn closure<'e>(&mut self, word: Word, element: &'e mut Expr) -> Option<&'e mut ExprClosure> {
        let Expr::Closure(closure) = element else {
            let fault = Fault::NoClosure(word, element.to_token_stream());
            self.faults.push(fault);
            self.within(Place::Arguments, |walk| walk.visit_expr_mut(element));
            return None;
        };
        let expected = match word {
            Word::Markov => 2,
            _ => 1,
        };
        if closure.inputs.len() != expected {
            let span = closure.inputs_begin.span;
            let fault = Fault::ClosureArguments(word, closure.inputs.len(), span);
            self.faults.push(fault);
        }
        Some(closure)
    }

    /// The inside of the closure of a plate or a chain.
    fn element(&mut self, id: u32, closure: &mut ExprClosure) {
        self.alike.push(alike::index(closure));
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
        self.alike.pop();
    }
}

/// What becomes of the value of a plate.
pub enum Binding {
    /// Nothing.
    None,
    /// It is taken apart.
    Pattern,
    /// It has a name.
    Name(Ident),
}
