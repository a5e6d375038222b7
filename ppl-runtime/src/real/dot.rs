//! The scalar product of two vectors as a single operation.

use super::fault;
use super::kernels::plain_sum;
use super::mode::{Mode, Real};

/// Σ a(i)·b(i) for i < n; long sums run in lanes.
#[inline(always)]
pub(super) fn sum_of_products(n: usize, a: impl Fn(usize) -> f64, b: impl Fn(usize) -> f64) -> f64 {
    if n < 8 {
        return (0..n).map(|i| a(i) * b(i)).sum();
    }
    let mut sums = [0.0; 4];
    let whole = n - n % 4;
    for i in (0..whole).step_by(4) {
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum += a(i + k) * b(i + k);
        }
    }
    let rest: f64 = (whole..n).map(|i| a(i) * b(i)).sum();
    (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
}

/// Σ x\[i\]; long sums run in lanes.
#[inline]
pub(crate) fn sum(x: &[f64]) -> f64 {
    if x.len() < 16 {
        x.iter().sum()
    } else {
        plain_sum(x)
    }
}

/// What `dot` multiplies: a product of data alone is `f64`, any other is `Real<M>`.
#[diagnostic::on_unimplemented(
    message = "`dot` can't multiply `{Self}` with `{T}`",
    note = "both are vectors of `f64` or of latents"
)]
pub trait Times<T>: Copy {
    /// `f64` for data with data, else `Real<M>`.
    type Output;
    /// Σ a\[i\]·b\[i\] of equally long slices.
    fn dot(a: &[Self], b: &[T]) -> Self::Output;
    /// NaN.
    fn undefined() -> Self::Output;
}

impl Times<f64> for f64 {
    type Output = f64;
    #[inline]
    fn dot(a: &[f64], b: &[f64]) -> f64 {
        sum_of_products(a.len().min(b.len()), |i| a[i], |i| b[i])
    }
    fn undefined() -> f64 {
        f64::NAN
    }
}
impl<M: Mode> Times<f64> for Real<M> {
    type Output = Real<M>;
    #[inline]
    fn dot(a: &[Self], b: &[f64]) -> Self {
        M::weighted_sum(a, b)
    }
    fn undefined() -> Self {
        Real::constant(f64::NAN)
    }
}
impl<M: Mode> Times<Real<M>> for f64 {
    type Output = Real<M>;
    #[inline]
    fn dot(a: &[f64], b: &[Real<M>]) -> Real<M> {
        M::weighted_sum(b, a)
    }
    fn undefined() -> Real<M> {
        Real::constant(f64::NAN)
    }
}
impl<M: Mode> Times<Real<M>> for Real<M> {
    type Output = Real<M>;
    #[inline]
    fn dot(a: &[Self], b: &[Real<M>]) -> Real<M> {
        M::product(a, b)
    }
    fn undefined() -> Self {
        Real::constant(f64::NAN)
    }
}

/// The scalar product Σ a\[i\]·b\[i\], of data or latents, as one operation.
///
/// Vectors of different lengths have no product: the result is NaN and binding the model says so.
///
/// ```
/// use ppl_runtime::real::{Real, Value, dot};
/// let coefs = [Real::<Value>::from(2.0), Real::from(-1.0)];
/// assert_eq!(dot(&coefs, &[3.0, 4.0]).value(), 2.0);
/// assert_eq!(dot(&[1.0, 2.0], &[3.0, 4.0]), 11.0);
/// ```
#[inline]
pub fn dot<S: Times<T>, T>(a: &[S], b: &[T]) -> S::Output {
    if a.len() != b.len() {
        fault::set(format!("`dot` of {} and {} elements", a.len(), b.len()));
        return S::undefined();
    }
    S::dot(a, b)
}
