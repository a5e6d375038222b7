//! Importance sampling around the draws.

use super::{EvidenceEstimator, LocalEvidence, Target, or_nothing, relative_variance_of_mean};
use crate::error::Error;
use crate::infer::dcc::ProgramError;
use crate::infer::nuts::Chain;
use crate::output::Estimate;
use crate::random::{Purpose, keyed};
use rand::RngExt;
use rand_distr::StandardNormal;
use rayon::prelude::*;

/// How wide the normals around the draws are.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Scale {
    /// This standard deviation in every coordinate of R^n.
    Absolute(f64),
    /// This times the standard deviation of the draws of each coordinate.
    Relative(f64),
}

/// What the density of a proposed point is divided by.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Denominator {
    /// The mixture of all normals (Elvira, Martino, Luengo & Bugallo 2019, "Generalized multiple importance sampling",
    /// scheme N3): the variance is finite unless the posterior has heavier tails than the mixture. n² densities of
    /// normals.
    #[default]
    Mixture,
    /// The normal that the point comes from. The weights have infinite variance where the normals are not much wider
    /// than the posterior (for a normal posterior, variance ≤ 3/2 of its own), and the error bar knows nothing of that.
    /// NumPyro's DCC estimates like this, with the noise of all points and programs from one key.
    Own,
}

/// Layered importance sampling (Martino, Elvira, Luengo & Corander 2017, "Layered adaptive importance sampling"), as in
/// the paper on DCC: each draw of the chains is the centre of a normal, from which one point is proposed with noise of
/// its own. Ẑ is the mean of density over proposal, unbiased whatever the draws are.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct MixtureImportance {
    /// How wide the normals are.
    pub scale: Scale,
    /// What the density is divided by.
    pub denominator: Denominator,
}

impl Default for MixtureImportance {
    fn default() -> Self {
        MixtureImportance {
            scale: Scale::Absolute(1.0),
            denominator: Denominator::Mixture,
        }
    }
}

impl EvidenceEstimator for MixtureImportance {
    const NAME: &'static str = "importance sampling";

    fn check(&self) -> Result<(), Error> {
        let (Scale::Absolute(s) | Scale::Relative(s)) = self.scale;
        let problem = format!("is {s}, but it must be positive");
        crate::infer::dcc::settings::rule("scale", s > 0.0 && s.is_finite(), &problem)
    }

    fn estimate<T: Target>(
        &self,
        target: &T,
        chains: &[Chain],
        seed: u64,
    ) -> Result<LocalEvidence, ProgramError> {
        let dim = target.dim();
        let draws: Vec<&[f64]> = chains.iter().flat_map(Chain::positions).collect();
        let scales = self.scales(&draws, dim);
        let n = draws.len();
        if n < 10 || !scales.iter().all(|s| *s > 0.0 && s.is_finite()) {
            return Err(ProgramError::Evidence(
                "fewer than ten draws, or a coordinate that does not vary",
            ));
        }
        // In units of the scales every normal is standard.
        let centres: Vec<f64> = draws
            .iter()
            .flat_map(|u| u.iter().zip(&scales).map(|(x, s)| x / s))
            .collect();
        let ln_normaliser = -0.5 * dim as f64 * std::f64::consts::TAU.ln()
            - scales.iter().map(|s| s.ln()).sum::<f64>();
        let log_weights: Vec<f64> = (0..n)
            .into_par_iter()
            .with_min_len(16)
            .map_init(
                || target.worker(),
                |worker, i| {
                    let rng = &mut keyed(seed, Purpose::EvidenceNoise, 0, i as u64);
                    let noise: Vec<f64> = (0..dim).map(|_| rng.sample(StandardNormal)).collect();
                    let centre = &centres[i * dim..(i + 1) * dim];
                    let z: Vec<f64> = centre.iter().zip(&noise).map(|(c, e)| c + e).collect();
                    let u: Vec<f64> = z.iter().zip(&scales).map(|(z, s)| z * s).collect();
                    let ln_kernel = match self.denominator {
                        Denominator::Own => -0.5 * noise.iter().map(|e| e * e).sum::<f64>(),
                        Denominator::Mixture => ln_mean_kernel(&z, &centres),
                    };
                    or_nothing(target.log_density(worker, &u)) - ln_kernel - ln_normaliser
                },
            )
            .collect();
        let most = log_weights
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        if !most.is_finite() {
            return Err(ProgramError::Evidence(
                "no proposed point has a finite density",
            ));
        }
        let weights: Vec<f64> = log_weights.iter().map(|w| (w - most).exp()).collect();
        let mean = weights.iter().sum::<f64>() / n as f64;
        Ok(LocalEvidence {
            log_evidence: Estimate {
                mean: most + mean.ln(),
                sd: relative_variance_of_mean(&weights).sqrt(),
            },
            evaluations: n as u64,
        })
    }
}

impl MixtureImportance {
    fn scales(&self, draws: &[&[f64]], dim: usize) -> Vec<f64> {
        match self.scale {
            Scale::Absolute(s) => vec![s; dim],
            Scale::Relative(s) => (0..dim)
                .map(|i| {
                    let column: Vec<f64> = draws.iter().map(|u| u[i]).collect();
                    s * crate::output::diagnostics::sd(&column)
                })
                .collect(),
        }
    }
}

/// ln of the mean of exp(−½ ‖z − c‖²) over the centres. The point's own centre is among them, so that no term is far
/// below what an f64 holds in few dimensions; the smallest distance is taken out for the rest.
fn ln_mean_kernel(z: &[f64], centres: &[f64]) -> f64 {
    let halves: Vec<f64> = centres
        .chunks_exact(z.len())
        .map(|c| 0.5 * c.iter().zip(z).map(|(c, z)| (z - c) * (z - c)).sum::<f64>())
        .collect();
    let least = halves.iter().copied().fold(f64::INFINITY, f64::min);
    let sum: f64 = halves.iter().map(|h| (least - h).exp()).sum();
    -least + (sum / halves.len() as f64).ln()
}
