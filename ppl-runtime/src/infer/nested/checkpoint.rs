//! Checkpoints: the state of a run in one file.

use super::course::Course;
use super::error::NestedError;
use super::file::{self, FileError, Kind};
use super::{Likelihood, Settings};
use crate::random::{Purpose, keyed};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Evaluations between two checkpoints, at least, by default.
const EVERY: u64 = 100_000;
/// Part of all evaluations so far that lies between two checkpoints, at least: writing stays a small part of the work
/// however long the run gets.
const SHARE: u64 = 20;
/// Points at which a likelihood is evaluated to know it again.
const PROBES: u64 = 4;

/// A file in which the state of a run is kept, and from which it goes on.
///
/// It is written after the first batch that is due, and at the end; a file that is there already must be a checkpoint
/// of the same run. Writing is atomic: a new file takes the place of the old in one step, so that one of them is whole
/// whenever the process dies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    path: PathBuf,
    every: u64,
}

/// What a checkpoint must agree in with the run that takes it up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Identity {
    pub name: String,
    pub dim: usize,
    /// Bits of ln L at fixed points of the cube: they tell apart models and data.
    pub probes: Vec<u64>,
    settings: Settings,
}

impl Identity {
    pub(super) fn of<L: Likelihood>(likelihood: &L, settings: &Settings) -> Identity {
        Identity {
            name: likelihood.name().to_string(),
            dim: likelihood.dim(),
            probes: probes(likelihood),
            settings: settings.clone(),
        }
    }

    /// What keeps a run with the identity `self` from going on from a checkpoint of `other`.
    fn differs(&self, other: &Identity) -> Option<String> {
        if self.name != other.name {
            return Some(format!(
                "it is of the model `{}`, not `{}`",
                other.name, self.name
            ));
        }
        if self.dim != other.dim {
            return Some(format!(
                "it is of a model with {} coordinates, not {}",
                other.dim, self.dim
            ));
        }
        if self.probes != other.probes {
            return Some("its likelihood was another one: other data, or a changed model".into());
        }
        let (a, b) = (&self.settings, &other.settings);
        let same = [
            ("seed", a.seed == b.seed),
            ("live_points", a.live_points == b.live_points),
            ("batch_fraction", a.batch_fraction == b.batch_fraction),
            ("proposal", a.proposal == b.proposal),
            ("sweeps", a.sweeps == b.sweeps),
            ("for_parameters", a.for_parameters == b.for_parameters),
            ("periodic", a.periodic == b.periodic),
            ("max_doublings", a.max_doublings == b.max_doublings),
        ];
        let (name, _) = same.into_iter().find(|(_, same)| !same)?;
        Some(format!("its setting `{name}` was another one"))
    }
}

/// Bits of ln L at a few fixed points of the cube.
pub(super) fn probes<L: Likelihood>(likelihood: &L) -> Vec<u64> {
    let mut worker = likelihood.worker();
    let probe = |k: u64| {
        let mut rng = keyed(0, Purpose::Probe, k, 0);
        // Away from the faces of the cube, where quantiles lie far out.
        let u: Vec<f64> = (0..likelihood.dim())
            .map(|_| 0.2 + 0.6 * rng.random::<f64>())
            .collect();
        likelihood.log_likelihood(&mut worker, &u).to_bits()
    };
    (0..PROBES).map(probe).collect()
}

impl Checkpoint {
    /// In this file.
    pub fn new(path: impl AsRef<Path>) -> Checkpoint {
        Checkpoint {
            path: path.as_ref().to_path_buf(),
            every: EVERY,
        }
    }

    /// Evaluations between two writings, at least; 100,000 by default. It is never less than a twentieth of those so
    /// far.
    pub fn every(mut self, evaluations: u64) -> Checkpoint {
        self.every = evaluations;
        self
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn is_due(&self, written: u64, evaluations: u64) -> bool {
        let since = evaluations.saturating_sub(written);
        since > 0 && since >= self.every.max(evaluations / SHARE)
    }

    /// The state in the file, if there is one.
    pub(super) fn resume(&self, identity: &Identity) -> Result<Option<Course>, NestedError> {
        let Some((other, course)) = file::read::<(Identity, Course)>(&self.path, Kind::Checkpoint)
            .map_err(|e| self.refused(e))?
        else {
            return Ok(None);
        };
        if let Some(problem) = identity.differs(&other) {
            return Err(self.refused(FileError::Foreign(problem)));
        }
        if !course.is_whole(identity.dim) {
            return Err(self.refused(FileError::Damaged("its parts do not fit together")));
        }
        Ok(Some(course))
    }

    pub(super) fn write(&self, identity: &Identity, course: &Course) -> Result<(), NestedError> {
        file::write(&self.path, Kind::Checkpoint, &(identity, course)).map_err(|e| self.refused(e))
    }

    fn refused(&self, problem: FileError) -> NestedError {
        NestedError::Checkpoint {
            path: self.path.display().to_string(),
            problem: problem.to_string(),
        }
    }
}
