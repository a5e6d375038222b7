//! Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari & Gelman 2018, "Validating Bayesian inference
//! algorithms with simulation-based calibration"): does an engine find the posteriors of a model?
//!
//! A true value is drawn from the prior, data are simulated from it, the engine is run on the data, and the true value
//! takes its rank among the draws. If the draws are from the posterior every rank is equally likely; too many extreme
//! ranks tell of draws that are too narrow, too few of draws that are too wide, a slope of a bias. The verdict is that of χ²
//! over bins and of the simultaneous band of the ranks' empirical distribution, whichever is worse.
//!
//! ```
//! use ppl_runtime::infer::calibration::{Settings, sbc};
//! use rand::RngExt;
//! use ppl_runtime::random::{Purpose, keyed};
//! use rand_distr::StandardNormal;
//!
//! // θ ~ N(0, 1), y ~ N(θ, 1): the posterior is N(y/2, √½).
//! let prior_and_data = |rng: &mut ppl_runtime::random::Rng| {
//!     let theta: f64 = rng.sample(StandardNormal);
//!     let noise: f64 = rng.sample(StandardNormal);
//!     (vec![theta], theta + noise)
//! };
//! let posterior = |spread: f64| {
//!     move |y: &f64, seed: u64| {
//!         let mut rng = keyed(seed, Purpose::User, 0, 0);
//!         let draws = (0..99).map(|_| y / 2.0 + spread * rng.sample::<f64, _>(StandardNormal));
//!         Ok(vec![vec![draws.collect()]])
//!     }
//! };
//! let settings = Settings { replications: 200, ..Settings::default() };
//! assert!(sbc(&settings, prior_and_data, posterior(0.5f64.sqrt()))?.p_value() > 1e-4);
//! assert!(sbc(&settings, prior_and_data, posterior(0.3))?.p_value() < 1e-4);
//! # Ok::<(), ppl_runtime::error::Error>(())
//! ```

mod draws;
mod ecdf;
mod ranks;
mod simulate;

pub use draws::{long_enough, nested_columns, nuts_columns};
pub use ranks::{Calibration, Ranks};
pub use simulate::{Simulated, prior_and_data};

use crate::error::Error;
use crate::random::{Purpose, Rng, keyed};
use rand::Rng as _;
use rayon::prelude::*;

/// The draws of an engine: of each quantity, its chains. Independent draws are one chain.
pub type Quantities = Vec<Vec<Vec<f64>>>;

/// How much is simulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Key of all randomness; the same seed gives the same ranks with any number of threads.
    pub seed: u64,
    /// How many true values; 100 by default. Five a bin or more are needed for the test.
    pub replications: usize,
    /// Among how many draws a true value takes its rank; 99 by default.
    pub draws: usize,
    /// Bins of the test; a divisor of `draws + 1`, 10 by default.
    pub bins: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seed: 0,
            replications: 100,
            draws: 99,
            bins: 10,
        }
    }
}

/// Ranks of true values among the draws that an engine makes from data simulated with them.
///
/// `prior_and_data` draws the true values of some quantities from the prior, and data given them. `fit` runs the
/// engine on the data, keyed by the seed that it is given, and returns its draws of the same quantities: either
/// `settings.draws` independent ones, or chains with at least twice as many effective draws, which are thinned evenly.
///
/// # Errors
/// Of the settings, of an engine, and of draws that are too few or of other quantities.
pub fn sbc<D>(
    settings: &Settings,
    prior_and_data: impl Fn(&mut Rng) -> (Vec<f64>, D) + Sync,
    fit: impl Fn(&D, u64) -> Result<Quantities, Error> + Sync,
) -> Result<Calibration, Error> {
    settings.check()?;
    let replications: Result<Vec<Vec<usize>>, Error> = (0..settings.replications as u64)
        .into_par_iter()
        .map(|r| {
            let mut rng = keyed(settings.seed, Purpose::Calibration, r, 0);
            let (truth, data) = prior_and_data(&mut rng);
            let fitted = fit(&data, rng.next_u64())?;
            let mut ties = keyed(settings.seed, Purpose::Tie, r, 0);
            draws::ranks(&truth, &fitted, settings.draws, &mut ties)
                .map_err(|problem| setting("fit", format!("replication {r}: {problem}")))
        })
        .collect();
    Ok(Calibration::new(&replications?, settings))
}

impl Settings {
    fn check(&self) -> Result<(), Error> {
        let ranks = self.draws + 1;
        if self.bins < 2 || !ranks.is_multiple_of(self.bins) {
            let problem = format!("{} bins do not divide {ranks} ranks evenly", self.bins);
            return Err(setting("bins", problem));
        }
        if self.replications < 5 * self.bins {
            let problem = format!("{} are fewer than five a bin", self.replications);
            return Err(setting("replications", problem));
        }
        Ok(())
    }
}

fn setting(argument: &'static str, problem: String) -> Error {
    Error::Setting { argument, problem }
}
