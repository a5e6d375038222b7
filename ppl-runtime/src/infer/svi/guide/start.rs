//! Where guides start.

use super::super::target::LogDensity;
use crate::random::Rng;
use rand::RngExt;

/// Where the locations of an automatic guide start, on R^n.
#[derive(Clone, Debug, PartialEq)]
pub enum Init {
    /// Uniform in (−radius, radius)^n.
    Uniform {
        /// Half the width of the cube.
        radius: f64,
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

/// Uniform starts before giving up.
const ATTEMPTS: usize = 1000;

impl Init {
    /// A point where density and gradient are finite.
    pub(super) fn point<T: LogDensity>(
        &self,
        target: &T,
        rng: &mut Rng,
        u: &mut [f64],
    ) -> Result<(), String> {
        let (mut worker, mut gradient) = (target.worker(), vec![0.0; u.len()]);
        let mut usable = |u: &[f64]| {
            let value = target.log_density_and_gradient(&mut worker, u, &mut gradient);
            value.is_finite() && gradient.iter().all(|g| g.is_finite())
        };
        match self {
            Init::Value(at) if at.len() != u.len() => Err(format!(
                "the start has {} coordinates where the model has {}",
                at.len(),
                u.len()
            )),
            Init::Value(at) => {
                u.copy_from_slice(at);
                if usable(u) {
                    Ok(())
                } else {
                    Err("density or gradient are not finite at the start".to_string())
                }
            }
            Init::Uniform { radius } => {
                for _ in 0..ATTEMPTS {
                    for x in u.iter_mut() {
                        *x = radius * (2.0 * rng.random::<f64>() - 1.0);
                    }
                    if usable(u) {
                        return Ok(());
                    }
                }
                Err(format!(
                    "none of {ATTEMPTS} starts in (−{radius}, {radius})^{} has a finite density and gradient",
                    u.len()
                ))
            }
        }
    }
}
