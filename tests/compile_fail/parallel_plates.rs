use ppl::prelude::*;

#[model]
fn divided(y: &[f64], z: &[f64]) {
    let mu = sample(Normal::new(0.0, 1.0));
    let effects = plate(y.len(), |i| {
        let effect = sample(Normal::new(mu, 1.0));
        observe(y[i], Normal::new(effect, 1.0));
        effect
    })
    .parallel();
    plate(z.len(), |i| observe(z[i], Normal::new(mu, 1.0))).parallel(4);
    let w = y;
    plate(w.len(), |i| observe(w[i], Normal::new(mu, 1.0))).parallel().scale(2.0).parallel();
}

#[guide(divided)]
fn divided_guide(n: usize) {
    let at = param(0.0);
    let mu = sample(Normal::new(at, 1.0));
    plate(n, |i| {
        let effect = sample(Normal::new(mu, 1.0));
    })
    .parallel();
}

fn main() {}
