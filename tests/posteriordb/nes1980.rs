//! Party identification 1980: linear regression with a categorical covariate, flat priors.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn nes1980(x: &[[f64; 9]], party: &[f64]) {
    let beta: [f64; 9] = sample(ImproperUniform::real().iid());
    let sigma = sample(ImproperUniform::positive());
    observe(party, Normal::new(matvec(x, &beta), sigma));
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("nes1980");
    let names = ["real_ideo", "race_adj", "educ1", "gender", "income"];
    let [ideology, race, education, gender, income] = names.map(|n| r.reals(n));
    let age = r.counts("age_discrete");
    let x: Vec<[f64; 9]> = (0..age.len())
        .map(|i| {
            let aged = |a| f64::from(u8::from(age[i] == a));
            [
                1.0,
                ideology[i],
                race[i],
                aged(2),
                aged(3),
                aged(4),
                education[i],
                gender[i],
                income[i],
            ]
        })
        .collect();
    task.model(&r, &nes1980(&x, &r.reals("partyid7")), |p| {
        p.numbers(&["beta", "sigma"]).into()
    })
}
