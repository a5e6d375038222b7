//! Which coordinate follows the squares of which.
//!
//! Each coordinate is regressed on those before it and on their squares, chosen one after the other by what they
//! explain. That is done in the order of the coordinates, which is that of the model's latents, and in the reverse; the order
//! that leaves less is taken.

use super::{Bend, Bends};

/// Least share of what the coordinates before it leave of a coordinate's variance that a square must explain.
const EXPLAINED: f64 = 0.03;
/// The same of the slope along a coordinate that is bent itself: below it what is bent is hardly seen.
const SLOPED: f64 = 0.01;
/// Most squares a coordinate.
const SQUARES: usize = 3;
/// Part of a variance below which what is left of it is rounding.
const ROUNDING: f64 = 1e-9;

/// The shears of one order, Σ ln of the variances that are left, and by how much squares have lessened that.
struct Found {
    bends: Vec<Bend>,
    left: f64,
    gained: f64,
}

/// The shears that straighten the region, and the covariance of the straight coordinates. `covariance`, whole, is that of
/// the coordinates and then of the squares of their distances from `centre`.
/// Where squares gain less than `least` in all, there are no shears.
pub(super) fn find(covariance: &[f64], centre: &[f64], least: f64) -> (Bends, Vec<f64>) {
    let d = centre.len();
    let along = in_order(covariance, centre, (0..d).collect());
    if d == 1 || along.bends.is_empty() && d > 64 {
        return (Bends::default(), Vec::new());
    }
    let against = in_order(covariance, centre, (0..d).rev().collect());
    let best = if against.left < along.left {
        against
    } else {
        along
    };
    if best.bends.is_empty() || best.gained < least {
        return (Bends::default(), Vec::new());
    }
    let straight = straight_covariance(covariance, &best.bends, d);
    (Bends(best.bends), straight)
}

fn in_order(covariance: &[f64], centre: &[f64], order: Vec<usize>) -> Found {
    let d = centre.len();
    let n = 2 * d;
    // Swept on the coordinates so far: what is left of the others' covariances, and the slopes of those on these.
    let mut swept = covariance.to_vec();
    let mut found = Found {
        bends: Vec::new(),
        left: 0.0,
        gained: 0.0,
    };
    // Coordinates that are not straight themselves, and those that follow one.
    let mut is_bent = vec![false; d];
    for (place, &j) in order.iter().enumerate() {
        let before = &order[..place];
        let (squares, left) = choose(&swept, covariance, n, j, before);
        let before_squares = swept[j * n + j].max(f64::MIN_POSITIVE);
        let left = left.max(f64::MIN_POSITIVE);
        found.left += left.ln();
        found.gained += (before_squares / left).ln();
        let slope = |k: usize| {
            let of_squares = squares
                .iter()
                .map(|&(i, curve)| curve * swept[k * n + d + i]);
            swept[k * n + j] - of_squares.sum::<f64>()
        };
        let curve = |k: usize| squares.iter().find(|s| s.0 == k).map_or(0.0, |s| s.1);
        // What is straight is left to the covariance.
        let slope = |k: usize| {
            let slope = if is_bent[k] { slope(k) } else { 0.0 };
            // The inverse of the covariance of those before is in the diagonal, negative.
            let explained = slope * slope / -swept[k * n + k];
            if explained > SLOPED * left {
                slope
            } else {
                0.0
            }
        };
        let bends = found.bends.len();
        for &k in before {
            let (slope, curve) = (slope(k), curve(k));
            if slope != 0.0 || curve != 0.0 {
                found.bends.push(Bend {
                    of: j,
                    along: k,
                    centre: centre[k],
                    slope,
                    curve,
                });
            }
        }
        is_bent[j] = found.bends.len() > bends;
        sweep(&mut swept, n, j);
    }
    found
}

/// The squares of coordinates before `j` that explain it, with their slopes, and the variance that is left.
fn choose(
    swept: &[f64],
    covariance: &[f64],
    n: usize,
    j: usize,
    before: &[usize],
) -> (Vec<(usize, f64)>, f64) {
    let d = n / 2;
    // Rows are j and the squares that may be chosen.
    let rows: Vec<usize> = before
        .iter()
        .map(|i| d + i)
        .filter(|&i| swept[i * n + i] > ROUNDING * covariance[i * n + i])
        .collect();
    let m = rows.len() + 1;
    let row = |a: usize| if a == 0 { j } else { rows[a - 1] };
    let mut rest: Vec<f64> = (0..m * m)
        .map(|k| swept[row(k / m) * n + row(k % m)])
        .collect();
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < SQUARES {
        let share = |a: usize| rest[a] * rest[a] / (rest[0] * rest[a * m + a]);
        let free = (1..m)
            .filter(|a| !chosen.contains(a))
            .filter(|&a| rest[a * m + a] > ROUNDING * covariance[row(a) * n + row(a)]);
        let Some(best) = free.max_by(|&a, &b| share(a).total_cmp(&share(b))) else {
            break;
        };
        if share(best).is_nan() || share(best) < EXPLAINED {
            break;
        }
        sweep(&mut rest, m, best);
        chosen.push(best);
    }
    let squares = chosen
        .iter()
        .map(|&a| (rows[a - 1] - d, rest[a * m]))
        .collect();
    (squares, rest[0])
}

/// The sweep operator (Beaton 1964) on row `k` of a covariance: of rows that are not swept it leaves what `k` doesn't explain, in
/// row `k` the others' slopes on it.
fn sweep(matrix: &mut [f64], n: usize, k: usize) {
    let pivot = matrix[k * n + k].max(f64::MIN_POSITIVE);
    let column: Vec<f64> = (0..n).map(|a| matrix[a * n + k]).collect();
    let row: Vec<f64> = matrix[k * n..(k + 1) * n]
        .iter()
        .map(|x| x / pivot)
        .collect();
    for (a, out) in matrix.chunks_exact_mut(n).enumerate() {
        if a == k {
            continue;
        }
        let by = column[a];
        out.iter_mut().zip(&row).for_each(|(x, r)| *x -= by * r);
        out[k] = -by / pivot;
    }
    matrix[k * n..(k + 1) * n].copy_from_slice(&row);
    matrix[k * n + k] = -pivot.recip();
}

/// The lower triangle of the covariance of the straight coordinates.
fn straight_covariance(covariance: &[f64], bends: &[Bend], d: usize) -> Vec<f64> {
    let n = 2 * d;
    let shear = |rows: &mut [f64], from: &[f64], width: usize| {
        for b in bends {
            let out = &mut rows[b.of * width..(b.of + 1) * width];
            let (u, s) = (&from[b.along * width..], &from[(d + b.along) * width..]);
            for ((out, u), s) in out.iter_mut().zip(u).zip(s) {
                *out -= b.slope * u + b.curve * s;
            }
        }
    };
    // Rows first, then, turned over, columns.
    let mut half = covariance[..d * n].to_vec();
    shear(&mut half, covariance, n);
    let turned: Vec<f64> = (0..n * d).map(|k| half[(k % d) * n + k / d]).collect();
    let mut straight = turned[..d * d].to_vec();
    shear(&mut straight, &turned, d);
    straight
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};
    use rand::RngExt;
    use rand_distr::StandardNormal;

    /// The covariance of points and of their squares about 0.
    fn joint(points: &[Vec<f64>]) -> Vec<f64> {
        let (d, n) = (points[0].len(), points.len() as f64);
        let features: Vec<Vec<f64>> = points
            .iter()
            .map(|u| u.iter().copied().chain(u.iter().map(|x| x * x)).collect())
            .collect();
        let mean = |a: usize| features.iter().map(|f| f[a]).sum::<f64>() / n;
        let means: Vec<f64> = (0..2 * d).map(mean).collect();
        (0..4 * d * d)
            .map(|k| (k / (2 * d), k % (2 * d)))
            .map(|(a, b)| {
                let product = |f: &Vec<f64>| (f[a] - means[a]) * (f[b] - means[b]);
                features.iter().map(product).sum::<f64>() / n
            })
            .collect()
    }

    /// x₀ normal, and each the square of the one before, half of it again, and a little noise.
    fn valley(reversed: bool) -> Vec<Vec<f64>> {
        let mut rng = keyed(1, Purpose::User, 0, 0);
        (0..4000)
            .map(|_| {
                let mut normal = || rng.sample::<f64, _>(StandardNormal);
                let a = normal();
                let b = a * a + 0.5 * a + 0.1 * normal();
                let c = 0.5 * b * b + b + 0.1 * normal();
                if reversed {
                    vec![c, b, a]
                } else {
                    vec![a, b, c]
                }
            })
            .collect()
    }

    #[test]
    fn a_valley_is_straightened_in_either_order() {
        for reversed in [false, true] {
            let (bends, straight) = find(&joint(&valley(reversed)), &[0.0; 3], 1.0);
            let last = |k: usize| if reversed { 2 - k } else { k };
            let curve = |of: usize, along: usize| {
                let bend = bends
                    .0
                    .iter()
                    .find(|b| (b.of, b.along) == (last(of), last(along)));
                bend.map_or(0.0, |b| b.curve)
            };
            assert!((curve(1, 0) - 1.0).abs() < 0.02, "{bends:?}");
            assert!((curve(2, 1) - 0.5).abs() < 0.02, "{bends:?}");
            // c is straight along b, which is bent: only with its slope taken off is what is left straight.
            let noise = straight[last(2) * 3 + last(2)];
            assert!((noise - 0.01).abs() < 0.002, "{straight:?}");
        }
    }

    #[test]
    fn what_is_straight_has_no_bends() {
        let mut rng = keyed(2, Purpose::User, 0, 0);
        let points: Vec<Vec<f64>> = (0..4000)
            .map(|_| {
                let mut normal = || rng.sample::<f64, _>(StandardNormal);
                let a = normal();
                vec![a, 0.9 * a + 0.1 * normal(), normal()]
            })
            .collect();
        assert!(find(&joint(&points), &[0.0; 3], 0.0).0.is_empty());
    }
}
