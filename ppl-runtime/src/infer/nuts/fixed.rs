//! Static trajectories: a number of leapfrog steps, and Metropolis' rule at the end (Duane et al. 1987).

use super::leapfrog::{State, arrive, depart, diverges};
use super::record::Transition;
use super::run::{Kernel, Path};
use super::settings::Trajectory;
use crate::random::Rng;
use rand::RngExt;

/// A trajectory of fixed length. Two states take turns while the start is kept.
pub(super) struct Fixed {
    trajectory: Trajectory,
    start: State,
    states: [State; 2],
    /// Which of the two was last reached.
    last: usize,
    steps: u32,
    done: u32,
    over: bool,
    acceptance: f64,
    accepted: bool,
    diverged: Option<f64>,
}

/// What a trajectory of given length takes at most.
const MOST_STEPS: f64 = 1023.0;

impl Fixed {
    pub(super) fn new(dim: usize, trajectory: Trajectory) -> Self {
        Fixed {
            trajectory,
            start: State::new(dim),
            states: [State::new(dim), State::new(dim)],
            last: 0,
            steps: 0,
            done: 0,
            over: true,
            acceptance: 0.0,
            accepted: false,
            diverged: None,
        }
    }
    fn finish(&mut self, rng: &mut Rng) {
        let energy_error = self.states[self.last].energy - self.start.energy;
        self.over = true;
        if diverges(energy_error) {
            self.diverged = Some(energy_error);
            return;
        }
        self.acceptance = (-energy_error).exp().min(1.0);
        self.accepted = rng.random::<f64>() < self.acceptance;
    }
}

impl Path for Fixed {
    fn state(&self) -> &State {
        &self.start
    }
    fn state_mut(&mut self) -> &mut State {
        &mut self.start
    }

    fn begin(&mut self, kernel: &Kernel, rng: &mut Rng) {
        self.start.refresh(&kernel.metric, rng);
        self.steps = match self.trajectory {
            Trajectory::NoUTurn { .. } => 1,
            Trajectory::Steps(n) => n,
            Trajectory::Length(t) => (t / kernel.step_size).clamp(1.0, MOST_STEPS) as u32,
        };
        (self.done, self.over, self.acceptance) = (0, false, 0.0);
        (self.accepted, self.diverged) = (false, None);
    }

    fn next(&mut self, kernel: &Kernel) -> Option<(&[f64], &mut [f64])> {
        if self.over {
            return None;
        }
        let [a, b] = &mut self.states;
        let (last, to) = if self.last == 0 { (a, b) } else { (b, a) };
        let from = if self.done == 0 { &self.start } else { &*last };
        depart(from, to, &kernel.metric, kernel.step_size);
        Some((&to.q, &mut to.g))
    }

    fn give(&mut self, log_density: f64, kernel: &Kernel, rng: &mut Rng) {
        self.last = 1 - self.last;
        let state = &mut self.states[self.last];
        arrive(state, &kernel.metric, kernel.step_size, log_density);
        self.done += 1;
        // Nothing finite follows what is not; a finite error may shrink again, and the reversed trajectory would meet
        // it just so.
        if self.done == self.steps || !state.energy.is_finite() {
            self.finish(rng);
        }
    }

    fn end(&mut self, kernel: &Kernel) -> (Transition, Option<(Vec<f64>, f64)>) {
        // The step that diverged left from the other of the two states, or from the start.
        let from = if self.done <= 1 {
            &self.start
        } else {
            &self.states[1 - self.last]
        };
        let divergence = self.diverged.map(|error| (from.q.to_vec(), error));
        if self.accepted {
            std::mem::swap(&mut self.start, &mut self.states[self.last]);
        }
        let transition = Transition {
            depth: 0,
            leapfrogs: self.done,
            acceptance: self.acceptance,
            energy: self.start.energy,
            log_density: self.start.log_density,
            step_size: kernel.step_size,
            diverged: divergence.is_some(),
        };
        (transition, divergence)
    }
}
