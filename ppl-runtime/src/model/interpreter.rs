//! The statements of a model, as an interpreter hears them.

use super::{Elements, PerElement, Pins, Program};
use crate::dist::datum::Datum;
use crate::dist::distribution::{Distribution, Finite};
use crate::dist::impute::Incomplete;
use crate::real::{Mode, Real};
use crate::support::{Latent, ScalarLatent, Seq};

/// An open loop; see [`Interpreter::enter`].
#[derive(Copy, Clone, Debug, Default)]
pub struct Loop(pub(crate) usize, pub(crate) usize);

/// What the elements of a plate may have.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Has {
    /// Sites that are summed out.
    pub sums: bool,
    /// Latents.
    pub latents: bool,
    /// As many coordinates as any other element, whatever the data.
    pub regular: bool,
    /// Nothing of their own but the data of [`Interpreter::observe_at`].
    pub alike: bool,
}

/// What a body says to whoever runs it. `site` is an index into the model's table of sites.
pub trait Interpreter<'a, M: Mode>: Sized {
    /// A latent.
    fn sample<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, d: D) -> T::At<'a, M>;
    /// A discrete latent that is summed out.
    fn enumerate<T: Latent<At<'a, M> = T>, D: Finite<M, T>>(&mut self, site: u32, d: D) -> T;
    /// As [`Interpreter::enumerate`], of a site whose value is read inside of [`Interpreter::over`] alone, in statements of
    /// the sum that it belongs to.
    #[inline]
    fn enumerate_over<T: ScalarLatent + Latent<At<'a, M> = T>, D: Finite<M, T>>(
        &mut self,
        site: u32,
        d: D,
    ) -> T {
        self.enumerate(site, d)
    }
    /// A statement that reads the value of such a site: [`Interpreter::observe_over`] or [`Interpreter::factor`]. It may be
    /// executed for many values, one after the other.
    #[inline(always)]
    fn over<T: ScalarLatent>(&mut self, x: T, f: impl Fn(&mut Self, T)) {
        f(self, x);
    }
    /// As [`Interpreter::over`], of data with a binomial distribution in whose number of trials alone the value is read.
    #[inline(always)]
    fn over_trials<T: ScalarLatent>(&mut self, x: T, f: impl Fn(&mut Self, T)) {
        self.over(x, f);
    }
    /// Data, inside of [`Interpreter::over`].
    #[inline]
    fn observe_over<T: Datum<M, D> + ?Sized, D>(&mut self, site: u32, data: &T, d: D) {
        self.observe(site, data, d);
    }
    /// A discrete latent that decides which sites run.
    fn branch<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, d: D) -> T::At<'a, M>;
    /// Data.
    fn observe<T: Datum<M, D> + ?Sized, D>(&mut self, site: u32, data: &T, d: D);
    /// Data whose missing elements are latents.
    fn impute<T: Latent, X: Incomplete<M, T, D> + ?Sized, D>(
        &mut self,
        site: u32,
        data: &X,
        d: D,
    ) -> T::At<'a, M>;
    /// A term of the log likelihood.
    fn factor(&mut self, site: u32, term: impl Into<Real<M>>);
    /// Whether anybody listens to named values that are computed. If not, a body need not compute those that it doesn't read.
    #[inline(always)]
    fn derives(&self) -> bool {
        true
    }
    /// A named value that is computed.
    fn deterministic<T: Latent>(&mut self, site: u32, x: impl Into<T::At<'a, M>>) -> T::At<'a, M>;
    /// `n` conditionally independent elements.
    fn plate<R: Copy + 'a>(
        &mut self,
        site: u32,
        n: usize,
        f: impl Fn(&mut Self, usize) -> R,
    ) -> Seq<'a, R>;
    /// Data of one element of a plate or chain, of which every element has its own; the rest of the statement does not
    /// depend on the element.
    #[inline]
    fn observe_at<'x, T: Datum<M, D> + ?Sized + 'x, D>(
        &mut self,
        site: u32,
        element: usize,
        data: impl Fn(usize) -> &'x T,
        d: D,
    ) {
        self.observe(site, data(element), d);
    }
    /// `n` conditionally independent elements that have enumerated sites.
    fn plate_enumerated(&mut self, site: u32, n: usize, f: impl Fn(&mut Self, usize));
    /// `n` conditionally independent elements that count in their own way.
    fn plate_of<W: PerElement<f64>, K: PerElement<bool>, R>(
        &mut self,
        site: u32,
        n: usize,
        elements: Elements<W, K>,
        has: Has,
        f: impl Fn(&mut Self, usize) -> R,
    );
    /// A chain of `n` steps; enumerated states are summed by forward recursion, equal states merge.
    fn markov<S: Copy + PartialEq + 'a>(
        &mut self,
        site: u32,
        n: usize,
        init: S,
        f: impl Fn(&mut Self, usize, S) -> S,
    );
    /// As [`Interpreter::plate_enumerated`], of elements that differ in the data of [`Interpreter::observe_at`] alone.
    fn plate_alike(&mut self, site: u32, n: usize, f: impl Fn(&mut Self, usize)) {
        self.plate_enumerated(site, n, f);
    }
    /// As [`Interpreter::markov`], of steps that differ in the data of [`Interpreter::observe_at`] alone.
    fn markov_alike<S: Copy + PartialEq + 'a>(
        &mut self,
        site: u32,
        n: usize,
        init: S,
        f: impl Fn(&mut Self, usize, S) -> S,
    ) {
        self.markov(site, n, init, f);
    }
    /// A model inside the model.
    fn submodel<P: Program<M>>(&mut self, site: u32, program: &P) -> P::Output<'a>;
    /// Runs a part of the body, some of whose latents are given.
    fn given<R>(&mut self, pins: &Pins, f: impl FnOnce(&mut Self) -> R) -> R;
    /// Begins a loop.
    fn enter(&mut self, site: u32) -> Loop;
    /// Begins an element of a loop, and ends whatever was left open inside the one before.
    fn next(&mut self, open: Loop);
    /// Ends a loop, and whatever was left open inside it.
    fn leave(&mut self, open: Loop);
}
