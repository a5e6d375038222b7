//! Student's t distribution.

use super::family::{
    Domain, Family, Invalid, Partials, block_by_points, block_partials_by_points, sums_by_blocks,
};
use super::shared::{bounded, density, finite, positive, undefined};
use crate::random::Rng;
use crate::real::kernels;
use crate::real::special::{
    LN_SQRT_2PI, bd0, beta_inv, beta_lower, beta_lower_partials, beta_upper, digamma, ln_beta,
    stirling_error,
};
use crate::support::Support;
use rand::RngExt;
use std::f64::consts::LN_2;

/// Student's t distribution: with z = (x − location)/scale,
/// p(x) = Γ((df + 1)/2) / (Γ(df/2) √(π df) scale) (1 + z²/df)^(−(df + 1)/2) on the real line.
///
/// Support: the real line. Mean: location for df > 1. Variance: scale² df/(df − 2) for df > 2. Entropy: closed.
///
/// Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 2 (1995), eq. 28.2; the quotient of Γs
/// in Loader's deviance form ([`bd0`]).
///
/// ```
/// use ppl_runtime::dist::{StudentT, family::Family};
/// let cauchy = <StudentT>::log_density(0.0, &[1.0, 0.0, 1.0]);
/// assert!((cauchy + std::f64::consts::PI.ln()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct StudentT<D = (), L = (), S = ()> {
    pub(crate) df: D,
    pub(crate) location: L,
    pub(crate) scale: S,
}

impl<D, L, S> StudentT<D, L, S> {
    /// Student's t distribution of these degrees of freedom, around this location, in units of this scale.
    pub fn new(df: D, location: L, scale: S) -> Self {
        StudentT {
            df,
            location,
            scale,
        }
    }
}

/// ln p without −ln scale, given w = ln(1 + z²/df).
fn ln_p(df: f64, w: f64) -> f64 {
    let (h, k) = (0.5 * df, 0.5 * (df + 1.0));
    stirling_error(k) - stirling_error(h) - bd0(h, k) - k * w - LN_SQRT_2PI
}

/// z/√df, ln(1 + z²/df) and z²/(df + z²), where z² may overflow.
fn parts(df: f64, z: f64) -> (f64, f64, f64) {
    let s = z / df.sqrt();
    if s.abs() < 1e8 {
        // z²/df rounded once less than s², whose error a large df would multiply.
        let w = if z.abs() < 1e150 { z * z / df } else { s * s };
        (s, w.ln_1p(), w / (1.0 + w))
    } else {
        (s, 2.0 * z.abs().ln() - df.ln(), 1.0)
    }
}

/// ln of df/2·B(df/2, ½): what a far tail is divided by.
fn ln_tail_constant(df: f64) -> f64 {
    (0.5 * df).ln() + ln_beta(0.5 * df, 0.5)
}

/// P(T > z) for z ≥ 0.
fn upper_tail(df: f64, z: f64) -> f64 {
    let s = z / df.sqrt();
    if s > 1e100 {
        // The first term of the tail's series, where 1/s² would underflow.
        return (-df * (z.ln() - 0.5 * df.ln()) - ln_tail_constant(df) - LN_2).exp();
    }
    let w = s * s;
    let (x, y) = if w < 1.0 {
        ((1.0 + w).recip(), w / (1.0 + w))
    } else {
        (w.recip() / (1.0 + w.recip()), (1.0 + w.recip()).recip())
    };
    0.5 * beta_lower(0.5 * df, 0.5, x, y)
}

/// The z > 0 with P(T > z) = u ≤ ½.
fn upper_tail_inv(df: f64, u: f64) -> f64 {
    let (x, y) = beta_inv(0.5 * df, 0.5, 2.0 * u, 1.0 - 2.0 * u);
    if x < 1e-200 {
        let ln_s = -((2.0 * u).ln() + ln_tail_constant(df)) / df;
        return bounded(ln_s.exp() * df.sqrt());
    }
    (df * y / x).sqrt()
}

/// The degrees of freedom, if the kernel serves: the same for all, and no square overflows.
fn regular(x: &[f64], p: &[&[f64]; 3]) -> Option<f64> {
    let df = kernels::shared(p[0])?;
    let good = kernels::are_within(x, -1e70, 1e70)
        && kernels::are_within(p[1], -1e70, 1e70)
        && kernels::are_within(p[2], 1e-70, 1e300);
    (good && df > 1e-3 && df < 1e10).then_some(df)
}

impl Family<3> for StudentT {
    const NAME: &'static str = "StudentT";
    const PARAMETERS: [&'static str; 3] = ["df", "location", "scale"];
    const DOMAIN: Domain = Domain::Real;

    #[inline]
    fn check(p: &[f64; 3]) -> Result<(), Invalid> {
        positive(p, 0)?;
        finite(p, 1)?;
        positive(p, 2)
    }

    fn support(_: &[f64; 3]) -> Support {
        Support::Real
    }

    fn log_density(x: f64, p: &[f64; 3]) -> f64 {
        if Self::check(p).is_err() {
            return f64::NAN;
        }
        let (_, w, _) = parts(p[0], (x - p[1]) / p[2]);
        ln_p(p[0], w) - p[2].ln()
    }

    fn partials(x: f64, p: &[f64; 3]) -> Partials<3> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        let [df, location, scale] = *p;
        let z = (x - location) / scale;
        let (s, w, q) = parts(df, z);
        // (df + 1) z/(df + z²)
        let pull = if s.abs() < 1.0 {
            (df + 1.0) / df * z / (1.0 + s * s)
        } else {
            (df + 1.0) * q / z
        };
        let balance = (df + 1.0) * q - 1.0;
        let gammas = digamma(0.5 * (df + 1.0)) - digamma(0.5 * df);
        Partials {
            value: ln_p(df, w) - scale.ln(),
            point: -pull / scale,
            parameters: [
                0.5 * (gammas - w + balance / df),
                pull / scale,
                balance / scale,
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 3]) -> f64 {
        let z = (x - p[1]) / p[2];
        if z < 0.0 {
            upper_tail(p[0], -z)
        } else if z * z < p[0] {
            // ½ + ½ P(|T| < z)
            let w = z * z / p[0];
            0.5 + 0.5 * beta_upper(0.5 * p[0], 0.5, (1.0 + w).recip(), w / (1.0 + w))
        } else {
            1.0 - upper_tail(p[0], z)
        }
    }

    fn quantile(u: f64, p: &[f64; 3]) -> f64 {
        let z = if u < 0.5 {
            -upper_tail_inv(p[0], u)
        } else {
            upper_tail_inv(p[0], 1.0 - u)
        };
        bounded(p[1] + p[2] * z)
    }

    fn draw(rng: &mut Rng, p: &[f64; 3]) -> f64 {
        rand_distr::StudentT::new(p[0]).map_or(f64::NAN, |d| {
            bounded(p[1] + p[2] * bounded(rng.sample::<f64, _>(d)))
        })
    }

    fn survival(x: f64, p: &[f64; 3]) -> f64 {
        Self::cdf(p[1] - (x - p[1]), p)
    }

    fn quantile_upper(q: f64, p: &[f64; 3]) -> f64 {
        // Symmetric around 0.
        p[1] - Self::quantile(q, &[p[0], 0.0, p[2]])
    }

    fn cdf_partials(x: f64, p: &[f64; 3]) -> [f64; 3] {
        let f = density::<Self, 3>(x, p);
        let [df, location, scale] = *p;
        let z = (x - location) / scale;
        let w = z / df.sqrt() * (z / df.sqrt());
        // P(|T| > z) = I(df/2, ½) at 1/(1 + w); what w itself moves by df is a change of scale.
        let (u, v) = ((1.0 + w).recip(), w / (1.0 + w));
        let by_shape = beta_lower_partials(0.5 * df, 0.5, u, v).0;
        [
            -0.25 * z.signum() * by_shape - 0.5 * f * (x - location) / df,
            -f,
            -f * z,
        ]
    }

    sums_by_blocks!(3);

    fn block(x: &[f64], p: &[&[f64]; 3]) -> f64 {
        let Some(df) = regular(x, p) else {
            return block_by_points::<Self, 3>(x, p);
        };
        kernels::student_t(x, df, p[1], p[2]) + x.len() as f64 * ln_p(df, 0.0)
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 3], partials: &mut [&mut [f64]; 3]) -> f64 {
        let Some(df) = regular(x, p) else {
            return block_partials_by_points::<Self, 3>(x, p, partials);
        };
        let [by_df, by_location, by_scale] = partials;
        let value = kernels::student_t_partials(x, df, p[1], p[2], by_df, by_location, by_scale);
        let gammas = 0.5 * (digamma(0.5 * (df + 1.0)) - digamma(0.5 * df));
        for by in by_df.iter_mut() {
            *by += gammas;
        }
        value + x.len() as f64 * ln_p(df, 0.0)
    }

    fn mean(p: &[f64; 3]) -> f64 {
        if p[0] > 1.0 { p[1] } else { f64::NAN }
    }

    fn variance(p: &[f64; 3]) -> f64 {
        let [df, _, scale] = *p;
        if df > 2.0 {
            scale * scale * (df / (df - 2.0))
        } else if df > 1.0 {
            f64::INFINITY
        } else {
            f64::NAN
        }
    }

    fn entropy(p: &[f64; 3]) -> f64 {
        // ½ ln df + ln B(df/2, ½) cancels for many degrees of freedom: what is left of it by Stirling's formula.
        let (a, h) = (0.5 * p[0], 0.5);
        let t = h / a;
        let ln_ratio = a * crate::real::special::ln_1p_minus(t)
            + (h - 0.5) * t.ln_1p()
            + crate::real::special::stirling_error(a + h)
            - crate::real::special::stirling_error(a);
        let spread = crate::real::special::LN_SQRT_2PI - ln_ratio;
        p[2].ln() + (a + h) * crate::real::special::digamma_difference(a, h) + spread
    }
}
