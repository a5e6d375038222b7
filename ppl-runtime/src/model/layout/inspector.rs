//! Who looks at data and distributions when a model is bound.

use super::name;
use crate::dist::datum::Datum;
use crate::dist::distribution::Distribution;
use crate::dist::report::{Problem, Report};
use crate::model::interpreter::Loop;
use crate::model::nesting::Nesting;
use crate::model::watch::Watch;
use crate::model::{Model, Site};
use crate::real::{Mode, fault};
use crate::support::Latent;
use bumpalo::Bump;

/// Looks at data and constant parameters as they pass by.
pub(super) struct Inspector {
    pub(super) found: Option<(&'static [Site], u32, Vec<usize>, Problem)>,
    pub(super) discrete: Vec<String>,
    pub(super) branches: Vec<String>,
    pub(super) improper: Vec<String>,
    /// The values of the `#[branch]` sites.
    pub(super) program: Vec<f64>,
    nesting: Nesting,
}

impl Inspector {
    pub(super) fn of<M: Model>() -> Self {
        Inspector {
            found: None,
            discrete: Vec::new(),
            branches: Vec::new(),
            improper: Vec::new(),
            program: Vec::new(),
            nesting: Nesting::of(M::SITES),
        }
    }
    fn name(&self, site: u32) -> String {
        name(self.nesting.table(), site)
    }
    fn note(&mut self, site: u32, mut report: Report) {
        // An empty set inside a loop or plate is a group without members, not a mistake.
        let inside = self.nesting.path().next().is_some();
        if let Some((index, problem)) = report.take()
            && self.found.is_none()
            && !(problem == Problem::Empty && inside)
        {
            let mut path: Vec<usize> = self.nesting.path().collect();
            path.extend(index);
            self.found = Some((self.nesting.table(), site, path, problem));
        }
    }
}

impl<M: Mode> Watch<M> for Inspector {
    fn sample<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, d: &D) {
        if T::DISCRETE {
            self.discrete.push(self.name(site));
        }
        let mut report = Report::default();
        d.check(&mut report);
        if report.is_improper().is_some() {
            self.improper.push(self.name(site));
        }
        self.note(site, report);
    }
    fn observe<T: Datum<M, D> + ?Sized, D>(&mut self, site: u32, data: &T, d: &D, _: &Bump) {
        let mut report = Report::default();
        data.check(d, &mut report);
        // A fault of the expression explains whatever else is found.
        if let Some(message) = fault::take() {
            report = Report::default();
            report.problem(Problem::Expression(message));
        }
        self.note(site, report);
    }
    fn given<T: Latent, D: Distribution<M, T>>(
        &mut self,
        site: u32,
        d: &D,
        x: &T,
        [given, elements]: [usize; 2],
    ) {
        let mut report = Report::default();
        if given != elements {
            report.problem(Problem::Given { given, elements });
        }
        d.check_observation(x, &mut report);
        self.note(site, report);
    }
    fn imputed(&mut self, site: u32, report: Report) {
        if report.is_improper().is_some() {
            self.improper.push(self.name(site));
        }
        self.note(site, report);
    }
    fn problem(&mut self, site: u32, problem: Problem) {
        let mut report = Report::default();
        report.problem(problem);
        self.note(site, report);
    }
    fn done(&mut self, site: u32) {
        if let Some(message) = fault::take() {
            let mut report = Report::default();
            report.problem(Problem::Expression(message));
            self.note(site, report);
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
    fn enumerate<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, d: &D) {
        let mut report = Report::default();
        d.check(&mut report);
        self.note(site, report);
    }
    fn branch<T: Latent, D: Distribution<M, T>>(&mut self, site: u32, _: &D, x: &T::At<'_, M>) {
        self.branches.push(self.name(site));
        T::write::<M>(x, &mut self.program);
    }
    fn begin(&mut self, _: u32, sites: &'static [Site]) {
        self.nesting.begin(String::new(), sites);
    }
    fn end(&mut self) {
        self.nesting.end();
    }
}
