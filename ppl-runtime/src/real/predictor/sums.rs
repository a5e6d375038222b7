//! Sums of terms, and products with data, a latent or a number.

use super::super::dot::sum_of_products;
use super::super::fault;
use super::super::kernels::LANES;
use super::super::mode::{Lift, Mode, Real};
use super::{Kept, Places, Term, fill};

/// a + b.
#[derive(Copy, Clone, Debug)]
pub struct Sum<A, B> {
    a: A,
    b: B,
    count: Option<usize>,
    fits: bool,
}

/// How many elements there are in all, and whether both have as many.
fn common(what: &str, a: Option<usize>, b: Option<usize>) -> (Option<usize>, bool) {
    match (a, b) {
        (Some(a), Some(b)) if a != b => {
            fault::set(format!("{what} of {a} and {b} elements in a predictor"));
            (Some(a.min(b)), false)
        }
        _ => (a.or(b), true),
    }
}

impl<A, B> Sum<A, B> {
    #[inline]
    pub(super) fn new<M: Mode>(a: A, b: B) -> Self
    where
        A: Term<M>,
        B: Term<M>,
    {
        let (count, fits) = common("a sum", a.count(), b.count());
        Sum { a, b, count, fits }
    }
}

impl<M: Mode, A: Term<M>, B: Term<M>> Term<M> for Sum<A, B> {
    fn count(&self) -> Option<usize> {
        self.count
    }
    #[inline]
    fn at(&self, i: usize) -> Real<M> {
        if self.fits {
            self.a.at(i) + self.b.at(i)
        } else {
            Real::constant(f64::NAN)
        }
    }
    #[inline]
    fn add_to(&self, places: Places<'_>, out: &mut [f64]) {
        if !self.fits {
            out.fill(f64::NAN);
            return;
        }
        self.a.add_to(places, out);
        self.b.add_to(places.after(A::DATA), out);
    }
    const DATA: usize = A::DATA + B::DATA;
    fn keep(&self, kept: &mut Kept) {
        self.a.keep(kept);
        self.b.keep(kept);
    }
    const SINGLE: bool = A::SINGLE && B::SINGLE;
    const PICKS: bool = A::PICKS || B::PICKS;
    #[inline(always)]
    fn added(&self, place: usize, sum: f64) -> f64 {
        if self.fits {
            self.b.added(place, self.a.added(place, sum))
        } else {
            f64::NAN
        }
    }
    #[inline]
    fn push(&self, places: Places<'_>, partials: &[f64], lift: &mut M::Lift) {
        self.a.push(places, partials, lift);
        self.b.push(places.after(A::DATA), partials, lift);
    }
}

/// A term times a number.
#[derive(Copy, Clone, Debug)]
pub struct Factor<E> {
    pub(super) term: E,
    pub(super) by: f64,
}

/// The block's elements of a term, in room for them.
#[inline]
pub(super) fn block<'r, M: Mode, E: Term<M>>(
    term: &E,
    places: Places<'_>,
    n: usize,
    room: &'r mut [f64; LANES],
) -> &'r mut [f64] {
    let values = &mut room[..n];
    fill(term, places, values);
    values
}

/// Adds a term's elements times a number.
#[inline]
fn add_scaled<M: Mode, E: Term<M>>(term: &E, by: f64, places: Places<'_>, out: &mut [f64]) {
    let mut room = [0.0; LANES];
    let values = block(term, places, out.len(), &mut room);
    for (o, v) in out.iter_mut().zip(values) {
        *o += by * *v;
    }
}

/// Sends partial derivatives times a number to a term.
#[inline]
fn push_scaled<M: Mode, E: Term<M>>(
    term: &E,
    by: f64,
    places: Places<'_>,
    partials: &[f64],
    lift: &mut M::Lift,
) {
    let mut room = [0.0; LANES];
    for (to, p) in room.iter_mut().zip(partials) {
        *to = by * p;
    }
    term.push(places, &room[..partials.len()], lift);
}

impl<M: Mode, E: Term<M>> Term<M> for Factor<E> {
    fn count(&self) -> Option<usize> {
        self.term.count()
    }
    #[inline]
    fn at(&self, i: usize) -> Real<M> {
        self.term.at(i) * self.by
    }
    #[inline]
    fn add_to(&self, places: Places<'_>, out: &mut [f64]) {
        add_scaled(&self.term, self.by, places, out);
    }
    const DATA: usize = E::DATA;
    fn keep(&self, kept: &mut Kept) {
        self.term.keep(kept);
    }
    const SINGLE: bool = E::SINGLE;
    const PICKS: bool = E::PICKS;
    #[inline(always)]
    fn added(&self, place: usize, sum: f64) -> f64 {
        sum + self.by * self.term.added(place, 0.0)
    }
    #[inline]
    fn push(&self, places: Places<'_>, partials: &[f64], lift: &mut M::Lift) {
        push_scaled(&self.term, self.by, places, partials, lift);
    }
}

/// A term times data.
#[derive(Copy, Clone, Debug)]
pub struct Weighted<'x, E> {
    term: E,
    x: &'x [f64],
    count: usize,
    fits: bool,
}

impl<'x, E> Weighted<'x, E> {
    #[inline]
    pub(super) fn new<M: Mode>(term: E, x: &'x [f64]) -> Self
    where
        E: Term<M>,
    {
        let (count, fits) = common("a product", term.count(), Some(x.len()));
        let count = count.unwrap_or(x.len());
        Weighted {
            term,
            x,
            count,
            fits,
        }
    }
}

impl<M: Mode, E: Term<M>> Term<M> for Weighted<'_, E> {
    fn count(&self) -> Option<usize> {
        Some(self.count)
    }
    #[inline]
    fn at(&self, i: usize) -> Real<M> {
        if self.fits {
            self.term.at(i) * self.x[i]
        } else {
            Real::constant(f64::NAN)
        }
    }
    #[inline]
    fn add_to(&self, places: Places<'_>, out: &mut [f64]) {
        if !self.fits {
            out.fill(f64::NAN);
            return;
        }
        let mut room = [0.0; LANES];
        let values = block(&self.term, places, out.len(), &mut room);
        let data = places.after(E::DATA);
        data.with_numbers(self.x, out.len(), |x| {
            for ((o, v), x) in out.iter_mut().zip(values).zip(x) {
                *o += *v * x;
            }
        });
    }
    const DATA: usize = E::DATA + 1;
    fn keep(&self, kept: &mut Kept) {
        self.term.keep(kept);
        kept.numbers(self.x);
    }
    const SINGLE: bool = E::SINGLE;
    const PICKS: bool = E::PICKS;
    #[inline(always)]
    fn added(&self, place: usize, sum: f64) -> f64 {
        if self.fits {
            sum + self.term.added(place, 0.0) * self.x[place]
        } else {
            f64::NAN
        }
    }
    #[inline]
    fn push(&self, places: Places<'_>, partials: &[f64], lift: &mut M::Lift) {
        let (mut products, n) = ([0.0; LANES], partials.len());
        places.after(E::DATA).with_numbers(self.x, n, |x| {
            for ((to, p), x) in products.iter_mut().zip(partials).zip(x) {
                *to = p * x;
            }
        });
        self.term.push(places, &products[..n], lift);
    }
}

/// A term times a latent.
#[derive(Copy, Clone, Debug)]
pub struct Stretched<M: Mode, E> {
    pub(super) term: E,
    pub(super) by: Real<M>,
}

impl<M: Mode, E: Term<M>> Term<M> for Stretched<M, E> {
    fn count(&self) -> Option<usize> {
        self.term.count()
    }
    #[inline]
    fn at(&self, i: usize) -> Real<M> {
        self.term.at(i) * self.by
    }
    #[inline]
    fn add_to(&self, places: Places<'_>, out: &mut [f64]) {
        add_scaled(&self.term, M::value(self.by.0), places, out);
    }
    const DATA: usize = E::DATA;
    fn keep(&self, kept: &mut Kept) {
        self.term.keep(kept);
    }
    const SINGLE: bool = E::SINGLE;
    const PICKS: bool = E::PICKS;
    #[inline(always)]
    fn added(&self, place: usize, sum: f64) -> f64 {
        sum + M::value(self.by.0) * self.term.added(place, 0.0)
    }
    #[inline]
    fn push(&self, places: Places<'_>, partials: &[f64], lift: &mut M::Lift) {
        let mut room = [0.0; LANES];
        let values = block(&self.term, places, partials.len(), &mut room);
        let by_factor = sum_of_products(values.len(), |k| partials[k], |k| values[k]);
        lift.push(self.by, by_factor);
        push_scaled(&self.term, M::value(self.by.0), places, partials, lift);
    }
}
