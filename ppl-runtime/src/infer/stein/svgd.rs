//! Stein variational gradient descent, plain and annealed.

use super::annealing::Annealing;
use super::fit::SteinFit;
use super::kernel::Kernel;
use super::settings::Attraction;
use super::stein_vi::SteinVi;
use crate::error::Error;
use crate::infer::svi::{AutoDelta, FitState, Init, Optimiser};
use crate::model::Model;
use std::fmt;

/// What both have.
macro_rules! points {
    ($name:ident) => {
        impl<M, O: Clone, K: Clone> Clone for $name<'_, M, O, K> {
            fn clone(&self) -> Self {
                $name(self.0.clone())
            }
        }
        impl<M, O: fmt::Debug, K: fmt::Debug> fmt::Debug for $name<'_, M, O, K> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.0).finish()
            }
        }

        impl<'m, M: Model + Sync, O: Optimiser, K: Kernel> $name<'m, M, O, K> {
            /// Number of particles; 10 by default.
            pub fn particles(mut self, particles: usize) -> Self {
                self.0 = self.0.particles(particles);
                self
            }
            /// Where particles start; uniform in (−2, 2)^n by default.
            pub fn init_at(mut self, init: Init) -> Self {
                self.0.guide = self.0.guide.init(init);
                self
            }
            /// Steps by parts of the data; see [`SteinVi::minibatches`].
            pub fn minibatches(mut self, batches: &'m [M]) -> Self {
                self.0 = self.0.minibatches(batches);
                self
            }
            /// Shows a line on stderr while it runs; nothing is shown by default.
            pub fn progress(mut self, shown: bool) -> Self {
                self.0 = self.0.progress(shown);
                self
            }
            /// Runs for a number of steps.
            ///
            /// # Errors
            /// As [`SteinVi::run`].
            pub fn run(&self, steps: u64, seed: u64) -> Result<SteinFit<'m, M::Draw>, Error> {
                self.0.run(steps, seed)
            }
            /// The state that [`run`](Self::run) starts from.
            ///
            /// # Errors
            /// As [`SteinVi::run`].
            pub fn init(&self, seed: u64) -> Result<FitState, Error> {
                self.0.init(seed)
            }
            /// Goes on from a state, with the same bits as if it had never stopped.
            ///
            /// # Errors
            /// As [`SteinVi::resume`].
            pub fn resume(
                &self,
                state: &FitState,
                steps: u64,
            ) -> Result<SteinFit<'m, M::Draw>, Error> {
                self.0.resume(state, steps)
            }
            /// One step from a state: the state after it and the loss; see [`SteinVi::update`].
            ///
            /// # Errors
            /// As [`SteinVi::resume`].
            pub fn update(&self, state: &FitState) -> Result<(FitState, f64), Error> {
                self.0.update(state)
            }
            /// The loss at a state: the negative mean log density of the particles.
            ///
            /// # Errors
            /// As [`SteinVi::resume`].
            pub fn evaluate(&self, state: &FitState, seed: u64) -> Result<f64, Error> {
                self.0.evaluate(state, seed)
            }
        }
    };
}

/// Stein variational gradient descent (Liu & Wang 2016): points u_1..u_m on R^n, the force on u_j being
/// (1/m) Σ_i \[k(u_i, u_j)·∇ln p(u_i) + ∇_{u_i} k(u_i, u_j)\]. The density is that on R^n, with the Jacobian of
/// constrained latents.
///
/// Few particles have less spread than the posterior, the more so the more dimensions there are.
///
/// ```ignore
/// let fit = Svgd::new(&model, Adam::new(0.05), RbfKernel::default()).particles(100).run(1000, seed)?;
/// let draws = fit.particle_draws(0)?;
/// ```
pub struct Svgd<'m, M, O, K>(SteinVi<'m, M, AutoDelta, O, K>);

impl<'m, M: Model + Sync, O: Optimiser, K: Kernel> Svgd<'m, M, O, K> {
    /// With 10 particles.
    pub fn new(model: &'m M, optimiser: O, kernel: K) -> Self {
        let stein = SteinVi::new(model, AutoDelta::new(), optimiser, kernel);
        Svgd(stein.elbo_draws(1).attraction(Attraction::Mean))
    }
}

points!(Svgd);

/// Annealed Stein variational gradient descent (D'Angelo & Fortuin 2021): [`Svgd`] whose attraction, still a mean
/// over particles, rises in cycles (see [`Annealing`]), so that particles find modes that they did not start in.
pub struct Asvgd<'m, M, O, K>(SteinVi<'m, M, AutoDelta, O, K>);

impl<'m, M: Model + Sync, O: Optimiser, K: Kernel> Asvgd<'m, M, O, K> {
    /// With 10 particles, 10 cycles and transition speed 10.
    pub fn new(model: &'m M, optimiser: O, kernel: K) -> Self {
        let stein = SteinVi::new(model, AutoDelta::new(), optimiser, kernel);
        let mut stein = stein.elbo_draws(1).attraction(Attraction::Mean);
        stein.settings.annealing = Some(Annealing::default());
        Asvgd(stein)
    }
    /// Number of cycles.
    pub fn cycles(self, cycles: u64) -> Self {
        self.annealing(|a| a.cycles = cycles)
    }
    /// The power with which attraction rises in a cycle.
    pub fn transition_speed(self, speed: f64) -> Self {
        self.annealing(|a| a.speed = speed)
    }
    /// Steps over which the cycles are stretched, where that is not one whole run.
    pub fn annealing_steps(mut self, steps: u64) -> Self {
        self.0.settings.annealing_steps = Some(steps);
        self
    }
    fn annealing(mut self, change: impl Fn(&mut Annealing)) -> Self {
        self.0.settings.annealing.iter_mut().for_each(change);
        self
    }
}

points!(Asvgd);
