//! Sites whose values are taken in a column, and the statements that read them.

use super::interpreter::Interpreter;
use super::record::Recorder;
use super::run::{Run, Watch};
use super::values::Column;
use crate::dist::distribution::Finite;
use crate::dist::source::Source;
use crate::real::{Mode, Real};
use crate::support::{Latent, Reader, ScalarLatent};

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
        let numbers = &*arena.alloc_slice_fill_with(n, |k| d.nth(k).number());
        let column = arena.alloc(Column::new(numbers, self.digits.position(), arena));
        if !d.column(|k| numbers[k], column) {
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

    /// Executes a statement for each value of the column.
    #[cold]
    #[inline(never)]
    pub(super) fn for_each_value<T: ScalarLatent>(&mut self, f: impl Fn(&mut Self, T)) {
        let Some(n) = self.values.column.as_ref().map(|c| c.len()) else {
            return;
        };
        let aside = self.set_aside();
        self.values.on = true;
        for k in 0..n {
            let Some(column) = &mut self.values.column else {
                break;
            };
            column.begin(k);
            let x = T::read(&mut Reader(&column.numbers()[k..]));
            f(self, x);
            let rest = self.take_total();
            if let Some(column) = &mut self.values.column {
                column.end(rest);
            }
        }
        self.values.on = false;
        if let Some(column) = &mut self.values.column {
            column.score();
        }
        self.put_aside_back(aside);
    }
}
