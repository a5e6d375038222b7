//! Named columns of numbers.

use super::error::OutputError;
use super::nearest::nearest;
use crate::support::{Columns, Export};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Draws as numbers: a named column for every scalar of a model (`mu`, `coefs[0]`, `theta[2][1]`), a row for every
/// draw. A NaN stands for a value that the draw does not have, as when its site lies in a branch not taken.
///
/// ```
/// use ppl_runtime::output::Table;
/// let mut table = Table::new(vec!["mu".into(), "tau".into()])?;
/// table.push(&[0.3, 1.0])?;
/// table.push(&[0.5, 2.0])?;
/// assert_eq!(table.column("tau")?, [1.0, 2.0]);
/// let error = table.column("tua").unwrap_err();
/// assert_eq!(error.to_string(), "no column `tua`; the nearest is `tau`");
/// # Ok::<(), ppl_runtime::output::OutputError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    names: Vec<String>,
    values: Vec<f64>,
    rows: usize,
}

impl Table {
    /// A table of these columns and no rows. Two columns may not share a name.
    pub fn new(names: Vec<String>) -> Result<Self, OutputError> {
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort_unstable();
        if let Some(pair) = sorted.windows(2).find(|w| w[0] == w[1]) {
            return Err(OutputError::DuplicateColumn(pair[0].clone()));
        }
        Ok(Self {
            names,
            values: Vec::new(),
            rows: 0,
        })
    }

    /// A table of these columns, with values row by row.
    pub(crate) fn of_rows(names: Vec<String>, values: Vec<f64>) -> Result<Self, OutputError> {
        let width = names.len().max(1);
        let last = values.len() % width;
        if last > 0 {
            OutputError::same_length(("values in a row:", last), ("columns:", names.len()))?;
        }
        Ok(Self {
            rows: values.len() / width,
            values,
            ..Self::new(names)?
        })
    }

    /// The numbers of draws as named columns.
    pub(crate) fn of_draws<D: Export>(draws: &[D]) -> Result<Self, OutputError> {
        let Columns { names, values } = Columns::of(draws);
        Self::of_rows(names, values)
    }

    /// Its rows in tables of so many, the last of what is left.
    pub(crate) fn in_parts(&self, rows: usize) -> Vec<Table> {
        let part = |values: &[f64]| Table {
            names: self.names.clone(),
            values: values.to_vec(),
            rows: values.len() / self.names.len().max(1),
        };
        let numbers = (rows * self.names.len()).max(1);
        self.values.chunks(numbers).map(part).collect()
    }

    /// Adds a row, a value for each column.
    pub fn push(&mut self, row: &[f64]) -> Result<(), OutputError> {
        OutputError::same_length(
            ("values in a row:", row.len()),
            ("columns:", self.names.len()),
        )?;
        self.values.extend_from_slice(row);
        self.rows += 1;
        Ok(())
    }

    /// One table of the rows of several, with every column that one of them has, in order of appearance. What a table
    /// does not have is NaN in its rows.
    pub fn stack(tables: &[&Table]) -> Self {
        let mut all = Self::default();
        for table in tables {
            for name in &table.names {
                if !all.names.contains(name) {
                    all.names.push(name.clone());
                }
            }
        }
        for table in tables {
            let places: Vec<Option<usize>> = all
                .names
                .iter()
                .map(|name| table.names.iter().position(|n| n == name))
                .collect();
            for i in 0..table.rows {
                let row = table.row(i);
                let values = places
                    .iter()
                    .map(|place| place.map_or(f64::NAN, |j| row[j]));
                all.values.extend(values);
            }
            all.rows += table.rows;
        }
        all
    }

    /// The names of the columns, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The values of row `i`, in the order of the columns.
    ///
    /// # Panics
    /// If there is no row `i`, as for a slice.
    pub fn row(&self, i: usize) -> &[f64] {
        assert!(i < self.rows, "row {i} of a table of {}", self.rows);
        let width = self.names.len();
        &self.values[i * width..(i + 1) * width]
    }

    /// The values of the column of this name, or an error that lists the names most like it.
    pub fn column(&self, name: &str) -> Result<Vec<f64>, OutputError> {
        Ok(self.column_at(self.index(name)?))
    }

    /// The place of the column of this name.
    pub fn index(&self, name: &str) -> Result<usize, OutputError> {
        let unknown = || OutputError::UnknownColumn {
            name: name.to_owned(),
            nearest: nearest(name, &self.names, 3),
        };
        self.names
            .iter()
            .position(|n| n == name)
            .ok_or_else(unknown)
    }

    /// The values of the column in place `j`; none if there is no such column.
    pub fn column_at(&self, j: usize) -> Vec<f64> {
        if j >= self.names.len() {
            return Vec::new();
        }
        (0..self.rows).map(|i| self.row(i)[j]).collect()
    }

    /// The rows with these numbers, in this order; a number may come more than once.
    pub(crate) fn pick(&self, rows: &[usize]) -> Self {
        let mut values = Vec::with_capacity(rows.len() * self.names.len());
        for &i in rows {
            values.extend_from_slice(self.row(i));
        }
        Self {
            names: self.names.clone(),
            values,
            rows: rows.len(),
        }
    }

    /// Writes the table as comma-separated values (RFC 4180) with a heading. Numbers are written with the fewest digits
    /// that give back the same bits; a NaN is an empty field.
    ///
    /// ```
    /// use ppl_runtime::output::Table;
    /// let mut table = Table::new(vec!["mu".into(), "b".into()])?;
    /// table.push(&[0.1, f64::NAN])?;
    /// let mut text = Vec::new();
    /// table.write_csv(&mut text)?;
    /// assert_eq!(text, b"mu,b\n0.1,\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write_csv(&self, out: impl Write) -> std::io::Result<()> {
        self.write_csv_with(out, None)
    }

    /// Writes the table to a file, as [`Table::write_csv`] does.
    pub fn to_csv(&self, path: impl AsRef<Path>) -> Result<(), OutputError> {
        self.to_csv_with(path.as_ref(), None)
    }

    pub(super) fn to_csv_with(
        &self,
        path: &Path,
        first: Option<(&str, &[f64])>,
    ) -> Result<(), OutputError> {
        std::fs::File::create(path)
            .and_then(|file| self.write_csv_with(file, first))
            .map_err(|e| OutputError::io(path, e))
    }

    /// `first` is a column to put before the others.
    pub(super) fn write_csv_with(
        &self,
        out: impl Write,
        first: Option<(&str, &[f64])>,
    ) -> std::io::Result<()> {
        let mut out = BufWriter::new(out);
        let heading = first.iter().map(|(name, _)| *name);
        for (j, name) in heading
            .chain(self.names.iter().map(String::as_str))
            .enumerate()
        {
            let comma = if j > 0 { "," } else { "" };
            if name.contains([',', '"', '\n', '\r']) {
                write!(out, "{comma}\"{}\"", name.replace('"', "\"\""))?;
            } else {
                write!(out, "{comma}{name}")?;
            }
        }
        writeln!(out)?;
        for i in 0..self.rows {
            let leading = first.iter().map(|(_, values)| values[i]);
            for (j, value) in leading.chain(self.row(i).iter().copied()).enumerate() {
                if j > 0 {
                    write!(out, ",")?;
                }
                if !value.is_nan() {
                    write!(out, "{value:?}")?;
                }
            }
            writeln!(out)?;
        }
        out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_bad_shapes() {
        let twice = Table::new(vec!["a".into(), "b".into(), "a".into()]);
        assert!(matches!(twice, Err(OutputError::DuplicateColumn(name)) if name == "a"));
        let mut table = Table::new(vec!["a".into()]).unwrap();
        let error = table.push(&[1.0, 2.0]).unwrap_err();
        assert_eq!(error.to_string(), "values in a row: 2, but columns: 1");
        assert_eq!(table.rows(), 0);
    }

    #[test]
    fn a_table_without_columns_counts_its_rows() {
        let mut table = Table::new(vec![]).unwrap();
        table.push(&[]).unwrap();
        assert_eq!(table.rows(), 1);
        assert!(table.row(0).is_empty());
    }

    #[test]
    fn stacking_unites_columns() {
        let mut a = Table::new(vec!["m".into(), "a".into()]).unwrap();
        a.push(&[1.0, 2.0]).unwrap();
        let mut b = Table::new(vec!["b".into(), "m".into()]).unwrap();
        b.push(&[3.0, 4.0]).unwrap();
        let both = Table::stack(&[&a, &b]);
        assert_eq!(both.names(), ["m", "a", "b"]);
        assert_eq!(both.column("m").unwrap(), [1.0, 4.0]);
        assert!(both.row(0)[2].is_nan() && both.row(1)[1].is_nan());
        assert_eq!(both.row(1)[2], 3.0);
    }
}
