//! Steps of a chain whose paths are executed side by side.

use super::forward::Paths;
use super::record::Recorder;
use super::run::Run;
use super::sums::Term;
use super::watch::Watch;
use crate::dist::source::Source;
use crate::real::kernels::{LANES, exp};
use crate::real::{Lift, Mode, Real};
use bumpalo::collections::Vec as BumpVec;

/// The states after a step, with their weights.
type States<'a, M, Q> = BumpVec<'a, (Q, Term<M>)>;

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    /// One step of the forward recursion with all its paths in lanes. None if they are too many, not alike, or have
    /// latents: then nothing has been done.
    pub(super) fn step_in_lanes<Q: Copy + PartialEq + 'a>(
        &mut self,
        states: &[(Q, Term<M>)],
        t: usize,
        mut history: Option<&mut Paths<Q>>,
        f: &impl Fn(&mut Self, usize, Q) -> Q,
    ) -> Option<States<'a, M, Q>> {
        let start = self.source.mark();
        let (before, drawn) = (self.latents, self.drawn);
        let mut nexts = [states.first()?.0; LANES];
        let mut paths = 0;
        let mut from = [0; LANES];
        self.lanes.get().clear();
        self.lanes.get().row();
        self.clear();
        let mut alike = true;
        for (s, (state, _)) in states.iter().enumerate() {
            let outer = self.digits.open();
            loop {
                let lane = paths;
                if lane == LANES {
                    alike = false;
                    break;
                }
                self.digits.restart();
                self.lanes.get().begin(lane);
                self.laned = true;
                nexts[lane] = f(self, t, *state);
                from[lane] = s;
                if let Some(history) = &mut history {
                    history.push(*state, nexts[lane], 0.0, self.digits);
                }
                paths += 1;
                let rest = self.take_total();
                self.laned = false;
                alike = self.lanes.get().end(rest) && self.drawn == drawn;
                if !alike || !self.digits.advance() {
                    break;
                }
            }
            self.digits.close(outer);
            if !alike {
                break;
            }
        }
        if !alike {
            self.latents = before;
            self.source.rewind(start);
            if let Some(history) = history {
                history.forget_step();
            }
            return None;
        }
        Some(self.merge(states, &from[..paths], &nexts[..paths], history))
    }

    /// Sums the weights of the paths that end in the same state.
    fn merge<Q: Copy + PartialEq + 'a>(
        &mut self,
        states: &[(Q, Term<M>)],
        from: &[usize],
        nexts: &[Q],
        history: Option<&mut Paths<Q>>,
    ) -> States<'a, M, Q> {
        let n = nexts.len();
        let mut joint = self.lanes.get().score(n)[0];
        for (j, s) in joint.iter_mut().zip(from) {
            *j += states[*s].1.joint.value();
        }
        if let Some(history) = history {
            history.weigh(&joint[..n]);
        }
        // The states that come out, which path leads to which, and the largest weight of each.
        let mut merged: States<'a, M, Q> = BumpVec::with_capacity_in(states.len(), self.arena);
        let (mut group, mut max) = ([0; LANES], [f64::NEG_INFINITY; LANES]);
        let zero = Real::constant(0.0);
        let nothing = Term {
            prior: zero,
            joint: zero,
        };
        let mut guess = 0;
        for i in 0..n {
            // Mostly every state leads to the same ones in the same order.
            let found = match merged.get(guess) {
                Some(m) if m.0 == nexts[i] => Some(guess),
                _ => merged.iter().position(|m| m.0 == nexts[i]),
            };
            group[i] = found.unwrap_or(merged.len());
            if found.is_none() {
                merged.push((nexts[i], nothing));
            }
            guess = if group[i] + 1 < merged.len() {
                group[i] + 1
            } else {
                0
            };
            let m = &mut max[group[i]];
            *m = if joint[i] > *m { joint[i] } else { *m };
        }
        let mut weights = [0.0; LANES];
        for i in 0..n {
            let m = max[group[i]];
            weights[i] = if m == f64::NEG_INFINITY {
                joint[i]
            } else {
                joint[i] - m
            };
        }
        exp(&mut weights[..n]);
        let mut sums = [0.0; LANES];
        for i in 0..n {
            sums[group[i]] += weights[i];
        }
        let (mut paths, mut shares) = ([0; LANES], [0.0; LANES]);
        for g in 0..merged.len() {
            // Of nothing but −∞ the sum is −∞, unless a NaN is among them.
            let value = if max[g] == f64::NEG_INFINITY {
                sums[g].ln()
            } else {
                max[g] + sums[g].ln()
            };
            merged[g].1.joint = if M::GRADIENT && sums[g] > 0.0 {
                let mut count = 0;
                let mut lift = M::Lift::begin();
                for i in 0..n {
                    if group[i] == g {
                        (paths[count], shares[count]) = (i, weights[i] / sums[g]);
                        lift.push(states[from[i]].1.joint, shares[count]);
                        count += 1;
                    }
                }
                self.lanes
                    .get()
                    .push_some(&paths[..count], &shares[..count], &mut lift);
                lift.finish(value)
            } else {
                Real::constant(value)
            };
        }
        merged
    }
}
