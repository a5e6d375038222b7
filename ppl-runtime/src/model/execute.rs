//! The interpreter: how an execution takes each statement of a model.

use super::interpreter::{Interpreter, Loop};
use super::pins::Pins;
use super::record::Recorder;
use super::run::Run;
use super::sources::Branching;
use super::values::Values;
use super::watch::Watch;
use super::{Elements, Has, PerElement, Program};
use crate::dist::datum::Datum;
use crate::dist::distribution::{Distribution, Finite};
use crate::dist::impute::Incomplete;
use crate::dist::report::Problem;
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use crate::support::{Latent, ScalarLatent, Seq};

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Interpreter<'a, M>
    for Run<'a, M, S, R, W>
{
    #[inline]
    fn sample<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, d: D) -> T::At<'a, M> {
        if self.pins.on()
            && let Some(x) = self.given_value(site, &d)
        {
            return x;
        }
        self.watch.sample(site, &d);
        self.drawn += 1;
        let before = M::library(true);
        let x = if S::UNCONSTRAINED && T::LEN.is_some() && self.source.given() {
            let source = &mut self.source;
            T::from_reals::<M>(&mut || source.coordinate(), self.arena)
        } else {
            d.draw(&mut self.source, self.arena)
        };
        if S::PRIOR && R::SCORE {
            if self.watch.counts() && self.scores() {
                let since = M::count();
                self.prior = M::add_term(self.prior, d.log_prob(&x), since);
            }
            self.latents += 1;
        }
        M::library(before);
        self.recorder.value::<T>(site, &x);
        self.watch.done(site);
        x
    }
    #[inline]
    fn enumerate<T: Latent<At<'a, M> = T>, D: Finite<M, T>>(&mut self, site: u32, d: D) -> T {
        if self.pins.on()
            && let Some(x) = self.given_value(site, &d)
        {
            return x;
        }
        self.watch.enumerate(site, &d);
        M::spoil();
        let x = if S::SIMULATES {
            d.draw(&mut self.source, self.arena)
        } else {
            let x = d.nth(self.digits.next(d.size()));
            let collects = Self::SIDE_BY_SIDE && self.laned;
            if self.scores() && !(collects && d.collect(&x, self.lanes.get())) {
                // The form of a discrete value is the value itself; a copy has the lifetime that `log_prob` asks for.
                let form: T::At<'_, M> = x.constant::<M>(self.arena);
                self.choice += d.log_prob(&form);
            }
            x
        };
        let form: T::At<'_, M> = x.constant::<M>(self.arena);
        self.recorder.derived::<T>(site, &form);
        self.watch.done(site);
        x
    }
    #[inline]
    fn enumerate_over<T: ScalarLatent + Latent<At<'a, M> = T>, D: Finite<M, T>>(
        &mut self,
        site: u32,
        d: D,
    ) -> T {
        self.enumerate_column(site, d)
    }
    #[inline(always)]
    fn over<T: ScalarLatent>(&mut self, x: T, f: impl Fn(&mut Self, T)) {
        self.over_values(x, false, f);
    }
    #[inline(always)]
    fn over_trials<T: ScalarLatent>(&mut self, x: T, f: impl Fn(&mut Self, T)) {
        self.over_values(x, true, f);
    }
    #[inline(always)]
    fn observe_over<T: Datum<M, D> + ?Sized, D>(&mut self, site: u32, data: &T, d: D) {
        if Self::SIDE_BY_SIDE
            && self.values.on
            && self.watch.counts()
            && let Some(column) = &mut self.values.column
            && data.collect(&d, &mut **column)
        {
            return;
        }
        self.values.rest = true;
        self.observe(site, data, d);
    }
    #[inline]
    fn branch<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, d: D) -> T::At<'a, M> {
        if self.pins.on()
            && let Some(x) = self.given_value(site, &d)
        {
            return x;
        }
        self.watch.enumerate(site, &d);
        M::spoil();
        let x = d.draw(&mut Branching(&mut self.source), self.arena);
        if S::PRIOR && R::SCORE {
            self.prior += d.log_prob(&x);
            self.latents += 1;
        }
        if S::PINNED && R::SCORE {
            self.likelihood += d.log_prob(&x);
        }
        self.recorder.value::<T>(site, &x);
        self.watch.branch::<T, D>(site, &d, &x);
        self.watch.done(site);
        x
    }
    #[inline(always)]
    fn observe<T: Datum<M, D> + ?Sized, D>(&mut self, site: u32, data: &T, d: D) {
        if !self.recorder.paused() {
            self.watch.observe(site, data, &d, self.arena);
        }
        let collects = Self::SIDE_BY_SIDE && self.laned;
        if self.scores() && self.watch.counts() && !(collects && data.collect(&d, self.lanes.get()))
        {
            let (before, since) = (M::library(true), M::count());
            let term = data.score_reduced(&d, self.arena, &mut self.reducing);
            self.likelihood = M::add_term(self.likelihood, term, since);
            M::library(before);
        }
        self.watch.done(site);
    }
    fn impute<T: Latent, X: Incomplete<M, T, D> + ?Sized, D>(
        &mut self,
        site: u32,
        data: &X,
        d: D,
    ) -> T::At<'a, M> {
        M::spoil();
        self.completed::<T, X, D>(site, data, &d)
    }
    #[inline]
    fn observe_at<'x, T: Datum<M, D> + ?Sized + 'x, D>(
        &mut self,
        site: u32,
        element: usize,
        data: impl Fn(usize) -> &'x T,
        d: D,
    ) {
        if Self::SIDE_BY_SIDE && self.columns {
            if self.watch.counts() && !T::column(data, &d, self.sheet.get()) {
                self.sheet.get().refuse();
            }
            return;
        }
        self.observe(site, data(element), d);
    }
    #[inline]
    fn factor(&mut self, site: u32, term: impl Into<Real<M>>) {
        self.values.rest = true;
        if R::SCORE {
            self.likelihood += term.into();
        }
        self.watch.done(site);
    }
    #[inline(always)]
    fn derives(&self) -> bool {
        R::ON || !W::BLIND
    }
    #[inline]
    fn deterministic<T: Latent>(&mut self, site: u32, x: impl Into<T::At<'a, M>>) -> T::At<'a, M> {
        let x = x.into();
        self.recorder.derived::<T>(site, &x);
        self.watch.done(site);
        x
    }
    #[inline]
    fn plate<Q: Copy + 'a>(
        &mut self,
        site: u32,
        n: usize,
        f: impl Fn(&mut Self, usize) -> Q,
    ) -> Seq<'a, Q> {
        // Values without size tell nothing to who has them.
        let repeats = S::REPEATS && size_of::<Q>() == 0 && self.source.plate();
        let open = self.enter(site);
        let arena = self.arena;
        let values = arena.alloc_slice_fill_with(n, |i| {
            self.next(open);
            if repeats {
                self.settle(|run| f(run, i))
            } else {
                f(self, i)
            }
        });
        self.leave(open);
        Seq(values)
    }
    fn plate_enumerated(&mut self, site: u32, n: usize, f: impl Fn(&mut Self, usize)) {
        if S::REPEATS && self.source.plate() {
            return self.plate_settled(site, n, |run, i| run.sum(|run| f(run, i)));
        }
        if !self.plate_recovered(site, n, false, &f) {
            self.undivided(|run| run.plate_summed(site, n, f));
        }
    }
    fn plate_of<V: PerElement<f64>, K: PerElement<bool>, Q>(
        &mut self,
        site: u32,
        n: usize,
        elements: Elements<V, K>,
        has: Has,
        f: impl Fn(&mut Self, usize) -> Q,
    ) {
        self.plate_of_some(site, n, &elements, has, f);
    }
    fn markov<Q: Copy + PartialEq + 'a>(
        &mut self,
        site: u32,
        n: usize,
        init: Q,
        f: impl Fn(&mut Self, usize, Q) -> Q,
    ) {
        if self.sees_points() {
            return self.points_of_chain(site, n, init, f);
        }
        self.undivided(|run| run.forward_recursion(site, n, init, f));
    }
    fn plate_alike(&mut self, site: u32, n: usize, f: impl Fn(&mut Self, usize)) {
        if S::REPEATS && self.source.plate() {
            return self.plate_settled(site, n, |run, i| run.sum(|run| f(run, i)));
        }
        if !self.plate_recovered(site, n, true, &f) && !self.plate_in_columns(0..n, &f) {
            self.plate_enumerated(site, n, f);
        }
    }
    fn markov_alike<Q: Copy + PartialEq + 'a>(
        &mut self,
        site: u32,
        n: usize,
        init: Q,
        f: impl Fn(&mut Self, usize, Q) -> Q,
    ) {
        if !self.chain_recovered(site, n, init, &f) && !self.chain_in_columns(n, init, &f) {
            self.markov(site, n, init, f);
        }
    }
    fn submodel<P: Program<M>>(&mut self, site: u32, program: &P) -> P::Output<'a> {
        let open = Loop(self.recorder.enter(site), self.pins.enter(site));
        self.recorder.next(open.0);
        self.pins.next(open.1);
        self.watch.begin(site, P::SITES);
        // A column is one of the caller's own.
        let values = std::mem::replace(&mut self.values, Values::none());
        let output = program.run(self);
        self.values = values;
        self.watch.end();
        self.recorder.leave(open.0);
        self.pins.leave(open.1);
        output
    }
    #[inline]
    fn enter(&mut self, site: u32) -> Loop {
        self.watch.enter();
        Loop(self.recorder.enter(site), self.pins.enter(site))
    }
    #[inline]
    fn next(&mut self, open: Loop) {
        self.recorder.next(open.0);
        self.watch.next(open);
        self.pins.next(open.1);
    }
    #[inline]
    fn leave(&mut self, open: Loop) {
        self.recorder.leave(open.0);
        self.watch.leave(open);
        if let Some((site, [given, elements])) = self.pins.leave(open.1) {
            self.watch.problem(site, Problem::Given { given, elements });
        }
    }
    fn given<Q>(&mut self, pins: &Pins, f: impl FnOnce(&mut Self) -> Q) -> Q {
        let arena = self.arena;
        self.pins.push(pins, arena);
        let output = f(self);
        self.pins.pop();
        output
    }
}
