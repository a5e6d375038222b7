//! Hamiltonian Monte Carlo: the no-U-turn sampler (Hoffman & Gelman 2014) in its multinomial form (Betancourt 2017,
//! "A conceptual introduction to Hamiltonian Monte Carlo", appendix A), and static trajectories.
//!
//! The sampler sees a [`LogDensity`] on R^n and nothing else of a model. [`run`] takes each chain through Stan's
//! three phases of warm-up, which find the step size and the metric, and then through its draws. Every random number
//! is keyed by chain and transition, so that the same seed gives the same bits with any number of threads.
//!
//! ```
//! use ppl_runtime::infer::nuts::{LogDensity, Settings, run};
//!
//! /// A standard normal.
//! struct Normal;
//! impl LogDensity for Normal {
//!     type Worker = ();
//!     fn dim(&self) -> usize { 2 }
//!     fn worker(&self) {}
//!     fn value_and_gradient(&self, _: &mut (), u: &[f64], gradient: &mut [f64]) -> f64 {
//!         for (g, u) in gradient.iter_mut().zip(u) {
//!             *g = -u;
//!         }
//!         -0.5 * u.iter().map(|u| u * u).sum::<f64>()
//!     }
//! }
//!
//! let chains = run(&Normal, &Settings::default(), &|_| ())?;
//! let first: Vec<f64> = chains.iter().flat_map(|c| c.positions().map(|u| u[0])).collect();
//! let mean = first.iter().sum::<f64>() / first.len() as f64;
//! assert!(mean.abs() < 0.1);
//! # Ok::<(), ppl_runtime::infer::nuts::NutsError>(())
//! ```

mod approximation;
mod chain;
mod climb;
mod dual_averaging;
mod error;
mod estimate;
mod fisher;
mod fixed;
mod initial;
mod inverse_metric;
mod leapfrog;
mod low_rank;
mod of_model;
mod record;
mod result;
mod run;
mod schedule;
mod settings;
mod sliding;
mod step_size;
mod tree;
mod vector;
mod warmup;

#[cfg(test)]
mod tests;

pub use error::{NotFinite, NutsError};
pub use of_model::{Hmc, Nuts};
pub use record::{Chain, Divergence, Transition};
pub use result::{ChainDraws, DivergentDraw, NutsRun};
pub use run::Status;
pub use run::run;
pub use settings::{Adaptation, Metric, Settings, Trajectory};

/// What the sampler sees of a model: a log density on R^n with its gradient.
pub trait LogDensity: Sync {
    /// Buffers of one chain, made and used by the thread that runs it.
    type Worker;

    /// Number of coordinates.
    fn dim(&self) -> usize;

    /// Fresh buffers for a chain.
    fn worker(&self) -> Self::Worker;

    /// The log density at `u`, up to a constant, with its gradient written to `gradient`. Values that are not finite
    /// are allowed: a trajectory that meets one has diverged.
    fn value_and_gradient(&self, worker: &mut Self::Worker, u: &[f64], gradient: &mut [f64])
    -> f64;
}
