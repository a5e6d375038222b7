//! Bijections from the real line, with the logarithms of their Jacobians.

use super::Support;
use crate::real::{Mode, Real};

/// A [`Support`] whose bounds may be latent.
#[derive(Copy, Clone, Debug)]
pub enum Bounds<M: Mode> {
    /// The real line.
    Real,
    /// (0, ∞).
    Positive,
    /// (0, ∞), by the softplus function.
    SoftplusPositive,
    /// (0, 1).
    Unit,
    /// (a, ∞).
    Above(Real<M>),
    /// (−∞, b).
    Below(Real<M>),
    /// (a, b).
    Interval(Real<M>, Real<M>),
}

impl<M: Mode> From<Support> for Bounds<M> {
    fn from(support: Support) -> Self {
        match support {
            // A discrete site never reaches a bijection.
            Support::Real | Support::Discrete => Bounds::Real,
            Support::Positive => Bounds::Positive,
            Support::SoftplusPositive => Bounds::SoftplusPositive,
            Support::Unit => Bounds::Unit,
            Support::Above(a) => Bounds::Above(a.into()),
            Support::Below(b) => Bounds::Below(b.into()),
            Support::Interval(a, b) => Bounds::Interval(a.into(), b.into()),
        }
    }
}

impl<M: Mode> Bounds<M> {
    /// The two ends, where there are such.
    pub fn ends(self) -> (Option<Real<M>>, Option<Real<M>>) {
        let zero = Real::constant(0.0);
        match self {
            Bounds::Real => (None, None),
            Bounds::Positive | Bounds::SoftplusPositive => (Some(zero), None),
            Bounds::Unit => (Some(zero), Some(Real::constant(1.0))),
            Bounds::Above(a) => (Some(a), None),
            Bounds::Below(b) => (None, Some(b)),
            Bounds::Interval(a, b) => (Some(a), Some(b)),
        }
    }
    /// What is between two ends, of which an infinite one is none.
    pub fn between(low: Real<M>, high: Real<M>) -> Self {
        match (low.is_finite(), high.is_finite()) {
            (false, false) => Bounds::Real,
            (true, false) => Bounds::Above(low),
            (false, true) => Bounds::Below(high),
            (true, true) => Bounds::Interval(low, high),
        }
    }
}

/// The point that corresponds to `u` on the real line, and ln |dx/du|; none for the identity.
///
/// | support | x | ln Jacobian |
/// |---|---|---|
/// | (0, ∞) | e^u | u |
/// | (0, ∞), softplus | ln(1 + e^u) | ln σ(u) |
/// | (0, 1) | σ(u) | ln σ(u) + ln σ(−u) |
/// | (a, ∞) | a + e^u | u |
/// | (−∞, b) | b − e^u | u |
/// | (a, b) | a + (b − a)·σ(u) | ln(b − a) + ln σ(u) + ln σ(−u) |
#[inline(always)]
pub fn constrain<M: Mode>(bounds: Bounds<M>, u: Real<M>) -> (Real<M>, Option<Real<M>>) {
    match bounds {
        Bounds::Real => (u, None),
        Bounds::Positive => (u.exp(), Some(u)),
        Bounds::SoftplusPositive => (u.softplus(), Some(u.log_sigmoid())),
        Bounds::Unit => (u.sigmoid(), Some(logistic_jacobian(u))),
        Bounds::Above(a) => (a + u.exp(), Some(u)),
        Bounds::Below(b) => (b - u.exp(), Some(u)),
        Bounds::Interval(a, b) => {
            let width = b - a;
            (
                a + width * u.sigmoid(),
                Some(width.ln() + logistic_jacobian(u)),
            )
        }
    }
}

/// ln σ(u) + ln σ(−u) = −|u| − 2 ln(1 + e^−|u|), with slope 1 − 2σ(u) = −tanh(u/2).
#[inline]
fn logistic_jacobian<M: Mode>(u: Real<M>) -> Real<M> {
    let a = u.value().abs();
    Real::lift(
        -a - 2.0 * (-a).exp().ln_1p(),
        [(u, -(0.5 * u.value()).tanh())],
    )
}

/// An ordered vector from the real line: x₀ = u₀, x_k = x_{k−1} + e^{u_k}; ln Jacobian Σ_{k≥1} u_k.
pub fn ordered_from_line<M: Mode, const N: usize>(
    mut u: impl FnMut() -> Real<M>,
) -> ([Real<M>; N], Option<Real<M>>) {
    let mut jacobian: Option<Real<M>> = None;
    let mut last: Option<Real<M>> = None;
    let x = std::array::from_fn(|_| {
        let u = u();
        let x = match last {
            None => u,
            Some(before) => {
                jacobian = Some(jacobian.map_or(u, |j| j + u));
                before + u.exp()
            }
        };
        last = Some(x);
        x
    });
    (x, jacobian)
}

/// A simplex from N − 1 coordinates by stick-breaking: z_k = σ(u_k − ln(N − 1 − k)), x_k = z_k·(what is left), so
/// that u = 0 is the centre; ln Jacobian Σ ln z_k + ln(1 − z_k) + ln(what was left) (Stan reference manual, "unit
/// simplex").
pub fn simplex_from_line<M: Mode, const N: usize>(
    mut u: impl FnMut() -> Real<M>,
) -> ([Real<M>; N], Option<Real<M>>) {
    let mut jacobian: Option<Real<M>> = None;
    // ln of what is left keeps its precision where the stick is almost used up.
    let mut ln_left: Option<Real<M>> = None;
    let x = std::array::from_fn(|k| {
        if k + 1 == N {
            return ln_left.map_or(Real::constant(1.0), |l| l.exp());
        }
        let v = u() - ((N - 1 - k) as f64).ln();
        let (ln_z, ln_rest) = (v.log_sigmoid(), (-v).log_sigmoid());
        let (ln_x, j) = match ln_left {
            None => (ln_z, ln_z + ln_rest),
            Some(left) => (left + ln_z, ln_z + ln_rest + left),
        };
        jacobian = Some(jacobian.map_or(j, |sum| sum + j));
        ln_left = Some(ln_left.map_or(ln_rest, |left| left + ln_rest));
        ln_x.exp()
    });
    (x, jacobian)
}
