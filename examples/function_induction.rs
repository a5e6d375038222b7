//! Which function made these data? A grammar of functions as a prior over programs, after the experiment on function
//! induction of Zhou, Yang, Teh & Rainforth (2020), "Divide, Conquer, and Combine".
//!
//! The grammar is e → x | x² | sin(a·e) | a·e + b·e, at most two rules deep: 74 programs. The data are thirty points of
//! their function, −x + 2 sin(5x²), with noise. Every program is a model of its own, with up to six latents.
//!
//!     cargo run --release --example function_induction

use ppl::infer::dcc::{NestedEvidence, NoUTurn, Scouted};
use ppl::infer::nested;
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};
use rand::RngExt;
use rand_distr::StandardNormal;

/// Points that are learnt from.
pub const POINTS: usize = 30;
/// The standard deviation of the noise.
pub const NOISE: f64 = 0.5;

/// A function of the grammar, at all points.
#[model]
pub fn expression(x: &[f64; POINTS], depth: usize) -> [f64; POINTS] {
    let rules = if depth > 0 {
        [0.3, 0.3, 0.2, 0.2]
    } else {
        [0.5, 0.5, 0.0, 0.0]
    };
    #[branch]
    let rule: usize = sample(Categorical::new(rules));
    match rule {
        0 => x.map(Real::from),
        1 => x.map(|x| Real::from(x * x)),
        2 => {
            let frequency: f64 = sample(HalfNormal::new(5.0));
            let inside = submodel(expression(x, depth - 1));
            inside.map(|v| (frequency * v).sin())
        }
        _ => {
            let a: f64 = sample(Normal::new(0.0, 2.0));
            let left = submodel(expression(x, depth - 1));
            let b: f64 = sample(Normal::new(0.0, 2.0));
            let right = submodel(expression(x, depth - 1));
            std::array::from_fn(|i| a * left[i] + b * right[i])
        }
    }
}

/// The data are the values of a function, with noise.
#[model]
pub fn curve(x: &[f64; POINTS], y: &[f64; POINTS], depth: usize) {
    let f = submodel(expression(x, depth));
    observe(y, Normal::new(&f, NOISE));
}

/// The function that made the data.
pub fn truth(x: f64) -> f64 {
    -x + 2.0 * (5.0 * x * x).sin()
}

/// The value of a drawn function at a point.
pub fn value(f: &ExpressionDraw, x: f64) -> f64 {
    match (&f.inside, &f.left, &f.right) {
        (Some(inside), ..) => (f.frequency.unwrap_or(f64::NAN) * value(inside, x)).sin(),
        (None, Some(left), Some(right)) => {
            let (a, b) = (f.a.unwrap_or(f64::NAN), f.b.unwrap_or(f64::NAN));
            a * value(left, x) + b * value(right, x)
        }
        _ if f.rule == 0 => x,
        _ => x * x,
    }
}

/// A drawn function in words, its numbers left out: `x + sin(x²)`.
pub fn words(f: &ExpressionDraw) -> String {
    match (&f.inside, &f.left, &f.right) {
        (Some(inside), ..) => format!("sin({})", words(inside)),
        (None, Some(left), Some(right)) => format!("{} + {}", words(left), words(right)),
        _ if f.rule == 0 => "x".to_string(),
        _ => "x²".to_string(),
    }
}

/// Whether some values of its numbers make it the true function: it must be a sum in which both terms are.
pub fn holds_the_truth(words: &str) -> bool {
    let terms: Vec<&str> = words.split(" + ").collect();
    terms.contains(&"x") && terms.contains(&"sin(x²)")
}

/// Whether sin(x²) is a term of it. Where the line beside it is a sine of x with a small frequency, it predicts the same.
pub fn has_the_wave(words: &str) -> bool {
    words.split(" + ").any(|term| term == "sin(x²)")
}

/// Thirty points of the true function on (−1, 1), with noise.
pub fn data() -> ([f64; POINTS], [f64; POINTS]) {
    let rng = &mut keyed(7, Purpose::User, 0, 0);
    let x: [f64; POINTS] = std::array::from_fn(|_| rng.random_range(-1.0..1.0));
    let y = x.map(|x| truth(x) + NOISE * rng.sample::<f64, _>(StandardNormal));
    (x, y)
}

/// Chains that begin where the density is large, since sines have many modes; evidences by nested sampling, which no mode
/// escapes.
pub fn induce(
    model: &Curve<'_>,
    draws: usize,
    live_points: usize,
    max_programs: usize,
) -> Result<DccRun<CurveDraw>, ppl::Error> {
    let evidence = NestedEvidence {
        settings: nested::Settings {
            live_points: Some(live_points),
            ..nested::Settings::default()
        },
    };
    let scouted = Scouted {
        points: 2000,
        radius: 3.0,
        kernel: NoUTurn,
    };
    let dcc = Dcc::new(model).seed(1).kernel(scouted).evidence(evidence);
    dcc.max_programs(max_programs)
        .warmup(draws)
        .draws(draws)
        .run()
}

/// Root mean square error of the posterior mean at points that were not learnt from, against the function itself.
pub fn error(draws: &[CurveDraw]) -> f64 {
    let squares = (0..200).map(|i| {
        let x = -0.995 + 0.01 * f64::from(i);
        let mean = draws.iter().map(|d| value(&d.f, x)).sum::<f64>() / draws.len() as f64;
        (mean - truth(x)).powi(2)
    });
    (squares.sum::<f64>() / 200.0).sqrt()
}

fn main() -> Result<(), ppl::Error> {
    let (x, y) = data();
    let model = curve(&x, &y, 2);
    let start = std::time::Instant::now();
    let run = induce(&model, 500, 400, 100)?;
    println!(
        "{} programs in {:.1} s; prior mass not explored: {:.0e}; ln Z = {}\n",
        run.programs().len() + run.failed().len(),
        start.elapsed().as_secs_f64(),
        run.unexplored().bound,
        run.log_evidence()
    );
    println!("{:<28} weight", "function");
    for p in run.programs().iter().take(8) {
        println!("{:<28} {}", words(&p.draws()[0].f), p.weight());
    }
    let found = run.weighted_draws();
    println!(
        "\nprobability of programs that hold −x + 2 sin(5x²): {:.4}; of a sum with sin(x²): {:.4}",
        found.mean(|d| holds_the_truth(&words(&d.f))),
        found.mean(|d| has_the_wave(&words(&d.f)))
    );

    let all = run.draws(2000, 1)?;
    println!(
        "error of the posterior mean: {:.3} (noise {NOISE})",
        error(all.as_slice())
    );
    let wrong = run
        .programs()
        .iter()
        .find(|p| !has_the_wave(&words(&p.draws()[0].f)));
    if let Some(p) = wrong {
        let error = error(p.draws().as_slice());
        println!(
            "that of the best program without the wave, {}: {error:.3}",
            words(&p.draws()[0].f)
        );
    }
    let best = &run.programs()[0];
    let frequency = |f: &ExpressionDraw| {
        let sides = [f.left.as_deref(), f.right.as_deref()];
        sides.into_iter().flatten().find_map(|side| side.frequency)
    };
    let known: Vec<f64> = best
        .draws()
        .iter()
        .filter_map(|d| frequency(&d.f))
        .collect();
    if !known.is_empty() {
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        println!(
            "frequency in {}: {mean:.2} (true: 5)",
            words(&best.draws()[0].f)
        );
    }
    Ok(())
}
