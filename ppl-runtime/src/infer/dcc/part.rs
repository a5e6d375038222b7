//! What the programs of a run are put together from, whatever inferred them.

use super::settings::rule;
use super::weights::weights;
use crate::error::Error;
use crate::output::{Draws, Estimate, LogDensities, OutputError, Summary, Table, WeightedDraws};
use crate::random::Rng;
use rand::RngExt;

/// Programs with less than this weight change no figure and are left out of the merged draws.
const NEGLIGIBLE: f64 = 1e-16;

/// A program of a run.
pub(in crate::infer) trait Part {
    type Draw: Clone;
    fn name(&self) -> &str;
    fn weight(&self) -> Estimate;
    fn set_weight(&mut self, weight: Estimate);
    fn log_evidence(&self) -> Estimate;
    fn prior_mass(&self) -> Estimate;
    fn draws(&self) -> &Draws<Self::Draw>;
}

/// All programs together.
#[derive(Clone, Debug)]
pub(in crate::infer) struct Combined<D> {
    pub log_evidence: Estimate,
    pub draws: WeightedDraws<D>,
    pub summary: Summary,
}

impl<D: Clone> Combined<D> {
    /// Weighs the programs, at least one, and puts the most probable first.
    pub fn of<P: Part<Draw = D>>(programs: &mut [P]) -> Result<Self, OutputError> {
        let log_evidences: Vec<Estimate> = programs.iter().map(P::log_evidence).collect();
        let (of_each, log_evidence) = weights(&log_evidences);
        for (program, weight) in programs.iter_mut().zip(of_each) {
            program.set_weight(weight);
        }
        programs.sort_by(|a, b| b.weight().mean.total_cmp(&a.weight().mean));
        let draws = merged(programs)?;
        let unknown = LogDensities::default();
        let summary = Summary::weighted(draws.table(), draws.log_weights(), unknown)?;
        Ok(Combined {
            log_evidence,
            draws,
            summary,
        })
    }

    /// Draws of equal weight.
    pub fn resample(&self, n: usize, seed: u64) -> Result<Draws<D>, Error> {
        rule("n", n > 0, "is 0: no draw was asked for")?;
        Ok(self.draws.resample(n, seed))
    }
}

/// All draws, those of a program sharing its weight.
fn merged<P: Part>(programs: &[P]) -> Result<WeightedDraws<P::Draw>, OutputError> {
    let kept = || programs.iter().filter(|p| p.weight().mean > NEGLIGIBLE);
    let tables: Vec<&Table> = kept().map(|p| p.draws().table()).collect();
    let mut draws = Vec::new();
    let mut log_weights = Vec::new();
    for p in kept() {
        let share = p.weight().mean.ln() - (p.draws().len() as f64).ln();
        draws.extend(p.draws().iter().cloned());
        log_weights.extend(std::iter::repeat_n(share, p.draws().len()));
    }
    WeightedDraws::new(draws, log_weights, Table::stack(&tables))
}

/// A program, by its weight.
pub(in crate::infer) fn pick<'p, P: Part>(programs: &'p [P], rng: &mut Rng) -> &'p P {
    let mut rest = rng.random::<f64>();
    programs
        .iter()
        .find(|p| {
            rest -= p.weight().mean;
            rest < 0.0
        })
        .unwrap_or(&programs[0])
}

/// ln of the ratio of the marginal likelihoods of two programs.
pub(in crate::infer) fn log_bayes_factor<P: Part>(
    programs: &[P],
    over: &str,
    under: &str,
) -> Option<Estimate> {
    let marginal = |name: &str| {
        let p = programs.iter().find(|p| p.name() == name)?;
        let (evidence, prior) = (p.log_evidence(), p.prior_mass());
        Some(Estimate {
            mean: evidence.mean - prior.mean.ln(),
            sd: evidence.sd.hypot(prior.sd / prior.mean),
        })
    };
    let (a, b) = (marginal(over)?, marginal(under)?);
    Some(Estimate {
        mean: a.mean - b.mean,
        sd: a.sd.hypot(b.sd),
    })
}

/// An estimate; without its error where that is nothing but rounding.
pub(in crate::infer) fn brief(e: Estimate) -> String {
    if e.sd > 1e-12 * e.mean.abs() {
        e.to_string()
    } else {
        format!("{:.6}", e.mean)
    }
}

/// The programs' lines, under their heading; all, or the first twenty and how many more there are.
pub(in crate::infer) fn table<P: Part>(programs: &[P], all: bool) -> Vec<String> {
    let shown = if all {
        programs.len()
    } else {
        programs.len().min(ROWS)
    };
    let mut rows = vec![["program", "weight", "log evidence", "prior mass"].map(String::from)];
    rows.extend(programs[..shown].iter().map(|p| {
        [
            p.name().to_string(),
            brief(p.weight()),
            brief(p.log_evidence()),
            brief(p.prior_mass()),
        ]
    }));
    let width = |j: usize| rows.iter().map(|r| r[j].chars().count()).max().unwrap_or(0);
    let widths: [usize; 4] = std::array::from_fn(width);
    let line = |row: &[String; 4]| {
        let cells: Vec<String> = row
            .iter()
            .zip(widths)
            .map(|(cell, w)| format!("{cell:<w$}"))
            .collect();
        format!("  {}", cells.join("  ").trim_end())
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    if shown < programs.len() {
        let more = programs.len() - shown;
        lines.push(format!("… and {more} more ({{:#}} prints all)"));
    }
    lines
}

/// The most programs printed, unless all are asked for.
const ROWS: usize = 20;
