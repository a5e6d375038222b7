//! Gaussian-process regression by its marginal likelihood. `sigma` is the variance of the noise.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn gp_regr(x: &[f64; 11], y: &[f64; 11]) {
    let rho = sample(Gamma::new(25.0, 4.0));
    let alpha = sample(HalfNormal::new(2.0));
    let sigma = sample(HalfNormal::new(1.0));
    let covariance: [[Real; 11]; 11] = std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let distance = (x[i] - x[j]) / rho;
            let smooth = alpha * alpha * (-0.5 * distance * distance).exp();
            if i == j { smooth + sigma } else { smooth }
        })
    });
    observe(y, MvNormal::cholesky([0.0; 11], cholesky(covariance)));
}

/// The lower Cholesky factor.
fn cholesky<M: Mode, const N: usize>(a: [[Real<M>; N]; N]) -> [[Real<M>; N]; N] {
    let mut l = a;
    for i in 0..N {
        for j in 0..=i {
            let rest = (0..j).fold(a[i][j], |sum, k| sum - l[i][k] * l[j][k]);
            l[i][j] = if i == j { rest.sqrt() } else { rest / l[j][j] };
        }
    }
    l
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("gp_regr");
    task.model(&r, &gp_regr(&r.array("x"), &r.array("y")), |p| {
        p.numbers(&["rho", "alpha", "sigma"]).into()
    })
}
