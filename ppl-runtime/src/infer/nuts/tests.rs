//! The parts of the sampler against what they are in mathematics.

use super::estimate::Estimate;
use super::fixed::Fixed;
use super::inverse_metric::InverseMetric;
use super::leapfrog::{State, arrive, depart};
use super::run::{Kernel, Path};
use super::tree::Tree;
use super::{LogDensity, Metric, Trajectory};
use crate::random::{Purpose, Rng, keyed};
use nalgebra::{DMatrix, DVector};
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

/// −Σ (q⁴/4 + q²/2): not normal, so that nothing is exact by accident.
struct Quartic(usize);

impl LogDensity for Quartic {
    type Worker = ();
    fn dim(&self) -> usize {
        self.0
    }
    fn worker(&self) {}
    fn value_and_gradient(&self, _: &mut (), u: &[f64], gradient: &mut [f64]) -> f64 {
        let mut sum = 0.0;
        for (g, q) in gradient.iter_mut().zip(u) {
            *g = -q * q * q - q;
            sum -= 0.25 * q.powi(4) + 0.5 * q * q;
        }
        sum
    }
}

fn normal(rng: &mut Rng) -> f64 {
    StandardNormal.sample(rng)
}

fn covariance(dim: usize) -> DMatrix<f64> {
    let rng = &mut keyed(1, Purpose::User, 0, 0);
    let a = DMatrix::from_fn(dim, dim, |_, _| normal(rng));
    &a * a.transpose() + DMatrix::identity(dim, dim)
}

/// One metric of each kind.
fn metrics(dim: usize) -> Vec<InverseMetric> {
    let basis = covariance(dim).qr().q();
    let column = |j: usize| basis.column(j).as_slice().to_vec();
    vec![
        InverseMetric::Diagonal((1..=dim).map(|i| 0.2 * i as f64).collect()),
        InverseMetric::dense(covariance(dim)).unwrap(),
        InverseMetric::low_rank(
            (1..=dim).map(|i| 0.5 + 0.1 * i as f64).collect(),
            vec![(5.0, column(0)), (0.2, column(1))],
        ),
    ]
}

/// M⁻¹, column by column.
fn matrix(metric: &InverseMetric, dim: usize) -> DMatrix<f64> {
    let mut whole = DMatrix::zeros(dim, dim);
    for j in 0..dim {
        let mut p = vec![0.0; dim];
        p[j] = 1.0;
        let mut v = vec![0.0; dim];
        metric.velocity(&p, &mut v);
        whole.set_column(j, &DVector::from_vec(v));
    }
    whole
}

fn start(density: &impl LogDensity<Worker = ()>, metric: &InverseMetric, seed: u64) -> State {
    let rng = &mut keyed(seed, Purpose::User, 1, 0);
    let mut state = State::new(density.dim());
    state.q.iter_mut().for_each(|q| *q = normal(rng));
    state.log_density = density.value_and_gradient(&mut (), &state.q, &mut state.g);
    state.refresh(metric, rng);
    state
}

fn integrate(
    density: &impl LogDensity<Worker = ()>,
    metric: &InverseMetric,
    from: &State,
    step: f64,
    n: usize,
) -> State {
    let mut at = from.clone();
    for _ in 0..n {
        let mut to = State::new(density.dim());
        depart(&at, &mut to, metric, step);
        let log_density = density.value_and_gradient(&mut (), &to.q, &mut to.g);
        arrive(&mut to, metric, step, log_density);
        at = to;
    }
    at
}

#[test]
fn leapfrog_keeps_the_energy_to_second_order() {
    for metric in metrics(5) {
        let from = start(&Quartic(5), &metric, 3);
        let error = |step: f64| {
            let n = (0.5 / step).round() as usize;
            (integrate(&Quartic(5), &metric, &from, step, n).energy - from.energy).abs()
        };
        let (coarse, fine) = (error(1.0 / 256.0), error(1.0 / 512.0));
        assert!(
            (coarse / fine - 4.0).abs() < 0.05,
            "{} at {coarse:e}",
            coarse / fine
        );
    }
}

#[test]
fn leapfrog_is_reversible() {
    for metric in metrics(5) {
        let from = start(&Quartic(5), &metric, 4);
        let to = integrate(&Quartic(5), &metric, &from, 0.05, 40);
        let back = integrate(&Quartic(5), &metric, &to, -0.05, 40);
        for (a, b) in from.q.iter().zip(&back.q).chain(from.p.iter().zip(&back.p)) {
            assert!((a - b).abs() < 1e-11, "{a} {b}");
        }
    }
}

#[test]
fn leapfrog_keeps_volume() {
    // The Jacobian of (q, p) by differences has determinant 1.
    let h = 1e-5;
    for metric in metrics(3) {
        let from = start(&Quartic(3), &metric, 5);
        let mut jacobian = DMatrix::zeros(6, 6);
        for j in 0..6 {
            let moved = |by: f64| {
                let mut state = from.clone();
                if j < 3 {
                    state.q[j] += by
                } else {
                    state.p[j - 3] += by
                }
                Quartic(3).value_and_gradient(&mut (), &state.q.clone(), &mut state.g);
                let end = integrate(&Quartic(3), &metric, &state, 0.1, 7);
                DVector::from_iterator(6, end.q.iter().chain(&end.p).copied())
            };
            jacobian.set_column(j, &((moved(h) - moved(-h)) / (2.0 * h)));
        }
        assert!(
            (jacobian.determinant() - 1.0).abs() < 1e-7,
            "{}",
            jacobian.determinant()
        );
    }
}

#[test]
fn momenta_have_the_mass_matrix() {
    // Var(vᵢ) of v = M⁻¹ p is M⁻¹: 40,000 draws hold each entry to 5 standard errors.
    let (dim, n) = (4, 40_000);
    for metric in metrics(dim) {
        let exact = matrix(&metric, dim);
        let rng = &mut keyed(6, Purpose::User, 0, 0);
        let (mut p, mut v) = (vec![0.0; dim], vec![0.0; dim]);
        let mut found = DMatrix::zeros(dim, dim);
        for _ in 0..n {
            metric.refresh(&mut p, &mut v, rng);
            let v = DVector::from_column_slice(&v);
            found += &v * v.transpose() / n as f64;
        }
        for i in 0..dim {
            for j in 0..dim {
                let square = exact[(i, j)].powi(2) + exact[(i, i)] * exact[(j, j)];
                let z = (found[(i, j)] - exact[(i, j)]) / (square / n as f64).sqrt();
                assert!(z.abs() < 5.0, "{i} {j}: {z}");
            }
        }
    }
}

#[test]
fn window_estimates_are_stans() {
    let (dim, n) = (4, 60);
    let rng = &mut keyed(7, Purpose::User, 0, 0);
    let x = DMatrix::from_fn(dim, n, |i, _| 3.0 + normal(rng) * (i + 1) as f64);
    let mean = x.column_mean();
    let mut exact = DMatrix::zeros(dim, dim);
    for c in x.column_iter() {
        exact += (c - &mean) * (c - &mean).transpose() / (n as f64 - 1.0);
    }
    let n = n as f64;
    let exact = exact * (n / (n + 5.0)) + DMatrix::identity(dim, dim) * (1e-3 * 5.0 / (n + 5.0));
    for metric in [Metric::Diagonal, Metric::Dense] {
        let mut estimate = Estimate::new(metric, dim);
        x.column_iter()
            .for_each(|c| estimate.add(c.as_slice(), &[0.0; 4]));
        let found = matrix(&estimate.take().unwrap(), dim);
        for i in 0..dim {
            for j in 0..dim {
                let exact = if metric == Metric::Dense || i == j {
                    exact[(i, j)]
                } else {
                    0.0
                };
                assert!((found[(i, j)] - exact).abs() < 1e-12 * (1.0 + exact.abs()));
            }
        }
        assert!(
            estimate.take().is_none(),
            "a window's draws are not used twice"
        );
    }
}

/// Draws of a normal of this covariance with their gradients, and the metric learnt from them.
fn learnt(covariance: &DMatrix<f64>, n: usize) -> DMatrix<f64> {
    let dim = covariance.nrows();
    let factor = covariance.clone().cholesky().unwrap();
    let rng = &mut keyed(8, Purpose::User, 0, 0);
    let mut estimate = Estimate::new(Metric::LowRank, dim);
    for _ in 0..n {
        let u = factor.l() * DVector::from_fn(dim, |_, _| normal(rng));
        estimate.add(u.as_slice(), (-factor.solve(&u)).as_slice());
    }
    matrix(&estimate.take().unwrap(), dim)
}

/// The largest over the smallest eigenvalue of M Σ: 1 if the metric is a multiple of Σ.
fn condition(metric: DMatrix<f64>, covariance: &DMatrix<f64>) -> f64 {
    let whiten = metric.cholesky().unwrap().l().try_inverse().unwrap();
    let eigen = (&whiten * covariance * whiten.transpose()).symmetric_eigenvalues();
    eigen.max() / eigen.min()
}

#[test]
fn low_rank_metric_finds_few_directions_among_many() {
    // 80 coordinates of different scales with two wide and one narrow direction. Directions within a factor of 2 are
    // left alone, so the best to hope for is (2 · 2)². From fewer draws than coordinates it must still beat the best
    // diagonal by far.
    let dim = 80;
    let basis = self::covariance(dim).qr().q();
    let mut covariance = DMatrix::identity(dim, dim);
    for (j, variance) in [(0, 400.0), (1, 50.0), (2, 0.0004)] {
        covariance += basis.column(j) * basis.column(j).transpose() * (variance - 1.0);
    }
    for i in 0..dim {
        let scale = 1.0 + (i % 5) as f64;
        covariance.row_mut(i).scale_mut(scale);
        covariance.column_mut(i).scale_mut(scale);
    }
    let diagonal = condition(DMatrix::from_diagonal(&covariance.diagonal()), &covariance);
    let (few, many) = (learnt(&covariance, 30), learnt(&covariance, 250));
    assert!(condition(few, &covariance) < diagonal / 10.0);
    assert!(condition(many, &covariance) < 16.0);
}

#[test]
fn low_rank_metric_takes_a_normal_of_few_coordinates_exactly() {
    let covariance = covariance(6) * 100.0;
    assert!(condition(learnt(&covariance, 300), &covariance) < 4.0);
}

/// Grows one trajectory from a given start, and gives every leaf that it visited, in order of visit.
fn trajectory(
    seed: u64,
    step_size: f64,
    max_depth: u32,
) -> (Vec<Vec<f64>>, State, super::Transition) {
    let density = Quartic(3);
    let kernel = Kernel {
        metric: InverseMetric::Diagonal(vec![0.5; 3]),
        step_size,
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
