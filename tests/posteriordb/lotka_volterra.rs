//! Lotka–Volterra predators and prey: an ODE by Runge–Kutta in the model, 40 steps a year.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn lotka_volterra(y_init: &[f64; 2], y: &[[f64; 2]]) {
    let rates = [(1.0, 0.5), (0.05, 0.05), (1.0, 0.5), (0.05, 0.05)];
    let theta: [f64; 4] = sample(each(rates, |(mean, sd)| {
        Truncated::new(Normal::new(mean, sd), 0.0, f64::INFINITY)
    }));
    let z_init: [f64; 2] = sample(LogNormal::new(10f64.ln(), 1.0).iid());
    let sigma: [f64; 2] = sample(LogNormal::new(-1.0, 1.0).iid());
    for k in 0..2 {
        observe(y_init[k], LogNormal::new(z_init[k].ln(), sigma[k]));
    }
    let mut z = z_init;
    for year in y {
        z = a_year_later(&theta, z);
        for k in 0..2 {
            observe(year[k], LogNormal::new(z[k].ln(), sigma[k]));
        }
    }
}

fn a_year_later<M: Mode>(theta: &[Real<M>; 4], mut z: [Real<M>; 2]) -> [Real<M>; 2] {
    const STEPS: usize = 40;
    let h = 1.0 / STEPS as f64;
    let slope =
        |[u, v]: [Real<M>; 2]| [(theta[0] - theta[1] * v) * u, (theta[3] * u - theta[2]) * v];
    for _ in 0..STEPS {
        let ahead = |by: f64, k: [Real<M>; 2]| [z[0] + by * k[0], z[1] + by * k[1]];
        let k1 = slope(z);
        let k2 = slope(ahead(0.5 * h, k1));
        let k3 = slope(ahead(0.5 * h, k2));
        let k4 = slope(ahead(h, k3));
        z = std::array::from_fn(|i| z[i] + h / 6.0 * (k1[i] + 2.0 * (k2[i] + k3[i]) + k4[i]));
    }
    z
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("lotka_volterra");
    let (y_init, y) = (r.array("y_init"), r.rows("y"));
    task.model(&r, &lotka_volterra(&y_init, &y), |p| {
        p.numbers(&["theta", "z_init", "sigma"]).into()
    })
}
