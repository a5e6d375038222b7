//! Plots as files: the diagnostics of a nested-sampling run, the corner plot of a posterior, and lines.
//!
//! A file is an SVG, its text in whatever sans-serif font the viewer has. With the cargo feature `png`, a name that ends in
//! `.png` gives a PNG file, two pixels for each of the drawing's, its text in DejaVu Sans; `to_png` takes other scales.
//! Without the feature such a name is an error.

mod canvas;
mod contour;
mod corner;
mod density;
mod frame;
mod layers;
mod lines;
mod nested;
#[cfg(feature = "png")]
mod png;
mod ticks;

pub use corner::{CornerOptions, corner};
pub use layers::{Layer, layers};
pub use lines::{Series, lines};
pub use nested::{NestedTrace, nested_diagnostics};
#[cfg(feature = "png")]
pub use png::to_png;

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
    /// The file's name asks for a format that this build cannot write.
    #[error(
        "cannot write {0}: PNG files need the cargo feature `png`; without it, end the name in .svg"
    )]
    Format(String),
    /// The drawing itself failed.
    #[error("cannot draw: {0}")]
    Draw(String),
}
