//! Equally weighted draws.

use super::diagnostics::{mean, sd, sorted_quantile};
use super::error::OutputError;
use super::quantity::Quantity;
use super::table::Table;
use std::io::Write;
use std::ops::Index;
use std::path::Path;

/// Equally weighted draws of type `D`, together with their numbers as a [`Table`].
///
/// ```
/// use ppl_runtime::output::{Draws, Table};
/// struct Point { x: f64, inside: bool, bonus: Option<f64> }
/// let mut table = Table::new(vec!["x".into()])?;
/// let mut points = Vec::new();
/// for x in [1.0, 2.0, 6.0] {
///     table.push(&[x])?;
///     points.push(Point { x, inside: x < 5.0, bonus: (x > 1.0).then_some(10.0 * x) });
/// }
/// let draws = Draws::new(points, table)?;
/// assert_eq!(draws.mean(|d| d.x), 3.0);
/// assert_eq!(draws.quantile(0.5, |d| d.x), 2.0);
/// assert_eq!(draws.mean(|d| d.inside), 2.0 / 3.0);  // a probability
/// assert_eq!(draws.mean(|d| d.bonus), 40.0);        // over the draws that have it
/// assert_eq!(draws.column("x")?, [1.0, 2.0, 6.0]);
/// # Ok::<(), ppl_runtime::output::OutputError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Draws<D> {
    draws: Vec<D>,
    table: Table,
}

impl<D> Draws<D> {
    /// Draws with their table, a row for each.
    pub fn new(draws: Vec<D>, table: Table) -> Result<Self, OutputError> {
        OutputError::same_length(("draws:", draws.len()), ("rows:", table.rows()))?;
        Ok(Self { draws, table })
    }

    /// For callers that have just made one row for each draw.
    pub(super) fn from_parts(draws: Vec<D>, table: Table) -> Self {
        debug_assert_eq!(draws.len(), table.rows());
        Self { draws, table }
    }

    /// The number of draws.
    pub fn len(&self) -> usize {
        self.draws.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.draws.is_empty()
    }

    /// The draws in order.
    pub fn iter(&self) -> std::slice::Iter<'_, D> {
        self.draws.iter()
    }

    /// The draws as a slice.
    pub fn as_slice(&self) -> &[D] {
        &self.draws
    }

    /// The mean of `f`, over the draws that have it; NaN if none has.
    pub fn mean<Q: Quantity>(&self, f: impl Fn(&D) -> Q) -> f64 {
        mean(&self.values(f))
    }

    /// The standard deviation of `f` (divisor n − 1), over the draws that have it; NaN for fewer than two.
    pub fn sd<Q: Quantity>(&self, f: impl Fn(&D) -> Q) -> f64 {
        sd(&self.values(f))
    }

    /// The quantile of `f` at `p`, linear between draws, over the draws that have it. NaN if none has, if `f` is NaN for
    /// one of them, and for `p` outside [0, 1].
    pub fn quantile<Q: Quantity>(&self, p: f64, f: impl Fn(&D) -> Q) -> f64 {
        let mut values = self.values(f);
        if values.iter().any(|v| v.is_nan()) {
            return f64::NAN;
        }
        values.sort_unstable_by(f64::total_cmp);
        sorted_quantile(&values, p)
    }

    fn values<Q: Quantity>(&self, f: impl Fn(&D) -> Q) -> Vec<f64> {
        self.draws.iter().filter_map(|d| f(d).number()).collect()
    }

    /// The values of an exported column such as `coefs[0]`; NaN where a draw does not have it.
    pub fn column(&self, name: &str) -> Result<Vec<f64>, OutputError> {
        self.table.column(name)
    }

    /// All exported numbers.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Writes the exported numbers to a file, as [`Table::write_csv`] does.
    pub fn to_csv(&self, path: impl AsRef<Path>) -> Result<(), OutputError> {
        self.table.to_csv(path)
    }

    /// Writes the exported numbers, as [`Table::write_csv`] does.
    pub fn write_csv(&self, out: impl Write) -> std::io::Result<()> {
        self.table.write_csv(out)
    }
}

/// `draws[i]`; panics beyond the end as a slice does.
impl<D> Index<usize> for Draws<D> {
    type Output = D;

    fn index(&self, i: usize) -> &D {
        &self.draws[i]
    }
}

impl<'a, D> IntoIterator for &'a Draws<D> {
    type Item = &'a D;
    type IntoIter = std::slice::Iter<'a, D>;

    fn into_iter(self) -> Self::IntoIter {
        self.draws.iter()
    }
}

impl<D> IntoIterator for Draws<D> {
    type Item = D;
    type IntoIter = std::vec::IntoIter<D>;

    fn into_iter(self) -> Self::IntoIter {
        self.draws.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Draws<f64> {
        let mut table = Table::new(vec!["x".into()]).unwrap();
        for x in [4.0, 1.0, 2.0] {
            table.push(&[x]).unwrap();
        }
        Draws::new(vec![4.0, 1.0, 2.0], table).unwrap()
    }

    #[test]
    fn lengths_must_agree() {
        let table = Table::new(vec!["x".into()]).unwrap();
        let error = Draws::new(vec![1.0], table).unwrap_err();
        assert_eq!(error.to_string(), "draws: 1, but rows: 0");
    }

    #[test]
    fn reads_like_a_slice() {
        let draws = three();
        assert_eq!(draws[0], 4.0);
        assert_eq!((&draws).into_iter().sum::<f64>(), 7.0);
        assert_eq!(draws.iter().len(), draws.len());
        assert_eq!(draws.into_iter().collect::<Vec<_>>(), [4.0, 1.0, 2.0]);
    }

    #[test]
    fn no_draws_is_nan() {
        let none = Draws::<f64>::new(vec![], Table::default()).unwrap();
        assert!(none.is_empty() && none.mean(|d| *d).is_nan() && none.sd(|d| *d).is_nan());
        assert!(none.quantile(0.5, |d| *d).is_nan());
        assert!(three().quantile(2.0, |d| *d).is_nan());
        assert!(three().quantile(0.5, |d| (*d - 4.0).sqrt()).is_nan());
    }
}
