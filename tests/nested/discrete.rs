//! Discrete latents through the cube and summed out.

use super::near;
use ppl::prelude::*;
use std::f64::consts::TAU;

const MEANS: [f64; 3] = [-2.0, 0.5, 3.0];

#[model]
fn through_the_cube(y: f64) {
    let kind: usize = sample(Categorical::new([0.5, 0.3, 0.2]));
    let shift: f64 = sample(Normal::new(MEANS[kind], 1.0));
    observe(y, Normal::new(shift, 0.5));
}

#[model]
fn summed_out(y: f64) {
    #[enumerate]
    let kind: usize = sample(Categorical::new([0.5, 0.3, 0.2]));
    let offset: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(MEANS[kind] + offset, 0.5));
}

/// ln Z and the probabilities of the kinds: y is normal with variance 1.25 around each mean.
fn exact(y: f64) -> (f64, [f64; 3]) {
    let joint: [f64; 3] = std::array::from_fn(|k| {
        [0.5, 0.3, 0.2][k] * (-0.4 * (y - MEANS[k]).powi(2)).exp() / (1.25 * TAU).sqrt()
    });
    let z: f64 = joint.iter().sum();
    (z.ln(), joint.map(|j| j / z))
}

#[test]
fn both_ways_give_the_closed_form_and_the_kinds() {
    let y = 1.0;
    let (log_z, kinds) = exact(y);
    let cube = NestedSampler::new(&through_the_cube(y))
        .live_points(2000)
        .seed(1)
        .run()
        .unwrap();
    let summed = NestedSampler::new(&summed_out(y))
        .live_points(2000)
        .seed(1)
        .run()
        .unwrap();
    near(cube.log_evidence(), log_z);
    near(summed.log_evidence(), log_z);
    for (k, p) in kinds.iter().enumerate() {
        let limit = 4.5 * (p * (1.0 - p) / 2000f64).sqrt();
        let by_cube = cube
            .weighted_draws()
            .mean(|d| f64::from(u8::from(d.kind == k)));
        let by_sum = summed
            .weighted_draws()
            .mean(|d| f64::from(u8::from(d.kind == k)));
        assert!(
            (by_cube - p).abs() < limit,
            "kind {k}: {by_cube}, exactly {p}"
        );
        assert!(
            (by_sum - p).abs() < limit,
            "kind {k}: {by_sum}, exactly {p}"
        );
    }
}
