//! Dog avoidance learning: logistic regression on history.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn dogs_logistic(x: &[[f64; 3]], y: &[bool]) {
    let beta: [f64; 3] = sample(Normal::new(0.0, 100.0).iid());
    observe(y, each(x, |row| Bernoulli::logit(dot(&beta, row))));
}

/// For each trial of a dog, how often it was shocked before and how often it avoided the shock.
pub fn history(y: &[bool; 25]) -> [[f64; 2]; 25] {
    let mut past = [0.0; 2];
    y.map(|shocked| {
        let now = past;
        past[usize::from(!shocked)] += 1.0;
        now
    })
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("dogs_logistic");
    let dogs: Vec<[bool; 25]> = r.rows("y").iter().map(|d| d.map(|x| x != 0.0)).collect();
    let trials = dogs.iter().flat_map(history);
    let x: Vec<[f64; 3]> = trials
        .map(|[shocks, avoided]| [1.0, avoided, shocks])
        .collect();
    task.model(&r, &dogs_logistic(&x, dogs.as_flattened()), |p| {
        p.numbers(&["beta"]).into()
    })
}
