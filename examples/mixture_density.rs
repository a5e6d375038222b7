//! A posterior with two modes of different weight: a Stein mixture finds both, a single normal cannot.
//!
//! The square of x was measured, so that its sign is known from the prior alone.

use ppl::infer::svi::{CosineDecay, Init};
use ppl::output::plot::{Layer, layers};
use ppl::prelude::*;

#[model]
fn square(measured: f64) {
    let x: f64 = sample(Normal::new(0.4, 1.5));
    observe(measured, Normal::new(x * x, 1.0));
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let measured = 3.0;
    let model = square(measured);
    let adam = || {
        Adam::new(CosineDecay {
            initial: 0.05,
            last: 0.0,
            steps: 3000,
        })
    };
    let guide = || AutoNormal::new().init(Init::uniform(3.0)).init_scale(0.5);
    let one = Svi::new(&model, guide(), adam())
        .elbo_draws(10)
        .run(3000, 1)?;
    let kernel = RbfKernel::default();
    // Repulsion keeps the components' scales apart too: weak, it leaves the density smooth.
    let many = SteinVi::new(&model, guide(), adam(), kernel)
        .particles(20)
        .repulsion_temperature(0.1)
        .run(3000, 1)?;

    let grid: Vec<f64> = (0..=700).map(|i| f64::from(i) / 100.0 - 3.5).collect();
    let joint =
        |x: &f64| (-0.5 * ((x - 0.4) / 1.5).powi(2) - 0.5 * (measured - x * x).powi(2)).exp();
    let total: f64 = grid.iter().map(joint).sum::<f64>() / 100.0;
    let exact: Vec<(f64, f64)> = grid.iter().map(|x| (*x, joint(x) / total)).collect();
    let density = |log: &dyn Fn(&[f64]) -> f64| -> Vec<(f64, f64)> {
        grid.iter().map(|x| (*x, log(&[*x]).exp())).collect()
    };
    let below = |curve: &[(f64, f64)]| {
        curve
            .iter()
            .filter(|p| p.0 < 0.0)
            .map(|p| p.1 / 100.0)
            .sum::<f64>()
    };
    let mixture = density(&|x| many.log_density(x));
    let single = density(&|x| one.log_density(x));
    println!("P(x < 0): exactly {:.3}", below(&exact));
    println!(
        "          {:.3} by a Stein mixture of twenty normals",
        below(&mixture)
    );
    println!("          {:.3} by one normal", below(&single));

    std::fs::create_dir_all("target/mixture_density")?;
    layers(
        "target/mixture_density/posterior.svg",
        "What is known of x when its square was measured as 3",
        ("x", "posterior density"),
        &[
            Layer::Line {
                name: "Stein mixture of twenty normals",
                points: &mixture,
            },
            Layer::Line {
                name: "exact",
                points: &exact,
            },
            Layer::Line {
                name: "one normal",
                points: &single,
            },
        ],
    )?;
    println!("target/mixture_density/posterior.svg");
    Ok(())
}
