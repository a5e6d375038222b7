//! Trajectories, and the transitions that they make.

use super::super::fixed::Fixed;
use super::super::inverse_metric::InverseMetric;
use super::super::leapfrog::State;
use super::super::run::{Kernel, Path};
use super::super::tree::Tree;
use super::super::{LogDensity, Trajectory, Transition};
use super::{Quartic, normal, start};
use crate::random::{Purpose, Rng, keyed};
use rand::RngExt;

/// Grows one trajectory from a given start, and gives every leaf that it visited, in order of visit.
fn trajectory(seed: u64, step_size: f64, max_depth: u32) -> (Vec<Vec<f64>>, State, Transition) {
    let density = Quartic(3);
    let kernel = Kernel {
        metric: InverseMetric::Diagonal(vec![0.5; 3]),
        step_size,
        most_doublings: u32::MAX,
    };
    let rng = &mut keyed(seed, Purpose::User, 2, 0);
    let mut tree = Tree::new(3, max_depth);
    *tree.state_mut() = start(&density, &kernel.metric, seed);
    let mut leaves = vec![tree.state().q.to_vec()];
    tree.begin(&kernel, rng);
    while let Some((q, g)) = tree.next(&kernel) {
        leaves.push(q.to_vec());
        let log_density = density.value_and_gradient(&mut (), q, g);
        tree.give(log_density, &kernel, rng);
    }
    let (transition, _) = tree.end(&kernel);
    (leaves, tree.state().clone(), transition)
}

#[test]
fn trees_stay_within_their_depth_and_draw_what_they_visited() {
    for seed in 0..200 {
        let (leaves, drawn, transition) = trajectory(seed, 0.05, 4);
        assert!(leaves.iter().any(|q| q[..] == drawn.q[..]));
        assert_eq!(leaves.len() as u32, transition.leapfrogs + 1);
        assert!(transition.depth <= 4 && transition.leapfrogs < 16);
        assert!(transition.leapfrogs >= (1 << transition.depth) - 1);
        assert_eq!(transition.energy, drawn.energy);
        let exact = Quartic(3).value_and_gradient(&mut (), &drawn.q, &mut [0.0; 3]);
        assert_eq!(transition.log_density, exact);
    }
}

#[test]
fn tiny_steps_use_the_whole_depth() {
    // Far from a U-turn every doubling goes through, and the visited points are one path in two directions.
    let (leaves, _, transition) = trajectory(1, 1e-4, 6);
    assert_eq!((transition.depth, leaves.len()), (6, 64));
    let mut along: Vec<f64> = leaves.iter().map(|q| q[0]).collect();
    along.sort_by(f64::total_cmp);
    let gaps: Vec<f64> = along.windows(2).map(|w| w[1] - w[0]).collect();
    let widest = gaps.iter().copied().fold(0.0, f64::max);
    let narrowest = gaps.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(widest / narrowest < 1.1, "{narrowest} {widest}");
}

#[test]
fn a_fall_of_energy_by_thousands_keeps_weights_finite() {
    // From far out the energy falls beyond the range of exp; the draw must still leave.
    let density = Quartic(1);
    let kernel = Kernel {
        metric: InverseMetric::unit(1),
        step_size: 0.01,
        most_doublings: u32::MAX,
    };
    let mut tree = Tree::new(1, 10);
    let state = tree.state_mut();
    state.q[0] = 20.0;
    state.log_density = density.value_and_gradient(&mut (), &[20.0], &mut state.g);
    for t in 0..30 {
        let rng = &mut keyed(9, Purpose::User, 3, t);
        tree.begin(&kernel, rng);
        while let Some((q, g)) = tree.next(&kernel) {
            let log_density = density.value_and_gradient(&mut (), q, g);
            tree.give(log_density, &kernel, rng);
        }
        let (transition, divergence) = tree.end(&kernel);
        assert!(transition.energy.is_finite() && divergence.is_none());
    }
    assert!(tree.state().q[0].abs() < 20.0);
}

/// Exact draws of the quartic density, by rejection from normals.
fn exact(state: &mut State, rng: &mut Rng) {
    for q in &mut state.q {
        *q = loop {
            let z = normal(rng);
            if rng.random::<f64>() < (-0.25 * z.powi(4)).exp() {
                break z;
            }
        };
    }
}

/// One transition from an exact draw gives an exact draw: mean changes of moments, in their standard errors.
fn drift(mut path: impl Path, step_size: f64) -> [f64; 4] {
    let (density, n) = (Quartic(3), 40_000);
    let kernel = Kernel {
        metric: InverseMetric::Diagonal(vec![0.3, 1.0, 2.0]),
        step_size,
        most_doublings: u32::MAX,
    };
    let moments = |q: &[f64]| {
        let square: f64 = q.iter().map(|q| q * q).sum();
        [q[0] + q[1] + q[2], square, square * square, q[0] * q[1]]
    };
    let mut sums = [[0.0; 2]; 4];
    for t in 0..n {
        let rng = &mut keyed(10, Purpose::User, 4, t);
        let state = path.state_mut();
        exact(state, rng);
        state.log_density = density.value_and_gradient(&mut (), &state.q, &mut state.g);
        let before = moments(&state.q);
        path.begin(&kernel, rng);
        while let Some((q, g)) = path.next(&kernel) {
            let log_density = density.value_and_gradient(&mut (), q, g);
            path.give(log_density, &kernel, rng);
        }
        path.end(&kernel);
        for ((sum, after), before) in sums.iter_mut().zip(moments(&path.state().q)).zip(before) {
            sum[0] += after - before;
            sum[1] += (after - before).powi(2);
        }
    }
    sums.map(|[sum, squares]| sum / squares.sqrt())
}

#[test]
fn transitions_keep_the_distribution() {
    // Steps so coarse that a third of the leaves is rejected, and trees cut short as well as ended by U-turns.
    for step_size in [0.3, 0.9] {
        for max_depth in [1, 2, 3, 10] {
            let z = drift(Tree::new(3, max_depth), step_size);
            assert!(
                z.iter().all(|z| z.abs() < 4.5),
                "{step_size}, {max_depth}: {z:?}"
            );
        }
        for steps in [1, 4] {
            let z = drift(Fixed::new(3, Trajectory::Steps(steps)), step_size);
            assert!(
                z.iter().all(|z| z.abs() < 4.5),
                "{step_size}, {steps} steps: {z:?}"
            );
        }
    }
}
