//! Written by `generated.py 1 20`: random models beside straight evaluations of them.
#![allow(unused, clippy::all, reason = "written by a program")]

mod program_0;
mod program_1;
mod program_10;
mod program_11;
mod program_12;
mod program_13;
mod program_14;
mod program_15;
mod program_16;
mod program_17;
mod program_18;
mod program_19;
mod program_2;
mod program_3;
mod program_4;
mod program_5;
mod program_6;
mod program_7;
mod program_8;
mod program_9;

use super::checks::sequences;
use super::{check_density, normal};
use ppl::models::Model;
use ppl::prelude::*;

const CHAIN: [[f64; 3]; 3] = [[0.5, 0.25, 0.25], [0.2, 0.6, 0.2], [0.1, 0.2, 0.7]];

struct Point<'u> {
    u: &'u [f64],
    at: usize,
}
impl Point<'_> {
    fn next(&mut self) -> f64 {
        self.at += 1;
        self.u[self.at - 1]
    }
}

fn log_sum_exp(x: &[f64]) -> f64 {
    let max = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    max + x.iter().map(|x| (x - max).exp()).sum::<f64>().ln()
}

/// The density of a model and its gradient against the straight evaluation.
#[track_caller]
fn as_written<M: Model>(program: fn(bool) -> M, straight: fn(bool, &mut Point<'_>) -> f64) {
    let all: Vec<f64> = (0..64).map(|k| (1.7 * f64::from(k) + 0.3).sin()).collect();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight(flag, &mut u);
        check_density(&program(flag), &all[..u.at], expected);
    }
}

#[model]
fn part(level: Real) -> f64 {
    let e: f64 = sample(Normal::new(level, 1.5));
    let y = 0.3;
    observe(y, Normal::new(e, 1.0));
    e
}
