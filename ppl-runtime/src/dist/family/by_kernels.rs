//! Kernels of a family that are made of its other kernels: what a family without one of its own falls back on.

use super::{Family, Partials};
use crate::real::kernels::LANES;

/// [`Family::block`] point by point.
pub(crate) fn block_by_points<F: Family<P>, const P: usize>(x: &[f64], p: &[&[f64]; P]) -> f64 {
    (0..x.len())
        .map(|i| F::log_density(x[i], &std::array::from_fn(|k| p[k][i])))
        .sum()
}

/// [`Family::block_partials`] point by point.
pub(crate) fn block_partials_by_points<F: Family<P>, const P: usize>(
    x: &[f64],
    p: &[&[f64]; P],
    partials: &mut [&mut [f64]; P],
) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        let one = F::partials(x[i], &std::array::from_fn(|k| p[k][i]));
        sum += one.value;
        for (row, by) in partials.iter_mut().zip(one.parameters) {
            row[i] = by;
        }
    }
    sum
}

/// [`Family::rows`] through [`Family::lanes`].
pub(crate) fn rows_by_lanes<F: Family<P>, const P: usize, const GRADIENT: bool>(
    x: &[f64],
    p: &[&[f64]; P],
    values: &mut [f64],
    partials: &mut [&mut [f64]; P],
) {
    let mut columns = p.map(|column| [column.first().copied().unwrap_or(f64::NAN); LANES]);
    let (mut block, mut rows) = ([0.0; LANES], [[0.0; LANES]; P]);
    for from in (0..values.len()).step_by(LANES) {
        let n = (values.len() - from).min(LANES);
        for (column, p) in columns.iter_mut().zip(p) {
            if p.len() > 1 {
                column[..n].copy_from_slice(&p[from..from + n]);
            }
        }
        for (j, x) in x.iter().enumerate() {
            let columns = std::array::from_fn(|k| &columns[k][..n]);
            let mut slices = rows.each_mut().map(|row| &mut row[..n]);
            F::lanes::<GRADIENT>(&[*x; LANES][..n], &columns, &mut block[..n], &mut slices);
            for (v, b) in values[from..from + n].iter_mut().zip(&block) {
                *v += b;
            }
            if !GRADIENT {
                continue;
            }
            for (sums, row) in partials.iter_mut().zip(&rows) {
                if sums.is_empty() {
                    continue;
                }
                for (sum, by) in sums[from..from + n].iter_mut().zip(row) {
                    *sum = if j == 0 { *by } else { *sum + by };
                }
            }
        }
    }
}

/// [`Family::sum`] through the block kernel.
pub(crate) fn sum_by_blocks<F: Family<P>, const P: usize>(x: &[f64], p: &[f64; P]) -> f64 {
    let columns = p.map(|v| [v; LANES]);
    x.chunks(LANES)
        .map(|chunk| F::block(chunk, &std::array::from_fn(|k| &columns[k][..chunk.len()])))
        .sum()
}

/// [`Family::sum_partials`] through the block kernel.
pub(crate) fn sum_partials_by_blocks<F: Family<P>, const P: usize>(
    x: &[f64],
    p: &[f64; P],
) -> Partials<P> {
    let columns = p.map(|v| [v; LANES]);
    let mut rows = [[0.0; LANES]; P];
    let mut sum = Partials::none();
    for chunk in x.chunks(LANES) {
        let n = chunk.len();
        let columns = std::array::from_fn(|k| &columns[k][..n]);
        let mut slices = rows.each_mut().map(|row| &mut row[..n]);
        sum.value += F::block_partials(chunk, &columns, &mut slices);
        for (s, row) in sum.parameters.iter_mut().zip(&rows) {
            *s += row[..n].iter().sum::<f64>();
        }
    }
    sum
}

/// The sums of a family through its block kernel.
macro_rules! sums_by_blocks {
    ($p:literal) => {
        fn sum(x: &[f64], p: &[f64; $p]) -> f64 {
            $crate::dist::family::sum_by_blocks::<Self, $p>(x, p)
        }
        fn sum_partials(x: &[f64], p: &[f64; $p]) -> $crate::dist::family::Partials<$p> {
            $crate::dist::family::sum_partials_by_blocks::<Self, $p>(x, p)
        }
    };
}
pub(crate) use sums_by_blocks;
