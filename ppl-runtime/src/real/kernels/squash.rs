//! The units of networks: tanh and the logistic function with their slopes.

use super::elementary::{exp_lane, fma};
use std::hint::select_unpredictable;

/// tanh x and its slope, to about 4·10⁻¹⁶.
#[inline(always)]
fn tanh_lane<const FUSED: bool>(x: f64) -> (f64, f64) {
    let size = x.abs();
    let e = exp_lane::<FUSED>((-2.0 * size).max(-708.0));
    // Below a half 1 − e loses digits: there Lambert's continued fraction x/(1 + x²/(3 + x²/(5 + …))) to 13, written
    // as a quotient of polynomials, is off by less than 3·10⁻¹⁶.
    let near = size < 0.5;
    let s = (x * x).min(0.25);
    let over = fma::<FUSED>(fma::<FUSED>(s + 378.0, s, 17325.0), s, 135_135.0);
    let under = fma::<FUSED>(28.0, s, 3150.0);
    let under = fma::<FUSED>(fma::<FUSED>(under, s, 62370.0), s, 135_135.0);
    // One division for both. By branches the compiler would make two.
    let over = select_unpredictable(near, size * over, 1.0 - e);
    let under = select_unpredictable(near, under, 1.0 + e);
    let t = over / under;
    // 1 − t loses digits where t is near one; there it is e (1 + t).
    let up = 1.0 + t;
    let slope = up * select_unpredictable(near, 1.0 - t, e * up);
    (if x.is_nan() { x } else { t.copysign(x) }, slope)
}

#[inline(always)]
fn tanh_body<const FUSED: bool>(x: &mut [f64], slopes: &mut [f64]) {
    for (x, slope) in x.iter_mut().zip(slopes) {
        (*x, *slope) = tanh_lane::<FUSED>(*x);
    }
}

#[inline(always)]
fn sigmoid_body<const FUSED: bool>(x: &mut [f64], slopes: &mut [f64]) {
    for (x, slope) in x.iter_mut().zip(slopes) {
        let e = exp_lane::<FUSED>((-x.abs()).max(-708.0));
        let r = 1.0 / (1.0 + e);
        let value = if *x >= 0.0 { r } else { e * r };
        *x = if x.is_nan() { *x } else { value };
        *slope = e * r * r;
    }
}

dispatch! {
    /// tanh of each, in place, with its derivative, to about 4·10⁻¹⁶. NaN stays NaN.
    pub fn tanh = tanh_body(x: &mut [f64], slopes: &mut [f64]);
}
dispatch! {
    /// 1/(1 + e^−x) of each, in place, with its derivative.
    pub fn sigmoid = sigmoid_body(x: &mut [f64], slopes: &mut [f64]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squashed_numbers_and_slopes() {
        let points = [
            0.0, 1e-9, -1e-3, 0.019, 0.021, -0.7, 3.0, -25.0, 400.0, -1e300,
        ];
        let (mut t, mut s, mut by_t, mut by_s) = (points, points, [0.0; 10], [0.0; 10]);
        tanh(&mut t, &mut by_t);
        sigmoid(&mut s, &mut by_s);
        for (i, x) in points.into_iter().enumerate() {
            let want = x.tanh();
            assert!((t[i] - want).abs() <= 4e-16 * want.abs(), "{x}: {}", t[i]);
            let slope = 1.0 / x.cosh() / x.cosh();
            assert!((by_t[i] - slope).abs() <= 4e-15 * slope + 1e-300, "{x}");
            let want = if x >= 0.0 {
                1.0 / (1.0 + (-x).exp())
            } else {
                x.exp() / (1.0 + x.exp())
            };
            assert!((s[i] - want).abs() <= 4e-16 * want + 1e-300, "{x}");
            assert!((by_s[i] - want / (1.0 + x.exp())).abs() <= 4e-16, "{x}");
        }
        let (mut x, mut slope) = ([f64::NAN], [0.0]);
        tanh(&mut x, &mut slope);
        assert!(x[0].is_nan());
        sigmoid(&mut x, &mut slope);
        assert!(x[0].is_nan());
    }
}
