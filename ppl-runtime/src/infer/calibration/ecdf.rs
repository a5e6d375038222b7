//! The verdict of the empirical distribution of ranks.
//!
//! Säilynoja, Bürkner & Vehtari (2022, "Graphical test for discrete uniformity and its applications in goodness-of-fit
//! evaluation and multiple sample comparison"): if the N ranks are uniform on 0..L, then of each z the number of ranks below
//! it is Bin(N, z/L). The smallest two-sided tail probability γ over all z is the statistic, and bands that hold all the
//! counts at once are those of the same γ. How likely a γ is comes from the Markov chain of the counts (their §2.2):
//! given k ranks below z, those equal to z are Bin(N − k, 1/(L − z)).

use crate::real::special::ln_gamma;

/// Tail probabilities this close are the same but for rounding.
const SAME: f64 = 1.0 + 1e-9;

/// How likely N uniform ranks on `0..levels` have a γ as small as these have.
pub(super) fn p_value(ranks: &[usize], levels: usize) -> f64 {
    let n = ranks.len();
    let mut at = vec![0usize; levels];
    for &rank in ranks {
        at[rank] += 1;
    }
    let ln_choose = LnChoose::new(n);
    let tails: Vec<Vec<f64>> = (1..levels)
        .map(|z| two_sided(&ln_choose.binomial(n, z as f64 / levels as f64)))
        .collect();
    let mut below = 0;
    let mut gamma = f64::INFINITY;
    for (tail, count) in tails.iter().zip(&at) {
        below += count;
        gamma = gamma.min(tail[below]);
    }
    leaves(&tails, gamma * SAME, &ln_choose, n, levels)
}

/// The probability that some count has a tail of at most `gamma`. What leaves the bands is summed, rather than what stays
/// taken from 1, so that small probabilities keep their digits.
fn leaves(tails: &[Vec<f64>], gamma: f64, ln_choose: &LnChoose, n: usize, levels: usize) -> f64 {
    let mut inside = vec![0.0; n + 1];
    inside[0] = 1.0;
    let mut left = 0.0;
    for (z, tail) in tails.iter().enumerate() {
        let mut next = vec![0.0; n + 1];
        let part = 1.0 / (levels - z) as f64;
        for (k, mass) in inside.iter().enumerate().filter(|(_, m)| **m > 0.0) {
            for (more, p) in ln_choose.binomial(n - k, part).into_iter().enumerate() {
                next[k + more] += mass * p;
            }
        }
        for (mass, tail) in next.iter_mut().zip(tail) {
            if *tail <= gamma {
                left += std::mem::take(mass);
            }
        }
        inside = next;
    }
    left.min(1.0)
}

/// 2 min(P(X ≤ k), P(X ≥ k)) of each k, at most 1.
fn two_sided(probabilities: &[f64]) -> Vec<f64> {
    let sums = |p: &mut dyn Iterator<Item = &f64>| -> Vec<f64> {
        let mut sum = 0.0;
        p.map(|p| {
            sum += p;
            sum
        })
        .collect()
    };
    let lower = sums(&mut probabilities.iter());
    let upper = sums(&mut probabilities.iter().rev());
    let both = lower.iter().zip(upper.iter().rev());
    both.map(|(l, u)| (2.0 * l.min(*u)).min(1.0)).collect()
}

/// ln k! for all k up to n.
struct LnChoose(Vec<f64>);

impl LnChoose {
    fn new(n: usize) -> Self {
        LnChoose((0..=n).map(|k| ln_gamma(k as f64 + 1.0)).collect())
    }
    /// The probabilities of Bin(n, p), p > 0.
    fn binomial(&self, n: usize, p: f64) -> Vec<f64> {
        if p >= 1.0 {
            let mut sure = vec![0.0; n + 1];
            sure[n] = 1.0;
            return sure;
        }
        let (yes, no) = (p.ln(), (-p).ln_1p());
        let ln_ways = |k: usize| self.0[n] - self.0[k] - self.0[n - k];
        (0..=n)
            .map(|k| (ln_ways(k) + k as f64 * yes + (n - k) as f64 * no).exp())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All outcomes of n uniform ranks, one after the other.
    fn outcomes(n: usize, levels: usize) -> impl Iterator<Item = Vec<usize>> {
        (0..levels.pow(n as u32)).map(move |code| {
            (0..n)
                .map(|i| code / levels.pow(i as u32) % levels)
                .collect()
        })
    }

    fn gamma(ranks: &[usize], levels: usize) -> f64 {
        let n = ranks.len() as f64;
        let choose = |k: f64| (1..=k as usize).fold(1.0, |c, i| c * (n - k + i as f64) / i as f64);
        (1..levels)
            .map(|z| {
                let p = z as f64 / levels as f64;
                let below = ranks.iter().filter(|r| **r < z).count();
                let mass = |k: usize| {
                    choose(k as f64) * p.powi(k as i32) * (1.0 - p).powi(n as i32 - k as i32)
                };
                let lower: f64 = (0..=below).map(mass).sum();
                let upper: f64 = (below..=ranks.len()).map(mass).sum();
                (2.0 * lower.min(upper)).min(1.0)
            })
            .fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn probabilities_are_those_of_counting() {
        for (n, levels) in [(1, 2), (3, 4), (4, 5), (6, 3)] {
            let all: Vec<f64> = outcomes(n, levels).map(|o| gamma(&o, levels)).collect();
            for (outcome, g) in outcomes(n, levels).zip(&all) {
                let as_small = all.iter().filter(|other| **other <= g * SAME).count();
                let exact = as_small as f64 / all.len() as f64;
                let found = p_value(&outcome, levels);
                assert!(
                    (found - exact).abs() < 1e-12,
                    "{outcome:?}: {found}, {exact}"
                );
            }
        }
    }

    #[test]
    fn slopes_and_narrow_draws_are_seen() {
        let n = 200;
        let uniform: Vec<usize> = (0..n).map(|i| (37 * i + 11) % 50).collect();
        assert!(p_value(&uniform, 50) > 0.5);
        // F(u) = u^(1/1.35) is up to 0.11 above u: Kolmogorov's λ = 3.5 for 1,000 ranks, p ≈ 1e-10.
        let sloped: Vec<usize> = (0..1000)
            .map(|i| ((f64::from(i) / 1000.0).powf(1.35) * 50.0) as usize)
            .collect();
        assert!(p_value(&sloped, 50) < 1e-4);
        let extreme: Vec<usize> = (0..n).map(|i| if i % 2 == 0 { 0 } else { 49 }).collect();
        let p = p_value(&extreme, 50);
        assert!(p > 0.0 && p < 1e-20, "{p}");
    }
}
