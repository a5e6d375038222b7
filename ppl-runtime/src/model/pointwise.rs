//! The log likelihood datum by datum.

use super::digits::Digits;
use super::interpreter::{Interpreter, Loop};
use super::nesting::Nesting;
use super::record::Recorder;
use super::run::Run;
use super::sources::Line;
use super::watch::Watch;
use super::{Evaluator, Model, Site};
use crate::dist::datum::Datum;
use crate::dist::distribution::Distribution;
use crate::dist::points::Points;
use crate::dist::source::Source;
use crate::error::Error;
use crate::real::{Mode, Value};
use crate::support::Latent;
use bumpalo::Bump;

/// One datum of an execution.
#[derive(Clone, Debug, PartialEq)]
pub struct Datapoint {
    /// The name of its site, after those of the submodels that it is in.
    pub site: String,
    /// Its element in the site.
    pub place: Vec<usize>,
    /// ln p given the latents.
    pub log_likelihood: f64,
}

/// Notes single data as they pass by.
pub(super) struct Pointwise {
    nesting: Nesting,
    points: Vec<Datapoint>,
    /// A site that is summed over, and by nothing inside of it.
    enumerated: Option<String>,
}

/// Where a watch of single data is.
#[derive(Copy, Clone, Default)]
pub struct PointMark {
    points: usize,
    enumerated: bool,
}

impl Pointwise {
    pub(super) fn new(sites: &'static [Site]) -> Self {
        Pointwise {
            nesting: Nesting::of(sites),
            points: Vec::new(),
            enumerated: None,
        }
    }
    /// What was seen.
    pub(super) fn into_points(self) -> Vec<Datapoint> {
        self.points
    }
}

impl<M: Mode> Watch<M> for Pointwise {
    const POINTS: bool = true;
    fn observe<T: Datum<M, D> + ?Sized, D>(&mut self, site: u32, data: &T, d: &D, arena: &Bump) {
        let mut points = Points::default();
        data.points(d, arena, &mut points);
        Watch::<M>::points(self, site, points);
    }
    fn points(&mut self, site: u32, points: Points) {
        let path: Vec<usize> = self.nesting.path().collect();
        let site = self.nesting.name(site);
        let found = points.places.into_iter().zip(points.values);
        self.points
            .extend(found.map(|(place, log_likelihood)| Datapoint {
                site: site.clone(),
                place: [&path[..], &place].concat(),
                log_likelihood,
            }));
    }
    fn enumerate<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, _: &D) {
        if self.enumerated.is_none() {
            self.enumerated = Some(self.nesting.name(site));
        }
    }
    fn mark(&self) -> PointMark {
        PointMark {
            points: self.points.len(),
            enumerated: self.enumerated.is_some(),
        }
    }
    fn joint(&mut self, mark: PointMark, log_likelihood: f64) {
        if !mark.enumerated {
            self.enumerated = None;
        }
        let place = self.nesting.path().collect();
        self.points
            .truncate((mark.points + 1).min(self.points.len()));
        if let Some(point) = self.points.get_mut(mark.points) {
            point.place = place;
            point.log_likelihood = log_likelihood;
        }
    }
    fn reweigh(&mut self, mark: PointMark, weight: Option<f64>) {
        match weight {
            None => self.points.truncate(mark.points),
            Some(weight) => self.points[mark.points..]
                .iter_mut()
                .for_each(|p| p.log_likelihood *= weight),
        }
    }
    fn enter(&mut self) {
        self.nesting.enter();
    }
    fn next(&mut self, open: Loop) {
        self.nesting.next(open);
    }
    fn leave(&mut self, open: Loop) {
        self.nesting.leave(open);
    }
    fn begin(&mut self, site: u32, sites: &'static [Site]) {
        let prefix = format!("{}.", self.nesting.name(site));
        self.nesting.begin(prefix, sites);
    }
    fn end(&mut self) {
        self.nesting.end();
    }
}

/// Counts open loops, and knows when a sum is under way.
#[derive(Default)]
pub(super) struct Depth {
    open: usize,
    paused: usize,
}

impl<M: Mode> Recorder<M> for Depth {
    const ON: bool = true;
    const SCORE: bool = true;
    fn paused(&self) -> bool {
        self.paused > 0
    }
    fn pause(&mut self, paused: bool) {
        match paused {
            true => self.paused += 1,
            false => self.paused -= 1,
        }
    }
    fn value<T: Latent>(&mut self, _: u32, _: &T::At<'_, M>) {}
    fn enter(&mut self, _: u32) -> usize {
        self.open += 1;
        self.open - 1
    }
    fn next(&mut self, open: usize) {
        self.open = open + 1;
    }
    fn leave(&mut self, open: usize) {
        self.open = open;
    }
}

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    /// Whether single data are looked at, and no sum is under way.
    pub(super) fn sees_points(&self) -> bool {
        W::POINTS && !self.recorder.paused()
    }

    /// Sums over the enumerated sites of one element. Where there are none its data are single ones, else one together.
    pub(super) fn sum_of_element(&mut self, f: impl Fn(&mut Self)) {
        if !self.sees_points() {
            return self.sum(f);
        }
        self.single_or_joint(&f, |run| run.sum(&f));
    }

    /// The steps of a chain, whose data are single ones where no state is summed over, else one together.
    pub(super) fn points_of_chain<Q: Copy + PartialEq + 'a>(
        &mut self,
        site: u32,
        n: usize,
        init: Q,
        f: impl Fn(&mut Self, usize, Q) -> Q,
    ) {
        let steps = |run: &mut Self| {
            let open = run.enter(site);
            (0..n).fold(init, |state, t| {
                run.next(open);
                f(run, t, state)
            });
            run.leave(open);
        };
        self.single_or_joint(&steps, |run| run.forward_recursion(site, n, init, &f));
    }

    fn single_or_joint(&mut self, single: &impl Fn(&mut Self), joint: impl Fn(&mut Self)) {
        let mark = self.watch.mark();
        let (start, depth, latents) = (self.source.mark(), self.pins.depth(), self.latents);
        let before = (self.prior, self.likelihood, self.choice);
        self.clear();
        let outer = self.digits.open();
        single(self);
        let sums = self.digits.any();
        self.digits.close(outer);
        if sums {
            self.source.rewind(start);
            self.pins.back_to(depth);
            self.latents = latents;
            self.clear();
            joint(self);
            self.watch.joint(mark, self.likelihood.value());
        }
        self.prior = before.0 + self.prior;
        self.likelihood = before.1 + self.likelihood;
        self.choice = before.2 + self.choice;
    }
}

impl Evaluator {
    /// The log likelihood of each datum of a model all of whose latents are given; data that are summed over together
    /// are one.
    ///
    /// # Errors
    /// An enumerated site that all data depend on.
    pub fn datapoints<Md: Model>(&mut self, model: &Md) -> Result<Vec<Datapoint>, Error> {
        let (arena, digits): (&Bump, &mut Digits) = self.parts();
        let watch = Pointwise::new(Md::SITES);
        let mut run: Run<'_, Value, _, _, _> =
            Run::new(Line::new(&[]), Depth::default(), watch, arena, digits);
        model.run::<Value, _>(&mut run);
        match run.watch.enumerated.take() {
            Some(site) => Err(Error::Pointwise {
                model: Md::NAME,
                site,
            }),
            None => Ok(run.watch.points),
        }
    }
}
