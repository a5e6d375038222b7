//! What data and latents stand for: latents that are given, data that are missing, parts that stand for the whole.

mod given;
mod imputation;
mod minibatch;

/// ln of the density of a normal distribution.
fn normal(x: f64, mean: f64, sd: f64) -> f64 {
    let z = (x - mean) / sd;
    -0.5 * z * z - sd.ln() - 0.5 * (2.0 * std::f64::consts::PI).ln()
}

#[track_caller]
fn close(a: f64, b: f64) {
    assert!(
        (a - b).abs() < 1e-12 * b.abs().max(1.0),
        "{a}, expected {b}"
    );
}
