//! Bounds and their gradients against closed forms and differences.

use super::elbo::{Kept, estimate};
use super::guide::{Guide, Init, NormalGuide};
use super::mixture::{Seat, component_gradient};
use super::target::LogDensity;
use super::*;
use crate::random::{Purpose, keyed};

/// ln of exp(−¼u⁴ + ½u₀) in each coordinate, and u₀·u₁: not normal, correlated.
pub(in crate::infer) struct Quartic;

impl LogDensity for Quartic {
    type Worker = ();
    fn dim(&self) -> usize {
        2
    }
    fn worker(&self) {}
    fn log_density_and_gradient(&self, (): &mut (), u: &[f64], g: &mut [f64]) -> f64 {
        g[0] = -u[0].powi(3) + 0.5 + 0.4 * u[1];
        g[1] = -u[1].powi(3) + 0.4 * u[0];
        -0.25 * (u[0].powi(4) + u[1].powi(4)) + 0.5 * u[0] + 0.4 * u[0] * u[1]
    }
}

/// N(0, 1), normalised.
struct Standard;

impl LogDensity for Standard {
    type Worker = ();
    fn dim(&self) -> usize {
        1
    }
    fn worker(&self) {}
    fn log_density_and_gradient(&self, (): &mut (), u: &[f64], g: &mut [f64]) -> f64 {
        g[0] = -u[0];
        -0.5 * (u[0] * u[0] + std::f64::consts::TAU.ln())
    }
}

pub(in crate::infer) fn normal_guide(dim: usize) -> NormalGuide {
    NormalGuide::over(dim, Init::default(), 0.1)
}

/// The bound and its gradient, from a generator of its own.
fn bound<T: LogDensity>(target: &T, elbo: Elbo, draws: usize, theta: &[f64]) -> (f64, Vec<f64>) {
    let guide = normal_guide(target.dim());
    let (mut q, mut seat) = (guide.prepared(), Seat::new(target, &guide, 1));
    let mut kept = Kept::new(elbo.kept(draws), theta.len());
    guide.prepare(theta, &mut q);
    let rng = &mut keyed(4, Purpose::User, 0, 0);
    estimate((target, &guide), &q, elbo, draws, rng, &mut seat, &mut kept);
    (seat.value, seat.gradient)
}

const THETA: [f64; 4] = [0.4, -0.2, -0.5, -0.9];

/// With the same noise an estimate is a function of θ, whose gradient differences give.
#[test]
fn gradients_by_differences() {
    let bounds = [
        Elbo::Trace,
        Elbo::MeanField,
        Elbo::Renyi { alpha: 0.5 },
        Elbo::Renyi { alpha: 0.0 },
        Elbo::Renyi { alpha: -1.5 },
        Elbo::Renyi { alpha: 2.0 },
        Elbo::Renyi { alpha: 1.0 },
    ];
    for elbo in bounds {
        let gradient = bound(&Quartic, elbo, 7, &THETA).1;
        for (i, g) in gradient.iter().enumerate() {
            let step = 1e-5;
            let at = |d: f64| {
                let mut theta = THETA;
                theta[i] += d;
                bound(&Quartic, elbo, 7, &theta).0
            };
            let expected = (at(step) - at(-step)) / (2.0 * step);
            assert!((g - expected).abs() < 1e-7, "{elbo:?} {i}: {g} {expected}");
        }
    }
}

/// All forms of the evidence lower bound estimate the same value and gradient. For N(0, 1) and N(μ, σ²) the bound is
/// ½(1 − μ² − σ²) + ln σ.
#[test]
fn forms_of_one_bound_agree() {
    let (mu, log_scale) = (0.7, -0.4f64);
    let scale = log_scale.exp();
    let exact = 0.5 * (1.0 - mu * mu - scale * scale) + log_scale;
    let n = 200_000;
    for elbo in [Elbo::Trace, Elbo::Path, Elbo::MeanField] {
        let (value, gradient) = bound(&Standard, elbo, n, &[mu, log_scale]);
        // Five standard errors of terms whose spread is below 1.5.
        let error = 5.0 * 1.5 / (n as f64).sqrt();
        assert!((value - exact).abs() < error, "{elbo:?} {value} {exact}");
        assert!((gradient[0] + mu).abs() < error, "{elbo:?} {gradient:?}");
        assert!(
            (gradient[1] - (1.0 - scale * scale)).abs() < error,
            "{elbo:?} {gradient:?}"
        );
    }
}

/// ln p − D_α(q‖p) in closed form (Gil, Alajaji & Linder 2013, table 2).
#[test]
fn renyi_by_closed_form() {
    let (mu, log_scale) = (0.3, -0.2f64);
    let scale = log_scale.exp();
    for alpha in [0.0, 0.5, 0.9, 1.5] {
        let between = alpha + (1.0 - alpha) * scale * scale;
        let divergence = if alpha == 0.0 {
            0.0
        } else {
            -log_scale - between.ln() / (2.0 * (alpha - 1.0)) + 0.5 * alpha * mu * mu / between
        };
        let found = bound(&Standard, Elbo::Renyi { alpha }, 400_000, &[mu, log_scale]).0;
        assert!(
            (found + divergence).abs() < 0.01,
            "{alpha}: {found} {divergence}"
        );
    }
}

#[test]
fn renyi_tends_to_the_evidence_lower_bound() {
    let elbo = bound(&Quartic, Elbo::Trace, 20, &THETA);
    for alpha in [1.0, 1.0 - 1e-9, 1.0 + 1e-12] {
        assert_eq!(bound(&Quartic, Elbo::Renyi { alpha }, 20, &THETA), elbo);
    }
    let near = bound(&Quartic, Elbo::Renyi { alpha: 0.9999 }, 20, &THETA);
    assert!((near.0 - elbo.0).abs() < 1e-3, "{near:?} {elbo:?}");
    let of_one_draw = bound(&Quartic, Elbo::Renyi { alpha: 0.3 }, 1, &THETA);
    let trace = bound(&Quartic, Elbo::Trace, 1, &THETA);
    assert!((of_one_draw.0 - trace.0).abs() < 1e-12);
}

#[test]
fn the_path_gradient_has_no_noise_at_an_exact_guide() {
    let gradient = bound(&Standard, Elbo::Path, 3, &[0.0, 0.0]).1;
    assert!(gradient.iter().all(|g| g.abs() < 1e-14), "{gradient:?}");
    let gradient = bound(&Standard, Elbo::Trace, 3, &[0.0, 0.0]).1;
    assert!(gradient.iter().any(|g| g.abs() > 1e-3), "{gradient:?}");
}

/// The gradient of one component against differences of the objective with the mixture held fixed.
#[test]
fn components_see_a_constant_mixture() {
    let guide = normal_guide(2);
    let thetas = [THETA, [-0.6, 0.3, -0.1, -0.4], [1.0, 1.0, -0.7, 0.2]];
    let prepared = |theta: &[f64]| {
        let mut q = guide.prepared();
        guide.prepare(theta, &mut q);
        q
    };
    let mixture: Vec<_> = thetas.iter().map(|t| prepared(t)).collect();
    let (draws, temperature) = (5, 0.6);
    for (component, theta) in thetas.iter().enumerate() {
        let mut seat = Seat::new(&Quartic, &guide, 3);
        let rng = &mut keyed(2, Purpose::User, 0, 0);
        let how = (draws, temperature);
        component_gradient(&Quartic, &guide, &mixture, component, how, rng, &mut seat);
        let objective = |theta: &[f64]| {
            let (q, mut noise, mut u) = (prepared(theta), guide.scratch(), [0.0; 2]);
            let rng = &mut keyed(2, Purpose::User, 0, 0);
            let mut sum = 0.0;
            for _ in 0..draws {
                guide.sample(&q, &mut noise, rng, &mut u);
                let log_p = Quartic.log_density_and_gradient(&mut (), &u, &mut [0.0; 2]);
                let q: f64 = mixture
                    .iter()
                    .map(|q| guide.log_density(q, &mut noise, &u).exp() / 3.0)
                    .sum();
                sum += temperature * log_p - q.ln();
            }
            sum / draws as f64
        };
        assert!((seat.value - objective(theta)).abs() < 1e-12);
        for i in 0..4 {
            let at = |d: f64| {
                let mut theta = *theta;
                theta[i] += d;
                objective(&theta)
            };
            let expected = (at(1e-5) - at(-1e-5)) / 2e-5;
            assert!(
                (seat.gradient[i] - expected).abs() < 1e-8,
                "{component} {i}: {} {expected}",
                seat.gradient[i]
            );
        }
    }
}
