//! What the incomplete gamma and beta functions share: two complementary probabilities of which one is known to
//! full relative accuracy, the integral of a log-concave tail, and the inversion.

use super::ln_1m_exp;

/// The logarithm of a probability, or of its complement: whichever was computed directly.
#[derive(Copy, Clone, Debug)]
pub(super) enum LnTail {
    Lower(f64),
    Upper(f64),
}

impl LnTail {
    pub(super) fn swap(self) -> Self {
        match self {
            LnTail::Lower(l) => LnTail::Upper(l),
            LnTail::Upper(l) => LnTail::Lower(l),
        }
    }
    pub(super) fn lower(self) -> f64 {
        match self {
            LnTail::Lower(l) => l.min(0.0).exp(),
            LnTail::Upper(l) => -l.min(0.0).exp_m1(),
        }
    }
    pub(super) fn upper(self) -> f64 {
        self.swap().lower()
    }
    pub(super) fn ln_lower(self) -> f64 {
        match self {
            LnTail::Lower(l) => l.min(0.0),
            LnTail::Upper(l) => ln_1m_exp(l.min(0.0)),
        }
    }
    pub(super) fn ln_upper(self) -> f64 {
        self.swap().ln_lower()
    }
}

/// Nodes (positive half) and weights of Gauss–Legendre quadrature of order 20 on (−1, 1).
pub(crate) const GAUSS_LEGENDRE: [(f64, f64); 10] = [
    (0.07652652113349734, 0.15275338713072584),
    (0.22778585114164507, 0.14917298647260374),
    (0.37370608871541955, 0.14209610931838204),
    (0.5108670019508271, 0.13168863844917664),
    (0.636053680726515, 0.11819453196151841),
    (0.7463319064601508, 0.10193011981724044),
    (0.8391169718222188, 0.08327674157670475),
    (0.912234428251326, 0.06267204833410907),
    (0.9639719272779138, 0.04060142980038694),
    (0.9931285991850949, 0.017614007139152118),
];

/// ∫₀^∞ e^(exponent(s)) ds for a concave exponent with exponent(0) = 0 that falls at least by one over `1/rate`
/// or so: panels of width 4/rate until the next adds nothing. Relative error 1e-15.
///
/// Where both parameters of an incomplete gamma or beta function are large, its series and continued fraction need
/// as many terms as the square root of the parameter; this needs some hundred points whatever the parameter.
pub(crate) fn tail_integral(rate: f64, exponent: impl Fn(f64) -> f64) -> f64 {
    let half = 2.0 / rate;
    let mut sum = 0.0;
    for panel in 0..40 {
        let centre = half * f64::from(2 * panel + 1);
        let mut part = 0.0;
        for &(node, weight) in &GAUSS_LEGENDRE {
            let shift = half * node;
            part += weight * (exponent(centre - shift).exp() + exponent(centre + shift).exp());
        }
        sum += part;
        if part.is_nan() || part <= 1e-17 * sum {
            break;
        }
    }
    half * sum
}

/// ∫ f over [a, b] by one panel of Gauss–Legendre quadrature of order 20.
pub(crate) fn integral(a: f64, b: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (half, centre) = (0.5 * (b - a), 0.5 * (a + b));
    let mut sum = 0.0;
    for &(node, weight) in &GAUSS_LEGENDRE {
        sum += weight * (f(centre - half * node) + f(centre + half * node));
    }
    half * sum
}

/// One Newton step towards the point whose lower tail is `p` and upper tail is `q = 1 − p`, in a coordinate t
/// where the density is log-concave. Both ln F(t) and ln(1 − F(t)) are then concave, so that Newton's method on
/// the logarithm of the smaller tail converges from wherever it starts: its first step lands on the side from which it
/// is monotone.
///
/// Returns the step and whether it was the last: the error left is about the square of the step.
pub(super) fn newton_step(tail: LnTail, ln_density: f64, p: f64, q: f64) -> (f64, bool) {
    let (excess, slope) = if p <= q {
        let ln = tail.ln_lower();
        (ln - p.ln(), (ln_density - ln).exp())
    } else {
        let ln = tail.ln_upper();
        (q.ln() - ln, (ln_density - ln).exp())
    };
    if excess.is_infinite() {
        // The tail is zero to rounding: step back into the mass.
        return (-excess.signum(), false);
    }
    let step = -excess / slope;
    if step.is_nan() {
        return (step, true);
    }
    (step, step.abs() * slope.max(1.0) < 1e-8)
}
