"""Writes a folder of random models beside straight evaluations of the same programs, a file each.

A program is a list of statements over numbers in scope. It is written twice: as a model, and as a plain function that
walks through the program and sums over its discrete sites. Usage: python3 generated.py SEED PROGRAMS FOLDER
"""

import random
import sys
from pathlib import Path


class Program:
    def __init__(self, rng, index):
        self.rng, self.index = rng, index
        self.names = 0

    def name(self, stem):
        self.names += 1
        return f"{stem}{self.names}"

    def number(self, scope):
        """An expression of moderate size."""
        pick = self.rng.randrange(5)
        if not scope or pick == 0:
            return f"{self.rng.uniform(-1.5, 1.5):.2f}"
        if pick == 1:
            return f"(0.5 * {self.rng.choice(scope)})"
        if pick == 2:
            return f"({self.rng.choice(scope)} - 0.25 * {self.rng.choice(scope)})"
        return self.rng.choice(scope)

    def scale(self, scope):
        if not scope or self.rng.random() < 0.6:
            return f"{self.rng.uniform(0.5, 2.0):.2f}"
        return f"({self.rng.choice(scope)} * 0.3).exp()"

    # A block gives (model lines, plain lines). Plain lines add to `lp` and read coordinates by `u.next()`; a sum over a
    # discrete site is a loop around what follows it.
    def block(self, scope, depth, summed, length):
        if length == 0:
            return [], []
        kinds = ["sample", "sample", "observe", "factor"]
        if depth < 2:
            kinds += ["plate", "for", "if"]
        if summed:
            kinds += ["enumerate"]
        if depth == 0:
            kinds += ["markov", "submodel"]
        kind = self.rng.choice(kinds)
        scope = list(scope)
        rest = lambda s=None: self.block(s or scope, depth, summed, length - 1)
        if kind == "sample":
            x, mean, scale = self.name("x"), self.number(scope), self.scale(scope)
            model = [f"let {x}: f64 = sample(Normal::new({mean}, {scale}));"]
            plain = [f"let {x} = u.next();", f"lp += normal({x}, {mean}, {scale});"]
            m, p = rest(scope + [x])
            return model + m, plain + p
        if kind == "observe":
            y, value = self.name("y"), f"{self.rng.uniform(-2, 2):.2f}"
            mean, scale = self.number(scope), self.scale(scope)
            m, p = rest()
            return (
                [f"let {y} = {value};", f"observe({y}, Normal::new({mean}, {scale}));"] + m,
                [f"lp += normal({value}, {mean}, {scale});"] + p,
            )
        if kind == "factor":
            term = self.number(scope)
            m, p = rest()
            return [f"factor({term});"] + m, [f"lp += {term};"] + p
        if kind == "enumerate":
            z = self.name("z")
            weights = [f"{self.rng.uniform(0.1, 1):.2f}" for _ in range(self.rng.choice([2, 3]))]
            w = "[" + ", ".join(weights) + "]"
            v = self.name("v")
            m, p = rest(scope + [v])
            model = ["#[enumerate]", f"let {z}: usize = sample(Categorical::new({w}));", f"let {v} = {z} as f64;"]
            plain = [
                f"let {z}w: [f64; {len(weights)}] = {w};",
                f"let ({z}start, {z}before) = (u.at, lp);",
                f"let mut {z}terms = Vec::new();",
                f"for {z} in 0..{len(weights)} {{",
                f"u.at = {z}start;",
                f"let mut lp = ({z}w[{z}] / {z}w.iter().sum::<f64>()).ln();",
                f"let {v} = {z} as f64;",
            ]
            return model + m, plain + p + [f"{z}terms.push(lp);", "}", f"lp = {z}before + log_sum_exp(&{z}terms);"]
        if kind == "plate":
            n, i = self.rng.choice([0, 1, 2, 3]), self.name("i")
            c = self.name("c")
            inner, straight = self.block(scope + [c], depth + 1, True, self.rng.choice([2, 3]))
            m, p = rest()
            head = f"let {c} = 0.3 * {i} as f64;"
            return (
                [f"plate({n}, |{i}| {{", head] + inner + ["});"] + m,
                [f"for {i} in 0..{n} {{", head] + straight + ["}"] + p,
            )
        if kind == "for":
            n, i = self.rng.choice([0, 1, 2]), self.name("i")
            c = self.name("c")
            inner, straight = self.block(scope + [c], depth + 1, False, self.rng.choice([1, 2]))
            m, p = rest()
            head = f"let {c} = 0.3 * f64::from({i});"
            return (
                [f"for {i} in 0..{n} {{", head] + inner + ["}"] + m,
                [f"for {i} in 0..{n} {{", head] + straight + ["}"] + p,
            )
        if kind == "if":
            test = self.rng.choice(["flag", "!flag"])
            first, straight1 = self.block(scope, depth + 1, False, self.rng.choice([1, 2]))
            second, straight2 = self.block(scope, depth + 1, False, self.rng.choice([0, 1, 2]))
            m, p = rest()
            return (
                [f"if {test} {{"] + first + ["} else {"] + second + ["}"] + m,
                [f"if {test} {{"] + straight1 + ["} else {"] + straight2 + ["}"] + p,
            )
        if kind == "markov":
            n = self.rng.choice([1, 2, 3, 4])
            y = self.name("y")
            mean, scale = self.number(scope), self.scale(scope)
            s = self.name("s")
            values = ", ".join(f"{self.rng.uniform(-2, 2):.2f}" for _ in range(n))
            m, p = rest()
            model = [
                f"let {y}: [f64; {n}] = [{values}];",
                f"markov({n}, 0, |t, before| {{",
                "#[enumerate]",
                f"let {s}: usize = sample(Categorical::new(CHAIN[before]));",
                f"observe({y}[t], Normal::new({mean} + {s} as f64, {scale}));",
                f"{s}",
                "});",
            ]
            plain = [
                f"let {y}: [f64; {n}] = [{values}];",
                "let mut terms = Vec::new();",
                f"for path in sequences({n}, 3) {{",
                "let (mut before, mut sum) = (0, 0.0);",
                f"for (t, &{s}) in path.iter().enumerate() {{",
                f"sum += CHAIN[before][{s}].ln() + normal({y}[t], {mean} + {s} as f64, {scale});",
                f"before = {s};",
                "}",
                "terms.push(sum);",
                "}",
                "lp += log_sum_exp(&terms);",
            ]
            return model + m, plain + p
        x, arg = self.name("x"), self.number(scope)
        m, p = rest(scope + [x])
        return (
            [f"let {x} = submodel(part({arg}));"] + m,
            [f"let {x} = u.next();", f"lp += normal({x}, {arg}, 1.5) + normal(0.3, {x}, 1.0);"] + p,
        )


# What the programs share.
SHARED = """#![allow(unused, clippy::all, reason = "written by a program")]

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
"""


def main():
    seed, programs, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    head = f"//! Written by `generated.py {seed} {programs}`: random models beside straight evaluations of them.\n"
    modules = "\n".join(f"mod program_{k};" for k in range(programs))
    allowed, shared = SHARED.split("\n", 1)
    (folder / "mod.rs").write_text(f"{head}{allowed}\n\n{modules}\n{shared}")
    rng = random.Random(seed)
    for k in range(programs):
        model, plain = Program(rng, k).block([], 0, rng.random() < 0.5, rng.choice([3, 4, 5, 6]))
        out = ["use super::*;", "", "#[model]", "fn program(flag: bool) {"] + model + ["}"]
        out += ["", "fn straight(flag: bool, u: &mut Point<'_>) -> f64 {", "let mut lp = 0.0;"]
        out += plain + ["lp", "}"]
        out += ["", "#[test]", "fn is_as_written() {", "as_written(program, straight);", "}", ""]
        (folder / f"program_{k}.rs").write_text("\n".join(out))


main()
