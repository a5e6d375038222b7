//! What a run gives.

use super::discovery::Found;
use super::local::Local;
use super::weights::weights;
use super::{EvidenceEstimator, FailedProgram, ProgramError, ProgramRun, Unexplored};
use crate::error::Error;
use crate::infer::nuts::Chain;
use crate::model::{Evaluator, Model, Point, Predictive};
use crate::output::{
    Draws, Estimate, LogDensities, McmcSummary, OutputError, Summary, Table, WeightedDraws,
};
use crate::random::{Purpose, keyed};
use crate::support::{Columns, Export};
use rand::RngExt;
use std::fmt;

/// A run of [`Dcc`](super::Dcc), typed by the draws of its model. `Display` is the table of programs with the summary.
#[derive(Clone, Debug)]
pub struct DccRun<D> {
    model: &'static str,
    estimator: &'static str,
    programs: Vec<ProgramRun<D>>,
    failed: Vec<FailedProgram>,
    unexplored: Unexplored,
    log_evidence: Estimate,
    draws: WeightedDraws<D>,
    summary: Summary,
}

/// Programs with less than this weight change no figure and are left out of the merged draws.
const NEGLIGIBLE: f64 = 1e-16;

impl<D: Export + Clone + Send + Sync> DccRun<D> {
    pub(super) fn new<M: Model<Draw = D>, E: EvidenceEstimator>(
        found: Vec<Found>,
        results: Vec<Result<Local<D>, ProgramError>>,
        unexplored: Unexplored,
    ) -> Result<Self, Error> {
        let mut programs = Vec::new();
        let mut failed = Vec::new();
        for (found, result) in found.into_iter().zip(results) {
            let prior_mass = found.prior_mass;
            match result.and_then(|local| program(&found, local)) {
                Ok(program) => programs.push(program),
                Err(problem) => failed.push(FailedProgram {
                    name: found.trail.name(),
                    prior_mass,
                    problem,
                }),
            }
        }
        let engine = |problem: String| Error::Engine {
            model: M::NAME,
            engine: "DCC",
            problem,
        };
        if programs.is_empty() {
            let first = failed
                .first()
                .map_or_else(String::new, |f| format!(": `{}`: {}", f.name, f.problem));
            return Err(engine(format!("no program has an estimate{first}")));
        }
        let log_evidences: Vec<Estimate> = programs.iter().map(|p| p.log_evidence).collect();
        let (of_each, log_evidence) = weights(&log_evidences);
        for (program, weight) in programs.iter_mut().zip(of_each) {
            program.weight = weight;
        }
        programs.sort_by(|a, b| b.weight.mean.total_cmp(&a.weight.mean));
        let draws = merged(&programs).map_err(|e| engine(e.to_string()))?;
        let unknown = LogDensities::default();
        let summary = Summary::weighted(draws.table(), draws.log_weights(), unknown)
            .map_err(|e| engine(e.to_string()))?;
        Ok(DccRun {
            model: M::NAME,
            estimator: E::NAME,
            programs,
            failed,
            unexplored,
            log_evidence,
            draws,
            summary,
        })
    }

    /// Draws of equal weight from the posterior over all programs.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn draws(&self, n: usize, seed: u64) -> Result<Draws<D>, Error> {
        super::settings::rule("n", n > 0, "is 0: no draw was asked for")?;
        Ok(self.draws.resample(n, seed))
    }

    /// Replicated data from the posterior over all programs, by site: what the model would observe again.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn predictive<M: Model<Draw = D>>(
        &self,
        model: &M,
        n: usize,
        seed: u64,
    ) -> Result<Predictive, Error> {
        super::settings::rule("n", n > 0, "is 0: no draw was asked for")?;
        let mut evaluator = Evaluator::new();
        let replicates = (0..n as u64)
            .map(|k| {
                let rng = &mut keyed(seed, Purpose::Predictive, k, 0);
                let mut rest = rng.random::<f64>();
                let program = self
                    .programs
                    .iter()
                    .find(|p| {
                        rest -= p.weight.mean;
                        rest < 0.0
                    })
                    .unwrap_or(&self.programs[0]);
                let count: usize = program.chains.iter().map(|c| c.transitions.len()).sum();
                let positions = || program.chains.iter().flat_map(Chain::positions);
                let u = match count {
                    0 => &[],
                    n => positions().nth(rng.random_range(0..n)).unwrap_or(&[]),
                };
                let at = Point {
                    u,
                    program: &program.values,
                };
                evaluator.replicate_at_line(model, at, rng)
            })
            .collect();
        Ok(Predictive::gather::<M>(replicates))
    }
}

impl<D> DccRun<D> {
    /// The name of the model.
    pub fn model(&self) -> &'static str {
        self.model
    }
    /// The programs, the most probable first.
    pub fn programs(&self) -> &[ProgramRun<D>] {
        &self.programs
    }
    /// The program of this name, as in `second=true`, if it has an estimate.
    pub fn program(&self, name: &str) -> Option<&ProgramRun<D>> {
        self.programs.iter().find(|p| p.name == name)
    }
    /// Programs without an estimate.
    pub fn failed(&self) -> &[FailedProgram] {
        &self.failed
    }
    /// The prior mass of programs that were not found or left out.
    pub fn unexplored(&self) -> Unexplored {
        self.unexplored
    }
    /// ln Z of the explored programs together, with its error.
    pub fn log_evidence(&self) -> Estimate {
        self.log_evidence
    }
    /// ln of the Bayes factor of one program over another, by their names: the ratio of their marginal likelihoods, prior
    /// probabilities divided out.
    pub fn log_bayes_factor(&self, over: &str, under: &str) -> Option<Estimate> {
        let marginal = |name: &str| {
            let p = self.program(name)?;
            let relative = p.prior_mass.sd / p.prior_mass.mean;
            Some(Estimate {
                mean: p.log_evidence.mean - p.prior_mass.mean.ln(),
                sd: p.log_evidence.sd.hypot(relative),
            })
        };
        let (a, b) = (marginal(over)?, marginal(under)?);
        Some(Estimate {
            mean: a.mean - b.mean,
            sd: a.sd.hypot(b.sd),
        })
    }
    /// The draws of all programs with their weights.
    pub fn weighted_draws(&self) -> &WeightedDraws<D> {
        &self.draws
    }
    /// A row a parameter, over all programs; a parameter that some programs lack has the probability that it is there.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }
    /// Evaluations of density, gradient and likelihood in all programs.
    pub fn evaluations(&self) -> u64 {
        self.programs.iter().map(ProgramRun::evaluations).sum()
    }
}

/// A table of some rows and columns.
fn table_of(
    columns: &Columns,
    rows: std::ops::Range<usize>,
    kept: &dyn Fn(usize) -> bool,
) -> Result<Table, OutputError> {
    let places: Vec<usize> = (0..columns.names.len()).filter(|j| kept(*j)).collect();
    let names = places.iter().map(|j| columns.names[*j].clone()).collect();
    let mut table = Table::new(names)?;
    for i in rows {
        let row = &columns.values[i * columns.names.len()..];
        table.push(&places.iter().map(|j| row[*j]).collect::<Vec<_>>())?;
    }
    Ok(table)
}

/// One program, its weight still unknown.
fn program<D: Export>(found: &Found, local: Local<D>) -> Result<ProgramRun<D>, ProgramError> {
    let problem = |e: OutputError| ProgramError::Draws(e.to_string());
    let lengths: Vec<usize> = local.draws.iter().map(Vec::len).collect();
    let draws: Vec<D> = local.draws.into_iter().flatten().collect();
    let columns = Columns::of(&draws);
    let whole = table_of(&columns, 0..draws.len(), &|_| true).map_err(problem)?;
    // What is the same in all draws, as branch values are, has no diagnostics. If everything is, the chains are stuck.
    let varies: Vec<bool> = (0..columns.names.len())
        .map(|j| {
            let values = whole.column_at(j);
            values.iter().any(|v| v.to_bits() != values[0].to_bits())
        })
        .collect();
    let all = !varies.contains(&true);
    let mut tables = Vec::new();
    let mut at = 0;
    for n in lengths {
        let kept = |j: usize| all || varies[j];
        tables.push(table_of(&columns, at..at + n, &kept).map_err(problem)?);
        at += n;
    }
    let divergences = local.chains.iter().map(|c| c.divergences.len()).sum();
    let energies: Vec<Vec<f64>> = local.chains.iter().map(Chain::energies).collect();
    let summary = if local.chains.is_empty() {
        None
    } else {
        let of_chains = McmcSummary::new(&tables.iter().collect::<Vec<_>>()).map_err(problem)?;
        Some(
            of_chains
                .with_divergences(divergences)
                .with_energies(&energies),
        )
    };
    Ok(ProgramRun {
        name: found.trail.name(),
        values: found.trail.values.clone(),
        prior_mass: found.prior_mass,
        weight: Estimate {
            mean: f64::NAN,
            sd: f64::NAN,
        },
        log_evidence: local.evidence.log_evidence,
        evaluations: local.evidence.evaluations,
        chains: local.chains,
        draws: Draws::new(draws, whole).map_err(problem)?,
        summary,
    })
}

/// All draws, those of a program sharing its weight.
fn merged<D: Clone>(programs: &[ProgramRun<D>]) -> Result<WeightedDraws<D>, OutputError> {
    let kept: Vec<&ProgramRun<D>> = programs
        .iter()
        .filter(|p| p.weight.mean > NEGLIGIBLE)
        .collect();
    let tables: Vec<&Table> = kept.iter().map(|p| p.draws.table()).collect();
    let mut draws = Vec::new();
    let mut log_weights = Vec::new();
    for p in &kept {
        let share = p.weight.mean.ln() - (p.draws.len() as f64).ln();
        draws.extend(p.draws.iter().cloned());
        log_weights.extend(std::iter::repeat_n(share, p.draws.len()));
    }
    WeightedDraws::new(draws, log_weights, Table::stack(&tables))
}

impl<D> fmt::Display for DccRun<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, failed) = (self.programs.len(), self.failed.len());
        writeln!(
            f,
            "divide, conquer and combine of `{}`: {count} programs, {failed} failed; evidences by {}",
            self.model, self.estimator
        )?;
        writeln!(f, "  log evidence  {}", self.log_evidence)?;
        writeln!(f, "  evaluations   {}", self.evaluations())?;
        writeln!(f, "  unexplored    {}", self.unexplored)?;
        writeln!(f)?;
        let shown = if f.alternate() {
            count
        } else {
            count.min(ROWS)
        };
        for line in table(&self.programs[..shown]) {
            writeln!(f, "{line}")?;
        }
        if shown < count {
            writeln!(f, "… and {} more ({{:#}} prints all)", count - shown)?;
        }
        for program in &self.failed {
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
        for p in &self.programs {
            for warning in p.summary.iter().flat_map(McmcSummary::warnings) {
                if p.weight.mean > WORTH_A_WARNING {
                    writeln!(f, "`{}`: {warning}", p.name)?;
                }
            }
        }
        writeln!(f)?;
        write!(f, "{}", self.summary)
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
