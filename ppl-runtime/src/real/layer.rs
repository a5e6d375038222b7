//! Operations on whole arrays: a layer of a network, and elementwise maps.

use super::kernels::exp;
use super::mode::{Mode, Real};

/// W·x + b for weights and biases that are latents and inputs that are data, as one operation: a layer of a neural
/// network before its non-linearity.
///
/// ```
/// use ppl_runtime::real::{Real, Value, layer};
/// let weights = [[1.0, 2.0], [0.0, 3.0]].map(|w| w.map(Real::<Value>::from));
/// let bias = [0.5, -1.0].map(Real::from);
/// assert_eq!(layer(&weights, &[2.0, 1.0], &bias).map(Real::value), [4.5, 2.0]);
/// ```
#[inline]
pub fn layer<M: Mode, const H: usize, const K: usize>(
    weights: &[[Real<M>; K]; H],
    x: &[f64; K],
    bias: &[Real<M>; H],
) -> [Real<M>; H] {
    M::layer(weights, x, bias)
}

/// tanh of each element to about 2·10⁻¹⁶, as one operation.
///
/// ```
/// use ppl_runtime::real::{Real, Value, tanh_all};
/// let y = tanh_all(&[0.3, -20.0, 1e-9].map(Real::<Value>::from)).map(Real::value);
/// assert!((y[0] - 0.3f64.tanh()).abs() < 1e-15 && y[1] == -1.0 && (y[2] - 1e-9).abs() < 1e-24);
/// ```
#[inline]
pub fn tanh_all<M: Mode, const N: usize>(x: &[Real<M>; N]) -> [Real<M>; N] {
    let mut e = x.map(|x| -2.0 * x.value().abs());
    exp(&mut e);
    let mut slopes = [0.0; N];
    let mut values = [0.0; N];
    for i in 0..N {
        let x = x[i].value();
        // Near 0 the quotient loses digits, and the series in x² does not need many terms.
        let s = x * x;
        let series =
            x * (1.0 - s * (1.0 / 3.0 - s * (2.0 / 15.0 - s * (17.0 / 315.0 - s * SERIES_4))));
        let quotient = ((1.0 - e[i]) / (1.0 + e[i])).copysign(x);
        values[i] = if s < 4e-4 { series } else { quotient };
        slopes[i] = 4.0 * e[i] / ((1.0 + e[i]) * (1.0 + e[i]));
    }
    M::map(x, values, slopes)
}

/// The coefficient of x⁹ in tanh x.
const SERIES_4: f64 = 62.0 / 2835.0;

/// 1/(1 + e^−x) of each element, as one operation.
///
/// ```
/// use ppl_runtime::real::{Real, Value, sigmoid_all};
/// let y = sigmoid_all(&[0.0, 3.0].map(Real::<Value>::from)).map(Real::value);
/// assert!(y[0] == 0.5 && (y[1] - 1.0 / (1.0 + (-3f64).exp())).abs() < 1e-16);
/// ```
#[inline]
pub fn sigmoid_all<M: Mode, const N: usize>(x: &[Real<M>; N]) -> [Real<M>; N] {
    let mut e = x.map(|x| -x.value().abs());
    exp(&mut e);
    let mut slopes = [0.0; N];
    let mut values = [0.0; N];
    for i in 0..N {
        let r = 1.0 / (1.0 + e[i]);
        values[i] = if x[i].value() >= 0.0 { r } else { e[i] * r };
        slopes[i] = e[i] * r * r;
    }
    M::map(x, values, slopes)
}
