//! Written by `generated.py 1 20`: random models beside straight evaluations of them.
#![allow(unused, clippy::all, reason = "written by a program")]

use super::checks::sequences;
use super::{check_density, normal};
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

fn point() -> Vec<f64> {
    (0..64).map(|k| (1.7 * f64::from(k) + 0.3).sin()).collect()
}

#[model]
fn part(level: Real) -> f64 {
    let e: f64 = sample(Normal::new(level, 1.5));
    let y = 0.3;
    observe(y, Normal::new(e, 1.0));
    e
}

#[model]
fn program_0(flag: bool) {
    plate(0, |i1| {
        let c2 = 0.3 * i1 as f64;
        #[enumerate]
        let z3: usize = sample(Categorical::new([0.69, 0.81, 0.18]));
        let v4 = z3 as f64;
        let x5: f64 = sample(Normal::new(v4, (c2 * 0.3).exp()));
        #[enumerate]
        let z6: usize = sample(Categorical::new([0.75, 0.31, 0.95]));
        let v7 = z6 as f64;
    });
    for i8 in 0..0 {
        let c9 = 0.3 * f64::from(i8);
        let x10: f64 = sample(Normal::new(c9, (c9 * 0.3).exp()));
    }
    factor(0.68);
}

fn straight_0(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    for i1 in 0..0 {
        let c2 = 0.3 * i1 as f64;
        let z3w: [f64; 3] = [0.69, 0.81, 0.18];
        let (z3start, z3before) = (u.at, lp);
        let mut z3terms = Vec::new();
        for z3 in 0..3 {
            u.at = z3start;
            let mut lp = (z3w[z3] / z3w.iter().sum::<f64>()).ln();
            let v4 = z3 as f64;
            let x5 = u.next();
            lp += normal(x5, v4, (c2 * 0.3).exp());
            let z6w: [f64; 3] = [0.75, 0.31, 0.95];
            let (z6start, z6before) = (u.at, lp);
            let mut z6terms = Vec::new();
            for z6 in 0..3 {
                u.at = z6start;
                let mut lp = (z6w[z6] / z6w.iter().sum::<f64>()).ln();
                let v7 = z6 as f64;
                z6terms.push(lp);
            }
            lp = z6before + log_sum_exp(&z6terms);
            z3terms.push(lp);
        }
        lp = z3before + log_sum_exp(&z3terms);
    }
    for i8 in 0..0 {
        let c9 = 0.3 * f64::from(i8);
        let x10 = u.next();
        lp += normal(x10, c9, (c9 * 0.3).exp());
    }
    lp += 0.68;
    lp
}

#[test]
fn program_0_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_0(flag, &mut u);
        check_density(&program_0(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_1(flag: bool) {
    let y1: [f64; 2] = [-0.16, -0.84];
    markov(2, 0, |t, before| {
        #[enumerate]
        let s2: usize = sample(Categorical::new(CHAIN[before]));
        observe(y1[t], Normal::new(-0.81 + s2 as f64, 0.83));
        s2
    });
    let x3: f64 = sample(Normal::new(1.01, 1.33));
    let x4: f64 = sample(Normal::new((0.5 * x3), 1.00));
    let x5 = submodel(part(x3));
    plate(2, |i6| {
        let c7 = 0.3 * i6 as f64;
        if flag {
            let x8: f64 = sample(Normal::new(c7, (x5 * 0.3).exp()));
            let y9 = -1.65;
            observe(y9, Normal::new(x3, (x8 * 0.3).exp()));
        } else {
            let y10 = -0.04;
            observe(y10, Normal::new(-0.09, 1.77));
        }
        if flag {
            let x11: f64 = sample(Normal::new(0.81, 1.79));
        } else {
        }
        if !flag {
            factor((x3 - 0.25 * c7));
            let x12: f64 = sample(Normal::new(x4, 0.58));
        } else {
            let x13: f64 = sample(Normal::new(c7, 1.04));
        }
    });
    for i14 in 0..0 {
        let c15 = 0.3 * f64::from(i14);
        factor(x3);
        if flag {
            let x16: f64 = sample(Normal::new(0.90, (x5 * 0.3).exp()));
        } else {
        }
    }
}

fn straight_1(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let y1: [f64; 2] = [-0.16, -0.84];
    let mut terms = Vec::new();
    for path in sequences(2, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s2) in path.iter().enumerate() {
            sum += CHAIN[before][s2].ln() + normal(y1[t], -0.81 + s2 as f64, 0.83);
            before = s2;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    let x3 = u.next();
    lp += normal(x3, 1.01, 1.33);
    let x4 = u.next();
    lp += normal(x4, (0.5 * x3), 1.00);
    let x5 = u.next();
    lp += normal(x5, x3, 1.5) + normal(0.3, x5, 1.0);
    for i6 in 0..2 {
        let c7 = 0.3 * i6 as f64;
        if flag {
            let x8 = u.next();
            lp += normal(x8, c7, (x5 * 0.3).exp());
            lp += normal(-1.65, x3, (x8 * 0.3).exp());
        } else {
            lp += normal(-0.04, -0.09, 1.77);
        }
        if flag {
            let x11 = u.next();
            lp += normal(x11, 0.81, 1.79);
        } else {
        }
        if !flag {
            lp += (x3 - 0.25 * c7);
            let x12 = u.next();
            lp += normal(x12, x4, 0.58);
        } else {
            let x13 = u.next();
            lp += normal(x13, c7, 1.04);
        }
    }
    for i14 in 0..0 {
        let c15 = 0.3 * f64::from(i14);
        lp += x3;
        if flag {
            let x16 = u.next();
            lp += normal(x16, 0.90, (x5 * 0.3).exp());
        } else {
        }
    }
    lp
}

#[test]
fn program_1_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_1(flag, &mut u);
        check_density(&program_1(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_2(flag: bool) {
    let x1: f64 = sample(Normal::new(-0.14, 1.63));
    plate(1, |i2| {
        let c3 = 0.3 * i2 as f64;
        let x4: f64 = sample(Normal::new(x1, 0.60));
        let y5 = -0.98;
        observe(y5, Normal::new((0.5 * x4), 1.57));
        #[enumerate]
        let z6: usize = sample(Categorical::new([0.55, 0.20, 0.38]));
        let v7 = z6 as f64;
    });
    for i8 in 0..1 {
        let c9 = 0.3 * f64::from(i8);
        let y10 = -1.56;
        observe(y10, Normal::new(x1, (c9 * 0.3).exp()));
    }
}

fn straight_2(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -0.14, 1.63);
    for i2 in 0..1 {
        let c3 = 0.3 * i2 as f64;
        let x4 = u.next();
        lp += normal(x4, x1, 0.60);
        lp += normal(-0.98, (0.5 * x4), 1.57);
        let z6w: [f64; 3] = [0.55, 0.20, 0.38];
        let (z6start, z6before) = (u.at, lp);
        let mut z6terms = Vec::new();
        for z6 in 0..3 {
            u.at = z6start;
            let mut lp = (z6w[z6] / z6w.iter().sum::<f64>()).ln();
            let v7 = z6 as f64;
            z6terms.push(lp);
        }
        lp = z6before + log_sum_exp(&z6terms);
    }
    for i8 in 0..1 {
        let c9 = 0.3 * f64::from(i8);
        lp += normal(-1.56, x1, (c9 * 0.3).exp());
    }
    lp
}

#[test]
fn program_2_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_2(flag, &mut u);
        check_density(&program_2(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_3(flag: bool) {
    factor(-0.31);
    let x1: f64 = sample(Normal::new(-0.16, 1.26));
    if flag {
        let x2: f64 = sample(Normal::new(x1, 1.36));
        let y3 = 0.64;
        observe(y3, Normal::new(x1, (x1 * 0.3).exp()));
    } else {
    }
}

fn straight_3(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += -0.31;
    let x1 = u.next();
    lp += normal(x1, -0.16, 1.26);
    if flag {
        let x2 = u.next();
        lp += normal(x2, x1, 1.36);
        lp += normal(0.64, x1, (x1 * 0.3).exp());
    } else {
    }
    lp
}

#[test]
fn program_3_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_3(flag, &mut u);
        check_density(&program_3(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_4(flag: bool) {
    let x1: f64 = sample(Normal::new(-0.57, 1.91));
    let y2 = -0.34;
    observe(y2, Normal::new((x1 - 0.25 * x1), 1.78));
    factor(x1);
    let y3 = 1.31;
    observe(y3, Normal::new(x1, 1.02));
    factor(x1);
}

fn straight_4(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -0.57, 1.91);
    lp += normal(-0.34, (x1 - 0.25 * x1), 1.78);
    lp += x1;
    lp += normal(1.31, x1, 1.02);
    lp += x1;
    lp
}

#[test]
fn program_4_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_4(flag, &mut u);
        check_density(&program_4(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_5(flag: bool) {
    let x1: f64 = sample(Normal::new(-0.61, 1.25));
    for i2 in 0..2 {
        let c3 = 0.3 * f64::from(i2);
        let y4 = -1.93;
        observe(y4, Normal::new((0.5 * c3), (x1 * 0.3).exp()));
        let y5 = -0.28;
        observe(y5, Normal::new((x1 - 0.25 * c3), (c3 * 0.3).exp()));
    }
    let x6 = submodel(part(x1));
    let x7: f64 = sample(Normal::new(-1.25, 1.87));
    factor((x6 - 0.25 * x7));
    let x8 = submodel(part((x6 - 0.25 * x6)));
}

fn straight_5(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -0.61, 1.25);
    for i2 in 0..2 {
        let c3 = 0.3 * f64::from(i2);
        lp += normal(-1.93, (0.5 * c3), (x1 * 0.3).exp());
        lp += normal(-0.28, (x1 - 0.25 * c3), (c3 * 0.3).exp());
    }
    let x6 = u.next();
    lp += normal(x6, x1, 1.5) + normal(0.3, x6, 1.0);
    let x7 = u.next();
    lp += normal(x7, -1.25, 1.87);
    lp += (x6 - 0.25 * x7);
    let x8 = u.next();
    lp += normal(x8, (x6 - 0.25 * x6), 1.5) + normal(0.3, x8, 1.0);
    lp
}

#[test]
fn program_5_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_5(flag, &mut u);
        check_density(&program_5(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_6(flag: bool) {
    factor(0.84);
    #[enumerate]
    let z1: usize = sample(Categorical::new([0.62, 0.79]));
    let v2 = z1 as f64;
    for i3 in 0..0 {
        let c4 = 0.3 * f64::from(i3);
        let x5: f64 = sample(Normal::new(v2, (c4 * 0.3).exp()));
        let x6: f64 = sample(Normal::new(x5, (c4 * 0.3).exp()));
    }
    let x7: f64 = sample(Normal::new(v2, 1.93));
    for i8 in 0..1 {
        let c9 = 0.3 * f64::from(i8);
        factor((v2 - 0.25 * v2));
    }
}

fn straight_6(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += 0.84;
    let z1w: [f64; 2] = [0.62, 0.79];
    let (z1start, z1before) = (u.at, lp);
    let mut z1terms = Vec::new();
    for z1 in 0..2 {
        u.at = z1start;
        let mut lp = (z1w[z1] / z1w.iter().sum::<f64>()).ln();
        let v2 = z1 as f64;
        for i3 in 0..0 {
            let c4 = 0.3 * f64::from(i3);
            let x5 = u.next();
            lp += normal(x5, v2, (c4 * 0.3).exp());
            let x6 = u.next();
            lp += normal(x6, x5, (c4 * 0.3).exp());
        }
        let x7 = u.next();
        lp += normal(x7, v2, 1.93);
        for i8 in 0..1 {
            let c9 = 0.3 * f64::from(i8);
            lp += (v2 - 0.25 * v2);
        }
        z1terms.push(lp);
    }
    lp = z1before + log_sum_exp(&z1terms);
    lp
}

#[test]
fn program_6_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_6(flag, &mut u);
        check_density(&program_6(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_7(flag: bool) {
    let x1: f64 = sample(Normal::new(-0.26, 1.74));
    let x2: f64 = sample(Normal::new((0.5 * x1), (x1 * 0.3).exp()));
    let y3 = -1.54;
    observe(y3, Normal::new((0.5 * x1), 1.77));
}

fn straight_7(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -0.26, 1.74);
    let x2 = u.next();
    lp += normal(x2, (0.5 * x1), (x1 * 0.3).exp());
    lp += normal(-1.54, (0.5 * x1), 1.77);
    lp
}

#[test]
fn program_7_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_7(flag, &mut u);
        check_density(&program_7(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_8(flag: bool) {
    let y1: [f64; 3] = [-1.60, 0.61, -1.84];
    markov(3, 0, |t, before| {
        #[enumerate]
        let s2: usize = sample(Categorical::new(CHAIN[before]));
        observe(y1[t], Normal::new(-0.74 + s2 as f64, 1.22));
        s2
    });
    let x3: f64 = sample(Normal::new(0.68, 0.98));
    if !flag {
        let x4: f64 = sample(Normal::new(1.24, (x3 * 0.3).exp()));
        let x5: f64 = sample(Normal::new((x3 - 0.25 * x4), (x4 * 0.3).exp()));
    } else {
    }
    let y6: [f64; 2] = [-1.64, 1.01];
    markov(2, 0, |t, before| {
        #[enumerate]
        let s7: usize = sample(Categorical::new(CHAIN[before]));
        observe(y6[t], Normal::new((x3 - 0.25 * x3) + s7 as f64, 1.73));
        s7
    });
    let x8: f64 = sample(Normal::new(x3, (x3 * 0.3).exp()));
    plate(0, |i9| {
        let c10 = 0.3 * i9 as f64;
        let y11 = -0.73;
        observe(y11, Normal::new(x8, 0.65));
        let x12: f64 = sample(Normal::new((0.5 * x3), 0.87));
        let x13: f64 = sample(Normal::new((x3 - 0.25 * x3), 0.51));
    });
}

fn straight_8(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let y1: [f64; 3] = [-1.60, 0.61, -1.84];
    let mut terms = Vec::new();
    for path in sequences(3, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s2) in path.iter().enumerate() {
            sum += CHAIN[before][s2].ln() + normal(y1[t], -0.74 + s2 as f64, 1.22);
            before = s2;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    let x3 = u.next();
    lp += normal(x3, 0.68, 0.98);
    if !flag {
        let x4 = u.next();
        lp += normal(x4, 1.24, (x3 * 0.3).exp());
        let x5 = u.next();
        lp += normal(x5, (x3 - 0.25 * x4), (x4 * 0.3).exp());
    } else {
    }
    let y6: [f64; 2] = [-1.64, 1.01];
    let mut terms = Vec::new();
    for path in sequences(2, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s7) in path.iter().enumerate() {
            sum += CHAIN[before][s7].ln() + normal(y6[t], (x3 - 0.25 * x3) + s7 as f64, 1.73);
            before = s7;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    let x8 = u.next();
    lp += normal(x8, x3, (x3 * 0.3).exp());
    for i9 in 0..0 {
        let c10 = 0.3 * i9 as f64;
        lp += normal(-0.73, x8, 0.65);
        let x12 = u.next();
        lp += normal(x12, (0.5 * x3), 0.87);
        let x13 = u.next();
        lp += normal(x13, (x3 - 0.25 * x3), 0.51);
    }
    lp
}

#[test]
fn program_8_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_8(flag, &mut u);
        check_density(&program_8(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_9(flag: bool) {
    let y1: [f64; 4] = [-0.69, 0.04, 0.66, -1.28];
    markov(4, 0, |t, before| {
        #[enumerate]
        let s2: usize = sample(Categorical::new(CHAIN[before]));
        observe(y1[t], Normal::new(-1.20 + s2 as f64, 1.67));
        s2
    });
    let y3 = 1.94;
    observe(y3, Normal::new(-0.58, 1.56));
    plate(1, |i4| {
        let c5 = 0.3 * i4 as f64;
        let y6 = 0.18;
        observe(y6, Normal::new(0.84, (c5 * 0.3).exp()));
        let y7 = -0.80;
        observe(y7, Normal::new(c5, 1.79));
    });
    factor(0.83);
    let y8: [f64; 4] = [0.15, -1.96, 1.35, -1.31];
    markov(4, 0, |t, before| {
        #[enumerate]
        let s9: usize = sample(Categorical::new(CHAIN[before]));
        observe(y8[t], Normal::new(-0.75 + s9 as f64, 1.16));
        s9
    });
}

fn straight_9(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let y1: [f64; 4] = [-0.69, 0.04, 0.66, -1.28];
    let mut terms = Vec::new();
    for path in sequences(4, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s2) in path.iter().enumerate() {
            sum += CHAIN[before][s2].ln() + normal(y1[t], -1.20 + s2 as f64, 1.67);
            before = s2;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    lp += normal(1.94, -0.58, 1.56);
    for i4 in 0..1 {
        let c5 = 0.3 * i4 as f64;
        lp += normal(0.18, 0.84, (c5 * 0.3).exp());
        lp += normal(-0.80, c5, 1.79);
    }
    lp += 0.83;
    let y8: [f64; 4] = [0.15, -1.96, 1.35, -1.31];
    let mut terms = Vec::new();
    for path in sequences(4, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s9) in path.iter().enumerate() {
            sum += CHAIN[before][s9].ln() + normal(y8[t], -0.75 + s9 as f64, 1.16);
            before = s9;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    lp
}

#[test]
fn program_9_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_9(flag, &mut u);
        check_density(&program_9(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_10(flag: bool) {
    let x1 = submodel(part(-1.31));
    for i2 in 0..2 {
        let c3 = 0.3 * f64::from(i2);
        plate(1, |i4| {
            let c5 = 0.3 * i4 as f64;
            let y6 = 1.93;
            observe(y6, Normal::new((c3 - 0.25 * c5), 1.42));
            let x7: f64 = sample(Normal::new(x1, 0.98));
        });
    }
    #[enumerate]
    let z8: usize = sample(Categorical::new([0.31, 0.55]));
    let v9 = z8 as f64;
    #[enumerate]
    let z10: usize = sample(Categorical::new([0.74, 0.40]));
    let v11 = z10 as f64;
    let x12 = submodel(part((v11 - 0.25 * x1)));
    let x13: f64 = sample(Normal::new(0.79, (v11 * 0.3).exp()));
}

fn straight_10(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -1.31, 1.5) + normal(0.3, x1, 1.0);
    for i2 in 0..2 {
        let c3 = 0.3 * f64::from(i2);
        for i4 in 0..1 {
            let c5 = 0.3 * i4 as f64;
            lp += normal(1.93, (c3 - 0.25 * c5), 1.42);
            let x7 = u.next();
            lp += normal(x7, x1, 0.98);
        }
    }
    let z8w: [f64; 2] = [0.31, 0.55];
    let (z8start, z8before) = (u.at, lp);
    let mut z8terms = Vec::new();
    for z8 in 0..2 {
        u.at = z8start;
        let mut lp = (z8w[z8] / z8w.iter().sum::<f64>()).ln();
        let v9 = z8 as f64;
        let z10w: [f64; 2] = [0.74, 0.40];
        let (z10start, z10before) = (u.at, lp);
        let mut z10terms = Vec::new();
        for z10 in 0..2 {
            u.at = z10start;
            let mut lp = (z10w[z10] / z10w.iter().sum::<f64>()).ln();
            let v11 = z10 as f64;
            let x12 = u.next();
            lp += normal(x12, (v11 - 0.25 * x1), 1.5) + normal(0.3, x12, 1.0);
            let x13 = u.next();
            lp += normal(x13, 0.79, (v11 * 0.3).exp());
            z10terms.push(lp);
        }
        lp = z10before + log_sum_exp(&z10terms);
        z8terms.push(lp);
    }
    lp = z8before + log_sum_exp(&z8terms);
    lp
}

#[test]
fn program_10_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_10(flag, &mut u);
        check_density(&program_10(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_11(flag: bool) {
    plate(2, |i1| {
        let c2 = 0.3 * i1 as f64;
        for i3 in 0..0 {
            let c4 = 0.3 * f64::from(i3);
            let x5: f64 = sample(Normal::new(1.19, (c4 * 0.3).exp()));
            let x6: f64 = sample(Normal::new((0.5 * c4), 1.91));
        }
        let x7: f64 = sample(Normal::new(c2, (c2 * 0.3).exp()));
        if flag {
            let x8: f64 = sample(Normal::new((c2 - 0.25 * x7), (c2 * 0.3).exp()));
        } else {
        }
    });
    let x9 = submodel(part(-0.16));
    factor(x9);
    if flag {
        factor((0.5 * x9));
        let x10: f64 = sample(Normal::new(-0.21, 1.86));
    } else {
        let y11 = -0.89;
        observe(y11, Normal::new(x9, (x9 * 0.3).exp()));
        plate(0, |i12| {
            let c13 = 0.3 * i12 as f64;
            #[enumerate]
            let z14: usize = sample(Categorical::new([0.85, 0.29]));
            let v15 = z14 as f64;
            let y16 = -1.41;
            observe(y16, Normal::new((0.5 * c13), 1.64));
        });
    }
}

fn straight_11(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    for i1 in 0..2 {
        let c2 = 0.3 * i1 as f64;
        for i3 in 0..0 {
            let c4 = 0.3 * f64::from(i3);
            let x5 = u.next();
            lp += normal(x5, 1.19, (c4 * 0.3).exp());
            let x6 = u.next();
            lp += normal(x6, (0.5 * c4), 1.91);
        }
        let x7 = u.next();
        lp += normal(x7, c2, (c2 * 0.3).exp());
        if flag {
            let x8 = u.next();
            lp += normal(x8, (c2 - 0.25 * x7), (c2 * 0.3).exp());
        } else {
        }
    }
    let x9 = u.next();
    lp += normal(x9, -0.16, 1.5) + normal(0.3, x9, 1.0);
    lp += x9;
    if flag {
        lp += (0.5 * x9);
        let x10 = u.next();
        lp += normal(x10, -0.21, 1.86);
    } else {
        lp += normal(-0.89, x9, (x9 * 0.3).exp());
        for i12 in 0..0 {
            let c13 = 0.3 * i12 as f64;
            let z14w: [f64; 2] = [0.85, 0.29];
            let (z14start, z14before) = (u.at, lp);
            let mut z14terms = Vec::new();
            for z14 in 0..2 {
                u.at = z14start;
                let mut lp = (z14w[z14] / z14w.iter().sum::<f64>()).ln();
                let v15 = z14 as f64;
                lp += normal(-1.41, (0.5 * c13), 1.64);
                z14terms.push(lp);
            }
            lp = z14before + log_sum_exp(&z14terms);
        }
    }
    lp
}

#[test]
fn program_11_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_11(flag, &mut u);
        check_density(&program_11(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_12(flag: bool) {
    let y1 = 0.18;
    observe(y1, Normal::new(-0.24, 0.68));
    factor(1.14);
    factor(0.93);
    let x2: f64 = sample(Normal::new(0.21, 0.52));
    plate(1, |i3| {
        let c4 = 0.3 * i3 as f64;
        for i5 in 0..2 {
            let c6 = 0.3 * f64::from(i5);
            factor(c6);
            let y7 = 1.03;
            observe(y7, Normal::new((x2 - 0.25 * x2), 1.17));
        }
        plate(3, |i8| {
            let c9 = 0.3 * i8 as f64;
            #[enumerate]
            let z10: usize = sample(Categorical::new([0.20, 0.93, 0.44]));
            let v11 = z10 as f64;
            #[enumerate]
            let z12: usize = sample(Categorical::new([1.00, 0.67]));
            let v13 = z12 as f64;
            #[enumerate]
            let z14: usize = sample(Categorical::new([0.99, 0.52]));
            let v15 = z14 as f64;
        });
    });
    let x16 = submodel(part(x2));
}

fn straight_12(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += normal(0.18, -0.24, 0.68);
    lp += 1.14;
    lp += 0.93;
    let x2 = u.next();
    lp += normal(x2, 0.21, 0.52);
    for i3 in 0..1 {
        let c4 = 0.3 * i3 as f64;
        for i5 in 0..2 {
            let c6 = 0.3 * f64::from(i5);
            lp += c6;
            lp += normal(1.03, (x2 - 0.25 * x2), 1.17);
        }
        for i8 in 0..3 {
            let c9 = 0.3 * i8 as f64;
            let z10w: [f64; 3] = [0.20, 0.93, 0.44];
            let (z10start, z10before) = (u.at, lp);
            let mut z10terms = Vec::new();
            for z10 in 0..3 {
                u.at = z10start;
                let mut lp = (z10w[z10] / z10w.iter().sum::<f64>()).ln();
                let v11 = z10 as f64;
                let z12w: [f64; 2] = [1.00, 0.67];
                let (z12start, z12before) = (u.at, lp);
                let mut z12terms = Vec::new();
                for z12 in 0..2 {
                    u.at = z12start;
                    let mut lp = (z12w[z12] / z12w.iter().sum::<f64>()).ln();
                    let v13 = z12 as f64;
                    let z14w: [f64; 2] = [0.99, 0.52];
                    let (z14start, z14before) = (u.at, lp);
                    let mut z14terms = Vec::new();
                    for z14 in 0..2 {
                        u.at = z14start;
                        let mut lp = (z14w[z14] / z14w.iter().sum::<f64>()).ln();
                        let v15 = z14 as f64;
                        z14terms.push(lp);
                    }
                    lp = z14before + log_sum_exp(&z14terms);
                    z12terms.push(lp);
                }
                lp = z12before + log_sum_exp(&z12terms);
                z10terms.push(lp);
            }
            lp = z10before + log_sum_exp(&z10terms);
        }
    }
    let x16 = u.next();
    lp += normal(x16, x2, 1.5) + normal(0.3, x16, 1.0);
    lp
}

#[test]
fn program_12_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_12(flag, &mut u);
        check_density(&program_12(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_13(flag: bool) {
    let x1 = submodel(part(-0.42));
    let x2: f64 = sample(Normal::new(x1, (x1 * 0.3).exp()));
    let x3: f64 = sample(Normal::new(x1, (x2 * 0.3).exp()));
    let x4: f64 = sample(Normal::new(x3, (x3 * 0.3).exp()));
    if !flag {
        if flag {
            let y5 = 1.65;
            observe(y5, Normal::new(x3, 1.75));
        } else {
            let x6: f64 = sample(Normal::new(x1, 0.65));
        }
    } else {
        factor(-0.43);
        for i7 in 0..1 {
            let c8 = 0.3 * f64::from(i7);
            let x9: f64 = sample(Normal::new(x2, (x4 * 0.3).exp()));
        }
    }
    plate(2, |i10| {
        let c11 = 0.3 * i10 as f64;
        factor((0.5 * x3));
        plate(0, |i12| {
            let c13 = 0.3 * i12 as f64;
            #[enumerate]
            let z14: usize = sample(Categorical::new([0.52, 0.60, 0.14]));
            let v15 = z14 as f64;
            let y16 = 0.61;
            observe(y16, Normal::new(x3, 1.61));
        });
    });
}

fn straight_13(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -0.42, 1.5) + normal(0.3, x1, 1.0);
    let x2 = u.next();
    lp += normal(x2, x1, (x1 * 0.3).exp());
    let x3 = u.next();
    lp += normal(x3, x1, (x2 * 0.3).exp());
    let x4 = u.next();
    lp += normal(x4, x3, (x3 * 0.3).exp());
    if !flag {
        if flag {
            lp += normal(1.65, x3, 1.75);
        } else {
            let x6 = u.next();
            lp += normal(x6, x1, 0.65);
        }
    } else {
        lp += -0.43;
        for i7 in 0..1 {
            let c8 = 0.3 * f64::from(i7);
            let x9 = u.next();
            lp += normal(x9, x2, (x4 * 0.3).exp());
        }
    }
    for i10 in 0..2 {
        let c11 = 0.3 * i10 as f64;
        lp += (0.5 * x3);
        for i12 in 0..0 {
            let c13 = 0.3 * i12 as f64;
            let z14w: [f64; 3] = [0.52, 0.60, 0.14];
            let (z14start, z14before) = (u.at, lp);
            let mut z14terms = Vec::new();
            for z14 in 0..3 {
                u.at = z14start;
                let mut lp = (z14w[z14] / z14w.iter().sum::<f64>()).ln();
                let v15 = z14 as f64;
                lp += normal(0.61, x3, 1.61);
                z14terms.push(lp);
            }
            lp = z14before + log_sum_exp(&z14terms);
        }
    }
    lp
}

#[test]
fn program_13_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_13(flag, &mut u);
        check_density(&program_13(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_14(flag: bool) {
    let y1 = -0.07;
    observe(y1, Normal::new(1.10, 0.99));
    factor(1.39);
    factor(1.06);
    let x2 = submodel(part(-0.55));
    if flag {
        let x3: f64 = sample(Normal::new(0.38, 1.96));
        factor(x2);
    } else {
        let y4 = -0.16;
        observe(y4, Normal::new((0.5 * x2), (x2 * 0.3).exp()));
        let y5 = -0.76;
        observe(y5, Normal::new(x2, 0.81));
    }
    plate(0, |i6| {
        let c7 = 0.3 * i6 as f64;
        factor(c7);
        #[enumerate]
        let z8: usize = sample(Categorical::new([0.96, 0.14]));
        let v9 = z8 as f64;
    });
}

fn straight_14(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += normal(-0.07, 1.10, 0.99);
    lp += 1.39;
    lp += 1.06;
    let x2 = u.next();
    lp += normal(x2, -0.55, 1.5) + normal(0.3, x2, 1.0);
    if flag {
        let x3 = u.next();
        lp += normal(x3, 0.38, 1.96);
        lp += x2;
    } else {
        lp += normal(-0.16, (0.5 * x2), (x2 * 0.3).exp());
        lp += normal(-0.76, x2, 0.81);
    }
    for i6 in 0..0 {
        let c7 = 0.3 * i6 as f64;
        lp += c7;
        let z8w: [f64; 2] = [0.96, 0.14];
        let (z8start, z8before) = (u.at, lp);
        let mut z8terms = Vec::new();
        for z8 in 0..2 {
            u.at = z8start;
            let mut lp = (z8w[z8] / z8w.iter().sum::<f64>()).ln();
            let v9 = z8 as f64;
            z8terms.push(lp);
        }
        lp = z8before + log_sum_exp(&z8terms);
    }
    lp
}

#[test]
fn program_14_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_14(flag, &mut u);
        check_density(&program_14(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_15(flag: bool) {
    factor(-0.02);
    let x1 = submodel(part(-0.17));
    plate(0, |i2| {
        let c3 = 0.3 * i2 as f64;
        let x4: f64 = sample(Normal::new((0.5 * c3), 1.17));
        let y5 = 1.89;
        observe(y5, Normal::new((0.5 * c3), 1.37));
    });
}

fn straight_15(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += -0.02;
    let x1 = u.next();
    lp += normal(x1, -0.17, 1.5) + normal(0.3, x1, 1.0);
    for i2 in 0..0 {
        let c3 = 0.3 * i2 as f64;
        let x4 = u.next();
        lp += normal(x4, (0.5 * c3), 1.17);
        lp += normal(1.89, (0.5 * c3), 1.37);
    }
    lp
}

#[test]
fn program_15_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_15(flag, &mut u);
        check_density(&program_15(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_16(flag: bool) {
    for i1 in 0..1 {
        let c2 = 0.3 * f64::from(i1);
        let x3: f64 = sample(Normal::new(-1.36, (c2 * 0.3).exp()));
    }
    for i4 in 0..1 {
        let c5 = 0.3 * f64::from(i4);
        let x6: f64 = sample(Normal::new(c5, (c5 * 0.3).exp()));
        if flag {
            factor((0.5 * c5));
        } else {
            factor((c5 - 0.25 * c5));
            factor((c5 - 0.25 * c5));
        }
    }
    let y7: [f64; 1] = [-0.91];
    markov(1, 0, |t, before| {
        #[enumerate]
        let s8: usize = sample(Categorical::new(CHAIN[before]));
        observe(y7[t], Normal::new(1.02 + s8 as f64, 0.56));
        s8
    });
    let x9: f64 = sample(Normal::new(-1.23, 0.54));
    let y10 = 0.98;
    observe(y10, Normal::new((0.5 * x9), 1.45));
}

fn straight_16(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    for i1 in 0..1 {
        let c2 = 0.3 * f64::from(i1);
        let x3 = u.next();
        lp += normal(x3, -1.36, (c2 * 0.3).exp());
    }
    for i4 in 0..1 {
        let c5 = 0.3 * f64::from(i4);
        let x6 = u.next();
        lp += normal(x6, c5, (c5 * 0.3).exp());
        if flag {
            lp += (0.5 * c5);
        } else {
            lp += (c5 - 0.25 * c5);
            lp += (c5 - 0.25 * c5);
        }
    }
    let y7: [f64; 1] = [-0.91];
    let mut terms = Vec::new();
    for path in sequences(1, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s8) in path.iter().enumerate() {
            sum += CHAIN[before][s8].ln() + normal(y7[t], 1.02 + s8 as f64, 0.56);
            before = s8;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    let x9 = u.next();
    lp += normal(x9, -1.23, 0.54);
    lp += normal(0.98, (0.5 * x9), 1.45);
    lp
}

#[test]
fn program_16_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_16(flag, &mut u);
        check_density(&program_16(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_17(flag: bool) {
    factor(0.26);
    let y1 = -0.60;
    observe(y1, Normal::new(0.59, 1.46));
    let x2: f64 = sample(Normal::new(0.14, 1.31));
    let x3 = submodel(part(x2));
}

fn straight_17(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += 0.26;
    lp += normal(-0.60, 0.59, 1.46);
    let x2 = u.next();
    lp += normal(x2, 0.14, 1.31);
    let x3 = u.next();
    lp += normal(x3, x2, 1.5) + normal(0.3, x3, 1.0);
    lp
}

#[test]
fn program_17_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_17(flag, &mut u);
        check_density(&program_17(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_18(flag: bool) {
    plate(1, |i1| {
        let c2 = 0.3 * i1 as f64;
        let y3 = -1.77;
        observe(y3, Normal::new((0.5 * c2), (c2 * 0.3).exp()));
        let x4: f64 = sample(Normal::new(c2, 0.65));
    });
    for i5 in 0..0 {
        let c6 = 0.3 * f64::from(i5);
        plate(0, |i7| {
            let c8 = 0.3 * i7 as f64;
            let x9: f64 = sample(Normal::new(c8, 1.29));
            let x10: f64 = sample(Normal::new((c8 - 0.25 * c6), 1.79));
            let x11: f64 = sample(Normal::new((x9 - 0.25 * c8), 1.07));
        });
    }
    let x12: f64 = sample(Normal::new(-1.22, 1.76));
}

fn straight_18(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    for i1 in 0..1 {
        let c2 = 0.3 * i1 as f64;
        lp += normal(-1.77, (0.5 * c2), (c2 * 0.3).exp());
        let x4 = u.next();
        lp += normal(x4, c2, 0.65);
    }
    for i5 in 0..0 {
        let c6 = 0.3 * f64::from(i5);
        for i7 in 0..0 {
            let c8 = 0.3 * i7 as f64;
            let x9 = u.next();
            lp += normal(x9, c8, 1.29);
            let x10 = u.next();
            lp += normal(x10, (c8 - 0.25 * c6), 1.79);
            let x11 = u.next();
            lp += normal(x11, (x9 - 0.25 * c8), 1.07);
        }
    }
    let x12 = u.next();
    lp += normal(x12, -1.22, 1.76);
    lp
}

#[test]
fn program_18_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_18(flag, &mut u);
        check_density(&program_18(flag), &all[..u.at], expected);
    }
}

#[model]
fn program_19(flag: bool) {
    for i1 in 0..1 {
        let c2 = 0.3 * f64::from(i1);
        plate(3, |i3| {
            let c4 = 0.3 * i3 as f64;
            let x5: f64 = sample(Normal::new(c2, (c4 * 0.3).exp()));
            let x6: f64 = sample(Normal::new((0.5 * c4), 0.99));
        });
        factor((c2 - 0.25 * c2));
    }
    let x7: f64 = sample(Normal::new(0.94, 1.48));
    for i8 in 0..1 {
        let c9 = 0.3 * f64::from(i8);
        let y10 = -0.59;
        observe(y10, Normal::new((x7 - 0.25 * x7), 1.87));
        let y11 = 1.14;
        observe(y11, Normal::new(x7, 0.92));
    }
    let y12: [f64; 3] = [-1.46, 0.09, 0.30];
    markov(3, 0, |t, before| {
        #[enumerate]
        let s13: usize = sample(Categorical::new(CHAIN[before]));
        observe(y12[t], Normal::new(x7 + s13 as f64, (x7 * 0.3).exp()));
        s13
    });
}

fn straight_19(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    for i1 in 0..1 {
        let c2 = 0.3 * f64::from(i1);
        for i3 in 0..3 {
            let c4 = 0.3 * i3 as f64;
            let x5 = u.next();
            lp += normal(x5, c2, (c4 * 0.3).exp());
            let x6 = u.next();
            lp += normal(x6, (0.5 * c4), 0.99);
        }
        lp += (c2 - 0.25 * c2);
    }
    let x7 = u.next();
    lp += normal(x7, 0.94, 1.48);
    for i8 in 0..1 {
        let c9 = 0.3 * f64::from(i8);
        lp += normal(-0.59, (x7 - 0.25 * x7), 1.87);
        lp += normal(1.14, x7, 0.92);
    }
    let y12: [f64; 3] = [-1.46, 0.09, 0.30];
    let mut terms = Vec::new();
    for path in sequences(3, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s13) in path.iter().enumerate() {
            sum += CHAIN[before][s13].ln() + normal(y12[t], x7 + s13 as f64, (x7 * 0.3).exp());
            before = s13;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    lp
}

#[test]
fn program_19_is_as_written() {
    let all = point();
    for flag in [false, true] {
        let mut u = Point { u: &all, at: 0 };
        let expected = straight_19(flag, &mut u);
        check_density(&program_19(flag), &all[..u.at], expected);
    }
}
