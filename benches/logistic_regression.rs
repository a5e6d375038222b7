//! Value and gradient of the 2,000 × 4 logistic regression against hand-written code for the same density, in one run:
//! `cargo bench --bench logistic_regression`.
//!
//! "scalar" is the loop that one would write; "lanes" is written by hand on the same array kernels that the library
//! uses, and is as fast as we know to make it.

use ppl::models::Evaluator;
use ppl::prelude::*;
use ppl::real::kernels;
use std::hint::black_box;
use std::time::Instant;

#[model]
fn logistic_regression(x: &[[f64; 3]], y: &[bool]) {
    let coefs: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 10.0));
    observe(
        y,
        each(x, |row| Bernoulli::logit(dot(&coefs, row) + intercept)),
    );
}

const SCALES: [f64; 4] = [1.0, 1.0, 1.0, 10.0];

fn prior(u: &[f64; 4], gradient: &mut [f64; 4]) -> f64 {
    let mut sum = 0.0;
    for k in 0..4 {
        let z = u[k] / SCALES[k];
        sum -= 0.5 * z * z + SCALES[k].ln() + 0.5 * std::f64::consts::TAU.ln();
        gradient[k] -= z / SCALES[k];
    }
    sum
}

fn scalar_value(x: &[[f64; 3]], y: &[bool], u: &[f64; 4]) -> f64 {
    let mut sum = prior(u, &mut [0.0; 4]);
    for (r, y) in x.iter().zip(y) {
        let logit = r[0] * u[0] + r[1] * u[1] + r[2] * u[2] + u[3];
        let z = if *y { logit } else { -logit };
        sum += z.min(0.0) - (-z.abs()).exp().ln_1p();
    }
    sum
}

fn scalar_gradient(x: &[[f64; 3]], y: &[bool], u: &[f64; 4], gradient: &mut [f64; 4]) -> f64 {
    *gradient = [0.0; 4];
    let mut sum = prior(u, gradient);
    for (r, y) in x.iter().zip(y) {
        let logit = r[0] * u[0] + r[1] * u[1] + r[2] * u[2] + u[3];
        let (z, sign) = if *y { (logit, 1.0) } else { (-logit, -1.0) };
        let e = (-z.abs()).exp();
        sum += z.min(0.0) - e.ln_1p();
        let slope = sign
            * if z >= 0.0 {
                e / (1.0 + e)
            } else {
                1.0 / (1.0 + e)
            };
        for k in 0..3 {
            gradient[k] += slope * r[k];
        }
        gradient[3] += slope;
    }
    sum
}

fn lanes(x: &[[f64; 3]], y: &[bool], u: &[f64; 4], gradient: Option<&mut [f64; 4]>) -> f64 {
    let (mut points, mut logits, mut slopes) = ([0.0; 64], [0.0; 64], [0.0; 64]);
    let mut g = [0.0; 4];
    let mut sum = prior(u, &mut g);
    for (x, y) in x.chunks(64).zip(y.chunks(64)) {
        let n = x.len();
        for i in 0..n {
            points[i] = f64::from(u8::from(y[i]));
            logits[i] = x[i][0] * u[0] + x[i][1] * u[1] + x[i][2] * u[2] + u[3];
        }
        if gradient.is_none() {
            sum += kernels::bernoulli_logit(&points[..n], &logits[..n]);
            continue;
        }
        sum += kernels::bernoulli_logit_partials(&points[..n], &logits[..n], &mut slopes[..n]);
        for i in 0..n {
            for k in 0..3 {
                g[k] += slopes[i] * x[i][k];
            }
            g[3] += slopes[i];
        }
    }
    if let Some(gradient) = gradient {
        *gradient = g;
    }
    sum
}

/// One way to evaluate.
type Candidate<'a> = (&'static str, Box<dyn FnMut() -> f64 + 'a>);

/// The median time of each candidate in µs, all taking turns.
fn medians(candidates: &mut [Candidate<'_>]) -> Vec<f64> {
    let mut times = vec![Vec::new(); candidates.len()];
    for _ in 0..101 {
        for (k, (_, f)) in candidates.iter_mut().enumerate() {
            let start = Instant::now();
            for _ in 0..50 {
                black_box(f());
            }
            times[k].push(start.elapsed().as_secs_f64() * 1e6 / 50.0);
        }
    }
    times
        .iter_mut()
        .map(|t| {
            t.sort_by(f64::total_cmp);
            t[t.len() / 2]
        })
        .collect()
}

fn main() {
    let x: Vec<[f64; 3]> = (0..2000)
        .map(f64::from)
        .map(|t| [1.5 * (0.37 * t).sin(), (0.73 * t).cos(), (1.1 * t).sin()])
        .collect();
    let y: Vec<bool> = (0..2000).map(|i| (i * 7919) % 13 < 6).collect();
    let u = [0.3, -0.4, 0.8, 0.1];
    let model = logistic_regression(&x, &y);
    let [mut value, mut cube, mut forward, mut reverse] = [(); 4].map(|()| Evaluator::new());
    let [mut g1, mut g2, mut g3, mut g4] = [[0.0; 4]; 4];
    let mut candidates: Vec<Candidate<'_>> = vec![
        (
            "value, scalar by hand",
            Box::new(|| scalar_value(&x, &y, black_box(&u))),
        ),
        (
            "value, lanes by hand",
            Box::new(|| lanes(&x, &y, black_box(&u), None)),
        ),
        (
            "value, model",
            Box::new(|| value.log_density(&model, black_box(&u)).total()),
        ),
        (
            "value on the cube, model",
            Box::new(|| cube.log_likelihood(&model, black_box(&[0.4; 4]))),
        ),
        (
            "gradient, scalar by hand",
            Box::new(|| scalar_gradient(&x, &y, black_box(&u), &mut g1)),
        ),
        (
            "gradient, lanes by hand",
            Box::new(|| lanes(&x, &y, black_box(&u), Some(&mut g2))),
        ),
        (
            "gradient, model",
            Box::new(|| model.log_density_and_gradient(&mut forward, black_box(&u), &mut g3)),
        ),
        (
            "gradient, model in reverse",
            Box::new(|| reverse.reverse(&model, black_box(&u), &mut g4)),
        ),
    ];
    let t = medians(&mut candidates);
    println!("| what | µs | against scalar by hand | against lanes by hand |");
    println!("|---|---|---|---|");
    for (k, (name, _)) in candidates.iter().enumerate() {
        let base = if k < 4 { 0 } else { 4 };
        println!(
            "| {name} | {:.2} | {:.2} | {:.2} |",
            t[k],
            t[k] / t[base],
            t[k] / t[base + 1]
        );
    }
}
