//! What has elements by itself.

use super::super::batch::{Batch, Product};
use super::super::matrix::{MatVec, Rows};
use super::super::mode::{Lift, Mode, Real};
use super::{Predictor, Term};

/// What a predictor takes as a term.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a term of a predictor",
    note = "terms are numbers, latents, references to vectors of either, and other predictors"
)]
pub trait IntoTerm<M: Mode> {
    /// The term.
    type Term: Term<M>;
    /// It as a term.
    fn into_term(self) -> Self::Term;
}

impl<M: Mode, E: Term<M>> IntoTerm<M> for Predictor<M, E> {
    type Term = E;
    #[inline]
    fn into_term(self) -> E {
        self.term
    }
}

/// The same number for all.
#[derive(Copy, Clone, Debug)]
pub struct Shared<M: Mode>(Real<M>);

impl<M: Mode> Term<M> for Shared<M> {
    fn count(&self) -> Option<usize> {
        None
    }
    #[inline]
    fn add_to(&self, _: usize, out: &mut [f64]) {
        let value = M::value(self.0.0);
        out.iter_mut().for_each(|o| *o += value);
    }
    #[inline]
    fn push(&self, _: usize, partials: &[f64], lift: &mut M::Lift) {
        lift.push(self.0, partials.iter().sum());
    }
}

impl<M: Mode> IntoTerm<M> for Real<M> {
    type Term = Shared<M>;
    #[inline]
    fn into_term(self) -> Shared<M> {
        Shared(self)
    }
}
impl<M: Mode> IntoTerm<M> for f64 {
    type Term = Shared<M>;
    #[inline]
    fn into_term(self) -> Shared<M> {
        Shared(Real::constant(self))
    }
}

/// A number for each.
#[derive(Copy, Clone, Debug)]
pub struct Data<'x>(&'x [f64]);

impl<M: Mode> Term<M> for Data<'_> {
    fn count(&self) -> Option<usize> {
        Some(self.0.len())
    }
    #[inline]
    fn add_to(&self, start: usize, out: &mut [f64]) {
        for (o, x) in out.iter_mut().zip(&self.0[start..]) {
            *o += x;
        }
    }
    #[inline]
    fn push(&self, _: usize, _: &[f64], _: &mut M::Lift) {}
}

/// A latent for each.
#[derive(Copy, Clone, Debug)]
pub struct Elements<'v, M: Mode>(&'v [Real<M>]);

impl<M: Mode> Term<M> for Elements<'_, M> {
    fn count(&self) -> Option<usize> {
        Some(self.0.len())
    }
    #[inline]
    fn add_to(&self, start: usize, out: &mut [f64]) {
        for (o, v) in out.iter_mut().zip(&self.0[start..]) {
            *o += M::value(v.0);
        }
    }
    #[inline]
    fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        lift.push_all(&self.0[start..], partials);
    }
}

macro_rules! slices {
    ($([$($generics:tt)*] $type:ty, |$x:ident| $slice:expr;)*) => { $(
        impl<'x, M: Mode, $($generics)*> IntoTerm<M> for &'x $type
        where
            [f64]: 'x,
        {
            type Term = Data<'x>;
            #[inline]
            fn into_term(self) -> Data<'x> {
                let $x = self;
                Data($slice)
            }
        }
    )* };
}
slices! {
    [] [f64], |x| x;
    [] Vec<f64>, |x| x;
    [const N: usize] [f64; N], |x| x;
}

macro_rules! latents {
    ($([$($generics:tt)*] $type:ty, |$x:ident| $slice:expr;)*) => { $(
        impl<'v, M: Mode, $($generics)*> IntoTerm<M> for &'v $type {
            type Term = Elements<'v, M>;
            #[inline]
            fn into_term(self) -> Elements<'v, M> {
                let $x = self;
                Elements($slice)
            }
        }
    )* };
}
latents! {
    [] [Real<M>], |x| x;
    [] Vec<Real<M>>, |x| x;
    [const N: usize] [Real<M>; N], |x| x;
}

/// A coefficient times data.
#[derive(Copy, Clone, Debug)]
pub struct Slope<'x, M: Mode> {
    pub(super) slope: Real<M>,
    pub(super) x: &'x [f64],
}

impl<M: Mode> Term<M> for Slope<'_, M> {
    fn count(&self) -> Option<usize> {
        Some(self.x.len())
    }
    #[inline]
    fn add_to(&self, start: usize, out: &mut [f64]) {
        let slope = M::value(self.slope.0);
        for (o, x) in out.iter_mut().zip(&self.x[start..]) {
            *o += slope * x;
        }
    }
    #[inline]
    fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        lift.push(self.slope, product(partials, &self.x[start..]));
    }
}

/// Σ a\[i\]·b\[i\], in lanes.
#[inline]
pub(super) fn product(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (a[..n].as_chunks::<8>(), b[..n].as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.0.iter().zip(b.0) {
        for k in 0..8 {
            sums[k] += a[k] * b[k];
        }
    }
    let rest: f64 = a.1.iter().zip(b.1).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

impl<X: Rows + Copy, M: Mode> Term<M> for MatVec<'_, X, M> {
    fn count(&self) -> Option<usize> {
        Some(self.len())
    }
    #[inline]
    fn add_to(&self, start: usize, out: &mut [f64]) {
        let mut values = [0.0; super::LANES];
        let values = &mut values[..out.len()];
        self.values(start, values);
        for (o, v) in out.iter_mut().zip(values) {
            *o += *v;
        }
    }
    #[inline]
    fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        MatVec::push(self, start, partials, lift);
    }
}
impl<X: Rows + Copy, M: Mode> IntoTerm<M> for MatVec<'_, X, M> {
    type Term = Self;
    #[inline]
    fn into_term(self) -> Self {
        self
    }
}

impl<'p, 'v, B: Batch<M>, M: Mode> Term<M> for &'p Product<'v, B, M> {
    fn count(&self) -> Option<usize> {
        Some(self.len())
    }
    #[inline]
    fn add_to(&self, start: usize, out: &mut [f64]) {
        let mut values = [0.0; super::LANES];
        let values = &mut values[..out.len()];
        self.values(start, values);
        for (o, v) in out.iter_mut().zip(values) {
            *o += *v;
        }
    }
    #[inline]
    fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        Product::push(self, start, partials, lift);
    }
}
impl<'p, 'v, B: Batch<M>, M: Mode> IntoTerm<M> for &'p Product<'v, B, M> {
    type Term = Self;
    #[inline]
    fn into_term(self) -> Self {
        self
    }
}
