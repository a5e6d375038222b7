//! Clusters of points: halves by k-means, again and again, for as long as their ellipsoids shrink.

use super::super::evidence::log_add;
use super::super::linear::moments;
use super::one::Ellipsoid;

/// A group of points and the ellipsoid around it.
pub(super) struct Group {
    pub rows: Vec<usize>,
    pub ellipsoid: Ellipsoid,
}

/// Halvings that are tried although they do not pay at once: the halves of a ring are no smaller than the ring,
/// its quarters are.
const PATIENCE: usize = 2;
const LLOYD_STEPS: usize = 10;

/// Splits the points into groups of at least `smallest` whose ellipsoids have the least volume together.
pub(super) fn groups(points: &[f64], dim: usize, rows: Vec<usize>, smallest: usize) -> Vec<Group> {
    let ellipsoid = Ellipsoid::enclosing(points, dim, &rows);
    split(points, dim, Group { rows, ellipsoid }, smallest, PATIENCE).0
}

/// Rows of each cluster of at least `smallest` points.
pub(crate) fn clusters(
    points: &[f64],
    dim: usize,
    rows: &[usize],
    smallest: usize,
) -> Vec<Vec<usize>> {
    groups(points, dim, rows.to_vec(), smallest)
        .into_iter()
        .map(|g| g.rows)
        .collect()
}

/// ln of the volume that a group's ellipsoid will have once the bootstrap has widened it: a fit to what it does to
/// uniform points in balls of 1 to 10 dimensions.
fn penalised(group: &Group, dim: usize) -> f64 {
    let (d, n) = (dim as f64, group.rows.len() as f64);
    group.ellipsoid.log_volume + 0.5 * d * (8.0 * (d + 1.0) / n + (16.0 / n).powi(2)).ln_1p()
}

fn split(
    points: &[f64],
    dim: usize,
    whole: Group,
    smallest: usize,
    patience: usize,
) -> (Vec<Group>, f64) {
    let volume = penalised(&whole, dim);
    if whole.rows.len() < 2 * smallest {
        return (vec![whole], volume);
    }
    let halves = [
        principal_axis(points, dim, &whole.rows),
        flattest_coordinate(points, dim, &whole.rows),
    ]
    .into_iter()
    .map(|seeds| lloyd(points, dim, &whole.rows, seeds))
    .filter(|(a, b)| a.len() >= smallest && b.len() >= smallest)
    .map(|(a, b)| {
        let group = |rows: Vec<usize>| Group {
            ellipsoid: Ellipsoid::enclosing(points, dim, &rows),
            rows,
        };
        let (a, b) = (group(a), group(b));
        let sum = log_add(penalised(&a, dim), penalised(&b, dim));
        (a, b, sum)
    })
    .min_by(|x, y| x.2.total_cmp(&y.2));
    let Some((a, b, sum)) = halves else {
        return (vec![whole], volume);
    };
    let patience = if sum < volume { PATIENCE } else { patience };
    if patience == 0 {
        return (vec![whole], volume);
    }
    let (mut left, left_volume) = split(points, dim, a, smallest, patience - 1);
    let (right, right_volume) = split(points, dim, b, smallest, patience - 1);
    let sum = log_add(left_volume, right_volume);
    // A tenth must be won, for every cut is a place where the bound may be too tight.
    if sum < volume + 0.9_f64.ln() {
        left.extend(right);
        (left, sum)
    } else {
        (vec![whole], volume)
    }
}

type Seeds = (Vec<f64>, Vec<f64>);

/// Two centres on the longest axis of the points, each coordinate measured by its standard deviation.
fn principal_axis(points: &[f64], dim: usize, rows: &[usize]) -> Seeds {
    let (mut mean, mut covariance) = (Vec::new(), Vec::new());
    moments(points, dim, rows, &mut mean, &mut covariance);
    let sd: Vec<f64> = (0..dim)
        .map(|i| covariance[i * dim + i].sqrt().max(1e-150))
        .collect();
    let mut axis: Vec<f64> = (0..dim).map(|i| 1.0 + 0.1 * i as f64).collect();
    for _ in 0..20 {
        let next: Vec<f64> = (0..dim)
            .map(|i| {
                (0..dim)
                    .map(|j| covariance[i * dim + j] / (sd[i] * sd[j]) * axis[j])
                    .sum()
            })
            .collect();
        let norm = next
            .iter()
            .map(|x: &f64| x * x)
            .sum::<f64>()
            .sqrt()
            .max(1e-150);
        axis = next.into_iter().map(|x| x / norm).collect();
    }
    let at = |sign: f64| (0..dim).map(|i| mean[i] + sign * axis[i] * sd[i]).collect();
    (at(-1.0), at(1.0))
}

/// Two centres along the coordinate of least kurtosis, where two separated modes show most.
fn flattest_coordinate(points: &[f64], dim: usize, rows: &[usize]) -> Seeds {
    let n = rows.len() as f64;
    let mean: Vec<f64> = (0..dim)
        .map(|i| rows.iter().map(|r| points[r * dim + i]).sum::<f64>() / n)
        .collect();
    let moment = |i: usize, p: i32| {
        rows.iter()
            .map(|r| (points[r * dim + i] - mean[i]).powi(p))
            .sum::<f64>()
            / n
    };
    let kurtosis = |i: usize| moment(i, 4) / moment(i, 2).powi(2).max(1e-300);
    let best = (0..dim)
        .min_by(|&a, &b| kurtosis(a).total_cmp(&kurtosis(b)))
        .unwrap_or(0);
    let sd = moment(best, 2).sqrt();
    let at = |sign: f64| {
        let mut center = mean.clone();
        center[best] += sign * sd;
        center
    };
    (at(-1.0), at(1.0))
}

/// Lloyd's iterations for two centres, each coordinate measured by its standard deviation.
fn lloyd(
    points: &[f64],
    dim: usize,
    rows: &[usize],
    (mut a, mut b): Seeds,
) -> (Vec<usize>, Vec<usize>) {
    let n = rows.len() as f64;
    let weight: Vec<f64> = (0..dim)
        .map(|i| {
            let mean = rows.iter().map(|r| points[r * dim + i]).sum::<f64>() / n;
            let variance = rows
                .iter()
                .map(|r| (points[r * dim + i] - mean).powi(2))
                .sum::<f64>()
                / n;
            variance.max(1e-300).recip()
        })
        .collect();
    let distance = |x: &[f64], c: &[f64]| -> f64 {
        x.iter()
            .zip(c)
            .zip(&weight)
            .map(|((x, c), w)| w * (x - c) * (x - c))
            .sum()
    };
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for _ in 0..LLOYD_STEPS {
        let before = left.len();
        left.clear();
        right.clear();
        for &r in rows {
            let x = &points[r * dim..(r + 1) * dim];
            if distance(x, &a) <= distance(x, &b) {
                left.push(r)
            } else {
                right.push(r)
            }
        }
        if left.len() == before || left.is_empty() || right.is_empty() {
            break;
        }
        let center = |rows: &[usize]| -> Vec<f64> {
            (0..dim)
                .map(|i| rows.iter().map(|r| points[r * dim + i]).sum::<f64>() / rows.len() as f64)
                .collect()
        };
        a = center(&left);
        b = center(&right);
    }
    (left, right)
}
