//! How likely is a dipper to survive a year, and does a flood matter? Which birds are alive when nobody sees them is
//! summed out bird by bird.
//!
//! European dippers on the Zorn, 1981 to 1987, by the year of their first and of their next capture: Lebreton et al.,
//! "Modeling survival and testing biological hypotheses using marked animals", Ecological Monographs 62 (1992).

use ppl::prelude::*;

/// Birds released in year i and next seen in year i + 1, i + 2, .., and how many were released.
const DIPPERS: [([u32; 6], u32); 6] = [
    ([11, 2, 0, 0, 0, 0], 22),
    ([24, 1, 0, 0, 0, 0], 60),
    ([34, 2, 0, 0, 0, 0], 78),
    ([45, 1, 2, 0, 0, 0], 80),
    ([51, 0, 0, 0, 0, 0], 88),
    ([52, 0, 0, 0, 0, 0], 98),
];

/// One bird: a chain of years, alive or not, seen or not.
#[model]
fn bird(survival: [Real; 6], seen: Real, released: usize, again: Option<usize>) {
    markov(6 - released, true, |t, alive| {
        let p = if alive {
            survival[released + t]
        } else {
            Real::from(0.0)
        };
        #[enumerate]
        let lives: bool = sample(Bernoulli::new(p));
        let found = again == Some(t);
        // After it is seen again a bird is released anew: only the years before count.
        if again.is_none_or(|a| t <= a) {
            observe(
                found,
                Bernoulli::new(if lives { seen } else { Real::from(0.0) }),
            );
        }
        lives
    });
}

#[model]
fn dippers(birds: &[(usize, Option<usize>)]) {
    let ordinary: f64 = sample(Beta::new(1.0, 1.0));
    let flood: f64 = sample(Beta::new(1.0, 1.0));
    let seen: f64 = sample(Beta::new(1.0, 1.0));
    let survival = [ordinary, flood, flood, ordinary, ordinary, ordinary];
    let loss: f64 = deterministic(ordinary - flood);
    plate(birds.len(), |b| {
        let (released, again) = birds[b];
        let history = submodel(bird(survival, seen, released, again));
    });
}

fn main() -> Result<(), ppl::Error> {
    let mut birds = Vec::new();
    for (released, (next, total)) in DIPPERS.iter().enumerate() {
        for (t, count) in next.iter().enumerate() {
            birds.extend((0..*count).map(|_| (released, Some(t))));
        }
        let never = total - next.iter().sum::<u32>();
        birds.extend((0..never).map(|_| (released, None)));
    }
    let model = dippers(&birds);
    let run = NestedSampler::new(&model).seed(1).progress(true).run()?;
    println!("{run}");
    let draws = run.draws(1000, 2)?;
    println!(
        "a flood costs {:.2} of the birds, probability {:.3}",
        draws.mean(|d| d.loss),
        draws.mean(|d| f64::from(u8::from(d.loss > 0.0)))
    );
    Ok(())
}
