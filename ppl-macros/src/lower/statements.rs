//! The statements themselves.

use super::body::Walk;
use super::plates::Binding;
use super::{alike, interpreter, names, over, unread};
use crate::ir::{Fault, Place, Site, SiteKind, Treatment, Word};
use proc_macro2::{Ident, Span};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{
    Attribute, Expr, ExprCall, Local, Pat, PathSegment, Type, parse_quote, parse_quote_spanned,
};

/// The statement that an expression calls by its bare name.
pub fn called_word(expr: &Expr) -> Option<Word> {
    Word::of(&called(expr)?.ident)
}

pub(super) fn called(expr: &Expr) -> Option<&PathSegment> {
    let Expr::Path(function) = &*call(expr)?.func else {
        return None;
    };
    let plain = function.qself.is_none()
        && function.path.leading_colon.is_none()
        && function.path.segments.len() == 1;
    plain.then(|| &function.path.segments[0])
}

pub(super) fn call(expr: &Expr) -> Option<&ExprCall> {
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
pub(super) struct Call {
    /// The name of the statement, where it stands.
    pub(super) word: Ident,
    /// As many arguments as the statement has.
    pub(super) arguments: Vec<Expr>,
}

impl Walk {
    /// Notes where a call stands and its arguments; `None` if they are not as many as they must be.
    pub(super) fn open_call(&mut self, word: Word, expr: &mut Expr) -> Option<Call> {
        let segment = called(expr)?.clone();
        let span = segment.ident.span();
        if let Some(place) = self.scope.forbidden.last() {
            self.faults.push(Fault::Misplaced(word, *place, span));
        }
        if !segment.arguments.is_none() {
            self.faults.push(Fault::Turbofish(word, span));
        }
        let call = call_mut(expr)?;
        self.visit_attributes_mut(&mut call.attrs);
        let (least, most) = word.arity();
        if !(least..=most).contains(&call.args.len()) {
            self.faults.push(Fault::Arity(word, call.args.len(), span));
            return None;
        }
        Some(Call {
            word: segment.ident,
            arguments: call.args.iter().cloned().collect(),
        })
    }

    /// Goes through the arguments of a statement.
    pub(super) fn arguments<'e>(&mut self, arguments: impl IntoIterator<Item = &'e mut Expr>) {
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
        let otherwise = init.diverge.as_ref().map(|d| d.0.span);
        self.around_binding(word, otherwise, &local.attrs);
        self.arguments(&mut call.arguments);
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => ((*typed.pat).clone(), Some((*typed.ty).clone())),
            other => (other.clone(), None),
        };
        let Some(ident) = self.bound_name(word, &pat) else {
            return;
        };
        let ty: Type = ty.unwrap_or_else(|| parse_quote_spanned!(ident.span()=> f64));
        let kind = kind(word, &treatments);
        let root = match kind {
            SiteKind::Impute => names::root(&call.arguments[0]).map(names::plain),
            _ => None,
        };
        let id = self.site(Site {
            argument: root.filter(|r| self.arguments.contains(r)),
            ty: Some(ty.clone()),
            treatments,
            ident: Some(ident.clone()),
            ..Site::new(kind, names::plain(&ident), ident.span())
        });
        let i = interpreter();
        let method = match kind {
            SiteKind::Enumerate if self.over.as_ref() == Some(&ident) => {
                Ident::new("enumerate_over", call.word.span())
            }
            SiteKind::Enumerate => Ident::new("enumerate", call.word.span()),
            SiteKind::Branch => Ident::new("branch", call.word.span()),
            _ => call.word,
        };
        let value = &call.arguments[0];
        *init.expr = match kind {
            SiteKind::Deterministic => {
                let all = parse_quote_spanned!(span=> #i.#method::<#ty>(#id, #value));
                match self.unread.leaves_out(&ident, value) {
                    true => unread::if_wanted(&i, all, span),
                    false => all,
                }
            }
            SiteKind::Param => {
                let constraint = call.arguments.get(1).map_or_else(
                    || quote_spanned!(span=> ::ppl::__private::Unconstrained),
                    ToTokens::to_token_stream,
                );
                let c = quote_spanned!(constraint.span()=> _);
                parse_quote_spanned!(span=> #i.#method::<#ty, #c>(#id, #value, #constraint))
            }
            SiteKind::Impute => {
                let d = &call.arguments[1];
                let x = quote_spanned!(value.span()=> _);
                parse_quote_spanned!(span=> #i.#method::<#ty, #x, _>(#id, &#value, #d))
            }
            // What rustc says of a distribution that does not fit is said of `D`: it stands at the distribution.
            _ => {
                let d = quote_spanned!(value.span()=> _);
                parse_quote_spanned!(span=> #i.#method::<#ty, #d>(#id, #value))
            }
        };
        local.attrs.push(parse_quote!(
            #[allow(unused_variables, reason = "a site is recorded, read or not")]
        ));
        local.pat = pat;
    }

    /// What is around a statement that binds: no `else`, no condition.
    pub(super) fn around_binding(
        &mut self,
        word: Word,
        otherwise: Option<Span>,
        attrs: &[Attribute],
    ) {
        self.faults
            .extend(otherwise.map(|s| Fault::LetElse(word, s)));
        if let Some(a) = attrs.iter().find(|a| a.path().is_ident("cfg")) {
            self.faults.push(Fault::Conditional(a.path().span()));
        }
    }

    /// The name that a statement binds.
    pub(super) fn bound_name(&mut self, word: Word, pat: &Pat) -> Option<Ident> {
        match pat {
            Pat::Ident(p) if p.by_ref.is_none() && p.subpat.is_none() => {
                return Some(p.ident.clone());
            }
            Pat::Wild(p) => {
                let span = p.underscore_token.span;
                self.faults.push(Fault::Wildcard(word, span));
            }
            _ => self
                .faults
                .push(Fault::Pattern(word, pat.to_token_stream())),
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
        match word {
            Word::Plate => return self.plate(expr, Binding::None, Vec::new()),
            Word::Markov => return self.markov(expr),
            _ => {}
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
                *expr = match self.over_in(&call.arguments) {
                    Some(x) => parse_quote_spanned! {method.span()=>
                        #(#attrs)* #i.over(#x, |#i, #x| #i.#method(#id, #term))
                    },
                    None => {
                        parse_quote_spanned!(method.span()=> #(#attrs)* #i.#method(#id, #term))
                    }
                };
            }
            // One error is enough where no `let` would help.
            _ if !self.scope.forbidden.is_empty() => {}
            _ => self.faults.push(Fault::Unbound(word, call.word.span())),
        }
    }

    fn observe(&mut self, call: Call, expr: &mut Expr) {
        let (data, distribution) = (&call.arguments[0], &call.arguments[1]);
        let Some(name) = names::data(data) else {
            let fault = Fault::Unnameable(data.to_token_stream());
            return self.faults.push(fault);
        };
        let root = names::root(data).map(names::plain);
        let id = self.site(Site {
            ident: Some(name.clone()),
            argument: root.filter(|r| self.arguments.contains(r)),
            ..Site::new(SiteKind::Observe, names::plain(name), name.span())
        });
        let (i, method, attrs) = (interpreter(), &call.word, attributes(expr));
        if let Some(x) = self.over_in(&call.arguments) {
            let trials = !over::reads(data, &x) && over::trials(distribution, &x);
            let way = if trials { "over_trials" } else { "over" };
            let way = Ident::new(way, method.span());
            let over = Ident::new("observe_over", method.span());
            *expr = parse_quote_spanned! {method.span()=>
                #(#attrs)* #i.#way(#x, |#i, #x| #i.#over(#id, &#data, #distribution))
            };
            return;
        }
        if let Some(Some(index)) = self.alike.last()
            && alike::reads(data, index)
        {
            let method = Ident::new("observe_at", method.span());
            *expr = parse_quote_spanned! {method.span()=>
                #(#attrs)* #i.#method(#id, #index, |#index| &#data, #distribution)
            };
            return;
        }
        *expr = parse_quote_spanned! {method.span()=>
            #(#attrs)* #i.#method(#id, &#data, #distribution)
        };
    }

    /// The site whose values are taken in a column, if one of these expressions reads it.
    fn over_in(&self, arguments: &[Expr]) -> Option<Ident> {
        let name = self.over.as_ref()?;
        arguments
            .iter()
            .any(|a| over::reads(a, name))
            .then(|| name.clone())
    }

    /// A site that has its name from its kind, or from the variable that a plate binds.
    pub(super) fn unnamed(&mut self, kind: SiteKind, name: &Ident) -> u32 {
        self.site(Site::new(kind, names::plain(name), name.span()))
    }
}

/// What a bound statement makes. Two treatments are refused later.
fn kind(word: Word, treatments: &[Treatment]) -> SiteKind {
    match (word, treatments.first().map(|t| &*t.word)) {
        (Word::Deterministic, _) => SiteKind::Deterministic,
        (Word::Param, _) => SiteKind::Param,
        (Word::Impute, _) => SiteKind::Impute,
        (_, Some("enumerate")) => SiteKind::Enumerate,
        (_, Some(_)) => SiteKind::Branch,
        (_, None) => SiteKind::Sample,
    }
}

/// The attributes of a call.
pub(super) fn attributes(expr: &Expr) -> Vec<syn::Attribute> {
    call(expr).map_or(Vec::new(), |c| c.attrs.clone())
}
