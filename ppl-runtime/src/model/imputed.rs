//! Data whose missing elements are latents.

use super::record::Recorder;
use super::run::Run;
use super::watch::Watch;
use crate::dist::distribution::Distribution;
use crate::dist::impute::{Completes, Incomplete};
use crate::dist::points::Points;
use crate::dist::report::Report;
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use crate::support::{Latent, Reader};

/// An execution at the elements of one site.
struct Completion<'r, 'a, M: Mode, S, R, W> {
    run: &'r mut Run<'a, M, S, R, W>,
    /// The values of all elements, where they are given, and whether their density is wanted.
    given: Option<(Reader<'a>, bool)>,
    missing: Vec<Real<M>>,
    points: Points,
    i: usize,
}

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Completes<M>
    for Completion<'_, 'a, M, S, R, W>
{
    fn element<D: Distribution<M, f64>>(&mut self, d: &D, x: Option<f64>) -> Real<M> {
        let run = &mut *self.run;
        let given = self.given.as_mut().map(|(r, scored)| (r.number(), *scored));
        self.i += 1;
        if let Some(x) = x {
            if R::SCORE {
                let density = d.score(&x, run.arena);
                run.likelihood += density;
                if W::POINTS {
                    let i = self.i - 1;
                    self.points.element(i, |p| p.push(density.value()));
                }
            }
            return Real::constant(x);
        }
        if let Some((x, scored)) = given {
            let x = Real::constant(x);
            if R::SCORE && scored {
                run.likelihood += d.log_prob(&x);
            }
            return x;
        }
        let x = if S::UNCONSTRAINED && run.source.given() {
            run.source.coordinate()
        } else {
            d.draw(&mut run.source, run.arena)
        };
        if S::PRIOR && R::SCORE {
            run.prior += d.log_prob(&x);
            run.latents += 1;
        }
        if R::ON {
            self.missing.push(x);
        }
        x
    }
}

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    pub(super) fn completed<T: Latent, X: Incomplete<M, T, D> + ?Sized, D>(
        &mut self,
        site: u32,
        data: &X,
        d: &D,
    ) -> T::At<'a, M> {
        let given = self.pins.find(site).map(|(mut numbers, scored)| {
            if T::LEN.is_none() {
                numbers.number();
            }
            (numbers, scored)
        });
        if !W::BLIND {
            let mut report = Report::default();
            data.check(d, &mut report);
            self.watch.imputed(site, report);
        }
        let arena = self.arena;
        let mut completion = Completion {
            run: self,
            given,
            missing: Vec::new(),
            points: Points::default(),
            i: 0,
        };
        let x = data.complete(d, arena, &mut completion);
        let (missing, points) = (completion.missing, completion.points);
        if self.sees_points() {
            self.watch.points(site, points);
        }
        self.recorder.imputed::<T>(site, &x, &missing);
        self.watch.done(site);
        x
    }
}
