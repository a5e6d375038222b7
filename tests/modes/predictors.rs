//! Predictors give what `each` with the same arithmetic gives, in value and gradient, and say what is wrong with them.

use ppl::models::{Evaluator, Model};
use ppl::prelude::*;

struct Data {
    group: Vec<usize>,
    x: Vec<f64>,
    z: Vec<f64>,
    y: Vec<f64>,
    counts: Vec<usize>,
    won: Vec<usize>,
    wild: Vec<f64>,
    trials: Vec<usize>,
}

fn wave(i: usize) -> f64 {
    ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0
}

impl Data {
    fn new(n: usize, group: impl Fn(usize) -> usize) -> Self {
        Data {
            group: (0..n).map(group).collect(),
            x: (0..n).map(|i| 2.0 * wave(3 * i)).collect(),
            z: (0..n).map(|i| wave(5 * i + 1)).collect(),
            y: (0..n).map(|i| wave(11 * i + 2)).collect(),
            counts: (0..n).map(|i| i % 4).collect(),
            won: (0..n).map(|i| i * i % 4).collect(),
            wild: (0..n).map(|i| 3.0 * wave(13 * i)).collect(),
            trials: (0..n).map(|i| 3 + i % 3).collect(),
        }
    }
}

#[model]
fn at_once(data: &Data) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    let spread: f64 = sample(HalfNormal::new(1.0));
    let slopes: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let effects = plate(200, |_| {
        let effect: f64 = sample(Normal::new(0.0, 1.0));
        effect
    });
    let Data { group, x, z, .. } = data;
    let varying = gather(&effects, group) * spread;
    let line = varying + mean + slopes[0] * x - slopes[1] * z;
    observe(&data.y, Normal::new(line, spread));
    observe(&data.counts, Poisson::new((0.3 * line - 0.5).exp()));
    let logit = 0.5 - gather(&effects, group) * x + z;
    observe(&data.won, Binomial::logit(&data.trials, logit));
    let scale = 2.0 * (-(spread * gather(&effects, group))).exp();
    observe(&data.wild, StudentT::new(4.0, z * line, scale));
}

#[model]
fn written_out(data: &Data) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    let spread: f64 = sample(HalfNormal::new(1.0));
    let slopes: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let effects = plate(200, |_| {
        let effect: f64 = sample(Normal::new(0.0, 1.0));
        effect
    });
    for i in 0..data.y.len() {
        let (x, z, effect) = (data.x[i], data.z[i], effects[data.group[i]]);
        let line = effect * spread + mean + slopes[0] * x - slopes[1] * z;
        observe(data.y[i], Normal::new(line, spread));
        observe(data.counts[i], Poisson::new((0.3 * line - 0.5).exp()));
        let logit = 0.5 - effect * x + z;
        observe(data.won[i], Binomial::logit(data.trials[i], logit));
        let scale = 2.0 * (-(spread * effect)).exp();
        observe(data.wild[i], StudentT::new(4.0, z * line, scale));
    }
}

fn same<A: Model, B: Model>(a: &A, b: &B, u: &[f64]) {
    let mut e = Evaluator::new();
    let [mut ra, mut rb, mut fa] = [(); 3].map(|()| vec![0.0; u.len()]);
    let (va, vb) = (e.reverse(a, u, &mut ra), e.reverse(b, u, &mut rb));
    assert!(va.is_finite() && (va - vb).abs() <= 1e-12 * vb.abs());
    assert!((e.log_density(a, u).total() - vb).abs() <= 1e-12 * vb.abs());
    e.forward::<8, _>(a, u, &mut fa);
    let size = rb.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
    for ((ra, rb), fa) in ra.iter().zip(&rb).zip(&fa) {
        assert!((ra - rb).abs() <= 1e-12 * size && (fa - rb).abs() <= 1e-12 * size);
    }
}

/// Groups in order, in disorder within few and within many, and one alone.
#[test]
fn as_written_out() {
    let u: Vec<f64> = (0..204).map(|i| 0.7 * wave(31 * i + 3)).collect();
    let groups: [fn(usize) -> usize; 5] = [
        |i| i / 9,
        |i| i * 7 % 13,
        |i| i * 37 % 100,
        |i| i * 53 % 200,
        |_| 199,
    ];
    for n in [1, 2, 8, 63, 64, 65, 200] {
        for group in groups {
            let data = Data::new(n, group);
            same(&at_once(&data), &written_out(&data), &u);
        }
    }
}

#[model]
fn vectors(rows: &[[f64; 2]], x: &[f64; 3], y: &[f64]) {
    let slopes: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let levels: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let by_rows = matvec(rows, &slopes) + 0.5;
    let mean = by_rows + gather(&levels, &[2, 0, 2]) + &levels - x * slopes[1];
    observe(y, Normal::new(mean, 1.5));
}

#[model]
fn vectors_written_out(rows: &[[f64; 2]], x: &[f64; 3], y: &[f64]) {
    let slopes: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let levels: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    for (i, level) in [2, 0, 2].into_iter().enumerate() {
        let row = dot(&slopes, &rows[i]) + 0.5;
        let mean = row + levels[level] + levels[i] - x[i] * slopes[1];
        observe(y[i], Normal::new(mean, 1.5));
    }
}

#[test]
fn vectors_and_products_with_a_matrix() {
    let rows = [[1.0, -0.5], [0.2, 2.0], [-1.5, 0.3]];
    let (x, y) = ([0.3, -1.0, 2.0], [0.1, 0.9, -1.2]);
    let u = [0.4, -0.3, 1.1, -0.7, 0.2];
    same(
        &vectors(&rows, &x, &y),
        &vectors_written_out(&rows, &x, &y),
        &u,
    );
}

/// Each datum of a predictor's site has its own log likelihood.
#[test]
fn single_data() {
    let rows = [[1.0, -0.5], [0.2, 2.0], [-1.5, 0.3]];
    let (x, y) = ([0.3, -1.0, 2.0], [0.1, 0.9, -1.2]);
    let model = vectors(&rows, &x, &y);
    let run = Nuts::new(&model)
        .chains(1)
        .warmup(50)
        .draws(5)
        .seed(1)
        .run();
    let run = run.unwrap_or_else(|e| panic!("{e}"));
    let all = model.log_likelihood(run.draws());
    let all = all.unwrap_or_else(|e| panic!("{e}"));
    for (k, draw) in run.draws().iter().enumerate() {
        for (i, ours) in all.sites()[0].draw(k).iter().enumerate() {
            let row = draw.slopes[0] * rows[i][0] + draw.slopes[1] * rows[i][1] + 0.5;
            let mean = row + draw.levels[[2, 0, 2][i]] + draw.levels[i] - x[i] * draw.slopes[1];
            let z = (y[i] - mean) / 1.5;
            let by_hand = -0.5 * z * z - (1.5 * std::f64::consts::TAU.sqrt()).ln();
            assert!((ours - by_hand).abs() < 1e-12, "{ours} {by_hand}");
        }
    }
    assert_eq!(all.data(), 3);
}

#[model]
fn indices(group: &[usize], x: &[f64], y: &[f64]) {
    let effects: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let slope: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(gather(&effects, group) + slope * x, 1.0));
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused =
        |group: &[usize], x: &[f64], y: &[f64]| match Nuts::new(&indices(group, x, y)).run() {
            Ok(_) => panic!("{group:?} {x:?} {y:?} was taken"),
            Err(e) => e.to_string(),
        };
    let message = refused(&[0, 1, 3], &[0.0; 3], &[0.0; 3]);
    assert!(
        message.contains("`gather` of 3 elements: index [2] is 3"),
        "{message}"
    );
    let message = refused(&[0, 1], &[0.0; 3], &[0.0; 3]);
    assert!(message.contains("a sum of 2 and 3 elements"), "{message}");
    let message = refused(&[0, 1, 2], &[0.0; 3], &[0.0; 2]);
    assert!(message.contains('2') && message.contains('3'), "{message}");
}
