//! Plots as SVG files: the diagnostics of a nested-sampling run, the corner plot of a posterior, and lines.
//!
//! The text of a plot is text in the file, in whatever sans-serif font the viewer has.

mod canvas;
mod contour;
mod corner;
mod density;
mod frame;
mod layers;
mod lines;
mod nested;
mod ticks;

pub use corner::{CornerOptions, corner};
pub use layers::{Layer, layers};
pub use lines::{Series, lines};
pub use nested::{NestedTrace, nested_diagnostics};

use super::error::OutputError;
use thiserror::Error;

/// Why a plot was not made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PlotError {
    /// The numbers do not fit together, a column is unknown, or the file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// There is nothing to plot.
    #[error("nothing to plot: {0}")]
    Empty(String),
    /// The drawing itself failed.
    #[error("cannot draw: {0}")]
    Draw(String),
}
