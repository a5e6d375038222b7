//! Layers of networks: of one row as operations on arrays, of many rows as expressions of a [`batch`](super::batch).

use super::batch::{Curve, Inputs, Units};
use super::kernels;
use super::mode::{Mode, Real};

/// W·x + b for weights and biases that are latents and inputs that are data: a layer of a neural network before its
/// non-linearity.
///
/// For one row, `[f64; K]`, the units are an array. For many rows (a slice, array or `Vec` of those) they are an
/// expression which a site evaluates a block of rows at a time, as products of matrices:
/// `matvec(tanh_all(&layer(&weights, x, &bias)), &output)` is a vector of parameters with an element for each row.
/// Units over many rows are inputs of further layers.
///
/// ```
/// use ppl_runtime::real::{Real, Value, layer, matvec, tanh_all};
/// let weights = [[1.0, 2.0], [0.0, 3.0]].map(|w| w.map(Real::<Value>::from));
/// let bias = [0.5, -1.0].map(Real::from);
/// assert_eq!(layer(&weights, &[2.0, 1.0], &bias).map(Real::value), [4.5, 2.0]);
///
/// let output = [1.0, 2.0].map(Real::from);
/// let units = tanh_all(&layer(&weights, &[[2.0, 1.0], [0.0, 0.0]], &bias));
/// let means = matvec(units, &output);
/// assert!((means.at(0).value() - (4.5f64.tanh() + 2.0 * 2f64.tanh())).abs() < 1e-15);
/// assert!((means.at(1).value() - (0.5f64.tanh() - 2.0 * 1f64.tanh())).abs() < 1e-15);
/// ```
#[inline]
pub fn layer<'a, M: Mode, X: Inputs<M, H, K> + ?Sized, const H: usize, const K: usize>(
    weights: &'a [[Real<M>; K]; H],
    x: &'a X,
    bias: &'a [Real<M>; H],
) -> X::Output<'a> {
    x.layer(weights, bias)
}

/// tanh of each unit to about 2·10⁻¹⁶, as one operation: of an array, or of a [`layer`] over many rows.
///
/// ```
/// use ppl_runtime::real::{Real, Value, tanh_all};
/// let y = tanh_all(&[0.3, -20.0, 1e-9].map(Real::<Value>::from)).map(Real::value);
/// assert!((y[0] - 0.3f64.tanh()).abs() < 1e-15 && y[1] == -1.0 && (y[2] - 1e-9).abs() < 1e-24);
/// ```
#[inline]
pub fn tanh_all<U: Units>(x: &U) -> U::Output {
    x.squash(Curve::Tanh)
}

#[inline]
pub(super) fn tanh_array<M: Mode, const N: usize>(x: &[Real<M>; N]) -> [Real<M>; N] {
    let (mut values, mut slopes) = (x.map(Real::value), [0.0; N]);
    kernels::tanh(&mut values, &mut slopes);
    M::map(x, values, slopes)
}

/// 1/(1 + e^−x) of each unit, as one operation: of an array, or of a [`layer`] over many rows.
///
/// ```
/// use ppl_runtime::real::{Real, Value, sigmoid_all};
/// let y = sigmoid_all(&[0.0, 3.0].map(Real::<Value>::from)).map(Real::value);
/// assert!(y[0] == 0.5 && (y[1] - 1.0 / (1.0 + (-3f64).exp())).abs() < 1e-16);
/// ```
#[inline]
pub fn sigmoid_all<U: Units>(x: &U) -> U::Output {
    x.squash(Curve::Sigmoid)
}

#[inline]
pub(super) fn sigmoid_array<M: Mode, const N: usize>(x: &[Real<M>; N]) -> [Real<M>; N] {
    let (mut values, mut slopes) = (x.map(Real::value), [0.0; N]);
    kernels::sigmoid(&mut values, &mut slopes);
    M::map(x, values, slopes)
}

/// max(x, 0) of each unit, as one operation: of an array, or of a [`layer`] over many rows. Its slope at 0 is 0.
///
/// ```
/// use ppl_runtime::real::{Real, Value, relu_all};
/// let y = relu_all(&[-2.0, 3.0].map(Real::<Value>::from)).map(Real::value);
/// assert_eq!(y, [0.0, 3.0]);
/// ```
#[inline]
pub fn relu_all<U: Units>(x: &U) -> U::Output {
    x.squash(Curve::Relu)
}

#[inline]
pub(super) fn relu_array<M: Mode, const N: usize>(x: &[Real<M>; N]) -> [Real<M>; N] {
    let values = x.map(|x| if x.value() < 0.0 { 0.0 } else { x.value() });
    let slopes = x.map(|x| if x.value() > 0.0 { 1.0 } else { 0.0 });
    M::map(x, values, slopes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::real::Value;

    /// Both are a quotient or a product of a few roundings (1.1·10⁻¹⁶ each) and an exponential (2.2·10⁻¹⁶), or a fraction
    /// that is cut off at 3·10⁻¹⁶: some 7·10⁻¹⁶, and what the library is off by itself.
    #[test]
    fn units_of_an_array_keep_their_digits() {
        let points: Vec<f64> = (0..4096)
            .map(|i| 1e-8 * 3e9_f64.powf(f64::from(i) / 4095.0))
            .flat_map(|x| [x, -x])
            .collect();
        for chunk in points.as_chunks::<8>().0 {
            let x = chunk.map(Real::<Value>::from);
            let (t, s) = (tanh_all(&x), sigmoid_all(&x));
            for (i, x) in chunk.iter().enumerate() {
                let (tanh, sigmoid) = (x.tanh(), 1.0 / (1.0 + (-x).exp()));
                assert!((t[i].value() - tanh).abs() <= 1e-15 * tanh.abs(), "{x}");
                assert!((s[i].value() - sigmoid).abs() <= 1.2e-15 * sigmoid, "{x}");
            }
        }
    }
}
