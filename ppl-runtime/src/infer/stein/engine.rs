//! The loop: gradients of all particles, forces between them, a step of the optimiser.

use super::cloud::Cloud;
use super::kernel::{Force, Kernel, KernelSetup};
use super::settings::{Attraction, Settings};
use super::sharing::{Shared, each};
use super::split::Split;
use crate::error::Error;
use crate::infer::svi::guide::Guide;
use crate::infer::svi::{
    Course, FitState, LogDensity, Optimiser, Seat, component_gradient, not_finite,
};
use crate::model::Batch;
use crate::random::{Purpose, keyed};

/// All buffers of a run.
pub(super) struct Engine<'a, T: LogDensity, G: Guide, K: Kernel, O> {
    target: &'a T,
    guide: &'a G,
    kernel: &'a K,
    optimiser: &'a O,
    settings: Settings,
    split: &'a Split,
    seats: Vec<Particle<T, G>>,
    mixture: Vec<G::Prepared>,
    particles: Cloud,
    gradients: Cloud,
    state: K::State,
    direction: Vec<f64>,
    /// What threads share. The bits do not depend on it.
    pub(super) shared: Shared,
}

struct Particle<T: LogDensity, G: Guide> {
    seat: Seat<T::Worker, G::Scratch>,
    theta: Vec<f64>,
    attraction: Vec<f64>,
    repulsion: Vec<f64>,
}

impl<'a, T: LogDensity, G: Guide, K: Kernel, O: Optimiser> Engine<'a, T, G, K, O> {
    pub(super) fn new(
        (target, guide): (&'a T, &'a G),
        kernel: &'a K,
        optimiser: &'a O,
        settings: Settings,
        split: &'a Split,
        seed: u64,
    ) -> Result<Self, Error> {
        let m = settings.particles;
        let setup = KernelSetup {
            particles: m,
            blocks: &split.blocks,
            seed,
        };
        let particle = |_| Particle {
            seat: Seat::new(target, guide, m),
            theta: vec![0.0; guide.parameters()],
            attraction: vec![0.0; split.own.len()],
            repulsion: vec![0.0; split.own.len()],
        };
        Ok(Engine {
            target,
            guide,
            kernel,
            optimiser,
            settings,
            split,
            seats: (0..m).map(particle).collect(),
            mixture: vec![guide.prepared(); m],
            particles: Cloud::new(m, split.own.len()),
            gradients: Cloud::new(m, split.own.len()),
            state: kernel.state(&setup)?,
            direction: vec![0.0; split.values(m)],
            shared: Shared::worth((target, guide), &settings, split.own.len()),
        })
    }

    /// Objectives of all particles and their gradients; gives the loss −(1/m) Σ L_i.
    fn objectives(&mut self, values: &[f64], (seed, step): (u64, u64), temperature: f64) -> f64 {
        let (split, guide, target) = (self.split, self.guide, self.target);
        for (i, (p, q)) in self.seats.iter_mut().zip(&mut self.mixture).enumerate() {
            split.theta(values, i, &mut p.theta);
            guide.prepare(&p.theta, q);
        }
        let (mixture, draws) = (&self.mixture, self.settings.draws);
        each(self.shared.objectives, &mut self.seats, |i, p| {
            let rng = &mut keyed(seed, Purpose::GuideNoise, step, i as u64);
            let how = (draws, temperature);
            // All particles have the same part of the data; the loss at a state has all of it.
            let batch = (step != u64::MAX).then_some(Batch { seed, step });
            target.subsample(&mut p.seat.worker, batch);
            component_gradient(target, guide, mixture, i, how, rng, &mut p.seat);
        });
        let total: f64 = self.seats.iter().map(|p| p.seat.value).sum();
        -total / self.seats.len() as f64
    }

    /// Forces on all particles, from where they are and the gradients there.
    fn forces(&mut self, values: &[f64]) {
        let (own, seats) = (&self.split.own, &self.seats);
        let n = own.len();
        self.particles
            .set(|i, row| row.copy_from_slice(&values[i * n..(i + 1) * n]));
        self.gradients.set(|i, row| {
            for (x, place) in row.iter_mut().zip(own) {
                *x = seats[i].seat.gradient[*place];
            }
        });
        let (kernel, state) = (self.kernel, &mut self.state);
        kernel.update(state, &self.particles, &self.gradients);
        let (particles, gradients, state) = (&self.particles, &self.gradients, &self.state);
        each(self.shared.forces, &mut self.seats, |j, p| {
            p.attraction.fill(0.0);
            p.repulsion.fill(0.0);
            let mut force = Force {
                weight: 1.0,
                attraction: &mut p.attraction,
                repulsion: &mut p.repulsion,
            };
            kernel.force(state, particles, gradients, j, &mut force);
        });
    }

    /// The way against which the optimiser moves all values.
    fn direct(&mut self) {
        let m = self.seats.len() as f64;
        let attract = match self.settings.attraction {
            Attraction::Sum => 1.0,
            Attraction::Mean => 1.0 / m,
        };
        let repel = self.settings.repulsion_temperature / m;
        let n = self.split.own.len();
        let (own, shared) = self.direction.split_at_mut(self.seats.len() * n);
        for (j, p) in self.seats.iter().enumerate() {
            let row = &mut own[j * n..(j + 1) * n];
            for ((d, a), r) in row.iter_mut().zip(&p.attraction).zip(&p.repulsion) {
                *d = -(attract * a + repel * r);
            }
        }
        for (d, place) in shared.iter_mut().zip(&self.split.shared) {
            *d = -self
                .seats
                .iter()
                .map(|p| p.seat.gradient[*place])
                .sum::<f64>()
                / m;
        }
    }

    /// The temperature of the objective at a step.
    fn temperature(&self, state: &FitState) -> f64 {
        let part = match self.settings.annealing {
            Some(annealing) => annealing.at(state.step, state.annealing_steps),
            None => 1.0,
        };
        self.settings.loss_temperature * part
    }

    /// Goes on for some steps.
    pub(super) fn run(
        &mut self,
        state: &mut FitState,
        steps: u64,
        on_step: &mut (dyn FnMut(u64, f64) + Send),
    ) -> Result<Course, String> {
        if self.shared.objectives || self.shared.forces {
            // The loop itself runs on one of the threads that share its steps: none is handed over.
            return rayon::scope(|_| self.steps(state, steps, on_step));
        }
        self.steps(state, steps, on_step)
    }

    fn steps(
        &mut self,
        state: &mut FitState,
        steps: u64,
        on_step: &mut (dyn FnMut(u64, f64) + Send),
    ) -> Result<Course, String> {
        let mut losses = Vec::with_capacity(steps as usize);
        let before = self.rejected();
        for _ in 0..steps {
            let temperature = self.temperature(state);
            let key = (state.seed, state.step);
            for p in &mut self.seats {
                self.target.begin_step(&mut p.seat.worker, key.0, key.1);
            }
            let loss = self.objectives(&state.values, key, temperature);
            self.forces(&state.values);
            self.direct();
            if let Some(i) = self.direction.iter().position(|d| !d.is_finite()) {
                let particle = (i / self.split.own.len().max(1)).min(self.seats.len() - 1);
                return Err(not_finite(state.step, particle, self.rejected() - before));
            }
            let (slots, values) = (&mut state.slots, &mut state.values);
            self.optimiser
                .step(state.step, slots, values, &self.direction);
            state.step += 1;
            losses.push(loss);
            on_step(state.step, loss);
        }
        let rejected = self.rejected() - before;
        Ok(Course { losses, rejected })
    }

    /// Draws so far at which the density of the model was not finite.
    fn rejected(&self) -> u64 {
        self.seats.iter().map(|p| p.seat.rejected).sum()
    }

    /// The gradients of the last step.
    #[cfg(test)]
    pub(super) fn gradients_of(&self) -> Vec<&[f64]> {
        self.seats.iter().map(|p| &p.seat.gradient[..]).collect()
    }

    /// The loss at a state, by draws of its own.
    pub(super) fn evaluate(&mut self, state: &FitState, seed: u64) -> f64 {
        let temperature = self.temperature(state);
        self.objectives(&state.values, (seed, u64::MAX), temperature)
    }

    /// A state to start from.
    pub(super) fn init(&self, seed: u64, annealing_steps: u64) -> Result<FitState, String> {
        let m = self.settings.particles;
        let mut values = vec![0.0; self.split.values(m)];
        let (own, shared) = values.split_at_mut(m * self.split.own.len());
        let mut theta = vec![0.0; self.guide.parameters()];
        // The shared values are those of the first particle.
        for i in (0..m).rev() {
            let rng = &mut keyed(seed, Purpose::GuideStart, 0, i as u64);
            self.guide.start(self.target, rng, &mut theta)?;
            let row = &mut own[i * self.split.own.len()..];
            for (x, place) in row.iter_mut().zip(&self.split.own) {
                *x = theta[*place];
            }
        }
        for (x, place) in shared.iter_mut().zip(&self.split.shared) {
            *x = theta[*place];
        }
        let slots = vec![0.0; O::SLOTS * values.len()];
        Ok(FitState {
            seed,
            step: 0,
            annealing_steps,
            particles: m,
            values,
            slots,
        })
    }
}
