//! What people look at after a run: draws, estimates, summaries, diagnostics, files and plots.
//!
//! Everything here is concrete: it knows numbers and names, not models or engines.

pub mod diagnostics;
mod divergent_place;
mod draws;
mod error;
mod estimate;
mod format;
mod log_likelihood;
mod loo;
mod mcmc_summary;
pub(crate) mod nearest;
pub(crate) mod pareto;
pub mod plot;
mod progress;
mod quantity;
mod summary;
mod table;
mod text_table;
mod weighted;
mod weights;

pub use draws::Draws;
pub use error::OutputError;
pub use estimate::Estimate;
pub use log_likelihood::{LogLikelihood, SiteLogLikelihood};
pub use loo::Elpd;
pub use mcmc_summary::{McmcRow, McmcSummary};
pub use progress::Progress;
pub use quantity::Quantity;
pub use summary::{LogDensities, Summary, SummaryRow};
pub use table::Table;
pub use weighted::WeightedDraws;
