//! Densities whose answers are known.

use ppl_runtime::infer::nuts::{Chain, LogDensity, Settings, run};
use ppl_runtime::output::diagnostics::{ess_bulk, mcse_mean, mcse_sd};

/// A log density by a closure over (u, gradient).
pub struct Density<F> {
    pub dim: usize,
    pub f: F,
}

impl<F: Fn(&[f64], &mut [f64]) -> f64 + Sync> LogDensity for Density<F> {
    type Worker = ();
    fn dim(&self) -> usize {
        self.dim
    }
    fn worker(&self) {}
    fn value_and_gradient(&self, _: &mut (), u: &[f64], gradient: &mut [f64]) -> f64 {
        (self.f)(u, gradient)
    }
}

pub fn density<F: Fn(&[f64], &mut [f64]) -> f64 + Sync>(dim: usize, f: F) -> Density<F> {
    Density { dim, f }
}

/// Independent normals of mean i and standard deviation sd(i).
pub fn normals(dim: usize, sd: impl Fn(usize) -> f64 + Sync) -> impl LogDensity {
    density(dim, move |u, g| {
        let mut sum = 0.0;
        for i in 0..u.len() {
            let z = (u[i] - i as f64) / sd(i);
            g[i] = -z / sd(i);
            sum -= 0.5 * z * z;
        }
        sum
    })
}

/// The normal of mean 0 and covariance (1 − r) I + r 11ᵀ.
pub fn equicorrelated(dim: usize, r: f64) -> impl LogDensity {
    let shrink = r / (1.0 - r + r * dim as f64);
    density(dim, move |u, g| {
        let sum: f64 = u.iter().sum();
        let mut squares = 0.0;
        for (g, u) in g.iter_mut().zip(u) {
            *g = -(u - shrink * sum) / (1.0 - r);
            squares += u * u;
        }
        -0.5 * (squares - shrink * sum * sum) / (1.0 - r)
    })
}

const EFFECTS: [f64; 8] = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
const ERRORS: [f64; 8] = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];

/// Eight schools, not centred: μ ~ N(0, 5), τ ~ HalfCauchy(5), raw_j ~ N(0, 1), y_j ~ N(μ + τ raw_j, σ_j). The
/// coordinates are μ, ln τ, raw.
pub fn schools() -> impl LogDensity {
    density(10, |u, g| {
        let (mu, tau) = (u[0], u[1].exp());
        let square = tau * tau / 25.0;
        let mut sum = -0.5 * mu * mu / 25.0 - square.ln_1p() + u[1];
        g[0] = -mu / 25.0;
        g[1] = 1.0 - 2.0 * square / (1.0 + square);
        for j in 0..8 {
            let raw = u[2 + j];
            let z = (EFFECTS[j] - mu - tau * raw) / ERRORS[j];
            let slope = z / ERRORS[j];
            sum -= 0.5 * (z * z + raw * raw);
            g[0] += slope;
            g[1] += slope * tau * raw;
            g[2 + j] = slope * tau - raw;
        }
        sum
    })
}

/// A funnel: v ~ N(0, 3), x_i ~ N(0, e^{v/2}).
pub fn funnel(dim: usize) -> impl LogDensity {
    density(dim, |u, g| {
        let v = u[0];
        let precision = (-v).exp();
        let squares: f64 = u[1..].iter().map(|x| x * x).sum();
        let n = (u.len() - 1) as f64;
        g[0] = -v / 9.0 + 0.5 * precision * squares - 0.5 * n;
        for i in 1..u.len() {
            g[i] = -u[i] * precision;
        }
        -0.5 * (v * v / 9.0 + precision * squares + n * v)
    })
}

/// A banana: x ~ N(0, 1), y ~ N(x², 0.5).
pub fn banana() -> impl LogDensity {
    density(2, |u, g| {
        let r = (u[1] - u[0] * u[0]) / 0.25;
        g[0] = -u[0] + 2.0 * u[0] * r;
        g[1] = -r;
        -0.5 * (u[0] * u[0] + 0.25 * r * r)
    })
}

pub fn sampled(density: &impl LogDensity, settings: &Settings) -> Vec<Chain> {
    run(density, settings, &|_| ()).unwrap()
}

/// f of each draw, by chains.
pub fn values(chains: &[Chain], f: impl Fn(&[f64]) -> f64) -> Vec<Vec<f64>> {
    chains
        .iter()
        .map(|c| c.positions().map(&f).collect())
        .collect()
}

/// The mean of f against what it is exactly, in Monte Carlo standard errors.
pub fn z_of_mean(chains: &[Chain], exact: f64, f: impl Fn(&[f64]) -> f64) -> f64 {
    let values = values(chains, f);
    (mean(&values) - exact) / mcse_mean(&values)
}

/// The same for the standard deviation.
pub fn z_of_sd(chains: &[Chain], exact: f64, f: impl Fn(&[f64]) -> f64) -> f64 {
    let values = values(chains, f);
    let m = mean(&values);
    let n = values.iter().map(Vec::len).sum::<usize>() as f64;
    let squares: f64 = values.iter().flatten().map(|x| (x - m) * (x - m)).sum();
    ((squares / (n - 1.0)).sqrt() - exact) / mcse_sd(&values)
}

pub fn mean(values: &[Vec<f64>]) -> f64 {
    let n = values.iter().map(Vec::len).sum::<usize>();
    values.iter().flatten().sum::<f64>() / n as f64
}

/// The smallest and the mean bulk effective sample size of all coordinates.
pub fn ess(chains: &[Chain], dim: usize) -> (f64, f64) {
    let all: Vec<f64> = (0..dim)
        .map(|i| ess_bulk(&values(chains, |u| u[i])))
        .collect();
    (
        all.iter().copied().fold(f64::INFINITY, f64::min),
        all.iter().sum::<f64>() / dim as f64,
    )
}

/// Uniforms of a linear congruential generator (Knuth's MMIX), which any language reproduces.
pub fn uniforms() -> impl FnMut() -> f64 {
    let mut state = 1_u64;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / 2_f64.powi(53)
    }
}

/// 2,000 rows of three normals (Box & Muller), and outcomes of logit x₀ + 2 x₁ + 3 x₂.
pub fn logistic_data() -> (Vec<[f64; 3]>, Vec<bool>) {
    let mut next = uniforms();
    let mut rows = Vec::new();
    let mut outcomes = Vec::new();
    for _ in 0..2000 {
        let mut x = [0.0; 3];
        for x in &mut x {
            let (a, b) = (next(), next());
            *x = (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
        }
        let logit = x[0] + 2.0 * x[1] + 3.0 * x[2];
        rows.push(x);
        outcomes.push(next() < 1.0 / (1.0 + (-logit).exp()));
    }
    (rows, outcomes)
}

/// Logistic regression on that: three coefficients from N(0, 1), an intercept from N(0, 10).
pub fn logistic() -> impl LogDensity {
    let (rows, outcomes) = logistic_data();
    density(4, move |u, g| {
        let mut sum = -0.5 * (u[0] * u[0] + u[1] * u[1] + u[2] * u[2] + u[3] * u[3] / 100.0);
        g.copy_from_slice(&[-u[0], -u[1], -u[2], -u[3] / 100.0]);
        for (x, &y) in rows.iter().zip(&outcomes) {
            let logit = u[0] * x[0] + u[1] * x[1] + u[2] * x[2] + u[3];
            let (sign, y) = if y { (-logit, 1.0) } else { (logit, 0.0) };
            // ln p = −ln(1 + e^sign)
            let tail = (-sign.abs()).exp();
            sum -= sign.max(0.0) + tail.ln_1p();
            let p = if logit >= 0.0 {
                1.0 / (1.0 + tail)
            } else {
                tail / (1.0 + tail)
            };
            for k in 0..3 {
                g[k] += (y - p) * x[k];
            }
            g[3] += y - p;
        }
        sum
    })
}
