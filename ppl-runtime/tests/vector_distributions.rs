//! Families of vectors against 60-digit values (`reference/make_vector_reference.py`); their maps from the cube and
//! their draws against exact moments.

use nalgebra::DMatrix;
use ppl_runtime::dist::vector::{categorical, dirichlet, lkj, mv_normal};
use ppl_runtime::dist::{Beta, Gamma, Normal, Poisson, family::Family, order_statistics};
use ppl_runtime::random::{Purpose, Rng, keyed};
use ppl_runtime::real::special::gamma_upper;
use rand::RngExt;
use rand::distr::Open01;
use serde_json::Value;

fn number(v: &Value) -> f64 {
    v.as_str().unwrap().parse().unwrap()
}

fn vector(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(number).collect()
}

fn rows(name: &str) -> Vec<Value> {
    let mut all: Value = serde_json::from_str(include_str!("reference/vector.json")).unwrap();
    let rows = all[name].take().as_array().unwrap().clone();
    assert!(rows.len() >= 12);
    rows
}

fn close(row: &Value, what: &str, found: &[f64], wanted: &[f64]) {
    assert_eq!(found.len(), wanted.len());
    for (i, (f, w)) in found.iter().zip(wanted).enumerate() {
        let good = f == w || (f - w).abs() <= 1e-12 * w.abs().max(1.0);
        assert!(good, "{what}[{i}]: {f:e}, not {w:e}, in {row}");
    }
}

#[test]
fn dirichlet_matches_the_reference() {
    for row in rows("dirichlet") {
        let (x, a) = (vector(&row["x"]), vector(&row["a"]));
        let (mut by_x, mut by_a) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        let value = dirichlet::partials(&x, &a, &mut by_x, &mut by_a);
        assert_eq!(value, dirichlet::log_density(&x, &a));
        close(&row, "value", &[value], &[number(&row["value"])]);
        close(&row, "by x", &by_x, &vector(&row["by_x"]));
        close(&row, "by alpha", &by_a, &vector(&row["by_a"]));
    }
}

#[test]
fn mv_normal_matches_the_reference() {
    for row in rows("mv_normal") {
        let (x, m, factor) = (vector(&row["x"]), vector(&row["m"]), vector(&row["factor"]));
        let n = x.len();
        let (mut z, mut by_x, mut by_m) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        let mut by_factor = vec![0.0; n * n];
        let value = mv_normal::partials(
            &x,
            &m,
            &factor,
            &mut z,
            &mut by_x,
            &mut by_m,
            &mut by_factor,
        );
        assert_eq!(value, mv_normal::log_density(&x, &m, &factor, &mut z));
        close(&row, "value", &[value], &[number(&row["value"])]);
        close(&row, "by x", &by_x, &vector(&row["by_x"]));
        close(&row, "by location", &by_m, &vector(&row["by_m"]));
        close(&row, "by factor", &by_factor, &vector(&row["by_factor"]));
    }
}

#[test]
fn categorical_matches_the_reference() {
    for row in rows("categorical") {
        let (k, w) = (row["k"].as_u64().unwrap() as usize, vector(&row["w"]));
        let mut by = vec![0.0; w.len()];
        let value = categorical::partials(k, &w, &mut by);
        close(&row, "value", &[value], &[number(&row["value"])]);
        close(&row, "by weight", &by, &vector(&row["by_w"]));
    }
    for row in rows("categorical_logits") {
        let (k, l) = (row["k"].as_u64().unwrap() as usize, vector(&row["w"]));
        let mut by = vec![0.0; l.len()];
        let value = categorical::partials_logits(k, &l, &mut by);
        close(&row, "value", &[value], &[number(&row["value"])]);
        close(&row, "by logit", &by, &vector(&row["by_w"]));
    }
}

fn cube(rng: &mut Rng, u: &mut [f64]) {
    for u in u {
        *u = rng.sample(Open01);
    }
}

/// Means and covariances of `N` vectors from `next` against exact ones, within 5 standard errors: a covariance's
/// by the spread of its products.
fn moments(what: &str, mean: &[f64], covariance: &[f64], mut next: impl FnMut(&mut [f64])) {
    const N: usize = 100_000;
    let n = mean.len();
    let (mut x, mut sums) = (vec![0.0; n], vec![0.0; n]);
    let (mut products, mut squares) = (vec![0.0; n * n], vec![0.0; n * n]);
    for _ in 0..N {
        next(&mut x);
        for i in 0..n {
            sums[i] += x[i] - mean[i];
            for j in 0..n {
                let product = (x[i] - mean[i]) * (x[j] - mean[j]);
                products[i * n + j] += product;
                squares[i * n + j] += product * product;
            }
        }
    }
    let count = N as f64;
    for i in 0..n {
        let error = (covariance[i * n + i] / count).sqrt();
        let z = sums[i] / count / error;
        assert!(z.abs() < 5.0, "{what}: mean {i} is {z} standard errors off");
        for j in 0..n {
            let (p, wanted) = (products[i * n + j] / count, covariance[i * n + j]);
            let error = ((squares[i * n + j] / count - p * p) / count).sqrt();
            let z = (p - wanted) / error;
            assert!(
                z.abs() < 5.0,
                "{what}: covariance {i},{j} is {z} standard errors off"
            );
        }
    }
}

#[test]
fn dirichlet_cube_and_draws_have_its_moments() {
    for alpha in [
        vec![1.0, 1.0, 1.0],
        vec![0.3, 5.0, 2.0, 0.05],
        vec![300.0, 500.0],
    ] {
        let (n, total) = (alpha.len(), alpha.iter().sum::<f64>());
        let mean: Vec<f64> = alpha.iter().map(|a| a / total).collect();
        let covariance: Vec<f64> = (0..n * n)
            .map(|ij| {
                let (i, j) = (ij / n, ij % n);
                let diagonal = if i == j { mean[i] } else { 0.0 };
                (diagonal - mean[i] * mean[j]) / (total + 1.0)
            })
            .collect();
        let mut rng = keyed(1, Purpose::User, 0, 0);
        let mut u = vec![0.0; n - 1];
        moments("cube", &mean, &covariance, |x| {
            cube(&mut rng, &mut u);
            dirichlet::from_cube(&alpha, &u, x);
            assert!((x.iter().sum::<f64>() - 1.0).abs() < 1e-14 && x.iter().all(|&x| x > 0.0));
        });
        let mut rng = keyed(2, Purpose::User, 0, 0);
        moments("draw", &mean, &covariance, |x| {
            dirichlet::draw(&mut rng, &alpha, x)
        });
    }
    // The corners of the cube stay on the simplex, with a density.
    let mut x = [0.0; 3];
    for u in [
        [1e-300, 1e-300],
        [1.0 - 1e-16, 0.5],
        [1.0 - 1e-16, 1.0 - 1e-16],
        [0.5, 1e-300],
    ] {
        let alpha = [0.01, 1.0, 1e3];
        dirichlet::from_cube(&alpha, &u, &mut x);
        assert!(
            dirichlet::log_density(&x, &alpha).is_finite(),
            "{u:?}: {x:?}"
        );
    }
}

#[test]
fn mv_normal_cube_and_draws_have_its_moments() {
    let location = [1.0, -2.0, 30.0];
    // What is above the diagonal must not be read.
    let factor = [2.0, f64::NAN, f64::NAN, -1.0, 0.5, f64::NAN, 0.3, 0.7, 1.5];
    let l = |i: usize, j: usize| if j <= i { factor[i * 3 + j] } else { 0.0 };
    let covariance: Vec<f64> = (0..9)
        .map(|ij| (0..3).map(|k| l(ij / 3, k) * l(ij % 3, k)).sum())
        .collect();
    let mut rng = keyed(3, Purpose::User, 0, 0);
    let mut u = [0.0; 3];
    moments("cube", &location, &covariance, |x| {
        cube(&mut rng, &mut u);
        mv_normal::from_cube(&u, &location, &factor, x);
    });
    let mut rng = keyed(4, Purpose::User, 0, 0);
    moments("draw", &location, &covariance, |x| {
        mv_normal::draw(&mut rng, &location, &factor, x);
    });
}

#[test]
fn categorical_quantiles_and_draws() {
    let weights = [0.0, 1.0, 0.0, 2.0, 5.0, 0.0];
    let steps = [
        (1e-300, 1),
        (0.124, 1),
        (0.125, 1),
        (0.126, 3),
        (0.375, 3),
        (0.376, 4),
    ];
    for (u, k) in steps.into_iter().chain([(0.9, 4), (1.0 - 1e-16, 4)]) {
        assert_eq!(categorical::quantile(u, &weights), k, "{u}");
    }
    let halves = [1.0, 1.0, 1.0, 1.0];
    for (u, k) in [(0.25, 0), (0.5, 1), (0.75, 2), (0.7500001, 3)] {
        assert_eq!(categorical::quantile(u, &halves), k, "{u}");
        assert_eq!(categorical::quantile_logits(u, &[7.0; 4]), k, "{u}");
    }
    // A category of probability 1e-18 is found at either end of the cube.
    assert_eq!(categorical::quantile(1e-19, &[1e-18, 1.0]), 0);
    assert_eq!(categorical::quantile(1e-17, &[1e-18, 1.0]), 1);
    assert_eq!(categorical::quantile_logits(1.0 - 1e-16, &[0.0, -30.0]), 1);
    let logits: Vec<f64> = weights.iter().map(|w: &f64| w.ln()).collect();
    let mut rng = keyed(5, Purpose::User, 0, 0);
    let mut counts = [[0.0; 6]; 2];
    for _ in 0..100_000 {
        counts[0][categorical::draw(&mut rng, &weights)] += 1.0;
        counts[1][categorical::draw_logits(&mut rng, &logits)] += 1.0;
    }
    for counts in counts {
        let chi: f64 = [1, 3, 4]
            .into_iter()
            .map(|k| (counts[k] - 12_500.0 * weights[k]).powi(2) / (12_500.0 * weights[k]))
            .sum();
        assert_eq!(
            counts.iter().sum::<f64>(),
            counts[1] + counts[3] + counts[4]
        );
        assert!(gamma_upper(1.0, chi / 2.0) > 1e-4, "{counts:?}");
    }
}

#[test]
fn uniform_order_statistics_have_their_moments() {
    const N: usize = 5;
    let n = N as f64;
    // The k-th of n is Beta(k, n + 1 − k); cov(j, k) = j (n + 1 − k)/((n + 1)²(n + 2)) for j ≤ k.
    let mean: Vec<f64> = (1..=N).map(|k| k as f64 / (n + 1.0)).collect();
    let covariance: Vec<f64> = (0..N * N)
        .map(|ij| {
            let (j, k) = ((ij / N).min(ij % N) + 1, (ij / N).max(ij % N) + 1);
            j as f64 * (n + 1.0 - k as f64) / ((n + 1.0) * (n + 1.0) * (n + 2.0))
        })
        .collect();
    let mut rng = keyed(6, Purpose::User, 0, 0);
    let mut u = [0.0; N];
    moments("uniform", &mean, &covariance, |v| {
        cube(&mut rng, &mut u);
        order_statistics::uniform(&u, v);
        assert!(v.is_sorted_by(|a, b| a < b) && v[0] > 0.0 && v[N - 1] < 1.0);
    });
}

/// Sorted independent draws are the oracle: each order statistic's mean, as the map from the cube has it.
fn against_sorting<F: Family<P>, const P: usize>(p: &[f64; P]) {
    const N: usize = 4;
    const DRAWS: usize = 40_000;
    let mut rng = keyed(8, Purpose::User, 0, 0);
    let (mut u, mut x) = ([0.0; N], [0.0; N]);
    let mut sums = [[0.0; N]; 4];
    for _ in 0..DRAWS {
        cube(&mut rng, &mut u);
        order_statistics::from_cube::<F, P>(&u, p, &mut x);
        assert!(x.is_sorted());
        let mut sorted: [f64; N] = std::array::from_fn(|_| F::draw(&mut rng, p));
        sorted.sort_by(f64::total_cmp);
        for k in 0..N {
            sums[0][k] += x[k];
            sums[1][k] += x[k] * x[k];
            sums[2][k] += sorted[k];
            sums[3][k] += sorted[k] * sorted[k];
        }
    }
    let count = DRAWS as f64;
    for k in 0..N {
        let [a, a2, b, b2] = sums.map(|s| s[k] / count);
        let z = (a - b) / ((a2 - a * a + b2 - b * b) / count).sqrt();
        assert!(
            z.abs() < 5.0,
            "{}: order statistic {k} is {z} standard errors off",
            F::NAME
        );
    }
}

#[test]
fn order_statistics_are_those_of_sorted_draws() {
    against_sorting::<Normal, 2>(&[3.0, 2.0]);
    against_sorting::<Gamma, 2>(&[0.5, 2.0]);
    against_sorting::<Beta, 2>(&[10.0, 3.0]);
    against_sorting::<Poisson, 1>(&[3.0]);
    // Values that round to one number stay apart.
    let mut x = [0.0; 4];
    order_statistics::from_cube::<Normal, 2>(&[0.5; 4], &[1e10, 1e-10], &mut x);
    assert!(x.is_sorted_by(|a, b| a < b), "{x:?}");
    order_statistics::from_cube::<Normal, 2>(&[1e-300; 4], &[0.0, 1.0], &mut x);
    assert!(x.is_sorted_by(|a, b| a < b) && x[0].is_finite(), "{x:?}");
}

#[test]
fn lkj_matches_the_reference() {
    for row in rows("lkj") {
        let (diagonal, eta) = (vector(&row["diagonal"]), number(&row["eta"]));
        let by_factor = row["by_factor"].as_bool().unwrap();
        let mut by_diagonal = vec![0.0; diagonal.len()];
        let (value, by_eta) = lkj::partials(&diagonal, eta, by_factor, &mut by_diagonal);
        assert_eq!(value, lkj::log_density(&diagonal, eta, by_factor));
        close(&row, "value", &[value], &[number(&row["value"])]);
        close(
            &row,
            "by diagonal",
            &by_diagonal,
            &vector(&row["by_diagonal"]),
        );
        close(&row, "by eta", &[by_eta], &vector(&row["by_eta"]));
    }
}

/// The map from the cube has the density: p(L(u))·|dL/du| = 1, by central differences.
#[test]
fn lkj_cube_map_has_the_density() {
    let mut rng = keyed(9, Purpose::User, 0, 0);
    for (n, eta) in [(2, 1.0), (2, 0.3), (3, 1.0), (3, 4.0), (4, 0.7), (5, 2.0)] {
        let free = n * (n - 1) / 2;
        let map = |u: &[f64]| {
            let (mut l, mut i) = (vec![0.0; n * n], 0);
            lkj::from_cube(
                eta,
                || {
                    i += 1;
                    u[i - 1]
                },
                &mut l,
                n,
            );
            l
        };
        let below = |l: &[f64]| -> Vec<f64> {
            (0..n)
                .flat_map(|i| (0..i).map(move |j| (i, j)))
                .map(|(i, j)| l[i * n + j])
                .collect()
        };
        for _ in 0..20 {
            let u: Vec<f64> = (0..free).map(|_| rng.random_range(0.1..0.9)).collect();
            let l = map(&u);
            let diagonal: Vec<f64> = (0..n).map(|i| l[i * n + i]).collect();
            let mut slope = DMatrix::<f64>::zeros(free, free);
            for j in 0..free {
                let (mut up, mut down) = (u.clone(), u.clone());
                up[j] += 1e-5;
                down[j] -= 1e-5;
                let (up, down) = (below(&map(&up)), below(&map(&down)));
                for i in 0..free {
                    slope[(i, j)] = (up[i] - down[i]) / 2e-5;
                }
            }
            let sum = lkj::log_density(&diagonal, eta, true) + slope.determinant().abs().ln();
            assert!(sum.abs() < 1e-6, "n = {n}, eta = {eta}: {sum} at {u:?}");
        }
    }
}

#[test]
fn lkj_cube_map_has_its_variance() {
    for (n, eta) in [(3_usize, 1.0), (4, 2.5)] {
        let mut rng = keyed(10, Purpose::User, n as u64, 0);
        let mut l = vec![0.0; n * n];
        let free = n * (n - 1) / 2;
        let mut covariance = vec![0.0; free * free];
        for i in 0..free {
            covariance[i * free + i] = (2.0 * eta + n as f64 - 1.0).recip();
        }
        moments("lkj", &vec![0.0; free], &covariance, |x| {
            lkj::from_cube(eta, || rng.sample(Open01), &mut l, n);
            let mut at = 0;
            for i in 0..n {
                for j in 0..i {
                    x[at] = (0..n).map(|k| l[i * n + k] * l[j * n + k]).sum();
                    at += 1;
                }
            }
        });
    }
}
