//! The forward recursion of a chain in plain numbers, with the adjoints of the log total: the smoothing
//! probabilities of its paths (Rabiner 1989, "A tutorial on hidden Markov models", eqs. 19–27).
//!
//! A path leads from a state to a state in one step. The recursion runs on weights that sum to one while no state's
//! weight comes near to what a number can't hold, and on logarithms from there to the end of the block.

mod dense;

use super::sums::pick;
use crate::real::kernels::{ln, plain_sum, shares};
use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

/// A state of less weight may have lost some of it.
const TINY: f64 = 1e-280;

/// The recursion of a chain whose steps all have the same paths.
pub struct Filter<'a> {
    states: usize,
    from: BumpVec<'a, usize>,
    to: BumpVec<'a, usize>,
    /// Paths of the block under way.
    paths: usize,
    /// Whether all paths are known.
    known: bool,
    shares: BumpVec<'a, f64>,
    max: BumpVec<'a, f64>,
    totals: BumpVec<'a, f64>,
    /// One number a path, and one a state.
    path_values: BumpVec<'a, f64>,
    state_values: BumpVec<'a, f64>,
}

impl<'a> Filter<'a> {
    /// Without paths yet.
    pub fn new(states: usize, arena: &'a Bump) -> Self {
        let empty = || BumpVec::new_in(arena);
        Filter {
            states,
            from: BumpVec::new_in(arena),
            to: BumpVec::new_in(arena),
            paths: 0,
            known: false,
            shares: empty(),
            max: empty(),
            totals: empty(),
            path_values: empty(),
            state_values: empty(),
        }
    }
    /// Begins a block of steps.
    pub fn block(&mut self) {
        self.known |= !self.from.is_empty();
        self.paths = 0;
    }
    /// The next path of the block; false if it is not that of the first block.
    pub fn path(&mut self, from: usize, to: usize) -> bool {
        let at = self.paths;
        self.paths += 1;
        if !self.known {
            self.from.push(from);
            self.to.push(to);
        }
        self.from.get(at) == Some(&from) && self.to.get(at) == Some(&to)
    }
    /// The number of paths.
    pub fn rows(&self) -> usize {
        self.from.len()
    }

    /// `n` steps forward from states of these log weights. `terms` has the log densities of the paths, a row of `width`
    /// steps each; they are replaced by the probability of each path given the state that it leads to.
    pub fn forward(&mut self, terms: &mut [f64], width: usize, n: usize, weights: &mut [f64]) {
        self.shares.resize(terms.len(), 0.0);
        self.max.resize(width, 0.0);
        self.totals.resize(width, 0.0);
        self.path_values.resize(self.from.len(), 0.0);
        self.state_values.resize(self.states, 0.0);
        shares(terms, width, n, &mut self.shares, &mut self.max);
        let mut base = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut done = 0;
        // NaN, and states that are too unlikely, are left to the logarithms.
        if weights.iter().all(|w| (w - base).exp() >= TINY) {
            for w in weights.iter_mut() {
                *w = (*w - base).exp();
            }
            done = self.steps(terms, width, n, weights);
            // The shares of the steps done have served.
            let logs = &mut self.shares[..done];
            ln(&self.totals[..done], logs);
            base += plain_sum(logs) + plain_sum(&self.max[..done]);
            for w in weights.iter_mut() {
                *w = base + w.ln();
            }
        }
        for i in done..n {
            self.log_step(terms, width, i, weights);
        }
    }

    /// Steps on weights that sum to one, until a state weighs too little; says how many.
    fn steps(&mut self, terms: &mut [f64], width: usize, n: usize, weights: &mut [f64]) -> usize {
        let known = self.dense().then(|| {
            let (shares, totals) = (&self.shares[..], &mut self.totals[..]);
            dense::steps(shares, terms, width, n, weights, totals)
        });
        match known.flatten() {
            Some(done) => done,
            None => self.sparse_steps(terms, width, n, weights),
        }
    }

    fn sparse_steps(
        &mut self,
        terms: &mut [f64],
        width: usize,
        n: usize,
        weights: &mut [f64],
    ) -> usize {
        let paths = || self.from.iter().zip(&self.to).enumerate();
        let next = &mut self.state_values[..];
        for i in 0..n {
            next.fill(0.0);
            for (r, (from, to)) in paths() {
                self.path_values[r] = weights[*from] * self.shares[r * width + i];
                next[*to] += self.path_values[r];
            }
            if !next.iter().all(|w| *w >= TINY) {
                return i;
            }
            let total: f64 = next.iter().sum();
            self.totals[i] = total;
            for (weight, next) in weights.iter_mut().zip(&mut *next) {
                *weight = *next / total;
                *next = 1.0 / *next;
            }
            for (r, (_, to)) in paths() {
                terms[r * width + i] = self.path_values[r] * next[*to];
            }
        }
        n
    }

    /// One step on logarithms.
    fn log_step(&mut self, terms: &mut [f64], width: usize, i: usize, weights: &mut [f64]) {
        let paths = || self.from.iter().zip(&self.to).enumerate();
        let max = &mut self.state_values[..];
        max.fill(f64::NEG_INFINITY);
        for (r, (from, to)) in paths() {
            let joint = weights[*from] + terms[r * width + i];
            self.path_values[r] = joint;
            max[*to] = if joint > max[*to] { joint } else { max[*to] };
        }
        weights.fill(0.0);
        for (r, (_, to)) in paths() {
            let m = if max[*to] == f64::NEG_INFINITY {
                0.0
            } else {
                max[*to]
            };
            self.path_values[r] = (self.path_values[r] - m).exp();
            weights[*to] += self.path_values[r];
        }
        for (r, (_, to)) in paths() {
            // No path leads to a state without weight.
            let share = self.path_values[r] / weights[*to];
            terms[r * width + i] = if weights[*to] == 0.0 { 0.0 } else { share };
        }
        for (weight, max) in weights.iter_mut().zip(max) {
            *weight = if *weight == 0.0 {
                f64::NEG_INFINITY
            } else {
                *max + weight.ln()
            };
        }
    }

    /// The log of the sum of the weights, which are replaced by their shares of it.
    pub fn total(&self, weights: &mut [f64]) -> f64 {
        let max = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if max == f64::NEG_INFINITY {
            // All are −∞, or one is NaN and shows itself.
            let total = weights.iter().sum();
            weights.fill(0.0);
            return total;
        }
        for w in weights.iter_mut() {
            *w = (*w - max).exp();
        }
        let sum: f64 = weights.iter().sum();
        for w in weights.iter_mut() {
            *w /= sum;
        }
        max + sum.ln()
    }

    /// Draws one of the paths that lead to a state, where these are their probabilities.
    pub fn pick(&self, state: usize, u: f64, probability: impl Fn(usize) -> f64) -> usize {
        let leads = |r: usize| self.to[r] == state;
        let share = |r: usize| if leads(r) { probability(r) } else { 0.0 };
        let row = pick(self.rows(), share, u);
        // Where all is impossible every path is as good.
        if leads(row) {
            row
        } else {
            (0..self.rows()).find(|r| leads(*r)).unwrap_or(0)
        }
    }
    /// Where a path begins.
    pub fn origin(&self, path: usize) -> usize {
        self.from[path]
    }

    /// From the shares of the states after a block to those before it. The terms become the shares of the paths.
    pub fn backward(&mut self, terms: &mut [f64], width: usize, n: usize, shares: &mut [f64]) {
        if self.dense() && dense::back(terms, width, n, shares) {
            return;
        }
        let before = &mut self.state_values[..];
        for i in (0..n).rev() {
            before.fill(0.0);
            for (r, (from, to)) in self.from.iter().zip(&self.to).enumerate() {
                let term = &mut terms[r * width + i];
                *term *= shares[*to];
                before[*from] += *term;
            }
            shares.copy_from_slice(before);
        }
    }

    /// Whether every state leads to each, in order.
    fn dense(&self) -> bool {
        let k = self.states;
        self.from.len() == k * k
            && self.from.iter().enumerate().all(|(r, s)| *s == r / k)
            && self.to.iter().enumerate().all(|(r, s)| *s == r % k)
    }
}
