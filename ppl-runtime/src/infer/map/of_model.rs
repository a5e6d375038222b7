//! The mode of a model.

use super::result::{LaplaceFit, MapFit};
use crate::error::Error;
use crate::infer::lbfgs::{Lbfgs, Minimum, largest, minimise};
use crate::model::{Evaluator, Layout, Model};
use crate::random::{Purpose, keyed};
use nalgebra::{Cholesky, DVector, Dyn};
use rand::RngExt;
use std::f64::consts::TAU;

/// Maximum a posteriori, and Laplace's approximation at a mode.
///
/// The same seed gives the same bits. Discrete latents are refused by name: sum them out with `#[enumerate]`.
pub struct Map<'m, M> {
    model: &'m M,
    starts: usize,
    seed: u64,
    lbfgs: Lbfgs,
}

/// Starts are drawn from U(−2, 2) in each coordinate, as in Stan; the first is 0.
const RADIUS: f64 = 2.0;
/// Draws of one start until the density is finite.
const TRIES: u64 = 100;

impl<'m, M: Model> Map<'m, M> {
    /// From four starts.
    pub fn new(model: &'m M) -> Self {
        Map {
            model,
            starts: 4,
            seed: 0,
            lbfgs: Lbfgs::default(),
        }
    }
    /// The key of all randomness; 0 by default.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
    /// Where the climb begins anew; the highest mode wins. 4 by default.
    pub fn starts(mut self, starts: usize) -> Self {
        self.starts = starts;
        self
    }
    /// Settings of the optimiser.
    pub fn lbfgs(mut self, settings: Lbfgs) -> Self {
        self.lbfgs = settings;
        self
    }

    /// The latents of highest posterior density. (It depends on how the latents are written: the mode of a scale is
    /// not the exponential of the mode of its logarithm.)
    ///
    /// # Errors
    /// Unusable data (naming argument, site and index), a discrete latent (naming its site), a model without latents, no
    /// start where the density is finite, and a climb that does not end: the density has no maximum, or too little
    /// time.
    pub fn run(&self) -> Result<MapFit<M::Latents>, Error>
    where
        M::Latents: From<M::Draw>,
    {
        let mut evaluator = Evaluator::new();
        let (best, gradients) = self.climb(&mut evaluator, Evaluator::density_of_latents)?;
        Ok(MapFit {
            mode: self.latents(&mut evaluator, &best.at),
            u: best.at,
            log_density: -best.value,
            gradients,
        })
    }

    /// The mode on R^n, Jacobian included, and the normal distribution of the curvature there.
    ///
    /// # Errors
    /// As [`Map::run`], and where the curvature at the mode is not negative in every direction.
    pub fn laplace(&self) -> Result<LaplaceFit<'m, M>, Error>
    where
        M::Latents: From<M::Draw>,
    {
        let mut e = Evaluator::new();
        let (mut best, mut gradients) = self.climb(&mut e, |e, model, u, g| {
            model.log_density_and_gradient(e, u, g)
        })?;
        let n = best.at.len();
        let mut factor = self.precision(&mut e, &best.at)?;
        gradients += 4 * n + 1;
        // One step of Newton's takes what rounding of the values kept L-BFGS from.
        let step = factor.solve(&DVector::from_column_slice(&best.gradient));
        let at: Vec<f64> = best.at.iter().zip(&step).map(|(u, s)| u - s).collect();
        let mut gradient = vec![0.0; n];
        let value = -self
            .model
            .log_density_and_gradient(&mut e, &at, &mut gradient);
        if value.is_finite() && largest(&gradient) < largest(&best.gradient) {
            (best.at, best.value) = (at, value);
            factor = self.precision(&mut e, &best.at)?;
            gradients += 4 * n;
        }
        let root = factor.l();
        let ln_det_root: f64 = root.diagonal().iter().map(|d| d.ln()).sum();
        Ok(LaplaceFit {
            model: self.model,
            mode: self.latents(&mut e, &best.at),
            covariance: factor.inverse(),
            root,
            log_density: -best.value,
            log_evidence: -best.value + 0.5 * n as f64 * TAU.ln() - ln_det_root,
            u: best.at,
            gradients,
        })
    }

    /// The Cholesky factor of minus the Hessian.
    fn precision(&self, e: &mut Evaluator, u: &[f64]) -> Result<Cholesky<f64, Dyn>, Error> {
        Cholesky::new(-e.hessian(self.model, u)).ok_or_else(|| {
            failed::<M>("the curvature at the mode is not negative in every direction")
        })
    }

    fn latents(&self, e: &mut Evaluator, u: &[f64]) -> M::Latents
    where
        M::Latents: From<M::Draw>,
    {
        let rng = &mut keyed(self.seed, Purpose::Recover, 0, 0);
        M::Latents::from(e.draw_at_line(self.model, u, rng))
    }

    /// The best of all starts, and how many gradients they took.
    fn climb(
        &self,
        e: &mut Evaluator,
        density: impl Fn(&mut Evaluator, &M, &[f64], &mut [f64]) -> f64,
    ) -> Result<(Minimum, usize), Error> {
        let layout = Layout::of(self.model)?;
        layout.require_continuous(M::NAME)?;
        let mut negative = |u: &[f64], gradient: &mut [f64]| {
            let value = density(e, self.model, u, gradient);
            for g in gradient {
                *g = -*g;
            }
            -value
        };
        let (mut best, mut gradients): (Option<Minimum>, usize) = (None, 0);
        for start in 0..self.starts.max(1) {
            let mut u = vec![0.0; layout.dim];
            let mut gradient = vec![0.0; layout.dim];
            for attempt in 0..TRIES {
                if start > 0 || attempt > 0 {
                    let rng = &mut keyed(self.seed, Purpose::ModeStart, start as u64, attempt);
                    u.fill_with(|| rng.random_range(-RADIUS..RADIUS));
                }
                gradients += 1;
                if negative(&u, &mut gradient).is_finite() && largest(&gradient).is_finite() {
                    break;
                }
            }
            let found = minimise(&self.lbfgs, &u, &mut negative);
            gradients += found.evaluations;
            let better = |b: &Minimum| found.converged && (!b.converged || found.value < b.value);
            if best.as_ref().is_none_or(better) {
                best = Some(found);
            }
        }
        match best {
            Some(best) if best.converged => Ok((best, gradients)),
            Some(best) if !best.value.is_finite() => Err(failed::<M>(
                "no start was found where the log density and its gradient are finite",
            )),
            best => Err(failed::<M>(&format!(
                "no maximum was found: after {} iterations the largest component of the gradient is {:.2e}; the density may have none",
                best.as_ref().map_or(0, |b| b.iterations),
                best.map_or(f64::NAN, |b| largest(&b.gradient)),
            ))),
        }
    }
}

fn failed<M: Model>(problem: &str) -> Error {
    Error::Engine {
        model: M::NAME,
        engine: "MAP",
        problem: problem.to_string(),
    }
}
