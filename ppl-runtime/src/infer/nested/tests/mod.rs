//! Failure modes, one test each.

mod experiment;
mod ideal;

use super::*;

struct Cube<F>(usize, F);

impl<F: Fn(&[f64]) -> f64 + Sync> Likelihood for Cube<F> {
    type Worker = ();
    fn dim(&self) -> usize {
        self.0
    }
    fn worker(&self) {}
    fn log_likelihood(&self, _: &mut (), u: &[f64]) -> f64 {
        assert!(u.iter().all(|&x| x > 0.0 && x < 1.0), "outside of the cube");
        (self.1)(u)
    }
}

fn small(live_points: usize) -> Settings {
    Settings {
        live_points: Some(live_points),
        seed: 11,
        ..Settings::default()
    }
}

fn go<F: Fn(&[f64]) -> f64 + Sync>(
    dim: usize,
    f: F,
    settings: &Settings,
) -> Result<Record, NestedError> {
    run(&Cube(dim, f), settings, &mut |_| ())
}

fn gap(record: &Record, truth: f64) -> f64 {
    let evidence = record.evidence();
    (evidence.mean - truth) / evidence.sd
}

#[test]
fn no_dimensions_is_an_error() {
    assert_eq!(
        go(0, |_| 0.0, &small(50)).unwrap_err(),
        NestedError::NoDimensions
    );
}

#[test]
fn impossible_everywhere_is_an_error_that_says_so() {
    let settings = Settings {
        max_evaluations: 10_000,
        ..small(50)
    };
    let error = go(2, |_| f64::NEG_INFINITY, &settings).unwrap_err();
    assert!(
        matches!(
            error,
            NestedError::NoFinitePoint {
                finite: 0,
                wanted: 50,
                ..
            }
        ),
        "{error}"
    );
    let error = go(2, |_| f64::NAN, &settings).unwrap_err();
    assert!(
        matches!(error, NestedError::NoFinitePoint { nan, .. } if nan >= 10_000),
        "{error}"
    );
}

#[test]
fn wrong_settings_are_named() {
    let bad = |settings: Settings| settings.check(2).unwrap_err().to_string();
    assert!(bad(small(1)).contains("live_points"));
    assert!(
        bad(Settings {
            batch_fraction: 0.7,
            ..small(50)
        })
        .contains("batch_fraction")
    );
    assert!(
        bad(Settings {
            remaining_evidence: f64::NAN,
            ..small(50)
        })
        .contains("remaining_evidence")
    );
    assert!(
        bad(Settings {
            effective_samples: Some(-1.0),
            ..small(50)
        })
        .contains("effective_samples")
    );
    assert!(
        bad(Settings {
            max_evaluations: 10,
            ..small(50)
        })
        .contains("max_evaluations")
    );
    assert!(
        bad(Settings {
            sweeps: 1,
            ..small(50)
        })
        .contains("sweeps")
    );
    assert!(
        bad(Settings {
            shrinkage_draws: 10,
            ..small(50)
        })
        .contains("shrinkage_draws")
    );
}

#[test]
fn a_plateau_everywhere_has_the_evidence_of_its_height() {
    for proposal in [Proposal::Auto, Proposal::Slices] {
        let record = go(
            3,
            |_| -2.5,
            &Settings {
                proposal,
                ..small(100)
            },
        )
        .unwrap();
        let evidence = record.evidence();
        assert!(
            (evidence.mean + 2.5).abs() < 1e-9 && evidence.sd < 1e-6,
            "{evidence:?}"
        );
        assert!(evidence.information.abs() < 1e-9);
    }
}

#[test]
fn plateaus_below_a_peak_are_crossed() {
    // Zero likelihood but for e⁰ on a plateau of volume 1 and e⁵ on a square of area 0.01.
    let f = |u: &[f64]| {
        if u.iter().all(|x| (0.3..0.4).contains(x)) {
            5.0
        } else {
            0.0
        }
    };
    let truth = (0.99 + 0.01 * 5f64.exp()).ln();
    for proposal in [Proposal::Ellipsoids, Proposal::Slices] {
        let record = go(
            2,
            f,
            &Settings {
                proposal,
                ..small(400)
            },
        )
        .unwrap();
        assert!(
            gap(&record, truth).abs() < 4.5,
            "{:?} {truth}",
            record.evidence()
        );
    }
}

#[test]
fn nan_and_infinity_are_counted_with_an_example() {
    let f = |u: &[f64]| match u[0] {
        x if x < 0.1 => f64::NAN,
        x if x > 0.9 => f64::INFINITY,
        x => -10.0 * (x - 0.5).abs(),
    };
    let record = go(2, f, &small(400)).unwrap();
    assert!(record.invalid.nan > 0 && record.invalid.infinite > 0);
    let example = record.invalid.example.clone().unwrap();
    assert!(example[0] < 0.1 || example[0] > 0.9);
    let truth = (0.2 * (1.0 - f64::exp(-4.0))).ln();
    assert!(gap(&record, truth).abs() < 4.5, "{:?}", record.evidence());
}

#[test]
fn a_line_through_the_cube_has_a_singular_covariance() {
    // Live points collapse onto a line far narrower than any point spacing.
    let f = |u: &[f64]| -0.5 * ((u[0] - u[1]) / 1e-6).powi(2);
    let truth = (1e-6 * std::f64::consts::TAU.sqrt()).ln();
    let record = go(2, f, &small(400)).unwrap();
    assert!(
        gap(&record, truth).abs() < 4.5,
        "{:?} {truth}",
        record.evidence()
    );
}

#[test]
fn two_live_points_are_enough_to_run() {
    for proposal in [Proposal::Auto, Proposal::Ellipsoids, Proposal::Slices] {
        let settings = Settings {
            proposal,
            max_evaluations: 50_000,
            ..small(2)
        };
        let record = go(
            3,
            |u| -u.iter().map(|u| (u - 0.5).powi(2)).sum::<f64>(),
            &settings,
        )
        .unwrap();
        assert!(record.evidence().mean.is_finite());
        assert!(record.live_counts().iter().all(|&n| n == 1 || n == 2));
    }
}

#[test]
fn one_dimension_works_with_every_proposal() {
    let truth = (0.1 * -f64::exp_m1(-10.0)).ln();
    for proposal in [Proposal::Auto, Proposal::Ellipsoids, Proposal::Slices] {
        let record = go(
            1,
            |u| -10.0 * u[0],
            &Settings {
                proposal,
                ..small(300)
            },
        )
        .unwrap();
        assert!(
            gap(&record, truth).abs() < 4.5,
            "{proposal:?} {:?}",
            record.evidence()
        );
    }
}

#[test]
fn only_the_order_of_the_likelihood_matters_to_the_path() {
    // A steeper likelihood with the same contours visits the same points for as long as both runs last.
    let f = |u: &[f64]| -u.iter().map(|u| (u - 0.4).powi(2)).sum::<f64>();
    let a = go(4, f, &small(100)).unwrap();
    let b = go(4, |u| 8.0 * f(u), &small(100)).unwrap();
    let dead = (a.len().min(b.len()) - 100) * a.dim;
    assert_eq!(a.u[..dead], b.u[..dead]);
}

#[test]
fn evaluations_are_limited() {
    let settings = Settings {
        max_evaluations: 3000,
        ..small(100)
    };
    let record = go(5, |u| -1e3 * u.iter().sum::<f64>(), &settings).unwrap();
    assert_eq!(record.termination, Termination::MaxEvaluations);
    assert!(record.evaluations >= 3000 && record.evaluations < 20_000);
}

#[test]
fn runs_merge_until_the_effective_sample_size_is_reached() {
    let f = |u: &[f64]| -50.0 * u.iter().map(|u| (u - 0.5).powi(2)).sum::<f64>();
    let truth = 2.0 * (std::f64::consts::TAU / 100.0).sqrt().ln();
    let one = go(2, f, &small(100)).unwrap();
    let settings = Settings {
        effective_samples: Some(3.0 * one.effective_samples()),
        ..small(100)
    };
    let record = go(2, f, &settings).unwrap();
    assert!(record.effective_samples() >= 3.0 * one.effective_samples());
    assert_eq!(record.termination, Termination::EffectiveSamples);
    assert!(record.live_points >= 300);
    assert!(record.live_counts().iter().max() <= Some(&record.live_points));
    assert!(record.evidence().sd < 0.7 * one.evidence().sd);
    // The cube cuts the normal off at five standard deviations.
    assert!(
        gap(&record, truth).abs() < 4.5,
        "{:?} {truth}",
        record.evidence()
    );
}
