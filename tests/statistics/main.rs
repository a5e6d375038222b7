//! Sites that are scored from statistics of their data have the density and the gradient of the same sites scored datum by datum, and
//! what can't be scored so is not.

mod arguments;
mod known_scales;
mod products;
mod values;

use ppl::models::Evaluator;
use ppl::prelude::*;

/// The same data as an argument that is not only numbers, which keeps a model from having statistics.
struct Data {
    group: Vec<usize>,
    x: Vec<[f64; 3]>,
    y: Vec<f64>,
}

fn wave(i: usize) -> f64 {
    ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0
}

fn data(n: usize, groups: usize, middle: f64) -> Data {
    Data {
        group: (0..n).map(|i| (i * 31) % groups).collect(),
        x: (0..n)
            .map(|i| [1.0, f64::from(u8::from(i % 3 == 0)), 2.5 * wave(i + 5)])
            .collect(),
        y: (0..n).map(|i| middle + 1.3 * wave(7 * i)).collect(),
    }
}

/// The density and the gradients of both modes agree at several points.
fn agree(a: &impl Model, b: &impl Model, sites: usize, dim: usize, middle: f64, tolerance: f64) {
    let reduced = a.statistics().into_iter().flatten().flatten();
    assert_eq!(reduced.count(), sites, "sites with statistics");
    assert!(b.statistics().is_none(), "statistics of both");
    let (mut e, mut f) = (Evaluator::new(), Evaluator::new());
    let [mut g, mut h] = [(); 2].map(|()| vec![0.0; dim]);
    let close = |a: f64, b: f64, what: &str| {
        let apart = (a - b).abs();
        assert!(apart <= tolerance * (1.0 + b.abs()), "{what}: {a} and {b}");
    };
    for k in 0..4 {
        let u: Vec<f64> = (0..dim)
            .map(|i| {
                if i < 2 {
                    0.4 * wave(3 * i + k)
                } else {
                    middle + 0.6 * wave(5 * i + 11 * k)
                }
            })
            .collect();
        close(
            e.log_density(a, &u[..]).total(),
            f.log_density(b, &u[..]).total(),
            "value",
        );
        let (x, y) = (e.reverse(a, &u, &mut g), f.reverse(b, &u, &mut h));
        close(x, y, "value in reverse mode");
        for (a, b) in g.iter().zip(&h) {
            close(*a, *b, "derivative in reverse mode");
        }
        let (x, y) = (
            e.forward::<8, _>(a, &u, &mut g),
            f.forward::<8, _>(b, &u, &mut h),
        );
        close(x, y, "value in forward mode");
        for (a, b) in g.iter().zip(&h) {
            close(*a, *b, "derivative in forward mode");
        }
    }
}

#[model]
fn groups(group: &[usize], y: &[f64]) {
    let scale: f64 = sample(HalfNormal::new(2.0));
    let spread: f64 = sample(HalfNormal::new(2.0));
    let theta: [f64; 9] = sample(Normal::new(0.0, 1e7).iid());
    observe(y, each(group, |g| Normal::new(theta[*g], scale * spread)));
    let again = y;
    observe(again, each(group, |g| Normal::new(theta[*g], spread)));
}
#[model]
fn groups_by_datum(data: &Data) {
    let scale: f64 = sample(HalfNormal::new(2.0));
    let spread: f64 = sample(HalfNormal::new(2.0));
    let theta: [f64; 9] = sample(Normal::new(0.0, 1e7).iid());
    observe(
        data.y,
        each(&data.group, |g| Normal::new(theta[*g], scale * spread)),
    );
    let again = &data.y;
    observe(again, each(&data.group, |g| Normal::new(theta[*g], spread)));
}

#[test]
fn groups_of_data() {
    let d = data(500, 9, 0.0);
    agree(
        &groups(&d.group, &d.y),
        &groups_by_datum(&d),
        1,
        11,
        0.0,
        1e-12,
    );
}

/// Numbers around a million with a spread of one: nothing cancels that does not cancel datum by datum.
#[test]
fn far_from_zero() {
    let d = data(500, 9, 1e6);
    agree(
        &groups(&d.group, &d.y),
        &groups_by_datum(&d),
        1,
        11,
        1e6,
        1e-10,
    );
}

#[model]
fn regression(x: &[[f64; 3]], y: &[f64], offset: f64) {
    let scale: f64 = sample(HalfNormal::new(2.0));
    let other: f64 = sample(HalfNormal::new(2.0));
    let beta: [f64; 3] = sample(Normal::new(0.0, 10.0).iid());
    observe(
        y,
        each(x, |row| Normal::new(dot(&beta, row) / 2.0 - offset, scale)),
    );
    let again = y;
    observe(again, Normal::new(matvec(x, &beta) + offset, other));
    let alike = y;
    observe(alike, Normal::new(beta[0] - 2.0 * beta[1], other).iid());
}
#[model]
fn regression_by_datum(data: &Data, offset: f64) {
    let scale: f64 = sample(HalfNormal::new(2.0));
    let other: f64 = sample(HalfNormal::new(2.0));
    let beta: [f64; 3] = sample(Normal::new(0.0, 10.0).iid());
    observe(
        data.y,
        each(&data.x, |row| {
            Normal::new(dot(&beta, row) / 2.0 - offset, scale)
        }),
    );
    let again = &data.y;
    observe(again, Normal::new(matvec(&data.x, &beta) + offset, other));
    let alike = &data.y;
    observe(alike, Normal::new(beta[0] - 2.0 * beta[1], other).iid());
}

#[test]
fn linear_regression() {
    for n in [40, 41, 300] {
        let d = data(n, 1, 0.7);
        let (a, b) = (regression(&d.x, &d.y, 0.3), regression_by_datum(&d, 0.3));
        agree(&a, &b, 3, 5, 0.0, 1e-12);
    }
}

/// More pivots than a block has, of groups that follow each other in no order.
#[model]
fn slopes(group: &[usize], x: &[[f64; 3]], y: &[f64]) {
    let scale: f64 = sample(HalfNormal::new(2.0));
    let spread: f64 = sample(HalfNormal::new(2.0));
    let alpha: Vec<f64> = sample(Normal::new(0.0, spread).iid_n(70));
    let beta: Vec<f64> = sample(Normal::new(0.0, 1.0).iid_n(70));
    observe(
        y,
        each(0..y.len(), |i| {
            let g = group[i];
            Normal::new(alpha[g] + beta[g] * x[i][2] + 0.5 * x[i][1], scale)
        }),
    );
}
#[model]
fn slopes_by_datum(data: &Data) {
    let scale: f64 = sample(HalfNormal::new(2.0));
    let spread: f64 = sample(HalfNormal::new(2.0));
    let alpha: Vec<f64> = sample(Normal::new(0.0, spread).iid_n(70));
    let beta: Vec<f64> = sample(Normal::new(0.0, 1.0).iid_n(70));
    observe(
        data.y,
        each(0..data.y.len(), |i| {
            let g = data.group[i];
            Normal::new(
                alpha[g] + beta[g] * data.x[i][2] + 0.5 * data.x[i][1],
                scale,
            )
        }),
    );
}

#[test]
fn many_groups() {
    let d = data(900, 70, 0.2);
    agree(
        &slopes(&d.group, &d.x, &d.y),
        &slopes_by_datum(&d),
        1,
        142,
        0.0,
        1e-12,
    );
}

/// A scale for each group.
#[model]
fn scales(group: &[usize], y: &[f64]) {
    let scale: [f64; 12] = sample(HalfNormal::new(2.0).iid());
    let mean: f64 = sample(Normal::new(0.0, 10.0));
    observe(y, each(group, |g| Normal::new(mean, scale[*g])));
}
#[model]
fn scales_by_datum(data: &Data) {
    let scale: [f64; 12] = sample(HalfNormal::new(2.0).iid());
    let mean: f64 = sample(Normal::new(0.0, 10.0));
    observe(data.y, each(&data.group, |g| Normal::new(mean, scale[*g])));
}

#[test]
fn scales_of_groups() {
    let d = data(200, 12, 0.2);
    agree(
        &scales(&d.group, &d.y),
        &scales_by_datum(&d),
        1,
        13,
        0.0,
        1e-12,
    );
}
