//! Coordinates of the cube whose ends are the same place.

use std::f64::consts::TAU;

/// The difference of two places on the circle of length 1, the short way round.
#[inline]
pub(super) fn difference(a: f64, b: f64) -> f64 {
    let d = a - b;
    d - d.round()
}

/// The place on [0, 1).
#[inline]
pub(super) fn place(x: f64) -> f64 {
    x - x.floor()
}

/// The direction of the mean of the vectors.
pub(super) fn mean(places: impl Iterator<Item = f64>) -> f64 {
    let vectors = places.map(|x| (TAU * x).sin_cos());
    let (sin, cos) = vectors.fold((0.0, 0.0), |(s, c), (a, b)| (s + a, c + b));
    place(sin.atan2(cos) / TAU)
}

/// Where the largest gap between places has its middle.
fn largest_gap(mut places: Vec<f64>) -> f64 {
    places.sort_unstable_by(f64::total_cmp);
    let Some((&first, &last)) = places.first().zip(places.last()) else {
        return 0.0;
    };
    let around = (first + 1.0 - last, last);
    let between = places.windows(2).map(|w| (w[1] - w[0], w[0]));
    let (gap, from) = between.fold(around, |best, gap| if gap.0 > best.0 { gap } else { best });
    place(from + 0.5 * gap)
}

/// How far to turn back each of the `periodic` coordinates, so that the largest gap of the points named by `rows` lies at
/// the ends; and the points turned back.
pub(super) fn turned(
    points: &[f64],
    dim: usize,
    rows: &[usize],
    periodic: &[usize],
) -> (Vec<(usize, f64)>, Vec<f64>) {
    let turns: Vec<(usize, f64)> = periodic
        .iter()
        .map(|&i| {
            (
                i,
                largest_gap(rows.iter().map(|r| points[r * dim + i]).collect()),
            )
        })
        .collect();
    let points = turned_by(&turns, points, dim);
    (turns, points)
}

/// The points turned back by so much in some coordinates.
pub(super) fn turned_by(turns: &[(usize, f64)], points: &[f64], dim: usize) -> Vec<f64> {
    let mut points = points.to_vec();
    for point in points.chunks_exact_mut(dim) {
        for &(i, turn) in turns {
            point[i] = place(point[i] - turn);
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_go_the_short_way() {
        assert!((difference(0.95, 0.05) + 0.1).abs() < 1e-15);
        assert!((difference(0.05, 0.95) - 0.1).abs() < 1e-15);
        assert!((difference(0.4, 0.1) - 0.3).abs() < 1e-15);
    }

    #[test]
    fn means_go_round() {
        assert!(difference(mean([0.9, 0.95, 0.1].into_iter()), 0.983) < 1e-3);
        assert!((mean([0.2, 0.4].into_iter()) - 0.3).abs() < 1e-15);
    }

    #[test]
    fn the_largest_gap_comes_to_the_ends() {
        let points = [0.9, 0.95, 0.02, 0.1];
        let (turns, points) = turned(&points, 1, &[0, 1, 2, 3], &[0]);
        assert!((turns[0].1 - 0.5).abs() < 1e-15);
        assert!(points.windows(2).all(|w| w[0] < w[1]));
        assert_eq!(largest_gap(vec![0.1, 0.3]), 0.7);
    }
}
