//! A slice along a line of the straight coordinates, which is a curve of the cube.

use super::super::Likelihood;
use super::super::evaluator::{Tally, evaluate};
use super::super::slice::{MAX_SHRINKS, Slices};
use super::Bends;
use super::ahead::{AHEAD, look_ahead};
use crate::random::Rng;
use rand::{Rng as _, RngExt};

/// As the slice along a line of the cube, but that where the curve leaves the cube is not known beforehand: what lies outside
/// shrinks the bracket, without an evaluation.
#[inline]
#[expect(
    clippy::too_many_arguments,
    reason = "a struct of borrowed buffers would be taken apart again at once"
)]
pub(in crate::infer::nested) fn slice<L: Likelihood>(
    likelihood: &L,
    worker: &mut L::Worker,
    slices: &Slices<'_>,
    (bends, v, width): (&Bends, &[f64], f64),
    log_l: f64,
    rng: &mut Rng,
    (u, candidate, bent): (&mut [f64], &mut [f64], &mut Bent),
    tally: &mut Tally,
) -> (f64, f64) {
    let label = slices.threshold.fresh_label(log_l, rng);
    let Bent { straight, places } = bent;
    bends.straighten(u, straight);
    let left = -width * rng.random::<f64>();
    let mut bracket = (left, left + width);
    for _ in 0..MAX_SHRINKS / AHEAD {
        let mut ahead = rng.clone();
        let uniforms = std::array::from_fn(|_| ahead.random());
        let (inside, shrinks) = look_ahead(&bends.0, (straight, v), bracket, &uniforms, places);
        bracket = shrinks.bracket;
        for k in 0..AHEAD {
            // The generator goes on as far as places are looked at.
            rng.next_u64();
            if inside >> k & 1 == 0 {
                continue;
            }
            let place = places.iter().map(|place| place[k]);
            candidate.iter_mut().zip(place).for_each(|(x, to)| *x = to);
            let found = evaluate(likelihood, worker, candidate, tally);
            if slices.threshold.is_below(found, label) {
                u.copy_from_slice(candidate);
                return (found, shrinks.length[k]);
            }
        }
    }
    (log_l, bracket.1 - bracket.0)
}

/// Scratch points of slices along bent lines.
pub(in crate::infer::nested) struct Bent {
    straight: Vec<f64>,
    places: Vec<[f64; AHEAD]>,
}

impl Bent {
    pub(in crate::infer::nested) fn new(dim: usize) -> Bent {
        Bent {
            straight: vec![0.0; dim],
            places: vec![[0.0; AHEAD]; dim],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::covariance::RunningCovariance;
    use super::super::super::directions::Bases;
    use super::super::super::directions::Directions;
    use super::super::super::evaluator::{Benches, Contour};
    use super::super::super::live::LiveSet;
    use super::super::super::slice::chain;
    use super::super::Bend;
    use super::*;
    use crate::random::{Purpose, keyed};

    const HALF: f64 = 0.02;

    /// How far a point is off the middle of a bent band.
    fn off(u: &[f64]) -> f64 {
        u[1] - 0.1 - 3.0 * (u[0] - 0.5).powi(2)
    }

    struct Band;
    impl Likelihood for Band {
        type Worker = ();
        fn dim(&self) -> usize {
            2
        }
        fn worker(&self) {}
        fn log_likelihood(&self, _: &mut (), u: &[f64]) -> f64 {
            if off(u).abs() < HALF {
                0.0
            } else {
                f64::NEG_INFINITY
            }
        }
    }

    /// Chains from draws of a bent band end as such, with shears that are not quite those of the band, and far from where they began.
    #[test]
    fn a_bent_band_is_left_invariant_and_forgotten() {
        let mut rng = keyed(3, Purpose::User, 0, 0);
        let n = 4000;
        let points: Vec<f64> = (0..n)
            .flat_map(|_| {
                let x: f64 = rng.random();
                let off = HALF * (2.0 * rng.random::<f64>() - 1.0);
                [x, 0.1 + 3.0 * (x - 0.5).powi(2) + off]
            })
            .collect();
        let inside = Contour {
            log_l: 0.0,
            label: 0.5,
        };
        let live = LiveSet::new(2, points, vec![inside; n]);
        let bends = Bends(vec![Bend {
            of: 1,
            along: 0,
            centre: 0.49,
            slope: 0.0,
            curve: 2.95,
        }]);
        let covariance = RunningCovariance::new(&live, &[]);
        let mut directions = Directions::new(2);
        directions.set_bends(bends, &[1.0 / 12.0, 0.0, 0.0, 0.002]);
        directions.draw(&mut Bases::default(), 4, &covariance, &[], (3, 0));
        let survivors: Vec<usize> = (0..n).collect();
        let slices = Slices {
            threshold: Contour {
                log_l: -1.0,
                label: 0.5,
            },
            directions: &directions,
            live: &live,
            survivors: &survivors,
            width: 6.0,
            pairs: 1,
            periodic: &[],
        };
        let benches = Benches::new(&Band);
        let (mut tally, mut u) = (Tally::default(), [0.0; 2]);
        let (mut sums, mut together) = ([0.0; 4], 0.0);
        for start in 0..n {
            let mut rng = keyed(4, Purpose::User, 0, start as u64);
            u.copy_from_slice(live.point(start));
            benches.with(&Band, |bench| {
                chain(&Band, bench, &slices, start, &mut rng, &mut u, &mut tally)
            });
            let (x, off) = (u[0] - 0.5, off(&u) / HALF);
            assert!(off.abs() < 1.0);
            together += x * (live.point(start)[0] - 0.5);
            for (sum, term) in sums.iter_mut().zip([x, x * x, off, off * off]) {
                *sum += term;
            }
        }
        // The moments of uniform numbers on (−½, ½) and (−1, 1), and their standard deviations.
        let expected = [0.0, 1.0 / 12.0, 0.0, 1.0 / 3.0];
        let sds = [0.2887, 0.0745, 0.5774, 0.2981];
        let n = n as f64;
        for ((sum, expected), sd) in sums.iter().zip(expected).zip(sds) {
            let z = (sum / n - expected) / (sd / n.sqrt());
            assert!(z.abs() < 4.5, "{sums:?}");
        }
        assert!((12.0 * together / n).abs() < 0.2, "{}", 12.0 * together / n);
    }
}
