//! What can go wrong with results.

use thiserror::Error;

/// What can go wrong when results are built, read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OutputError {
    /// No column has this name.
    #[error("no column `{name}`{}", nearest_text(.nearest))]
    UnknownColumn {
        /// The name asked for.
        name: String,
        /// The names most like it, the most alike first.
        nearest: Vec<String>,
    },
    /// Two columns have one name.
    #[error("two columns are named `{0}`")]
    DuplicateColumn(String),
    /// Two things that belong together differ in length.
    #[error("{left} {left_len}, but {right} {right_len}")]
    Lengths {
        /// What the first is, as in "draws:".
        left: &'static str,
        /// Its length.
        left_len: usize,
        /// What the second is.
        right: &'static str,
        /// Its length.
        right_len: usize,
    },
    /// A log weight is NaN or +∞.
    #[error("the log weight of draw {index} is {value}")]
    Weight {
        /// Which draw.
        index: usize,
        /// Its log weight.
        value: f64,
    },
    /// No draw has a positive weight.
    #[error("no draw has a positive weight")]
    NoWeight,
    /// Reading or writing failed.
    #[error("cannot write {path}: {source}")]
    Io {
        /// The file, or what stands for it.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

impl OutputError {
    pub(crate) fn io(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.display().to_string(),
            source,
        }
    }

    pub(crate) fn same_length(
        (left, left_len): (&'static str, usize),
        (right, right_len): (&'static str, usize),
    ) -> Result<(), Self> {
        if left_len == right_len {
            Ok(())
        } else {
            Err(Self::Lengths {
                left,
                left_len,
                right,
                right_len,
            })
        }
    }
}

fn nearest_text(nearest: &[String]) -> String {
    match nearest {
        [] => String::new(),
        [one] => format!("; the nearest is `{one}`"),
        many => format!("; the nearest are `{}`", many.join("`, `")),
    }
}
