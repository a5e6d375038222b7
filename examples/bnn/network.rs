//! A network of one hidden layer, as a model; the benchmark of Stein variational inference uses it too.

use ppl::prelude::*;
use ppl::real::Lift;

/// Hidden units.
pub const HIDDEN: usize = 50;

/// A network of one hidden layer of rectified units: NumPyro's example of SteinVI. `weight` is how many data each
/// datum stands for.
#[model]
pub fn network<const F: usize>(x: &[[f64; F]], y: &[f64], weight: f64) {
    let prec_nn: f64 = sample(Gamma::new(1.0, 0.1));
    let sd = 1.0 / prec_nn.sqrt();
    let nn_b1: [f64; HIDDEN] = sample(Normal::new(0.0, sd).iid());
    let nn_w1: Vec<f64> = sample(Normal::new(0.0, sd).iid_n(F * HIDDEN));
    let nn_w2: [f64; HIDDEN] = sample(Normal::new(0.0, sd).iid());
    let nn_b2: f64 = sample(Normal::new(0.0, sd));
    let prec_obs: f64 = sample(Gamma::new(1.0, 0.1));
    let noise = 1.0 / prec_obs.sqrt();
    let layer = Layer::new(&nn_w1, &nn_b1, &nn_w2);
    observe(
        y,
        each(x, |row| Normal::new(layer.forward(row) + nn_b2, noise)).scaled(weight),
    );
}

/// A hidden layer and what reads it: Σ_h w2[h]·max(Σ_k w1[k][h]·row[k] + b1[h], 0).
pub struct Layer<'w, M: Mode, const F: usize> {
    weights: [&'w [Real<M>]; 3],
    w1: [[f64; HIDDEN]; F],
    b1: [f64; HIDDEN],
    w2: [f64; HIDDEN],
}

impl<'w, M: Mode, const F: usize> Layer<'w, M, F> {
    /// Of weights by feature, biases, and the weights of what reads it.
    pub fn new(w1: &'w [Real<M>], b1: &'w [Real<M>; HIDDEN], w2: &'w [Real<M>; HIDDEN]) -> Self {
        Layer {
            weights: [w1, b1, w2],
            w1: std::array::from_fn(|k| std::array::from_fn(|h| w1[k * HIDDEN + h].value())),
            b1: b1.map(Real::value),
            w2: w2.map(Real::value),
        }
    }

    /// The output for one row of inputs, as one operation with its partial derivatives by all weights.
    pub fn forward(&self, row: &[f64; F]) -> Real<M> {
        let mut hidden = self.b1;
        for (weights, x) in self.w1.iter().zip(row) {
            for (z, w) in hidden.iter_mut().zip(weights) {
                *z += w * x;
            }
        }
        let mut open = [0.0; HIDDEN];
        for ((z, w), open) in hidden.iter_mut().zip(&self.w2).zip(&mut open) {
            *open = if *z > 0.0 { *w } else { 0.0 };
            *z = z.max(0.0);
        }
        let output = dot(&hidden, &self.w2);
        if !M::GRADIENT {
            return Real::constant(output);
        }
        let by_w1: [[f64; HIDDEN]; F] = row.map(|x| open.map(|w| w * x));
        let mut lift = M::Lift::begin();
        lift.push_all(self.weights[0], by_w1.as_flattened());
        lift.push_all(self.weights[1], &open);
        lift.push_all(self.weights[2], &hidden);
        lift.finish(output)
    }
}
