//! The loop of a fit of one guide.

use super::elbo::{Elbo, Kept, estimate};
use super::guide::Guide;
use super::mixture::Seat;
use super::optimiser::Optimiser;
use super::state::FitState;
use super::target::LogDensity;
use crate::model::Batch;
use crate::random::{Purpose, keyed};

/// What a fit is made of, apart from its state.
pub(in crate::infer) struct Engine<'a, T, G, O> {
    pub target: &'a T,
    pub guide: &'a G,
    pub optimiser: &'a O,
    pub elbo: Elbo,
    pub draws: usize,
}

/// What the steps of a run leave behind, beside the state.
pub(in crate::infer) struct Course {
    /// The loss of each.
    pub losses: Vec<f64>,
    /// Draws at which the density of the model was not finite.
    pub rejected: u64,
}

impl<T: LogDensity, G: Guide, O: Optimiser> Engine<'_, T, G, O> {
    /// A state to start from.
    pub(in crate::infer) fn init(&self, seed: u64) -> Result<FitState, String> {
        let mut values = vec![0.0; self.guide.parameters()];
        let rng = &mut keyed(seed, Purpose::GuideStart, 0, 0);
        self.guide.start(self.target, rng, &mut values)?;
        let slots = vec![0.0; O::SLOTS * values.len()];
        Ok(FitState {
            seed,
            step: 0,
            annealing_steps: 0,
            particles: 1,
            values,
            slots,
        })
    }

    /// Goes on for some steps.
    pub(in crate::infer) fn run(
        &self,
        state: &mut FitState,
        steps: u64,
        on_step: &mut dyn FnMut(u64, f64),
    ) -> Result<Course, String> {
        let (mut q, mut seat) = (self.guide.prepared(), Seat::new(self.target, self.guide, 1));
        let mut kept = Kept::new(self.elbo.kept(self.draws), seat.gradient.len());
        let mut losses = Vec::with_capacity(steps as usize);
        for _ in 0..steps {
            self.guide.prepare(&state.values, &mut q);
            self.target
                .begin_step(&mut seat.worker, state.seed, state.step);
            let rng = &mut keyed(state.seed, Purpose::GuideNoise, state.step, 0);
            let (seed, step) = (state.seed, state.step);
            self.target
                .subsample(&mut seat.worker, Some(Batch { seed, step }));
            estimate(
                (self.target, self.guide),
                &q,
                self.elbo,
                self.draws,
                rng,
                &mut seat,
                &mut kept,
            );
            if !seat.gradient.iter().all(|g| g.is_finite()) {
                return Err(not_finite(state.step, 0, seat.rejected));
            }
            seat.gradient.iter_mut().for_each(|g| *g = -*g);
            self.optimiser.step(
                state.step,
                &mut state.slots,
                &mut state.values,
                &seat.gradient,
            );
            state.step += 1;
            losses.push(-seat.value);
            on_step(state.step, -seat.value);
        }
        Ok(Course {
            losses,
            rejected: seat.rejected,
        })
    }

    /// The loss at a state, by draws of its own.
    pub(super) fn evaluate(&self, state: &FitState, seed: u64) -> f64 {
        let (mut q, mut seat) = (self.guide.prepared(), Seat::new(self.target, self.guide, 1));
        let mut kept = Kept::new(self.elbo.kept(self.draws), seat.gradient.len());
        self.guide.prepare(&state.values, &mut q);
        let rng = &mut keyed(seed, Purpose::GuideNoise, u64::MAX, 0);
        estimate(
            (self.target, self.guide),
            &q,
            self.elbo,
            self.draws,
            rng,
            &mut seat,
            &mut kept,
        );
        -seat.value
    }
}

/// What to say of a gradient that is not finite.
pub(in crate::infer) fn not_finite(step: u64, particle: usize, rejected: u64) -> String {
    let draws = match rejected {
        0 => String::new(),
        n => format!(" ({n} draws so far had no finite density)"),
    };
    format!(
        "the gradient of particle {particle} is not finite at step {step}{draws}; a smaller step size, a clipped \
         optimiser or a narrower start may help"
    )
}
