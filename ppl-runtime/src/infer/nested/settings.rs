//! Settings of a run, their defaults and their rules.

use super::Likelihood;
use super::condition::Condition;
use super::error::NestedError;
use crate::model::parts::Parts;
use serde::{Deserialize, Serialize};

/// How replacements of dead points are proposed.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proposal {
    /// Up to ten dimensions ellipsoids wherever they cost fewer evaluations than slices would; else slices.
    #[default]
    Auto,
    /// Rejection sampling from bounding ellipsoids to the end, whatever it costs. A slot that finds nothing in
    /// 100,000 evaluations still falls back to slices.
    Ellipsoids,
    /// Slices from the first replacement on.
    Slices,
    /// Slices by plates, for models of hundreds of dimensions whose plates have latents that nothing outside reads: a
    /// slice along an element of a plate evaluates that element alone. An error for other models and likelihoods.
    ///
    /// With 200 groups 14 runs had an rms error of 1.3 standard deviations: compare runs there.
    PlateSlices,
    /// Chains that go straight on and are reflected by the contour, about the gradient of the likelihood: for smooth likelihoods
    /// of some dozens of dimensions and more, where they take fewer evaluations than slices. [`NestedSampler::reflections`]
    /// asks for them; an error for likelihoods without a gradient.
    ///
    /// [`NestedSampler::reflections`]: super::NestedSampler::reflections
    Reflections,
}

/// Settings of the nested sampler. `Settings::default()` suits most models.
///
/// ```
/// use ppl_runtime::infer::nested::Settings;
/// let settings = Settings { seed: 7, live_points: Some(1000), ..Settings::default() };
/// assert!(settings.check(3).is_ok());
/// assert!(Settings { live_points: Some(1), ..settings }.check(3).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Key of all randomness. The same seed gives the same bits with any number of threads.
    pub seed: u64,
    /// Live points K; at least 2. The error of ln Z falls with √K and the cost grows with K. Without a value,
    /// max(500, 5 d); slices by plates count what is outside of the plates as d.
    pub live_points: Option<usize>,
    /// Fraction of the live points that is replaced at a time, in (0, ½]. It sets how many threads can work at
    /// once and never depends on how many there are. Default ⅕.
    pub batch_fraction: f64,
    /// The run ends when ln(1 + Z_live/Z), what the live points could still add to ln Z, is below this. Default 0.01.
    pub remaining_evidence: f64,
    /// Further points are drawn, as `allocation` says, until Kish's effective sample size reaches this.
    pub effective_samples: Option<f64>,
    /// The run ends at the end of the first batch that reaches this many evaluations.
    pub max_evaluations: u64,
    /// How replacements are proposed.
    pub proposal: Proposal,
    /// Slices of one replacement, in sweeps of d slices each: at least 2, default 2, and eight slices at least. Twice as
    /// many are made while chains are seen to remember where they began, up to 16 times as many. Slices by plates begin
    /// with eight times as many rounds, and go on with as many as their memory asks for, from a quarter of that to 64
    /// times.
    pub sweeps: usize,
    /// How often a run may be started afresh with twice the slices, because the insertion-rank test failed
    /// or the strands spread too much. Default 2. What is left of the spread is in the error bar.
    pub max_doublings: u32,
    /// Draws of the simulated shrinkage behind the error bar; at least 1000.
    pub shrinkage_draws: usize,
    /// When the run ends. Without a value: `remaining_evidence`, and `effective_samples` if that is set. `max_evaluations`
    /// ends it in any case.
    pub stop: Option<Condition>,
    /// What is drawn when `stop` asks for more than one climb gives.
    pub allocation: Allocation,
    /// Whether the posterior matters and the evidence little: then half as many live points are the default.
    pub for_parameters: bool,
    /// Sites of a model whose prior's ends are the same place, beside those that are on a circle by their distribution.
    /// A likelihood written by hand says it by [`Likelihood::periodic`].
    pub periodic: Vec<String>,
}

/// Where further points are drawn once a climb has reached the top.
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Allocation {
    /// Further runs from the prior up, merged: evidence and posterior both gain.
    #[default]
    Runs,
    /// Further live points over the range of contours where they matter most (Higson et al. 2019, "Dynamic nested
    /// sampling").
    Dynamic {
        /// G in [0, 1]: 0 for the evidence, 1 for the posterior.
        posterior: f64,
    },
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seed: 0,
            live_points: None,
            batch_fraction: 0.2,
            remaining_evidence: 1e-2,
            effective_samples: None,
            max_evaluations: 1_000_000_000,
            proposal: Proposal::Auto,
            sweeps: 2,
            max_doublings: 2,
            shrinkage_draws: 1000,
            stop: None,
            allocation: Allocation::Runs,
            for_parameters: false,
            periodic: Vec::new(),
        }
    }
}

/// The settings with all defaults worked out for a dimension.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub dim: usize,
    pub live: usize,
    /// Remaining evidence at which a climb has reached the top.
    pub top: f64,
    pub stop: Condition,
    pub settings: Settings,
    /// The parts of the likelihood, for slices by plates.
    pub parts: Option<Parts>,
    /// Coordinates whose ends are the same place.
    pub periodic: Vec<usize>,
}

impl Plan {
    /// How many of so many live points are replaced at a time.
    pub(super) fn batch_of(&self, live: usize) -> usize {
        ((live as f64 * self.settings.batch_fraction) as usize).clamp(1, live - 1)
    }

    /// Whether chains are reflected by the contour.
    pub(super) fn reflects(&self) -> bool {
        self.settings.proposal == Proposal::Reflections
    }

    /// Live points of a batch of dynamic allocation.
    pub(super) fn strands(&self) -> usize {
        (self.live / 2).max(2)
    }
}

impl Settings {
    /// Checks the settings for a likelihood of `dim` parameters.
    ///
    /// # Errors
    /// [`NestedError::Setting`] names the first setting that cannot work; [`NestedError::NoDimensions`] if `dim` is 0.
    pub fn check(&self, dim: usize) -> Result<(), NestedError> {
        self.plan(dim).map(|_| ())
    }

    /// The plan for a likelihood.
    pub(super) fn plan_of<L: Likelihood>(&self, likelihood: &L) -> Result<Plan, NestedError> {
        let mut plan = self.plan(likelihood.dim())?;
        plan.parts = likelihood.parts().cloned();
        plan.periodic = likelihood.periodic().to_vec();
        rule(
            self.proposal != Proposal::PlateSlices || plan.parts.is_some(),
            "proposal",
            "PlateSlices",
            "only a model with plates has them",
        )?;
        rule(
            self.proposal != Proposal::Reflections || likelihood.has_gradient(),
            "proposal",
            "Reflections",
            "the likelihood has no gradient: a model's is asked for by `NestedSampler::reflections`, one written by hand gives it by `Likelihood::gradient`",
        )?;
        if let (Some(parts), None) = (&plan.parts, self.live_points) {
            plan.live = self.live_by_default(parts.shared().len());
        }
        Ok(plan)
    }

    fn live_by_default(&self, dim: usize) -> usize {
        let live = (5 * dim).max(500);
        if self.for_parameters { live / 2 } else { live }
    }

    pub(super) fn plan(&self, dim: usize) -> Result<Plan, NestedError> {
        if dim == 0 {
            return Err(NestedError::NoDimensions);
        }
        let live = self
            .live_points
            .unwrap_or_else(|| self.live_by_default(dim));
        rule(
            live >= 2,
            "live_points",
            live,
            "a run needs at least 2 live points",
        )?;
        let (lo, hi) = (0.0, 0.5);
        let fraction = self.batch_fraction;
        rule(
            fraction > lo && fraction <= hi,
            "batch_fraction",
            fraction,
            "it must lie in (0, 0.5]",
        )?;
        let remaining = self.remaining_evidence;
        rule(
            remaining > 0.0 && remaining < 1.0,
            "remaining_evidence",
            remaining,
            "it must lie in (0, 1)",
        )?;
        if let Some(ess) = self.effective_samples {
            rule(
                ess > 0.0 && ess.is_finite(),
                "effective_samples",
                ess,
                "it must be positive and finite",
            )?;
        }
        rule(
            self.max_evaluations >= live as u64,
            "max_evaluations",
            self.max_evaluations,
            "the first live points alone need more",
        )?;
        rule(
            (2..=100_000).contains(&self.sweeps),
            "sweeps",
            self.sweeps,
            "it must lie in 2..=100000",
        )?;
        rule(
            self.max_doublings <= 20,
            "max_doublings",
            self.max_doublings,
            "it must be at most 20",
        )?;
        rule(
            self.shrinkage_draws >= 1000,
            "shrinkage_draws",
            self.shrinkage_draws,
            "an error bar from fewer than 1000 draws is itself too uncertain",
        )?;
        if let Allocation::Dynamic { posterior } = self.allocation {
            rule(
                (0.0..=1.0).contains(&posterior),
                "allocation",
                posterior,
                "it must lie in [0, 1]",
            )?;
        }
        let stop = self.stop.clone().unwrap_or_else(|| {
            let climbed = Condition::RemainingEvidence(remaining);
            match self.effective_samples {
                Some(ess) => climbed & Condition::EffectiveSamples(ess),
                None => climbed,
            }
        });
        stop.check()?;
        Ok(Plan {
            dim,
            live,
            top: remaining.min(stop.least_remaining()),
            stop,
            settings: self.clone(),
            parts: None,
            periodic: Vec::new(),
        })
    }
}

pub(super) fn rule(
    holds: bool,
    name: &'static str,
    value: impl ToString,
    rule: &'static str,
) -> Result<(), NestedError> {
    if holds {
        Ok(())
    } else {
        Err(NestedError::Setting {
            name,
            value: value.to_string(),
            rule,
        })
    }
}
