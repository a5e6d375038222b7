//! The statements themselves.

use super::body::Walk;
use super::scope::Target;
use super::{interpreter, names};
use crate::ir::{Fault, Place, Site, SiteKind, Step, Treatment, Word};
use proc_macro2::{Ident, Span};
use syn::visit_mut::VisitMut;
use syn::{
    Expr, ExprCall, ExprClosure, Local, Pat, PathSegment, Type, parse_quote, parse_quote_spanned,
};

/// The statement that an expression calls by its bare name.
pub fn called_word(expr: &Expr) -> Option<Word> {
    Word::of(&called(expr)?.ident)
}

/// A statement that comes in a later version.
pub fn later_word(expr: &Expr) -> Option<(String, Span)> {
    let ident = &called(expr)?.ident;
    let later = ["markov", "submodel", "param"];
    let word = later.into_iter().find(|w| ident == w)?;
    Some((word.to_string(), ident.span()))
}

fn called(expr: &Expr) -> Option<&PathSegment> {
    let Expr::Path(function) = &*call(expr)?.func else {
        return None;
    };
    let plain = function.qself.is_none()
        && function.path.leading_colon.is_none()
        && function.path.segments.len() == 1;
    plain.then(|| &function.path.segments[0])
}

fn call(expr: &Expr) -> Option<&ExprCall> {
    match expr {
        Expr::Call(call) => Some(call),
        Expr::Group(group) => call(&group.expr),
        _ => None,
    }
}

fn call_mut(expr: &mut Expr) -> Option<&mut ExprCall> {
    match expr {
        Expr::Call(call) => Some(call),
        Expr::Group(group) => call_mut(&mut group.expr),
        _ => None,
    }
}

/// A call of a statement, looked at.
struct Call {
    /// The name of the statement, where it stands.
    word: Ident,
    /// As many arguments as the statement has.
    arguments: Vec<Expr>,
}

impl Walk {
    /// Notes where a call stands and its arguments; `None` if they are not as many as they must be.
    fn open_call(&mut self, word: Word, expr: &mut Expr) -> Option<Call> {
        let segment = called(expr)?.clone();
        let span = segment.ident.span();
        self.check_place(word, span);
        if !segment.arguments.is_none() {
            self.faults.push(Fault::Turbofish(word, span));
        }
        let call = call_mut(expr)?;
        self.visit_attributes_mut(&mut call.attrs);
        if call.args.len() != word.arity() {
            self.faults.push(Fault::Arity(word, call.args.len(), span));
            return None;
        }
        Some(Call {
            word: segment.ident,
            arguments: call.args.iter().cloned().collect(),
        })
    }

    /// Goes through the arguments of a statement.
    fn arguments<'e>(&mut self, arguments: impl IntoIterator<Item = &'e mut Expr>) {
        self.within(Place::Arguments, |walk| {
            for argument in arguments {
                walk.visit_expr_mut(argument);
            }
        });
    }

    /// A statement inside an expression.
    pub(super) fn nested(&mut self, word: Word, expr: &mut Expr) {
        let Some(span) = called(expr).map(|s| s.ident.span()) else {
            return;
        };
        match self.scope.forbidden.last() {
            Some(place) if *place != Place::Arguments => {
                self.faults.push(Fault::Misplaced(word, *place, span));
            }
            _ => self.faults.push(Fault::Nested(word, span)),
        }
        if let Some(call) = call_mut(expr) {
            self.arguments(&mut call.args);
        }
    }

    /// `let name: Type = sample(..)`, `let name: Type = deterministic(..)`.
    pub(super) fn binding(&mut self, word: Word, local: &mut Local, treatments: Vec<Treatment>) {
        let Some(init) = &mut local.init else { return };
        let Some(mut call) = self.open_call(word, &mut init.expr) else {
            return;
        };
        let span = call.word.span();
        if let Some((token, _)) = &init.diverge {
            self.faults.push(Fault::LetElse(word, token.span));
        }
        if let Some(a) = local.attrs.iter().find(|a| a.path().is_ident("cfg")) {
            let span = syn::spanned::Spanned::span(a.path());
            self.faults.push(Fault::Conditional(span));
        }
        self.arguments(&mut call.arguments);
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => ((*typed.pat).clone(), Some((*typed.ty).clone())),
            other => (other.clone(), None),
        };
        let Some(ident) = self.bound_name(word, &pat) else {
            return;
        };
        let ty: Type = ty.unwrap_or_else(|| parse_quote_spanned!(ident.span()=> f64));
        let kind = match word {
            Word::Sample => SiteKind::Sample,
            _ => SiteKind::Deterministic,
        };
        let id = self.site(Site {
            name: names::plain(&ident),
            kind,
            ty: Some(ty.clone()),
            argument: None,
            span: ident.span(),
            places: Vec::new(),
            optional: false,
            treatments,
            ident: Some(ident),
        });
        let (i, method, value) = (interpreter(), &call.word, &call.arguments[0]);
        *init.expr = match word {
            Word::Sample => parse_quote_spanned!(span=> #i.#method::<#ty, _>(#id, #value)),
            _ => parse_quote_spanned!(span=> #i.#method::<#ty>(#id, #value)),
        };
        // A site is of use whether or not the body goes on with its value.
        local.attrs.push(parse_quote!(#[allow(unused_variables)]));
        local.pat = pat;
    }

    fn bound_name(&mut self, word: Word, pat: &Pat) -> Option<Ident> {
        let span = syn::spanned::Spanned::span(pat);
        match pat {
            Pat::Ident(p) if p.by_ref.is_none() && p.subpat.is_none() => {
                return Some(p.ident.clone());
            }
            Pat::Wild(_) => self.faults.push(Fault::Wildcard(word, span)),
            _ => self.faults.push(Fault::Pattern(word, span)),
        }
        None
    }

    /// `let x = observe(..)`: it has no value.
    pub(super) fn bound(&mut self, word: Word, local: &mut Local) {
        let Some(init) = &mut local.init else { return };
        if let Some(segment) = called(&init.expr) {
            self.faults.push(Fault::Bound(word, segment.ident.span()));
        }
        if let Some(call) = call_mut(&mut init.expr) {
            self.arguments(&mut call.args);
        }
    }

    /// A statement that stands for itself.
    pub(super) fn call(&mut self, word: Word, expr: &mut Expr) {
        if word == Word::Plate {
            return self.plate(expr, None);
        }
        let Some(mut call) = self.open_call(word, expr) else {
            return;
        };
        self.arguments(&mut call.arguments);
        match word {
            Word::Observe => self.observe(call, expr),
            Word::Factor => {
                let id = self.unnamed(SiteKind::Factor, &call.word);
                let (i, method, term) = (interpreter(), &call.word, &call.arguments[0]);
                let attrs = attributes(expr);
                *expr = parse_quote_spanned!(method.span()=> #(#attrs)* #i.#method(#id, #term));
            }
            _ => self.faults.push(Fault::Unbound(word, call.word.span())),
        }
    }

    fn observe(&mut self, call: Call, expr: &mut Expr) {
        let (data, distribution) = (&call.arguments[0], &call.arguments[1]);
        let Some(name) = names::data(data) else {
            let span = syn::spanned::Spanned::span(data);
            return self.faults.push(Fault::Unnameable(span));
        };
        let root = names::root(data).map(names::plain);
        let id = self.site(Site {
            ident: Some(name.clone()),
            name: names::plain(name),
            kind: SiteKind::Observe,
            ty: None,
            argument: root.filter(|r| self.arguments.contains(r)),
            span: name.span(),
            places: Vec::new(),
            optional: false,
            treatments: Vec::new(),
        });
        let (i, method, attrs) = (interpreter(), &call.word, attributes(expr));
        *expr = parse_quote_spanned! {method.span()=>
            #(#attrs)* #i.#method(#id, &#data, #distribution)
        };
    }

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

    fn plate(&mut self, expr: &mut Expr, name: Option<Ident>) {
        let Some(mut call) = self.open_call(Word::Plate, expr) else {
            return;
        };
        let (count, element) = call.arguments.split_at_mut(1);
        self.arguments(count.iter_mut());
        let Expr::Closure(closure) = &mut element[0] else {
            let span = syn::spanned::Spanned::span(&element[0]);
            self.faults.push(Fault::NoClosure(span));
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

    /// A site that has its name from its kind, or from the variable that a plate binds.
    fn unnamed(&mut self, kind: SiteKind, name: &Ident) -> u32 {
        self.site(Site {
            ident: None,
            name: names::plain(name),
            kind,
            ty: None,
            argument: None,
            span: name.span(),
            places: Vec::new(),
            optional: false,
            treatments: Vec::new(),
        })
    }
}

fn attributes(expr: &Expr) -> Vec<syn::Attribute> {
    call(expr).map_or(Vec::new(), |c| c.attrs.clone())
}
