//! Draws of the enumerated sites of plates and chains given the rest, with weights that are computed for many at once.

use super::forward::Paths;
use super::interpreter::Interpreter;
use super::plates::RowValues;
use super::record::Recorder;
use super::run::Run;
use super::sheet::WIDE;
use super::sums::pick;
use super::watch::Watch;
use crate::dist::source::Source;
use crate::real::kernels::{LANES, log_sum_exp_lanes, log_sum_exp_rows};
use crate::real::{Mode, Real};

/// Fewer elements are not worth it.
const FEWEST: usize = 4;

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    /// Sums over the enumerated sites of each element, draws them and records the elements with what was drawn. False if
    /// nobody wants that, or if it has to be done one by one: then nothing has been done. `alike` is whether elements differ
    /// in the data of [`Interpreter::observe_at`] alone.
    pub(super) fn plate_recovered(
        &mut self,
        site: u32,
        n: usize,
        alike: bool,
        f: &impl Fn(&mut Self, usize),
    ) -> bool {
        let wanted = Self::SIDE_BY_SIDE && R::RECOVER && !self.recorder.paused();
        if !wanted || self.laned || self.columns || self.pins.on() || n < FEWEST {
            return false;
        }
        let open = self.enter(site);
        let width = if alike { WIDE } else { LANES };
        let (mut done, mut values) = (0, Vec::new());
        while done < n {
            let count = (n - done).min(width);
            let start = self.source.mark();
            let aside = self.set_aside();
            values.clear();
            let silent = std::mem::take(&mut self.silent);
            self.recorder.pause(true);
            let together = if alike {
                self.sheet.get().clear();
                self.rows(
                    done,
                    count,
                    Some(&mut values),
                    |run| f(run, done),
                    |()| true,
                )
            } else {
                self.block(done, count, Some(&mut values), f)
            };
            self.recorder.pause(false);
            self.silent = silent;
            if !together {
                self.source.rewind(start);
                self.put_aside_back(aside);
                break;
            }
            let sum = if alike {
                log_sum_exp_rows(&mut self.sheet.get().terms, WIDE, count)
            } else {
                log_sum_exp_lanes(self.lanes.get().score(count), count)
            };
            let silent = std::mem::replace(&mut self.silent, true);
            for i in 0..count {
                let u = self.recorder.uniform();
                let weights = if alike {
                    &self.sheet.get().terms[..]
                } else {
                    self.lanes.get().terms.as_flattened()
                };
                let row = pick(values.len(), |r| weights[r * width + i], u);
                self.next(open);
                let outer = self.digits.open();
                self.digits.fix(&values[row]);
                f(self, done + i);
                self.digits.close(outer);
            }
            self.silent = silent;
            self.put_aside_back(aside);
            self.likelihood += Real::constant(sum);
            done += count;
        }
        for i in done..n {
            self.next(open);
            self.sum(|run| f(run, i));
        }
        self.leave(open);
        true
    }

    /// As [`Interpreter::markov_alike`] where states are to be drawn: backwards, given the filter's weights. False if nobody
    /// wants that, or if it can't be done for many steps at once: then nothing has been done.
    pub(super) fn chain_recovered<Q: Copy + PartialEq + 'a>(
        &mut self,
        site: u32,
        n: usize,
        init: Q,
        f: &impl Fn(&mut Self, usize, Q) -> Q,
    ) -> bool {
        let wanted = Self::SIDE_BY_SIDE && R::RECOVER && !self.recorder.paused();
        if !wanted || self.laned || self.columns || self.pins.on() || n < FEWEST {
            return false;
        }
        let (start, aside) = (self.source.mark(), self.set_aside());
        let collecting = self.stop_collecting();
        let mut drawn = DrawnSteps::default();
        self.recorder.pause(true);
        let total = self.chain_total(n, init, Some(&mut drawn), f);
        self.recorder.pause(false);
        if total.is_some() {
            let values = |(from, row): &(Q, usize)| (*from, &drawn.values[*row][..]);
            let mut taken: Vec<_> = drawn.steady.iter().map(values).collect();
            self.draw_steps(&drawn.first, drawn.target, &mut taken);
            self.source.rewind(start);
            let open = self.enter(site);
            self.record_steps(open, &taken, f);
            self.leave(open);
        } else {
            self.source.rewind(start);
        }
        self.collect_again(collecting);
        self.put_aside_back(aside);
        if let Some(total) = total {
            self.likelihood += total;
        }
        total.is_some()
    }
}

/// The steps of a chain that are drawn.
pub(super) struct DrawnSteps<Q> {
    /// The paths of the first steps, which are drawn last.
    pub(super) first: Paths<Q>,
    /// The state that they end in.
    pub(super) target: Option<Q>,
    /// The steps after these, the last first: where they begin, and the row of their values.
    pub(super) steady: Vec<(Q, usize)>,
    /// The values of the sites by row.
    pub(super) values: RowValues,
}

impl<Q> Default for DrawnSteps<Q> {
    fn default() -> Self {
        DrawnSteps {
            first: Paths::default(),
            target: None,
            steady: Vec::new(),
            values: Vec::new(),
        }
    }
}
