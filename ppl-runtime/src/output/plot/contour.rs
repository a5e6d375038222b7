//! Closed contours of a density on a grid.

use std::collections::BTreeMap;

/// A closed curve along which the density has one value.
pub(super) struct Contour {
    /// Its points, in grid coordinates: cell (i, j) has its centre at (i + ½, j + ½).
    pub points: Vec<(f64, f64)>,
    /// The area inside; negative where the density inside is lower (a hole).
    pub area: f64,
}

/// A crossing lies on the grid edge that leaves a node to the right or upwards.
type Edge = (usize, usize, bool);

/// The contours of `density` (row j, column i at `j * width + i`) at `level`, by marching squares (Lorensen & Cline 1987
/// in the plane) with the higher side on the left. Beyond the grid the density is zero, so that every contour closes.
pub(super) fn contours(density: &[f64], width: usize, level: f64) -> Vec<Contour> {
    let height = density.len() / width.max(1);
    // Nodes are cell centres with a border of zeros.
    let value = |i: usize, j: usize| {
        let inside = (1..=width).contains(&i) && (1..=height).contains(&j);
        if inside {
            density[(j - 1) * width + i - 1]
        } else {
            0.0
        }
    };
    let mut next: BTreeMap<Edge, Edge> = BTreeMap::new();
    for j in 0..=height {
        for i in 0..=width {
            let corners = [
                value(i, j),
                value(i + 1, j),
                value(i + 1, j + 1),
                value(i, j + 1),
            ];
            let edges = [
                (i, j, false),
                (i + 1, j, true),
                (i, j + 1, false),
                (i, j, true),
            ];
            let high = corners.map(|v| v >= level);
            let falls = |k: usize| high[k] && !high[(k + 1) % 4];
            let rises = |k: usize| !high[k] && high[(k + 1) % 4];
            let saddle = high[0] == high[2] && high[1] == high[3] && high[0] != high[1];
            // At a saddle the mean of the corners says whether the high ones are joined.
            let joined = corners.iter().sum::<f64>() / 4.0 >= level;
            for k in (0..4).filter(|&k| falls(k)) {
                let turn = if saddle && !joined { 3 } else { 1 };
                let to = (1..4).map(|s| (k + s * turn) % 4).find(|&e| rises(e));
                if let Some(to) = to {
                    next.insert(edges[k], edges[to]);
                }
            }
        }
    }
    let crossing = |(i, j, up): Edge| {
        let (a, b) = (
            value(i, j),
            if up { value(i, j + 1) } else { value(i + 1, j) },
        );
        let t = ((level - a) / (b - a)).clamp(0.0, 1.0);
        let (x, y) = (i as f64 - 0.5, j as f64 - 0.5);
        if up { (x, y + t) } else { (x + t, y) }
    };
    let mut found = Vec::new();
    while let Some((start, mut at)) = next.pop_first() {
        let mut points = vec![crossing(start)];
        while at != start {
            points.push(crossing(at));
            match next.remove(&at) {
                Some(further) => at = further,
                None => break,
            }
        }
        let area = signed_area(&points);
        found.push(Contour { points, area });
    }
    found
}

fn signed_area(points: &[(f64, f64)]) -> f64 {
    let following = points.iter().cycle().skip(1);
    let twice: f64 = points
        .iter()
        .zip(following)
        .map(|(a, b)| a.0 * b.1 - b.0 * a.1)
        .sum();
    twice / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(n: usize, f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        let at = |k: usize| (k as f64 + 0.5) / n as f64 * 2.0 - 1.0;
        (0..n * n).map(|c| f(at(c % n), at(c / n))).collect()
    }

    #[test]
    fn a_disc_has_its_area() {
        let n = 100;
        let found = contours(&grid(n, |x, y| (1.0 - x * x - y * y).max(0.0)), n, 0.75);
        assert_eq!(found.len(), 1);
        let area = std::f64::consts::PI * (0.5 * n as f64 / 2.0).powi(2);
        assert!((found[0].area / area - 1.0).abs() < 0.005);
    }

    #[test]
    fn a_ring_has_a_hole() {
        let n = 80;
        let mut found = contours(
            &grid(n, |x, y| (-(x.hypot(y) - 0.6).powi(2) / 0.01).exp()),
            n,
            0.5,
        );
        found.sort_by(|a, b| b.area.total_cmp(&a.area));
        assert_eq!(found.len(), 2);
        assert!(found[0].area > 0.0 && found[1].area < 0.0);
    }

    #[test]
    fn contours_close_at_the_border() {
        let found = contours(&[1.0; 6], 3, 0.5);
        assert_eq!(found.len(), 1);
        assert!(
            (found[0].area - (3.0 * 2.0 - 4.0 * 0.0)).abs() < 0.6,
            "{}",
            found[0].area
        );
    }

    #[test]
    fn saddles_make_closed_curves() {
        // A chequerboard: each cell a square, or all joined, but never a broken curve.
        let n = 6;
        let board: Vec<f64> = (0..n * n).map(|c| ((c % n + c / n) % 2) as f64).collect();
        for level in [0.3, 0.5, 0.7] {
            for c in contours(&board, n, level) {
                assert!(c.points.len() >= 4 && c.area != 0.0);
            }
        }
        assert_eq!(contours(&board, n, 0.7).len(), 18);
    }
}
