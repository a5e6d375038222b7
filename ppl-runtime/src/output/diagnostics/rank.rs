//! Draws in order, and rank normalisation.

use super::moments::sorted_quantile;
use statrs::function::erf::erfc_inv;
use std::cell::RefCell;
use std::f64::consts::SQRT_2;
use std::rc::Rc;

/// Draws in order, each with its place among the draws.
pub(super) struct Ordered {
    values: Vec<f64>,
    places: Vec<u32>,
}

impl Ordered {
    /// Orders draws, none of them NaN.
    pub(super) fn new(x: &[f64]) -> Self {
        let mut pairs: Vec<(f64, u32)> = x.iter().copied().zip(0..).collect();
        pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let (values, places) = pairs.into_iter().unzip();
        Ordered { values, places }
    }

    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// The normal score of each draw's rank among all: z = Φ⁻¹((r − 3/8)/(S + 1/4)), r the rank (ties share
    /// their mean), S the number of draws (Vehtari et al. 2021, equation 14).
    pub(super) fn scores(&self) -> Vec<f64> {
        scores(&self.values, &self.places)
    }

    /// The same of the draws' distances from their median. Their order is that of the two sides, merged.
    pub(super) fn folded_scores(&self) -> Vec<f64> {
        let median = sorted_quantile(&self.values, 0.5);
        let mut above = self.values.partition_point(|x| *x < median);
        let mut below = above;
        let n = self.values.len();
        let (mut distances, mut places) = (Vec::with_capacity(n), Vec::with_capacity(n));
        let distance = |i: usize| (self.values[i] - median).abs();
        while distances.len() < n {
            let from_below = above == n || below > 0 && distance(below - 1) <= distance(above);
            let i = if from_below {
                below -= 1;
                below
            } else {
                above += 1;
                above - 1
            };
            distances.push(distance(i));
            places.push(self.places[i]);
        }
        scores(&distances, &places)
    }
}

/// The scores of ordered values, each put in its place.
fn scores(values: &[f64], places: &[u32]) -> Vec<f64> {
    let n = values.len();
    let of_rank = of_ranks(n);
    let mut z = vec![0.0; n];
    let mut start = 0;
    while start < n {
        let mut end = start + 1;
        while end < n && values[end] == values[start] {
            end += 1;
        }
        let score = match end - start {
            1 => of_rank[start],
            _ => score(0.5 * ((start + 1) + end) as f64, n),
        };
        for &i in &places[start..end] {
            z[i as usize] = score;
        }
        start = end;
    }
    z
}

fn score(rank: f64, n: usize) -> f64 {
    -SQRT_2 * erfc_inv(2.0 * (rank - 0.375) / (n as f64 + 0.25))
}

/// The scores of the ranks 1 to n, which the thread keeps: all quantities of a run have the same.
fn of_ranks(n: usize) -> Rc<[f64]> {
    thread_local! {
        static LAST: RefCell<Rc<[f64]>> = RefCell::new(Rc::new([]));
    }
    LAST.with_borrow_mut(|last| {
        if last.len() != n {
            *last = (1..=n).map(|rank| score(rank as f64, n)).collect();
        }
        Rc::clone(last)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_keep_the_order_and_share_ties() {
        let z = Ordered::new(&[5.0, -1.0, 5.0, 100.0, 0.0, -0.0]).scores();
        assert_eq!(z[0], z[2]);
        assert_eq!(z[4], z[5]);
        assert!(z[1] < z[4] && z[4] < z[0] && z[0] < z[3]);
        // The largest of six: Φ⁻¹(5.625 / 6.25) = Φ⁻¹(0.9).
        assert!((z[3] - 1.281_551_565_544_600_4).abs() < 1e-14);
    }

    #[test]
    fn equal_draws_score_zero() {
        let equal = Ordered::new(&[0.1; 9]);
        assert!(equal.scores().iter().all(|&z| z == 0.0));
        assert!(equal.folded_scores().iter().all(|&z| z == 0.0));
    }

    #[test]
    fn folding_is_ordering_the_distances() {
        for n in [1, 2, 5, 8, 201] {
            let x: Vec<f64> = (0..n).map(|i| f64::from(i * 37 % 23) / 7.0).collect();
            let ordered = Ordered::new(&x);
            let median = sorted_quantile(ordered.values(), 0.5);
            let folded: Vec<f64> = x.iter().map(|x| (x - median).abs()).collect();
            assert_eq!(ordered.folded_scores(), Ordered::new(&folded).scores());
        }
    }

    #[test]
    fn infinite_draws_are_the_outermost() {
        let x = [f64::NEG_INFINITY, 0.0, 1.0, 2.0, f64::INFINITY];
        let z = Ordered::new(&x).folded_scores();
        assert!(z[0] == z[4] && z[1] == z[3] && z[2] < z[1] && z[1] < z[0]);
    }
}
