//! Densities and gradients of the guides against closed forms and finite differences.

use super::*;
use crate::random::{Purpose, keyed};
use nalgebra::{DMatrix, DVector};

/// A normal target with correlated coordinates.
pub(in crate::infer) struct Normal {
    pub mean: Vec<f64>,
    pub precision: DMatrix<f64>,
}

impl LogDensity for Normal {
    type Worker = ();
    fn dim(&self) -> usize {
        self.mean.len()
    }
    fn worker(&self) {}
    fn log_density_and_gradient(&self, (): &mut (), u: &[f64], gradient: &mut [f64]) -> f64 {
        let d = DVector::from_fn(u.len(), |i, _| u[i] - self.mean[i]);
        let g = &self.precision * &d;
        gradient.iter_mut().zip(g.iter()).for_each(|(a, b)| *a = -b);
        -0.5 * d.dot(&g)
    }
}

fn normal(dim: usize) -> NormalGuide {
    NormalGuide {
        dim,
        blocks: vec![],
        init: Init::default(),
        scale: 0.1,
    }
}
fn full(dim: usize) -> FullRankGuide {
    FullRankGuide {
        dim,
        blocks: vec![],
        init: Init::default(),
        scale: 0.1,
    }
}
fn low(dim: usize, rank: usize) -> LowRankGuide {
    LowRankGuide {
        dim,
        rank,
        blocks: vec![],
        init: Init::default(),
        scale: 0.1,
    }
}

/// ln N(u; μ, Σ) by another route.
fn log_normal(u: &[f64], mean: &[f64], covariance: &DMatrix<f64>) -> f64 {
    let d = DVector::from_fn(u.len(), |i, _| u[i] - mean[i]);
    let solved = covariance.clone().lu().solve(&d).unwrap();
    -0.5 * (d.dot(&solved)
        + covariance.determinant().ln()
        + u.len() as f64 * std::f64::consts::TAU.ln())
}

const THETA: [f64; 12] = [
    0.3, -0.7, 1.1, -0.4, 0.2, 0.5, 0.8, -0.6, 0.9, 0.1, -0.3, 0.7,
];
const POINT: [f64; 3] = [0.9, -0.2, 0.4];

fn density<G: Guide>(guide: &G, theta: &[f64], u: &[f64]) -> f64 {
    let mut q = guide.prepared();
    guide.prepare(theta, &mut q);
    guide.log_density(&q, &mut guide.scratch(), u)
}

fn drawn<G: Guide>(guide: &G, theta: &[f64]) -> Vec<f64> {
    let (mut q, mut u) = (guide.prepared(), vec![0.0; guide.latents()]);
    guide.prepare(theta, &mut q);
    let rng = &mut keyed(3, Purpose::User, 0, 0);
    guide.sample(&q, &mut guide.scratch(), rng, &mut u);
    u
}

fn difference(f: impl Fn(&[f64]) -> f64, at: &[f64], i: usize) -> f64 {
    let step = 1e-5;
    let mut x = at.to_vec();
    x[i] += step;
    let above = f(&x);
    x[i] -= 2.0 * step;
    (above - f(&x)) / (2.0 * step)
}

/// Every derivative of a guide against finite differences.
fn derivatives<G: Guide>(guide: &G, p: usize) {
    let (theta, weight) = (&THETA[..p], 1.7);
    let (mut q, mut s) = (guide.prepared(), guide.scratch());
    guide.prepare(theta, &mut q);
    assert_eq!(guide.parameters(), p);

    let mut by_u = vec![0.5; 3];
    guide.add_latent_score(&q, &mut s, &POINT, weight, &mut by_u);
    for (i, d) in by_u.iter().enumerate() {
        let expected = 0.5 + weight * difference(|u| density(guide, theta, u), &POINT, i);
        assert!((d - expected).abs() < 1e-8, "∂u[{i}]: {d} {expected}");
    }

    let mut by_theta = vec![0.5; p];
    guide.add_parameter_score(&q, &mut s, &POINT, weight, &mut by_theta);
    for (i, d) in by_theta.iter().enumerate() {
        let expected = 0.5 + weight * difference(|t| density(guide, t, &POINT), theta, i);
        assert!((d - expected).abs() < 1e-8, "∂θ[{i}]: {d} {expected}");
    }

    let cotangent = [0.3, -1.2, 0.8];
    let along = |t: &[f64]| {
        drawn(guide, t)
            .iter()
            .zip(cotangent)
            .map(|(u, c)| u * c)
            .sum()
    };
    let (mut pulled, mut u) = (vec![0.5; p], vec![0.0; 3]);
    guide.sample(&q, &mut s, &mut keyed(3, Purpose::User, 0, 0), &mut u);
    // Scoring in between must not disturb what the draw left behind.
    guide.log_density(&q, &mut s, &POINT);
    guide.add_latent_score(&q, &mut s, &POINT, 1.0, &mut [0.0; 3]);
    guide.pullback(&q, &mut s, weight, &cotangent, &mut pulled);
    for (i, d) in pulled.iter().enumerate() {
        let expected = 0.5 + weight * difference(along, theta, i);
        assert!((d - expected).abs() < 1e-8, "pullback[{i}]: {d} {expected}");
    }

    let entropy = |t: &[f64]| {
        let mut q = guide.prepared();
        guide.prepare(t, &mut q);
        guide.entropy(&q).unwrap()
    };
    let mut by_theta = vec![0.5; p];
    guide.add_entropy_gradient(&q, weight, &mut by_theta);
    for (i, d) in by_theta.iter().enumerate() {
        let expected = 0.5 + weight * difference(entropy, theta, i);
        assert!((d - expected).abs() < 1e-8, "entropy[{i}]: {d} {expected}");
    }
}

#[test]
fn derivatives_by_differences() {
    derivatives(&normal(3), 6);
    derivatives(&full(3), 9);
    derivatives(&low(3, 2), 12);
    derivatives(&low(3, 1), 9);
}

#[test]
fn densities_by_closed_forms() {
    let scale = |i: usize| THETA[3 + i].exp();
    let diagonal = DMatrix::from_fn(3, 3, |i, j| if i == j { scale(i).powi(2) } else { 0.0 });
    let found = density(&normal(3), &THETA[..6], &POINT);
    assert!((found - log_normal(&POINT, &THETA, &diagonal)).abs() < 1e-12);

    let l = DMatrix::from_row_slice(
        3,
        3,
        &[
            scale(0),
            0.0,
            0.0,
            THETA[6],
            scale(1),
            0.0,
            THETA[7],
            THETA[8],
            scale(2),
        ],
    );
    let found = density(&full(3), &THETA[..9], &POINT);
    assert!((found - log_normal(&POINT, &THETA, &(&l * l.transpose()))).abs() < 1e-12);

    let w = DMatrix::from_row_slice(3, 2, &THETA[6..12]);
    let s = DMatrix::from_fn(3, 3, |i, j| if i == j { scale(i) } else { 0.0 });
    let covariance = &s * (DMatrix::identity(3, 3) + &w * w.transpose()) * &s;
    let found = density(&low(3, 2), &THETA, &POINT);
    assert!((found - log_normal(&POINT, &THETA, &covariance)).abs() < 1e-12);
}

/// Draws have the covariance that the density says, and −mean ln q is the entropy.
#[test]
fn draws_follow_the_density() {
    fn check<G: Guide>(guide: &G, p: usize) {
        let (mut q, mut s, mut u) = (guide.prepared(), guide.scratch(), [0.0; 3]);
        guide.prepare(&THETA[..p], &mut q);
        let rng = &mut keyed(8, Purpose::User, 0, 0);
        let n = 100_000;
        let (mut score, mut information, mut entropy) = ([0.0; 3], [0.0; 9], 0.0);
        for _ in 0..n {
            guide.sample(&q, &mut s, rng, &mut u);
            entropy -= guide.log_density(&q, &mut s, &u) / n as f64;
            let mut g = [0.0; 3];
            guide.add_latent_score(&q, &mut s, &u, 1.0, &mut g);
            for i in 0..3 {
                score[i] += g[i] / n as f64;
                for j in 0..3 {
                    // E[(u − μ)ᵢ·∂ⱼ ln q] = −δᵢⱼ (integration by parts)
                    information[3 * i + j] += (u[i] - THETA[i]) * g[j] / n as f64;
                }
            }
        }
        assert!((entropy - guide.entropy(&q).unwrap()).abs() < 5.0 * (1.5 / n as f64).sqrt());
        for i in 0..3 {
            assert!(score[i].abs() < 0.05, "{score:?}");
            for j in 0..3 {
                let expected = if i == j { -1.0 } else { 0.0 };
                assert!(
                    (information[3 * i + j] - expected).abs() < 0.08,
                    "{information:?}"
                );
            }
        }
    }
    check(&normal(3), 6);
    check(&full(3), 9);
    check(&low(3, 2), 12);
}

#[test]
fn laplace_is_exact_on_a_normal() {
    let precision = DMatrix::from_row_slice(3, 3, &[2.0, 0.3, 0.1, 0.3, 1.0, -0.2, 0.1, -0.2, 0.7]);
    let target = Normal {
        mean: vec![0.5, -1.0, 2.0],
        precision: precision.clone(),
    };
    let guide = LaplaceGuide {
        point: PointGuide {
            dim: 3,
            blocks: vec![],
            init: Init::default(),
        },
    };
    let (mut q, mut s) = (guide.prepared(), guide.scratch());
    guide.finish(&target, &target.mean, &mut q).unwrap();
    let covariance = precision.try_inverse().unwrap();
    let expected = log_normal(&POINT, &target.mean, &covariance);
    assert!((guide.log_density(&q, &mut s, &POINT) - expected).abs() < 1e-8);
    let rng = &mut keyed(5, Purpose::User, 0, 0);
    let (n, mut u, mut second) = (100_000, [0.0; 3], DMatrix::<f64>::zeros(3, 3));
    for _ in 0..n {
        guide.sample(&q, &mut s, rng, &mut u);
        let d = DVector::from_fn(3, |i, _| u[i] - target.mean[i]);
        second += &d * d.transpose() / n as f64;
    }
    assert!((second - covariance).abs().max() < 0.05);

    let saddle = Normal {
        mean: vec![0.0],
        precision: DMatrix::from_element(1, 1, -1.0),
    };
    let guide = LaplaceGuide {
        point: PointGuide {
            dim: 1,
            blocks: vec![],
            init: Init::default(),
        },
    };
    assert!(
        guide
            .finish(&saddle, &[0.0], &mut guide.prepared())
            .is_err()
    );
}
