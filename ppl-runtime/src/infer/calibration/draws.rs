//! From the draws of an engine to ranks.

use super::Quantities;
use crate::error::Error;
use crate::infer::nested::NestedRun;
use crate::infer::nuts::NutsRun;
use crate::output::diagnostics::{ess_bulk, ess_tail};
use crate::random::Rng;
use crate::support::Export;
use rand::RngExt;

/// Effective draws per draw that is kept: the autocorrelation left between neighbours is then about e⁻⁴.
const THINNING: f64 = 2.0;

/// The rank of each true value among `wanted` of its draws.
pub(super) fn ranks(
    truth: &[f64],
    fitted: &Quantities,
    wanted: usize,
    ties: &mut Rng,
) -> Result<Vec<usize>, String> {
    if truth.len() != fitted.len() {
        let (t, f) = (truth.len(), fitted.len());
        return Err(format!("draws of {f} quantities for {t} true values"));
    }
    truth
        .iter()
        .zip(fitted)
        .enumerate()
        .map(|(q, (x, chains))| {
            let kept = thinned(chains, wanted).map_err(|e| format!("quantity {q}: {e}"))?;
            if x.is_nan() || kept.iter().any(|d| d.is_nan()) {
                return Err(format!("quantity {q}: NaN"));
            }
            let below = kept.iter().filter(|d| *d < x).count();
            let equal = kept.iter().filter(|d| *d == x).count();
            Ok(below + ties.random_range(0..=equal))
        })
        .collect()
}

/// Effective draws; NaN where chains are too short to tell. A constant has no autocorrelation.
fn effective(chains: &[Vec<f64>]) -> f64 {
    let mut all = chains.iter().flatten();
    let Some(first) = all.next() else {
        return 0.0;
    };
    match all.all(|d| d == first) {
        true => chains.iter().map(Vec::len).sum::<usize>() as f64,
        false => ess_bulk(chains).min(ess_tail(chains)),
    }
}

/// Chains of `first` draws, or twice as many, or four times, up to 64 times, until there are enough effective ones for
/// [`sbc`](super::sbc) to keep `wanted` of them. `run` makes chains of a given length.
///
/// # Errors
/// Those of `run`.
pub fn long_enough(
    wanted: usize,
    first: usize,
    mut run: impl FnMut(usize) -> Result<Quantities, Error>,
) -> Result<Quantities, Error> {
    let mut draws = first;
    loop {
        let made = run(draws)?;
        let enough = made
            .iter()
            .all(|chains| effective(chains) >= THINNING * wanted as f64);
        if enough || draws >= 64 * first {
            return Ok(made);
        }
        draws *= 2;
    }
}

/// Draws at even distances through all chains.
fn thinned(chains: &[Vec<f64>], wanted: usize) -> Result<Vec<f64>, String> {
    let all = chains.concat();
    if all.len() == wanted {
        return Ok(all);
    }
    let ess = effective(chains);
    if ess.is_nan() || ess < THINNING * wanted as f64 || all.len() < wanted {
        return Err(format!(
            "{ess:.0} effective draws of {}; {} are needed",
            all.len(),
            THINNING * wanted as f64
        ));
    }
    Ok((0..wanted).map(|k| all[k * all.len() / wanted]).collect())
}

/// Quantities of the draws of NUTS, chain by chain: what [`sbc`](super::sbc) wants from `fit`.
pub fn nuts_columns<D>(run: &NutsRun<D>, quantities: impl Fn(&D) -> Vec<f64>) -> Quantities {
    let mut columns = Quantities::new();
    for chain in (0..run.chains()).filter_map(|c| run.chain(c)) {
        append(&mut columns, chain.draws(), &quantities);
    }
    columns
}

/// Quantities of `n` equally weighted draws of the nested sampler.
///
/// # Errors
/// If there are fewer than twice as many effective draws: they would repeat each other.
pub fn nested_columns<D: Export + Clone + Send + Sync>(
    run: &NestedRun<D>,
    n: usize,
    seed: u64,
    quantities: impl Fn(&D) -> Vec<f64>,
) -> Result<Quantities, Error> {
    let least = THINNING * n as f64;
    if run.ess() < least {
        let problem = format!("{:.0} effective draws; {least} are needed", run.ess());
        return Err(super::setting("n", problem));
    }
    let mut columns = Quantities::new();
    append(&mut columns, run.draws(n, seed)?.as_slice(), &quantities);
    Ok(columns)
}

/// Appends one chain to each quantity.
fn append<D>(columns: &mut Quantities, draws: &[D], quantities: impl Fn(&D) -> Vec<f64>) {
    for (i, draw) in draws.iter().enumerate() {
        let row = quantities(draw);
        columns.resize_with(columns.len().max(row.len()), Vec::new);
        for (column, x) in columns.iter_mut().zip(row) {
            if i == 0 {
                column.push(Vec::with_capacity(draws.len()));
            }
            if let Some(chain) = column.last_mut() {
                chain.push(x);
            }
        }
    }
}
