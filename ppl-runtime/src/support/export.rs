//! Named columns of plain values: `coefs[0]`, `prior.tau`.

use std::fmt::Write;

/// A plain value that can be written as named columns.
pub trait Export {
    /// Gives every number of the value to the sink, in order.
    fn export(&self, sink: &mut impl Sink);
}

/// Takes the numbers of a value, with where they are.
pub trait Sink {
    /// Enters a field.
    fn field(&mut self, name: &str, inside: impl FnOnce(&mut Self));
    /// Enters an element.
    fn element(&mut self, index: usize, inside: impl FnOnce(&mut Self));
    /// One number.
    fn number(&mut self, value: f64);
}

/// Keeps names alone.
#[derive(Default)]
pub struct Names {
    /// The names so far.
    pub names: Vec<String>,
    path: String,
}

impl Sink for Names {
    fn field(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        let n = self.path.len();
        if n > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        inside(self);
        self.path.truncate(n);
    }
    fn element(&mut self, index: usize, inside: impl FnOnce(&mut Self)) {
        let n = self.path.len();
        self.path.push_str(&format!("[{index}]"));
        inside(self);
        self.path.truncate(n);
    }
    fn number(&mut self, _: f64) {
        self.names.push(self.path.clone());
    }
}

/// Looks whether the names are these.
struct Same<'n> {
    expected: &'n [String],
    path: String,
    so_far: bool,
}

impl<'n> Same<'n> {
    fn names(value: &impl Export, expected: &'n [String]) -> bool {
        let mut same = Same {
            expected,
            path: String::new(),
            so_far: true,
        };
        value.export(&mut same);
        same.so_far && same.expected.is_empty()
    }
}

impl Sink for Same<'_> {
    fn field(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        let n = self.path.len();
        if n > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        inside(self);
        self.path.truncate(n);
    }
    fn element(&mut self, index: usize, inside: impl FnOnce(&mut Self)) {
        let n = self.path.len();
        // Writing to a string cannot fail.
        let _ = write!(self.path, "[{index}]");
        inside(self);
        self.path.truncate(n);
    }
    fn number(&mut self, _: f64) {
        let first = self.expected.split_first();
        self.so_far &= first.is_some_and(|(name, _)| *name == self.path);
        self.expected = first.map_or(&[], |(_, rest)| rest);
    }
}

/// Keeps values alone.
#[derive(Default)]
pub struct Values(pub Vec<f64>);

impl Sink for Values {
    fn field(&mut self, _: &str, inside: impl FnOnce(&mut Self)) {
        inside(self);
    }
    fn element(&mut self, _: usize, inside: impl FnOnce(&mut Self)) {
        inside(self);
    }
    fn number(&mut self, value: f64) {
        self.0.push(value);
    }
}

/// Names, and a row of values a draw. Draws need not have the same columns: one that lacks a column has NaN there.
pub struct Columns {
    /// Every name that some draw has, in order of first appearance.
    pub names: Vec<String>,
    /// Values by rows.
    pub values: Vec<f64>,
}

impl Columns {
    /// The columns of values that all have the same ones, as most have: no list of names is made for each.
    fn all_alike<T: Export>(draws: &[T]) -> Option<Columns> {
        let mut first = Names::default();
        draws.first()?.export(&mut first);
        let names = first.names;
        let mut values = Values(Vec::with_capacity(names.len() * draws.len()));
        for draw in draws {
            if !Same::names(draw, &names) {
                return None;
            }
            draw.export(&mut values);
        }
        let values = values.0;
        Some(Columns { names, values })
    }

    /// The columns of many values of one type.
    pub fn of<T: Export>(draws: &[T]) -> Columns {
        if let Some(columns) = Self::all_alike(draws) {
            return columns;
        }
        let mut names = Vec::<String>::new();
        let rows: Vec<(Vec<String>, Vec<f64>)> = draws
            .iter()
            .map(|d| {
                let (mut n, mut v) = (Names::default(), Values::default());
                d.export(&mut n);
                d.export(&mut v);
                (n.names, v.0)
            })
            .collect();
        for (row, _) in &rows {
            if *row == names {
                continue;
            }
            for (i, name) in row.iter().enumerate() {
                if !names.contains(name) {
                    // Beside the column that precedes it in this draw, so that `a[2]` follows `a[1]`.
                    let before = i
                        .checked_sub(1)
                        .and_then(|k| names.iter().position(|n| *n == row[k]));
                    names.insert(
                        before.map_or(0, |k| k + 1).max(if i == 0 { 0 } else { 1 }),
                        name.clone(),
                    );
                }
            }
        }
        let mut values = Vec::with_capacity(rows.len() * names.len());
        for (row, numbers) in rows {
            if row == names {
                values.extend(numbers);
            } else {
                values.extend(names.iter().map(|n| {
                    row.iter()
                        .position(|r| r == n)
                        .map_or(f64::NAN, |k| numbers[k])
                }));
            }
        }
        Columns { names, values }
    }
}

impl Export for f64 {
    fn export(&self, sink: &mut impl Sink) {
        sink.number(*self);
    }
}
impl Export for bool {
    fn export(&self, sink: &mut impl Sink) {
        sink.number(f64::from(u8::from(*self)));
    }
}
impl Export for usize {
    fn export(&self, sink: &mut impl Sink) {
        sink.number(*self as f64);
    }
}
impl Export for () {
    fn export(&self, _: &mut impl Sink) {}
}
impl<T: Export> Export for [T] {
    fn export(&self, sink: &mut impl Sink) {
        for (i, v) in self.iter().enumerate() {
            sink.element(i, |s| v.export(s));
        }
    }
}
impl<T: Export, const N: usize> Export for [T; N] {
    fn export(&self, sink: &mut impl Sink) {
        self.as_slice().export(sink);
    }
}
impl<T: Export> Export for Vec<T> {
    fn export(&self, sink: &mut impl Sink) {
        self.as_slice().export(sink);
    }
}
impl<T: Export> Export for Option<T> {
    fn export(&self, sink: &mut impl Sink) {
        if let Some(v) = self {
            v.export(sink);
        }
    }
}
impl<T: Export> Export for Box<T> {
    fn export(&self, sink: &mut impl Sink) {
        (**self).export(sink);
    }
}
