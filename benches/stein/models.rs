//! The workloads, with the data of `benches/peers/stein.py`.

use ppl::prelude::*;

/// The coin of NumPyro's documentation of SteinVI.
#[model]
pub fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(10.0, 10.0));
    observe(flips, Bernoulli::new(fairness).iid());
}

/// Its guide: particles start apart by `beta_q` alone.
#[guide(coin)]
pub fn coin_guide() {
    let alpha_q: f64 = param(15.0, Positive);
    let beta_q: f64 = param(init(Exponential::new(1.0)), Positive);
    let fairness: f64 = sample(Beta::new(alpha_q, beta_q));
}

/// Six heads, four tails.
pub const FLIPS: [bool; 10] = [
    true, true, true, true, true, true, false, false, false, false,
];

/// ½·N((−2, −2), I) + ½·N((2, 2), I).
#[model]
pub fn two_hills() {
    let x: [f64; 2] = sample(Normal::new(0.0, 10.0).iid());
    let hill = |centre: f64| -0.5 * ((x[0] - centre).powi(2) + (x[1] - centre).powi(2));
    let wide = -0.005 * (x[0] * x[0] + x[1] * x[1]);
    factor(log_sum_exp(&[hill(-2.0), hill(2.0)]) - wide);
}
