//! Plates and counted loops.

use super::{check_density, draw, normal};
use ppl::Error;
use ppl::models::{Layout, Model, SiteKind};
use ppl::prelude::*;

#[model]
fn eight_schools(y: &[f64], sigma: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 5.0));
    let tau: f64 = sample(HalfCauchy::new(5.0));
    let theta = plate(y.len(), |_| {
        let eta: f64 = sample(Normal::new(0.0, 1.0));
        let theta: f64 = deterministic(mu + tau * eta);
        theta
    });
    observe(y, Normal::new(&theta, sigma));
}

#[test]
fn a_plate_gives_a_vector_and_its_sites_are_vectors() {
    let (y, sigma) = ([28.0, 8.0], [15.0, 10.0]);
    let model = eight_schools(&y, &sigma);
    let (u, tau) = ([0.5, 0.3, -1.0, 2.0], 0.3f64.exp());
    let d = draw(&model, &u);
    assert_eq!(d.eta, [-1.0, 2.0]);
    let theta = [0.5 - tau, 0.5 + 2.0 * tau];
    for (a, b) in d.theta.iter().zip(theta) {
        assert!((a - b).abs() < 1e-14);
    }
    assert!((d.tau - tau).abs() < 1e-15);
    let half_cauchy = (2.0 / (std::f64::consts::PI * 5.0 * (1.0 + (tau / 5.0).powi(2)))).ln();
    let prior = normal(0.5, 0.0, 5.0) + half_cauchy + 0.3;
    let elements = normal(-1.0, 0.0, 1.0) + normal(2.0, 0.0, 1.0);
    let likelihood = normal(28.0, theta[0], 15.0) + normal(8.0, theta[1], 10.0);
    check_density(&model, &u, prior + elements + likelihood);
    let kinds: Vec<_> = EightSchools::SITES
        .iter()
        .map(|s| (s.name, s.kind))
        .collect();
    assert_eq!(kinds[2], ("theta", SiteKind::Plate));
    assert_eq!(EightSchools::DIM, None);
    assert_eq!(EightSchools::SITES[1].offset, Some(1));
    assert_eq!(EightSchools::SITES[3].offset, None);
}

#[model]
fn nested(groups: &[Vec<f64>]) {
    plate(groups.len(), |g| {
        let mu: f64 = sample(Normal::new(0.0, 1.0));
        for &y in &groups[g] {
            let noise: f64 = sample(Normal::new(0.0, 0.5));
            if y > 1.0 {
                let shift: f64 = sample(Normal::new(0.0, 2.0));
                factor(shift * 0.5);
            }
            observe(y, Normal::new(mu + noise, 1.0));
        }
    });
}

#[test]
fn nesting_composes() {
    let groups = [vec![0.0, 3.0], vec![]];
    let u = [0.1, 0.2, 0.3, 0.4, 0.5];
    let expected = NestedDraw {
        mu: vec![0.1, 0.5],
        noise: vec![vec![0.2, 0.3], vec![]],
        shift: vec![vec![None, Some(0.4)], vec![]],
    };
    assert_eq!(draw(&nested(&groups), &u), expected);
    let prior = normal(0.1, 0.0, 1.0) + normal(0.5, 0.0, 1.0) + normal(0.2, 0.0, 0.5);
    let inner = normal(0.3, 0.0, 0.5) + normal(0.4, 0.0, 2.0) + 0.2;
    let likelihood = normal(0.0, 0.3, 1.0) + normal(3.0, 0.4, 1.0);
    check_density(&nested(&groups), &u, prior + inner + likelihood);
}

#[model]
fn loop_in_branch(on: bool, n: usize) {
    if on {
        for i in 0..n {
            let x: f64 = sample(Normal::new(i as f64, 1.0));
        }
    }
    let total: f64 = deterministic(1.0);
}

#[test]
fn a_loop_in_a_branch_not_taken_is_an_empty_vector() {
    assert_eq!(draw(&loop_in_branch(false, 2), &[]).x, [0.0; 0]);
    assert_eq!(draw(&loop_in_branch(true, 2), &[0.5, 0.6]).x, [0.5, 0.6]);
    let prior = normal(0.5, 0.0, 1.0) + normal(0.6, 1.0, 1.0);
    check_density(&loop_in_branch(true, 2), &[0.5, 0.6], prior);
}

#[model]
fn walk(y: &[f64]) {
    let mut at = Real::from(0.0);
    for (t, y_t) in y.iter().enumerate() {
        let step: f64 = sample(Normal::new(0.0, 1.0 + t as f64));
        at += step;
        observe(y_t, Normal::new(at, 0.5));
    }
    let end: f64 = deterministic(at);
}

#[test]
fn a_loop_carries_values_over() {
    let model = walk(&[0.1, 0.2]);
    let prior = normal(0.3, 0.0, 1.0) + normal(-0.5, 0.0, 2.0);
    let likelihood = normal(0.1, 0.3, 0.5) + normal(0.2, -0.2, 0.5);
    check_density(&model, &[0.3, -0.5], prior + likelihood);
    let d = draw(&model, &[0.3, -0.5]);
    assert_eq!(d.step, [0.3, -0.5]);
    assert!((d.end + 0.2).abs() < 1e-15);
}

#[model]
fn short_forms(y: &[f64], mask: &[bool]) {
    let mu: f64 = sample(Normal::new(0.0, 1.0));
    plate(y.len(), |i| observe(y[i], Normal::new(mu, 1.0)));
    plate(mask.len(), |i| {
        if mask[i] {
            factor(mu)
        }
    });
    let square = plate(2, move |i| {
        plate(2, |j| {
            let cell: f64 = sample(Normal::new(0.0, 1.0));
            cell * (i + j) as f64
        })
    });
    for _ in 0..2 {
        plate(1, |_| factor(square[1][1]));
    }
    for i in 0..mask.len() {
        factor(mu * i as f64)
    }
}

#[test]
fn a_closure_or_loop_may_be_one_statement() {
    let model = short_forms(&[0.5, 0.6], &[true, false]);
    let u = [0.2, 1.0, 2.0, 3.0, 4.0];
    let prior = normal(0.2, 0.0, 1.0) + u[1..].iter().map(|u| normal(*u, 0.0, 1.0)).sum::<f64>();
    let likelihood = normal(0.5, 0.2, 1.0) + normal(0.6, 0.2, 1.0) + 0.2 + 2.0 * 8.0 + 0.2;
    check_density(&model, &u, prior + likelihood);
    assert_eq!(draw(&model, &u).cell, [[1.0, 2.0], [3.0, 4.0]]);
}

#[model]
fn helpers(y: &[f64]) {
    fn twice<M: Mode>(x: Real<M>) -> Real<M> {
        2.0 * x
    }
    let mut count = 0;
    while count < 3 {
        count += 1;
    }
    let most = loop {
        count += 1;
        if count > 5 {
            break count;
        }
    };
    let mut mean = 0.0;
    for v in y {
        mean += v / y.len() as f64;
    }
    let mu: f64 = sample(Normal::new(mean, most as f64));
    factor(twice(mu));
}

#[test]
fn the_rest_is_rust() {
    let expected = normal(0.4, 2.0, 6.0) + 0.8;
    check_density(&helpers(&[1.0, 3.0]), &[0.4], expected);
    assert_eq!(Helpers::SITES.len(), 2);
    assert!(Helpers::SITES[0].always);
}

#[model]
fn counted_in_its_head(most: usize) {
    for k in {
        let low: f64 = sample(Normal::new(0.0, 1.0));
        factor(low);
        0..most
    } {
        let x: f64 = sample(Normal::new(k as f64, 1.0));
    }
}

#[test]
fn a_site_in_the_head_of_a_loop_is_before_it() {
    let d = draw(&counted_in_its_head(2), &[0.1, 0.2, 0.3]);
    assert_eq!((d.low, &d.x[..]), (0.1, &[0.2, 0.3][..]));
}

#[model]
fn sampled_count() {
    let k: usize = sample(Poisson::new(20.0));
    for _ in 0..k {
        let x: f64 = sample(Normal::new(0.0, 1.0));
    }
}

#[test]
fn a_loop_whose_length_is_sampled_is_refused_by_name() {
    let error = Layout::of(&sampled_count()).expect_err("its layout depends on `k`");
    assert!(
        matches!(&error, Error::Layout { site, .. } if site == "for" || site == "x"),
        "{error}"
    );
}
