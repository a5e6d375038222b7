//! Summing out enumerated sites: by running a part of the body again for every combination of their values.

use super::interpreter::{Interpreter, Loop};
use super::record::Recorder;
use super::run::{Run, Watch};
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
    fn stop_collecting(&mut self) -> (bool, bool) {
        (
            std::mem::take(&mut self.lanes.on),
            std::mem::take(&mut self.columns),
        )
    }

    #[inline]
    pub(super) fn clear(&mut self) {
        let zero = Real::constant(0.0);
        (self.prior, self.likelihood, self.choice) = (zero, zero, zero);
    }

    /// What the execution just done contributes. A Jacobian that differs between combinations belongs to the sum.
    #[inline]
    fn term(&self, latents: bool, jacobian: Option<Real<M>>) -> Term<M> {
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
    fn put_back_jacobian(&mut self, first: Option<Real<M>>) {
        if let Some(difference) = self.beyond(first) {
            self.source.add_jacobian(-difference);
        }
    }

    /// Puts the accumulators back with the sum added: ln Σ prior to the prior, and to the likelihood
    /// ln Σ prior·likelihood − ln Σ prior.
    fn put_back(&mut self, aside: Aside<M>, terms: &[Term<M>], latents: bool) {
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
        let mut chosen = Chosen::default();
        let mut jacobian = None;
        self.recorder.pause(true);
        loop {
            self.digits.restart();
            self.source.rewind(start);
            self.pins.back_to(depth);
            self.clear();
            f(self);
            jacobian = jacobian.or(self.source.jacobian());
            let term = self.term(self.latents > before, jacobian);
            terms.push(term);
            if recover && chosen.offer(term.joint.value(), self.recorder.uniform()) {
                chosen.values = self.digits.values();
            }
            if !self.digits.advance() {
                break;
            }
        }
        self.recorder.pause(false);
        let latents = self.latents > before;
        if recover {
            self.digits.fix(&chosen.values);
            self.source.rewind(start);
            self.pins.back_to(depth);
            f(self);
        }
        self.digits.close(outer);
        self.put_back_jacobian(jacobian);
        self.put_back(aside, &terms, latents);
        (self.lanes.on, self.columns) = collecting;
    }

    /// The forward recursion of a chain (Rabiner 1989): after each step a weight for every state, equal states merged.
    pub(super) fn forward_recursion<Q: Copy + PartialEq + 'a>(
        &mut self,
        site: u32,
        n: usize,
        init: Q,
        f: impl Fn(&mut Self, usize, Q) -> Q,
    ) {
        let open = self.enter(site);
        let f = |run: &mut Self, t: usize, state: Q| {
            run.pins.element(open.1, t);
            f(run, t, state)
        };
        if S::SIMULATES {
            let mut state = init;
            for t in 0..n {
                self.next(open);
                state = f(self, t, state);
            }
            self.leave(open);
            return;
        }
        let recover = R::RECOVER && !self.recorder.paused();
        let collecting = self.stop_collecting();
        let begin = self.source.mark();
        let aside = self.set_aside();
        let before = self.latents;
        // Forward weights by step, for drawing the states backwards.
        let mut history: Vec<Vec<(Q, f64)>> = Vec::new();
        self.recorder.pause(true);
        let first = self.forward(n, init, begin, false, recover.then_some(&mut history), &f);
        let states = first.unwrap_or_else(|| {
            // Latents inside the chain: the priors of the paths have to be carried along as well.
            history.clear();
            let history = recover.then_some(&mut history);
            self.forward(n, init, begin, true, history, &f)
                .unwrap_or_else(|| BumpVec::new_in(self.arena))
        });
        self.recorder.pause(false);
        if recover {
            let last: Vec<(Q, f64)> = states.iter().map(|(q, w)| (*q, w.joint.value())).collect();
            self.draw_backwards(open, begin, &history, &last, &f);
        }
        self.leave(open);
        let terms: BumpVec<'_, Term<M>> =
            BumpVec::from_iter_in(states.iter().map(|s| s.1), self.arena);
        self.put_back(aside, &terms, self.latents > before);
        (self.lanes.on, self.columns) = collecting;
    }

    /// The states after the last step with their weights. Without `priors`, nothing as soon as a step has latents.
    fn forward<Q: Copy + PartialEq + 'a>(
        &mut self,
        n: usize,
        init: Q,
        begin: S::Mark,
        priors: bool,
        mut history: Option<&mut Vec<Vec<(Q, f64)>>>,
        f: &impl Fn(&mut Self, usize, Q) -> Q,
    ) -> Option<BumpVec<'a, (Q, Term<M>)>> {
        self.source.rewind(begin);
        let before = self.latents;
        let mut side_by_side = Self::SIDE_BY_SIDE && !priors && self.pins.quiet();
        let mut states: BumpVec<'a, (Q, Term<M>)> = BumpVec::new_in(self.arena);
        let zero = Real::constant(0.0);
        states.push((
            init,
            Term {
                prior: zero,
                joint: zero,
            },
        ));
        for t in 0..n {
            if let Some(history) = &mut history {
                history.push(states.iter().map(|(q, w)| (*q, w.joint.value())).collect());
            }
            let next = if side_by_side {
                self.step_in_lanes(&states, t, f)
            } else {
                None
            };
            side_by_side = next.is_some();
            states = match next {
                Some(states) => states,
                None => self.step(&states, t, priors, f),
            };
            if !priors && self.latents > before {
                return None;
            }
        }
        Some(states)
    }

    /// One step: every state so far, times every combination of the step's enumerated sites.
    fn step<Q: Copy + PartialEq + 'a>(
        &mut self,
        states: &[(Q, Term<M>)],
        t: usize,
        priors: bool,
        f: &impl Fn(&mut Self, usize, Q) -> Q,
    ) -> BumpVec<'a, (Q, Term<M>)> {
        let arena = self.arena;
        let start = self.source.mark();
        let mut paths: BumpVec<'a, (Q, Term<M>)> = BumpVec::new_in(arena);
        let mut jacobian = None;
        for (state, weight) in states {
            self.paths(*state, t, start, f, |run, next| {
                jacobian = jacobian.or(run.source.jacobian());
                let one = run.term(priors, jacobian);
                let prior = if priors {
                    weight.prior + one.prior
                } else {
                    weight.prior
                };
                paths.push((
                    next,
                    Term {
                        prior,
                        joint: weight.joint + one.joint,
                    },
                ));
            });
        }
        self.put_back_jacobian(jacobian);
        let mut merged: BumpVec<'a, (Q, Term<M>)> = BumpVec::new_in(arena);
        for (k, (state, first)) in paths.iter().enumerate() {
            if merged.iter().any(|m| m.0 == *state) {
                continue;
            }
            let same = || paths[k..].iter().filter(|p| p.0 == *state).map(|p| p.1);
            if same().count() == 1 {
                merged.push((*state, *first));
                continue;
            }
            let joint = log_sum_exp(&BumpVec::from_iter_in(same().map(|t| t.joint), arena));
            let prior = if priors {
                log_sum_exp(&BumpVec::from_iter_in(same().map(|t| t.prior), arena))
            } else {
                first.prior
            };
            merged.push((*state, Term { prior, joint }));
        }
        merged
    }

    /// Runs one step from one state for every combination of the step's enumerated sites.
    fn paths<Q: Copy>(
        &mut self,
        state: Q,
        t: usize,
        start: S::Mark,
        f: &impl Fn(&mut Self, usize, Q) -> Q,
        mut each: impl FnMut(&mut Self, Q),
    ) {
        let outer = self.digits.open();
        loop {
            self.digits.restart();
            self.source.rewind(start);
            self.clear();
            let next = f(self, t, state);
            each(self, next);
            if !self.digits.advance() {
                break;
            }
        }
        self.digits.close(outer);
    }

    /// Draws the states backwards given the forward weights, then runs the chain once more on them, recording
    /// (forward filtering, backward sampling; Carter & Kohn 1994).
    fn draw_backwards<Q: Copy + PartialEq + 'a>(
        &mut self,
        open: Loop,
        begin: S::Mark,
        history: &[Vec<(Q, f64)>],
        last: &[(Q, f64)],
        f: &impl Fn(&mut Self, usize, Q) -> Q,
    ) {
        // Where each step begins in the source, from a run along any one path.
        self.source.rewind(begin);
        self.recorder.pause(true);
        let mut marks = Vec::with_capacity(history.len());
        for (t, states) in history.iter().enumerate() {
            marks.push(self.source.mark());
            let outer = self.digits.open();
            if let Some((state, _)) = states.first() {
                f(self, t, *state);
            }
            self.digits.close(outer);
        }
        let mut target = None;
        let mut chosen = Chosen::default();
        for (state, weight) in last {
            if chosen.offer(*weight, self.recorder.uniform()) {
                target = Some(*state);
            }
        }
        let mut steps: Vec<(Q, Vec<(usize, usize)>)> = Vec::new();
        for t in (0..history.len()).rev() {
            let mut chosen = Chosen::default();
            let (mut from, mut jacobian) = (None, None);
            for (state, weight) in &history[t] {
                self.paths(*state, t, marks[t], f, |run, next| {
                    jacobian = jacobian.or(run.source.jacobian());
                    if target != Some(next) {
                        return;
                    }
                    let term = run.term(true, jacobian);
                    if chosen.offer(weight + term.joint.value(), run.recorder.uniform()) {
                        chosen.values = run.digits.values();
                        from = Some(*state);
                    }
                });
            }
            let Some(state) = from else { break };
            steps.push((state, std::mem::take(&mut chosen.values)));
            target = Some(state);
        }
        self.recorder.pause(false);
        self.source.rewind(begin);
        for (t, (state, values)) in steps.iter().rev().enumerate() {
            self.next(open);
            let outer = self.digits.open();
            self.digits.fix(values);
            f(self, t, *state);
            self.digits.close(outer);
        }
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
struct Chosen {
    ln_sum: Option<f64>,
    values: Vec<(usize, usize)>,
}

impl Chosen {
    /// Whether this one replaces the choice so far: with probability weight / (sum of weights so far).
    fn offer(&mut self, ln_weight: f64, u: f64) -> bool {
        let Some(sum) = self.ln_sum else {
            self.ln_sum = Some(ln_weight);
            return true;
        };
        let (high, low) = if ln_weight > sum {
            (ln_weight, sum)
        } else {
            (sum, ln_weight)
        };
        let total = if high == f64::NEG_INFINITY {
            high
        } else {
            high + (low - high).exp().ln_1p()
        };
        self.ln_sum = Some(total);
        u < (ln_weight - total).exp()
    }
}
