//! Kernels of continuous families: exponential, Laplace, gamma and Student's t.

use super::LANES;
use super::elementary::{bd0_lane, fma, ln_1p_positive_lane, ln_lane, sum};

#[inline(always)]
fn exponential_body<const FUSED: bool>(x: &[f64], rate: &[f64]) -> f64 {
    let mut terms = [0.0; LANES];
    for ((term, x), rate) in terms.iter_mut().zip(x).zip(rate) {
        *term = fma::<FUSED>(-rate, *x, ln_lane::<FUSED>(*rate));
    }
    sum(&terms)
}

#[inline(always)]
fn exponential_partials_body<const FUSED: bool>(
    x: &[f64],
    rate: &[f64],
    by_rate: &mut [f64],
) -> f64 {
    let mut terms = [0.0; LANES];
    for (((term, x), rate), by) in terms.iter_mut().zip(x).zip(rate).zip(by_rate) {
        *by = fma::<FUSED>(-rate, *x, 1.0) / rate;
        *term = fma::<FUSED>(-rate, *x, ln_lane::<FUSED>(*rate));
    }
    sum(&terms)
}

#[inline(always)]
fn laplace_body<const FUSED: bool>(x: &[f64], location: &[f64], scale: &[f64]) -> f64 {
    let mut terms = [0.0; LANES];
    for (((term, x), location), scale) in terms.iter_mut().zip(x).zip(location).zip(scale) {
        *term = -(x - location).abs() / scale - ln_lane::<FUSED>(2.0 * scale);
    }
    sum(&terms)
}

#[inline(always)]
fn laplace_partials_body<const FUSED: bool>(
    x: &[f64],
    location: &[f64],
    scale: &[f64],
    by_location: &mut [f64],
    by_scale: &mut [f64],
) -> f64 {
    let mut terms = [0.0; LANES];
    let n = x.len().min(LANES);
    let (x, location, scale) = (&x[..n], &location[..n], &scale[..n]);
    let (by_location, by_scale) = (&mut by_location[..n], &mut by_scale[..n]);
    for i in 0..n {
        let r = 1.0 / scale[i];
        let d = x[i] - location[i];
        let z = d.abs() * r;
        let side = if d > 0.0 { r } else { -r };
        by_location[i] = if d == 0.0 { 0.0 } else { side };
        by_scale[i] = (z - 1.0) * r;
        terms[i] = -z - ln_lane::<FUSED>(2.0 * scale[i]);
    }
    sum(&terms)
}

#[inline(always)]
fn gamma_body<const FUSED: bool>(x: &[f64], shape: f64, rate: &[f64]) -> f64 {
    let mut terms = [0.0; LANES];
    for ((term, x), rate) in terms.iter_mut().zip(x).zip(rate) {
        *term = -bd0_lane::<FUSED>(shape, rate * x) - ln_lane::<FUSED>(*x);
    }
    sum(&terms)
}

#[inline(always)]
fn gamma_partials_body<const FUSED: bool>(
    x: &[f64],
    shape: f64,
    rate: &[f64],
    by_shape: &mut [f64],
    by_rate: &mut [f64],
) -> f64 {
    let mut terms = [0.0; LANES];
    let n = x.len().min(LANES);
    let (x, rate) = (&x[..n], &rate[..n]);
    let (by_shape, by_rate) = (&mut by_shape[..n], &mut by_rate[..n]);
    for i in 0..n {
        let z = rate[i] * x[i];
        by_shape[i] = ln_lane::<FUSED>(z);
        by_rate[i] = fma::<FUSED>(-rate[i], x[i], shape) / rate[i];
        terms[i] = -bd0_lane::<FUSED>(shape, z) - ln_lane::<FUSED>(x[i]);
    }
    sum(&terms)
}

#[inline(always)]
fn student_t_body<const FUSED: bool>(x: &[f64], df: f64, location: &[f64], scale: &[f64]) -> f64 {
    let mut terms = [0.0; LANES];
    let half = 0.5 * (df + 1.0);
    for (((term, x), location), scale) in terms.iter_mut().zip(x).zip(location).zip(scale) {
        let z = (x - location) / scale;
        let w = z * z / df;
        *term = -half * ln_1p_positive_lane::<FUSED>(w) - ln_lane::<FUSED>(*scale);
    }
    sum(&terms)
}

#[inline(always)]
fn student_t_partials_body<const FUSED: bool>(
    x: &[f64],
    df: f64,
    location: &[f64],
    scale: &[f64],
    by_df: &mut [f64],
    by_location: &mut [f64],
    by_scale: &mut [f64],
) -> f64 {
    let mut terms = [0.0; LANES];
    let n = x.len().min(LANES);
    let (x, location, scale) = (&x[..n], &location[..n], &scale[..n]);
    let (by_df, by_location, by_scale) =
        (&mut by_df[..n], &mut by_location[..n], &mut by_scale[..n]);
    let half = 0.5 * (df + 1.0);
    for i in 0..n {
        let r = 1.0 / scale[i];
        let z = (x[i] - location[i]) * r;
        let w = z * z / df;
        let ln = ln_1p_positive_lane::<FUSED>(w);
        let inverse = 1.0 / (1.0 + w);
        let balance = fma::<FUSED>(df + 1.0, w * inverse, -1.0);
        by_df[i] = 0.5 * (balance / df - ln);
        by_location[i] = (df + 1.0) / df * z * inverse * r;
        by_scale[i] = balance * r;
        terms[i] = -half * ln - ln_lane::<FUSED>(scale[i]);
    }
    sum(&terms)
}

dispatch! {
    /// Σ ln rate − rate·x\[i\].
    pub fn exponential = exponential_body(x: &[f64], rate: &[f64]) -> f64;
}
dispatch! {
    /// As [`exponential`], with the partial derivative by each rate.
    pub fn exponential_partials =
        exponential_partials_body(x: &[f64], rate: &[f64], by_rate: &mut [f64]) -> f64;
}
dispatch! {
    /// Σ −|x − location|/scale − ln 2 scale.
    pub fn laplace = laplace_body(x: &[f64], location: &[f64], scale: &[f64]) -> f64;
}
dispatch! {
    /// As [`laplace`], with the partial derivatives by each location and scale.
    pub fn laplace_partials = laplace_partials_body(
        x: &[f64], location: &[f64], scale: &[f64], by_location: &mut [f64], by_scale: &mut [f64]
    ) -> f64;
}
dispatch! {
    /// Σ −bd0(shape, rate·x\[i\]) − ln x\[i\]: the gamma density less what its shape alone decides.
    pub fn gamma = gamma_body(x: &[f64], shape: f64, rate: &[f64]) -> f64;
}
dispatch! {
    /// As [`gamma`], with ln(rate·x) in place of the partial by the shape, and the partial by each rate.
    pub fn gamma_partials = gamma_partials_body(
        x: &[f64], shape: f64, rate: &[f64], by_shape: &mut [f64], by_rate: &mut [f64]
    ) -> f64;
}
dispatch! {
    /// Σ −½(df + 1) ln(1 + z²/df) − ln scale with z = (x − location)/scale: Student's t less what df alone decides.
    pub fn student_t = student_t_body(x: &[f64], df: f64, location: &[f64], scale: &[f64]) -> f64;
}
dispatch! {
    /// As [`student_t`], with its partial derivatives by df, location and scale.
    pub fn student_t_partials = student_t_partials_body(
        x: &[f64], df: f64, location: &[f64], scale: &[f64],
        by_df: &mut [f64], by_location: &mut [f64], by_scale: &mut [f64]
    ) -> f64;
}
