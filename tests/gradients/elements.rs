//! Elements of `each` are swept all at once where they wrote the same nodes: the gradient is that of forward mode, and
//! that of elements which differ.

use ppl::models::{Evaluator, Layout, Model};
use ppl::prelude::*;

fn wave(i: usize) -> f64 {
    ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0
}

/// 203 elements: three whole blocks and a part of one.
fn data() -> (Vec<[f64; 12]>, Vec<usize>, Vec<f64>) {
    let x = (0..203).map(|i| std::array::from_fn(|j| wave(12 * i + j)));
    let y = (0..203).map(|i| 2.0 * wave(5 * i + 1));
    (
        x.collect(),
        (0..203).map(|i| (i * i) % 3).collect(),
        y.collect(),
    )
}

fn modes_agree<M: Model>(model: &M) {
    let dim = Layout::of(model).expect("a layout").dim;
    let u: Vec<f64> = (0..dim).map(|i| 0.5 * wave(31 * i + 3)).collect();
    let mut e = Evaluator::new();
    let (mut forward, mut reverse) = (vec![0.0; dim], vec![0.0; dim]);
    let values = [
        e.forward::<8, _>(model, &u, &mut forward),
        e.reverse(model, &u, &mut reverse),
    ];
    assert!((values[0] - values[1]).abs() <= 1e-12 * values[0].abs());
    for (f, r) in forward.iter().zip(&reverse) {
        assert!((f - r).abs() <= 1e-12 * f.abs().max(100.0), "{f} {r}");
    }
}

/// All kinds of edges: to the same latent, to one of each element, runs of both, and within an element.
#[model]
fn alike(x: &[[f64; 12]], group: &[usize], y: &[f64]) {
    let slopes: [f64; 12] = sample(Normal::new(0.0, 1.0).iid());
    let weights: [[f64; 12]; 9] = sample(Normal::new(0.0, 1.0).iid().iid());
    let bias: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let output: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let level: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let spread: f64 = sample(HalfNormal::new(1.0));
    observe(
        y,
        each(x.iter().zip(group), |(row, g)| {
            let units = tanh_all(&layer(&weights, row, &bias));
            let bent = dot(&output, &units) * level[*g];
            let mean = dot(&slopes, row) + spread * level[*g] + bent;
            Normal::new(mean, spread * (0.1 * level[*g]).exp())
        }),
    );
}

/// Elements of two kinds, in no order.
#[model]
fn different(x: &[[f64; 12]], group: &[usize], y: &[f64]) {
    let slopes: [f64; 12] = sample(Normal::new(0.0, 1.0).iid());
    let level: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let spread: f64 = sample(HalfNormal::new(1.0));
    observe(
        y,
        each(x.iter().zip(group), |(row, g)| {
            let mean = match g {
                0 => {
                    // Not side by side.
                    let mut back = slopes;
                    back.reverse();
                    level[0] * spread + dot(&back, row)
                }
                1 => dot(&slopes, row) * level[1],
                _ => (level[2] - row[0]).exp() + dot(&slopes[..11], &row[1..]),
            };
            Normal::new(mean, spread)
        }),
    );
}

#[test]
fn elements_alike() {
    let (x, group, y) = data();
    modes_agree(&alike(&x, &group, &y));
}

#[test]
fn elements_that_differ() {
    let (x, group, y) = data();
    modes_agree(&different(&x, &group, &y));
}

/// An adjoint of zero has no effect, though the partial derivative beside it is infinite.
#[model]
fn roots(x: &[[f64; 12]], y: &[f64]) {
    let slopes: [f64; 12] = sample(Normal::new(0.0, 1.0).iid());
    observe(
        y,
        each(x, |row| {
            let zero = 0.0 * dot(&slopes, row);
            Normal::new(0.0 * (zero * zero).sqrt() + slopes[0], 1.0)
        }),
    );
}

#[test]
fn zero_times_infinity() {
    let (x, _, y) = data();
    let mut gradient = vec![0.0; 12];
    let u: Vec<f64> = (0..12).map(|i| 0.5 * wave(31 * i + 3)).collect();
    Evaluator::new().reverse(&roots(&x, &y), &u, &mut gradient);
    let want: f64 = y.iter().map(|y| y - u[0]).sum::<f64>() - u[0];
    assert!((gradient[0] - want).abs() < 1e-11, "{gradient:?} {want}");
    for (g, u) in gradient.iter().zip(&u).skip(1) {
        assert!((g + u).abs() < 1e-14, "{gradient:?}");
    }
}

/// Factors that are data, 0 and 1 among them, and numbers that a plate gave.
#[model]
fn dummies(groups: usize, x: &[[f64; 12]], group: &[usize], y: &[f64]) {
    let centre = sample(Normal::new(0.0, 1.0));
    let scale = sample(HalfNormal::new(1.0));
    let slopes: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let spread = sample(HalfNormal::new(1.0));
    let levels = plate(groups, |_| {
        let offset = sample(Normal::new(0.0, 1.0));
        let level: f64 = deterministic(centre + scale * offset);
        level
    });
    observe(
        y,
        each(0..y.len(), |i| {
            let floor = (i % 3) as f64;
            let trend = slopes[0] * x[i][0] + slopes[1] * floor / (1.0 + (i % 2) as f64);
            Normal::new(levels[group[i]] + trend, spread)
        }),
    );
}

#[test]
fn factors_of_zero_and_one() {
    let (x, group, y) = data();
    modes_agree(&dummies(9, &x, &group, &y));
}

/// Sites with few elements beside many older nodes: alike, of two kinds, and with a layer in each element.
#[model]
fn few_among_many(
    many: usize,
    x: &[[f64; 12]],
    group: &[usize],
    alike: &[f64],
    kinds: &[f64],
    layers: &[f64],
) {
    let slopes: [f64; 12] = sample(Normal::new(0.0, 1.0).iid());
    let weights: [[f64; 12]; 9] = sample(Normal::new(0.0, 1.0).iid().iid());
    let bias: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let output: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
    let spread = sample(HalfNormal::new(1.0));
    let levels = plate(many, |_| {
        let level = sample(Normal::new(0.0, 1.0));
        level
    });
    plate(3, |j| {
        let shift = sample(Normal::new(0.0, 1.0));
        let rows = || x.iter().zip(group).skip(20 * j).take(20);
        observe(
            alike[20 * j..20 * j + 20],
            each(rows(), |(row, g)| {
                let mean = shift * row[0] + levels[*g] * row[1] + dot(&slopes, row);
                Normal::new(mean + dot(&slopes[..3], &row[..3]), spread)
            }),
        );
        observe(
            kinds[20 * j..20 * j + 20],
            each(rows(), |(row, g)| {
                let mean = match g {
                    0 => shift * spread,
                    _ => (levels[*g] - row[0]).exp() + dot(&slopes, row),
                };
                Normal::new(mean, spread)
            }),
        );
        observe(
            layers[20 * j..20 * j + 20],
            each(rows(), |(row, g)| {
                let units = tanh_all(&layer(&weights, row, &bias));
                Normal::new(dot(&output, &units) * levels[*g], spread)
            }),
        );
    });
}

#[test]
fn few_elements_among_many_nodes() {
    let (x, group, y) = data();
    for many in [3, 60, 400] {
        let rows = (x[..80].to_vec(), &group[..80]);
        modes_agree(&few_among_many(many, &rows.0, rows.1, &y, &y, &y));
    }
}
