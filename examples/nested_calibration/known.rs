//! Models of well-known data whose evidence is known in closed form or by quadrature (galaxies: by importance sampling,
//! error below 0.003).
//!
//! Data: Laplace (births in Paris 1745–1770), Bortkiewicz 1898 (deaths by horse kick), Mendel 1866 (peas), Williams 1959
//! (radiata pines), Efron et al. 2004 (diabetes, `examples/data`), Rubin 1981 (schools), Roeder 1990 (galaxies).

use super::row;
use ppl::nalgebra::{DMatrix, DVector};
use ppl::prelude::*;
use ppl_runtime::real::special::ln_gamma;
use std::f64::consts::TAU;

#[model]
fn births(boys: usize, all: usize, prior: f64) {
    let share: f64 = sample(Beta::new(prior, prior));
    observe(boys, Binomial::new(all, share));
}

#[model]
fn horse_kicks(deaths: &[usize], shape: f64, rate: f64) {
    let mean: f64 = sample(Gamma::new(shape, rate));
    observe(deaths, Poisson::new(mean).iid());
}

#[model]
fn peas(counts: &[usize; 4], prior: &[f64; 4]) {
    let shares: Simplex<4> = sample(Dirichlet::new(prior));
    observe(counts, Multinomial::new(556, &shares));
}

/// Intercept and slope scale with the noise.
#[model]
fn pines_conjugate(x: &[f64], y: &[f64]) {
    let precision: f64 = sample(Gamma::new(3.0, 180_000.0));
    let noise = precision.powf(-0.5);
    let intercept: f64 = sample(Normal::new(3000.0, noise / 0.06f64.sqrt()));
    let slope: f64 = sample(Normal::new(185.0, noise / 6f64.sqrt()));
    observe(y, each(x, |x| Normal::new(intercept + slope * *x, noise)));
}

#[model]
fn pines_independent(x: &[f64], y: &[f64]) {
    let intercept: f64 = sample(Normal::new(3000.0, 1000.0));
    let slope: f64 = sample(Normal::new(185.0, 100.0));
    let variance: f64 = sample(InverseGamma::new(3.0, 180_000.0));
    let noise = variance.sqrt();
    observe(y, each(x, |x| Normal::new(intercept + slope * *x, noise)));
}

#[model]
fn diabetes<const D: usize>(x: &[[f64; D]], y: &[f64]) {
    let variance: f64 = sample(InverseGamma::new(2.0, 1.0));
    let noise = variance.sqrt();
    let coefs: [f64; D] = sample(Normal::new(0.0, noise).iid());
    observe(y, each(x, |row| Normal::new(dot(&coefs, row), noise)));
}

#[model]
fn schools_pooled(y: &[f64; 8], error: &[f64; 8]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    observe(y, Normal::new(mean, error));
}

#[model]
fn schools_of_fixed_spread(y: &[f64; 8], error: &[f64; 8]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let effects: [f64; 8] = sample(Normal::new(mean, 10.0).iid());
    observe(y, Normal::new(&effects, error));
}

#[model]
fn galaxies<const K: usize>(velocity: &[f64]) {
    let shares: Simplex<K> = sample(Dirichlet::symmetric(1.0));
    let means: [f64; K] = sample(Normal::new(20.0, 10.0).iid());
    let variances: [f64; K] = sample(InverseGamma::new(3.0, 20.0).iid());
    let components: [_; K] = std::array::from_fn(|k| Normal::new(means[k], variances[k].sqrt()));
    observe(velocity, Mixture::new(&shares, components).iid());
}

/// ln Z of a regression with coefficients N(0, s²) and s² ~ InverseGamma(a, b), a = 2, b = 1:
/// ½ ln(|V|) + a ln b − aₙ ln bₙ + ln Γ(aₙ) − ln Γ(a) − (n/2) ln 2π, V = (I + XᵀX)⁻¹, aₙ = a + n/2,
/// bₙ = b + ½(yᵀy − mᵀV⁻¹m), m = V Xᵀy.
fn regression_evidence<const D: usize>(x: &[[f64; D]], y: &[f64]) -> f64 {
    let n = y.len() as f64;
    let (x, y) = (
        DMatrix::from_fn(y.len(), D, |i, j| x[i][j]),
        DVector::from_column_slice(y),
    );
    let inverse = DMatrix::identity(D, D) + x.transpose() * &x;
    let (factor, b) = (
        inverse.cholesky().expect("a covariance"),
        x.transpose() * &y,
    );
    let rest = y.norm_squared() - b.dot(&factor.solve(&b));
    let ln_determinant: f64 = factor.l().diagonal().iter().map(|d| 2.0 * d.ln()).sum();
    let shape = 2.0 + 0.5 * n;
    // Γ(2) = 1 and ln 1 = 0.
    ln_gamma(shape) - shape * (1.0 + 0.5 * rest).ln() - 0.5 * (ln_determinant + n * TAU.ln())
}

/// The diabetes data, each column with mean 0 and standard deviation 1; the progression comes last.
fn patients() -> Vec<[f64; 11]> {
    let text = include_str!("../data/diabetes.csv");
    let row = |line: &str| {
        let mut numbers = line.split(',').map(|v| v.parse().unwrap_or(f64::NAN));
        std::array::from_fn(|_| numbers.next().unwrap_or(f64::NAN))
    };
    let mut rows: Vec<[f64; 11]> = text.lines().skip(1).map(row).collect();
    let n = rows.len() as f64;
    for j in 0..11 {
        let mean = rows.iter().map(|r| r[j]).sum::<f64>() / n;
        let variance = rows.iter().map(|r| (r[j] - mean).powi(2)).sum::<f64>() / n;
        rows.iter_mut()
            .for_each(|r| r[j] = (r[j] - mean) / variance.sqrt());
    }
    rows
}

/// The regression on an intercept and the columns named.
fn diabetes_row<const D: usize>(columns: &[usize], seeds: u64) -> Result<Vec<f64>, ppl::Error> {
    let rows = patients();
    let y: Vec<f64> = rows.iter().map(|r| r[10]).collect();
    let x: Vec<[f64; D]> = rows
        .iter()
        .map(|r| std::array::from_fn(|j| if j == 0 { 1.0 } else { r[columns[j - 1]] }))
        .collect();
    let name = format!("diabetes, {} covariates", columns.len());
    row(&name, &diabetes(&x, &y), regression_evidence(&x, &y), seeds)
}

/// All of them, with so many seeds.
pub fn rows(divisor: u64) -> Result<Vec<f64>, ppl::Error> {
    let (many, few) = ((400 / divisor).max(1), (30 / divisor).max(1));
    let mut scores = Vec::new();
    let (boys, all) = (251_527, 251_527 + 241_945);
    for (prior, exact) in [
        (1.0, -13.10922342539),
        (0.5, -13.56061656179),
        (100.0, -10.72462552768),
    ] {
        let name = format!("births, Beta({prior}, {prior})");
        scores.extend(row(&name, &births(boys, all, prior), exact, many)?);
    }
    let times = [(0, 109), (1, 65), (2, 22), (3, 3), (4, 1)];
    let deaths: Vec<usize> = times.iter().flat_map(|&(k, n)| vec![k; n]).collect();
    for (shape, rate, exact) in [
        (1.0, 1.0, -208.69687433),
        (0.5, 0.01, -210.718358033),
        (2.0, 3.0, -208.218503107),
    ] {
        let name = format!("horse kicks, Gamma({shape}, {rate})");
        scores.extend(row(&name, &horse_kicks(&deaths, shape, rate), exact, many)?);
    }
    let counts = [315, 108, 101, 32];
    for (prior, exact) in [
        ([1.0; 4], -17.1813142062),
        ([0.5; 4], -17.8765030927),
        ([9.0, 3.0, 3.0, 1.0], -14.3316170004),
    ] {
        let name = format!("peas, Dirichlet{prior:?}");
        scores.extend(row(&name, &peas(&counts, &prior), exact, many)?);
    }
    let centred = |x: &[f64]| -> Vec<f64> {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        x.iter().map(|x| x - mean).collect()
    };
    for (name, x, conjugate, independent) in [
        ("density", &DENSITY, -310.507265579, -309.9243277),
        ("adjusted density", &ADJUSTED, -301.650157826, -301.4351019),
    ] {
        let x = centred(x);
        let first = pines_conjugate(&x, &STRENGTH);
        scores.extend(row(
            &format!("pines, {name}, conjugate"),
            &first,
            conjugate,
            many,
        )?);
        let second = pines_independent(&x, &STRENGTH);
        let name = format!("pines, {name}, independent");
        scores.extend(row(&name, &second, independent, many)?);
    }
    scores.extend(diabetes_row::<1>(&[], many)?);
    scores.extend(diabetes_row::<2>(&[2], many)?);
    scores.extend(diabetes_row::<3>(&[2, 8], many)?);
    scores.extend(diabetes_row::<4>(&[2, 8, 3], many)?);
    scores.extend(diabetes_row::<6>(&[1, 2, 3, 6, 8], few)?);
    scores.extend(diabetes_row::<11>(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], few)?);
    let effects = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
    let error = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];
    let pooled = schools_pooled(&effects, &error);
    scores.extend(row("eight schools, pooled", &pooled, -30.844238126, many)?);
    let fixed = schools_of_fixed_spread(&effects, &error);
    scores.extend(row(
        "eight schools, spread 10",
        &fixed,
        -31.7871148799,
        many,
    )?);
    scores.extend(row(
        "galaxies, 1",
        &galaxies::<1>(&VELOCITY),
        -246.10615,
        many,
    )?);
    scores.extend(row(
        "galaxies, 2",
        &galaxies::<2>(&VELOCITY),
        -232.87862,
        few,
    )?);
    // Six labellings, between which chains do not move, are remembered for ever: its chains become long.
    scores.extend(row(
        "galaxies, 3",
        &galaxies::<3>(&VELOCITY),
        -226.78545,
        few,
    )?);
    Ok(scores)
}

/// Compression strength, density, and density adjusted for resin of 42 specimens.
const STRENGTH: [f64; 42] = [
    3040.0, 2470.0, 3610.0, 3480.0, 3810.0, 2330.0, 1800.0, 3110.0, 3160.0, 2310.0, 4360.0, 1880.0,
    3670.0, 1740.0, 2250.0, 2650.0, 4970.0, 2620.0, 2900.0, 1670.0, 2540.0, 3840.0, 3800.0, 4600.0,
    1900.0, 2530.0, 2920.0, 4990.0, 1670.0, 3310.0, 3450.0, 3600.0, 2850.0, 1590.0, 3770.0, 3850.0,
    2480.0, 3570.0, 2620.0, 1890.0, 3030.0, 3030.0,
];
const DENSITY: [f64; 42] = [
    29.2, 24.7, 32.3, 31.3, 31.5, 24.5, 19.9, 27.3, 27.1, 24.0, 33.8, 21.5, 32.2, 22.5, 27.5, 25.6,
    34.5, 26.2, 26.7, 21.1, 24.1, 30.7, 32.7, 32.6, 22.1, 25.3, 30.8, 38.9, 22.1, 29.2, 30.1, 31.4,
    26.7, 22.1, 30.3, 32.0, 23.2, 30.3, 29.9, 20.8, 33.2, 28.2,
];
const ADJUSTED: [f64; 42] = [
    25.4, 22.2, 32.2, 31.0, 30.9, 23.9, 19.2, 27.2, 26.3, 23.9, 33.2, 21.0, 29.0, 22.0, 23.8, 25.3,
    34.2, 25.7, 26.4, 20.0, 23.9, 30.7, 32.6, 32.5, 20.8, 23.1, 29.8, 38.1, 21.3, 28.5, 29.2, 31.4,
    25.9, 21.4, 29.8, 30.6, 22.6, 30.3, 23.8, 18.4, 29.4, 28.2,
];

/// Of 82 galaxies, in 1000 km/s; the 78th is 26.960, often circulated as 26.690.
const VELOCITY: [f64; 82] = [
    9.172, 9.35, 9.483, 9.558, 9.775, 10.227, 10.406, 16.084, 16.17, 18.419, 18.552, 18.6, 18.927,
    19.052, 19.07, 19.33, 19.343, 19.349, 19.44, 19.473, 19.529, 19.541, 19.547, 19.663, 19.846,
    19.856, 19.863, 19.914, 19.918, 19.973, 19.989, 20.166, 20.175, 20.179, 20.196, 20.215, 20.221,
    20.415, 20.629, 20.795, 20.821, 20.846, 20.875, 20.986, 21.137, 21.492, 21.701, 21.814, 21.921,
    21.96, 22.185, 22.209, 22.242, 22.249, 22.314, 22.374, 22.495, 22.746, 22.747, 22.888, 22.914,
    23.206, 23.241, 23.263, 23.484, 23.538, 23.542, 23.666, 23.706, 23.711, 24.129, 24.285, 24.289,
    24.366, 24.717, 24.99, 25.633, 26.96, 26.995, 32.065, 32.789, 34.279,
];
