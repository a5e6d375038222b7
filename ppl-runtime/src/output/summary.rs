//! The summary of a weighted or equally weighted posterior.

use super::error::OutputError;
use super::format::to_scale;
use super::table::Table;
use super::text_table;
use super::weights::{Weighted, normalised};
use rayon::prelude::*;
use std::fmt;

/// What a summary says of one exported column.
#[derive(Clone, Debug, PartialEq)]
pub struct SummaryRow {
    /// The exported name, such as `coefs[0]`.
    pub name: String,
    /// The posterior mean.
    pub mean: f64,
    /// The posterior standard deviation.
    pub sd: f64,
    /// The 10 % quantile.
    pub q10: f64,
    /// The median.
    pub q50: f64,
    /// The 90 % quantile.
    pub q90: f64,
    /// The value in the draw of greatest posterior density, if densities were given.
    pub map: Option<f64>,
    /// The value in the draw of greatest likelihood, if likelihoods were given.
    pub max_likelihood: Option<f64>,
    /// The posterior probability that the value exists: less than one for a site in a branch. The other numbers are
    /// those of the draws that have it.
    pub present: f64,
}

/// A row for each exported column: mean, standard deviation, quantiles and, where known, the best draws. It prints as
/// an aligned table, each number with the digits that the row's standard deviation supports.
///
/// ```
/// use ppl_runtime::output::{Summary, Table};
/// let mut table = Table::new(vec!["mu".into()])?;
/// for i in 0..=10 {
///     table.push(&[f64::from(i) / 10.0])?;
/// }
/// let summary = Summary::equal(&table);
/// assert!((summary.row("mu")?.q90 - 0.9).abs() < 1e-12);
/// assert_eq!(
///     summary.to_string(),
///     "    mean    sd   10%   50%   90%\n\
///      mu  0.50  0.33  0.10  0.50  0.90"
/// );
/// # Ok::<(), ppl_runtime::output::OutputError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    rows: Vec<SummaryRow>,
}

/// The log densities of the draws of a weighted run, as far as they are known, to find the best of them.
#[derive(Copy, Clone, Debug, Default)]
pub struct LogDensities<'a> {
    /// The log likelihood of each draw.
    pub likelihood: Option<&'a [f64]>,
    /// The log of prior density times likelihood of each draw, in the coordinates of the model.
    pub posterior: Option<&'a [f64]>,
}

impl Summary {
    /// The summary of equally weighted draws.
    pub fn equal(table: &Table) -> Self {
        let weights = vec![1.0 / table.rows() as f64; table.rows()];
        Self::of(table, &weights, None, None)
    }

    /// The summary of draws with log weights, and of the best of them by `densities`.
    pub fn weighted(
        table: &Table,
        log_weights: &[f64],
        densities: LogDensities<'_>,
    ) -> Result<Self, OutputError> {
        let rows = ("rows:", table.rows());
        OutputError::same_length(rows, ("log weights:", log_weights.len()))?;
        let weights = normalised(log_weights)?;
        let best = |values: Option<&[f64]>| match values {
            None => Ok(None),
            Some(v) => {
                OutputError::same_length(rows, ("log densities:", v.len())).map(|()| largest(v))
            }
        };
        let (map, likeliest) = (best(densities.posterior)?, best(densities.likelihood)?);
        Ok(Self::of(table, &weights, map, likeliest))
    }

    fn of(table: &Table, weights: &[f64], map: Option<usize>, likeliest: Option<usize>) -> Self {
        let row = |(j, name): (usize, &String)| {
            let column = table.column_at(j);
            let mut values = Weighted::new(column.iter().copied().zip(weights.iter().copied()));
            values.sort();
            SummaryRow {
                name: name.clone(),
                mean: values.mean(),
                sd: values.sd(),
                q10: values.quantile(0.1),
                q50: values.quantile(0.5),
                q90: values.quantile(0.9),
                map: map.map(|i| column[i]),
                max_likelihood: likeliest.map(|i| column[i]),
                present: if column.iter().any(|x| x.is_nan()) {
                    values.total()
                } else {
                    1.0
                },
            }
        };
        let names = table.names().par_iter().enumerate();
        // Short columns are not worth a thread's while.
        let grain = 1 + 2000 / table.rows().max(1);
        Self {
            rows: names.with_min_len(grain).map(row).collect(),
        }
    }

    /// The rows, in the order of the columns.
    pub fn rows(&self) -> &[SummaryRow] {
        &self.rows
    }

    /// The row of this name, or an error that lists the names most like it.
    pub fn row(&self, name: &str) -> Result<&SummaryRow, OutputError> {
        find(&self.rows, name, |row| &row.name)
    }
}

/// The row whose name is `name`.
pub(super) fn find<'a, R>(
    rows: &'a [R],
    name: &str,
    name_of: impl Fn(&R) -> &String,
) -> Result<&'a R, OutputError> {
    rows.iter().find(|row| name_of(row) == name).ok_or_else(|| {
        let names: Vec<String> = rows.iter().map(|row| name_of(row).clone()).collect();
        OutputError::UnknownColumn {
            name: name.to_owned(),
            nearest: super::nearest::nearest(name, &names, 3),
        }
    })
}

/// The place of the largest value that is a number.
fn largest(values: &[f64]) -> Option<usize> {
    (0..values.len())
        .filter(|&i| !values[i].is_nan())
        .max_by(|&i, &j| values[i].total_cmp(&values[j]))
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        type Cell = fn(&SummaryRow) -> String;
        fn at(row: &SummaryRow, x: f64) -> String {
            to_scale(x, row.sd, 2)
        }
        let mut columns: Vec<(&str, Cell)> = vec![
            ("mean", |r| at(r, r.mean)),
            ("sd", |r| at(r, r.sd)),
            ("10%", |r| at(r, r.q10)),
            ("50%", |r| at(r, r.q50)),
            ("90%", |r| at(r, r.q90)),
        ];
        if self.rows.iter().any(|r| r.map.is_some()) {
            columns.push(("MAP", |r| at(r, r.map.unwrap_or(f64::NAN))));
        }
        if self.rows.iter().any(|r| r.max_likelihood.is_some()) {
            columns.push(("max L", |r| at(r, r.max_likelihood.unwrap_or(f64::NAN))));
        }
        if self.rows.iter().any(|r| r.present < 1.0) {
            columns.push(("present", |r| format!("{:.3}", r.present)));
        }
        let names: Vec<String> = self.rows.iter().map(|r| r.name.clone()).collect();
        let headings: Vec<&str> = columns.iter().map(|c| c.0).collect();
        text_table::write(f, &headings, &names, |i, j| columns[j].1(&self.rows[i]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(vec!["a".into(), "b".into()]).unwrap();
        table.push(&[0.0, f64::NAN]).unwrap();
        table.push(&[1.0, 5.0]).unwrap();
        table.push(&[2.0, 7.0]).unwrap();
        table
    }

    #[test]
    fn weights_and_best_draws_count() {
        let densities = LogDensities {
            likelihood: Some(&[0.0, 1.0, f64::NAN]),
            posterior: Some(&[3.0, 1.0, 2.0]),
        };
        let log_weights = [0.0, 2f64.ln(), 0.0];
        let summary = Summary::weighted(&table(), &log_weights, densities).unwrap();
        let (a, b) = (summary.row("a").unwrap(), summary.row("b").unwrap());
        assert!((a.mean - 1.0).abs() < 1e-12 && a.present == 1.0);
        assert_eq!((a.map, a.max_likelihood), (Some(0.0), Some(1.0)));
        assert!((b.mean - 17.0 / 3.0).abs() < 1e-12 && (b.present - 0.75).abs() < 1e-12);
        assert!(b.map.unwrap().is_nan() && b.max_likelihood == Some(5.0));
        assert!(summary.to_string().contains("present"));
        assert!(summary.row("c").is_err());
    }

    #[test]
    fn lengths_must_agree() {
        let none = LogDensities::default();
        assert!(Summary::weighted(&table(), &[0.0; 2], none).is_err());
        let short = LogDensities {
            likelihood: Some(&[0.0]),
            ..none
        };
        assert!(Summary::weighted(&table(), &[0.0; 3], short).is_err());
    }

    #[test]
    fn no_rows_and_no_columns_print() {
        assert!(
            Summary::equal(&Table::new(vec!["a".into()]).unwrap())
                .to_string()
                .contains('–')
        );
        assert_eq!(Summary::equal(&Table::default()).rows().len(), 0);
    }
}
