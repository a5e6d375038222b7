//! Clusters of points: halves by k-means, again and again; then the cut of that tree whose ellipsoids have the least
//! volume; then what was cut in two needlessly is put together.

use super::super::evidence::log_add;
use super::halves::{Gathered, Seeds};
use super::one::Ellipsoid;

/// A group of points and the ellipsoid around it.
pub(super) struct Group {
    pub rows: Vec<usize>,
    pub ellipsoid: Ellipsoid,
    /// ln of the volume that the ellipsoid will have once the bootstrap has widened it.
    log_volume: f64,
}

/// A tenth of the volume must be won by a cut, for every cut is a place where the bound may be too tight.
const GAIN: f64 = 0.9;
/// Parts that claim less than this of the least that they may have just happen to lie close together (docs/decisions/152 has
/// what is found of cuts with and without it).
const TIGHTEST: f64 = 0.7;
/// Nearest groups that each is tried to be put together with.
const NEIGHBOURS: usize = 3;

/// Coordinates of a group from which on its parts are worth a thread's while.
const WORTH_A_THREAD: usize = 200;

/// Both results, by two threads if that is worth it.
fn both<A: Send, B: Send>(
    is_large: bool,
    a: impl FnOnce() -> A + Send,
    b: impl FnOnce() -> B + Send,
) -> (A, B) {
    match is_large {
        true => rayon::join(a, b),
        false => (a(), b()),
    }
}

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

/// Splits the points into groups of at least `smallest` whose ellipsoids have little volume together. `log_share` is ln of the volume
/// that a point stands for, −∞ if that is not known.
pub(super) fn groups(
    points: &[f64],
    dim: usize,
    rows: Vec<usize>,
    (smallest, log_share): (usize, f64),
) -> Vec<Group> {
    let whole = Group::new(points, dim, rows);
    let (groups, _) = split(points, dim, whole, (smallest, log_share));
    merge(points, dim, groups)
}

/// Rows of each cluster of at least `smallest` points.
pub(crate) fn clusters(
    points: &[f64],
    dim: usize,
    rows: &[usize],
    smallest: usize,
) -> Vec<Vec<usize>> {
    groups(points, dim, rows.to_vec(), (smallest, f64::NEG_INFINITY))
        .into_iter()
        .map(|g| g.rows)
        .collect()
}

/// ln of the least volume that parts of `n` points may have together: the share of the region that they stand for, and each part
/// is widened as half of the points would be, or more.
fn least_of_parts(dim: usize, n: usize, log_share: f64) -> f64 {
    let widening = dim as f64 * expected_widening(dim, n / 2).ln();
    TIGHTEST.ln() + log_share + (n as f64).ln() + widening
}

/// The best cut of the tree of halves below a group, and ln of its volume. Halves need not be smaller than the whole:
/// those of a ring are not, its quarters are.
fn split(points: &[f64], dim: usize, whole: Group, limits: (usize, f64)) -> (Vec<Group>, f64) {
    let (volume, (smallest, log_share)) = (whole.log_volume, limits);
    if whole.rows.len() < 2 * smallest
        || least_of_parts(dim, whole.rows.len(), log_share) > volume + GAIN.ln()
    {
        return (vec![whole], volume);
    }
    let is_large = whole.rows.len() * dim > WORTH_A_THREAD;
    let cloud = Gathered::new(points, dim, &whole.rows);
    let halves = |seeds: Seeds| {
        let (a, b) = cloud.halves(seeds);
        (a.len() >= smallest && b.len() >= smallest).then(|| {
            let group = |rows| Group::new(points, dim, rows);
            let (a, b) = both(is_large, || group(a), || group(b));
            let sum = log_add(a.log_volume, b.log_volume);
            (a, b, sum)
        })
    };
    let (along, across) = both(
        is_large,
        || halves(cloud.principal_axis()),
        || halves(cloud.flattest_coordinate()),
    );
    let best = along
        .into_iter()
        .chain(across)
        .min_by(|x, y| x.2.total_cmp(&y.2));
    let Some((a, b, _)) = best else {
        return (vec![whole], volume);
    };
    let ((mut left, left_volume), (right, right_volume)) = both(
        is_large,
        || split(points, dim, a, limits),
        || split(points, dim, b, limits),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};
    use rand::RngExt;
    use std::f64::consts::{PI, TAU};

    /// A disc is left whole, and of few points that is known before a cut is tried; a ring, which has less area than what encloses
    /// it, is cut in pieces.
    #[test]
    fn what_is_as_small_as_its_share_is_left_whole() {
        let mut rng = keyed(13, Purpose::User, 0, 0);
        for (n, inner, is_tried, is_cut) in [
            (25, 0.0, false, false),
            (400, 0.0, true, false),
            (400, 0.9, true, true),
        ] {
            let (inner2, area): (f64, f64) = (inner * inner, PI * (1.0 - inner * inner));
            let points: Vec<f64> = (0..n)
                .flat_map(|_| {
                    let radius = (inner2 + (1.0 - inner2) * rng.random::<f64>()).sqrt();
                    let angle = TAU * rng.random::<f64>();
                    [radius * angle.cos(), radius * angle.sin()]
                })
                .collect();
            let log_share = (area / n as f64).ln();
            let rows: Vec<usize> = (0..n).collect();
            let whole = Group::new(&points, 2, rows.clone());
            let may_gain = least_of_parts(2, n, log_share) <= whole.log_volume + GAIN.ln();
            assert_eq!(may_gain, is_tried, "{n} points");
            let groups = groups(&points, 2, rows, (8, log_share));
            assert_eq!(groups.len() > 3, is_cut, "{} of {n} points", groups.len());
        }
    }
}
