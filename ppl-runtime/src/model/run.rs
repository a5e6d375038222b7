//! The interpreter: a source of values, accumulators, and a recorder.

use super::interpreter::{Interpreter, Loop};
use super::record::Recorder;
use crate::dist::datum::Datum;
use crate::dist::distribution::Distribution;
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use crate::support::{Latent, Seq};
use bumpalo::Bump;

/// Sees data and distributions as they pass by, beside the score.
pub trait Watch<M: Mode> {
    /// A latent's distribution.
    #[inline]
    fn sample<T: Latent, D: Distribution<M, T>>(&mut self, _site: u32, _d: &D) {}
    /// Data and their distribution.
    #[inline]
    fn observe<T: Datum<M, D> + ?Sized, D>(
        &mut self,
        _site: u32,
        _data: &T,
        _d: &D,
        _arena: &Bump,
    ) {
    }
    /// After a statement.
    #[inline]
    fn done(&mut self, _site: u32) {}
    /// Begins a loop.
    #[inline]
    fn enter(&mut self) {}
    /// Begins an element.
    #[inline]
    fn next(&mut self, _open: Loop) {}
    /// Ends a loop.
    #[inline]
    fn leave(&mut self, _open: Loop) {}
}

/// Sees nothing.
pub struct Blind;
impl<M: Mode> Watch<M> for Blind {}

/// One interpreter for all uses: what differs is where values come from and who listens, and both are types.
pub struct Run<'a, M: Mode, S, R, W = Blind> {
    /// Where values come from.
    pub source: S,
    /// Who records.
    pub recorder: R,
    /// Who watches.
    pub watch: W,
    /// Where data-sized values live.
    pub arena: &'a Bump,
    /// Σ of log priors.
    pub prior: Real<M>,
    /// Σ of log likelihoods.
    pub likelihood: Real<M>,
}

impl<'a, M: Mode, S, R, W> Run<'a, M, S, R, W> {
    /// Nothing run yet.
    #[inline]
    pub fn new(source: S, recorder: R, watch: W, arena: &'a Bump) -> Self {
        let (prior, likelihood) = (Real::constant(0.0), Real::constant(0.0));
        Run {
            source,
            recorder,
            watch,
            arena,
            prior,
            likelihood,
        }
    }
}

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Interpreter<'a, M>
    for Run<'a, M, S, R, W>
{
    #[inline]
    fn sample<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, d: D) -> T::At<'a, M> {
        self.watch.sample(site, &d);
        let x = d.draw(&mut self.source, self.arena);
        if S::PRIOR && R::SCORE {
            self.prior += d.log_prob(&x);
        }
        self.recorder.value::<T>(site, &x);
        self.watch.done(site);
        x
    }
    #[inline]
    fn observe<T: Datum<M, D> + ?Sized, D>(&mut self, site: u32, data: &T, d: D) {
        self.watch.observe(site, data, &d, self.arena);
        if R::SCORE {
            self.likelihood += data.score(&d, self.arena);
        }
        self.watch.done(site);
    }
    #[inline]
    fn factor(&mut self, site: u32, term: impl Into<Real<M>>) {
        if R::SCORE {
            self.likelihood += term.into();
        }
        self.watch.done(site);
    }
    #[inline]
    fn deterministic<T: Latent>(&mut self, site: u32, x: impl Into<T::At<'a, M>>) -> T::At<'a, M> {
        let x = x.into();
        self.recorder.value::<T>(site, &x);
        self.watch.done(site);
        x
    }
    #[inline]
    fn plate<Q: Copy + 'a>(
        &mut self,
        site: u32,
        n: usize,
        f: impl Fn(&mut Self, usize) -> Q,
    ) -> Seq<'a, Q> {
        let open = self.enter(site);
        let arena = self.arena;
        let values = arena.alloc_slice_fill_with(n, |i| {
            self.next(open);
            f(self, i)
        });
        self.leave(open);
        Seq(values)
    }
    #[inline]
    fn enter(&mut self, site: u32) -> Loop {
        self.watch.enter();
        Loop(self.recorder.enter(site))
    }
    #[inline]
    fn next(&mut self, open: Loop) {
        self.recorder.next(open.0);
        self.watch.next(open);
    }
    #[inline]
    fn leave(&mut self, open: Loop) {
        self.recorder.leave(open.0);
        self.watch.leave(open);
    }
}
