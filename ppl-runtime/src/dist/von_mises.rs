//! The von Mises distribution on the circle.

use super::family::{Domain, Family, Invalid, Partials};
use super::shared::{
    density, finite, invert, outside, quantile_moments, require, score_integral, undefined,
};
use crate::random::Rng;
use crate::real::special::{bessel_ratio_complement, integral, ln_bessel_i0_scaled};
use crate::support::Support;
use rand::RngExt;
use rand::distr::Open01;
use rand_distr::StandardNormal;
use std::f64::consts::{PI, TAU};

/// Von Mises distribution of an angle: p(x) = exp(concentration cos(x − location))/(2π I₀(concentration)) for −π ≤ x ≤ π.
///
/// Draws are in (−π, π), and so are the distribution function and the quantiles, whatever the location. The density is that of the
/// circle: observed angles may be given in any turn.
///
/// Support: the circle, as −π ≤ x ≤ π. Mean: of the angle in (−π, π), by quadrature; the mean direction is location. Variance: of that angle, by quadrature. Entropy: closed.
///
/// Source: Mardia & Jupp, *Directional Statistics* (2000), eq. 3.5.17; draws by Best & Fisher (1979).
///
/// ```
/// use ppl_runtime::dist::{VonMises, family::Family};
/// let (a, b) = (<VonMises>::log_density(1.0, &[0.0, 2.0]), <VonMises>::log_density(1.0 + std::f64::consts::TAU, &[0.0, 2.0]));
/// assert!((a - b).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct VonMises<A = (), B = ()> {
    pub(crate) location: A,
    pub(crate) concentration: B,
}

impl<A, B> VonMises<A, B> {
    /// The von Mises distribution around this angle; its concentration is about one over the variance, and 0 is uniform.
    pub fn new(location: A, concentration: B) -> Self {
        VonMises {
            location,
            concentration,
        }
    }
}

/// An angle brought into [−π, π].
pub(crate) fn wrap(x: f64) -> f64 {
    x - TAU * (x / TAU).round()
}

/// ∫ exp(κ(cos t − 1)) dt from `from` ≥ 0 away from the mode, over at most to π. Panels are a few times as wide as the
/// integrand takes to fall by e, until the next adds nothing.
fn flank(from: f64, length: f64, k: f64) -> f64 {
    let (mut done, mut sum) = (0.0, 0.0);
    while done < length {
        let steepness = (k * (from + done).sin()).max(k.sqrt()).max(1.0);
        let end = (done + 3.0 / steepness).min(length);
        let part = integral(done, end, |t| {
            let s = (0.5 * (from + t)).sin();
            (-2.0 * k * s * s).exp()
        });
        sum += part;
        if part <= 1e-18 * sum {
            break;
        }
        done = end;
    }
    sum
}

/// ∫ exp(κ(cos t − 1)) dt over an arc of this length from `from` in [−π, 3π]. The length is given apart, so that a
/// short arc keeps its digits.
fn arc(from: f64, length: f64, k: f64) -> f64 {
    let around = |mode: f64| {
        let (low, high) = (from - mode, from - mode + length);
        if low >= PI || high <= -PI {
            0.0
        } else if low >= 0.0 {
            flank(low, length.min(PI - low), k)
        } else if high <= 0.0 {
            flank(-high, length.min(PI + high), k)
        } else {
            flank(0.0, PI.min(-low), k) + flank(0.0, PI.min(high), k)
        }
    };
    around(0.0) + around(TAU)
}

/// The probabilities below and above an angle in [−π, π].
fn tails(x: f64, location: f64, k: f64) -> (f64, f64) {
    // Turned so that the location is at 0 or one turn on, and the cut at ±π at `start`.
    let start = wrap(-PI - location);
    let (below, above) = (arc(start, x + PI, k), arc(start + (x + PI), PI - x, k));
    let sum = below + above;
    (below / sum, above / sum)
}

impl Family<2> for VonMises {
    const NAME: &'static str = "VonMises";
    const PARAMETERS: [&'static str; 2] = ["location", "concentration"];
    const DOMAIN: Domain = Domain::Real;
    const CIRCULAR: bool = true;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        finite(p, 0)?;
        require(
            p[1] >= 0.0 && p[1] < f64::INFINITY,
            1,
            "zero or positive, and finite",
        )
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Interval(-PI, PI)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !x.is_finite() {
            return outside();
        }
        let [location, concentration] = *p;
        let d = x - location;
        let half = (0.5 * d).sin();
        // 1 − cos d to full relative accuracy.
        let versine = 2.0 * half * half;
        let pull = concentration * d.sin();
        Partials {
            value: -concentration * versine - ln_bessel_i0_scaled(concentration) - TAU.ln(),
            point: -pull,
            parameters: [pull, bessel_ratio_complement(concentration) - versine],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [location, concentration] = *p;
        if x <= -PI {
            0.0
        } else if x >= PI {
            1.0
        } else {
            tails(x, location, concentration).0
        }
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let density = |x: f64| <Self>::log_density(x, p);
        invert(u, -PI, PI, |x| tails(x, p[0], p[1]), density)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let [location, concentration] = *p;
        let z = standard_draw(rng, concentration);
        let x = wrap(location + z);
        if x.abs() < PI { x } else { PI.next_down() }
    }

    fn survival(x: f64, p: &[f64; 2]) -> f64 {
        if x <= -PI {
            1.0
        } else if x >= PI {
            0.0
        } else {
            tails(x, p[0], p[1]).1
        }
    }

    fn cdf_partials(x: f64, p: &[f64; 2]) -> [f64; 2] {
        if x <= -PI || x >= PI {
            return [0.0; 2];
        }
        // Turning the density moves mass over the cut at −π as well.
        let by_location = density::<Self, 2>(-PI, p) - density::<Self, 2>(x, p);
        [by_location, score_integral::<Self, 2>(x, p)[1]]
    }

    fn mean(p: &[f64; 2]) -> f64 {
        quantile_moments::<Self, 2>(p).0
    }

    fn variance(p: &[f64; 2]) -> f64 {
        quantile_moments::<Self, 2>(p).1
    }

    fn entropy(p: &[f64; 2]) -> f64 {
        let concentration = p[1];
        let ratio = 1.0 - bessel_ratio_complement(concentration);
        TAU.ln() + ln_bessel_i0_scaled(concentration) + concentration * (1.0 - ratio)
    }
}

/// One angle around 0. Best & Fisher (1979): rejection from a wrapped Cauchy distribution.
fn standard_draw(rng: &mut Rng, k: f64) -> f64 {
    if k < 1e-8 {
        return PI * (2.0 * rng.sample::<f64, _>(Open01) - 1.0);
    }
    if k > 1e8 {
        // A normal to eight digits, where the formula below has lost them.
        return rng.sample::<f64, _>(StandardNormal) / k.sqrt();
    }
    let tau = 1.0 + (4.0 * k * k).mul_add(1.0, 1.0).sqrt();
    let rho = (tau - (2.0 * tau).sqrt()) / (2.0 * k);
    let s = (1.0 + rho * rho) / (2.0 * rho);
    loop {
        let (u, v): (f64, f64) = (rng.sample(Open01), rng.sample(Open01));
        let z = (PI * u).cos();
        let w = (1.0 + s * z) / (s + z);
        let y = k * (s - w);
        if y * (2.0 - y) - v > 0.0 || (y / v).ln() + 1.0 - y >= 0.0 {
            let angle = w.clamp(-1.0, 1.0).acos();
            return if rng.random::<bool>() { angle } else { -angle };
        }
    }
}
