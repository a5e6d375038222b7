//! Likelihoods on the unit cube whose evidence is known.

use ppl_runtime::infer::nested::Likelihood;
use std::f64::consts::{PI, TAU};

/// A likelihood with its exact log evidence.
pub struct Problem {
    pub name: &'static str,
    pub dim: usize,
    pub log_evidence: f64,
    pub log_likelihood: fn(&[f64]) -> f64,
}

impl Likelihood for Problem {
    type Worker = ();

    fn dim(&self) -> usize {
        self.dim
    }

    fn worker(&self) {}

    fn log_likelihood(&self, _: &mut (), u: &[f64]) -> f64 {
        (self.log_likelihood)(u)
    }
}

fn problem(
    name: &'static str,
    dim: usize,
    log_evidence: f64,
    log_likelihood: fn(&[f64]) -> f64,
) -> Problem {
    Problem {
        name,
        dim,
        log_evidence,
        log_likelihood,
    }
}

/// Problems whose runs take less than about a second.
pub fn all() -> Vec<Problem> {
    vec![
        problem("shells 2", 2, -1.745642, shells),
        problem("shells 5", 5, -5.673601, shells),
        problem("shells 10", 10, -14.590491, shells),
        problem("eggbox", 2, 235.855940, eggbox),
        problem("coin", 1, -7.069375, coin),
        problem("normal mean", 1, normal_mean_evidence(), normal_mean),
        problem("eight schools", 10, -31.31135, eight_schools),
        problem(
            "standard normal 10",
            10,
            -5.0 * (4.0 * PI).ln(),
            standard_normal,
        ),
        problem("wedding cake 3", 3, wedding_cake_evidence(3), wedding_cake),
        problem("table 2", 2, table_evidence(), table),
        problem(
            "half impossible",
            2,
            half_impossible_evidence(),
            half_impossible,
        ),
        problem(
            "correlated normal 20",
            20,
            -20.0 * 10f64.ln(),
            correlated_normal,
        ),
    ]
}

/// Harder ones.
pub fn hard() -> Vec<Problem> {
    vec![
        problem("shells 20", 20, -36.086548, shells),
        problem("shells 30", 30, -60.127767, shells),
        problem(
            "correlated normal 50",
            50,
            -50.0 * 10f64.ln(),
            correlated_normal,
        ),
        problem("shells 50", 50, -112.415, shells),
        problem(
            "correlated normal 100",
            100,
            -100.0 * 10f64.ln(),
            correlated_normal,
        ),
        problem("rosenbrock 2", 2, -5.8041, rosenbrock),
        problem("rosenbrock 5", 5, -19.7324, rosenbrock),
        problem("rosenbrock 10", 10, -43.1084, rosenbrock),
        problem("rosenbrock 20", 20, -90.2655, rosenbrock),
        problem(
            "banana 10",
            10,
            -(120f64 * 200.0).ln() - 8.0 * 20f64.ln(),
            banana,
        ),
        problem("funnel", 11, -30.09813, funnel),
        problem("spike and slab 8", 8, -8.0 * 20f64.ln(), spike_and_slab),
    ]
}

#[allow(
    dead_code,
    reason = "each test file that includes this uses a part of it"
)]
pub fn named(name: &str) -> Problem {
    all()
        .into_iter()
        .chain(hard())
        .find(|p| p.name == name)
        .unwrap_or_else(|| panic!("no problem {name}"))
}

fn log_add(a: f64, b: f64) -> f64 {
    a.max(b) + (-(a - b).abs()).exp().ln_1p()
}

fn normal_quantile(u: f64) -> f64 {
    -std::f64::consts::SQRT_2 * statrs::function::erf::erfc_inv(2.0 * u)
}

fn log_normal_density(x: f64, mean: f64, sd: f64) -> f64 {
    let z = (x - mean) / sd;
    -0.5 * z * z - (sd * TAU.sqrt()).ln()
}

/// Two shells of radius 2 and width 0.1 around (±3.5, 0, …), prior U(−6, 6).
fn shells(u: &[f64]) -> f64 {
    let rest: f64 = u[1..].iter().map(|u| (12.0 * u - 6.0).powi(2)).sum();
    let x = 12.0 * u[0] - 6.0;
    let shell = |center: f64| log_normal_density(((x - center).powi(2) + rest).sqrt(), 2.0, 0.1);
    log_add(shell(-3.5), shell(3.5))
}

fn eggbox(u: &[f64]) -> f64 {
    (2.0 + (5.0 * PI * u[0]).cos() * (5.0 * PI * u[1]).cos()).powi(5)
}

/// Six heads of ten in order, fairness Beta(10, 10).
fn coin(u: &[f64]) -> f64 {
    use special::Beta;
    // Far out the search for the inverse does not end; there the likelihood is nothing.
    let u = u[0].clamp(1e-12, 1.0 - 1e-12);
    let p = u.inv_inc_beta(10.0, 10.0, 10f64.ln_beta(10.0));
    6.0 * p.ln() + 4.0 * (-p).ln_1p()
}

const OBSERVED: [f64; 5] = [1.2, -0.3, 2.1, 0.8, 1.7];

/// x_i ~ N(μ, 1), μ ~ N(0, 3).
fn normal_mean(u: &[f64]) -> f64 {
    let mu = 3.0 * normal_quantile(u[0]);
    OBSERVED
        .iter()
        .map(|&x| log_normal_density(x, mu, 1.0))
        .sum()
}

/// The joint density of the data: normal with covariance I + 9·11ᵀ.
fn normal_mean_evidence() -> f64 {
    let n = OBSERVED.len() as f64;
    let sum: f64 = OBSERVED.iter().sum();
    let squares: f64 = OBSERVED.iter().map(|x| x * x).sum();
    let quadratic = squares - 9.0 * sum * sum / (1.0 + 9.0 * n);
    -0.5 * (n * TAU.ln() + (1.0 + 9.0 * n).ln() + quadratic)
}

/// Eight schools, μ ~ N(0, 5), τ ~ HalfCauchy(5); on the cube the centred model is the same map.
fn eight_schools(u: &[f64]) -> f64 {
    const Y: [f64; 8] = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
    const SIGMA: [f64; 8] = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];
    let mu = 5.0 * normal_quantile(u[0]);
    let tau = 5.0 * (0.5 * PI * u[1]).tan();
    (0..8)
        .map(|i| log_normal_density(Y[i], mu + tau * normal_quantile(u[i + 2]), SIGMA[i]))
        .sum()
}

fn standard_normal(u: &[f64]) -> f64 {
    u.iter()
        .map(|&u| log_normal_density(normal_quantile(u), 0.0, 1.0))
        .sum()
}

const LAYERS: i32 = 12;
const LAYER_RATIO: f64 = 0.7;

/// Cubes within cubes, each 0.7 times as wide as the last, the likelihood constant on each layer: e^k on layer k.
fn wedding_cake(u: &[f64]) -> f64 {
    let r = u.iter().fold(0.0, |m: f64, u| m.max(2.0 * (u - 0.5).abs()));
    (r.ln() / LAYER_RATIO.ln()).floor().min(f64::from(LAYERS))
}

fn wedding_cake_evidence(dim: i32) -> f64 {
    let volume = |k: i32| LAYER_RATIO.powi(k * dim);
    let layers: f64 = (0..LAYERS)
        .map(|k| (volume(k) - volume(k + 1)) * f64::from(k).exp())
        .sum();
    (layers + volume(LAYERS) * f64::from(LAYERS).exp()).ln()
}

const SLOPE_SD: f64 = 0.5;
const FLOOR: f64 = -8.0;

/// Two plateaus with a slope between them: 1 on the unit disc, then a normal's flank, then e^−8 on four fifths of the prior, which
/// is U(−5, 5) on both coordinates.
fn table(u: &[f64]) -> f64 {
    let squares: f64 = u.iter().map(|u| (10.0 * u - 5.0).powi(2)).sum();
    (-0.5 * (squares - 1.0).max(0.0) / SLOPE_SD.powi(2)).max(FLOOR)
}

/// The disc, the flank to where it comes to the floor, and the rest of the square.
fn table_evidence() -> f64 {
    let edge2 = 1.0 - 2.0 * FLOOR * SLOPE_SD.powi(2);
    let flank = -TAU * SLOPE_SD.powi(2) * FLOOR.exp_m1();
    ((PI + flank + (100.0 - PI * edge2) * FLOOR.exp()) / 100.0).ln()
}

/// e^(−20 u) on both coordinates, impossible where the first is beyond 0.3 or the second beyond 0.5.
fn half_impossible(u: &[f64]) -> f64 {
    if u[0] > 0.3 || u[1] > 0.5 {
        f64::NEG_INFINITY
    } else {
        -20.0 * (u[0] + u[1])
    }
}

fn half_impossible_evidence() -> f64 {
    let integral = |to: f64| -(-20.0 * to).exp_m1() / 20.0;
    (integral(0.3) * integral(0.5)).ln()
}

/// Covariance 0.6 I + 0.4·11ᵀ, prior U(−5, 5).
fn correlated_normal(u: &[f64]) -> f64 {
    let d = u.len() as f64;
    let (sum, squares) = u.iter().fold((0.0, 0.0), |(s, q), u| {
        let x = 10.0 * u - 5.0;
        (s + x, q + x * x)
    });
    let quadratic = (squares - 0.4 * sum * sum / (0.6 + 0.4 * d)) / 0.6;
    let log_determinant = (d - 1.0) * 0.6f64.ln() + (0.6 + 0.4 * d).ln();
    -0.5 * (d * TAU.ln() + log_determinant + quadratic)
}

/// −Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)², prior U(−5, 5).
fn rosenbrock(u: &[f64]) -> f64 {
    let x = |i: usize| 10.0 * u[i] - 5.0;
    (1..u.len())
        .map(|i| -100.0 * (x(i) - x(i - 1).powi(2)).powi(2) - (1.0 - x(i - 1)).powi(2))
        .sum()
}

/// The twisted normal of Haario, Saksman & Tamminen (1999), b = 0.03, what follows the square coming first: x₁ ~ N(0, 10²),
/// x₀ − 0.03 (x₁² − 100) ~ N(0, 1), eight more N(0, 1); prior uniform on a box that holds it.
fn banana(u: &[f64]) -> f64 {
    let x = 120.0 * u[1] - 60.0;
    let y = 200.0 * u[0] - 60.0;
    let rest: f64 = u[2..]
        .iter()
        .map(|u| log_normal_density(20.0 * u - 10.0, 0.0, 1.0))
        .sum();
    log_normal_density(x, 0.0, 10.0) + log_normal_density(y, 0.03 * (x * x - 100.0), 1.0) + rest
}

/// θ ~ N(0, 3²); z | θ ~ N(0, e^θ) each, e^θ the variance, with a flat prior U(−10, 10).
fn funnel(u: &[f64]) -> f64 {
    let theta = 3.0 * normal_quantile(u[0]);
    u[1..]
        .iter()
        .map(|u| log_normal_density(20.0 * u - 10.0, 0.0, (0.5 * theta).exp()))
        .sum()
}

/// Equal parts of N(0, I) and of a normal a hundred times smaller in volume, prior U(−10, 10).
fn spike_and_slab(u: &[f64]) -> f64 {
    let d = u.len() as f64;
    let squares: f64 = u.iter().map(|u| (20.0 * u - 10.0).powi(2)).sum();
    let sd = 100f64.powf(-1.0 / d);
    let normal = |sd: f64| -0.5 * squares / (sd * sd) - d * (sd * TAU.sqrt()).ln();
    log_add(normal(1.0), normal(sd)) - 2f64.ln()
}
