//! A model on the cube taken apart: the elements of its plates have coordinates of their own, and each changes one
//! term of the log likelihood alone.
//!
//! Which plates can be taken apart is found by executions: those whose closures give no value, so that nothing outside
//! can see what is inside. That each element's term depends on its own coordinates and on the shared ones only is then
//! tried out. What holds at the points tried is taken to hold everywhere: a body written by hand could pass values on by
//! other ways.

mod settle;
mod source;

use super::digits::Digits;
use super::record::Off;
use super::run::Run;
use super::watch::Blind;
use super::{Evaluator, Model};
use crate::random::{Purpose, keyed};
use crate::real::Value;
use bumpalo::Bump;
use rand::RngExt;
use source::{Apart, Known};
pub(crate) use source::{Rerun, Values};

/// Points at which parts are tried out.
const POINTS: u64 = 4;
/// Choices of elements at each of them that are changed. That one element which shows in the term of another is never
/// chosen without it has a probability of (3/4)^80 = 1e-10.
const CHOICES: u64 = 20;
/// Relative difference of the whole and the sum of the parts that rounding may make.
const TOLERANCE: f64 = 1e-9;

/// Which coordinates belong to one element of a plate each, and which are shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Whether the elements of each plate, in order of execution, are taken apart.
    plates: Vec<bool>,
    /// Where the coordinates of each element begin and end.
    blocks: Vec<[usize; 2]>,
    shared: Vec<usize>,
    /// Whether a coordinate gives an element's latent that is continuous and univariate, in one way only.
    held: Vec<bool>,
    /// While plates are found: how often a coordinate is read as that,
    reads: Vec<u8>,
    /// and how many elements came before each.
    before: Vec<usize>,
}

impl Parts {
    /// The coordinates of each element, in order.
    pub(crate) fn blocks(&self) -> &[[usize; 2]] {
        &self.blocks
    }
    /// The coordinates of no element.
    pub(crate) fn shared(&self) -> &[usize] {
        &self.shared
    }

    /// Whether there are elements whose latents can be held while what they share moves.
    pub(crate) fn holds(&self) -> bool {
        self.held.contains(&true)
    }

    #[inline]
    fn own<'u>(&self, block: usize, u: &'u mut [f64]) -> Option<&'u mut [f64]> {
        let [start, end] = *self.blocks.get(block)?;
        u.get_mut(start..end)
    }

    /// Leaves plates without latents as they are: they may run faster as a whole.
    fn leave_out_empty_plates(&mut self) {
        let before = std::mem::take(&mut self.before);
        let ends = before.iter().skip(1).copied().chain([self.blocks.len()]);
        let mut blocks = Vec::new();
        for (plate, (from, to)) in self.plates.iter_mut().zip(before.iter().copied().zip(ends)) {
            let elements = &self.blocks[from..to];
            *plate = elements.iter().any(|[start, end]| start != end);
            if *plate {
                blocks.extend_from_slice(elements);
            }
        }
        self.blocks = blocks;
    }

    /// Takes a model apart that has `dim` coordinates on the cube. The error says why that can't be done.
    pub(crate) fn of<Md: Model, V: Rerun>(model: &Md, dim: usize) -> Result<Parts, &'static str> {
        let evaluator = &mut Evaluator::new();
        let mut parts = Parts {
            reads: vec![0; dim],
            ..Parts::default()
        };
        let mut u = vec![0.5; dim];
        evaluator.find_parts::<Md, V>(model, &mut u, &mut parts);
        parts.leave_out_empty_plates();
        parts.held = std::mem::take(&mut parts.reads)
            .iter()
            .map(|reads| *reads == 1)
            .collect();
        let mut before = 0;
        for [start, end] in &parts.blocks {
            if *start < before {
                return Err(
                    "the plates of the model run several times in a sum over discrete values outside of them",
                );
            }
            before = *end;
        }
        if parts.blocks.is_empty() {
            return Err(
                "no plate of the model has latents that nothing outside of it can read: write `plate(n, |i| { .. });` without a value",
            );
        }
        parts.shared = (0..dim)
            .filter(|i| {
                !parts
                    .blocks
                    .iter()
                    .any(|[start, end]| (start..end).contains(&i))
            })
            .collect();
        for &i in &parts.shared {
            parts.held[i] = false;
        }
        parts.try_out::<Md, V>(model, dim, evaluator)?;
        Ok(parts)
    }

    fn try_out<Md: Model, V: Rerun>(
        &self,
        model: &Md,
        dim: usize,
        evaluator: &mut Evaluator,
    ) -> Result<(), &'static str> {
        let mut terms = vec![0.0; self.blocks.len()];
        let mut values = vec![0.0; dim];
        for point in 0..POINTS {
            let rng = &mut keyed(0, Purpose::Parts, point, 0);
            let mut draw =
                || -> Vec<f64> { (0..dim).map(|_| rng.random_range(0.01..0.99)).collect() };
            let (mut u, other) = (draw(), draw());
            let whole = evaluator.log_likelihood(model, &u);
            let noted = Values::Noted(&mut values);
            let base = self.evaluate::<Md, V>(model, evaluator, &mut u, &mut terms, None, noted);
            let sum = base + terms.iter().sum::<f64>();
            let near = (whole - sum).abs() <= TOLERANCE * (1.0 + whole.abs());
            if !(near || whole.to_bits() == sum.to_bits() || whole.is_nan() && sum.is_nan()) {
                return Err("the log likelihood of the model is not the sum of its parts");
            }
            for choice in 0..CHOICES {
                let rng = &mut keyed(0, Purpose::Parts, point, 1 + choice);
                let changed: Vec<bool> = self.blocks.iter().map(|_| rng.random()).collect();
                let mut v = u.clone();
                for ([start, end], _) in self.blocks.iter().zip(&changed).filter(|(_, c)| **c) {
                    v[*start..*end].copy_from_slice(&other[*start..*end]);
                }
                let mut now = terms.clone();
                let noted = Values::Noted(&mut values);
                let other_base =
                    self.evaluate::<Md, V>(model, evaluator, &mut v, &mut now, None, noted);
                let kept = terms.iter().zip(&now).zip(&changed);
                let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits();
                let mut kept = kept.filter(|(_, changed)| !**changed);
                if base.to_bits() != other_base.to_bits() || !kept.all(|(pair, _)| same(pair)) {
                    return Err(
                        "an element of a plate of the model changes the likelihood of another",
                    );
                }
            }
        }
        Ok(())
    }

    /// The log likelihood at a point of the cube, but for what the elements add, which is written to `terms`; elements
    /// may run again. `values` are those of the elements' latents, by coordinate.
    pub(crate) fn evaluate<Md: Model, V: Rerun>(
        &self,
        model: &Md,
        evaluator: &mut Evaluator,
        u: &mut [f64],
        terms: &mut Vec<f64>,
        rerun: Option<&mut V>,
        values: Values<'_>,
    ) -> f64 {
        let (arena, digits) = evaluator.parts();
        execute(
            model,
            arena,
            digits,
            Apart::new(u, terms, Known::Parts(self), rerun, values),
        )
    }
}

impl Evaluator {
    fn find_parts<Md: Model, V: Rerun>(&mut self, model: &Md, u: &mut [f64], parts: &mut Parts) {
        let (arena, digits) = self.parts();
        let terms = &mut Vec::new();
        execute::<Md, V>(
            model,
            arena,
            digits,
            Apart::new(
                u,
                terms,
                Known::Finding(parts),
                None,
                Values::Noted(&mut []),
            ),
        );
    }
}

fn execute<Md: Model, V: Rerun>(
    model: &Md,
    arena: &Bump,
    digits: &mut Digits,
    source: Apart<'_, V>,
) -> f64 {
    let mut run: Run<'_, Value, _, _> = Run::new(source, Off, Blind, arena, digits);
    run.model(model);
    run.likelihood.value()
}
