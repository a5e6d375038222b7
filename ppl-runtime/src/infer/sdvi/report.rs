//! How a run prints.

use super::{SdviRun, WeightBy};
use crate::infer::dcc::{brief, table};
use std::fmt;

impl<D: Clone> fmt::Display for SdviRun<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, failed) = (self.programs().len(), self.failed().len());
        let by = match self.weights {
            WeightBy::Bound => "bounds",
            WeightBy::Importance => "importance",
        };
        writeln!(
            f,
            "support decomposition of `{}`: {count} programs, {failed} failed; weights by {by}",
            self.model()
        )?;
        writeln!(f, "  log evidence  {}", brief(self.log_evidence()))?;
        writeln!(f, "  steps         {}", self.steps())?;
        if self.rejected() > 0 {
            writeln!(
                f,
                "  rejected      {} draws where the density is not finite",
                self.rejected()
            )?;
        }
        writeln!(f, "  unexplored    {}", self.unexplored())?;
        writeln!(f)?;
        for line in table(self.programs(), f.alternate()) {
            writeln!(f, "{line}")?;
        }
        for failed in self.failed() {
            writeln!(f, "{failed}")?;
        }
        let matters = |w: f64| w > WORTH_A_WARNING;
        for p in self.programs().iter().filter(|p| matters(p.weight().mean)) {
            if p.point {
                writeln!(
                    f,
                    "`{}`: the guide is a point, and weighed by the density there: that is no evidence",
                    p.name()
                )?;
            } else if let Some(i) = p.importance().filter(|i| i.pareto_k > UNRELIABLE) {
                writeln!(
                    f,
                    "`{}`: the guide does not cover the posterior (Pareto k {:.2} > {UNRELIABLE}): bound and \
                     importance are far off; try a richer guide or more steps",
                    p.name(),
                    i.pareto_k
                )?;
            }
        }
        writeln!(f)?;
        write!(f, "{}", self.summary())
    }
}

/// Warnings of programs with less weight are left out.
const WORTH_A_WARNING: f64 = 1e-3;
/// Importance weights with a heavier tail are not to be trusted.
const UNRELIABLE: f64 = 0.7;
