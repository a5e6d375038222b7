//! How the elements of a plate count: some of them, with weights, or not at all.

use super::interpreter::{Has, Interpreter};
use super::record::Recorder;
use super::run::{Run, Watch};
use crate::dist::report::Problem;
use crate::dist::source::Source;
use crate::random::{Purpose, keyed};
use crate::real::{Mode, Real};
use bumpalo::Bump;
use rand::RngExt;

/// What is said of a plate's elements: `plate(n, |i| { .. }).minibatch(b).scale(&weights).mask(&kept)`.
#[derive(Copy, Clone, Debug, Default)]
pub struct Elements<W = (), K = ()> {
    batch: Option<usize>,
    weights: W,
    kept: K,
}

impl Elements {
    /// All of them, once each.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<W, K> Elements<W, K> {
    /// So many of them at a time, for engines that take a fresh choice at each step: what they add up to is multiplied
    /// by n/b. Other engines take them all.
    pub fn minibatch(self, batch: usize) -> Self {
        Elements {
            batch: Some(batch),
            ..self
        }
    }
    /// Multiplies the log likelihood of each element, its enumerated sites summed out, by a weight.
    pub fn scale<V: PerElement<f64>>(self, weights: V) -> Elements<V, K> {
        Elements {
            batch: self.batch,
            weights,
            kept: self.kept,
        }
    }
    /// Leaves the likelihood of the elements out for which this is false. Their latents have their prior.
    pub fn mask<V: PerElement<bool>>(self, kept: V) -> Elements<W, V> {
        Elements {
            batch: self.batch,
            weights: self.weights,
            kept,
        }
    }
}

/// A value for all elements of a plate, or one for each.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say a `{T}` for each element of a plate",
    label = "neither one `{T}` nor one for each element",
    note = "write a value or a slice: `.scale(0.5)`, `.scale(&weights)`, `.mask(&kept)`"
)]
pub trait PerElement<T> {
    /// Whether it says nothing.
    const ABSENT: bool = false;
    /// The value of an element.
    fn at(&self, i: usize) -> Option<T>;
    /// How many it has, if one for each.
    fn length(&self) -> Option<usize> {
        None
    }
}
impl<T> PerElement<T> for () {
    const ABSENT: bool = true;
    fn at(&self, _: usize) -> Option<T> {
        None
    }
}
macro_rules! one_or_each {
    ($($type:ty),*) => { $(
        impl PerElement<$type> for $type {
            fn at(&self, _: usize) -> Option<$type> {
                Some(*self)
            }
        }
        impl PerElement<$type> for [$type] {
            fn at(&self, i: usize) -> Option<$type> {
                self.get(i).copied()
            }
            fn length(&self) -> Option<usize> {
                Some(self.len())
            }
        }
        impl PerElement<$type> for Vec<$type> {
            fn at(&self, i: usize) -> Option<$type> {
                self.get(i).copied()
            }
            fn length(&self) -> Option<usize> {
                Some(self.len())
            }
        }
        impl<const N: usize> PerElement<$type> for [$type; N] {
            fn at(&self, i: usize) -> Option<$type> {
                self.get(i).copied()
            }
            fn length(&self) -> Option<usize> {
                Some(N)
            }
        }
    )* };
}
one_or_each!(f64, bool);
impl<T, V: PerElement<T> + ?Sized> PerElement<T> for &V {
    const ABSENT: bool = V::ABSENT;
    fn at(&self, i: usize) -> Option<T> {
        (**self).at(i)
    }
    fn length(&self) -> Option<usize> {
        (**self).length()
    }
}

/// The choice of elements at one step of a stochastic engine.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The seed of the fit.
    pub seed: u64,
    /// Its step.
    pub step: u64,
}

impl Batch {
    /// `b` of `n` elements in order, each choice as likely as any other (Floyd's algorithm, Bentley & Floyd 1987).
    fn choose(self, plate: u64, n: usize, b: usize, arena: &Bump) -> &[usize] {
        let rng = &mut keyed(self.seed, Purpose::Minibatch, self.step, plate);
        let words = arena.alloc_slice_fill_copy(n.div_ceil(64), 0_u64);
        for most in n - b..n {
            let k = rng.random_range(0..=most);
            let new = words[k / 64] >> (k % 64) & 1 == 0;
            let k = if new { k } else { most };
            words[k / 64] |= 1 << (k % 64);
        }
        let mut rest = words.iter().enumerate().flat_map(|(w, bits)| {
            (0..64)
                .filter(move |k| bits >> k & 1 == 1)
                .map(move |k| 64 * w + k)
        });
        arena.alloc_slice_fill_with(b, |_| rest.next().unwrap_or(0))
    }
}

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    /// A plate whose elements count in their own way.
    pub(super) fn plate_of_some<V: PerElement<f64>, K: PerElement<bool>, Q>(
        &mut self,
        site: u32,
        n: usize,
        elements: &Elements<V, K>,
        has: Has,
        f: impl Fn(&mut Self, usize) -> Q,
    ) {
        if !W::BLIND {
            self.look_at(site, n, elements);
        }
        let (summed, local) = (has.sums, has.latents);
        let plain = V::ABSENT && K::ABSENT;
        let depth = self.pins.depth();
        let element = |run: &mut Self, i: usize| {
            run.pins.element(depth, i);
            if plain {
                f(run, i);
            } else {
                run.weighted(elements, i, summed, &f);
            }
        };
        // With weights the sum is inside of each element.
        let summed = summed && plain;
        if S::REPEATS && self.source.plate() {
            return self.plate_settled(site, n, |run, i| match summed {
                true => run.sum(|run| element(run, i)),
                false => element(run, i),
            });
        }
        let batch = match (self.batch, elements.batch) {
            (Some(batch), Some(b)) if b < n && b > 0 => Some((batch, b)),
            _ => None,
        };
        // Where some elements' latents are given the others can't be found by counting.
        let Some((batch, b)) = batch.filter(|_| !local || self.alike(site)) else {
            return self.all(site, n, summed, element);
        };
        let chosen = batch.choose(self.plates, n, b, self.arena);
        self.plates += 1;
        let start = self.source.position();
        let width = match local {
            true => self.width(site, &element),
            false => 0,
        };
        let (prior, likelihood) = (self.prior, self.likelihood);
        let jacobian = self.source.jacobian();
        (self.prior, self.likelihood) = (Real::constant(0.0), Real::constant(0.0));
        self.all(site, b, summed, |run, k| {
            let i = chosen.get(k).copied().unwrap_or(0);
            if local {
                run.source.seek(start + i * width);
            }
            element(run, i);
        });
        if local {
            self.source.seek(start + n * width);
        }
        let scale = n as f64 / b as f64;
        self.prior = prior + self.prior * scale;
        self.likelihood = likelihood + self.likelihood * scale;
        if let (true, Some(before), Some(after)) = (local, jacobian, self.source.jacobian()) {
            self.source.add_jacobian((after - before) * (scale - 1.0));
        }
    }

    fn all(&mut self, site: u32, n: usize, summed: bool, f: impl Fn(&mut Self, usize)) {
        if summed {
            return self.plate_enumerated(site, n, f);
        }
        let open = self.enter(site);
        for i in 0..n {
            self.next(open);
            f(self, i);
        }
        self.leave(open);
    }

    fn weighted<V: PerElement<f64>, K: PerElement<bool>, Q>(
        &mut self,
        elements: &Elements<V, K>,
        i: usize,
        summed: bool,
        f: &impl Fn(&mut Self, usize) -> Q,
    ) {
        let before = std::mem::replace(&mut self.likelihood, Real::constant(0.0));
        let mark = self.watch.mark();
        if summed {
            self.sum_of_element(|run| {
                f(run, i);
            });
        } else {
            f(self, i);
        }
        // What is left out may be -∞ or NaN, of which no multiple is 0.
        if elements.kept.at(i) == Some(false) {
            self.likelihood = before;
            if self.sees_points() {
                self.watch.reweigh(mark, None);
            }
            return;
        }
        let own = match elements.weights.at(i) {
            Some(weight) => {
                if self.sees_points() {
                    self.watch.reweigh(mark, Some(weight));
                }
                self.likelihood * weight
            }
            None => self.likelihood,
        };
        self.likelihood = before + own;
    }

    /// Whether none of a loop's latents is given.
    fn alike(&mut self, site: u32) -> bool {
        let open = self.enter(site);
        let quiet = self.pins.quiet();
        self.leave(open);
        quiet
    }

    /// How many coordinates an element reads.
    fn width(&mut self, site: u32, element: &impl Fn(&mut Self, usize)) -> usize {
        let open = self.enter(site);
        let (start, mark) = (self.source.position(), self.source.mark());
        let (plates, latents) = (self.plates, self.latents);
        let aside = self.set_aside();
        let outer = self.digits.open();
        element(self, 0);
        self.digits.close(outer);
        self.leave(open);
        self.put_aside_back(aside);
        (self.plates, self.latents) = (plates, latents);
        let width = self.source.position() - start;
        self.source.rewind(mark);
        width
    }

    #[cold]
    fn look_at<V: PerElement<f64>, K: PerElement<bool>>(
        &mut self,
        site: u32,
        n: usize,
        elements: &Elements<V, K>,
    ) {
        let mut wrong = |words: String| self.watch.problem(site, Problem::Expression(words));
        for (what, length) in [
            ("weights", elements.weights.length()),
            ("mask", elements.kept.length()),
        ] {
            if let Some(length) = length.filter(|l| *l != n) {
                wrong(format!("its {what} are {length}, its elements {n}"));
            }
        }
        let bad = |w: &f64| !(*w >= 0.0 && w.is_finite());
        if let Some(weight) = (0..n).find_map(|i| elements.weights.at(i).filter(bad)) {
            wrong(format!(
                "a weight is {weight} and must be zero or positive, and finite"
            ));
        }
        if let Some(batch) = elements.batch {
            if n > 0 && !(1..=n).contains(&batch) {
                wrong(format!(
                    "minibatches of {batch} can't be taken of its {n} elements"
                ));
            }
            let summed = self.digits.len() > 0;
            self.watch.minibatch(site, summed);
        }
    }
}
