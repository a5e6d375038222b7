//! Symbolic mode: which numbers are affine functions of which others, with what coefficients.
//!
//! A number is a constant, or an affine form Σ cᵢ·sᵢ + c of symbols. Latents are symbols, and so is whatever else
//! is computed from them: what a product of two latents or an exponential is made of is not followed. So a relation between
//! forms holds wherever the latents are, unless the body looked at a value: then it may go on differently elsewhere, and
//! everything is given up ([`spoiled`]).

use super::mode::{Blocks, Gather, Lift, Mode, Real};
use std::cell::RefCell;

/// Symbolic mode; see the module's text.
#[derive(Copy, Clone, Debug)]
pub struct Symbolic;

/// A number of symbolic mode.
#[derive(Copy, Clone, Debug)]
pub struct Form {
    value: f64,
    /// Its form; [`NONE`] of a constant.
    id: u32,
}

const NONE: u32 = u32::MAX;
/// Terms of all forms together, beyond which everything is given up.
const MOST: usize = 1 << 20;

/// Where the terms of a form begin and end, and its constant.
type Span = (u32, u32, f64);

#[derive(Default)]
struct Forms {
    spans: Vec<Span>,
    terms: Vec<(u32, f64)>,
    library: bool,
    spoiled: bool,
}

thread_local! {
    static FORMS: RefCell<Forms> = RefCell::default();
}

fn with<R>(f: impl FnOnce(&mut Forms) -> R) -> R {
    FORMS.with(|forms| f(&mut forms.borrow_mut()))
}

/// Forgets all forms, for a new execution.
pub fn begin() {
    with(|forms| *forms = Forms::default());
}

/// Whether what was found says nothing: the body looked at a value, or there was too much. Forgets all forms.
pub fn spoiled() -> bool {
    with(|forms| std::mem::take(forms).spoiled)
}

impl Forms {
    fn symbol(&mut self, value: f64) -> Real<Symbolic> {
        let id = self.spans.len() as u32;
        let at = self.terms.len() as u32;
        if self.terms.len() >= MOST {
            self.spoiled = true;
        } else {
            self.terms.push((id, 1.0));
            self.spans.push((at, at + 1, 0.0));
        }
        Real(Form { value, id })
    }
    fn span(&self, form: Form) -> Span {
        let constant = (0, 0, form.value);
        self.spans
            .get(form.id as usize)
            .copied()
            .unwrap_or(constant)
    }
    /// Σ coefficients·operands + shift.
    fn affine(
        &mut self,
        value: f64,
        operands: impl Iterator<Item = (Real<Symbolic>, f64)> + Clone,
        shift: f64,
    ) -> Real<Symbolic> {
        if operands.clone().all(|(o, _)| o.0.id == NONE) {
            return Real(Form { value, id: NONE });
        }
        if self.library || self.spoiled {
            return self.symbol(value);
        }
        let (mut terms, mut constant) = (Vec::new(), shift);
        for (operand, factor) in operands {
            let (from, to, c) = self.span(operand.0);
            constant += factor * c;
            let of = &self.terms[from as usize..to as usize];
            terms.extend(of.iter().map(|(symbol, c)| (*symbol, factor * c)));
        }
        terms.sort_by_key(|(symbol, _)| *symbol);
        terms.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        if self.terms.len() + terms.len() > MOST {
            self.spoiled = true;
            return self.symbol(value);
        }
        let at = self.terms.len();
        self.terms.append(&mut terms);
        let id = self.spans.len() as u32;
        self.spans
            .push((at as u32, self.terms.len() as u32, constant));
        Real(Form { value, id })
    }
}

/// A result of this value that is not followed.
fn opaque(value: f64, mut operands: impl Iterator<Item = Real<Symbolic>>) -> Real<Symbolic> {
    if operands.all(|o| o.0.id == NONE) {
        return Real(Form { value, id: NONE });
    }
    with(|forms| forms.symbol(value))
}

/// Operands of one result.
#[derive(Default)]
pub struct Operands(Vec<(Real<Symbolic>, f64)>);

impl Lift<Symbolic> for Operands {
    fn begin() -> Self {
        Operands::default()
    }
    fn push(&mut self, operand: Real<Symbolic>, partial: f64) {
        self.0.push((operand, partial));
    }
    fn finish(self, value: f64) -> Real<Symbolic> {
        opaque(value, self.0.into_iter().map(|(operand, _)| operand))
    }
    fn finish_sum(self, value: f64) -> Real<Symbolic> {
        with(|forms| forms.affine(value, self.0.iter().copied(), 0.0))
    }
}

impl Blocks<Symbolic> for Operands {
    fn begin(_: usize) -> Self {
        Operands::default()
    }
    fn computed(&mut self) {}
    fn push(&mut self, _: &[Real<Symbolic>], _: &[f64]) {}
    fn end(&mut self) {}
    fn finish(self, value: f64) -> Real<Symbolic> {
        with(|forms| forms.symbol(value))
    }
}

impl<const P: usize, const L: usize> Gather<Symbolic, P, L> for Operands {
    fn begin(_: Option<usize>) -> Self {
        Operands::default()
    }
    fn set(&mut self, _: usize, _: usize, _: Real<Symbolic>) {}
    fn block(&mut self, _: usize, _: &[bool; P], _: &[&[f64]; P]) {}
    fn finish(self, value: f64) -> Real<Symbolic> {
        with(|forms| forms.symbol(value))
    }
}

impl Mode for Symbolic {
    type Repr = Form;
    type Lift = Operands;
    type Blocks = Operands;
    type Gather<const P: usize, const L: usize> = Operands;
    const GRADIENT: bool = true;
    const SYMBOLIC: bool = true;

    fn constant(value: f64) -> Form {
        Form { value, id: NONE }
    }
    fn is_constant(form: Form) -> bool {
        form.id == NONE
    }
    fn value(form: Form) -> f64 {
        form.value
    }
    fn read(form: Form) -> f64 {
        if form.id != NONE {
            with(|forms| forms.spoiled |= !forms.library);
        }
        form.value
    }
    fn lift<const K: usize>(value: f64, operands: [(Real<Self>, f64); K]) -> Real<Self> {
        opaque(value, operands.into_iter().map(|(operand, _)| operand))
    }
    fn lift_shifted(value: f64, operand: Real<Self>, slope: f64, shift: f64) -> Real<Self> {
        with(|forms| forms.affine(value, [(operand, slope)].into_iter(), shift))
    }
    fn lift_scaled(value: f64, operand: Real<Self>, factor: f64) -> Real<Self> {
        with(|forms| forms.affine(value, [(operand, factor)].into_iter(), 0.0))
    }
    fn lift_sum(value: f64, operands: [(Real<Self>, f64); 2]) -> Real<Self> {
        with(|forms| forms.affine(value, operands.into_iter(), 0.0))
    }
    fn lift_times(value: f64, operands: [(Real<Self>, f64); 2]) -> Real<Self> {
        match operands {
            [(a, _), (b, by_b)] if a.0.id == NONE => Self::lift_scaled(value, b, by_b),
            [(a, by_a), (b, _)] if b.0.id == NONE => Self::lift_scaled(value, a, by_a),
            both => Self::lift(value, both),
        }
    }
    fn variable(value: f64, _: usize) -> Real<Self> {
        with(|forms| forms.symbol(value))
    }
    fn weighted_sum(x: &[Real<Self>], coefficients: &[f64]) -> Real<Self> {
        let operands = x.iter().copied().zip(coefficients.iter().copied());
        let value = operands.clone().map(|(x, c)| x.0.value * c).sum();
        with(|forms| forms.affine(value, operands, 0.0))
    }
    fn product(x: &[Real<Self>], y: &[Real<Self>]) -> Real<Self> {
        let value = x.iter().zip(y).map(|(x, y)| x.0.value * y.0.value).sum();
        opaque(value, x.iter().chain(y).copied())
    }
    fn chosen(one: Real<Self>) -> Real<Self> {
        opaque(one.0.value, [one].into_iter())
    }
    fn library(on: bool) -> bool {
        with(|forms| std::mem::replace(&mut forms.library, on))
    }
    fn follow<D>(mut items: impl Iterator<Item = D>, mut f: impl FnMut(D)) {
        loop {
            let before = Self::library(false);
            let item = items.next();
            Self::library(before);
            match item {
                Some(item) => f(item),
                None => return,
            }
        }
    }
    fn spoil() {
        with(|forms| forms.spoiled = true);
    }
    fn affine(form: Form, terms: &mut Vec<(u32, f64)>) -> f64 {
        with(|forms| {
            let (from, to, constant) = forms.span(form);
            terms.extend_from_slice(&forms.terms[from as usize..to as usize]);
            constant
        })
    }
    fn identity(form: Form) -> (bool, u64) {
        match form.id {
            NONE => (true, form.value.to_bits()),
            id => (false, u64::from(id)),
        }
    }
}
