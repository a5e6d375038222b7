//! Kernels of the normal distribution where the scales are known beforehand.

use super::elementary::{padded, total};

/// ((x − location)·inverse)² of eight points, with the partial derivatives of −½ of it by the locations.
#[inline(always)]
fn eight_of_scales([x, location, inverse]: [&[f64; 8]; 3]) -> ([f64; 8], [f64; 8]) {
    let (mut slopes, mut squares) = ([0.0; 8], [0.0; 8]);
    for k in 0..8 {
        let z = (x[k] - location[k]) * inverse[k];
        slopes[k] = z * inverse[k];
        squares[k] = z * z;
    }
    (squares, slopes)
}

/// [`normal_of_scales`] of eight points, compiled into its caller: what it computes in narrow lanes is less than a call and the wait of
/// wide ones for locations that were just written number by number.
#[inline(always)]
pub fn eight_normal_of_scales(columns: [&[f64; 8]; 3]) -> (f64, [f64; 8]) {
    let (squares, slopes) = eight_of_scales(columns);
    (-0.5 * total(squares), slopes)
}

#[inline(always)]
fn normal_of_scales_body(x: &[f64], location: &[f64], inverse: &[f64], by: &mut [f64]) -> f64 {
    let n = x.len();
    let ((xs, x), (locations, location)) = (x.as_chunks::<8>(), location[..n].as_chunks::<8>());
    let (inverses, inverse) = inverse[..n].as_chunks::<8>();
    let (bys, by) = by.as_chunks_mut::<8>();
    let mut sums = [0.0; 8];
    for (i, ((x, location), inverse)) in xs.iter().zip(locations).zip(inverses).enumerate() {
        let (squares, slopes) = eight_of_scales([x, location, inverse]);
        for k in 0..8 {
            sums[k] += squares[k];
        }
        if let Some(by) = bys.get_mut(i) {
            *by = slopes;
        }
    }
    if !x.is_empty() {
        let (x, location) = (padded(x, 0.0), padded(location, 0.0));
        let (squares, slopes) = eight_of_scales([&x, &location, &padded(inverse, 0.0)]);
        for k in 0..8 {
            sums[k] += squares[k];
        }
        for (to, from) in by.iter_mut().zip(slopes) {
            *to = from;
        }
    }
    -0.5 * total(sums)
}

super::dispatch_plain! {
    /// Σ −½((x − location)·inverse)² by inverse scales, with the partial derivatives by each location if there is room for them.
    pub fn normal_of_scales = normal_of_scales_body(
        x: &[f64], location: &[f64], inverse: &[f64], by: &mut [f64]
    ) -> f64;
}
