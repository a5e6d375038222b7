use ppl::prelude::*;

#[model]
fn options(y: &[f64], a: &[f64], b: &[f64], c: &[f64], weights: &[f64]) {
    let mu = sample(Normal::new(0.0, 1.0));
    plate(y.len(), |i| observe(y[i], Normal::new(mu, 1.0))).batch(3);
    plate(a.len(), |i| observe(a[i], Normal::new(mu, 1.0))).minibatch();
    plate(b.len(), |i| observe(b[i], Normal::new(mu, 1.0))).scale(weights).scale(2.0);
    let kept = plate(y.len(), |i| {
        let x = sample(Normal::new(mu, 1.0));
        x
    })
    .minibatch(3);
    let total = plate(c.len(), |i| observe(c[i], Normal::new(mu, 1.0))).mask(true).len();
}

#[guide(options)]
fn options_guide(n: usize) {
    let at = param(0.0);
    let mu = sample(Normal::new(at, 1.0));
    plate(n, |i| {
        let x = sample(Normal::new(mu, 1.0));
    })
    .minibatch(3);
}

fn main() {}
