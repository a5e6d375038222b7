//! NUTS and static HMC against exact answers.

use super::problems::*;
use ppl_runtime::infer::nuts::{Chain, LogDensity, Metric, NutsError, Settings, Trajectory, run};
use std::f64::consts::FRAC_PI_2;

/// Standard errors that an estimate may be off: one in 147,000.
const LIMIT: f64 = 4.5;

const METRICS: [Metric; 3] = [Metric::Diagonal, Metric::Dense, Metric::LowRank];

fn with(seed: u64, metric: Metric) -> Settings {
    Settings {
        seed,
        metric,
        ..Settings::default()
    }
}

fn check_normals(settings: &Settings) {
    let sd = |i: usize| 10_f64.powi(i as i32 - 2);
    let chains = sampled(&normals(5, sd), settings);
    for i in 0..5 {
        let z = z_of_mean(&chains, i as f64, |u| u[i]);
        let z_sd = z_of_sd(&chains, sd(i), |u| u[i]);
        assert!(
            z.abs() < LIMIT && z_sd.abs() < LIMIT,
            "{settings:?}, {i}: {z} {z_sd}"
        );
    }
}

#[test]
fn normals_of_any_scale() {
    METRICS
        .iter()
        .for_each(|&metric| check_normals(&with(1, metric)));
}

#[test]
fn normals_by_static_trajectories() {
    for trajectory in [Trajectory::Length(FRAC_PI_2), Trajectory::Steps(3)] {
        check_normals(&Settings {
            trajectory,
            ..with(2, Metric::Diagonal)
        });
    }
}

#[test]
fn correlated_normal() {
    for metric in METRICS {
        let chains = sampled(&equicorrelated(12, 0.8), &with(3, metric));
        for i in 0..12 {
            let (j, z) = ((i + 1) % 12, z_of_mean(&chains, 0.0, |u| u[i]));
            let z_square = z_of_mean(&chains, 1.0, |u| u[i] * u[i]);
            let z_product = z_of_mean(&chains, 0.8, |u| u[i] * u[j]);
            let worst = z.abs().max(z_square.abs()).max(z_product.abs());
            assert!(worst < LIMIT, "{metric:?}, {i}: {z} {z_square} {z_product}");
        }
    }
}

#[test]
fn banana_has_its_moments() {
    // x ~ N(0, 1), y = x² + N(0, ½): E y = 1, Var y = 2 + ¼.
    let chains = sampled(
        &banana(),
        &Settings {
            target_acceptance: 0.9,
            ..with(4, Metric::Diagonal)
        },
    );
    assert!(z_of_mean(&chains, 0.0, |u| u[0]).abs() < LIMIT);
    assert!(z_of_mean(&chains, 1.0, |u| u[0] * u[0]).abs() < LIMIT);
    assert!(z_of_mean(&chains, 1.0, |u| u[1]).abs() < LIMIT);
    assert!(z_of_mean(&chains, 2.25, |u| (u[1] - 1.0).powi(2)).abs() < LIMIT);
}

#[test]
fn funnel_reports_divergences() {
    for seed in 5..9 {
        let chains = sampled(&funnel(10), &with(seed, Metric::Auto));
        let divergences: Vec<_> = chains.iter().flat_map(|c| &c.divergences).collect();
        assert!(!divergences.is_empty(), "seed {seed}");
        assert!(
            divergences
                .iter()
                .all(|d| d.energy_error.is_nan() || d.energy_error > 1000.0)
        );
        // They begin in the neck, where v is small.
        let v = divergences.iter().map(|d| d.position[0]).sum::<f64>() / divergences.len() as f64;
        assert!(v < 0.0, "seed {seed}: {v}");
        let flagged = chains
            .iter()
            .flat_map(|c| &c.transitions)
            .filter(|t| t.diverged)
            .count();
        assert_eq!(flagged, divergences.len());
    }
}

#[test]
fn warm_up_reaches_the_target() {
    // The step size is steered to the target, with a gain of 0.01 in the end, so that the last 50 transitions of each chain
    // accept that much on average; the draws use the mean of ln ε over the second half of the warm-up.
    for trajectory in [Trajectory::default(), Trajectory::Length(FRAC_PI_2)] {
        for target in [0.6, 0.8, 0.9] {
            let chains = 8;
            let settings = Settings {
                target_acceptance: target,
                trajectory,
                chains,
                ..with(6, Metric::Diagonal)
            };
            let chains = sampled(&normals(20, |_| 1.0), &settings);
            let last = chains.iter().flat_map(|c| &c.warmup[950..]);
            let phase = last.map(|t| t.acceptance).sum::<f64>() / (50 * chains.len()) as f64;
            let draws = chains.iter().map(Chain::acceptance).sum::<f64>() / chains.len() as f64;
            assert!(
                (phase - target).abs() < 0.05,
                "{trajectory:?}, {target}: {phase}"
            );
            assert!(draws > target - 0.05, "{trajectory:?}, {target}: {draws}");
        }
    }
}

/// Every bit of a run.
fn bits(chains: &[Chain]) -> Vec<u64> {
    let of = |c: &Chain| -> Vec<u64> {
        let positions = c.positions().flatten().copied();
        let rest = c.transitions.iter().chain(&c.warmup);
        let rest = rest.flat_map(|t| [t.energy, t.acceptance, t.step_size, f64::from(t.leapfrogs)]);
        positions
            .chain(rest)
            .map(f64::to_bits)
            .chain([c.gradients])
            .collect()
    };
    chains.iter().flat_map(of).collect()
}

#[test]
fn same_bits_with_any_number_of_threads() {
    for metric in METRICS {
        let settings = Settings {
            chains: 5,
            warmup: 200,
            draws: 100,
            ..with(7, metric)
        };
        let with_threads = |n: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(n)
                .build()
                .unwrap();
            bits(&pool.install(|| sampled(&schools(), &settings)))
        };
        let one = with_threads(1);
        assert_eq!(one, with_threads(2));
        assert_eq!(one, with_threads(7));
        assert_ne!(
            one,
            bits(&sampled(
                &schools(),
                &Settings {
                    seed: 8,
                    ..settings
                }
            ))
        );
    }
}

#[test]
fn chains_do_not_depend_on_how_many_there_are() {
    let some = |chains| {
        sampled(
            &schools(),
            &Settings {
                chains,
                warmup: 100,
                draws: 50,
                ..with(9, Metric::Diagonal)
            },
        )
    };
    assert_eq!(bits(&some(2)), bits(&some(3)[..2]));
}

#[test]
fn bad_starts_are_errors() {
    let minus_infinity = density(2, |_, g| {
        g.fill(0.0);
        f64::NEG_INFINITY
    });
    let error = run(&minus_infinity, &Settings::default(), &|_| ()).unwrap_err();
    assert!(
        matches!(
            error,
            NutsError::Start {
                chain: 0,
                tries: 100,
                ..
            }
        ),
        "{error}"
    );
    assert!(
        error.to_string().contains("chain 1: none of 100 points"),
        "{error}"
    );

    let bad_gradient = density(3, |_, g| {
        g.copy_from_slice(&[0.0, f64::NAN, 0.0]);
        0.0
    });
    let initial = Some(vec![vec![0.0; 3]; 4]);
    let error = run(
        &bad_gradient,
        &Settings {
            initial,
            ..Settings::default()
        },
        &|_| (),
    )
    .unwrap_err();
    let text =
        "chain 1: at the given initial point the derivative with respect to coordinate 1 is NaN";
    assert_eq!(error.to_string(), text);

    for initial in [vec![vec![0.0; 3]; 3], vec![vec![0.0; 2]; 4]] {
        let settings = Settings {
            initial: Some(initial),
            ..Settings::default()
        };
        let error = run(&normals(3, |_| 1.0), &settings, &|_| ()).unwrap_err();
        assert!(
            matches!(
                error,
                NutsError::Setting {
                    name: "initial",
                    ..
                }
            ),
            "{error}"
        );
    }
    let none = run(&normals(0, |_| 1.0), &Settings::default(), &|_| ()).unwrap_err();
    assert_eq!(none, NutsError::NoDimensions);
}

#[test]
fn starts_are_tried_again() {
    // Half of the line is out of bounds: ten tries of U(−2, 2) find the other half but once in a thousand.
    let half = density(1, |u, g| {
        g[0] = 1.0 / u[0] - 1.0;
        if u[0] > 0.0 {
            u[0].ln() - u[0]
        } else {
            f64::NAN
        }
    });
    let settings = Settings {
        target_acceptance: 0.95,
        ..with(10, Metric::Diagonal)
    };
    let chains = sampled(&half, &settings);
    // Gamma(2, 1)
    assert!(z_of_mean(&chains, 2.0, |u| u[0]).abs() < LIMIT);
    assert!(
        chains
            .iter()
            .flat_map(|c| c.positions())
            .all(|u| u[0] > 0.0)
    );
}

#[test]
fn given_points_are_used() {
    let initial: Vec<Vec<f64>> = (0..4).map(|c| vec![f64::from(c); 3]).collect();
    let settings = Settings {
        warmup: 0,
        draws: 1,
        step_size: 1e-9,
        initial: Some(initial),
        ..Settings::default()
    };
    let chains = sampled(&normals(3, |_| 1.0), &settings);
    for (c, chain) in chains.iter().enumerate() {
        let near = |u: &f64| (u - c as f64).abs() < 1e-4;
        assert!(chain.positions().flatten().all(near));
    }
}

#[test]
fn what_is_not_finite_diverges() {
    // A normal whose value, or whose gradient alone, is not finite beyond 1.5: the draws stay inside, and a run
    // reports the trajectories that left.
    for (value, gradient) in [
        (f64::NAN, 0.0),
        (f64::INFINITY, 0.0),
        (f64::NEG_INFINITY, 0.0),
        (0.0, f64::NAN),
    ] {
        let cut = density(2, move |u, g| {
            let outside = u[0].abs() > 1.5;
            g[0] = if outside { gradient } else { -u[0] };
            g[1] = -u[1];
            -0.5 * (u[0] * u[0] + u[1] * u[1]) + if outside { value } else { 0.0 }
        });
        for trajectory in [Trajectory::default(), Trajectory::Steps(5)] {
            let initial = Some(vec![vec![0.1; 2]; 4]);
            let settings = Settings {
                initial,
                trajectory,
                ..with(11, Metric::Diagonal)
            };
            let chains = sampled(&cut, &settings);
            assert!(chains.iter().any(|c| !c.divergences.is_empty()));
            let inside = |u: &[f64]| u[0].abs() <= 1.5 && u[1].is_finite();
            assert!(chains.iter().flat_map(|c| c.positions()).all(inside));
            // Divergent trajectories are cut at a symmetric edge.
            assert!(z_of_mean(&chains, 0.0, |u| u[0]).abs() < LIMIT);
        }
    }
}

#[test]
fn improper_densities_are_errors() {
    let flat = density(2, |_, g| {
        g.fill(0.0);
        0.0
    });
    let error = run(&flat, &Settings::default(), &|_| ()).unwrap_err();
    assert_eq!(error, NutsError::Improper { chain: 0 });
}

#[test]
fn records_are_consistent() {
    let d = schools();
    let chains = sampled(
        &d,
        &Settings {
            warmup: 300,
            draws: 200,
            ..with(12, Metric::Diagonal)
        },
    );
    for chain in &chains {
        assert_eq!((chain.warmup.len(), chain.transitions.len()), (300, 200));
        let leapfrogs: u64 = chain
            .warmup
            .iter()
            .chain(&chain.transitions)
            .map(|t| u64::from(t.leapfrogs))
            .sum();
        // The search for step sizes takes a few more, the start at least one.
        assert!(chain.gradients > leapfrogs && chain.gradients < leapfrogs + 200);
        for (u, t) in chain.positions().zip(&chain.transitions) {
            let mut g = [0.0; 10];
            assert_eq!(
                d.value_and_gradient(&mut d.worker(), u, &mut g),
                t.log_density
            );
            assert!(t.energy >= -t.log_density && t.step_size == chain.step_size);
        }
    }
}
