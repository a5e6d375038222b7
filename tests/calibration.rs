//! Simulation-based calibration of the engines on six models.

use ppl::Error;
use ppl::infer::calibration::{
    Quantities, Settings, Simulated, long_enough, nested_columns, nuts_columns, prior_and_data, sbc,
};
use ppl::prelude::*;
use ppl::random::Rng;

#[model]
fn location(y: &[f64]) {
    let mean = sample(Normal::new(1.0, 2.0));
    observe(y, Normal::new(mean, 1.5).iid());
}

#[model]
fn location_and_scale(y: &[f64]) {
    let mean = sample(Normal::new(0.0, 3.0));
    let scale = sample(Gamma::new(3.0, 2.0));
    observe(y, Normal::new(mean, scale).iid());
}

#[model]
fn coin(flips: &[bool]) {
    let fairness = sample(Beta::new(2.0, 3.0));
    observe(flips, Bernoulli::new(fairness).iid());
}

const X: [[f64; 2]; 12] = [
    [-1.5, 0.3],
    [-1.2, -0.8],
    [-0.9, 1.1],
    [-0.7, 0.2],
    [-0.4, -1.3],
    [-0.1, 0.6],
    [0.2, -0.5],
    [0.5, 1.4],
    [0.7, -0.2],
    [1.0, 0.9],
    [1.3, -1.1],
    [1.6, 0.4],
];

#[model]
fn logistic(y: &[bool; 12]) {
    let slopes: [f64; 2] = sample(Normal::new(0.0, 1.5).iid());
    let intercept = sample(Normal::new(0.0, 1.0));
    observe(y, Bernoulli::logit(matvec(&X, &slopes) + intercept));
}

#[model]
fn counts(y: &[usize]) {
    let shape = sample(Gamma::new(4.0, 2.0));
    let rate = sample(Gamma::new(shape, 0.5));
    observe(y, Poisson::new(rate).iid());
}

#[model]
fn schools(y: &[f64; 5]) {
    let mean = sample(Normal::new(0.0, 2.0));
    let spread = sample(HalfNormal::new(2.0));
    let offsets: [f64; 5] = sample(Normal::new(0.0, 1.0).iid());
    let effects: [f64; 5] = deterministic(offsets.map(|z| mean + spread * z));
    observe(y, Normal::new(&effects, 1.5));
}

fn by_nuts<M: Model + Sync>(
    settings: &Settings,
    model: &M,
    seed: u64,
    quantities: impl Fn(&M::Draw) -> Vec<f64>,
) -> Result<Quantities, Error> {
    long_enough(settings.draws, 400, |draws| {
        let nuts = Nuts::new(model).seed(seed).chains(2).warmup(500);
        let run = nuts.target_acceptance(0.9).draws(draws).run()?;
        Ok(nuts_columns(&run, &quantities))
    })
}

#[derive(Copy, Clone, Debug, PartialEq)]
enum Engine {
    Nuts,
    Nested,
}

/// Calibrates an engine on a model: a model of the right shape, its quantities, and the model of simulated data.
macro_rules! calibrate {
    ($settings:expr, $engine:expr, $shape:expr, $quantities:expr, |$data:ident| $y:ident = $numbers:expr, $model:expr) => {{
        let (settings, engine) = ($settings, $engine);
        let shape = $shape;
        let truth = |rng: &mut Rng| {
            let (draw, data) = prior_and_data(&shape, rng);
            ($quantities(&draw), data)
        };
        let fit = |$data: &Simulated, seed: u64| -> Result<Quantities, Error> {
            let $y = $numbers;
            let model = $model;
            match engine {
                Engine::Nuts => by_nuts(settings, &model, seed, $quantities),
                Engine::Nested => {
                    let run = NestedSampler::new(&model)
                        .seed(seed)
                        .live_points(60)
                        .run()?;
                    nested_columns(&run, settings.draws, seed, $quantities)
                }
            }
        };
        (stringify!($quantities), sbc(settings, truth, fit))
    }};
}

fn bools(x: Vec<f64>) -> Vec<bool> {
    x.into_iter().map(|x| x != 0.0).collect()
}

fn counted(x: Vec<f64>) -> Vec<usize> {
    x.into_iter().map(|x| x as usize).collect()
}

fn array<T: std::fmt::Debug, const N: usize>(x: Vec<T>) -> [T; N] {
    x.try_into().expect("data of the model's shape")
}

fn six_models(engine: Engine, replications: usize) {
    let settings = &Settings {
        seed: 11,
        replications,
        draws: 49,
        ..Settings::default()
    };
    let all = [
        calibrate!(
            settings,
            engine,
            location(&[0.0; 6]),
            |d: &LocationDraw| vec![d.mean],
            |data| y = data.numbers("y"),
            location(&y)
        ),
        calibrate!(
            settings,
            engine,
            location_and_scale(&[0.0; 6]),
            |d: &LocationAndScaleDraw| vec![d.mean, d.scale],
            |data| y = data.numbers("y"),
            location_and_scale(&y)
        ),
        calibrate!(
            settings,
            engine,
            coin(&[false; 7]),
            |d: &CoinDraw| vec![d.fairness],
            |data| flips = bools(data.numbers("flips")),
            coin(&flips)
        ),
        calibrate!(
            settings,
            engine,
            logistic(&[false; 12]),
            |d: &LogisticDraw| vec![d.slopes[0], d.slopes[1], d.intercept],
            |data| y = array(bools(data.numbers("y"))),
            logistic(&y)
        ),
        calibrate!(
            settings,
            engine,
            counts(&[0; 4]),
            |d: &CountsDraw| vec![d.shape, d.rate],
            |data| y = counted(data.numbers("y")),
            counts(&y)
        ),
        calibrate!(
            settings,
            engine,
            schools(&[0.0; 5]),
            |d: &SchoolsDraw| vec![d.mean, d.spread, d.effects[0], d.effects[4]],
            |data| y = array(data.numbers("y")),
            schools(&y)
        ),
    ];
    for (quantities, calibration) in all {
        let c = calibration.unwrap_or_else(|e| panic!("{engine:?}, {quantities}: {e}"));
        println!("{engine:?}, {quantities}\n{c}");
        assert!(c.p_value() > 1e-4, "{engine:?}, {quantities}\n{c}");
    }
}

#[test]
fn nuts() {
    six_models(Engine::Nuts, 100);
}

#[test]
fn nested_sampling() {
    six_models(Engine::Nested, 100);
}

#[test]
#[ignore = "minutes"]
fn nuts_at_length() {
    six_models(Engine::Nuts, 1000);
}

#[test]
#[ignore = "minutes"]
fn nested_sampling_at_length() {
    six_models(Engine::Nested, 1000);
}
