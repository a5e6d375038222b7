//! Ozone over New York in May 1973, explained by sun, wind and warmth, where some days' sunshine was not measured: the
//! missing days are latents, informed by the ozone of the day.
//!
//! Chambers, Cleveland, Kleiner & Tukey, "Graphical Methods for Data Analysis" (1983), in the version of R's
//! `airquality`. Ozone in parts per billion, solar radiation in Langleys, wind in miles an hour.

use ppl::prelude::*;

const NONE: f64 = f64::NAN;
const OZONE: [f64; 31] = [
    41., 36., 12., 18., NONE, 28., 23., 19., 8., NONE, 7., 16., 11., 14., 18., 14., 34., 6., 30.,
    11., 1., 11., 4., 32., NONE, NONE, NONE, 23., 45., 115., 37.,
];
const SUN: [f64; 31] = [
    190., 118., 149., 313., NONE, NONE, 299., 99., 19., 194., NONE, 256., 290., 274., 65., 334.,
    307., 78., 322., 44., 8., 320., 25., 92., 66., 266., NONE, 13., 252., 223., 279.,
];
const WIND: [f64; 31] = [
    7.4, 8.0, 12.6, 11.5, 14.3, 14.9, 8.6, 13.8, 20.1, 8.6, 6.9, 9.7, 9.2, 10.9, 13.2, 11.5, 12.0,
    18.4, 11.5, 9.7, 9.7, 16.6, 9.7, 12.0, 16.6, 14.9, 8.0, 12.0, 14.9, 5.7, 7.4,
];

#[model]
fn air(ozone: &[Option<f64>], sun: &[Option<f64>], wind: &[f64]) {
    let mean: f64 = sample(Normal::new(1.8, 1.0));
    let spread: f64 = sample(HalfNormal::new(1.0));
    let sun: Vec<f64> = impute(sun, Normal::new(mean, spread).iid());
    let base: f64 = sample(Normal::new(3.0, 1.0));
    let by_sun: f64 = sample(Normal::new(0.0, 1.0));
    let by_wind: f64 = sample(Normal::new(0.0, 1.0));
    let error: f64 = sample(HalfNormal::new(1.0));
    // Ozone that was not measured adds nothing, and is made up in prediction.
    plate(ozone.len(), |i| {
        let mean = base + by_sun * (sun[i] - 1.8) + by_wind * (wind[i] - 11.6) / 4.0;
        observe(ozone[i], Normal::new(mean, error));
    });
}

fn main() -> Result<(), ppl::Error> {
    let known = |x: f64| (!x.is_nan()).then_some(x);
    let ozone = OZONE.map(|x| known(x).map(f64::ln));
    let sun = SUN.map(|x| known(x).map(|x| x / 100.0));
    let model = air(&ozone, &sun, &WIND);
    let run = Nuts::new(&model).seed(1).run()?;
    let draws = run.draws();
    println!(
        "log ozone by 100 Langleys of sun: {:.2}",
        draws.mean(|d| d.by_sun)
    );
    for day in (0..31).filter(|&i| sun[i].is_none()) {
        let (mean, sd) = (draws.mean(|d| d.sun[day]), draws.sd(|d| d.sun[day]));
        println!(
            "sun on May {:2}: {:3.0} ± {:3.0} Langleys",
            day + 1,
            100.0 * mean,
            100.0 * sd
        );
    }
    let replicates = model.predict(draws, 2)?;
    let made_up: Vec<Vec<f64>> = replicates.values("ozone")?;
    for day in (0..31).filter(|&i| ozone[i].is_none()) {
        let mut of_day: Vec<f64> = made_up.iter().map(|row| row[day].exp()).collect();
        of_day.sort_by(f64::total_cmp);
        println!(
            "ozone on May {:2}: {:.0} ppb, median",
            day + 1,
            of_day[of_day.len() / 2]
        );
    }
    Ok(())
}
