//! Importance refinement: the evidence once more, by importance sampling from a mixture that is fitted to the posterior
//! that the run has found.
//!
//! In coordinates z = Φ⁻¹(u) the prior is a standard normal and Z = E[L(Φ(z)) φ(z)/q(z)] over z ~ q. The posterior has
//! tails no heavier than the prior's if L is bounded, and q is a mixture of t distributions, so that the weights are
//! bounded too; whether q is near enough is what Pareto's k̂ of the weights says.

mod fit;
mod mixture;

use super::bends::{Bends, straightening};
use super::error::NestedError;
use super::evaluator::{Benches, Tally, evaluate, in_cube};
use super::evidence::log_sum;
use super::settings::rule;
use super::{Likelihood, Record};
use crate::output::Estimate;
use crate::output::pareto::smooth;
use crate::random::{Purpose, Rng, keyed};
use crate::real::special::{normal_cdf, normal_quantile};
use fit::{Points, fit};
use mixture::{Component, Mixture};
use rand::RngExt;
use rayon::prelude::*;
use std::fmt;

/// Points to which the mixture is fitted, at most: so many, and so many more for each coordinate.
const FITTED: usize = 2000;
const FITTED_A_COORDINATE: usize = 20;
/// Weight of a component as wide as the whole posterior and more, for what the others leave out.
const BROAD: f64 = 0.05;
const BROAD_SCALE: f64 = 2.0;
const BROAD_FREEDOM: f64 = 4.0;
/// Largest k̂ at which importance sampling is trusted.
const LARGEST_K: f64 = 0.7;
/// Standard deviations by which the two estimates may differ.
const AGREEMENT: f64 = 3.0;
/// Effective points from which on an error bar from the weights is worth something.
const FEWEST_EFFECTIVE: f64 = 100.0;
/// Slices a coordinate beyond which chains are long, and the fewest coordinates for which that is asked: in a region where they
/// have to be, what they came to seldom is missing. In few dimensions they are made long by chance as well.
const LONG: usize = 8;
const LONG_COORDINATES: usize = 16;
/// Slots that draw the fit's own randomness.
const FIT_SLOT: u64 = u64::MAX;

/// Whether importance sampling has refined the evidence of a run.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has.
    Accepted,
    /// k̂ is 0.7 or more: the mixture leaves out too much of the posterior.
    HeavyTail,
    /// Fewer than a hundred effective points.
    TooFewEffective,
    /// It is more than three standard deviations from the estimate of nested sampling.
    Disagrees,
    /// It is no more precise than nested sampling.
    NoGain,
    /// Chains of the run had more than eight slices a coordinate and 128 in all, because they remembered so long where they began, or as they were
    /// told to: such a run may lack a hundredth of the posterior, which is far less than its own error, and far more than this one's.
    LongChains,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Accepted => "accepted",
            Verdict::HeavyTail => "refused: the weights have a heavy tail",
            Verdict::TooFewEffective => "refused: too few effective points",
            Verdict::Disagrees => "refused: it disagrees with nested sampling",
            Verdict::NoGain => "refused: it is no more precise",
            Verdict::LongChains => {
                "refused: where chains must be so long the run may have come too seldom to what importance points don't find"
            }
        })
    }
}

/// The evidence by importance sampling after a run, with what says whether to trust it.
#[derive(Clone, Debug, PartialEq)]
pub struct Refinement {
    /// ln of the mean weight L φ/q, with its error from the spread of the weights.
    pub log_evidence: Estimate,
    /// k̂, the shape of a generalised Pareto distribution fitted to the largest weights (Vehtari, Simpson, Gelman, Yao &
    /// Gabry 2024, "Pareto smoothed importance sampling").
    pub pareto_k: f64,
    /// Kish's effective size of the weights, (Σw)²/Σw².
    pub effective_samples: f64,
    /// Importance points: so many evaluations of the likelihood.
    pub evaluations: u64,
    /// Components of the mixture, the broad one included.
    pub components: usize,
    /// Whether the estimate counts.
    pub verdict: Verdict,
}

impl Record {
    /// Sharpens ln Z by `points` importance points from a mixture of t distributions fitted to the weighted points of
    /// the record. It changes nothing in the record; the verdict says whether the estimate can be trusted: k̂ < 0.7,
    /// a hundred effective points, agreement with [`evidence`](Self::evidence) within three standard deviations, and chains of
    /// no more than eight slices a coordinate, or 128.
    ///
    /// Nested sampling is what finds the modes: one that it missed is missed here too. So is what its chains come to too seldom,
    /// such as the ends of a long bent valley (Rosenbrock in ten dimensions): that is why long chains are a reason to refuse.
    ///
    /// # Errors
    /// If there are fewer than 100 points, or the record is empty or of another dimension.
    ///
    /// ```
    /// use ppl_runtime::infer::nested::{Likelihood, Settings, Verdict, run};
    ///
    /// /// A normal likelihood, narrow in a flat prior: ln Z ≈ 0.
    /// struct Peak;
    /// impl Likelihood for Peak {
    ///     type Worker = ();
    ///     fn dim(&self) -> usize { 2 }
    ///     fn worker(&self) {}
    ///     fn log_likelihood(&self, _: &mut (), u: &[f64]) -> f64 {
    ///         let sd: f64 = 0.05;
    ///         u.iter().map(|u| -0.5 * ((u - 0.5) / sd).powi(2) - (sd * std::f64::consts::TAU.sqrt()).ln()).sum()
    ///     }
    /// }
    ///
    /// let record = run(&Peak, &Settings::default(), &mut |_| ())?;
    /// let refined = record.refine(&Peak, 2000, 1)?;
    /// assert_eq!(refined.verdict, Verdict::Accepted);
    /// assert!(refined.log_evidence.mean.abs() < 5.0 * refined.log_evidence.sd);
    /// assert!(refined.log_evidence.sd < 0.2 * record.evidence().sd);
    /// # Ok::<(), ppl_runtime::infer::nested::NestedError>(())
    /// ```
    pub fn refine<L: Likelihood>(
        &self,
        likelihood: &L,
        points: usize,
        seed: u64,
    ) -> Result<Refinement, NestedError> {
        rule(
            points >= 100,
            "points",
            points,
            "an estimate needs at least 100 importance points",
        )?;
        rule(
            !self.is_empty() && likelihood.dim() == self.dim,
            "likelihood",
            likelihood.dim(),
            "the number of its coordinates must be that of the record's points",
        )?;
        let mut rng = keyed(seed, Purpose::Refinement, 0, FIT_SLOT);
        let mut posterior = posterior(self, &mut rng);
        // Components are straight, and shears change no volume.
        let bends = straightening(&posterior.z, &posterior.weights, self.dim);
        posterior.z = bends.straightened(&posterior.z, self.dim);
        let proposal = proposal(&posterior, &mut rng);
        let log_weights = weigh(likelihood, (&proposal, &bends), points, seed);
        Ok(judge(self, log_weights, proposal.components.len()))
    }
}

/// Points of the posterior in normal coordinates: those of the record with their weights or, where they are many, a
/// systematic resample.
fn posterior(record: &Record, rng: &mut Rng) -> Points {
    let log_weights = record.log_weights();
    let log_z = log_sum(&log_weights);
    let share = |i: usize| (log_weights[i] - log_z).exp();
    let heavy: Vec<usize> = (0..record.len())
        .filter(|&i| share(i) > 1e-7 / record.len() as f64)
        .collect();
    let most = FITTED + FITTED_A_COORDINATE * record.dim;
    let (rows, weights): (Vec<usize>, Vec<f64>) = if heavy.len() <= most {
        heavy.iter().map(|&i| (i, share(i))).unzip()
    } else {
        // A point that is taken more than once is one with more weight: among those that are fitted and among those that
        // tell how well, it would make any number of components seem right.
        let (mut rows, mut weights) = (Vec::with_capacity(most), Vec::with_capacity(most));
        let (mut sum, mut next) = (0.0, rng.random::<f64>());
        for &i in &heavy {
            sum += share(i) * most as f64;
            let times = (sum - next).ceil().max(0.0);
            if times > 0.0 {
                rows.push(i);
                weights.push(times);
                next += times;
            }
        }
        (rows, weights)
    };
    let total: f64 = weights.iter().sum();
    Points {
        dim: record.dim,
        z: rows
            .par_iter()
            .flat_map_iter(|&i| record.point(i).iter().map(|&u| normal_quantile(u)))
            .collect(),
        weights: weights.iter().map(|w| w / total).collect(),
    }
}

/// The mixture fitted to the points, with a broad component.
fn proposal(points: &Points, rng: &mut Rng) -> Mixture {
    let mut mixture = fit(points, rng);
    let (mean, covariance) = points.moments();
    let scale: Vec<f64> = covariance.iter().map(|c| BROAD_SCALE * c).collect();
    mixture
        .components
        .iter_mut()
        .for_each(|c| c.rescale((1.0 - BROAD).recip()));
    let broad = Component::new(BROAD, mean, &scale, BROAD_FREEDOM);
    mixture.components.push(broad);
    mixture
}

/// ln w of importance points, each from a generator of its own; components get their shares to within a point.
fn weigh<L: Likelihood>(
    likelihood: &L,
    (proposal, bends): (&Mixture, &Bends),
    points: usize,
    seed: u64,
) -> Vec<f64> {
    let dim = likelihood.dim();
    let benches = Benches::new(likelihood);
    let scratch = || (vec![0.0; dim], vec![0.0; dim], Vec::new());
    (0..points)
        .into_par_iter()
        .with_min_len(16)
        .map_init(scratch, |(z, scratch, terms), i| {
            let mut rng = keyed(seed, Purpose::Refinement, 0, i as u64);
            let pick = (i as f64 + rng.random::<f64>()) / points as f64;
            proposal.draw(pick, &mut rng, scratch, z);
            let log_q = proposal.log_density(z, scratch, terms);
            bends.bend(z);
            let squares: f64 = z.iter().map(|z| z * z).sum();
            let log_prior = -0.5 * squares - 0.5 * dim as f64 * std::f64::consts::TAU.ln();
            z.iter_mut().for_each(|z| *z = normal_cdf(*z));
            // What rounds to a face of the cube is out of reach for the run as well.
            if !in_cube(z) {
                return f64::NEG_INFINITY;
            }
            let log_l = benches.with(likelihood, |bench| {
                evaluate(likelihood, &mut bench.worker, z, &mut Tally::default())
            });
            log_l + log_prior - log_q
        })
        .collect()
}

/// The estimate that the weights give, and whether it counts.
fn judge(record: &Record, mut log_weights: Vec<f64>, components: usize) -> Refinement {
    let n = log_weights.len() as f64;
    let log_sum_weights = log_sum(&log_weights);
    let relative = log_weights.iter().map(|w| (w - log_sum_weights).exp());
    let squares: f64 = relative.map(|w| w * w).sum();
    let sd = ((squares - n.recip()).max(0.0) * n / (n - 1.0)).sqrt();
    let log_evidence = Estimate {
        mean: log_sum_weights - n.ln(),
        sd,
    };
    let effective_samples = if squares > 0.0 { squares.recip() } else { 0.0 };
    let pareto_k = smooth(&mut log_weights, 1.0);
    let nested = record.evidence();
    let difference = (log_evidence.mean - nested.mean).abs();
    let verdict = if pareto_k.is_nan() || pareto_k >= LARGEST_K {
        Verdict::HeavyTail
    } else if effective_samples.is_nan() || effective_samples < FEWEST_EFFECTIVE {
        Verdict::TooFewEffective
    } else if difference.is_nan() || difference > AGREEMENT * sd.hypot(nested.sd) {
        Verdict::Disagrees
    } else if sd >= nested.sd {
        Verdict::NoGain
    } else if record.slices > LONG * record.dim.max(LONG_COORDINATES) {
        Verdict::LongChains
    } else {
        Verdict::Accepted
    };
    Refinement {
        log_evidence,
        pareto_k,
        effective_samples,
        evaluations: log_weights.len() as u64,
        components,
        verdict,
    }
}
