//! The normal distribution.

use super::family::{Constants, Domain, Family, Invalid, Partials};
use super::reduced::Block;
use super::shared::{density, finite, positive, undefined};
use crate::random::Rng;
use crate::real::kernels;
use crate::real::special::{LN_SQRT_2PI, ln_again, normal_cdf, normal_quantile, normal_survival};
use crate::support::Support;
use rand::RngExt;
use rand_distr::StandardNormal;

/// Normal distribution: p(x) = exp(−((x − location)/scale)²/2) / (scale √(2π)) on the real line; `scale` is the
/// standard deviation.
///
/// Support: the real line. Mean: location. Variance: scale². Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), eq. 13.1.
///
/// ```
/// use ppl_runtime::dist::{Normal, family::Family};
/// let ln_p = <Normal>::log_density(1.0, &[0.0, 2.0]);
/// assert!((ln_p + 1.737_085_713_764_618).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Normal<L = (), S = ()> {
    pub(crate) location: L,
    pub(crate) scale: S,
}

impl<L, S> Normal<L, S> {
    /// The normal distribution of this mean and standard deviation.
    pub fn new(location: L, scale: S) -> Self {
        Normal { location, scale }
    }
}

impl Family<2> for Normal {
    const NAME: &'static str = "Normal";
    const PARAMETERS: [&'static str; 2] = ["location", "scale"];
    const DOMAIN: Domain = Domain::Real;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        finite(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Real
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() {
            return f64::NAN;
        }
        let z = (x - p[0]) / p[1];
        -0.5 * z * z - p[1].ln() - LN_SQRT_2PI
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() {
            return undefined();
        }
        let z = (x - p[0]) / p[1];
        let slope = z / p[1];
        Partials {
            value: -0.5 * z * z - ln_again(p[1]) - LN_SQRT_2PI,
            point: -slope,
            parameters: [slope, (z * z - 1.0) / p[1]],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        normal_cdf((x - p[0]) / p[1])
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        p[0] + p[1] * normal_quantile(u)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let z: f64 = rng.sample(StandardNormal);
        p[0] + p[1] * z
    }

    /// −ln σ − ½ ln 2π and 1/σ.
    fn of_parameters(p: &[f64; 2]) -> Constants {
        match Self::check(p) {
            Ok(()) => [-p[1].ln() - LN_SQRT_2PI, 1.0 / p[1], 0.0],
            Err(_) => [f64::NAN; 3],
        }
    }

    #[inline]
    fn by_point_with(
        x: f64,
        p: &[f64; 2],
        _: &Constants,
        [normaliser, inverse, _]: &Constants,
    ) -> (f64, f64) {
        let z = (x - p[0]) * inverse;
        (normaliser - 0.5 * z * z, -z * inverse)
    }

    fn draw_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        [1.0, (x - p[0]) / p[1]]
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        let f = density::<Self, 2>(x, p);
        [-f, -f * ((x - p[0]) / p[1])]
    }

    fn survival(x: f64, p: &[f64; 2]) -> f64 {
        normal_survival((x - p[0]) / p[1])
    }

    fn quantile_upper(q: f64, p: &[f64; 2]) -> f64 {
        p[0] - p[1] * normal_quantile(q)
    }

    fn mean(p: &[f64; 2]) -> f64 {
        p[0]
    }

    fn variance(p: &[f64; 2]) -> f64 {
        p[1] * p[1]
    }

    fn sum(x: &[f64], p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() {
            return f64::NAN;
        }
        let (_, squares) = kernels::moments(x, p[0]);
        -0.5 * squares / (p[1] * p[1]) - x.len() as f64 * (p[1].ln() + LN_SQRT_2PI)
    }

    fn sum_partials(x: &[f64], p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() {
            return undefined();
        }
        let (sum, squares) = kernels::moments(x, p[0]);
        let n = x.len() as f64;
        let precision = 1.0 / (p[1] * p[1]);
        Partials {
            value: -0.5 * squares * precision - n * (p[1].ln() + LN_SQRT_2PI),
            point: 0.0,
            parameters: [sum * precision, (squares * precision - n) / p[1]],
        }
    }

    #[inline]
    fn sum_point_partials(x: &[f64], p: &[f64; 2], by_point: &mut [f64]) -> Partials<2> {
        if Self::check(p).is_err() {
            by_point.fill(f64::NAN);
            return undefined();
        }
        let r = 1.0 / p[1];
        // Four sums each, because one would wait for itself. No kernel: what was written number by number can't be read
        // in lanes at once.
        let (mut sums, mut squares) = ([0.0; 4], [0.0; 4]);
        let (points, rest) = x.as_chunks::<4>();
        let (by_points, by_rest) = by_point.as_chunks_mut::<4>();
        for (x, by) in points.iter().zip(by_points) {
            for k in 0..4 {
                let z = (x[k] - p[0]) * r;
                by[k] = -z * r;
                sums[k] += z;
                squares[k] += z * z;
            }
        }
        for (x, by) in rest.iter().zip(by_rest) {
            let z = (x - p[0]) * r;
            *by = -z * r;
            sums[0] += z;
            squares[0] += z * z;
        }
        let sum = (sums[0] + sums[2]) + (sums[1] + sums[3]);
        let squares = (squares[0] + squares[2]) + (squares[1] + squares[3]);
        let n = x.len() as f64;
        // The logarithm of the standard scale is known.
        let ln_scale = if p[1] == 1.0 { 0.0 } else { p[1].ln() };
        Partials {
            value: -0.5 * squares - n * (ln_scale + LN_SQRT_2PI),
            point: 0.0,
            parameters: [sum * r, (squares - n) * r],
        }
    }

    fn lanes<const GRADIENT: bool>(
        x: &[f64],
        p: &[&[f64]; 2],
        values: &mut [f64],
        partials: &mut [&mut [f64]; 2],
    ) {
        let [by_location, by_scale] = partials;
        kernels::normal_lanes(x, p[0], p[1], values, by_location, by_scale);
        for value in values {
            *value -= LN_SQRT_2PI;
        }
    }

    fn column<const GRADIENT: bool>(
        x: &[f64],
        p: &[f64; 2],
        values: &mut [f64],
        partials: &mut [&mut [f64]; 2],
    ) {
        if Self::check(p).is_err() {
            values.fill(f64::NAN);
            return;
        }
        let [by_location, by_scale] = partials;
        kernels::normal_column(x, p[0], p[1], values, by_location, by_scale);
    }

    const LEAVES_OUT: bool = true;

    const REDUCES: bool = true;

    fn reduced(block: Block<'_>, p: &[&[f64]; 2], partials: &mut [&mut [f64]; 2]) -> f64 {
        let [by_location, by_scale] = partials;
        block.normal(p[0], p[1], by_location, by_scale) - block.elements() * LN_SQRT_2PI
    }

    #[inline(always)]
    fn by_inverse_scales(x: &[f64], location: &[f64], inverse: &[f64], by: &mut [f64]) -> f64 {
        let value = match (x.try_into(), location.try_into(), inverse.try_into()) {
            (Ok(x), Ok(location), Ok(inverse)) => {
                let (value, slopes) = kernels::eight_normal_of_scales([x, location, inverse]);
                if let Ok(by) = <&mut [f64; 8]>::try_from(by) {
                    *by = slopes;
                }
                value
            }
            _ => kernels::normal_of_scales(x, location, inverse, by),
        };
        value - x.len() as f64 * LN_SQRT_2PI
    }

    fn block(x: &[f64], p: &[&[f64]; 2]) -> f64 {
        kernels::normal(x, p[0], p[1]) - x.len() as f64 * LN_SQRT_2PI
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 2], partials: &mut [&mut [f64]; 2]) -> f64 {
        let [by_location, by_scale] = partials;
        kernels::normal_partials(x, p[0], p[1], by_location, by_scale)
            - x.len() as f64 * LN_SQRT_2PI
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        0.5 + p[1].ln() + crate::real::special::LN_SQRT_2PI
    }
}
