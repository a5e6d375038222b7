//! The nested sampler as an estimator.

use super::{EvidenceEstimator, LocalEvidence, Target};
use crate::error::Error;
use crate::infer::dcc::ProgramError;
use crate::infer::nested::{Likelihood, NestedError, Settings, run};
use crate::infer::nuts::Chain;
use crate::output::Estimate;

/// Nested sampling of the program on its unit cube. It does not look at the chains, and finds modes that they miss;
/// priors must be proper.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NestedEvidence {
    /// Settings of the sampler. Its seed is made from that of the run and the program.
    pub settings: Settings,
}

impl EvidenceEstimator for NestedEvidence {
    const NAME: &'static str = "nested sampling";

    fn check(&self) -> Result<(), Error> {
        match self.settings.check(1) {
            Err(NestedError::Setting { name, value, rule }) => Err(Error::Setting {
                argument: name,
                problem: format!("is {value}, but {rule}"),
            }),
            _ => Ok(()),
        }
    }

    fn estimate<T: Target>(
        &self,
        target: &T,
        _: &[Chain],
        seed: u64,
    ) -> Result<LocalEvidence, ProgramError> {
        let settings = Settings {
            seed,
            ..self.settings.clone()
        };
        let record = run(&OnCube(target), &settings, &mut |_| ())?;
        let evidence = record.evidence();
        Ok(LocalEvidence {
            log_evidence: Estimate {
                mean: evidence.mean,
                sd: evidence.sd,
            },
            evaluations: record.evaluations,
        })
    }
}

/// A program as a likelihood on the cube.
struct OnCube<'t, T>(&'t T);

impl<T: Target> Likelihood for OnCube<'_, T> {
    type Worker = T::Worker;
    fn dim(&self) -> usize {
        self.0.cube_dim()
    }
    fn worker(&self) -> T::Worker {
        self.0.worker()
    }
    fn log_likelihood(&self, worker: &mut T::Worker, u: &[f64]) -> f64 {
        self.0.log_likelihood(worker, u)
    }
}
