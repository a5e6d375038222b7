//! Runs plates whose elements count in their own way, or are divided among threads.

use super::elements::Elements;
use super::interpreter::{Has, Interpreter};
use super::per_element::PerElement;
use super::record::Recorder;
use super::run::Run;
use super::watch::Watch;
use crate::dist::report::Problem;
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use std::ops::Range;

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
        let plain = V::ABSENT && K::ABSENT;
        let depth = self.pins.depth();
        let element = |run: &mut Self, i: usize| {
            run.pins.element(depth, i);
            run.undivided(|run| {
                if plain {
                    f(run, i);
                } else {
                    run.weighted(elements, i, has.sums, &f);
                }
            });
        };
        // With weights the sum is inside of each element.
        let has = Has {
            sums: has.sums && plain,
            ..has
        };
        if S::REPEATS && self.source.plate() {
            return self.plate_settled(site, n, |run, i| match has.sums {
                true => run.sum(|run| element(run, i)),
                false => element(run, i),
            });
        }
        let batch = match (self.batch, elements.batch) {
            (Some(batch), Some(b)) if b < n && b > 0 => Some((batch, b)),
            _ => None,
        };
        // Where elements may have different numbers of latents, or some are given, the others can't be found by counting.
        let countable = |run: &mut Self| !has.latents || has.regular && run.alike(site);
        let Some((batch, b)) = batch.filter(|_| countable(self)) else {
            return self.all_of(site, n, elements.parallel, has, element);
        };
        let chosen = batch.choose(self.plates, n, b, self.arena);
        self.plates += 1;
        let start = self.source.position();
        let width = match has.latents {
            true => self.width(site, &element),
            false => 0,
        };
        let own = match elements.parallel {
            true => self.share(b),
            false => None,
        };
        let divided = own.is_some();
        let own = own.unwrap_or(0..b);
        let some = |run: &mut Self| {
            let (prior, likelihood) = (run.prior, run.likelihood);
            let jacobian = run.source.jacobian();
            (run.prior, run.likelihood) = (Real::constant(0.0), Real::constant(0.0));
            run.all(site, own, has.sums, |run, k| {
                let i = chosen.get(k).copied().unwrap_or(0);
                if has.latents {
                    run.source.seek(start + i * width);
                }
                element(run, i);
            });
            let scale = n as f64 / b as f64;
            run.prior = prior + run.prior * scale;
            run.likelihood = likelihood + run.likelihood * scale;
            if let (true, Some(before), Some(after)) =
                (has.latents, jacobian, run.source.jacobian())
            {
                run.source.add_jacobian((after - before) * (scale - 1.0));
            }
        };
        if divided {
            self.own_elements(some);
        } else {
            some(self);
        }
        if has.latents {
            self.source.seek(start + n * width);
        }
    }

    /// All elements, or those of this part.
    fn all_of(
        &mut self,
        site: u32,
        n: usize,
        parallel: bool,
        has: Has,
        element: impl Fn(&mut Self, usize),
    ) {
        let all = |run: &mut Self, elements: Range<usize>| {
            let in_columns = has.sums && has.alike;
            if !(in_columns && run.plate_in_columns(elements.clone(), &element)) {
                run.all(site, elements, has.sums, &element);
            }
        };
        let Some(own) = parallel.then(|| self.share(n)).flatten() else {
            return all(self, 0..n);
        };
        let width = if !has.latents {
            Some(0)
        } else if has.regular && self.alike(site) {
            Some(self.width(site, &element))
        } else {
            None
        };
        self.part_of_plate((n, own), width, all);
    }

    fn all(
        &mut self,
        site: u32,
        elements: Range<usize>,
        summed: bool,
        f: impl Fn(&mut Self, usize),
    ) {
        let first = elements.start;
        if summed {
            return self.plate_enumerated(site, elements.len(), |run, k| f(run, first + k));
        }
        let open = self.enter(site);
        for i in elements {
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
        self.uncounted(|run| element(run, 0));
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
