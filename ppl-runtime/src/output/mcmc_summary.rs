//! The summary of Markov chains.

use super::diagnostics::{Diagnosis, ebfmi, hdi, mcse_mean, mcse_sd, mean, sd};
use super::divergent_place::Place;
use super::error::OutputError;
use super::format::to_scale;
use super::summary::find;
use super::table::Table;
use super::text_table;
use std::fmt;

/// What a summary says of one exported column of Markov chains. The columns are those of ArviZ.
#[derive(Clone, Debug, PartialEq)]
pub struct McmcRow {
    /// The exported name, such as `coefs[0]`.
    pub name: String,
    /// The posterior mean.
    pub mean: f64,
    /// The posterior standard deviation.
    pub sd: f64,
    /// The lower end of the 94 % highest-density interval.
    pub hdi_3: f64,
    /// Its upper end.
    pub hdi_97: f64,
    /// The Monte Carlo standard error of the mean.
    pub mcse_mean: f64,
    /// The Monte Carlo standard error of the standard deviation.
    pub mcse_sd: f64,
    /// The effective sample size of the bulk.
    pub ess_bulk: f64,
    /// The effective sample size of the tails.
    pub ess_tail: f64,
    /// Rank-normalised split R̂.
    pub r_hat: f64,
}

/// A row for each exported column of Markov chains. It prints as an aligned table, followed by what is wrong with the
/// chains and what to do about it.
///
/// ```
/// use ppl_runtime::output::{McmcSummary, Table};
/// let chain = |start: u32| {
///     let mut table = Table::new(vec!["x".into()])?;
///     for t in 0..100 {
///         table.push(&[f64::from((start + 37 * t) % 101)])?;
///     }
///     Ok::<_, ppl_runtime::output::OutputError>(table)
/// };
/// let summary = McmcSummary::new(&[&chain(0)?, &chain(50)?])?;
/// assert!(summary.row("x")?.r_hat < 1.01);
/// # Ok::<(), ppl_runtime::output::OutputError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct McmcSummary {
    rows: Vec<McmcRow>,
    chains: usize,
    draws: usize,
    divergences: usize,
    /// Where most of them are.
    place: Option<Place>,
    /// How many transitions were cut short, and after how many doublings.
    cut_short: (usize, u32),
    ebfmi: Vec<f64>,
}

impl McmcSummary {
    /// The summary of chains with the same columns and lengths.
    pub fn new(chains: &[&Table]) -> Result<Self, OutputError> {
        let first = chains.first().copied().cloned().unwrap_or_default();
        for chain in chains {
            OutputError::same_length(
                ("rows of one chain:", first.rows()),
                ("of another:", chain.rows()),
            )?;
            for name in first.names() {
                chain.index(name)?;
            }
            for name in chain.names() {
                first.index(name)?;
            }
        }
        let mut rows = Vec::with_capacity(first.names().len());
        for name in first.names() {
            let columns = chains
                .iter()
                .map(|c| c.column(name))
                .collect::<Result<Vec<_>, _>>()?;
            rows.push(row(name.clone(), &columns));
        }
        Ok(Self {
            rows,
            chains: chains.len(),
            draws: first.rows(),
            divergences: 0,
            place: None,
            cut_short: (0, 0),
            ebfmi: Vec::new(),
        })
    }

    /// The same, knowing how many transitions diverged.
    pub fn with_divergences(mut self, divergences: usize) -> Self {
        self.divergences = divergences;
        self
    }

    /// The same, knowing from where the transitions diverged: the warning then names the column in which those places lie
    /// furthest to one side of the draws.
    pub fn with_divergent_places(mut self, places: &Table, chains: &[&Table]) -> Self {
        self.place = Place::find(places, chains);
        self
    }

    /// The same, knowing how many transitions were cut short after `max_depth` doublings.
    pub fn with_cut_short(mut self, transitions: usize, max_depth: u32) -> Self {
        self.cut_short = (transitions, max_depth);
        self
    }

    /// The same, knowing each chain's energies.
    pub fn with_energies<E: AsRef<[f64]>>(mut self, energies: &[E]) -> Self {
        self.ebfmi = energies.iter().map(|e| ebfmi(e.as_ref())).collect();
        self
    }

    /// The rows, in the order of the columns.
    pub fn rows(&self) -> &[McmcRow] {
        &self.rows
    }

    /// The row of this name, or an error that lists the names most like it.
    pub fn row(&self, name: &str) -> Result<&McmcRow, OutputError> {
        find(&self.rows, name, |row| &row.name)
    }

    /// The largest R̂; NaN if there is none.
    pub fn worst_r_hat(&self) -> f64 {
        self.rows.iter().map(|r| r.r_hat).fold(f64::NAN, f64::max)
    }

    /// What is wrong with the chains and what to do about it, a sentence or two each; empty if nothing is. The limits are
    /// those of Vehtari et al. (2021): R̂ above 1.01, and effective sample sizes below 100 a chain; and 0.3 for the
    /// energy fraction.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        let total = self.chains * self.draws;
        if self.divergences > 0 {
            let place = self.place.as_ref().map_or(String::new(), Place::to_string);
            warnings.push(format!(
                "{} of {total} transitions diverged{place}: the draws may miss where the posterior curves sharply, and \
                 r_hat need not show it. Write scales and their effects non-centred; where that cannot be, raise the \
                 target acceptance and give the step size a jitter of 10 to 100.",
                self.divergences
            ));
        }
        if let (cut @ 1.., depth) = self.cut_short {
            warnings.push(format!(
                "{cut} of {total} transitions were cut short after {depth} doublings: the draws are right but slow. \
                 Bring parameters to similar scales, centre predictors, or learn a dense or low-rank metric."
            ));
        }
        let limit = 100.0 * self.chains.max(1) as f64;
        self.warn(&mut warnings, |r| r.r_hat > 1.01, |names| {
            let worst = self.worst_r_hat();
            format!(
                "r_hat is above 1.01 for {names} (worst {worst:.3}): the chains disagree. Warm up for longer; if they sit \
                 in different modes, use the nested sampler."
            )
        });
        self.warn(&mut warnings, |r| r.ess_bulk < limit, |names| {
            format!("ess_bulk is below {limit} for {names}: the mean is imprecise. Take more draws or reparameterise.")
        });
        self.warn(&mut warnings, |r| r.ess_tail < limit, |names| {
            format!("ess_tail is below {limit} for {names}: the interval is imprecise. Take more draws.")
        });
        self.warn(&mut warnings, |r| r.ess_bulk.is_nan(), |names| {
            format!(
                "no diagnostics for {names}: fewer than four draws a chain, or draws that lack the value (a branch not taken)."
            )
        });
        self.warn(
            &mut warnings,
            |r| r.sd == 0.0,
            |names| {
                format!("{names} never changed: r_hat has no meaning and ess counts every draw.")
            },
        );
        if self.chains == 1 {
            warnings.push(
                "one chain: r_hat compares its halves only. Run four to see whether chains agree."
                    .to_owned(),
            );
        }
        let low: Vec<String> = (0..self.ebfmi.len())
            .filter(|&i| self.ebfmi[i] < 0.3)
            .map(|i| format!("{} ({:.2})", i + 1, self.ebfmi[i]))
            .collect();
        if !low.is_empty() {
            warnings.push(format!(
                "E-BFMI is below 0.3 for chain {}: the momentum hardly reaches the tails. Reparameterise heavy-tailed sites.",
                low.join(", ")
            ));
        }
        warnings
    }

    /// Adds a warning about the rows that are `bad`, the first five by name.
    fn warn(
        &self,
        warnings: &mut Vec<String>,
        bad: impl Fn(&McmcRow) -> bool,
        text: impl Fn(&str) -> String,
    ) {
        let names: Vec<&str> = self
            .rows
            .iter()
            .filter(|r| bad(r))
            .map(|r| r.name.as_str())
            .collect();
        if names.is_empty() {
            return;
        }
        let mut list = format!("`{}`", names[..names.len().min(5)].join("`, `"));
        if names.len() > 5 {
            list += &format!(" and {} more", names.len() - 5);
        }
        warnings.push(text(&list));
    }
}

/// Absent values (NaN) leave the moments to the draws that have them, and the diagnostics NaN.
fn row(name: String, columns: &[Vec<f64>]) -> McmcRow {
    let present: Vec<f64> = columns
        .iter()
        .flatten()
        .copied()
        .filter(|x| !x.is_nan())
        .collect();
    let diagnosis = Diagnosis::of(columns, HDI);
    let (hdi_3, hdi_97) = if present.len() == columns.iter().map(Vec::len).sum::<usize>() {
        diagnosis.hdi
    } else {
        hdi(&present, HDI)
    };
    McmcRow {
        name,
        mean: mean(&present),
        sd: sd(&present),
        hdi_3,
        hdi_97,
        mcse_mean: mcse_mean(columns),
        mcse_sd: mcse_sd(columns),
        ess_bulk: diagnosis.ess_bulk,
        ess_tail: diagnosis.ess_tail,
        r_hat: diagnosis.r_hat,
    }
}

/// The probability of a row's interval.
const HDI: f64 = 0.94;

impl fmt::Display for McmcSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headings = [
            "mean",
            "sd",
            "hdi_3%",
            "hdi_97%",
            "mcse_mean",
            "mcse_sd",
            "ess_bulk",
            "ess_tail",
            "r_hat",
        ];
        let cell = |i: usize, j: usize| {
            let r = &self.rows[i];
            let at = |x: f64| to_scale(x, r.sd, 3);
            let error = |x: f64| to_scale(x, x, 2);
            let count = |x: f64| {
                if x.is_nan() {
                    "–".to_owned()
                } else {
                    format!("{x:.0}")
                }
            };
            match j {
                0 => at(r.mean),
                1 => at(r.sd),
                2 => at(r.hdi_3),
                3 => at(r.hdi_97),
                4 => error(r.mcse_mean),
                5 => error(r.mcse_sd),
                6 => count(r.ess_bulk),
                7 => count(r.ess_tail),
                _ if r.r_hat.is_nan() => "–".to_owned(),
                _ => format!("{:.3}", r.r_hat),
            }
        };
        let names: Vec<String> = self.rows.iter().map(|r| r.name.clone()).collect();
        text_table::write(f, &headings, &names, cell)?;
        for warning in self.warnings() {
            write!(f, "\nwarning: {warning}")?;
        }
        Ok(())
    }
}
