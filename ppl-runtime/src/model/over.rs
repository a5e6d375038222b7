//! Sites whose values are taken in a column, and the statements that read them.

use super::interpreter::Interpreter;
use super::record::Recorder;
use super::run::Run;
use super::values::{Column, Counts};
use super::watch::Watch;
use crate::dist::distribution::Finite;
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use crate::support::{Latent, ScalarLatent};

/// Fewer values are executed one after the other.
const FEWEST: usize = 4;
/// So are more, which would need much memory.
const MOST: usize = 1 << 16;

impl<'a, M: Mode, S: Source<M>, R: Recorder<M>, W: Watch<M>> Run<'a, M, S, R, W> {
    /// An enumerated site whose value is read by statements inside of [`Interpreter::over`] alone. All values are taken
    /// at once if the sum under way has no such site yet; then the value that it gives tells nothing.
    pub(super) fn enumerate_column<T: ScalarLatent + Latent<At<'a, M> = T>, D: Finite<M, T>>(
        &mut self,
        site: u32,
        d: D,
    ) -> T {
        if !(Self::SIDE_BY_SIDE && self.values.free)
            || self.pins.on()
            || !(FEWEST..=MOST).contains(&d.size())
        {
            return self.enumerate(site, d);
        }
        let (n, arena) = (d.size(), self.arena);
        let counts = match d.first() {
            Some(first) => Counts::From(first),
            None => Counts::These(arena.alloc_slice_fill_with(n, |k| d.nth(k).count())),
        };
        let column = arena.alloc(Column::new(n, counts, self.digits.position(), arena));
        if !d.column(|k| counts.at(k) as f64, column) {
            column.begin_prior();
            for k in 0..n {
                let x = d.nth(k);
                column.begin(k);
                let mut rest = Real::constant(0.0);
                if !d.collect(&x, column) {
                    let form: T::At<'_, M> = x.constant::<M>(arena);
                    rest = d.log_prob(&form);
                }
                column.end(rest);
            }
        }
        column.score();
        column.end_of_prior();
        (self.values.free, self.values.column) = (false, Some(column));
        d.nth(0)
    }

    /// Executes a statement for all values of the column, if there is one, else for `x`. Of one that reads the values as numbers
    /// of trials alone the first and the last execution tell those between.
    #[inline(always)]
    pub(super) fn over_values<T: ScalarLatent>(
        &mut self,
        x: T,
        trials: bool,
        f: impl Fn(&mut Self, T),
    ) {
        let n = self.values_at_once();
        let aside = if n > 0 { Some(self.set_aside()) } else { None };
        let (mut k, mut end, mut ends) = (0, n, trials && n > 1);
        if let Some(column) = &mut self.values.column
            && ends
        {
            column.begin_ends();
        }
        loop {
            // The statement is called in one place: then it is compiled into the loop.
            let value = if n > 0 { self.begin_value(k) } else { x };
            f(self, value);
            let Some(aside) = aside else { return };
            self.end_value();
            if ends && k == 0 {
                k = n - 1;
                continue;
            }
            if ends {
                ends = false;
                if !self.values.column.as_mut().is_some_and(|c| c.fill_trials()) {
                    (k, end) = (0, n - 1);
                }
            }
            k += 1;
            if k >= end {
                self.score_values();
                return self.put_aside_back(aside);
            }
        }
    }

    /// The number of values that statements are executed for: 0 if no site is taken in a column.
    #[inline(always)]
    pub(super) fn values_at_once(&self) -> usize {
        if Self::SIDE_BY_SIDE {
            self.values.column.as_ref().map_or(0, |c| c.len())
        } else {
            0
        }
    }

    /// Begins the execution of a statement for value `k` of the column.
    #[inline(always)]
    pub(super) fn begin_value<T: ScalarLatent>(&mut self, k: usize) -> T {
        (self.values.on, self.values.rest) = (true, false);
        let Some(column) = &mut self.values.column else {
            return T::of_count(0);
        };
        column.begin(k);
        T::of_count(column.count(k))
    }

    /// Ends it.
    #[inline(always)]
    pub(super) fn end_value(&mut self) {
        let rest = if self.values.rest {
            self.take_total()
        } else {
            Real::constant(0.0)
        };
        if let Some(column) = &mut self.values.column {
            column.end(rest);
        }
    }

    /// Ends the execution for the last value: scores the statement.
    #[inline(never)]
    pub(super) fn score_values(&mut self) {
        self.values.on = false;
        if let Some(column) = &mut self.values.column {
            column.score();
        }
    }
}
