//! Plates whose elements have enumerated sites, a block of elements at a time.

use super::interpreter::Interpreter;
use super::record::Recorder;
use super::run::Run;
use super::watch::Watch;
use crate::dist::source::Source;
use crate::real::kernels::{LANES, log_sum_exp_lanes};
use crate::real::{Blocks, Mode, Real};

/// The most combinations of values that are held side by side.
const MOST_ROWS: usize = 32;
/// The values of enumerated sites in each row.
pub(super) type RowValues = Vec<Vec<(usize, usize)>>;
/// Fewer elements are not worth a block.
const FEWEST: usize = 8;

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    /// Whether there are times when nobody listens to single executions.
    pub(super) const SIDE_BY_SIDE: bool =
        !S::SIMULATES && (!R::ON || R::RECOVER) && R::SCORE && W::BLIND;

    /// Whether nobody listens to single executions now.
    #[inline]
    pub(super) fn unheard(&self) -> bool {
        Self::SIDE_BY_SIDE && (!R::ON || self.recorder.paused())
    }

    /// Sums over the enumerated sites of each element, one by one where somebody looks at single data.
    pub(super) fn plate_summed(&mut self, site: u32, n: usize, f: impl Fn(&mut Self, usize)) {
        if self.sees_points() {
            let open = self.enter(site);
            for i in 0..n {
                self.next(open);
                self.sum_of_element(|run| f(run, i));
            }
            return self.leave(open);
        }
        self.plate_of_sums(site, n, f);
    }

    /// Sums over the enumerated sites of each element. What comes out of it is the same as summing element by
    /// element; where that is possible the elements are taken in blocks, with the values of the sites in the outer
    /// loop, so that densities and the sum run in lanes.
    pub(super) fn plate_of_sums(&mut self, site: u32, n: usize, f: impl Fn(&mut Self, usize)) {
        let open = self.enter(site);
        let alone = self.unheard() && !self.laned && !self.columns && self.pins.quiet();
        let done = if alone && n >= FEWEST {
            self.blocks(n, &f)
        } else {
            0
        };
        for i in done..n {
            self.next(open);
            self.sum(|run| f(run, i));
        }
        self.leave(open);
    }

    /// Takes blocks as far as elements are alike; says how far.
    fn blocks(&mut self, n: usize, f: &impl Fn(&mut Self, usize)) -> usize {
        let aside = self.set_aside();
        let mut blocks = M::Blocks::begin(n);
        let (mut done, mut sum) = (0, 0.0);
        while done < n {
            let elements = (n - done).min(LANES);
            let start = self.source.mark();
            let alike = self.block(done, elements, None, f);
            blocks.computed();
            if alike {
                sum += log_sum_exp_lanes(self.lanes.get().score(elements), elements);
                if M::GRADIENT {
                    self.lanes.get().push(elements, &mut blocks);
                }
                done += elements;
            }
            blocks.end();
            if !alike {
                self.source.rewind(start);
                break;
            }
        }
        self.put_aside_back(aside);
        if done > 0 {
            self.likelihood += blocks.finish(sum);
        } else {
            let _ = blocks.finish(0.0);
        }
        done
    }

    /// Runs a block of elements for every combination of values. False if elements are not alike or have latents
    /// of their own: then nothing has been summed. `values` is given the values of each combination.
    pub(super) fn block(
        &mut self,
        first: usize,
        n: usize,
        mut values: Option<&mut RowValues>,
        f: &impl Fn(&mut Self, usize),
    ) -> bool {
        let outer = self.digits.open();
        let (before, drawn) = (self.latents, self.drawn);
        self.lanes.get().clear();
        let mut alike = true;
        for row in 0.. {
            alike = row < MOST_ROWS;
            self.lanes.get().row();
            let mut sites = 0;
            for lane in 0..n {
                if !alike {
                    break;
                }
                self.digits.restart();
                self.lanes.get().begin(lane);
                self.laned = true;
                f(self, first + lane);
                if lane == 0 {
                    sites = self.digits.len();
                }
                let rest = self.take_total();
                self.laned = false;
                alike =
                    self.lanes.get().end(rest) && self.digits.alike(sites) && self.drawn == drawn;
            }
            if let Some(values) = &mut values {
                values.push(self.digits.values());
            }
            if !alike || !self.digits.advance() {
                break;
            }
        }
        self.digits.close(outer);
        self.latents = before;
        alike
    }

    /// What an execution added up by itself, which is mostly nothing.
    #[inline]
    pub(super) fn take_total(&mut self) -> Real<M> {
        let nothing = |x: Real<M>| M::is_constant(x.0) && x.value() == 0.0;
        if nothing(self.choice) && nothing(self.likelihood) {
            return Real::constant(0.0);
        }
        let total = self.choice + self.likelihood;
        self.clear();
        total
    }
}
