//! The parts of the sampler against what they are in mathematics.

mod approximation;
mod climb;
mod fisher;
mod leapfrog;
mod metric;
mod trajectory;

use super::LogDensity;
use super::inverse_metric::InverseMetric;
use super::leapfrog::State;
use crate::random::{Purpose, Rng, keyed};
use nalgebra::DMatrix;
use rand_distr::{Distribution, StandardNormal};

/// −Σ (q⁴/4 + q²/2): not normal, so that nothing is exact by accident.
struct Quartic(usize);

impl LogDensity for Quartic {
    type Worker = ();
    fn dim(&self) -> usize {
        self.0
    }
    fn worker(&self) {}
    fn value_and_gradient(&self, _: &mut (), u: &[f64], gradient: &mut [f64]) -> f64 {
        let mut sum = 0.0;
        for (g, q) in gradient.iter_mut().zip(u) {
            *g = -q * q * q - q;
            sum -= 0.25 * q.powi(4) + 0.5 * q * q;
        }
        sum
    }
}

fn normal(rng: &mut Rng) -> f64 {
    StandardNormal.sample(rng)
}

fn covariance(dim: usize) -> DMatrix<f64> {
    let rng = &mut keyed(1, Purpose::User, 0, 0);
    let a = DMatrix::from_fn(dim, dim, |_, _| normal(rng));
    &a * a.transpose() + DMatrix::identity(dim, dim)
}

/// One metric of each kind.
fn metrics(dim: usize) -> Vec<InverseMetric> {
    let basis = covariance(dim).qr().q();
    let column = |j: usize| basis.column(j).as_slice().to_vec();
    vec![
        InverseMetric::Diagonal((1..=dim).map(|i| 0.2 * i as f64).collect()),
        InverseMetric::dense(covariance(dim)).unwrap(),
        InverseMetric::low_rank(
            (1..=dim).map(|i| 0.5 + 0.1 * i as f64).collect(),
            vec![(5.0, column(0)), (0.2, column(1))],
        ),
    ]
}

fn start(density: &impl LogDensity<Worker = ()>, metric: &InverseMetric, seed: u64) -> State {
    let rng = &mut keyed(seed, Purpose::User, 1, 0);
    let mut state = State::new(density.dim());
    state.q.iter_mut().for_each(|q| *q = normal(rng));
    state.log_density = density.value_and_gradient(&mut (), &state.q, &mut state.g);
    state.refresh(metric, rng);
    state
}
