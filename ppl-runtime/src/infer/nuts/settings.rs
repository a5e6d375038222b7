//! Settings of a run, their defaults and their rules.

use super::NutsError;

/// What the warm-up learns of the posterior's shape: the inverse of the mass matrix.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Metric {
    /// `Dense` up to 32 coordinates, where it costs next to nothing, beyond them `Diagonal`; with
    /// [`Adaptation::Stan`] always `Diagonal`.
    #[default]
    Auto,
    /// A variance a coordinate.
    Diagonal,
    /// The whole covariance. Every leapfrog step costs n² more, and it takes more draws than coordinates: the second half of
    /// the warm-up must have as many, or it stays diagonal.
    Dense,
    /// Scales, and the few directions in which the scaled posterior is much wider or narrower than 1, learnt from draws
    /// and gradients. For many coordinates with strong correlations.
    LowRank,
}

/// How the warm-up learns its metric.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Adaptation {
    /// From draws and the gradients there, after a climb to where the mass is, from the first transition on: what
    /// minimises the Fisher divergence to a normal, sd(draws) / sd(gradients) for a diagonal metric, the geometric mean of
    /// the covariance of draws and the inverse of that of gradients for the others (Seyboldt, Carlson & Carpenter 2026).
    /// It needs far fewer draws than their covariance alone.
    #[default]
    Fisher,
    /// The covariance of the draws of windows that double, from the initial point as it is (Stan reference manual, "HMC
    /// algorithm parameters").
    Stan,
}

/// How long a trajectory is.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Trajectory {
    /// Until it turns back, at most 2^max_depth − 1 leapfrog steps.
    NoUTurn {
        /// How often it may double.
        max_depth: u32,
    },
    /// So many leapfrog steps.
    Steps(u32),
    /// So long in time: length / step size leapfrog steps, at least one and at most 1,023.
    Length(f64),
}

impl Default for Trajectory {
    fn default() -> Self {
        Trajectory::NoUTurn { max_depth: 10 }
    }
}

/// Settings of the sampler. `Settings::default()` suits most models.
///
/// ```
/// use ppl_runtime::infer::nuts::Settings;
/// let settings = Settings { seed: 7, target_acceptance: 0.95, ..Settings::default() };
/// assert!(settings.check(3).is_ok());
/// assert!(Settings { target_acceptance: 1.0, ..settings }.check(3).is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Key of all randomness. The same seed gives the same bits with any number of threads.
    pub seed: u64,
    /// Independent chains; at least 1, 4 by default.
    pub chains: usize,
    /// Transitions that learn step size and metric and are thrown away, for each chain; 1,000 by default.
    pub warmup: usize,
    /// Transitions that are kept, for each chain; at least 1, 1,000 by default.
    pub draws: usize,
    /// The mean acceptance that the warm-up steers to, in (0, 1); 0.8 by default. Higher means smaller steps and fewer
    /// divergences.
    pub target_acceptance: f64,
    /// How long trajectories are.
    pub trajectory: Trajectory,
    /// What is learnt of the posterior's shape.
    pub metric: Metric,
    /// How the metric is learnt.
    pub adaptation: Adaptation,
    /// The first step size that the warm-up tries; 1 by default. Without warm-up it is the step size.
    pub step_size: f64,
    /// By how much the step size of a kept transition may be smaller than what the warm-up found; at least 1, and 1 by
    /// default: always the same. With a jitter J it is ε·J^−U, U uniform in (0, 1), afresh for each transition, which costs
    /// (J − 1)/ln J times as many gradients.
    pub step_size_jitter: f64,
    /// Initial points on R^n, one a chain; by default each coordinate starts from U(−2, 2), and again, up to a hundred
    /// times, where log density or gradient are not finite.
    pub initial: Option<Vec<Vec<f64>>>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seed: 0,
            chains: 4,
            warmup: 1000,
            draws: 1000,
            target_acceptance: 0.8,
            trajectory: Trajectory::default(),
            metric: Metric::default(),
            adaptation: Adaptation::default(),
            step_size: 1.0,
            step_size_jitter: 1.0,
            initial: None,
        }
    }
}

impl Settings {
    /// Looks at every setting, for a density of `dim` coordinates.
    ///
    /// # Errors
    /// The first that is out of range.
    pub fn check(&self, dim: usize) -> Result<(), NutsError> {
        if dim == 0 {
            return Err(NutsError::NoDimensions);
        }
        rule(
            "chains",
            self.chains,
            self.chains > 0,
            "at least one chain is needed",
        )?;
        rule(
            "draws",
            self.draws,
            self.draws > 0,
            "at least one draw is needed",
        )?;
        let (target, step) = (self.target_acceptance, self.step_size);
        rule(
            "target_acceptance",
            target,
            target > 0.0 && target < 1.0,
            "it must lie between 0 and 1",
        )?;
        rule(
            "step_size",
            step,
            step > 0.0 && step.is_finite(),
            "it must be positive",
        )?;
        let jitter = self.step_size_jitter;
        rule(
            "step_size_jitter",
            jitter,
            jitter >= 1.0 && jitter.is_finite(),
            "it must be at least 1",
        )?;
        match self.trajectory {
            Trajectory::NoUTurn { max_depth } => rule(
                "max_depth",
                max_depth,
                (1..=30).contains(&max_depth),
                "it must be 1 to 30",
            )?,
            Trajectory::Steps(n) => rule("steps", n, n > 0, "at least one step is needed")?,
            Trajectory::Length(t) => rule(
                "trajectory",
                t,
                t > 0.0 && t.is_finite(),
                "it must be positive",
            )?,
        }
        if let Some(points) = &self.initial {
            let n = points.len();
            rule(
                "initial",
                format!("{n} points"),
                n == self.chains,
                "each chain needs one",
            )?;
            for p in points {
                let text = format!("a point of {} coordinates", p.len());
                rule(
                    "initial",
                    text,
                    p.len() == dim,
                    "each needs as many as the model has on R^n",
                )?;
            }
        }
        Ok(())
    }
}

fn rule(
    name: &'static str,
    value: impl ToString,
    holds: bool,
    rule: &'static str,
) -> Result<(), NutsError> {
    match holds {
        true => Ok(()),
        false => Err(NutsError::Setting {
            name,
            value: value.to_string(),
            rule,
        }),
    }
}
