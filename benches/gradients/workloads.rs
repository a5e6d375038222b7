//! The workloads of the gradient benchmark, with data that every language computes alike, to the last bit.

use ppl::prelude::*;

/// Numbers in [−1, 1] without a pattern that matters.
pub fn wave(i: usize) -> f64 {
    ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0
}

/// The point at which densities are compared, moved a little for each `k`.
pub fn point(dim: usize, k: usize) -> Vec<f64> {
    (0..dim).map(|i| 0.5 * wave(31 * i + 7 * k + 3)).collect()
}

/// 2,000 rows of three columns.
pub fn small_x() -> Vec<[f64; 3]> {
    (0..2000)
        .map(|i| std::array::from_fn(|j| 1.7 * wave(3 * i + j)))
        .collect()
}
/// 1,000 rows of 24 columns.
pub fn large_x() -> Vec<[f64; 24]> {
    (0..1000)
        .map(|i| std::array::from_fn(|j| 1.7 * wave(24 * i + j)))
        .collect()
}
/// Outcomes.
pub fn outcomes(n: usize) -> Vec<bool> {
    (0..n).map(|i| (i * 7919) % 13 < 6).collect()
}
/// 1,000 data of eight groups.
pub fn grouped() -> (Vec<usize>, Vec<f64>) {
    let group: Vec<usize> = (0..1000).map(|i| i % 8).collect();
    let y = group
        .iter()
        .enumerate()
        .map(|(i, g)| 0.3 * *g as f64 + 2.0 * wave(i))
        .collect();
    (group, y)
}
/// 10,000 data around three centres.
pub fn clusters() -> Vec<f64> {
    (0..10_000)
        .map(|i| 4.0 * ((i * 5) % 3) as f64 - 4.0 + 1.5 * wave(i))
        .collect()
}
/// 1,000 data of a chain with four levels.
pub fn chain() -> Vec<f64> {
    (0..1000)
        .map(|t| 2.0 * ((t / 7) % 4) as f64 - 3.0 + wave(t))
        .collect()
}

#[model]
pub fn logistic_small(x: &[[f64; 3]], y: &[bool]) {
    let coefs: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 10.0));
    observe(
        y,
        each(x, |row| Bernoulli::logit(dot(&coefs, row) + intercept)),
    );
}

#[model]
pub fn logistic_large(x: &[[f64; 24]], y: &[bool]) {
    let coefs: [f64; 24] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 1.0));
    observe(
        y,
        each(x, |row| Bernoulli::logit(dot(&coefs, row) + intercept)),
    );
}

#[model]
pub fn logistic_matrix(x: &[[f64; 24]], y: &[bool]) {
    let coefs: [f64; 24] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Bernoulli::logit(matvec(x, &coefs) + intercept));
}

#[model]
pub fn hierarchical(group: &[usize], y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfNormal::new(5.0));
    let theta: [f64; 8] = sample(Normal::new(mean, spread).iid());
    observe(y, each(group, |g| Normal::new(theta[*g], 1.0)));
}

/// The data of Rubin (1981).
pub const SCHOOLS: ([f64; 8], [f64; 8]) = (
    [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0],
    [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0],
);

#[model]
pub fn eight_schools(y: &[f64; 8], error: &[f64; 8]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfCauchy::new(5.0));
    let raw: [f64; 8] = sample(Normal::new(0.0, 1.0).iid());
    let effects = mean + spread * raw;
    observe(y, Normal::new(&effects, error));
}

/// A mixture of three normal distributions whose memberships are summed out.
#[model]
pub fn mixture(y: &[f64]) {
    let weights: Simplex<3> = sample(Dirichlet::symmetric(1.0));
    let means: [f64; 3] = sample(Normal::new(0.0, 10.0).iid());
    let scale: f64 = sample(HalfNormal::new(5.0));
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new(&weights));
        observe(y[i], Normal::new(means[z], scale));
    });
}

/// A hidden Markov chain of four states.
#[model]
pub fn hidden_chain(y: &[f64]) {
    let rows: [Simplex<4>; 4] = sample(Dirichlet::symmetric(1.0).iid());
    let means: [f64; 4] = sample(Normal::new(0.0, 5.0).iid());
    let scale: f64 = sample(HalfNormal::new(5.0));
    markov(y.len(), 0_usize, |t, before| {
        #[enumerate]
        let z: usize = sample(Categorical::new(&rows[before]));
        observe(y[t], Normal::new(means[z], scale));
        z
    });
}

/// 100 inputs and values of a function.
pub fn function() -> (Vec<f64>, Vec<f64>) {
    let inputs = (0..100).map(|i| 5.0 * wave(i)).collect();
    let values = (0..100).map(|i| wave(5 * i) + 0.3 * wave(7 * i + 2));
    (inputs, values.collect())
}

/// Gaussian process regression.
#[model]
pub fn process(x: &[f64], y: &[f64]) {
    let amplitude: f64 = sample(HalfNormal::new(2.0));
    let length: f64 = sample(HalfNormal::new(2.0));
    let noise: f64 = sample(HalfNormal::new(1.0));
    observe(
        y,
        GaussianProcess::new(x, SquaredExponential::new(amplitude, length), noise),
    );
}

/// A batch of 100 rows of 13 columns, and what is to be predicted.
pub fn batch() -> (Vec<[f64; 13]>, Vec<f64>) {
    let x = (0..100).map(|i| std::array::from_fn(|j| 1.7 * wave(13 * i + j)));
    (x.collect(), (0..100).map(|i| wave(3 * i + 1)).collect())
}

/// A neural network 13-50-1 with tanh units.
#[model]
pub fn network(x: &[[f64; 13]], y: &[f64]) {
    let hidden: [[f64; 13]; 50] = sample(Normal::new(0.0, 1.0).iid().iid());
    let hidden_bias: [f64; 50] = sample(Normal::new(0.0, 1.0).iid());
    let output: [f64; 50] = sample(Normal::new(0.0, 1.0).iid());
    let output_bias: f64 = sample(Normal::new(0.0, 1.0));
    let noise: f64 = sample(HalfNormal::new(1.0));
    let units = tanh_all(&layer(&hidden, x, &hidden_bias));
    observe(y, Normal::new(matvec(units, &output) + output_bias, noise));
}

/// The same, row by row.
#[model]
pub fn network_by_row(x: &[[f64; 13]], y: &[f64]) {
    let hidden: [[f64; 13]; 50] = sample(Normal::new(0.0, 1.0).iid().iid());
    let hidden_bias: [f64; 50] = sample(Normal::new(0.0, 1.0).iid());
    let output: [f64; 50] = sample(Normal::new(0.0, 1.0).iid());
    let output_bias: f64 = sample(Normal::new(0.0, 1.0));
    let noise: f64 = sample(HalfNormal::new(1.0));
    observe(
        y,
        each(x, |row| {
            let units = tanh_all(&layer(&hidden, row, &hidden_bias));
            Normal::new(dot(&output, &units) + output_bias, noise)
        }),
    );
}
