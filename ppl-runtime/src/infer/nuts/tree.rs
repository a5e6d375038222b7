//! The trajectory of the no-U-turn sampler: a balanced binary tree, grown leaf by leaf.

use super::leapfrog::{State, arrive, depart, diverges};
use super::record::Transition;
use super::run::{Kernel, Path};
use super::vector::{Joint, joint_moves_on, pair_moves_on};
use crate::random::Rng;
use rand::RngExt;

/// A part of the trajectory: consecutive leaves, a power of two of them. Ends and proposal are places in
/// [`Tree::states`], in the order of integration.
#[derive(Copy, Clone, Debug)]
struct Subtree {
    begin: usize,
    end: usize,
    proposal: usize,
    /// Σ exp(H₀ − H − shift) of its leaves.
    weight: f64,
}

impl Subtree {
    fn is_leaf(&self) -> bool {
        self.begin == self.end
    }
}

/// A growing trajectory. The stack holds the trajectory so far and above it the parts of the doubling under way,
/// largest first, as a binary counter does: two parts of equal size merge at once. So 3 (depth + 2) states are enough,
/// and none is ever copied.
pub(super) struct Tree {
    max_depth: u32,
    states: Vec<State>,
    /// By how many of the stack's ends and proposals each state is used.
    uses: Vec<u32>,
    free: Vec<usize>,
    stack: Vec<Subtree>,
    /// Σp of the part at each place of the stack. That of a leaf is its momentum, and not here.
    sums: Vec<Box<[f64]>>,
    current: usize,
    /// The leaf being integrated.
    leaf: usize,
    depth: u32,
    leaves: u32,
    leapfrogs: u32,
    acceptance: f64,
    initial_energy: f64,
    /// Weights are scaled by exp(−shift), which is 0 unless the energy falls by hundreds.
    shift: f64,
    step: f64,
    over: bool,
    diverged: Option<(usize, f64)>,
}

/// Weights above e to this are scaled down.
const LARGE: f64 = 500.0;

impl Tree {
    pub(super) fn new(dim: usize, max_depth: u32) -> Self {
        let levels = max_depth as usize + 2;
        let states = 3 * levels + 1;
        Tree {
            max_depth,
            states: vec![State::new(dim); states],
            uses: vec![0; states],
            free: Vec::with_capacity(states),
            stack: Vec::with_capacity(levels),
            sums: vec![vec![0.0; dim].into_boxed_slice(); levels],
            current: 0,
            leaf: 0,
            depth: 0,
            leaves: 0,
            leapfrogs: 0,
            acceptance: 0.0,
            initial_energy: 0.0,
            shift: 0.0,
            step: 0.0,
            over: true,
            diverged: None,
        }
    }

    fn push_leaf(&mut self, at: usize, weight: f64) {
        self.uses[at] = 3;
        self.stack.push(Subtree {
            begin: at,
            end: at,
            proposal: at,
            weight,
        });
    }

    fn release(&mut self, at: usize) {
        self.uses[at] -= 1;
        if self.uses[at] == 0 {
            self.free.push(at);
        }
    }

    /// Merges the last two parts of the stack; whether the result has not turned.
    fn merge(&mut self, take_second: bool) -> bool {
        let at = self.stack.len() - 2;
        let (first, second) = (self.stack[at], self.stack[at + 1]);
        let on = self.moves_on(at, &first, &second);
        let (kept, dropped) = if take_second {
            (second, first)
        } else {
            (first, second)
        };
        self.release(first.end);
        self.release(second.begin);
        self.release(dropped.proposal);
        self.stack.pop();
        self.stack[at] = Subtree {
            begin: first.begin,
            end: second.end,
            proposal: kept.proposal,
            weight: first.weight + second.weight,
        };
        on
    }

    /// Adds the sums of momenta, and looks for a U-turn.
    fn moves_on(&mut self, at: usize, first: &Subtree, second: &Subtree) -> bool {
        let (low, high) = self.sums.split_at_mut(at + 1);
        let sum = &mut low[at];
        let begin = &self.states[first.begin];
        let end = &self.states[second.end];
        if first.is_leaf() {
            // With one leaf on each side the three criteria are one.
            return pair_moves_on(sum, [&begin.p, &begin.v], [&end.p, &end.v]);
        }
        let (inner, outer) = (&self.states[first.end], &self.states[second.begin]);
        joint_moves_on(Joint {
            first_sum: sum,
            second_sum: &high[0],
            first_begin_v: &begin.v,
            first_end_p: &inner.p,
            first_end_v: &inner.v,
            second_begin_p: &outer.p,
            second_begin_v: &outer.v,
            second_end_v: &end.v,
        })
    }

    /// The weight of a leaf, exp(−error − shift), keeping the scale finite.
    fn weigh(&mut self, energy_error: f64) -> f64 {
        let excess = -energy_error - self.shift;
        if excess > LARGE {
            self.shift = -energy_error;
            self.stack
                .iter_mut()
                .for_each(|part| part.weight *= (-excess).exp());
            return 1.0;
        }
        excess.exp()
    }

    /// Chooses the direction of the next doubling, and turns the trajectory so that it ends there.
    fn turn(&mut self, step_size: f64, rng: &mut Rng) {
        self.leaves = 0;
        let step = if rng.random::<bool>() {
            step_size
        } else {
            -step_size
        };
        if step != self.step
            && let Some(whole) = self.stack.first_mut()
        {
            std::mem::swap(&mut whole.begin, &mut whole.end);
        }
        self.step = step;
    }
}

impl Path for Tree {
    fn state(&self) -> &State {
        &self.states[self.current]
    }
    fn state_mut(&mut self) -> &mut State {
        &mut self.states[self.current]
    }

    fn begin(&mut self, kernel: &Kernel, rng: &mut Rng) {
        let current = self.current;
        self.states[current].refresh(&kernel.metric, rng);
        self.initial_energy = self.states[current].energy;
        self.uses.fill(0);
        self.free.clear();
        self.free
            .extend((0..self.states.len()).filter(|&i| i != current));
        self.stack.clear();
        self.push_leaf(current, 1.0);
        (self.depth, self.leapfrogs, self.acceptance, self.shift) = (0, 0, 0.0, 0.0);
        (self.over, self.diverged) = (false, None);
        self.step = kernel.step_size;
        self.turn(kernel.step_size, rng);
    }

    fn next(&mut self, kernel: &Kernel) -> Option<(&[f64], &mut [f64])> {
        if self.over {
            return None;
        }
        let from = self.stack.last()?.end;
        let to = self.free.pop()?;
        self.leaf = to;
        let [from, to] = self.states.get_disjoint_mut([from, to]).ok()?;
        depart(from, to, &kernel.metric, self.step);
        Some((&to.q, &mut to.g))
    }

    fn give(&mut self, log_density: f64, kernel: &Kernel, rng: &mut Rng) {
        let leaf = &mut self.states[self.leaf];
        arrive(leaf, &kernel.metric, self.step, log_density);
        let energy_error = leaf.energy - self.initial_energy;
        self.leapfrogs += 1;
        self.leaves += 1;
        if diverges(energy_error) {
            let from = self.stack.last().map_or(self.current, |part| part.end);
            self.diverged = Some((from, energy_error));
            self.over = true;
            return;
        }
        let weight = self.weigh(energy_error);
        self.acceptance += if self.shift == 0.0 {
            weight.min(1.0)
        } else {
            (-energy_error).exp().min(1.0)
        };
        self.push_leaf(self.leaf, weight);

        // A counter that has just reached `leaves` carries once for each trailing zero.
        for _ in 0..self.leaves.trailing_zeros() {
            let [.., first, second] = self.stack[..] else {
                return;
            };
            let take_second = rng.random::<f64>() * (first.weight + second.weight) < second.weight;
            if !self.merge(take_second) {
                self.over = true;
                return;
            }
        }
        if self.leaves < 1 << self.depth {
            return;
        }
        // The doubling is complete. The new half is favoured: it is taken with probability min(1, w_new / w_old).
        let [first, second] = self.stack[..] else {
            return;
        };
        let take_second = rng.random::<f64>() * first.weight < second.weight;
        let on = self.merge(take_second);
        self.depth += 1;
        if !on || self.depth >= self.max_depth.min(kernel.most_doublings) {
            self.over = true;
        } else {
            self.turn(kernel.step_size, rng);
        }
    }

    fn end(&mut self, kernel: &Kernel) -> (Transition, Option<(Vec<f64>, f64)>) {
        let divergence = self
            .diverged
            .map(|(from, error)| (self.states[from].q.to_vec(), error));
        self.current = self
            .stack
            .first()
            .map_or(self.current, |whole| whole.proposal);
        let state = &self.states[self.current];
        let transition = Transition {
            depth: self.depth,
            leapfrogs: self.leapfrogs,
            acceptance: self.acceptance / f64::from(self.leapfrogs.max(1)),
            energy: state.energy,
            log_density: state.log_density,
            step_size: kernel.step_size,
            diverged: divergence.is_some(),
        };
        (transition, divergence)
    }
}
