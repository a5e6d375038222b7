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

/// How the histogram is smoothed along an axis.
#[derive(Copy, Clone)]
pub(super) enum Along {
    /// By a normal kernel of the width that suits the points.
    Fitted,
    /// Over so many cells to either side, evenly: for whole numbers.
    Even(usize),
}

/// The kernel widths tried along each axis, as multiples of Scott's.
const FACTORS: [f64; 5] = [1.0, 0.7, 0.5, 0.33, 0.2];
/// How much of the best score a smoother kernel may lose. Cross-validation scatters, and its errors to the side of
/// too little smoothing are the ones that look like structure.
const SLACK: f64 = 0.01;

/// A histogram of weighted points smoothed by normal kernels, whose widths are multiples of Scott's n^(−1/6) σ (Scott
/// 1992): the widest pair whose score in least-squares cross-validation (Rudemo 1982) is close to the best, so that
/// rings and separate modes are not washed out. Kernels are reflected at the edges of the square.
pub(super) fn smooth(points: &[Placed], cells: usize, along: [Along; 2]) -> Density {
    let mut histogram = vec![0.0; cells * cells];
    let total: f64 = points.iter().map(|p| p.2).sum();
    let cell = |x: f64| ((x * cells as f64) as usize).min(cells - 1);
    for &(x, y, w) in points {
        histogram[cell(y) * cells + cell(x)] += w / total;
    }
    let squares = squared_weights(points) / (total * total);
    let scott = squares.powf(1.0 / 6.0) * cells as f64;
    let widths = [sd(points, total, |p| p.0), sd(points, total, |p| p.1)];
    let kernels = |axis: usize| match along[axis] {
        Along::Even(reach) => vec![vec![1.0 / (2 * reach + 1) as f64; reach + 1]],
        Along::Fitted => FACTORS
            .iter()
            .map(|factor| normal_kernel((factor * scott * widths[axis]).max(0.8), cells))
            .collect(),
    };

    let mut tried: Vec<(f64, f64, Vec<f64>)> = Vec::new();
    for kx in &kernels(0) {
        // Rows become columns on the way, so that both passes run along rows.
        let across = transposed(&convolved(&histogram, cells, kx), cells);
        for ky in &kernels(1) {
            let mass = transposed(&convolved(&across, cells, ky), cells);
            let own = kx[0] * ky[0];
            let with_others: f64 = histogram.iter().zip(&mass).map(|(h, m)| h * m).sum();
            let score = mass.iter().map(|m| m * m).sum::<f64>()
                - 2.0 * (with_others - squares * own) / (1.0 - squares).max(f64::MIN_POSITIVE);
            tried.push((score, own, mass));
        }
    }
    let best = tried.iter().map(|t| t.0).fold(f64::INFINITY, f64::min);
    let good = tried
        .into_iter()
        .filter(|t| t.0 <= best + SLACK * best.abs());
    // The flatter a kernel, the smaller its centre.
    let smoothest = good.min_by(|a, b| a.1.total_cmp(&b.1));
    let mass = smoothest.map_or(histogram, |t| t.2);
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
fn normal_kernel(sigma: f64, cells: usize) -> Vec<f64> {
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

    const FITTED: [Along; 2] = [Along::Fitted; 2];

    fn normal_points(n: usize) -> Vec<Placed> {
        let mut rng = keyed(1, Purpose::User, 0, 0);
        let mut draw = || -> f64 { StandardNormal.sample(&mut rng) };
        (0..n)
            .map(|_| (0.5 + 0.1 * draw(), 0.5 + 0.1 * draw(), 2.0))
            .collect()
    }

    #[test]
    fn mass_is_kept() {
        let density = smooth(&normal_points(2000), 64, FITTED);
        assert!((density.mass.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let edge = smooth(
            &[(0.0, 0.0, 1.0), (0.01, 0.3, 1.0), (1.0, 1.0, 1.0)],
            64,
            FITTED,
        );
        assert!((edge.mass.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn whole_numbers_make_even_bars() {
        let points = [(0.25, 0.5, 1.0), (0.75, 0.5, 1.0)];
        let density = smooth(&points, 64, [Along::Even(10), Along::Even(20)]);
        assert!((density.at(0.25, 0.5) - 0.5 / (21.0 * 41.0)).abs() < 1e-15);
        assert_eq!(density.at(0.5, 0.5), 0.0);
    }

    #[test]
    fn the_level_encloses_its_probability() {
        // The contour of 39.3 % of a round normal has a radius of one standard deviation: 6.4 cells.
        let density = smooth(&normal_points(20_000), 64, FITTED);
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
        let density = smooth(&ring, 64, FITTED);
        assert!(density.at(0.5, 0.5) < density.level(0.9));
    }
}
