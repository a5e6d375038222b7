//! The asymmetric Laplace distribution.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{bounded, density, finite, outside, positive, undefined};
use crate::support::Support;

/// Asymmetric Laplace distribution: p(x) = exp(−|x − location|/s)/(scale (asymmetry + 1/asymmetry)) on the real line, with
/// s = scale·asymmetry below the location and scale/asymmetry above it.
///
/// Support: the real line. Mean: location + scale (1/asymmetry − asymmetry). Variance: scale² (1/asymmetry² + asymmetry²). Entropy: closed.
///
/// Source: Kotz, Kozubowski & Podgórski, *The Laplace Distribution and Generalizations* (2001), eq. 3.1.10.
///
/// ```
/// use ppl_runtime::dist::{AsymmetricLaplace, Laplace, family::Family};
/// let (a, b) = (<AsymmetricLaplace>::log_density(0.3, &[0.0, 2.0, 1.0]), <Laplace>::log_density(0.3, &[0.0, 2.0]));
/// assert!((a - b).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct AsymmetricLaplace<A = (), B = (), C = ()> {
    pub(crate) location: A,
    pub(crate) scale: B,
    pub(crate) asymmetry: C,
}

impl<A, B, C> AsymmetricLaplace<A, B, C> {
    /// The asymmetric Laplace distribution around this mode; 1 is symmetric, less leans to the right.
    pub fn new(location: A, scale: B, asymmetry: C) -> Self {
        AsymmetricLaplace {
            location,
            scale,
            asymmetry,
        }
    }
}

/// ln of scale (k + 1/k).
fn ln_width(scale: f64, k: f64) -> f64 {
    scale.ln() + (k + k.recip()).ln()
}

/// The mass below the location, k²/(1 + k²).
fn below(k: f64) -> f64 {
    (1.0 + (k * k).recip()).recip()
}

impl Family<3> for AsymmetricLaplace {
    const NAME: &'static str = "AsymmetricLaplace";
    const PARAMETERS: [&'static str; 3] = ["location", "scale", "asymmetry"];
    const DOMAIN: Domain = Domain::Real;

    #[inline]
    fn check(p: &[f64; 3]) -> Result<(), Invalid> {
        finite(p, 0)?;
        positive(p, 1)?;
        positive(p, 2)
    }

    fn support(_: &[f64; 3]) -> Support {
        Support::Real
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 3]) -> Partials<3> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !x.is_finite() {
            return outside();
        }
        let [location, scale, asymmetry] = *p;
        let k = asymmetry;
        let (side, turn) = if x < location {
            (-k, k.recip())
        } else {
            (k.recip(), -k.recip())
        };
        // |x − location| in units of its side; the side's scale moves with the asymmetry as ±1/asymmetry.
        let d = (x - location) / side / scale;
        let pull = if x == location {
            0.0
        } else {
            (scale * side).recip()
        };
        Partials {
            value: -d - ln_width(scale, k),
            point: -pull,
            parameters: [
                pull,
                (d - 1.0) / scale,
                d * turn - (k - k.recip()) / (k + k.recip()) / k,
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 3]) -> f64 {
        let [location, scale, asymmetry] = *p;
        let (k, z) = (asymmetry, (x - location) / scale);
        if z < 0.0 {
            (z / k).exp() * below(k)
        } else {
            1.0 - (-z * k).exp() * below(k.recip())
        }
    }

    fn quantile(u: f64, p: &[f64; 3]) -> f64 {
        let [location, scale, asymmetry] = *p;
        let k = asymmetry;
        let z = if u < below(k) {
            k * (u / below(k)).ln()
        } else {
            -((1.0 - u) / below(k.recip())).ln() / k
        };
        bounded(location + scale * z)
    }

    fn cdf_partials(x: f64, p: &[f64; 3]) -> [f64; 3] {
        let f = density::<Self, 3>(x, p);
        let (k, z) = (p[2], (x - p[0]) / p[1]);
        let share = 2.0 * k / (1.0 + k * k);
        let by_asymmetry = if z < 0.0 {
            Self::cdf(x, p) * (share / k / k - z / k / k)
        } else {
            Self::survival(x, p) * (share + z)
        };
        [-f, -f * z, by_asymmetry]
    }

    fn survival(x: f64, p: &[f64; 3]) -> f64 {
        let (k, z) = (p[2], (x - p[0]) / p[1]);
        if z < 0.0 {
            1.0 - (z / k).exp() * below(k)
        } else {
            (-z * k).exp() * below(k.recip())
        }
    }

    fn mean(p: &[f64; 3]) -> f64 {
        let [location, scale, asymmetry] = *p;
        location + scale * (asymmetry.recip() - asymmetry)
    }

    fn variance(p: &[f64; 3]) -> f64 {
        let [_, scale, asymmetry] = *p;
        scale * scale * (asymmetry * asymmetry + (asymmetry * asymmetry).recip())
    }

    fn entropy(p: &[f64; 3]) -> f64 {
        let [_, scale, asymmetry] = *p;
        1.0 + ln_width(scale, asymmetry)
    }
}
