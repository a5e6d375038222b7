//! A Bayesian neural network by Stein variational inference: 50 hidden units, minibatches of 100, on the progression
//! of diabetes in 442 patients (`examples/data/README.md`).
//!
//! `cargo run --release --example bnn` fits one split of the data and draws what it predicts for patients that it has
//! not seen. With `-- compare 50 400` it prints the scores of ten splits, for `benches/peers/stein.py`: by 50 draws from
//! each particle a step, and 400 steps.

mod network;

use network::{NetworkDraw, network};
use ppl::Error;
use ppl::infer::svi::{Adagrad, Init};
use ppl::output::plot::{self, Series, layers, lines};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};
use ppl::real::Value;
use rand::seq::index;
use std::time::Instant;

const FEATURES: usize = 10;
const BATCH: usize = 100;
const PARTICLES: usize = 5;
const ELBO_DRAWS: usize = 50;
const STEPS: u64 = 400;

/// Rows and what is to be predicted, in units of their standard deviations.
struct Data {
    x: Vec<[f64; FEATURES]>,
    y: Vec<f64>,
}

/// One patient in ten is left out; the others give mean and standard deviation of each column. The last two numbers are
/// those of what is to be predicted.
fn split(table: &[[f64; FEATURES + 1]], number: usize) -> (Data, Data, [f64; 2]) {
    let is_test = |i: usize| (i * 7919 + 1009 * number) % table.len() < 44;
    let rows = |test: bool| (0..table.len()).filter(move |i| is_test(*i) == test);
    let n = rows(false).count() as f64;
    let column = |c: usize| rows(false).map(move |i| table[i][c]);
    let mean: [f64; FEATURES + 1] = std::array::from_fn(|c| column(c).sum::<f64>() / n);
    let sd: [f64; FEATURES + 1] = std::array::from_fn(|c| {
        let squares: f64 = column(c).map(|v| (v - mean[c]).powi(2)).sum();
        (squares / n).sqrt()
    });
    let scaled = |i: usize, c: usize| (table[i][c] - mean[c]) / sd[c];
    let data = |test| Data {
        x: rows(test)
            .map(|i| std::array::from_fn(|c| scaled(i, c)))
            .collect(),
        y: rows(test).map(|i| scaled(i, FEATURES)).collect(),
    };
    (data(false), data(true), [mean[FEATURES], sd[FEATURES]])
}

/// Some hundreds of random minibatches.
fn minibatches(data: &Data, seed: u64) -> Vec<Data> {
    let batch = |k: u64| {
        let rng = &mut keyed(seed, Purpose::User, k, 0);
        let rows = index::sample(rng, data.x.len(), BATCH).into_vec();
        Data {
            x: rows.iter().map(|i| data.x[*i]).collect(),
            y: rows.iter().map(|i| data.y[*i]).collect(),
        }
    };
    (0..400).map(batch).collect()
}

/// The mean that one draw predicts for a row, and its noise.
fn predict(draw: &NetworkDraw<FEATURES>, row: &[f64; FEATURES]) -> (f64, f64) {
    let plain = |x: f64| Real::<Value>::from(x);
    let weights = draw.nn_w1.map(|w| w.map(plain));
    let units = relu_all(&layer(&weights, row, &draw.nn_b1.map(plain)));
    let mean = dot(&units, &draw.nn_w2).value() + draw.nn_b2;
    let noise = 1.0 / draw.prec_obs.sqrt();
    (mean, noise)
}

/// What the draws predict: for each row the means, and for each draw the noise.
struct Prediction {
    means: Vec<Vec<f64>>,
    noise: Vec<f64>,
}

impl Prediction {
    fn of(draws: &Draws<NetworkDraw<FEATURES>>, rows: &[[f64; FEATURES]]) -> Self {
        let mean = |row: &[f64; FEATURES]| draws.iter().map(|d| predict(d, row).0).collect();
        Prediction {
            means: rows.iter().map(mean).collect(),
            noise: draws.iter().map(|d| 1.0 / d.prec_obs.sqrt()).collect(),
        }
    }
    fn mean(&self, row: usize) -> f64 {
        self.means[row].iter().sum::<f64>() / self.noise.len() as f64
    }
    fn sd(&self, row: usize) -> f64 {
        let centre = self.mean(row);
        let of_draw = |(m, s): (&f64, &f64)| (m - centre).powi(2) + s * s;
        let total: f64 = self.means[row].iter().zip(&self.noise).map(of_draw).sum();
        (total / self.noise.len() as f64).sqrt()
    }
    /// Root mean square error and mean log likelihood, in the units of the data.
    fn scores(&self, y: &[f64], unit: f64) -> (f64, f64) {
        let n = y.len() as f64;
        let squares: f64 = (0..y.len()).map(|i| (self.mean(i) - y[i]).powi(2)).sum();
        let log_likelihood = |i: usize| {
            let density = |(m, s): (&f64, &f64)| {
                (-0.5 * ((y[i] - m) / s).powi(2)).exp() / (s * std::f64::consts::TAU.sqrt())
            };
            let total: f64 = self.means[i].iter().zip(&self.noise).map(density).sum();
            (total / self.noise.len() as f64).ln() - unit.ln()
        };
        let log_likelihood: f64 = (0..y.len()).map(log_likelihood).sum();
        (unit * (squares / n).sqrt(), log_likelihood / n)
    }
}

/// What was predicted, the test data, the mean and standard deviation that they are in, the losses and the seconds.
type Fitted = (Prediction, Data, [f64; 2], Vec<f64>, f64);

/// Fits one split; gives what was predicted, the test data, the mean and standard deviation that they are in, the losses
/// and the seconds that it took.
fn fit(
    table: &[[f64; FEATURES + 1]],
    number: usize,
    (elbo_draws, steps): (usize, u64),
) -> Result<Fitted, Error> {
    let (train, test, units) = split(table, number);
    let seed = number as u64;
    let parts = minibatches(&train, seed);
    let weight = train.y.len() as f64 / BATCH as f64;
    let whole = network(&train.x, &train.y, 1.0);
    let batches: Vec<_> = parts.iter().map(|d| network(&d.x, &d.y, weight)).collect();
    let guide = AutoNormal::new().init(Init::uniform(0.1));
    let optimiser = Adagrad::new(1.0).momentum(0.9);
    let stein = SteinVi::new(&whole, guide, optimiser, RbfKernel::default())
        .particles(PARTICLES)
        .elbo_draws(elbo_draws)
        .minibatches(&batches);
    let begun = Instant::now();
    let fit = stein.run(steps, seed)?;
    let seconds = begun.elapsed().as_secs_f64();
    let prediction = Prediction::of(&fit.draws(500, seed)?, &test.x);
    Ok((prediction, test, units, fit.losses().to_vec(), seconds))
}

fn compare(table: &[[f64; FEATURES + 1]], settings: (usize, u64)) -> Result<(), Error> {
    println!("settings {PARTICLES} {} {}", settings.0, settings.1);
    for number in 0..10 {
        let (prediction, test, [_, unit], _, seconds) = fit(table, number, settings)?;
        let (rmse, log_likelihood) = prediction.scores(&test.y, unit);
        println!(
            "split {number} rmse {rmse:.4} log_likelihood {log_likelihood:.5} seconds {seconds:.2}"
        );
    }
    Ok(())
}

fn read() -> Vec<[f64; FEATURES + 1]> {
    let text = include_str!("../data/diabetes.csv");
    let row = |line: &str| {
        let mut numbers = line.split(',').map(|v| v.parse().unwrap_or(f64::NAN));
        std::array::from_fn(|_| numbers.next().unwrap_or(f64::NAN))
    };
    text.lines().skip(1).map(row).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let table = read();
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [what, settings @ ..] = &words[..]
        && what == "compare"
    {
        let settings = match settings {
            [draws, steps] => (draws.parse()?, steps.parse()?),
            _ => (ELBO_DRAWS, STEPS),
        };
        return Ok(compare(&table, settings)?);
    }
    let (prediction, test, [centre, unit], losses, seconds) = fit(&table, 0, (ELBO_DRAWS, STEPS))?;
    let (rmse, log_likelihood) = prediction.scores(&test.y, unit);
    let in_steps = 1e3 * seconds / STEPS as f64;
    println!(
        "{STEPS} steps of {PARTICLES} particles × {ELBO_DRAWS} draws: {in_steps:.1} ms a step"
    );
    println!("44 unseen patients: RMSE {rmse:.1}, log likelihood {log_likelihood:.3} a patient");
    let alone = test.y.iter().map(|y| y * y).sum::<f64>() / test.y.len() as f64;
    println!("the mean of the others has RMSE {:.1}", unit * alone.sqrt());

    // Patients in the order of what is predicted for them.
    let mut order: Vec<usize> = (0..test.y.len()).collect();
    order.sort_by(|i, j| prediction.mean(*i).total_cmp(&prediction.mean(*j)));
    let curve = |f: &dyn Fn(usize) -> f64| -> Vec<(f64, f64)> {
        let points = order.iter().enumerate();
        points.map(|(k, i)| (k as f64 + 1.0, f(*i))).collect()
    };
    let inside = (0..test.y.len())
        .filter(|i| (test.y[*i] - prediction.mean(*i)).abs() < 1.645 * prediction.sd(*i))
        .count();
    println!("{inside} of {} within the central 90 %", test.y.len());
    std::fs::create_dir_all("target/bnn")?;
    let band: Vec<(f64, f64, f64)> = order
        .iter()
        .zip(1..)
        .map(|(i, k)| {
            let (mean, reach) = (prediction.mean(*i), 1.645 * prediction.sd(*i));
            (
                f64::from(k),
                unit * (mean - reach) + centre,
                unit * (mean + reach) + centre,
            )
        })
        .collect();
    layers(
        "target/bnn/prediction.svg",
        "Progression of diabetes in 44 patients that the network has not seen",
        (
            "patient, in the order of what is predicted",
            "progression after a year",
        ),
        &[
            plot::Layer::Band {
                name: "central 90 % predicted",
                points: &band,
            },
            plot::Layer::Line {
                name: "mean predicted",
                points: &curve(&|i| unit * prediction.mean(i) + centre),
            },
            plot::Layer::Dots {
                name: "observed",
                points: &curve(&|i| unit * test.y[i] + centre),
            },
        ],
    )?;
    let losses: Vec<(f64, f64)> = losses
        .iter()
        .enumerate()
        .map(|(k, l)| (k as f64, *l))
        .collect();
    lines(
        "target/bnn/loss.svg",
        "Loss of the Stein mixture on minibatches of 100 patients",
        ("step", "negative bound, an estimate"),
        &[Series {
            name: "",
            points: &losses[20..],
        }],
    )?;
    println!("target/bnn/prediction.svg, target/bnn/loss.svg");
    Ok(())
}
