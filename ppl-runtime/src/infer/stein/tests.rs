//! The loop: fixed points in closed form, the same bits however it is run.

use super::engine::Engine;
use super::settings::Settings;
use super::sharing::Shared;
use super::split::Split;
use super::*;
use crate::infer::svi::guide::{Block, Guide, PointGuide, Role};
use crate::infer::svi::tests::{Quartic, normal_guide};
use crate::infer::svi::{Adam, CosineDecay, FitState, Init, LogDensity, Sgd};
use nalgebra::{DMatrix, DVector};

/// A normal by mean and precision.
struct Normal {
    mean: DVector<f64>,
    precision: DMatrix<f64>,
}

impl LogDensity for Normal {
    type Worker = ();
    fn dim(&self) -> usize {
        self.mean.len()
    }
    fn worker(&self) {}
    fn log_density_and_gradient(&self, (): &mut (), u: &[f64], g: &mut [f64]) -> f64 {
        let d = DVector::from_column_slice(u) - &self.mean;
        let slope = -(&self.precision * &d);
        g.copy_from_slice(slope.as_slice());
        0.5 * d.dot(&slope)
    }
}

fn points(particles: usize) -> Settings {
    Settings {
        particles,
        draws: 1,
        loss_temperature: 1.0,
        repulsion_temperature: 1.0,
        attraction: Attraction::Mean,
        annealing: None,
        annealing_steps: None,
    }
}

/// With a linear kernel and more particles than dimensions, any fixed point has the mean and covariance (divisor m)
/// of a normal target (Liu & Wang 2018, theorem 3.3).
#[test]
fn linear_kernel_matches_two_moments() {
    let covariance =
        DMatrix::from_row_slice(3, 3, &[2.0, 0.6, -0.3, 0.6, 1.0, 0.2, -0.3, 0.2, 0.5]);
    let target = Normal {
        mean: DVector::from_column_slice(&[0.5, -1.0, 2.0]),
        precision: covariance.clone().try_inverse().unwrap(),
    };
    for (m, seed) in [(4, 1), (7, 2), (20, 3)] {
        let guide = PointGuide::over(3, Init::default());
        let split = Split::new(guide.blocks(), &|_| false);
        let optimiser = Sgd::new(0.05);
        let mut engine = Engine::new(
            (&target, &guide),
            &LinearKernel,
            &optimiser,
            points(m),
            &split,
            seed,
        )
        .unwrap();
        let mut state = engine.init(seed, 0).unwrap();
        engine.run(&mut state, 5000, &mut |_, _| ()).unwrap();
        let x = DMatrix::from_row_slice(m, 3, &state.values);
        let mean = x.row_mean().transpose();
        let mut second = DMatrix::<f64>::zeros(3, 3);
        for row in x.row_iter() {
            let d = row.transpose() - &mean;
            second += &d * d.transpose() / m as f64;
        }
        assert!((mean - &target.mean).abs().max() < 1e-3, "{m}: {x}");
        assert!((second - &covariance).abs().max() < 1e-3, "{m}: {x}");
    }
}

/// The forces of a step, written out with two loops.
#[test]
fn a_step_by_hand() {
    let (m, lr) = (5, 0.1);
    for attraction in [Attraction::Sum, Attraction::Mean] {
        let guide = PointGuide::over(2, Init::default());
        let split = Split::new(guide.blocks(), &|_| false);
        let settings = Settings {
            loss_temperature: 0.7,
            repulsion_temperature: 1.3,
            attraction,
            ..points(m)
        };
        let (kernel, optimiser) = (RbfKernel::default().bandwidth(0.9), Sgd::new(lr));
        let mut engine =
            Engine::new((&Quartic, &guide), &kernel, &optimiser, settings, &split, 0).unwrap();
        let before = engine.init(3, 0).unwrap();
        let mut after = before.clone();
        let loss = engine.run(&mut after, 1, &mut |_, _| ()).unwrap().losses[0];
        let x = |i: usize| [before.values[2 * i], before.values[2 * i + 1]];
        let scale = match attraction {
            Attraction::Sum => 1.0,
            Attraction::Mean => 1.0 / m as f64,
        };
        let mut total = 0.0;
        for j in 0..m {
            let mut force = [0.0; 2];
            for i in 0..m {
                let mut g = [0.0; 2];
                let value = Quartic.log_density_and_gradient(&mut (), &x(i), &mut g);
                total -= 0.7 * value / (m * m) as f64;
                let d = [x(i)[0] - x(j)[0], x(i)[1] - x(j)[1]];
                let k = (-(d[0] * d[0] + d[1] * d[1]) / 0.9).exp();
                for (force, (g, d)) in force.iter_mut().zip(g.iter().zip(d)) {
                    *force += scale * k * 0.7 * g - 1.3 / m as f64 * 2.0 * d / 0.9 * k;
                }
            }
            for (c, force) in force.iter().enumerate() {
                let expected = x(j)[c] + lr * force;
                assert!((after.values[2 * j + c] - expected).abs() < 1e-13);
            }
        }
        assert!((loss - total).abs() < 1e-12);
    }
}

/// A fit of a mixture of normals, on threads or not, in one run or in two.
fn fit(parallel: bool, legs: &[u64]) -> FitState {
    let guide = normal_guide(2);
    let split = Split::new(guide.blocks(), &|_| false);
    let settings = Settings {
        draws: 3,
        annealing: Some(Annealing {
            cycles: 3,
            speed: 2.0,
        }),
        ..points(20)
    };
    let kernel = MixtureKernel::<AnyKernel>::new()
        .with(0.5, RbfKernel::default())
        .with(0.5, RandomFeatureKernel::default());
    let optimiser = Adam::new(CosineDecay {
        initial: 0.05,
        last: 0.01,
        steps: 50,
    });
    let mut state: Option<FitState> = None;
    for leg in legs {
        let over = (&Quartic, &guide);
        let mut engine = Engine::new(over, &kernel, &optimiser, settings, &split, 9).unwrap();
        engine.shared = Shared {
            objectives: parallel,
            forces: parallel,
        };
        let mut now = state.unwrap_or_else(|| engine.init(9, 60).unwrap());
        engine.run(&mut now, *leg, &mut |_, _| ()).unwrap();
        state = Some(now);
    }
    state.unwrap()
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let alone = fit(false, &[60]);
    for threads in [1, 2, 3, 4, 8] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        assert_eq!(pool.install(|| fit(true, &[60])), alone);
    }
}

#[test]
fn the_same_bits_when_resumed() {
    let whole = fit(false, &[60]);
    assert_eq!(fit(false, &[1, 20, 39]), whole);
    assert_eq!(whole.step, 60);
}

/// Shared parameters follow the mean gradient, outside the kernel, and are the same for all particles.
#[test]
fn parameters_outside_the_mixture() {
    let guide = normal_guide(2);
    let outside = |b: &Block| b.role == Role::Scale;
    let split = Split::new(guide.blocks(), &outside);
    assert_eq!(
        (split.own.as_slice(), split.shared.as_slice()),
        ([0, 1].as_slice(), [2, 3].as_slice())
    );
    let settings = Settings {
        draws: 4,
        ..points(6)
    };
    let (kernel, optimiser) = (RbfKernel::default(), Sgd::new(0.1));
    let over = (&Quartic, &guide);
    let mut engine = Engine::new(over, &kernel, &optimiser, settings, &split, 1).unwrap();
    let before = engine.init(1, 0).unwrap();
    assert_eq!(before.values.len(), 6 * 2 + 2);
    let mut after = before.clone();
    engine.run(&mut after, 1, &mut |_, _| ()).unwrap();
    let gradients = engine.gradients_of();
    for (c, place) in split.shared.iter().enumerate() {
        let mean = gradients.iter().map(|g| g[*place]).sum::<f64>() / 6.0;
        let expected = before.values[12 + c] + 0.1 * mean;
        assert!((after.values[12 + c] - expected).abs() < 1e-14 && mean != 0.0);
    }
}
