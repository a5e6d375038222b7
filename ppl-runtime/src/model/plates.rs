//! Plates whose elements have enumerated sites, a block of elements at a time.

use super::interpreter::Interpreter;
use super::record::Recorder;
use super::run::{Run, Watch};
use crate::dist::source::Source;
use crate::real::kernels::{LANES, log_sum_exp_lanes};
use crate::real::{Blocks, Mode, Real};

/// The most combinations of values that are held side by side.
const MOST_ROWS: usize = 32;
/// Fewer elements are not worth a block.
const FEWEST: usize = 8;

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    /// Sums over the enumerated sites of each element. What comes out of it is the same as summing element by
    /// element; where that is possible the elements are taken in blocks, with the values of the sites in the outer
    /// loop, so that densities and the sum run in lanes.
    pub(super) fn plate_of_sums(&mut self, site: u32, n: usize, f: impl Fn(&mut Self, usize)) {
        let open = self.enter(site);
        let side_by_side = !S::SIMULATES && !R::ON && R::SCORE && W::BLIND && !self.lanes.on;
        let done = if side_by_side && n >= FEWEST {
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
            let alike = self.block(done, elements, f);
            blocks.computed();
            if alike {
                sum += log_sum_exp_lanes(self.lanes.score(elements), elements);
                if M::GRADIENT {
                    self.lanes.push(elements, &mut blocks);
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
    /// of their own: then nothing has been summed.
    fn block(&mut self, first: usize, n: usize, f: &impl Fn(&mut Self, usize)) -> bool {
        let outer = self.digits.open();
        let before = self.latents;
        self.lanes.clear();
        let mut alike = true;
        for row in 0.. {
            alike = row < MOST_ROWS;
            self.lanes.row();
            let mut sites = 0;
            for lane in 0..n {
                if !alike {
                    break;
                }
                self.digits.restart();
                self.clear();
                self.lanes.begin(lane);
                f(self, first + lane);
                if lane == 0 {
                    sites = self.digits.len();
                }
                let rest = self.total();
                alike = self.lanes.end(rest) && self.digits.alike(sites) && self.latents == before;
            }
            if !alike || !self.digits.advance() {
                break;
            }
        }
        self.digits.close(outer);
        self.latents = before;
        alike
    }

    /// What an execution added up by itself.
    #[inline]
    fn total(&self) -> Real<M> {
        match (M::is_constant(self.choice.0), M::is_constant(self.likelihood.0)) {
            (true, true) => Real::constant(self.choice.value() + self.likelihood.value()),
            (true, false) if self.choice.value() == 0.0 => self.likelihood,
            (false, true) if self.likelihood.value() == 0.0 => self.choice,
            _ => self.choice + self.likelihood,
        }
    }
}
