//! Smoothed histograms in one and two dimensions.

/// A density on a square grid of cells; it sums to one.
pub(super) struct Density {
    /// Cell (i, j) at `j * cells + i`.
    pub mass: Vec<f64>,
    /// The number of cells along a side.
    pub cells: usize,
}

/// One draw: its place in the unit square and its weight.
pub(super) type Placed = (f64, f64, f64);

/// The bandwidths tried, as multiples of Scott's.
const FACTORS: [f64; 6] = [1.0, 0.75, 0.55, 0.4, 0.3, 0.2];

/// A histogram of weighted points smoothed by a normal kernel, whose width is a multiple of Scott's n^(−1/6) σ (Scott
/// 1992) chosen by least-squares cross-validation (Rudemo 1982), so that rings and separate modes are not washed out.
/// The kernel is reflected at the edges of the square.
pub(super) fn smooth(points: &[Placed], cells: usize) -> Density {
    let mut histogram = vec![0.0; cells * cells];
    let total: f64 = points.iter().map(|p| p.2).sum();
    let cell = |x: f64| ((x * cells as f64) as usize).min(cells - 1);
    for &(x, y, w) in points {
        histogram[cell(y) * cells + cell(x)] += w / total;
    }
    let squares = squared_weights(points) / (total * total);
    let scott = squares.powf(1.0 / 6.0);
    let widths = [sd(points, total, |p| p.0), sd(points, total, |p| p.1)];
    let sigma = |factor: f64, axis: usize| (factor * scott * widths[axis] * cells as f64).max(0.8);

    let mut best: Option<(f64, Vec<f64>)> = None;
    for factor in FACTORS {
        let (kx, ky) = (
            kernel(sigma(factor, 0), cells),
            kernel(sigma(factor, 1), cells),
        );
        let mass = transposed(
            &convolved(
                &transposed(&convolved(&histogram, cells, &kx), cells),
                cells,
                &ky,
            ),
            cells,
        );
        let own = squares * kx[0] * ky[0];
        let with_others: f64 = histogram.iter().zip(&mass).map(|(h, m)| h * m).sum();
        let score =
            mass.iter().map(|m| m * m).sum::<f64>() - 2.0 * (with_others - own) / (1.0 - squares);
        if best.as_ref().is_none_or(|(b, _)| score < *b) {
            best = Some((score, mass));
        }
    }
    let mass = best.map_or(histogram, |(_, mass)| mass);
    Density { mass, cells }
}

impl Density {
    /// The cell mass above which the cells hold `probability` between them.
    pub(super) fn level(&self, probability: f64) -> f64 {
        let mut sorted = self.mass.clone();
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        let mut sum = 0.0;
        for m in &sorted {
            sum += m;
            if sum >= probability {
                return *m;
            }
        }
        0.0
    }

    /// The cell mass at a place in the unit square.
    pub(super) fn at(&self, x: f64, y: f64) -> f64 {
        let cell = |x: f64| ((x * self.cells as f64) as usize).min(self.cells - 1);
        self.mass[cell(y) * self.cells + cell(x)]
    }
}

/// Σ w², repeated points counted as one: they are copies, not evidence of a narrow peak.
fn squared_weights(points: &[Placed]) -> f64 {
    let mut sorted = points.to_vec();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    sorted
        .chunk_by(|a, b| a.0 == b.0 && a.1 == b.1)
        .map(|same| same.iter().map(|p| p.2).sum::<f64>().powi(2))
        .sum()
}

fn sd(points: &[Placed], total: f64, axis: impl Fn(&Placed) -> f64) -> f64 {
    let mean = points.iter().map(|p| p.2 * axis(p)).sum::<f64>() / total;
    let square = |p: &Placed| p.2 * (axis(p) - mean) * (axis(p) - mean);
    (points.iter().map(square).sum::<f64>() / total).sqrt()
}

/// The right half of a normal kernel of `sigma` cells, its whole sum one.
fn kernel(sigma: f64, cells: usize) -> Vec<f64> {
    let reach = ((4.0 * sigma).ceil() as usize).clamp(1, cells - 1);
    let mut half: Vec<f64> = (0..=reach)
        .map(|k| (-0.5 * (k as f64 / sigma).powi(2)).exp())
        .collect();
    let sum = half[0] + 2.0 * half[1..].iter().sum::<f64>();
    half.iter_mut().for_each(|k| *k /= sum);
    half
}

/// Each row convolved with a symmetric kernel, reflected at both ends.
fn convolved(grid: &[f64], cells: usize, half: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; grid.len()];
    for (row, smooth) in grid.chunks_exact(cells).zip(out.chunks_exact_mut(cells)) {
        for (i, &m) in row.iter().enumerate().filter(|(_, m)| **m > 0.0) {
            smooth[i] += m * half[0];
            for (k, weight) in half.iter().enumerate().skip(1) {
                let left = if k <= i { i - k } else { k - i - 1 };
                let right = if i + k < cells {
                    i + k
                } else {
                    2 * cells - 1 - i - k
                };
                smooth[left] += m * weight;
                smooth[right] += m * weight;
            }
        }
    }
    out
}

fn transposed(grid: &[f64], cells: usize) -> Vec<f64> {
    (0..grid.len())
        .map(|c| grid[(c % cells) * cells + c / cells])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};
    use rand_distr::{Distribution, StandardNormal};

    fn normal_points(n: usize) -> Vec<Placed> {
        let mut rng = keyed(1, Purpose::User, 0, 0);
        let mut draw = || -> f64 { StandardNormal.sample(&mut rng) };
        (0..n)
            .map(|_| (0.5 + 0.1 * draw(), 0.5 + 0.1 * draw(), 2.0))
            .collect()
    }

    #[test]
    fn mass_is_kept() {
        let density = smooth(&normal_points(2000), 64);
        assert!((density.mass.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let edge = smooth(&[(0.0, 0.0, 1.0), (0.01, 0.3, 1.0), (1.0, 1.0, 1.0)], 64);
        assert!((edge.mass.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_level_encloses_its_probability() {
        // The contour of 39.3 % of a round normal has a radius of one standard deviation: 6.4 cells.
        let density = smooth(&normal_points(20_000), 64);
        let level = density.level(1.0 - (-0.5_f64).exp());
        let area = density.mass.iter().filter(|m| **m >= level).count() as f64;
        let exact = std::f64::consts::PI * 6.4 * 6.4;
        assert!((area / exact - 1.0).abs() < 0.1, "{area} {exact}");
    }

    #[test]
    fn a_ring_keeps_its_hole() {
        let ring: Vec<Placed> = normal_points(3000)
            .into_iter()
            .map(|(x, y, w)| {
                let (dx, dy) = (x - 0.5, y - 0.5);
                let r = dx.hypot(dy);
                (
                    0.5 + 0.3 * dx / r + 0.1 * dx,
                    0.5 + 0.3 * dy / r + 0.1 * dy,
                    w,
                )
            })
            .collect();
        let density = smooth(&ring, 64);
        assert!(density.at(0.5, 0.5) < density.level(0.9));
    }
}
