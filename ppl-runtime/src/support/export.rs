//! Named columns of plain values: `coefs[0]`, `prior.tau`.

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

/// One thing that a value says to a [`Sink`].
#[derive(Copy, Clone, PartialEq)]
enum Step {
    /// A field, whose name has so many bytes.
    Field(usize),
    Element(usize),
    Number,
    /// The end of a field or an element.
    End,
}

/// All that a value says: values that say the same have the same names, and looking at that needs no text made for each.
#[derive(Default)]
struct Course {
    steps: Vec<Step>,
    /// The names of the fields, one after the other.
    fields: String,
}

impl Sink for Course {
    fn field(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.fields.push_str(name);
        self.steps.push(Step::Field(name.len()));
        inside(self);
        self.steps.push(Step::End);
    }
    fn element(&mut self, index: usize, inside: impl FnOnce(&mut Self)) {
        self.steps.push(Step::Element(index));
        inside(self);
        self.steps.push(Step::End);
    }
    fn number(&mut self, _: f64) {
        self.steps.push(Step::Number);
    }
}

/// Keeps values, and looks whether they take a course.
struct Following<'c> {
    steps: &'c [Step],
    fields: &'c [u8],
    follows: bool,
    values: &'c mut Vec<f64>,
}

impl<'c> Following<'c> {
    /// Keeps the numbers of a value if it takes this course.
    fn keep(value: &impl Export, course: &'c Course, values: &'c mut Vec<f64>) -> bool {
        let before = values.len();
        let mut following = Following {
            steps: &course.steps,
            fields: course.fields.as_bytes(),
            follows: true,
            values,
        };
        value.export(&mut following);
        let follows = following.follows && following.steps.is_empty();
        if !follows {
            values.truncate(before);
        }
        follows
    }
    #[inline]
    fn step(&mut self, step: Step) {
        match self.steps.split_first() {
            Some((expected, rest)) if *expected == step => self.steps = rest,
            _ => self.follows = false,
        }
    }
}

impl Sink for Following<'_> {
    #[inline]
    fn field(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        match self.fields.split_at_checked(name.len()) {
            Some((field, rest)) if field == name.as_bytes() => self.fields = rest,
            _ => self.follows = false,
        }
        self.step(Step::Field(name.len()));
        inside(self);
        self.step(Step::End);
    }
    #[inline]
    fn element(&mut self, index: usize, inside: impl FnOnce(&mut Self)) {
        self.step(Step::Element(index));
        inside(self);
        self.step(Step::End);
    }
    #[inline]
    fn number(&mut self, value: f64) {
        self.step(Step::Number);
        self.values.push(value);
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
    /// The columns of values that all say the same, as most do: no names are made for each.
    fn all_alike<T: Export>(draws: &[T]) -> Option<Columns> {
        let (mut names, mut course) = (Names::default(), Course::default());
        let first = draws.first()?;
        first.export(&mut names);
        first.export(&mut course);
        let names = names.names;
        let mut values = Vec::with_capacity(names.len() * draws.len());
        draws
            .iter()
            .all(|draw| Following::keep(draw, &course, &mut values))
            .then_some(Columns { names, values })
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
