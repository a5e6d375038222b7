//! Two kinds of waits for Old Faithful: a mixture whose components are summed out, and drawn all the same.
//!
//! Waiting times between eruptions in minutes: the first 60 of Azzalini & Bowman, "A look at some data on the Old
//! Faithful geyser", Applied Statistics 39 (1990), in the version of R's `faithful`.

use ppl::prelude::*;

const WAITING: [f64; 60] = [
    79., 54., 74., 62., 85., 55., 88., 85., 51., 85., 54., 84., 78., 47., 83., 52., 62., 84., 52.,
    79., 51., 47., 78., 69., 74., 83., 55., 76., 78., 79., 73., 77., 66., 80., 74., 52., 48., 80.,
    59., 90., 80., 58., 84., 58., 73., 83., 64., 53., 82., 59., 75., 90., 54., 80., 54., 83., 71.,
    64., 77., 81.,
];

#[model]
fn waits(minutes: &[f64]) {
    let share: f64 = sample(Beta::new(2.0, 2.0));
    let means: Ordered<2> = sample(Normal::new(70.0, 20.0).iid().ordered());
    let spreads: [f64; 2] = sample(HalfNormal::new(10.0).iid());
    plate(minutes.len(), |i| {
        #[enumerate]
        let long: bool = sample(Bernoulli::new(share));
        let kind = usize::from(long);
        observe(minutes[i], Normal::new(means[kind], spreads[kind]));
    });
}

fn main() -> Result<(), ppl::Error> {
    let model = waits(&WAITING);
    let run = NestedSampler::new(&model).seed(1).progress(true).run()?;
    println!("{run}");

    let draws = run.draws(4000, 2)?;
    println!("a short wait: {:.1} minutes", draws.mean(|d| d.means[0]));
    println!("a long wait: {:.1} minutes", draws.mean(|d| d.means[1]));
    for (i, minutes) in WAITING
        .iter()
        .enumerate()
        .filter(|w| (60.0..72.0).contains(w.1))
    {
        let long = draws.mean(|d| f64::from(u8::from(d.long[i])));
        println!("{minutes} minutes: a long wait with probability {long:.2}");
    }
    Ok(())
}
