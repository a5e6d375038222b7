//! Data some of whose elements are missing, and become latents.

use super::combinators::{Iid, IidN};
use super::distribution::Distribution;
use super::each::Each;
use super::report::{Problem, Report};
use crate::real::{Mode, Real};
use crate::support::{Latent, Seq};
use bumpalo::Bump;

/// Takes the elements of data one by one, the missing ones too, and says what the value of each is.
pub trait Completes<M: Mode> {
    /// The value of an element.
    fn element<D: Distribution<M, f64>>(&mut self, d: &D, x: Option<f64>) -> Real<M>;
}

/// Data that `impute` completes to a value of type `T`.
#[diagnostic::on_unimplemented(
    message = "data of type `{Self}` can't be completed to `{T}` from `{D}`",
    label = "can't be imputed",
    note = "a slice of `Option<f64>` is completed to `Vec<f64>`, from `.iid()`, `.iid_n(n)` or `each(..)`; an `Option<f64>` to `f64`"
)]
pub trait Incomplete<M: Mode, T: Latent, D> {
    /// The whole value.
    fn complete<'a>(&self, d: &D, arena: &'a Bump, by: &mut impl Completes<M>) -> T::At<'a, M>;
    /// Looks at the elements that are there.
    fn check(&self, d: &D, report: &mut Report);
}

impl<M: Mode, D: Distribution<M, f64>> Incomplete<M, f64, D> for Option<f64> {
    fn complete(&self, d: &D, _: &Bump, by: &mut impl Completes<M>) -> Real<M> {
        by.element(d, *self)
    }
    fn check(&self, d: &D, report: &mut Report) {
        match self {
            Some(x) => d.check_observation(x, report),
            None => d.check(report),
        }
    }
}

/// Distributions of independent elements.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a distribution of independent elements",
    label = "the elements of these data have no distribution each",
    note = "write `.iid()`, `.iid_n(n)` or `each(items, |item| ..)`"
)]
pub trait Elementwise<M: Mode> {
    /// The distribution of one.
    type Element: Distribution<M, f64>;
    /// Goes through the distributions of `n` elements.
    fn each(&self, n: usize, f: impl FnMut(usize, &Self::Element));
    /// How many there are, if it says.
    fn count(&self) -> Option<usize>;
}
impl<M: Mode, D: Distribution<M, f64>> Elementwise<M> for Iid<D> {
    type Element = D;
    fn each(&self, n: usize, mut f: impl FnMut(usize, &D)) {
        (0..n).for_each(|i| f(i, &self.0));
    }
    fn count(&self) -> Option<usize> {
        None
    }
}
impl<M: Mode, D: Distribution<M, f64>> Elementwise<M> for IidN<D> {
    type Element = D;
    fn each(&self, n: usize, mut f: impl FnMut(usize, &D)) {
        (0..n).for_each(|i| f(i, &self.0));
    }
    fn count(&self) -> Option<usize> {
        Some(self.1)
    }
}
impl<M: Mode, D: Distribution<M, f64>, I: IntoIterator + Clone, F: Fn(I::Item) -> D> Elementwise<M>
    for Each<I, F>
{
    type Element = D;
    fn each(&self, n: usize, mut f: impl FnMut(usize, &D)) {
        for (i, d) in self.items().take(n).enumerate() {
            f(i, &d);
        }
    }
    fn count(&self) -> Option<usize> {
        Some(self.items().count())
    }
}

impl<M: Mode, D: Elementwise<M>> Incomplete<M, Vec<f64>, D> for [Option<f64>] {
    fn complete<'a>(&self, d: &D, arena: &'a Bump, by: &mut impl Completes<M>) -> Seq<'a, Real<M>> {
        let nothing = Real::constant(f64::NAN);
        let values = arena.alloc_slice_fill_copy(self.len(), nothing);
        d.each(self.len(), |i, d| values[i] = by.element(d, self[i]));
        Seq(values)
    }
    fn check(&self, d: &D, report: &mut Report) {
        if let Some(n) = d.count().filter(|n| *n != self.len()) {
            report.problem(Problem::Length {
                data: self.len(),
                distribution: n,
            });
        }
        d.each(self.len(), |i, d| {
            report.element(i, |r| Incomplete::<M, f64, _>::check(&self[i], d, r));
        });
    }
}
impl<M: Mode, D: Elementwise<M>> Incomplete<M, Vec<f64>, D> for Vec<Option<f64>> {
    fn complete<'a>(&self, d: &D, arena: &'a Bump, by: &mut impl Completes<M>) -> Seq<'a, Real<M>> {
        self[..].complete(d, arena, by)
    }
    fn check(&self, d: &D, report: &mut Report) {
        self[..].check(d, report);
    }
}
impl<M: Mode, D: Elementwise<M>, const N: usize> Incomplete<M, Vec<f64>, D> for [Option<f64>; N] {
    fn complete<'a>(&self, d: &D, arena: &'a Bump, by: &mut impl Completes<M>) -> Seq<'a, Real<M>> {
        self[..].complete(d, arena, by)
    }
    fn check(&self, d: &D, report: &mut Report) {
        self[..].check(d, report);
    }
}
impl<M: Mode, T: Latent, D, X: Incomplete<M, T, D> + ?Sized> Incomplete<M, T, D> for &X {
    fn complete<'a>(&self, d: &D, arena: &'a Bump, by: &mut impl Completes<M>) -> T::At<'a, M> {
        (**self).complete(d, arena, by)
    }
    fn check(&self, d: &D, report: &mut Report) {
        (**self).check(d, report);
    }
}
