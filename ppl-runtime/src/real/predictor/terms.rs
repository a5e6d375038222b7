//! What has elements by itself.

use super::super::batch::{Batch, Product};
use super::super::dot::sum;
use super::super::kernels::plain_product;
use super::super::matrix::{MatVec, Rows};
use super::super::mode::{Lift, Mode, Real};
use super::{Kept, LANES, Places, Predictor, Term};

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
    fn at(&self, _: usize) -> Real<M> {
        self.0
    }
    #[inline]
    fn add_to(&self, _: Places<'_>, out: &mut [f64]) {
        let value = M::value(self.0.0);
        out.iter_mut().for_each(|o| *o += value);
    }
    const SINGLE: bool = true;
    #[inline(always)]
    fn added(&self, _: usize, sum: f64) -> f64 {
        sum + M::value(self.0.0)
    }
    #[inline]
    fn push(&self, _: Places<'_>, partials: &[f64], lift: &mut M::Lift) {
        lift.push(self.0, sum(partials));
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
    fn at(&self, i: usize) -> Real<M> {
        Real::constant(self.0[i])
    }
    #[inline]
    fn add_to(&self, places: Places<'_>, out: &mut [f64]) {
        places.with_numbers(self.0, out.len(), |x| {
            for (o, x) in out.iter_mut().zip(x) {
                *o += x;
            }
        });
    }
    const DATA: usize = 1;
    fn keep(&self, kept: &mut Kept) {
        kept.numbers(self.0);
    }
    const SINGLE: bool = true;
    #[inline(always)]
    fn added(&self, place: usize, sum: f64) -> f64 {
        sum + self.0[place]
    }
    #[inline]
    fn push(&self, _: Places<'_>, _: &[f64], _: &mut M::Lift) {}
}

/// A latent for each.
#[derive(Copy, Clone, Debug)]
pub struct Elements<'v, M: Mode>(&'v [Real<M>]);

impl<M: Mode> Term<M> for Elements<'_, M> {
    fn count(&self) -> Option<usize> {
        Some(self.0.len())
    }
    #[inline]
    fn at(&self, i: usize) -> Real<M> {
        self.0[i]
    }
    #[inline]
    fn add_to(&self, places: Places<'_>, out: &mut [f64]) {
        let mut room = [Real::constant(0.0); LANES];
        let values = places.of(self.0, out.len(), &mut room);
        for (o, v) in out.iter_mut().zip(values) {
            *o += M::value(v.0);
        }
    }
    const SINGLE: bool = true;
    #[inline(always)]
    fn added(&self, place: usize, sum: f64) -> f64 {
        sum + M::value(self.0[place].0)
    }
    #[inline]
    fn push(&self, places: Places<'_>, partials: &[f64], lift: &mut M::Lift) {
        let mut room = [Real::constant(0.0); LANES];
        lift.push_all(places.of(self.0, partials.len(), &mut room), partials);
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
    fn at(&self, i: usize) -> Real<M> {
        self.slope * self.x[i]
    }
    #[inline]
    fn add_to(&self, places: Places<'_>, out: &mut [f64]) {
        let slope = M::value(self.slope.0);
        places.with_numbers(self.x, out.len(), |x| {
            for (o, x) in out.iter_mut().zip(x) {
                *o += slope * x;
            }
        });
    }
    const DATA: usize = 1;
    fn keep(&self, kept: &mut Kept) {
        kept.numbers(self.x);
    }
    const SINGLE: bool = true;
    #[inline(always)]
    fn added(&self, place: usize, sum: f64) -> f64 {
        sum + M::value(self.slope.0) * self.x[place]
    }
    #[inline]
    fn push(&self, places: Places<'_>, partials: &[f64], lift: &mut M::Lift) {
        places.with_numbers(self.x, partials.len(), |x| {
            lift.push(self.slope, plain_product(partials, x));
        });
    }
}

macro_rules! matrices {
    ($([$($generics:tt)*] $type:ty, $name:ident;)*) => { $(
        impl<$($generics)*, M: Mode> Term<M> for $type {
            fn count(&self) -> Option<usize> {
                Some(self.len())
            }
            #[inline]
            fn at(&self, i: usize) -> Real<M> {
                $name::at(self, i)
            }
            #[inline]
            fn add_to(&self, places: Places<'_>, out: &mut [f64]) {
                let mut values = [0.0; LANES];
                let values = &mut values[..out.len()];
                match places {
                    Places::From(start) => self.values(start, values),
                    Places::Of(picked) => {
                        for (k, place) in picked.places.iter().enumerate() {
                            self.values(*place, &mut values[k..=k]);
                        }
                    }
                }
                for (o, v) in out.iter_mut().zip(values) {
                    *o += *v;
                }
            }
            #[inline]
            fn push(&self, places: Places<'_>, partials: &[f64], lift: &mut M::Lift) {
                match places {
                    Places::From(start) => $name::push(self, start, partials, lift),
                    Places::Of(picked) => {
                        for (k, place) in picked.places.iter().enumerate() {
                            $name::push(self, *place, &partials[k..=k], lift);
                        }
                    }
                }
            }
        }
        impl<$($generics)*, M: Mode> IntoTerm<M> for $type {
            type Term = Self;
            #[inline]
            fn into_term(self) -> Self {
                self
            }
        }
    )* };
}
matrices! {
    ['v, X: Rows + Copy] MatVec<'v, X, M>, MatVec;
    ['p, 'v, B: Batch<M>] &'p Product<'v, B, M>, Product;
}
