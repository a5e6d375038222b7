//! How a run prints.

use super::{DccRun, FailedProgram, ProgramRun, Unexplored};
use crate::output::{Estimate, McmcSummary};
use std::fmt;

impl<D> fmt::Display for DccRun<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, failed) = (self.programs().len(), self.failed().len());
        writeln!(
            f,
            "divide, conquer and combine of `{}`: {count} programs, {failed} failed; evidences by {}",
            self.model(),
            self.estimator
        )?;
        writeln!(f, "  log evidence  {}", self.log_evidence())?;
        writeln!(f, "  evaluations   {}", self.evaluations())?;
        writeln!(f, "  unexplored    {}", self.unexplored())?;
        writeln!(f)?;
        let shown = if f.alternate() {
            count
        } else {
            count.min(ROWS)
        };
        for line in table(&self.programs()[..shown]) {
            writeln!(f, "{line}")?;
        }
        if shown < count {
            writeln!(f, "… and {} more ({{:#}} prints all)", count - shown)?;
        }
        for program in self.failed() {
            let FailedProgram {
                name,
                prior_mass,
                problem,
            } = program;
            writeln!(
                f,
                "FAILED `{name}` (prior mass {:.3e}): {problem}",
                prior_mass.mean
            )?;
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

/// The most programs printed, unless all are asked for.
const ROWS: usize = 20;
/// Warnings of programs with less weight are left to their own summaries.
const WORTH_A_WARNING: f64 = 1e-3;

/// The programs' lines, under their heading.
fn table<D>(programs: &[ProgramRun<D>]) -> Vec<String> {
    let mut rows = vec![["program", "weight", "log evidence", "prior mass"].map(String::from)];
    rows.extend(programs.iter().map(|p| {
        let plain = |e: Estimate, text: String| if e.sd > 0.0 { e.to_string() } else { text };
        [
            p.name.clone(),
            plain(p.weight, format!("{:.6}", p.weight.mean)),
            plain(p.log_evidence, format!("{:.6}", p.log_evidence.mean)),
            plain(p.prior_mass, format!("{:.6}", p.prior_mass.mean)),
        ]
    }));
    let width = |j: usize| rows.iter().map(|r| r[j].chars().count()).max().unwrap_or(0);
    let widths: [usize; 4] = std::array::from_fn(width);
    rows.iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .zip(widths)
                .map(|(cell, w)| format!("{cell:<w$}"))
                .collect();
            format!("  {}", cells.join("  ").trim_end())
        })
        .collect()
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
