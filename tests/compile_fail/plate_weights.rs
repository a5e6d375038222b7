use ppl::prelude::*;

#[model]
fn weights(y: &[f64], w: &[f64], kept: &[usize]) {
    let mu = sample(Normal::new(0.0, 1.0));
    plate(y.len(), |i| observe(y[i], Normal::new(mu, 1.0))).scale("twice");
    plate(w.len(), |i| observe(w[i], Normal::new(mu, 1.0))).mask(w);
}

fn main() {}
