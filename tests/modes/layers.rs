//! Operations on whole arrays give what the same written out gives, in value and gradient.

use ppl::models::Evaluator;
use ppl::prelude::*;

#[model]
fn at_once(x: &[[f64; 3]], y: &[f64]) {
    let weights: [[f64; 3]; 5] = sample(Normal::new(0.0, 1.0).iid().iid());
    let bias: [f64; 5] = sample(Normal::new(0.0, 1.0).iid());
    let output: [f64; 5] = sample(Normal::new(0.0, 1.0).iid());
    observe(
        y,
        each(x, |row| {
            let units = tanh_all(&layer(&weights, row, &bias));
            let gates = sigmoid_all(&output);
            Normal::new(dot(&gates, &units), 0.7)
        }),
    );
}

#[model]
fn written_out(x: &[[f64; 3]], y: &[f64]) {
    let weights: [[f64; 3]; 5] = sample(Normal::new(0.0, 1.0).iid().iid());
    let bias: [f64; 5] = sample(Normal::new(0.0, 1.0).iid());
    let output: [f64; 5] = sample(Normal::new(0.0, 1.0).iid());
    observe(
        y,
        each(x, |row| {
            let mut mean = Real::from(0.0);
            for j in 0..5 {
                mean += output[j].sigmoid() * (dot(&weights[j], row) + bias[j]).tanh();
            }
            Normal::new(mean, 0.7)
        }),
    );
}

/// Two layers over all rows at once.
#[model]
fn deep(x: &[[f64; 3]], y: &[f64]) {
    let first: [[f64; 3]; 5] = sample(Normal::new(0.0, 1.0).iid().iid());
    let first_bias: [f64; 5] = sample(Normal::new(0.0, 1.0).iid());
    let second: [[f64; 5]; 9] = sample(Normal::new(0.0, 1.0).iid().iid());
    let second_bias: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let by_mean: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let by_spread: [f64; 5] = sample(Normal::new(0.0, 0.1).iid());
    let bias: f64 = sample(Normal::new(0.0, 1.0));
    let inner = tanh_all(&layer(&first, x, &first_bias));
    let outer = sigmoid_all(&layer(&second, &inner, &second_bias));
    let again = relu_all(&layer(&first, x, &first_bias));
    observe(
        y,
        StudentT::new(
            4.0,
            matvec(outer, &by_mean) + bias,
            matvec(again, &by_spread) + 2.0,
        ),
    );
}

#[model]
fn deep_by_row(x: &[[f64; 3]], y: &[f64]) {
    let first: [[f64; 3]; 5] = sample(Normal::new(0.0, 1.0).iid().iid());
    let first_bias: [f64; 5] = sample(Normal::new(0.0, 1.0).iid());
    let second: [[f64; 5]; 9] = sample(Normal::new(0.0, 1.0).iid().iid());
    let second_bias: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let by_mean: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let by_spread: [f64; 5] = sample(Normal::new(0.0, 0.1).iid());
    let bias: f64 = sample(Normal::new(0.0, 1.0));
    observe(
        y,
        each(x, |row| {
            let inner = tanh_all(&layer(&first, row, &first_bias));
            let mut mean = bias;
            for k in 0..9 {
                mean += by_mean[k] * (dot(&second[k], &inner) + second_bias[k]).sigmoid();
            }
            let again = relu_all(&layer(&first, row, &first_bias));
            StudentT::new(4.0, mean, dot(&by_spread, &again) + 2.0)
        }),
    );
}

/// A constant among the weights, and weights that are not side by side on the tape.
#[model]
fn mixed(y: f64) {
    let a: f64 = sample(Normal::new(0.0, 1.0));
    let b: f64 = sample(Normal::new(0.0, 1.0));
    let units = layer(&[[b, a], [Real::from(2.0), b * a]], &[0.5, -1.5], &[a, b]);
    let units = tanh_all(&[units[1], units[0]]);
    observe(y, Normal::new(units[0] - 0.3 * units[1], 1.0));
}

#[model]
fn mixed_written_out(y: f64) {
    let a: f64 = sample(Normal::new(0.0, 1.0));
    let b: f64 = sample(Normal::new(0.0, 1.0));
    let (first, second) = (0.5 * b - 1.5 * a + a, 1.0 - 1.5 * (b * a) + b);
    observe(y, Normal::new(second.tanh() - 0.3 * first.tanh(), 1.0));
}

fn same<A: Model, B: Model>(a: &A, b: &B, u: &[f64]) {
    let mut e = Evaluator::new();
    let [mut ra, mut rb, mut fa] = [(); 3].map(|()| vec![0.0; u.len()]);
    let (va, vb) = (e.reverse(a, u, &mut ra), e.reverse(b, u, &mut rb));
    assert!((va - vb).abs() <= 1e-13 * vb.abs());
    assert!((e.log_density(a, u).total() - vb).abs() <= 1e-13 * vb.abs());
    e.forward::<4, _>(a, u, &mut fa);
    let size = rb.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
    for ((ra, rb), fa) in ra.iter().zip(&rb).zip(&fa) {
        assert!((ra - rb).abs() <= 1e-13 * size && (fa - rb).abs() <= 1e-13 * size);
    }
}

#[test]
fn layers_and_maps() {
    let wave = |i: usize| ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0;
    for n in [1, 5, 70, 200] {
        let x: Vec<[f64; 3]> = (0..n)
            .map(|i| std::array::from_fn(|j| 2.0 * wave(3 * i + j)))
            .collect();
        let y: Vec<f64> = (0..n).map(|i| wave(5 * i)).collect();
        let u: Vec<f64> = (0..25).map(|i| wave(31 * i + 3)).collect();
        same(&at_once(&x, &y), &written_out(&x, &y), &u);
        let u: Vec<f64> = (0..89).map(|i| 0.3 * wave(17 * i + 5)).collect();
        same(&deep(&x, &y), &deep_by_row(&x, &y), &u);
    }
    same(&mixed(0.3), &mixed_written_out(0.3), &[0.4, -0.9]);
    same(&mixed(0.3), &mixed_written_out(0.3), &[1e-3, 2e-3]);
}

/// Arithmetic of a number with an array, in both orders, before and within the blocks of a site.
#[model]
fn arrays(x: &[[f64; 3]], y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    let spread: f64 = sample(HalfNormal::new(1.0));
    let raw: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let effects = mean + spread * raw;
    let ratios = (effects - spread) / mean.exp();
    let doubled = Real::from(2.0) * ratios;
    observe(
        y,
        each(x, |row| {
            let weights = (spread - doubled) * (mean + row[0]) + effects[1];
            Normal::new(dot(&weights, row) + dot(&effects, row), 1.5)
        }),
    );
}

#[model]
fn arrays_written_out(x: &[[f64; 3]], y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    let spread: f64 = sample(HalfNormal::new(1.0));
    let raw: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let effects = raw.map(|z| mean + spread * z);
    let doubled = effects.map(|x| 2.0 * ((x - spread) / mean.exp()));
    for i in 0..y.len() {
        let mut at = Real::from(0.0);
        for j in 0..3 {
            let weight = (spread - doubled[j]) * (mean + x[i][0]) + effects[1];
            at += (weight + effects[j]) * x[i][j];
        }
        observe(y[i], Normal::new(at, 1.5));
    }
}

#[test]
fn arithmetic_of_numbers_with_arrays() {
    for n in [0, 3, 16, 17, 64, 150] {
        let x: Vec<[f64; 3]> = (0..n)
            .map(|i| std::array::from_fn(|j| f64::from(3 * i + j as i32).sin()))
            .collect();
        let y: Vec<f64> = (0..n).map(|i| f64::from(i).cos()).collect();
        let u = &[0.4, -0.3, 1.1, -0.7, 0.2][..];
        let (a, b) = (arrays(&x, &y), arrays_written_out(&x, &y));
        let mut e = Evaluator::new();
        let [mut ra, mut rb, mut fa] = [(); 3].map(|()| vec![0.0; 5]);
        let (va, vb) = (e.reverse(&a, u, &mut ra), e.reverse(&b, u, &mut rb));
        e.forward::<5, _>(&a, u, &mut fa);
        assert!((va - vb).abs() <= 1e-12 * vb.abs());
        assert!((e.log_density(&a, u).total() - vb).abs() <= 1e-12 * vb.abs());
        let size = rb.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
        for ((ra, rb), fa) in ra.iter().zip(&rb).zip(&fa) {
            assert!((ra - rb).abs() <= 1e-12 * size && (fa - rb).abs() <= 1e-12 * size);
        }
    }
}

#[model]
fn constants_at_once(scale: &[f64], y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, each(scale, |s| Normal::new(mean, *s)));
}

#[model]
fn constants_one_by_one(scale: &[f64], y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    for i in 0..y.len() {
        observe(y[i], Normal::new(mean, scale[i]));
    }
}

/// A constant parameter of `each` may be the same for all, change between blocks, within one, or all the time.
#[test]
fn constants_that_change_along_the_elements() {
    let scales: [fn(usize) -> f64; 5] = [
        |_| 1.5,
        |i| if i < 64 { 1.0 } else { 2.0 },
        |i| if i == 70 { 0.5 } else { 3.0 },
        |i| if i < 5 { 1.0 } else { 1.0 + i as f64 },
        |i| 1.0 + (i % 2) as f64,
    ];
    for n in [1, 7, 16, 17, 64, 65, 200] {
        let y: Vec<f64> = (0..n).map(|i| (i as f64).sin()).collect();
        for scale in scales {
            let scale: Vec<f64> = (0..n).map(scale).collect();
            let (a, b) = (
                constants_at_once(&scale, &y),
                constants_one_by_one(&scale, &y),
            );
            same(&a, &b, &[0.4]);
        }
    }
}

#[model]
fn rows(x: &[[f64; 9]], y: &[f64]) {
    let slopes: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let level: f64 = sample(Normal::new(0.0, 1.0));
    let scale: f64 = sample(HalfNormal::new(1.0));
    observe(
        y,
        each(x, |row| Normal::new(dot(&slopes, row) + level, scale)),
    );
}

#[model]
fn rows_of_an_iterator(x: &[[f64; 9]], y: &[f64]) {
    let slopes: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let level: f64 = sample(Normal::new(0.0, 1.0));
    let scale: f64 = sample(HalfNormal::new(1.0));
    observe(
        y,
        each(x.iter(), |row| {
            Normal::new(dot(&slopes, row) + level, scale)
        }),
    );
}

#[test]
fn rows_at_once_and_one_by_one() {
    let wave = |i: usize| ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0;
    for n in [0, 1, 8, 63, 64, 65, 300] {
        let x: Vec<[f64; 9]> = (0..n)
            .map(|i| std::array::from_fn(|j| 2.0 * wave(9 * i + j)))
            .collect();
        let y: Vec<f64> = (0..n).map(|i| wave(5 * i)).collect();
        let u: Vec<f64> = (0..11).map(|i| wave(31 * i + 3)).collect();
        same(&rows(&x, &y), &rows_of_an_iterator(&x, &y), &u);
    }
}
