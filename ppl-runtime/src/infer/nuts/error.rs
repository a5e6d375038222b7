//! What can go wrong with a run.

use super::LogDensity;

/// What can go wrong with a run of the sampler. Chains are numbered from 1 in the messages.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NutsError {
    /// A setting is out of range.
    #[error("`{name}` is {value}, but {rule}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// The density has no coordinate.
    #[error("the density has no coordinates")]
    NoDimensions,
    /// No initial point was found.
    #[error(
        "chain {}: none of {tries} points from U(−2, 2) has a finite log density and gradient; at the last {found}. Give \
         initial points with `initial`, or priors that hold the parameters where the likelihood is finite",
        chain + 1
    )]
    Start {
        /// The chain, from 0.
        chain: usize,
        /// How many points were tried.
        tries: usize,
        /// What the last one gave.
        found: NotFinite,
    },
    /// A given initial point is not usable.
    #[error("chain {}: at the given initial point {found}", chain + 1)]
    Given {
        /// The chain, from 0.
        chain: usize,
        /// What the point gave.
        found: NotFinite,
    },
    /// Even the smallest step changes the energy too much.
    #[error(
        "chain {}: no step size is small enough: the log density is not continuous at the chain's position, or its gradient is wrong",
        chain + 1
    )]
    NoStepSize {
        /// The chain, from 0.
        chain: usize,
    },
    /// Steps of any size are accepted.
    #[error(
        "chain {}: steps of any size are accepted: the posterior is improper or flat. Give every latent a proper prior",
        chain + 1
    )]
    Improper {
        /// The chain, from 0.
        chain: usize,
    },
}

/// What is not finite at a point.
#[derive(Copy, Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotFinite {
    /// The log density.
    #[error("the log density is {0}")]
    Value(f64),
    /// A derivative.
    #[error("the derivative with respect to coordinate {coordinate} is {value}")]
    Gradient {
        /// The coordinate of R^n.
        coordinate: usize,
        /// The derivative.
        value: f64,
    },
}

impl NotFinite {
    /// Evaluates the density, and says what is not finite.
    pub(super) fn check<L: LogDensity>(
        density: &L,
        worker: &mut L::Worker,
        u: &[f64],
        gradient: &mut [f64],
    ) -> Result<f64, NotFinite> {
        let value = density.value_and_gradient(worker, u, gradient);
        if !value.is_finite() {
            return Err(NotFinite::Value(value));
        }
        match gradient.iter().position(|g| !g.is_finite()) {
            Some(coordinate) => Err(NotFinite::Gradient {
                coordinate,
                value: gradient[coordinate],
            }),
            None => Ok(value),
        }
    }
}
