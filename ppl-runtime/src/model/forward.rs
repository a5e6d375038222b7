//! The forward recursion of a chain, path by path, and draws of its states backwards.

use super::digits::Digits;
use super::interpreter::{Interpreter, Loop};
use super::record::Recorder;
use super::run::Run;
use super::sums::{Chosen, Term};
use super::watch::Watch;
use crate::dist::source::Source;
use crate::real::{Mode, Real, log_sum_exp};
use bumpalo::collections::Vec as BumpVec;
use std::ops::Range;

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
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
        // For drawing the states backwards.
        let mut history = Paths::default();
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
        self.collect_again(collecting);
    }

    /// The states after the last step with their weights. Without `priors`, nothing as soon as a step has latents.
    fn forward<Q: Copy + PartialEq + 'a>(
        &mut self,
        n: usize,
        init: Q,
        begin: S::Mark,
        priors: bool,
        mut history: Option<&mut Paths<Q>>,
        f: &impl Fn(&mut Self, usize, Q) -> Q,
    ) -> Option<BumpVec<'a, (Q, Term<M>)>> {
        self.source.rewind(begin);
        let before = self.latents;
        let mut side_by_side = self.unheard() && !priors && self.pins.quiet();
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
            let mut history = history.as_deref_mut();
            let next = if side_by_side {
                self.step_in_lanes(&states, t, history.as_deref_mut(), f)
            } else {
                None
            };
            side_by_side = next.is_some();
            states = match next {
                Some(states) => states,
                None => self.step(&states, t, priors, history.as_deref_mut(), f),
            };
            if let Some(history) = history {
                history.end_step();
            }
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
        mut history: Option<&mut Paths<Q>>,
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
                let joint = weight.joint + one.joint;
                if let Some(history) = &mut history {
                    history.push(*state, next, joint.value(), run.digits);
                }
                paths.push((next, Term { prior, joint }));
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
        history: &Paths<Q>,
        last: &[(Q, f64)],
        f: &impl Fn(&mut Self, usize, Q) -> Q,
    ) {
        let mut target = None;
        let mut chosen = Chosen::default();
        for (state, weight) in last {
            if chosen.offer(*weight, self.recorder.uniform()) {
                target = Some(*state);
            }
        }
        let mut taken = Vec::with_capacity(history.ends.len());
        self.draw_steps(history, target, &mut taken);
        self.source.rewind(begin);
        self.record_steps(open, &taken, f);
    }

    /// Draws the steps before the one that ends in state `target`, the last first: where they begin, and the values of their
    /// sites.
    pub(super) fn draw_steps<'p, Q: Copy + PartialEq>(
        &mut self,
        history: &'p Paths<Q>,
        mut target: Option<Q>,
        taken: &mut Vec<(Q, &'p [(usize, usize)])>,
    ) {
        for step in history.steps().rev() {
            let (mut chosen, mut choice) = (Chosen::default(), None);
            for path in step.iter().filter(|p| target == Some(p.to)) {
                if chosen.offer(path.joint, self.recorder.uniform()) {
                    choice = Some(path);
                }
            }
            let Some(path) = choice else { break };
            taken.push((path.from, &history.digits[path.digits.clone()]));
            target = Some(path.from);
        }
    }

    /// Runs a chain on steps that were drawn, the last first, recording.
    pub(super) fn record_steps<Q: Copy>(
        &mut self,
        open: Loop,
        taken: &[(Q, &[(usize, usize)])],
        f: &impl Fn(&mut Self, usize, Q) -> Q,
    ) {
        self.silent = true;
        for (t, (from, values)) in taken.iter().rev().enumerate() {
            self.next(open);
            let outer = self.digits.open();
            self.digits.fix(values);
            f(self, t, *from);
            self.digits.close(outer);
        }
        self.silent = false;
    }
}

/// One way from a state to a state in one step.
struct Path<Q> {
    from: Q,
    to: Q,
    /// The log of its forward weight.
    joint: f64,
    /// The values of the step's enumerated sites.
    digits: Range<usize>,
}

/// The paths of all steps so far.
pub(super) struct Paths<Q> {
    paths: Vec<Path<Q>>,
    digits: Vec<(usize, usize)>,
    /// Where each step ends.
    ends: Vec<usize>,
}

impl<Q> Default for Paths<Q> {
    fn default() -> Self {
        Paths {
            paths: Vec::new(),
            digits: Vec::new(),
            ends: Vec::new(),
        }
    }
}

impl<Q> Paths<Q> {
    fn clear(&mut self) {
        self.paths.clear();
        self.digits.clear();
        self.ends.clear();
    }
    /// A path of the step under way.
    pub(super) fn push(&mut self, from: Q, to: Q, joint: f64, digits: &Digits) {
        let begin = self.digits.len();
        digits.append(&mut self.digits);
        self.paths.push(Path {
            from,
            to,
            joint,
            digits: begin..self.digits.len(),
        });
    }
    /// The weights of the paths of the step under way.
    pub(super) fn weigh(&mut self, joint: &[f64]) {
        let begin = self.ends.last().copied().unwrap_or(0);
        for (path, joint) in self.paths[begin..].iter_mut().zip(joint) {
            path.joint = *joint;
        }
    }
    /// Forgets the step under way.
    pub(super) fn forget_step(&mut self) {
        self.paths.truncate(self.ends.last().copied().unwrap_or(0));
    }
    pub(super) fn end_step(&mut self) {
        self.ends.push(self.paths.len());
    }
    fn steps(&self) -> impl DoubleEndedIterator<Item = &[Path<Q>]> {
        (0..self.ends.len()).map(|t| {
            let begin = if t == 0 { 0 } else { self.ends[t - 1] };
            &self.paths[begin..self.ends[t]]
        })
    }
}
