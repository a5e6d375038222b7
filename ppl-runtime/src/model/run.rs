//! What one execution of a model has: a source of values, accumulators, a recorder and who watches.

use super::digits::Digits;
use super::lanes::Lanes;
use super::pins::Cursor;
use super::record::Recorder;
use super::sheet::Sheet;
use super::shelf::Shelf;
use super::values::Values;
use super::watch::{Blind, Watch};
use super::{Batch, Model};
use crate::dist::distribution::Distribution;
use crate::dist::reduced::Reducing;
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use crate::support::{Latent, Reader};
use bumpalo::Bump;

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
    /// Values of enumerated sites.
    pub digits: &'a mut Digits,
    /// Σ of log priors.
    pub prior: Real<M>,
    /// Σ of log likelihoods.
    pub likelihood: Real<M>,
    /// Σ of log priors of enumerated sites in the sum under way.
    pub(super) choice: Real<M>,
    /// Latents so far whose prior was added.
    pub(super) latents: usize,
    /// All latents so far.
    pub(super) drawn: usize,
    /// Executions side by side.
    pub(super) lanes: Shelf<'a, Lanes<'a, M>>,
    /// Whether statements are collected in them now.
    pub(super) laned: bool,
    /// Executions that serve many elements.
    pub(super) sheet: Shelf<'a, Sheet<'a, M>>,
    /// Whether one is under way.
    pub(super) columns: bool,
    /// The column of values of the sum under way.
    pub(super) values: Values<'a, M>,
    /// Whether what is executed is scored already, and only recorded.
    pub(super) silent: bool,
    /// The choice of elements of plates that are subsampled; all of them if there is none.
    pub(super) batch: Option<Batch>,
    /// Subsampled plates so far.
    pub(super) plates: u64,
    /// Latents whose values are given.
    pub(super) pins: Cursor<'a>,
    /// Statistics of sites.
    pub(super) reducing: Reducing<'a>,
}

impl<'a, M: Mode, S, R, W> Run<'a, M, S, R, W> {
    /// Nothing run yet.
    #[inline]
    pub fn new(source: S, recorder: R, watch: W, arena: &'a Bump, digits: &'a mut Digits) -> Self {
        digits.clear();
        let zero = Real::constant(0.0);
        let (prior, likelihood, choice, latents) = (zero, zero, zero, 0);
        Run {
            source,
            recorder,
            watch,
            arena,
            digits,
            prior,
            likelihood,
            choice,
            latents,
            drawn: 0,
            lanes: Shelf::new(arena),
            laned: false,
            sheet: Shelf::new(arena),
            columns: false,
            values: Values::none(),
            silent: false,
            batch: None,
            plates: 0,
            pins: Cursor::new(arena),
            reducing: Reducing::Off,
        }
    }
}

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    /// Runs a whole model.
    #[inline]
    pub fn model<Md: Model>(&mut self, model: &Md) {
        if Md::SUMS {
            self.sum(|run| {
                if let Some(division) = run.watch.division() {
                    division.restart();
                }
                model.run::<M, _>(run);
            });
        } else {
            model.run::<M, _>(self);
        }
    }
}

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    /// Whether densities are wanted.
    #[inline(always)]
    pub(super) fn scores(&self) -> bool {
        R::SCORE && !(R::RECOVER && self.silent)
    }
    /// The value of a latent that is given, if it is.
    #[cold]
    #[inline(never)]
    pub(super) fn given_value<T: Latent, D: Distribution<M, T>>(
        &mut self,
        site: u32,
        d: &D,
    ) -> Option<T::At<'a, M>> {
        let (Reader(numbers), scored) = self.pins.find(site)?;
        let x = T::form::<M>(&mut Reader(numbers), self.arena);
        if !W::BLIND {
            let mut lengths = [0; 2];
            if T::LEN.is_none() && S::SIMULATES {
                let drawn = d.draw(&mut self.source, self.arena);
                lengths = [&x, &drawn].map(|v| {
                    let mut numbers = Vec::new();
                    T::reals::<M>(v, &mut numbers);
                    numbers.len()
                });
            }
            let plain = T::read(&mut Reader(numbers));
            self.watch.given(site, d, &plain, lengths);
        }
        if scored && R::SCORE {
            self.likelihood += d.log_prob(&x);
        }
        self.recorder.derived::<T>(site, &x);
        self.watch.done(site);
        Some(x)
    }
}
