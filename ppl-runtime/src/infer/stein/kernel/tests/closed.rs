//! Other kernels, and one of the user's own.

use super::*;

#[test]
fn linear() {
    closed_form(
        "linear",
        &LinearKernel,
        |x, y| [1.0 + x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>(); DIM],
        |_, y| std::array::from_fn(|c| y[c]),
    );
}

#[test]
fn probability_product() {
    for s in [0.5, 1.0, 2.3] {
        let k = |x: &[f64], y: &[f64]| -> f64 {
            (0..2)
                .map(|c| {
                    let (a, b) = (x[2 + c].exp(), y[2 + c].exp());
                    let v = a * a + b * b;
                    (2.0 * a * b / v).sqrt() * (-0.5 * s * (x[c] - y[c]).powi(2) / v).exp()
                })
                .product()
        };
        let gradient = |x: &[f64], y: &[f64]| {
            std::array::from_fn(|c| {
                let (d, a, b) = (x[c % 2] - y[c % 2], x[2 + c % 2].exp(), y[2 + c % 2].exp());
                let v = a * a + b * b;
                if c < 2 {
                    -s * d / v * k(x, y)
                } else {
                    (0.5 - a * a / v + s * d * d * a * a / (v * v)) * k(x, y)
                }
            })
        };
        let kernel = ProbabilityProductKernel::default().scale(s);
        closed_form(
            "probability product",
            &kernel,
            |x, y| [k(x, y); DIM],
            gradient,
        );
    }
}

/// At s = 1 it is ∫pq over the root of ∫p²∫q², here by quadrature.
#[test]
fn probability_product_is_an_integral() {
    let cloud = particles();
    let density = |x: &[f64], c: usize, t: f64| {
        let scale = x[2 + c].exp();
        (-0.5 * ((t - x[c]) / scale).powi(2)).exp() / scale
    };
    let overlap = |x: &[f64], y: &[f64], c: usize| -> f64 {
        (-40_000..40_000)
            .map(|i| density(x, c, 1e-3 * i as f64) * density(y, c, 1e-3 * i as f64))
            .sum()
    };
    for (i, j) in [(0, 1), (2, 5), (3, 3)] {
        let (x, y) = (cloud.row(i), cloud.row(j));
        let expected: f64 = (0..2)
            .map(|c| overlap(x, y, c) / (overlap(x, x, c) * overlap(y, y, c)).sqrt())
            .product();
        let (applied, _) = pair(&ProbabilityProductKernel::default(), (i, j), &[1.0; DIM]);
        assert!(
            (applied[0] - expected).abs() < 1e-10,
            "{applied:?} {expected}"
        );
    }
}

#[test]
fn gauss_newton() {
    let (cloud, gradients) = (particles(), gradients());
    let metric: [[f64; DIM]; DIM] = std::array::from_fn(|a| {
        std::array::from_fn(|b| {
            (0..cloud.len())
                .map(|i| gradients.row(i)[a] * gradients.row(i)[b] / 7.0)
                .sum()
        })
    });
    let bend = |x: &[f64], y: &[f64]| -> [f64; DIM] {
        std::array::from_fn(|a| (0..DIM).map(|b| metric[a][b] * (x[b] - y[b])).sum())
    };
    let k = |x: &[f64], y: &[f64]| {
        let m: f64 = bend(x, y)
            .iter()
            .zip(0..)
            .map(|(m, c): (_, usize)| m * (x[c] - y[c]))
            .sum();
        (-m / (2.0 * DIM as f64)).exp()
    };
    closed_form(
        "gauss-newton",
        &RadialGaussNewtonKernel,
        |x, y| [k(x, y); DIM],
        |x, y| bend(x, y).map(|m| -m / DIM as f64 * k(x, y)),
    );
}

/// A kernel of the user's own: the square of the linear one.
struct Quadratic;
impl ScalarKernel for Quadratic {
    fn add(&self, x: &[f64], y: &[f64], weight: f64, gradient: &mut [f64]) -> f64 {
        let base = dot(x, y) + 1.0;
        add_scaled(gradient, 2.0 * weight * base, y);
        base * base
    }
}

#[test]
fn custom() {
    let base = |x: &[f64], y: &[f64]| 1.0 + x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    closed_form(
        "custom",
        &Custom(Quadratic),
        |x, y| [base(x, y).powi(2); DIM],
        |x, y| std::array::from_fn(|c| 2.0 * base(x, y) * y[c]),
    );
}
