//! How fits print.

use super::fit::Fitted;
use crate::output::{Estimate, Summary};
use crate::support::Export;
use std::fmt;

/// Draws that a printed summary is made of.
const DRAWS: usize = 1000;

impl<D: Export + Clone + Send + Sync> Fitted<'_, D> {
    /// Losses, rejected points, and a row a parameter from some draws.
    pub(in crate::infer) fn report(&self, f: &mut fmt::Formatter<'_>, title: &str) -> fmt::Result {
        let steps = self.losses.len();
        writeln!(f, "{title} of `{}`: {steps} steps", self.model)?;
        if let Some(first) = self.losses.first() {
            let tenth = steps.div_ceil(10);
            let last = mean(&self.losses[steps - tenth..]);
            writeln!(
                f,
                "  loss          {last} over the last {tenth} steps, {first:.4} at first"
            )?;
        }
        if self.rejected > 0 {
            writeln!(
                f,
                "  rejected      {} draws where the density is not finite",
                self.rejected
            )?;
        }
        match self
            .assign(DRAWS, self.state.seed)
            .and_then(|c| self.draws_of(&c, self.state.seed))
        {
            Ok(draws) => write!(f, "\n{}", Summary::equal(draws.table())),
            Err(problem) => write!(f, "\n{problem}"),
        }
    }
}

/// The mean with its standard error, as if steps were independent.
fn mean(x: &[f64]) -> Estimate {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let squares: f64 = x.iter().map(|x| (x - mean) * (x - mean)).sum();
    let sd = (squares / (n - 1.0).max(1.0) / n).sqrt();
    Estimate { mean, sd }
}
