//! Builds the results of programs.

use super::discovery::Found;
use super::local::Local;
use super::{ProgramError, ProgramRun};
use crate::infer::nuts::Chain;
use crate::output::{Draws, Estimate, McmcSummary, OutputError, Table};
use crate::support::{Columns, Export};

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
pub(super) fn program<D: Export>(
    found: &Found,
    local: Local<D>,
) -> Result<ProgramRun<D>, ProgramError> {
    let (log_evidence, evaluations) = (local.evidence(), local.evaluations());
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
        log_evidence,
        evaluations,
        chains: local.chains,
        draws: Draws::new(draws, whole).map_err(problem)?,
        summary,
    })
}
