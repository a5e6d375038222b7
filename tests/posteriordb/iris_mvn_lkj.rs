//! Multivariate normal with an LKJ(2) correlation, iris setosa.

use super::{Reference, Task};
use ppl::dist::LkjCholesky;
use ppl::prelude::*;
use ppl::support::CorrelationCholesky;

#[model]
fn iris(x: &[[f64; 4]]) {
    let mu: [f64; 4] = sample(Normal::new(0.0, 10.0).iid());
    let s: [f64; 4] = sample(HalfNormal::new(1.0).iid());
    let l: CorrelationCholesky<4> = sample(LkjCholesky::new(2.0));
    let omega: [[f64; 4]; 4] = deterministic(l.map(|row| l.map(|other| dot(&row, &other))));
    observe(x, MvNormal::cholesky(&mu, l.scaled(s)).iid());
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("iris_mvn_lkj");
    task.model(&r, &iris(&r.rows("x")), |p| {
        p.numbers(&["mu", "s", "L"]).into()
    })
}
