//! `#[branch]`: each value of the site makes a program of its own.

use super::{chi_square, normal};
use ppl::models::{Evaluator, Point, SiteKind};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};

#[track_caller]
fn check_program<M: Model>(model: &M, program: &[f64], u: &[f64], expected: f64) {
    let mut evaluator = Evaluator::new();
    let at = |u: &[f64]| {
        let point = Point { u, program };
        Evaluator::new().log_density(model, point).total()
    };
    let value = at(u);
    assert!(
        (value - expected).abs() < 1e-12 * expected.abs().max(1.0),
        "{value} {expected}"
    );
    let mut gradient = vec![0.0; u.len()];
    let point = Point { u, program };
    let same = evaluator.gradient_at(model, point, &mut gradient);
    assert!((value - same).abs() < 1e-12 * value.abs().max(1.0));
    for k in 0..u.len() {
        let moved = |step: f64| {
            let mut moved = u.to_vec();
            moved[k] += step;
            at(&moved)
        };
        let difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        assert!((gradient[k] - difference).abs() < 1e-6 * difference.abs().max(1.0));
    }
}

#[model]
fn two_programs(y: f64) {
    #[branch]
    let second: bool = sample(Bernoulli::new(0.3));
    let mean = if second {
        let b: f64 = sample(Normal::new(1.0, 1.0));
        b
    } else {
        let a: f64 = sample(Normal::new(0.0, 2.0));
        let c: f64 = sample(Normal::new(a, 1.0));
        c
    };
    observe(y, Normal::new(mean, 1.0));
}

#[test]
fn each_value_has_the_density_of_a_model_written_for_it_alone() {
    let model = two_programs(0.4);
    let second = 0.3f64.ln() + normal(0.7, 1.0, 1.0) + normal(0.4, 0.7, 1.0);
    check_program(&model, &[1.0], &[0.7], second);
    let first =
        0.7f64.ln() + normal(0.7, 0.0, 2.0) + normal(-0.2, 0.7, 1.0) + normal(0.4, -0.2, 1.0);
    check_program(&model, &[0.0], &[0.7, -0.2], first);
    let kinds: Vec<_> = TwoPrograms::SITES
        .iter()
        .map(|s| (s.name, s.kind, s.always))
        .collect();
    let expected = [
        ("second", SiteKind::Branch, true),
        ("b", SiteKind::Sample, false),
        ("a", SiteKind::Sample, false),
        ("c", SiteKind::Sample, false),
        ("y", SiteKind::Observe, true),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(TwoPrograms::DIM, None);
}

#[test]
fn the_draw_of_a_program_has_the_sites_that_ran() {
    let model = two_programs(0.4);
    let mut rng = keyed(0, Purpose::Layout, 0, 0);
    let point = Point {
        u: &[0.7],
        program: &[1.0],
    };
    let d = Evaluator::new().draw_at_line(&model, point, &mut rng);
    let expected = TwoProgramsDraw {
        second: true,
        b: Some(0.7),
        a: None,
        c: None,
    };
    assert_eq!(d, expected);
    let latents = TwoProgramsLatents {
        second: true,
        b: Some(0.7),
        a: None,
        c: None,
    };
    assert_eq!(TwoProgramsLatents::from(d), latents);
}

#[model]
fn nested(y: &[f64]) {
    #[branch]
    let count: usize = sample(Poisson::new(2.0));
    let mut total: Real = Real::from(0.0);
    for i in 0..count {
        let x: f64 = sample(Normal::new(i as f64, 1.0));
        #[branch]
        let twice: bool = sample(Bernoulli::new(0.5));
        if twice {
            let more: f64 = sample(Normal::new(x, 3.0));
            total += more;
        }
        total += x;
    }
    observe(y, Normal::new(total, 1.0).iid());
}

#[test]
fn branches_nest_and_loops_run_a_sampled_number_of_times() {
    let y = [1.5, 0.5];
    let poisson = |k: i32| -2.0 + f64::from(k) * 2f64.ln() - f64::from(k.max(1)).ln();
    let data = |total: f64| normal(1.5, total, 1.0) + normal(0.5, total, 1.0);
    check_program(&nested(&y), &[0.0], &[], -2.0 + data(0.0));
    let u = [0.2, 0.3, 1.4];
    let prior = poisson(2)
        + 2.0 * 0.5f64.ln()
        + normal(0.2, 0.0, 1.0)
        + normal(0.3, 0.2, 3.0)
        + normal(1.4, 1.0, 1.0);
    check_program(
        &nested(&y),
        &[2.0, 1.0, 0.0],
        &u,
        prior + data(0.2 + 0.3 + 1.4),
    );
    let mut rng = keyed(0, Purpose::Layout, 0, 0);
    let point = Point {
        u: &u,
        program: &[2.0, 1.0, 0.0],
    };
    let d = Evaluator::new().draw_at_line(&nested(&y), point, &mut rng);
    let expected = NestedDraw {
        count: 2,
        x: vec![0.2, 1.4],
        twice: vec![true, false],
        more: vec![Some(0.3), None],
    };
    assert_eq!(d, expected);
}

#[test]
fn programs_of_the_prior_have_their_probabilities() {
    let mut rng = keyed(4, Purpose::Layout, 0, 0);
    let mut counts = [0.0; 6];
    let mut evaluator = Evaluator::new();
    for _ in 0..20_000 {
        let d = evaluator.prior_draw(&nested(&[]), &mut rng);
        assert_eq!(d.x.len(), d.count);
        assert!(d.more.iter().zip(&d.twice).all(|(m, t)| m.is_some() == *t));
        counts[d.count.min(5)] += 1.0;
    }
    let mut weights = vec![1.0, 2.0, 2.0, 4.0 / 3.0, 2.0 / 3.0];
    weights.push(2f64.exp() - weights.iter().sum::<f64>());
    chi_square(&counts, &weights);
}

#[model]
fn mixed(y: &[f64]) {
    #[branch]
    let kinds: usize = sample(Categorical::new([0.5, 0.5]));
    let p = if kinds == 0 {
        Real::from(0.5)
    } else {
        let p: f64 = sample(Beta::new(2.0, 2.0));
        p
    };
    plate(y.len(), |i| {
        #[enumerate]
        let z: bool = sample(Bernoulli::new(p));
        observe(y[i], Normal::new(if z { 1.0 } else { -1.0 }, 1.0));
    });
}

#[test]
fn a_program_may_have_enumerated_sites() {
    let y = [0.3, -1.2];
    let data = |p: f64| -> f64 {
        let one = |y: &f64| {
            (p * normal(*y, 1.0, 1.0).exp() + (1.0 - p) * normal(*y, -1.0, 1.0).exp()).ln()
        };
        y.iter().map(one).sum()
    };
    check_program(&mixed(&y), &[0.0], &[], 0.5f64.ln() + data(0.5));
    let u: f64 = 0.4;
    let p = 1.0 / (1.0 + (-u).exp());
    let prior = 0.5f64.ln() + (6.0 * p * (1.0 - p)).ln() + (p * (1.0 - p)).ln();
    check_program(&mixed(&y), &[1.0], &[u], prior + data(p));
}
