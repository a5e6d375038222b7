//! What a run of the nested sampler gives.

use super::draws::{failed, found};
use super::modes::Assignment;
use super::of_model::convert;
use super::on_cube::OnCube;
use super::{Evidence, Record, Refinement, Termination, Verdict};
use crate::error::Error;
use crate::model::{Evaluator, Model, Predictive};
use crate::output::{Draws, Estimate, OutputError, Summary, WeightedDraws};
use crate::random::{Purpose, keyed};
use crate::support::Export;
use rand::RngExt;
use std::fmt;
use std::sync::OnceLock;

/// A run of the nested sampler, typed by the draws of its model. `Display` is the summary.
#[derive(Clone, Debug)]
pub struct NestedRun<D> {
    model: &'static str,
    record: Record,
    evidence: Evidence,
    refinement: Option<Refinement>,
    draws: WeightedDraws<D>,
    /// Which points of the record the draws are.
    points: Vec<usize>,
    summary: Summary,
    /// The modes, once they were asked for.
    modes: OnceLock<Assignment>,
}

impl<D: Export + Clone + Send + Sync> NestedRun<D> {
    pub(super) fn new<M: Model<Draw = D> + Sync>(model: &M, record: Record) -> Result<Self, Error> {
        let books = record.books();
        // The errors and the draws have nothing to do with each other.
        let (evidence, found) = rayon::join(
            || record.evidence_by(&books),
            || found(model, &record, &books.log_weights),
        );
        let (draws, points, summary) = found?;
        Ok(NestedRun {
            model: M::NAME,
            record,
            evidence,
            refinement: None,
            draws,
            points,
            summary,
            modes: OnceLock::new(),
        })
    }

    /// The run with its evidence refined by importance sampling: `points` evaluations of the likelihood at draws from a
    /// mixture of t distributions, fitted to the posterior that the run has found. Where the mixture is a good one the
    /// error of ln Z falls from that of the shrinkage to that of a plain mean, often a hundredth. Where it is not, by
    /// Pareto's k̂ or by its disagreement with the run, the estimate of the run stays:
    /// [`refinement`](Self::refinement) says which. The draws and their weights are those of the run.
    ///
    /// ```
    /// # use ppl_runtime::model::Model;
    /// # fn sharp<M: Model + Sync>(model: &M) -> Result<(), ppl_runtime::error::Error> {
    /// use ppl_runtime::infer::nested::NestedSampler;
    /// let run = NestedSampler::new(model).run()?.refined(model, 10_000, 1)?;
    /// println!("{}, by {:?}", run.log_evidence(), run.refinement());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If there are fewer than 100 points, or `model` is not the one of the run.
    pub fn refined<M: Model<Draw = D> + Sync>(
        mut self,
        model: &M,
        points: usize,
        seed: u64,
    ) -> Result<Self, Error> {
        let cube = OnCube::of(model)?;
        let refinement = self.record.refine(&cube, points, seed);
        self.refinement = Some(refinement.map_err(|e| convert(M::NAME, e))?);
        Ok(self)
    }

    /// Draws of equal weight from the posterior.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn draws(&self, n: usize, seed: u64) -> Result<Draws<D>, Error> {
        at_least_one(n)?;
        Ok(self.draws.resample(n, seed))
    }

    /// Replicated data from the posterior, by site: what the model would observe again.
    ///
    /// # Errors
    /// If `n` is 0.
    pub fn predictive<M: Model<Draw = D>>(
        &self,
        model: &M,
        n: usize,
        seed: u64,
    ) -> Result<Predictive, Error> {
        at_least_one(n)?;
        let mut cumulative = 0.0;
        let sums: Vec<f64> = self
            .draws
            .weights()
            .iter()
            .map(|w| {
                cumulative += w;
                cumulative
            })
            .collect();
        let mut evaluator = Evaluator::new();
        let replicates = (0..n as u64)
            .map(|k| {
                let rng = &mut keyed(seed, Purpose::Predictive, k, 0);
                let target = rng.random::<f64>() * cumulative;
                let i = sums.partition_point(|s| *s < target).min(sums.len() - 1);
                evaluator.replicate_at_cube(model, self.record.point(self.points[i]), rng)
            })
            .collect();
        Ok(Predictive::gather(replicates))
    }
}

impl<D> NestedRun<D> {
    /// The name of the model.
    pub fn model(&self) -> &'static str {
        self.model
    }
    /// ln Z with its error: that of the [`refinement`](Self::refinement) if there is one and it is accepted, else that of
    /// the [`evidence`](Self::evidence) of the run itself.
    pub fn log_evidence(&self) -> Estimate {
        match &self.refinement {
            Some(r) if r.verdict == Verdict::Accepted => r.log_evidence,
            _ => Estimate {
                mean: self.evidence.mean,
                sd: self.evidence.sd,
            },
        }
    }
    /// The evidence by importance sampling after the run, if that was asked for.
    pub fn refinement(&self) -> Option<&Refinement> {
        self.refinement.as_ref()
    }
    /// The evidence of nested sampling itself: the parts of the error, the information and the effective sample size.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }
    /// H, the Kullback–Leibler divergence from prior to posterior, in nats.
    pub fn information(&self) -> f64 {
        self.evidence.information
    }
    /// Kish's effective sample size of the weighted draws, (Σw)²/Σw².
    pub fn ess(&self) -> f64 {
        self.evidence.effective_samples
    }
    /// How often the likelihood was evaluated, the refinement included.
    pub fn likelihood_evaluations(&self) -> u64 {
        self.record.evaluations + self.refinement.as_ref().map_or(0, |r| r.evaluations)
    }
    /// Why the run ended.
    pub fn termination(&self) -> Termination {
        self.record.termination
    }
    /// Every point that matters, with its weight.
    pub fn weighted_draws(&self) -> &WeightedDraws<D> {
        &self.draws
    }
    /// A row a parameter: mean, sd, 10/50/90 %, the draw of highest posterior density, that of highest likelihood.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }
    /// Which mode each draw is in.
    pub(super) fn assignment(&self) -> &Assignment {
        self.modes.get_or_init(|| self.find_modes())
    }
    pub(super) fn failed(&self, error: OutputError) -> Error {
        failed(self.model, error)
    }
    /// Which points of the record the draws are.
    pub(super) fn points(&self) -> &[usize] {
        &self.points
    }
    /// Every point of the run.
    pub fn record(&self) -> &Record {
        &self.record
    }
}

fn at_least_one(n: usize) -> Result<(), Error> {
    if n == 0 {
        return Err(Error::Setting {
            argument: "n",
            problem: "is 0: no draw was asked for".to_string(),
        });
    }
    Ok(())
}

impl<D> fmt::Display for NestedRun<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let record = &self.record;
        writeln!(
            f,
            "nested sampling of `{}`: {}",
            self.model, record.termination
        )?;
        writeln!(f, "  log evidence  {}", self.log_evidence())?;
        if let Some(r) = &self.refinement {
            let nested = Estimate {
                mean: self.evidence.mean,
                sd: self.evidence.sd,
            };
            writeln!(
                f,
                "  refinement    {}; {} importance points, k̂ {:.2}, ESS {:.0}; nested sampling alone {nested}",
                r.verdict, r.evaluations, r.pareto_k, r.effective_samples
            )?;
        }
        writeln!(f, "  information   {:.2} nats", self.information())?;
        writeln!(
            f,
            "  ESS           {:.0} of {} points",
            self.ess(),
            record.len()
        )?;
        writeln!(
            f,
            "  evaluations   {} of the likelihood ({:.1} a point)",
            record.evaluations,
            1.0 / record.efficiency()
        )?;
        writeln!(f, "  live points   {}", record.live_points)?;
        let (shift, scatter) = (record.rank_test.shift(), record.rank_test.scatter());
        let verdict = if record.rank_test.passes(RANK_LIMIT) {
            "passed"
        } else {
            "FAILED: give it more steps or live points"
        };
        writeln!(
            f,
            "  insertion ranks  shift {shift:.2}, scatter {scatter:.2} sd: {verdict}"
        )?;
        if record.invalid.nan + record.invalid.infinite > 0 {
            let (nan, infinite) = (record.invalid.nan, record.invalid.infinite);
            writeln!(
                f,
                "  rejected      {nan} likelihoods were NaN, {infinite} were +∞"
            )?;
        }
        let modes = &self.assignment().evidences;
        if modes.len() > 1 {
            writeln!(f, "  modes         {}, by themselves:", modes.len())?;
            for (k, (log_evidence, share)) in modes.iter().enumerate() {
                let share = 100.0 * share;
                writeln!(
                    f,
                    "    {k:<3} log evidence {log_evidence}, {share:.1} % of the posterior"
                )?;
            }
        }
        writeln!(f)?;
        write!(f, "{}", self.summary)
    }
}

/// Standard deviations at which the summary calls the insertion-rank test failed.
const RANK_LIMIT: f64 = 4.0;
