//! The speed of light by minibatches: each step of the fit looks at twelve of Newcomb's sixty-six measurements, and
//! finds the posterior of all. Then Old Faithful's waits the same way, each with a component that is summed out.
//!
//! Deviations from 24,800 nanoseconds for 7,443.73 metres: Newcomb (1882), as in Stigler, "Do robust estimators work
//! with real data?", Annals of Statistics 5 (1977). Two of them are bad, so the tails are heavy.

use ppl::prelude::*;

const LIGHT: [f64; 66] = [
    28., 26., 33., 24., 34., -44., 27., 16., 40., -2., 29., 22., 24., 21., 25., 30., 23., 29., 31.,
    19., 24., 20., 36., 32., 36., 28., 25., 21., 28., 29., 37., 25., 28., 26., 30., 32., 36., 26.,
    30., 22., 36., 23., 27., 27., 28., 27., 31., 27., 26., 33., 26., 32., 32., 24., 39., 28., 24.,
    25., 32., 25., 29., 27., 28., 29., 16., 23.,
];
/// The first thirty of R's `faithful`, in minutes.
const WAITS: [f64; 30] = [
    79., 54., 74., 62., 85., 55., 88., 85., 51., 85., 54., 84., 78., 47., 83., 52., 62., 84., 52.,
    79., 51., 47., 78., 69., 74., 83., 55., 76., 78., 79.,
];

#[model]
fn light(times: &[f64], batch: usize) {
    let speed: f64 = sample(Normal::new(20.0, 20.0));
    let spread: f64 = sample(HalfNormal::new(10.0));
    plate(times.len(), |i| {
        observe(times[i], StudentT::new(3.0, speed, spread))
    })
    .minibatch(batch);
}

#[model]
fn waits(tens: &[f64]) {
    let share: f64 = sample(Beta::new(2.0, 2.0));
    // In tens of minutes about seventy: a fit begins near 0 on every line.
    let means: Ordered<2> = sample(Normal::new(0.0, 2.0).iid().ordered());
    let spread: f64 = sample(HalfNormal::new(1.0));
    plate(tens.len(), |i| {
        #[enumerate]
        let long: bool = sample(Bernoulli::new(share));
        observe(tens[i], Normal::new(means[usize::from(long)], spread));
    })
    .minibatch(10);
}

fn main() -> Result<(), ppl::Error> {
    let rate = ExponentialDecay {
        initial: 0.1,
        factor: 0.01,
        steps: 8000,
    };
    let model = light(&LIGHT, 12);
    let fit = Svi::new(&model, AutoMultivariateNormal::new(), Adam::new(rate)).run(8000, 1)?;
    let parts = fit.draws(4000, 2)?;
    // NUTS takes all of the data at every step.
    let run = Nuts::new(&model).seed(1).run()?;
    let whole = run.draws();
    println!(
        "twelve at a time  {:.2} ± {:.2}",
        parts.mean(|d| d.speed),
        parts.sd(|d| d.speed)
    );
    println!(
        "all at once       {:.2} ± {:.2}",
        whole.mean(|d| d.speed),
        whole.sd(|d| d.speed)
    );

    let tens = WAITS.map(|m| (m - 70.0) / 10.0);
    let model = waits(&tens);
    let fit = Svi::new(&model, AutoNormal::new(), Adam::new(rate)).run(8000, 1)?;
    let draws = fit.draws(2000, 2)?;
    let minutes = |k: usize| 70.0 + 10.0 * draws.mean(|d| d.means[k]);
    println!("waits of {:.0} and {:.0} minutes", minutes(0), minutes(1));
    Ok(())
}
