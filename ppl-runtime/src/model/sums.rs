//! Summing out enumerated sites: by running a part of the body again for every combination of their values.

use super::record::Recorder;
use super::run::Run;
use super::values::Values;
use super::watch::Watch;
use crate::dist::source::Source;
use crate::real::{Mode, Real, log_sum_exp};
use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

/// The accumulators of a run, set aside while a part of the body is summed.
#[derive(Copy, Clone)]
pub(super) struct Aside<M: Mode> {
    prior: Real<M>,
    likelihood: Real<M>,
    choice: Real<M>,
}

/// What was being collected around a sum.
pub(super) struct Collecting<'a, M: Mode> {
    lanes: bool,
    columns: bool,
    values: Values<'a, M>,
    silent: bool,
}

/// One term of a sum.
#[derive(Copy, Clone)]
pub(super) struct Term<M: Mode> {
    /// ln of the prior of the combination and of the latents in it.
    pub(super) prior: Real<M>,
    /// The same with the likelihood.
    pub(super) joint: Real<M>,
}

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    pub(super) fn set_aside(&mut self) -> Aside<M> {
        let aside = Aside {
            prior: self.prior,
            likelihood: self.likelihood,
            choice: self.choice,
        };
        self.clear();
        aside
    }

    pub(super) fn put_aside_back(&mut self, aside: Aside<M>) {
        (self.prior, self.likelihood, self.choice) = (aside.prior, aside.likelihood, aside.choice);
    }

    /// What is summed inside an execution that is collected adds up by itself.
    #[inline]
    pub(super) fn stop_collecting(&mut self) -> Collecting<'a, M> {
        Collecting {
            lanes: std::mem::take(&mut self.laned),
            columns: std::mem::take(&mut self.columns),
            values: std::mem::replace(&mut self.values, Values::none()),
            silent: std::mem::take(&mut self.silent),
        }
    }

    #[inline]
    pub(super) fn collect_again(&mut self, collecting: Collecting<'a, M>) {
        self.laned = collecting.lanes;
        self.columns = collecting.columns;
        self.values = collecting.values;
        self.silent = collecting.silent;
    }

    #[inline]
    pub(super) fn clear(&mut self) {
        let zero = Real::constant(0.0);
        (self.prior, self.likelihood, self.choice) = (zero, zero, zero);
    }

    /// What the execution just done contributes. A Jacobian that differs between combinations belongs to the sum.
    #[inline]
    pub(super) fn term(&self, latents: bool, jacobian: Option<Real<M>>) -> Term<M> {
        let mut prior = if latents {
            self.choice + self.prior
        } else {
            self.choice
        };
        if let Some(difference) = self.beyond(jacobian) {
            prior += difference;
        }
        Term {
            prior,
            joint: prior + self.likelihood,
        }
    }

    /// What the log Jacobian is more than that of the first combination.
    fn beyond(&self, first: Option<Real<M>>) -> Option<Real<M>> {
        let (first, now) = (first?, self.source.jacobian()?);
        (first.value() != now.value()).then(|| now - first)
    }

    /// Leaves the log Jacobian of the first combination in the source: the terms hold the differences from it.
    pub(super) fn put_back_jacobian(&mut self, first: Option<Real<M>>) {
        if let Some(difference) = self.beyond(first) {
            self.source.add_jacobian(-difference);
        }
    }

    /// Puts the accumulators back with the sum added: ln Σ prior to the prior, and to the likelihood
    /// ln Σ prior·likelihood − ln Σ prior.
    pub(super) fn put_back(&mut self, aside: Aside<M>, terms: &[Term<M>], latents: bool) {
        self.choice = aside.choice;
        let joint = total(terms.iter().map(|t| t.joint), self.arena);
        if !latents {
            // The priors of the combinations alone sum to one.
            self.prior = aside.prior;
            self.likelihood = aside.likelihood + joint;
            return;
        }
        let prior = total(terms.iter().map(|t| t.prior), self.arena);
        self.prior = aside.prior + prior;
        self.likelihood = aside.likelihood;
        // Where no combination is possible there is no likelihood to speak of.
        if prior.value() != f64::NEG_INFINITY {
            self.likelihood += joint - prior;
        }
    }

    /// Runs a part of the body for every combination of its enumerated sites.
    pub(super) fn sum(&mut self, f: impl Fn(&mut Self)) {
        if S::SIMULATES {
            f(self);
            return;
        }
        let recover = R::RECOVER && !self.recorder.paused();
        let collecting = self.stop_collecting();
        let aside = self.set_aside();
        let before = self.latents;
        let outer = self.digits.open();
        let start = self.source.mark();
        let depth = self.pins.depth();
        let mut terms = BumpVec::new_in(self.arena);
        let (mut chosen, mut values) = (Chosen::default(), Vec::new());
        let mut jacobian = None;
        self.recorder.pause(true);
        let mut columns = self.unheard();
        loop {
            self.digits.restart();
            self.source.rewind(start);
            self.pins.back_to(depth);
            self.clear();
            self.values.free = columns;
            f(self);
            let column = self.values.column.take();
            if column.as_ref().is_some_and(|c| c.failed()) {
                // From the beginning, value by value.
                columns = false;
                terms.clear();
                (chosen, jacobian) = (Chosen::default(), None);
                self.digits.close(outer);
                self.digits.open();
                continue;
            }
            jacobian = jacobian.or(self.source.jacobian());
            let mut term = self.term(self.latents > before, jacobian);
            let mut column = column;
            if let Some(column) = &mut column {
                let sums = column.total(self.latents > before);
                term.prior += sums.prior;
                term.joint += sums.joint;
            }
            terms.push(term);
            if recover && chosen.offer(term.joint.value(), self.recorder.uniform()) {
                values = self.digits.values();
                if let Some(column) = &mut column {
                    values.insert(column.digit, column.pick(self.recorder.uniform()));
                }
            }
            if !self.digits.advance() {
                break;
            }
        }
        self.recorder.pause(false);
        let latents = self.latents > before;
        if recover {
            (self.values.free, self.silent) = (false, true);
            self.digits.fix(&values);
            self.source.rewind(start);
            self.pins.back_to(depth);
            f(self);
        }
        self.digits.close(outer);
        self.put_back_jacobian(jacobian);
        self.put_back(aside, &terms, latents);
        self.collect_again(collecting);
    }
}

/// ln Σ eˣ; one term as it is.
fn total<M: Mode>(terms: impl ExactSizeIterator<Item = Real<M>>, arena: &Bump) -> Real<M> {
    let terms = BumpVec::from_iter_in(terms, arena);
    match terms[..] {
        [one] => one,
        _ => log_sum_exp(&terms),
    }
}

/// A draw from weights that come one by one.
#[derive(Default)]
pub(super) struct Chosen {
    /// The largest ln weight so far, and the sum of weights relative to it.
    sum: Option<(f64, f64)>,
}

impl Chosen {
    /// Whether this one replaces the choice so far: with probability weight / (sum of weights so far).
    pub(super) fn offer(&mut self, ln_weight: f64, u: f64) -> bool {
        let Some((max, sum)) = self.sum else {
            self.sum = Some((ln_weight, 1.0));
            return true;
        };
        if ln_weight > max {
            let sum = if max == f64::NEG_INFINITY {
                1.0
            } else {
                1.0 + sum * (max - ln_weight).exp()
            };
            self.sum = Some((ln_weight, sum));
            return u * sum < 1.0;
        }
        if ln_weight == f64::NEG_INFINITY {
            return false;
        }
        let weight = (ln_weight - max).exp();
        self.sum = Some((max, sum + weight));
        u * (sum + weight) < weight
    }
}

/// A draw from `n` weights that sum to one.
pub(super) fn pick(n: usize, weight: impl Fn(usize) -> f64, u: f64) -> usize {
    let (mut sum, mut last) = (0.0, 0);
    for k in 0..n {
        let weight = weight(k);
        if weight > 0.0 {
            sum += weight;
            last = k;
            if u < sum {
                break;
            }
        }
    }
    last
}
