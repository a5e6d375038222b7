//! Student's sleep: ten patients, two drugs, the same questions asked of each drug by one submodel. Would a heavier tail
//! than the normal's predict better?
//!
//! Extra hours of sleep: "Student", "The probable error of a mean", Biometrika 6 (1908).

use ppl::prelude::*;

const FIRST: [f64; 10] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
const SECOND: [f64; 10] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

/// The effect of one drug, which it returns.
#[model]
fn drug(hours: &[f64], patients: &[Real], heavy: bool) -> f64 {
    let effect: f64 = sample(Normal::new(0.0, 3.0));
    let spread: f64 = sample(HalfNormal::new(2.0));
    plate(hours.len(), |i| {
        let mean = effect + patients[i];
        if heavy {
            observe(hours[i], StudentT::new(4.0, mean, spread));
        } else {
            observe(hours[i], Normal::new(mean, spread));
        }
    });
    effect
}

#[model]
fn sleep(first: &[f64], second: &[f64], heavy: bool) {
    let between: f64 = sample(HalfNormal::new(2.0));
    let patients: [f64; 10] = sample(Normal::new(0.0, between).iid());
    let a = submodel(drug(first, &patients, heavy));
    let b = submodel(drug(second, &patients, heavy));
    let better: f64 = deterministic(b - a);
}

fn main() -> Result<(), ppl::Error> {
    for heavy in [false, true] {
        let model = sleep(&FIRST, &SECOND, heavy);
        let run = Nuts::new(&model).seed(1).target_acceptance(0.95).run()?;
        let draws = run.draws();
        println!(
            "{}",
            if heavy {
                "Student's t with 4 degrees"
            } else {
                "normal"
            }
        );
        println!(
            "  drug 1: {:.2} h, spread {:.2}",
            draws.mean(|d| d.a.effect),
            draws.mean(|d| d.a.spread)
        );
        println!(
            "  drug 2: {:.2} h, spread {:.2}",
            draws.mean(|d| d.b.effect),
            draws.mean(|d| d.b.spread)
        );
        println!(
            "  the second is better with probability {:.3}",
            draws.mean(|d| d.better > 0.0)
        );
        println!("{}\n", model.log_likelihood(draws)?.loo());
    }
    Ok(())
}
