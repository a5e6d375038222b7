//! Bridge sampling.

use super::normal::FittedNormal;
use super::{EvidenceEstimator, LocalEvidence, Target, or_nothing, relative_variance_of_mean};
use crate::error::Error;
use crate::infer::dcc::ProgramError;
use crate::infer::nuts::Chain;
use crate::output::Estimate;
use crate::output::diagnostics::ess_mean;
use crate::random::{Purpose, keyed};
use rayon::prelude::*;

/// Bridge sampling (Meng & Wong 1996, "Simulating ratios of normalizing constants via a simple identity") from a normal
/// proposal g to the program's density p, on R^n with the Jacobian.
///
/// The proposal is fitted to one half of each chain and the bridge iterated on the other, then the other way round; the
/// estimate is the mean of the two (Overstall & Forster 2010 say why one half must not serve for both). With x = ln Z it is the root of
///
/// E_g\[1 / (s₁ + s₂ e^x g/p)\] = E_p\[1 / (s₁ p/(g e^x) + s₂)\],
///
/// one side falling and the other rising in x. s₁ : s₂ are the effective sizes of the two samples. The error is that of
/// Frühwirth-Schnatter (2004, "Estimating marginal likelihoods for mixture and Markov switching models using bridge
/// sampling techniques", section 3.4), the chains' part with their effective size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BridgeSampling {
    /// Draws from each of the two proposals; by default as many as the chains have in one half.
    pub proposal_draws: Option<usize>,
}

impl EvidenceEstimator for BridgeSampling {
    const NAME: &'static str = "bridge sampling";

    fn check(&self) -> Result<(), Error> {
        let enough = self.proposal_draws.is_none_or(|n| n >= 10);
        let problem = "is less than 10: too few for an error bar";
        crate::infer::dcc::settings::rule("proposal_draws", enough, problem)
    }

    fn estimate<T: Target>(
        &self,
        target: &T,
        chains: &[Chain],
        seed: u64,
    ) -> Result<LocalEvidence, ProgramError> {
        let halves = [half(chains, 0), half(chains, 1)];
        let mut evaluations = 0;
        let mut estimates = Vec::with_capacity(2);
        for (i, (fitted, iterated)) in [(0, 1), (1, 0)].into_iter().enumerate() {
            let draws: Vec<&[f64]> = halves[fitted].iter().flatten().map(|d| d.0).collect();
            let proposal = FittedNormal::fit(&draws).ok_or(ProgramError::Evidence(
                "the draws of a coordinate do not vary, or are fewer than eight",
            ))?;
            let n = self.proposal_draws.unwrap_or(draws.len());
            evaluations += n as u64;
            let proposed: Vec<f64> = (0..n)
                .into_par_iter()
                .with_min_len(64)
                .map_init(
                    || target.worker(),
                    |worker, k| {
                        let rng = &mut keyed(seed, Purpose::EvidenceNoise, i as u64, k as u64);
                        let (u, log_g) = proposal.draw(rng);
                        or_nothing(target.log_density(worker, &u)) - log_g
                    },
                )
                .collect();
            let sampled: Vec<Vec<f64>> = halves[iterated]
                .iter()
                .map(|chain| {
                    let ratio = |(u, log_p): &(&[f64], f64)| log_p - proposal.log_density(u);
                    chain.iter().map(ratio).collect()
                })
                .collect();
            estimates.push(bridge(&proposed, &sampled)?);
        }
        Ok(LocalEvidence {
            log_evidence: combined(estimates[0], estimates[1]),
            evaluations,
        })
    }
}

/// The first or second half of each chain: points and log densities.
fn half(chains: &[Chain], which: usize) -> Vec<Vec<(&[f64], f64)>> {
    let of = |chain: &'_ Chain| -> std::ops::Range<usize> {
        let n = chain.transitions.len();
        if which == 0 { 0..n / 2 } else { n - n / 2..n }
    };
    chains
        .iter()
        .map(|chain| {
            let log_densities = chain.transitions.iter().map(|t| t.log_density);
            let all: Vec<(&[f64], f64)> = chain.positions().zip(log_densities).collect();
            all[of(chain)].to_vec()
        })
        .collect()
}

/// The mean of the two estimates. Where they differ by more than their errors explain, half the difference is the error.
fn combined(a: Estimate, b: Estimate) -> Estimate {
    let sd = 0.5 * a.sd.hypot(b.sd);
    let spread = 0.5 * (a.mean - b.mean).abs();
    Estimate {
        mean: 0.5 * (a.mean + b.mean),
        sd: if spread > 3.0 * sd { spread } else { sd },
    }
}

/// ln Z from ln p/g at draws from g and at draws from p, the latter by chain.
fn bridge(proposed: &[f64], sampled: &[Vec<f64>]) -> Result<Estimate, ProgramError> {
    let count = sampled.iter().map(Vec::len).sum::<usize>() as f64;
    let mut effective = count;
    let mut known: Vec<f64> = sampled.concat();
    known.sort_unstable_by(f64::total_cmp);
    let (mut x, mut sides) = (known.get(known.len() / 2).copied().unwrap_or(0.0), None);
    // Equal shares first, to find the effective size of the chains' part; then with that.
    for _ in 0..2 {
        let s1 = effective / (effective + proposed.len() as f64);
        let at_g = |x: f64, l: f64| 1.0 / (s1 + (1.0 - s1) * (x - l).exp());
        let at_p = |x: f64, l: f64| 1.0 / (s1 * (l - x).exp() + (1.0 - s1));
        x = root(x, |x| {
            let g = proposed.iter().map(|&l| at_g(x, l)).sum::<f64>() / proposed.len() as f64;
            let p = sampled.iter().flatten().map(|&l| at_p(x, l)).sum::<f64>() / count;
            (g, p)
        })?;
        let from_p: Vec<Vec<f64>> = sampled
            .iter()
            .map(|c| c.iter().map(|&l| at_p(x, l)).collect())
            .collect();
        let ess = ess_mean(&from_p);
        if ess > 0.0 {
            effective = ess;
        }
        let from_g: Vec<f64> = proposed.iter().map(|&l| at_g(x, l)).collect();
        sides = Some((from_g, from_p));
    }
    let (from_g, from_p) = sides.ok_or(ProgramError::Evidence("no draws"))?;
    let chains = relative_variance_of_mean(&from_p.concat()) * count / effective;
    let sd = (relative_variance_of_mean(&from_g) + chains).sqrt();
    if !(x.is_finite() && sd.is_finite()) {
        return Err(ProgramError::Evidence("the bridge is not finite"));
    }
    Ok(Estimate { mean: x, sd })
}

/// Where the falling first side meets the rising second, by bisection of a bracket, sped up by the fixed-point step.
fn root(start: f64, sides: impl Fn(f64) -> (f64, f64)) -> Result<f64, ProgramError> {
    let failed = ProgramError::Evidence("the proposal and the chains do not overlap");
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    let mut x = start;
    for _ in 0..1000 {
        let (g, p) = sides(x);
        if g.is_nan() || p.is_nan() || (g == 0.0 && p == 0.0) {
            return Err(failed);
        }
        // Meng & Wong's iteration: x ← x + ln g/p, which moves towards the root and is kept within the bracket.
        let step = g.ln() - p.ln();
        if step.abs() < 1e-10 {
            return Ok(x);
        }
        if step > 0.0 {
            low = x;
        } else {
            high = x;
        }
        let next = x + step.clamp(-1e3, 1e3);
        let inside = next > low && next < high;
        x = match (inside, low.is_finite() && high.is_finite()) {
            (true, _) => next,
            (false, true) => 0.5 * (low + high),
            (false, false) => return Err(failed),
        };
        if high - low < 1e-12 {
            return Ok(x);
        }
    }
    Err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_where_the_proposal_is_the_posterior() {
        let same = bridge(&[-700.5; 40], &[vec![-700.5; 20], vec![-700.5; 20]]).unwrap();
        assert!((same.mean + 700.5).abs() < 1e-9 && same.sd < 1e-9, "{same}");
    }

    #[test]
    fn refuses_what_does_not_overlap() {
        assert!(bridge(&[f64::NEG_INFINITY; 40], &[vec![0.0; 20], vec![0.0; 20]]).is_err());
    }

    #[test]
    fn a_disagreement_of_the_halves_shows() {
        let a = Estimate {
            mean: 1.0,
            sd: 0.01,
        };
        let b = Estimate {
            mean: 3.0,
            sd: 0.01,
        };
        assert_eq!(combined(a, b), Estimate { mean: 2.0, sd: 1.0 });
    }
}
