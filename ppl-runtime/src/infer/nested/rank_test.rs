//! The insertion-rank test (Fowlie, Handley & Su 2020): a point drawn from the constrained prior is equally
//! likely to land at any rank among the points that are already there.

use super::evaluator::Contour;
use serde::{Deserialize, Serialize};

/// Insertion-rank statistics of the batches of a run.
///
/// A batch of m new points among n survivors has the rank sum Σr, r the number of survivors below a new point
/// (0..n), and
///
/// z = (Σr − mn/2) / √(mn(m+n+1)/12),
///
/// the statistic of Mann and Whitney (1947): mean zero, variance one. Chains that drift up or down move the mean of
/// z; chains that stay where they began do not, but then z scatters more than it should.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RankTest {
    /// z of each batch.
    pub z: Vec<f64>,
    sum: f64,
    sum_squares: f64,
}

impl RankTest {
    /// Σz/√B over the B batches: standard normal if replacements are drawn correctly.
    pub fn shift(&self) -> f64 {
        self.sum / (self.z.len().max(1) as f64).sqrt()
    }

    /// Σz² over the B batches as a normal score, by the cube root of Wilson and Hilferty (1931).
    pub fn scatter(&self) -> f64 {
        if self.z.is_empty() {
            return 0.0;
        }
        let b = self.z.len() as f64;
        let v = 2.0 / (9.0 * b);
        ((self.sum_squares / b).cbrt() - (1.0 - v)) / v.sqrt()
    }

    /// Whether both scores are such as a correct run gives; `limit` is in standard deviations.
    pub fn passes(&self, limit: f64) -> bool {
        self.shift().abs() < limit && self.scatter() < limit
    }

    pub(super) fn push(&mut self, z: f64) {
        self.z.push(z);
        self.sum += z;
        self.sum_squares += z * z;
    }

    pub(super) fn merged(mut self, other: &RankTest) -> RankTest {
        other.z.iter().for_each(|&z| self.push(z));
        self
    }
}

/// z of one batch. `survivors` is sorted. The ranks of the new points, as parts of n + 1, are left in `ranks`.
pub(super) fn batch_score(
    survivors: &[Contour],
    new: impl Iterator<Item = Contour>,
    ranks: &mut Vec<f32>,
) -> f64 {
    let n = survivors.len() as f64;
    let (mut sum, mut m) = (0.0, 0.0);
    ranks.clear();
    for contour in new {
        let rank = survivors.partition_point(|s| s.cmp(&contour).is_lt()) as f64;
        sum += rank;
        m += 1.0;
        // The middle of the interval that the rank stands for.
        ranks.push(((rank + 0.5) / (n + 1.0)) as f32);
    }
    (sum - 0.5 * m * n) / (m * n * (m + n + 1.0) / 12.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};
    use rand::RngExt;

    fn score_of(skew: f64, clones: bool) -> RankTest {
        let mut rng = keyed(5, Purpose::User, 0, 0);
        let mut test = RankTest::default();
        for _ in 0..400 {
            let mut point = |skew: f64| Contour {
                log_l: rng.random::<f64>().powf(skew),
                label: 0.5,
            };
            let mut survivors: Vec<Contour> = (0..90).map(|_| point(1.0)).collect();
            survivors.sort_by(Contour::cmp);
            let new: Vec<Contour> = (0..10)
                .map(|i| {
                    if clones {
                        survivors[i * 9 % 30 * 3]
                    } else {
                        point(skew)
                    }
                })
                .collect();
            let new: Vec<Contour> = if clones {
                (0..10)
                    .map(|_| new[(rng.random::<u32>() % 2) as usize])
                    .collect()
            } else {
                new
            };
            test.push(batch_score(&survivors, new.into_iter(), &mut Vec::new()));
        }
        test
    }

    #[test]
    fn uniform_ranks_pass() {
        assert!(score_of(1.0, false).passes(4.0));
    }

    #[test]
    fn low_ranks_fail_by_their_mean() {
        assert!(score_of(1.2, false).shift() < -5.0);
    }

    #[test]
    fn clones_of_few_points_fail_by_their_scatter() {
        assert!(score_of(1.0, true).scatter() > 5.0);
    }
}
