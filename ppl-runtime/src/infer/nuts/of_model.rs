//! The samplers of a model.

use super::result::NutsRun;
use super::{Adaptation, LogDensity, Metric, NutsError, Settings, Trajectory, run};
use crate::error::Error;
use crate::model::impossible::with_cause;
use crate::model::{Evaluator, Layout, Model};
use crate::output::Progress;
use std::sync::Mutex;

/// The no-U-turn sampler of a model: draws from its posterior, by gradients.
///
/// Priors may be improper if the posterior is not. Discrete latents are refused by name: sum them out with
/// `#[enumerate]`. The same seed gives the same bits with any number of threads.
pub struct Nuts<'m, M> {
    model: &'m M,
    settings: Settings,
    progress: bool,
}

// Derived, these would ask of the model what only a reference to it needs.
impl<M> Clone for Nuts<'_, M> {
    fn clone(&self) -> Self {
        Nuts {
            model: self.model,
            settings: self.settings.clone(),
            progress: self.progress,
        }
    }
}
impl<M> std::fmt::Debug for Nuts<'_, M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Nuts")
            .field("settings", &self.settings)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

/// Hamiltonian Monte Carlo with trajectories of fixed length: for comparisons, and for posteriors whose scale is known.
/// [`Nuts`] finds the length by itself.
pub struct Hmc<'m, M> {
    model: &'m M,
    settings: Settings,
    progress: bool,
}

// Derived, these would ask of the model what only a reference to it needs.
impl<M> Clone for Hmc<'_, M> {
    fn clone(&self) -> Self {
        Hmc {
            model: self.model,
            settings: self.settings.clone(),
            progress: self.progress,
        }
    }
}
impl<M> std::fmt::Debug for Hmc<'_, M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hmc")
            .field("settings", &self.settings)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

macro_rules! settings_of_both {
    ($sampler:ident, $engine:literal) => {
        impl<M: Model + Sync> $sampler<'_, M> {
            /// The key of all randomness; 0 by default.
            pub fn seed(mut self, seed: u64) -> Self {
                self.settings.seed = seed;
                self
            }
            /// Independent chains; 4 by default.
            pub fn chains(mut self, chains: usize) -> Self {
                self.settings.chains = chains;
                self
            }
            /// Transitions of each chain that learn step size and metric and are thrown away; 1,000 by default.
            pub fn warmup(mut self, transitions: usize) -> Self {
                self.settings.warmup = transitions;
                self
            }
            /// Draws of each chain; 1,000 by default.
            pub fn draws(mut self, draws: usize) -> Self {
                self.settings.draws = draws;
                self
            }
            /// The mean acceptance that the warm-up steers to; 0.8 by default. Nearer to 1 means smaller steps and fewer
            /// divergences.
            pub fn target_acceptance(mut self, target: f64) -> Self {
                self.settings.target_acceptance = target;
                self
            }
            /// What the warm-up learns of the posterior's shape.
            pub fn metric(mut self, metric: Metric) -> Self {
                self.settings.metric = metric;
                self
            }
            /// How the warm-up learns its metric.
            pub fn adaptation(mut self, adaptation: Adaptation) -> Self {
                self.settings.adaptation = adaptation;
                self
            }
            /// The step size that the warm-up tries first, or, without warm-up, the step size.
            pub fn step_size(mut self, step_size: f64) -> Self {
                self.settings.step_size = step_size;
                self
            }
            /// Smaller step sizes by chance, down to this factor, so that some transitions enter where the posterior is narrow
            /// (the neck of a funnel) while most stay cheap; 1 by default, 10 to 100 for funnels that cannot be
            /// written non-centred. See [`Settings::step_size_jitter`].
            pub fn step_size_jitter(mut self, jitter: f64) -> Self {
                self.settings.step_size_jitter = jitter;
                self
            }
            /// Initial points on R^n, one a chain.
            pub fn initial(mut self, points: Vec<Vec<f64>>) -> Self {
                self.settings.initial = Some(points);
                self
            }
            /// All settings at once.
            pub fn settings(mut self, settings: Settings) -> Self {
                self.settings = settings;
                self
            }
            /// Shows a line on stderr while it runs; nothing is shown by default.
            pub fn progress(mut self, shown: bool) -> Self {
                self.progress = shown;
                self
            }
            /// Runs the chains.
            ///
            /// # Errors
            /// Unusable data (naming argument, site and index), a discrete latent (naming its site), a model without
            /// latents, unusable settings, no initial point where log density and gradient are finite.
            pub fn run(&self) -> Result<NutsRun<M::Draw>, Error> {
                run_model(self.model, &self.settings, self.progress, $engine)
            }
        }
    };
}
settings_of_both!(Nuts, "NUTS");
settings_of_both!(Hmc, "HMC");

impl<'m, M: Model + Sync> Nuts<'m, M> {
    /// With the default [`Settings`].
    pub fn new(model: &'m M) -> Self {
        Nuts {
            model,
            settings: Settings::default(),
            progress: false,
        }
    }
    /// How often a trajectory may double; 10 by default.
    pub fn max_depth(mut self, max_depth: u32) -> Self {
        self.settings.trajectory = Trajectory::NoUTurn { max_depth };
        self
    }
}

impl<'m, M: Model + Sync> Hmc<'m, M> {
    /// With the default [`Settings`] and trajectories a quarter of a period long on a standard normal, π/2.
    pub fn new(model: &'m M) -> Self {
        let trajectory = Trajectory::Length(std::f64::consts::FRAC_PI_2);
        Hmc {
            model,
            settings: Settings {
                trajectory,
                ..Settings::default()
            },
            progress: false,
        }
    }
    /// So many leapfrog steps a trajectory.
    pub fn steps(mut self, steps: u32) -> Self {
        self.settings.trajectory = Trajectory::Steps(steps);
        self
    }
    /// Trajectories of this length: length / step size leapfrog steps.
    pub fn trajectory(mut self, length: f64) -> Self {
        self.settings.trajectory = Trajectory::Length(length);
        self
    }
}

fn run_model<M: Model + Sync>(
    model: &M,
    settings: &Settings,
    progress: bool,
    engine: &'static str,
) -> Result<NutsRun<M::Draw>, Error> {
    let layout = Layout::of(model)?;
    layout.require_continuous(M::NAME)?;
    let density = OnLine {
        model,
        dim: layout.dim,
    };
    let line = Mutex::new(if progress {
        Progress::forced()
    } else {
        Progress::new(false)
    });
    let chains = run(&density, settings, &|status| {
        // A chain that finds another one writing leaves the line to it.
        if let Ok(mut line) = line.try_lock() {
            line.update(&status.to_string());
        }
    })
    .map_err(|e| match e {
        NutsError::Start { .. } => Error::Engine {
            model: M::NAME,
            engine,
            problem: with_cause(model, e.to_string()),
        },
        other => convert(M::NAME, engine, other),
    })?;
    if let Ok(line) = line.into_inner() {
        line.finish();
    }
    NutsRun::new(model, chains, settings, engine)
}

fn convert(model: &'static str, engine: &'static str, error: NutsError) -> Error {
    match error {
        NutsError::Setting { name, value, rule } => Error::Setting {
            argument: name,
            problem: format!("is {value}, but {rule}"),
        },
        NutsError::NoDimensions => Error::NoLatent { model },
        other => Error::Engine {
            model,
            engine,
            problem: other.to_string(),
        },
    }
}

/// A model as a log density on R^n.
struct OnLine<'m, M> {
    model: &'m M,
    dim: usize,
}

impl<M: Model + Sync> LogDensity for OnLine<'_, M> {
    type Worker = Evaluator;
    fn dim(&self) -> usize {
        self.dim
    }
    fn worker(&self) -> Evaluator {
        Evaluator::new()
    }
    fn value_and_gradient(
        &self,
        evaluator: &mut Evaluator,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        self.model.log_density_and_gradient(evaluator, u, gradient)
    }
}
