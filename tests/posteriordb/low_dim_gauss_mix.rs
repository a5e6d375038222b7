//! Two-component Gaussian mixture, the labels summed out.

use super::{Given, Reference, Task};
use ppl::prelude::*;

#[model]
fn low_dim_gauss_mix(y: &[f64]) {
    let mu: Ordered<2> = sample(Normal::new(0.0, 2.0).iid().ordered());
    let sigma: [f64; 2] = sample(HalfNormal::new(2.0).iid());
    let theta = sample(Beta::new(5.0, 5.0));
    plate(y.len(), |i| {
        #[enumerate]
        let first: bool = sample(Bernoulli::new(theta));
        let k = usize::from(!first);
        observe(y[i], Normal::new(mu[k], sigma[k]));
    });
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("low_dim_gauss_mix");
    task.model(&r, &low_dim_gauss_mix(&r.reals("y")), |p| Given {
        latents: p.numbers(&["mu", "sigma", "theta"]),
        // Our density of order statistics is normalised.
        offset: -std::f64::consts::LN_2,
    })
}
