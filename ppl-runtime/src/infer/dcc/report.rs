//! How a run prints.

use super::part::{brief, table};
use super::{DccRun, FailedProgram, Unexplored};
use crate::output::McmcSummary;
use std::fmt;

impl<D: Clone> fmt::Display for DccRun<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, failed) = (self.programs().len(), self.failed().len());
        writeln!(
            f,
            "divide, conquer and combine of `{}`: {count} programs, {failed} failed; draws by {}, evidences by {}",
            self.model(),
            self.kernel,
            self.estimator
        )?;
        writeln!(f, "  log evidence  {}", brief(self.log_evidence()))?;
        writeln!(f, "  evaluations   {}", self.evaluations())?;
        writeln!(f, "  unexplored    {}", self.unexplored())?;
        writeln!(f)?;
        for line in table(self.programs(), f.alternate()) {
            writeln!(f, "{line}")?;
        }
        for failed in self.failed() {
            writeln!(f, "{failed}")?;
        }
        for p in self.programs() {
            for warning in p.summary.iter().flat_map(McmcSummary::warnings) {
                if p.weight.mean > WORTH_A_WARNING {
                    writeln!(f, "`{}`: {warning}", p.name)?;
                }
            }
        }
        writeln!(f)?;
        write!(f, "{}", self.summary())
    }
}

/// Warnings of programs with less weight are left to their own summaries.
const WORTH_A_WARNING: f64 = 1e-3;

impl fmt::Display for FailedProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, mass) = (&self.name, self.prior_mass.mean);
        write!(
            f,
            "FAILED `{name}` (prior mass {mass:.3e}): {}",
            self.problem
        )
    }
}

impl fmt::Display for Unexplored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.exhaustive, self.prior_mass.sd == 0.0) {
            (true, _) => write!(f, "nothing: all programs were enumerated"),
            (false, true) => write!(f, "prior mass {:.3e}", self.bound),
            (false, false) => write!(
                f,
                "prior mass {:.3e}, below {:.3e} with probability 95 %",
                self.prior_mass.mean, self.bound
            ),
        }?;
        if !self.exhaustive {
            write!(f, "; their posterior mass is unknown")?;
        }
        Ok(())
    }
}
