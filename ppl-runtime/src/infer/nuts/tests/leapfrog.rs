//! The integrator.

use super::super::LogDensity;
use super::super::inverse_metric::InverseMetric;
use super::super::leapfrog::{State, arrive, depart};
use super::{Quartic, metrics, start};
use nalgebra::{DMatrix, DVector};

fn integrate(
    density: &impl LogDensity<Worker = ()>,
    metric: &InverseMetric,
    from: &State,
    step: f64,
    n: usize,
) -> State {
    let mut at = from.clone();
    for _ in 0..n {
        let mut to = State::new(density.dim());
        depart(&at, &mut to, metric, step);
        let log_density = density.value_and_gradient(&mut (), &to.q, &mut to.g);
        arrive(&mut to, metric, step, log_density);
        at = to;
    }
    at
}

#[test]
fn leapfrog_keeps_the_energy_to_second_order() {
    for metric in metrics(5) {
        let from = start(&Quartic(5), &metric, 3);
        let error = |step: f64| {
            let n = (0.5 / step).round() as usize;
            (integrate(&Quartic(5), &metric, &from, step, n).energy - from.energy).abs()
        };
        let (coarse, fine) = (error(1.0 / 256.0), error(1.0 / 512.0));
        assert!(
            (coarse / fine - 4.0).abs() < 0.05,
            "{} at {coarse:e}",
            coarse / fine
        );
    }
}

#[test]
fn leapfrog_is_reversible() {
    for metric in metrics(5) {
        let from = start(&Quartic(5), &metric, 4);
        let to = integrate(&Quartic(5), &metric, &from, 0.05, 40);
        let back = integrate(&Quartic(5), &metric, &to, -0.05, 40);
        for (a, b) in from.q.iter().zip(&back.q).chain(from.p.iter().zip(&back.p)) {
            assert!((a - b).abs() < 1e-11, "{a} {b}");
        }
    }
}

#[test]
fn leapfrog_keeps_volume() {
    // The Jacobian of (q, p) by differences has determinant 1.
    let h = 1e-5;
    for metric in metrics(3) {
        let from = start(&Quartic(3), &metric, 5);
        let mut jacobian = DMatrix::zeros(6, 6);
        for j in 0..6 {
            let moved = |by: f64| {
                let mut state = from.clone();
                if j < 3 {
                    state.q[j] += by
                } else {
                    state.p[j - 3] += by
                }
                Quartic(3).value_and_gradient(&mut (), &state.q.clone(), &mut state.g);
                let end = integrate(&Quartic(3), &metric, &state, 0.1, 7);
                DVector::from_iterator(6, end.q.iter().chain(&end.p).copied())
            };
            jacobian.set_column(j, &((moved(h) - moved(-h)) / (2.0 * h)));
        }
        assert!(
            (jacobian.determinant() - 1.0).abs() < 1e-7,
            "{}",
            jacobian.determinant()
        );
    }
}
