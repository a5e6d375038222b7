//! Curves of y against x.

use super::PlotError;
use super::layers::{Layer, layers};
use std::path::Path;

/// A named curve.
#[derive(Clone, Debug)]
pub struct Series<'a> {
    /// Its name in the legend.
    pub name: &'a str,
    /// Its points; a NaN breaks the curve.
    pub points: &'a [(f64, f64)],
}

/// Draws curves, such as the losses of a fit against its steps, to a file. Up to four of them can be told apart.
///
/// ```
/// use ppl_runtime::output::plot::{Series, lines};
/// let loss: Vec<(f64, f64)> = (0..100).map(|i| (f64::from(i), 1.0 / f64::from(i + 1))).collect();
/// let path = std::env::temp_dir().join("ppl-doctest-lines.svg");
/// lines(&path, "Fit", ("step", "loss"), &[Series { name: "", points: &loss }])?;
/// # std::fs::remove_file(&path).ok();
/// # Ok::<(), ppl_runtime::output::plot::PlotError>(())
/// ```
pub fn lines(
    path: impl AsRef<Path>,
    title: &str,
    (x_name, y_name): (&str, &str),
    series: &[Series<'_>],
) -> Result<(), PlotError> {
    let all: Vec<Layer<'_>> = series
        .iter()
        .map(|s| Layer::Line {
            name: s.name,
            points: s.points,
        })
        .collect();
    layers(path, title, (x_name, y_name), &all)
}

/// The least and the greatest, a little apart where they are equal.
pub(super) fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
        (l.min(v), h.max(v))
    });
    if low > high {
        return None;
    }
    let pad = if low == high {
        0.5 * low.abs().max(1.0)
    } else {
        0.0
    };
    Some((low - pad, high + pad))
}
