//! The fairness of a coin by a Stein mixture of beta distributions, whose exact posterior is known.

use ppl::infer::stein::MixtureGuidePredictive;
use ppl::output::plot::{Layer, layers};
use ppl::prelude::*;
use ppl::real::special::ln_beta;

const PARTICLES: usize = 5;

#[model]
fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(10.0, 10.0));
    observe(flips, Bernoulli::new(fairness).iid());
}

#[guide(coin)]
fn coin_guide() {
    let alpha: f64 = param(init(Uniform::new(5.0, 25.0)), Positive); // particles start apart
    let beta: f64 = param(init(Uniform::new(5.0, 25.0)), Positive);
    let fairness: f64 = sample(Beta::new(alpha, beta));
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let flips = [
        true, true, true, true, true, true, false, false, false, false,
    ];
    let model = coin(&flips);
    // A rate that falls lets the noise of the gradients average out; weak repulsion gives a smooth density.
    let rate = |step: u64| 0.05 * 0.998_f64.powi(step as i32);
    let stein = SteinVi::new(&model, coin_guide(), Adam::new(rate), RbfKernel::default());
    let fit = stein
        .particles(PARTICLES)
        .repulsion_temperature(0.1)
        .run(2500, 1)?;

    let sample = MixtureGuidePredictive::new(&fit)
        .draws(20_000)
        .sites(["fairness", "flips"])
        .run(2)?;
    let draws = sample.draws();
    let (mean, sd) = (draws.mean(|d| d.fairness), draws.sd(|d| d.fairness));
    println!("fairness {mean:.4} ± {sd:.4}, exactly 0.5333 ± 0.0896");
    for (k, parameter) in fit.params().iter().enumerate() {
        let values: Vec<String> = parameter
            .values
            .iter()
            .map(|v| format!("{:.1}", v[0]))
            .collect();
        println!(
            "{} {}: {}",
            if k == 0 { "components," } else { "           " },
            parameter.name,
            values.join("  ")
        );
    }
    let heads = sample.site("flips").unwrap_or(&[]).iter();
    let as_many = heads.filter(|row| row.iter().sum::<f64>() >= 6.0).count();
    println!(
        "six heads or more in ten new flips: {:.3}",
        as_many as f64 / draws.len() as f64
    );

    let grid: Vec<f64> = (1..400).map(|i| f64::from(i) / 400.0).collect();
    let learnt: Vec<(f64, f64)> = grid
        .iter()
        .map(|x| (*x, fit.log_density(&[*x]).exp()))
        .collect();
    // Beta(16, 14), normalised on the grid.
    let power: Vec<f64> = grid
        .iter()
        .map(|x| x.powi(15) * (1.0 - x).powi(13))
        .collect();
    let total: f64 = power.iter().sum::<f64>() / 400.0;
    let exact: Vec<(f64, f64)> = grid
        .iter()
        .zip(&power)
        .map(|(x, p)| (*x, p / total))
        .collect();
    std::fs::create_dir_all("target/coin")?;
    let component = |k: usize| -> Vec<(f64, f64)> {
        let [a, b] = [0, 1].map(|p| fit.params()[p].values[k][0]);
        let density =
            |x: f64| ((a - 1.0) * x.ln() + (b - 1.0) * (1.0 - x).ln() - ln_beta(a, b)).exp();
        grid.iter()
            .map(|x| (*x, density(*x) / PARTICLES as f64))
            .collect()
    };
    let components: Vec<_> = (0..PARTICLES).map(component).collect();
    let mut drawn: Vec<Layer<'_>> = components
        .iter()
        .enumerate()
        .map(|(k, points)| Layer::Thin {
            name: if k == 0 { "its components" } else { "" },
            points,
        })
        .collect();
    drawn.push(Layer::Line {
        name: "Stein mixture of five betas",
        points: &learnt,
    });
    drawn.push(Layer::Line {
        name: "exact",
        points: &exact,
    });
    layers(
        "target/coin/fairness.svg",
        "Fairness of a coin after six heads of ten",
        ("fairness", "posterior density"),
        &drawn,
    )?;
    println!("target/coin/fairness.svg");
    Ok(())
}
