//! Sites in branches.

use super::{check_density, draw, normal};
use ppl::models::Model;
use ppl::prelude::*;

#[model]
fn two_arms(flag: bool, y: f64) {
    let mean = if flag {
        let b: f64 = sample(Normal::new(1.0, 1.0));
        b
    } else {
        let a: f64 = sample(Normal::new(0.0, 2.0));
        a
    };
    observe(y, Normal::new(mean, 1.0));
}

#[test]
fn a_site_in_a_branch_is_an_option() {
    let (with_b, with_a) = (two_arms(true, 0.2), two_arms(false, 0.2));
    assert_eq!(
        draw(&with_b, &[0.7]),
        TwoArmsDraw {
            b: Some(0.7),
            a: None
        }
    );
    assert_eq!(
        draw(&with_a, &[0.7]),
        TwoArmsDraw {
            b: None,
            a: Some(0.7)
        }
    );
    check_density(
        &with_b,
        &[0.7],
        normal(0.7, 1.0, 1.0) + normal(0.2, 0.7, 1.0),
    );
    check_density(
        &with_a,
        &[0.7],
        normal(0.7, 0.0, 2.0) + normal(0.2, 0.7, 1.0),
    );
    assert_eq!(TwoArms::DIM, None);
}

enum Kind {
    Flat,
    Wide(f64),
    Narrow,
}

#[model]
fn one_name(kind: &Kind, y: Option<f64>) {
    let m = match kind {
        Kind::Flat => 0.0.into(),
        Kind::Wide(sd) if *sd > 0.0 => {
            let m: f64 = sample(Normal::new(0.0, *sd));
            m
        }
        _ => {
            let m: f64 = sample(Normal::new(5.0, 0.5));
            m
        }
    };
    let shifted: Real = m + 1.0;
    match y {
        Some(y) => observe(y, Normal::new(shifted, 1.0)),
        None => factor(shifted),
    }
}

#[test]
fn one_name_in_exclusive_branches_is_one_field() {
    let names: Vec<_> = OneName::SITES.iter().map(|s| s.name).collect();
    assert_eq!(names, ["m", "y", "factor"]);
    assert!(OneName::SITES.iter().all(|s| !s.always));
    let y = Some(0.2);
    assert_eq!(
        draw(&one_name(&Kind::Flat, y), &[]),
        OneNameDraw { m: None }
    );
    for kind in [Kind::Wide(3.0), Kind::Narrow] {
        assert_eq!(
            draw(&one_name(&kind, y), &[0.4]),
            OneNameDraw { m: Some(0.4) }
        );
    }
    let wide = one_name(&Kind::Wide(3.0), y);
    check_density(&wide, &[0.4], normal(0.4, 0.0, 3.0) + normal(0.2, 1.4, 1.0));
    let narrow = one_name(&Kind::Narrow, None);
    check_density(&narrow, &[0.4], normal(0.4, 5.0, 0.5) + 1.4);
}

#[model]
fn chain(k: usize) {
    if k == 0 {
        let x: f64 = sample(Normal::new(0.0, 1.0));
    } else if k == 1 {
        let x: f64 = sample(Normal::new(1.0, 1.0));
        let extra: f64 = sample(Normal::new(x, 1.0));
    } else {
        let x: f64 = sample(Normal::new(2.0, 1.0));
    }
}

#[test]
fn a_chain_of_ifs_is_one_branch() {
    for (k, u) in [(0, &[0.5][..]), (1, &[0.5, 0.1]), (2, &[0.5])] {
        let expected = ChainDraw {
            x: Some(0.5),
            extra: u.get(1).copied(),
        };
        assert_eq!(draw(&chain(k), u), expected);
        let prior = normal(0.5, k as f64, 1.0) + u.get(1).map_or(0.0, |e| normal(*e, 0.5, 1.0));
        check_density(&chain(k), u, prior);
    }
}

#[model]
fn conditions(y: Option<f64>, want: bool) {
    if let Some(v) = y {
        let inside: f64 = sample(Normal::new(v, 1.0));
    }
    let on = want && {
        let lazy: f64 = sample(Normal::new(0.0, 1.0));
        lazy > 0.0
    };
    let plain = {
        let transparent: f64 = sample(Normal::new(0.0, 1.0));
        transparent
    };
    factor(if on { plain } else { -plain });
}

#[test]
fn a_block_is_transparent_and_the_right_of_a_lazy_operator_is_a_branch() {
    let d = draw(&conditions(None, false), &[0.3]);
    let expected = ConditionsDraw {
        inside: None,
        lazy: None,
        transparent: 0.3,
    };
    assert_eq!(d, expected);
    let all = draw(&conditions(Some(1.0), true), &[0.1, 0.2, 0.3]);
    let expected = ConditionsDraw {
        inside: Some(0.1),
        lazy: Some(0.2),
        transparent: 0.3,
    };
    assert_eq!(all, expected);
}

#[model]
fn exclusive_loops(many: bool) {
    if many {
        for _ in 0..3 {
            let x: f64 = sample(Normal::new(0.0, 1.0));
        }
    } else {
        for _ in 0..1 {
            let x: f64 = sample(Normal::new(1.0, 1.0));
        }
    }
}

#[test]
fn one_name_in_loops_of_exclusive_branches_is_one_vector() {
    let three = draw(&exclusive_loops(true), &[0.1, 0.2, 0.3]);
    assert_eq!(three.x, [0.1, 0.2, 0.3]);
    let one = draw(&exclusive_loops(false), &[0.1]);
    assert_eq!(one.x, [0.1]);
    check_density(&exclusive_loops(false), &[0.1], normal(0.1, 1.0, 1.0));
}
