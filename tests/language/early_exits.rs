//! Sites after an early `return`, `break` or `continue`.

use super::{check_density, draw, normal};
use ppl::models::Model;
use ppl::prelude::*;

#[model]
fn let_else(x: &[f64]) {
    let a: f64 = sample(Normal::new(0.0, 1.0));
    let Some(first) = x.first() else { return };
    let b: f64 = sample(Normal::new(a + first, 1.0));
    observe(first, Normal::new(b, 1.0));
}

#[test]
fn a_site_after_let_else_is_an_option() {
    assert_eq!(
        draw(&let_else(&[]), &[0.4]),
        LetElseDraw { a: 0.4, b: None }
    );
    let both = LetElseDraw {
        a: 0.4,
        b: Some(0.9),
    };
    assert_eq!(draw(&let_else(&[2.0]), &[0.4, 0.9]), both);
    let prior = normal(0.4, 0.0, 1.0) + normal(0.9, 2.4, 1.0);
    check_density(
        &let_else(&[2.0]),
        &[0.4, 0.9],
        prior + normal(2.0, 0.9, 1.0),
    );
    check_density(&let_else(&[]), &[0.4], normal(0.4, 0.0, 1.0));
    let always: Vec<bool> = LetElse::SITES.iter().map(|s| s.always).collect();
    assert_eq!(always, [true, false, false]);
}

#[model]
fn returns(stop: bool) {
    let a: f64 = sample(Normal::new(0.0, 1.0));
    if stop {
        return;
    }
    let inside = |x: f64| -> f64 {
        if x > 0.0 {
            return x;
        }
        -x
    };
    plate(2, |_| {
        let after: f64 = sample(Normal::new(inside(-1.0), 1.0));
    });
    let b: f64 = sample(Normal::new(a, 1.0));
}

#[test]
fn a_loop_after_a_return_is_empty() {
    let stopped = ReturnsDraw {
        a: 0.4,
        after: vec![],
        b: None,
    };
    assert_eq!(draw(&returns(true), &[0.4]), stopped);
    let whole = ReturnsDraw {
        a: 0.4,
        after: vec![0.5, 0.6],
        b: Some(0.7),
    };
    assert_eq!(draw(&returns(false), &[0.4, 0.5, 0.6, 0.7]), whole);
}

#[model]
fn jumps(skip: &[bool], stop: usize) {
    for (i, skipped) in skip.iter().enumerate() {
        let a: f64 = sample(Normal::new(0.0, 1.0));
        if *skipped {
            continue;
        }
        let b: f64 = sample(Normal::new(a, 1.0));
        if i == stop {
            break;
        }
        let c: f64 = sample(Normal::new(b, 1.0));
    }
    let last: f64 = sample(Normal::new(0.0, 1.0));
}

#[test]
fn a_site_after_continue_or_break_is_an_option_of_its_element() {
    let d = draw(
        &jumps(&[false, true, false, false], 2),
        &[1., 2., 3., 4., 5., 6., 7.],
    );
    let expected = JumpsDraw {
        a: vec![1.0, 4.0, 5.0],
        b: vec![Some(2.0), None, Some(6.0)],
        c: vec![Some(3.0), None, None],
        last: 7.0,
    };
    assert_eq!(d, expected);
}

#[model]
fn labels(n: usize) {
    'rows: for i in 0..n {
        for j in 0..n {
            let x: f64 = sample(Normal::new(0.0, 1.0));
            if j > i {
                continue 'rows;
            }
            let y: f64 = sample(Normal::new(0.0, 1.0));
        }
        let end: f64 = sample(Normal::new(0.0, 1.0));
    }
    let after: f64 = sample(Normal::new(0.0, 1.0));
}

#[test]
fn a_jump_to_an_outer_loop_closes_the_inner() {
    let u: Vec<f64> = (1..=9).map(f64::from).collect();
    let expected = LabelsDraw {
        x: vec![vec![1.0, 3.0], vec![4.0, 6.0]],
        y: vec![vec![Some(2.0), None], vec![Some(5.0), Some(7.0)]],
        end: vec![None, Some(8.0)],
        after: 9.0,
    };
    assert_eq!(draw(&labels(2), &u), expected);
    let prior = u.iter().map(|u| normal(*u, 0.0, 1.0)).sum();
    check_density(&labels(2), &u, prior);
}

#[model]
fn labelled_block(stop: bool) {
    let picked = 'block: {
        for i in 0..2 {
            for _ in 0..1 {
                let x: f64 = sample(Normal::new(0.0, 1.0));
                if stop {
                    break 'block i;
                }
            }
        }
        let inside: f64 = sample(Normal::new(0.0, 1.0));
        7
    };
    let after: f64 = sample(Normal::new(picked as f64, 1.0));
}

#[test]
fn a_jump_out_of_a_labelled_block_closes_its_loops() {
    let whole = LabelledBlockDraw {
        x: vec![vec![1.0], vec![2.0]],
        inside: Some(3.0),
        after: 4.0,
    };
    assert_eq!(draw(&labelled_block(false), &[1.0, 2.0, 3.0, 4.0]), whole);
    let stopped = LabelledBlockDraw {
        x: vec![vec![1.0]],
        inside: None,
        after: 2.0,
    };
    assert_eq!(draw(&labelled_block(true), &[1.0, 2.0]), stopped);
}

#[model]
fn questions(y: &[Option<f64>]) {
    let fits = plate(y.len(), |i| {
        let mu: f64 = sample(Normal::new(0.0, 1.0));
        let y_i = y[i]?;
        let sd: f64 = sample(Normal::new(1.0, 0.1));
        observe(y_i, Normal::new(mu, sd));
        Some(mu - y_i)
    });
    let worst: f64 = deterministic(fits.iter().flatten().map(|f| f.abs()).sum::<Real>());
}

#[test]
fn a_question_mark_in_a_plate_leaves_its_element() {
    let d = draw(&questions(&[None, Some(1.0)]), &[0.5, 0.25, 1.1]);
    let expected = QuestionsDraw {
        mu: vec![0.5, 0.25],
        sd: vec![None, Some(1.1)],
        worst: 0.75,
    };
    assert_eq!(d, expected);
}

#[model]
fn return_in_loop(y: &[f64]) {
    plate(y.len(), |i| {
        for k in 0..3 {
            let x: f64 = sample(Normal::new(0.0, 1.0));
            if k as f64 >= y[i] {
                return;
            }
        }
        let end: f64 = sample(Normal::new(0.0, 1.0));
    });
    let after: f64 = sample(Normal::new(0.0, 1.0));
}

#[test]
fn a_return_from_a_loop_in_a_plate_ends_its_element() {
    let d = draw(
        &return_in_loop(&[0.0, 9.0, 1.0]),
        &[1., 2., 3., 4., 5., 6., 7., 8.],
    );
    let expected = ReturnInLoopDraw {
        x: vec![vec![1.0], vec![2.0, 3.0, 4.0], vec![6.0, 7.0]],
        end: vec![None, Some(5.0), None],
        after: 8.0,
    };
    assert_eq!(d, expected);
}
