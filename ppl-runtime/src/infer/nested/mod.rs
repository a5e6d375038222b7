//! Nested sampling (Skilling 2006): the evidence of a model, and its posterior, from live points that climb the
//! likelihood while the prior volume above them shrinks by a known law.
//!
//! The sampler sees a [`Likelihood`] on the unit cube and nothing else of a model. [`run`] kills the lowest live
//! points a batch at a time and replaces each by a chain of its own: by rejection from bounding ellipsoids in few
//! dimensions (Feroz, Hobson & Bridges 2009), by whitened hit-and-run slices otherwise (Handley, Hobson &
//! Lasenby 2015). Every point is kept with the contour at which it was born, so that the [`Record`] can say
//! afterwards how many live points there were at each death; evidence, weights, errors and tests follow from that
//! alone.
//!
//! A run ends by a [`Condition`]; one that wants more than a climb to the top gives adds further runs, or live points
//! where they matter most ([`Allocation`]). Importance points may sharpen the evidence afterwards ([`Record::refine`]).
//! What a run is between two batches is one value, which a [`Checkpoint`] stores: an interrupted run goes on to the same
//! bits.
//!
//! ```
//! use ppl_runtime::infer::nested::{Likelihood, Settings, run};
//!
//! /// A normal likelihood, narrow in a flat prior: ln Z ≈ 0.
//! struct Peak;
//! impl Likelihood for Peak {
//!     type Worker = ();
//!     fn dim(&self) -> usize { 2 }
//!     fn worker(&self) {}
//!     fn log_likelihood(&self, _: &mut (), u: &[f64]) -> f64 {
//!         let sd: f64 = 0.05;
//!         u.iter().map(|u| -0.5 * ((u - 0.5) / sd).powi(2) - (sd * std::f64::consts::TAU.sqrt()).ln()).sum()
//!     }
//! }
//!
//! let record = run(&Peak, &Settings::default(), &mut |_| ())?;
//! let evidence = record.evidence();
//! assert!((evidence.mean / evidence.sd).abs() < 5.0);
//! # Ok::<(), ppl_runtime::infer::nested::NestedError>(())
//! ```

mod aside;
mod awake;
mod bends;
mod bootstrap;
mod bounds;
mod checkpoint;
mod circle;
mod condition;
mod course;
mod covariance;
mod directions;
mod draws;
mod dynamic;
mod ellipsoid;
mod error;
mod evaluator;
mod evidence;
mod file;
mod gibbs;
mod learnt;
mod linear;
mod live;
mod memory;
mod merge;
mod modes;
mod of_model;
mod on_cube;
mod plot;
mod proposals;
mod rank_test;
mod record;
mod refine;
mod reflect;
mod rejection;
mod replace;
mod result;
mod reuse;
mod run;
mod sampler;
mod saved;
mod settings;
mod shrinkage;
mod slice;
mod start;
mod status;
mod strands;
mod tracker;

#[cfg(test)]
mod tests;

use crate::model::parts::{Parts, Values};
use gibbs::Sweep;

pub use checkpoint::Checkpoint;
pub use condition::Condition;
pub use error::NestedError;
pub use evidence::Evidence;
pub use merge::MergeError;
pub use modes::Mode;
pub use of_model::NestedSampler;
pub use rank_test::RankTest;
pub use record::{Invalid, Record};
pub use refine::{Refinement, Verdict};
pub use result::NestedRun;
pub use reuse::Reweighted;
pub use run::{Control, run, run_with};
pub use settings::{Allocation, Proposal, Settings};
pub use status::{Phase, Status, Termination};

/// What the sampler sees of a model: a log likelihood on the unit cube.
pub trait Likelihood: Sync {
    /// Buffers of one worker thread.
    type Worker: Send;

    /// Number of coordinates of the cube.
    fn dim(&self) -> usize;

    /// Fresh buffers for a worker thread.
    fn worker(&self) -> Self::Worker;

    /// ln L at `u` in (0,1)^dim; −∞ and NaN are allowed.
    fn log_likelihood(&self, worker: &mut Self::Worker, u: &[f64]) -> f64;

    /// Whether [`gradient`](Self::gradient) gives one.
    fn has_gradient(&self) -> bool {
        false
    }

    /// The gradient of ln L at `u` within the cube, for [`Proposal::Reflections`]. What it lacks, or has wrong, costs
    /// evaluations and biases nothing.
    fn gradient(&self, _worker: &mut Self::Worker, _u: &[f64], gradient: &mut [f64]) {
        gradient.fill(0.0);
    }

    /// The coordinates of which 0 and 1 are the same place: angles.
    fn periodic(&self) -> &[usize] {
        &[]
    }

    /// The coordinates that each change one term alone, where chains of slices by plates are to be used.
    #[doc(hidden)]
    fn parts(&self) -> Option<&Parts> {
        None
    }

    /// ln L at `u` but for the terms of the parts, which are written to `terms`; a sweep changes their coordinates.
    #[doc(hidden)]
    fn evaluate_parts(
        &self,
        worker: &mut Self::Worker,
        u: &mut [f64],
        _terms: &mut Vec<f64>,
        _sweep: Option<&mut Sweep<'_>>,
        _values: Values<'_>,
    ) -> f64 {
        self.log_likelihood(worker, u)
    }

    /// A name by which files of its runs know it.
    fn name(&self) -> &str {
        "likelihood"
    }
}
