//! Clusters of points: halves by k-means, again and again; then the cut of that tree whose ellipsoids have the least
//! volume; then what was cut in two needlessly is put together.

use super::super::evidence::log_add;
use super::super::linear::moments;
use super::one::Ellipsoid;

/// A group of points and the ellipsoid around it.
pub(super) struct Group {
    pub rows: Vec<usize>,
    pub ellipsoid: Ellipsoid,
    /// ln of the volume that the ellipsoid will have once the bootstrap has widened it.
    log_volume: f64,
}

const LLOYD_STEPS: usize = 10;
/// A tenth of the volume must be won by a cut, for every cut is a place where the bound may be too tight.
const GAIN: f64 = 0.9;
/// Nearest groups that each is tried to be put together with.
const NEIGHBOURS: usize = 3;

impl Group {
    fn new(points: &[f64], dim: usize, rows: Vec<usize>) -> Group {
        let ellipsoid = Ellipsoid::enclosing(points, dim, &rows);
        let widening = dim as f64 * expected_widening(dim, rows.len()).ln();
        Group {
            log_volume: ellipsoid.log_volume + widening,
            rows,
            ellipsoid,
        }
    }
}

/// How much longer the bootstrap makes axes: a fit to what it does to `n` uniform points in balls of 1 to 10 dimensions.
pub(super) fn expected_widening(dim: usize, n: usize) -> f64 {
    let (d, n) = (dim as f64, n as f64);
    (1.0 + 8.0 * (d + 1.0) / n + (16.0 / n).powi(2)).sqrt()
}

/// Splits the points into groups of at least `smallest` whose ellipsoids have little volume together.
pub(super) fn groups(points: &[f64], dim: usize, rows: Vec<usize>, smallest: usize) -> Vec<Group> {
    let whole = Group::new(points, dim, rows);
    let (groups, _) = split(points, dim, whole, smallest);
    merge(points, dim, groups)
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

/// The best cut of the tree of halves below a group, and ln of its volume. Halves need not be smaller than the whole:
/// those of a ring are not, its quarters are.
fn split(points: &[f64], dim: usize, whole: Group, smallest: usize) -> (Vec<Group>, f64) {
    let volume = whole.log_volume;
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
        let (a, b) = (Group::new(points, dim, a), Group::new(points, dim, b));
        let sum = log_add(a.log_volume, b.log_volume);
        (a, b, sum)
    })
    .min_by(|x, y| x.2.total_cmp(&y.2));
    let Some((a, b, _)) = halves else {
        return (vec![whole], volume);
    };
    let ((mut left, left_volume), (right, right_volume)) = rayon::join(
        || split(points, dim, a, smallest),
        || split(points, dim, b, smallest),
    );
    let sum = log_add(left_volume, right_volume);
    if sum < volume + GAIN.ln() {
        left.extend(right);
        (left, sum)
    } else {
        (vec![whole], volume)
    }
}

/// Puts neighbours together for as long as that makes the volume less, or hardly more.
fn merge(points: &[f64], dim: usize, mut groups: Vec<Group>) -> Vec<Group> {
    let mut next = 0;
    while next < groups.len() && groups.len() > 1 {
        let mut others: Vec<(f64, usize)> = (0..groups.len())
            .filter(|&j| j != next)
            .map(|j| (groups[next].ellipsoid.separation(&groups[j].ellipsoid), j))
            .collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0));
        let joined = others.iter().take(NEIGHBOURS).find_map(|&(_, j)| {
            let rows = [&groups[next].rows[..], &groups[j].rows[..]].concat();
            let both = Group::new(points, dim, rows);
            let apart = log_add(groups[next].log_volume, groups[j].log_volume);
            (both.log_volume + GAIN.ln() < apart).then_some((j, both))
        });
        match joined {
            // What was put together is tried again, and so are those before it.
            Some((j, both)) => {
                groups[next.min(j)] = both;
                groups.swap_remove(next.max(j));
                next = 0;
            }
            None => next += 1,
        }
    }
    groups
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
