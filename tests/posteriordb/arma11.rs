//! ARMA(1,1) time series.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn arma11(y: &[f64]) {
    let mu = sample(Normal::new(0.0, 10.0));
    let phi = sample(Normal::new(0.0, 2.0));
    let theta = sample(Normal::new(0.0, 2.0));
    let sigma = sample(HalfCauchy::new(2.5));
    let nu = (0..y.len()).scan(Real::from(0.0), |error, t| {
        let nu = match t {
            0 => mu + phi * mu,
            _ => mu + phi * y[t - 1] + theta * *error,
        };
        *error = y[t] - nu;
        Some(nu)
    });
    observe(y, each(nu, |nu| Normal::new(nu, sigma)));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("arma11");
    task.model(&r, &arma11(&r.reals("y")), |p| {
        p.numbers(&["mu", "phi", "theta", "sigma"]).into()
    })
}
