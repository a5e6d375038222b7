//! Where guides start.

use super::super::target::LogDensity;
use crate::random::Rng;
use rand::RngExt;

/// Where the locations of an automatic guide start, on R^n.
///
/// Every particle of a mixture draws its own start, so that they begin apart; [`Init::Value`] alone does not. Draws
/// from the prior are of the latents together; of vectors that are constrained as a whole (simplexes, ordered vectors,
/// correlations) the coordinates are uniform in (−2, 2).
#[derive(Clone, Debug, PartialEq)]
pub enum Init {
    /// Uniform in (−radius, radius)^n.
    Uniform {
        /// Half the width of the cube.
        radius: f64,
    },
    /// A draw from the prior.
    Sample,
    /// The median of some draws from the prior, coordinate by coordinate; [`Init::median`] takes 15.
    Median {
        /// Draws from the prior.
        draws: usize,
    },
    /// The mean of some draws from the prior, coordinate by coordinate on R^n; [`Init::mean`] takes 15.
    Mean {
        /// Draws from the prior.
        draws: usize,
    },
    /// At one point; particles of a mixture that all start there stay together.
    Value(Vec<f64>),
}

impl Default for Init {
    /// Uniform in (−2, 2)^n.
    fn default() -> Self {
        Init::Uniform { radius: 2.0 }
    }
}

/// Starts before giving up.
const ATTEMPTS: usize = 1000;
const DRAWS: usize = 15;

impl Init {
    /// Uniform in (−radius, radius)^n.
    pub fn uniform(radius: f64) -> Self {
        Init::Uniform { radius }
    }
    /// The median of 15 draws from the prior.
    pub fn median() -> Self {
        Init::Median { draws: DRAWS }
    }
    /// The mean of 15 draws from the prior.
    pub fn mean() -> Self {
        Init::Mean { draws: DRAWS }
    }

    /// A point where density and gradient are finite.
    pub(super) fn point<T: LogDensity>(
        &self,
        target: &T,
        rng: &mut Rng,
        u: &mut [f64],
    ) -> Result<(), String> {
        let (mut worker, mut gradient) = (target.worker(), vec![0.0; u.len()]);
        let mut prior = Vec::new();
        let attempts = match self {
            Init::Value(_) => 1,
            _ => ATTEMPTS,
        };
        for _ in 0..attempts {
            self.propose(target, rng, &mut prior, u)?;
            let value = target.log_density_and_gradient(&mut worker, u, &mut gradient);
            if value.is_finite() && gradient.iter().all(|g| g.is_finite()) {
                return Ok(());
            }
        }
        Err(match self {
            Init::Value(_) => "density or gradient are not finite at the start".to_string(),
            _ => format!("none of {ATTEMPTS} starts ({self:?}) has a finite density and gradient"),
        })
    }

    fn propose<T: LogDensity>(
        &self,
        target: &T,
        rng: &mut Rng,
        prior: &mut Vec<f64>,
        u: &mut [f64],
    ) -> Result<(), String> {
        let n = u.len();
        let wanted = match self {
            Init::Sample => Some(1),
            Init::Median { draws } | Init::Mean { draws } => Some(*draws),
            Init::Uniform { .. } | Init::Value(_) => None,
        };
        if let Some(draws) = wanted
            && (draws == 0 || !target.prior(draws, rng, prior))
        {
            return Err(format!(
                "there are no {draws} draws from the prior to start from"
            ));
        }
        match self {
            Init::Uniform { radius } => {
                for x in u.iter_mut() {
                    *x = radius * (2.0 * rng.random::<f64>() - 1.0);
                }
            }
            Init::Sample => u.copy_from_slice(prior),
            Init::Median { draws } => {
                let mut column = vec![0.0; *draws];
                for (i, x) in u.iter_mut().enumerate() {
                    for (c, v) in column.iter_mut().zip(prior.iter().skip(i).step_by(n)) {
                        *c = *v;
                    }
                    column.sort_unstable_by(f64::total_cmp);
                    *x = 0.5 * (column[(draws - 1) / 2] + column[draws / 2]);
                }
            }
            Init::Mean { draws } => {
                for (i, x) in u.iter_mut().enumerate() {
                    *x = prior.iter().skip(i).step_by(n).sum::<f64>() / *draws as f64;
                }
            }
            Init::Value(at) if at.len() != n => {
                return Err(format!(
                    "the start has {} coordinates where the model has {n}",
                    at.len()
                ));
            }
            Init::Value(at) => u.copy_from_slice(at),
        }
        Ok(())
    }
}
