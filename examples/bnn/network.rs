//! A network of one hidden layer, as a model; the benchmark of Stein variational inference uses it too.

use ppl::prelude::*;

/// Hidden units.
pub const HIDDEN: usize = 50;

/// A network of one hidden layer of rectified units: NumPyro's example of SteinVI. `weight` is how many data each
/// datum stands for.
#[model]
pub fn network<const F: usize>(x: &[[f64; F]], y: &[f64], weight: f64) {
    let prec_nn: f64 = sample(Gamma::new(1.0, 0.1));
    let sd = 1.0 / prec_nn.sqrt();
    let nn_b1: [f64; HIDDEN] = sample(Normal::new(0.0, sd).iid());
    let nn_w1: [[f64; F]; HIDDEN] = sample(Normal::new(0.0, sd).iid().iid());
    let nn_w2: [f64; HIDDEN] = sample(Normal::new(0.0, sd).iid());
    let nn_b2: f64 = sample(Normal::new(0.0, sd));
    let prec_obs: f64 = sample(Gamma::new(1.0, 0.1));
    let noise = 1.0 / prec_obs.sqrt();
    let units = relu_all(&layer(&nn_w1, x, &nn_b1));
    let mean = matvec(units, &nn_w2) + nn_b2;
    observe(y, Normal::new(mean, noise).scaled(weight));
}
