//! Brownian motion with unknown scales and a gap in the observations.

use super::{Reference, Task};
use ppl::prelude::*;

#[model]
fn brownian_motion(y: &[Option<f64>]) {
    let innovation_noise_scale = sample(LogNormal::new(0.0, 2.0));
    let observation_noise_scale = sample(LogNormal::new(0.0, 2.0));
    let mut last = Real::from(0.0);
    for observed in y {
        let locs: f64 = sample(Normal::new(last, innovation_noise_scale));
        observe(observed, Normal::new(locs, observation_noise_scale));
        last = locs;
    }
}

pub fn visit<T: Task>(task: T) -> T::Output {
    let r = Reference::load("brownian_motion_missing");
    let names = ["innovation_noise_scale", "observation_noise_scale", "locs"];
    task.model(&r, &brownian_motion(&r.options("y")), |p| {
        p.numbers(&names).into()
    })
}
