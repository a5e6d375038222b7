//! Finished runs as files.

use super::Likelihood;
use super::checkpoint::probes;
use super::file::{self, FileError, Kind};
use super::{NestedError, Record};
use std::path::Path;

/// Relative difference of ln L that another machine's arithmetic may make.
const TOLERANCE: f64 = 1e-9;

/// A record with what is needed to know its likelihood again.
type Saved = (String, Vec<u64>, Record);

impl Record {
    /// Writes the record to a file, in one step; a file that was there is replaced.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save<L: Likelihood>(
        &self,
        likelihood: &L,
        path: impl AsRef<Path>,
    ) -> Result<(), NestedError> {
        let saved: (&str, Vec<u64>, &Record) = (likelihood.name(), probes(likelihood), self);
        file::write(path.as_ref(), Kind::Run, &saved).map_err(|e| refused(path.as_ref(), &e))
    }

    /// Reads a record of a run of `likelihood` from a file.
    ///
    /// # Errors
    /// If the file cannot be read, is damaged, or is of another likelihood.
    pub fn load<L: Likelihood>(
        likelihood: &L,
        path: impl AsRef<Path>,
    ) -> Result<Record, NestedError> {
        let path = path.as_ref();
        let saved = file::read::<Saved>(path, Kind::Run).map_err(|e| refused(path, &e))?;
        let Some((name, values, record)) = saved else {
            let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
            return Err(refused(path, &missing.into()));
        };
        let foreign = |problem: &str| refused(path, &FileError::Foreign(problem.to_string()));
        if name != likelihood.name() {
            return Err(foreign(&format!("it is of the model `{name}`")));
        }
        let known = probes(likelihood);
        let same = values.len() == known.len()
            && values.iter().zip(&known).all(|(&a, &b)| {
                let (x, y) = (f64::from_bits(a), f64::from_bits(b));
                a == b || (x - y).abs() <= TOLERANCE * (1.0 + y.abs())
            });
        if record.dim != likelihood.dim() || !same {
            return Err(foreign("its likelihood was another one"));
        }
        if !record.is_whole() {
            return Err(refused(
                path,
                &FileError::Damaged("its parts do not fit together"),
            ));
        }
        Ok(record)
    }
}

fn refused(path: &Path, problem: &FileError) -> NestedError {
    NestedError::File {
        path: path.display().to_string(),
        problem: problem.to_string(),
    }
}
