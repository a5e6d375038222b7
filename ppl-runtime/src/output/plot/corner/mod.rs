//! The corner plot.

mod histogram;
mod joint;

use super::PlotError;
use super::canvas::{Font, draw_file};
use super::frame::Frame;
use crate::output::table::Table;
use crate::output::weights::{Weighted, normalised, resample};
use std::path::Path;

/// What a corner plot shows.
#[derive(Clone, Debug)]
pub struct CornerOptions {
    /// The columns, by name; all of them if empty.
    pub columns: Vec<String>,
    /// The most columns shown; those beyond are left out.
    pub max_columns: usize,
    /// The probabilities inside the contours, between 0 and 1. One and two standard deviations of a normal in the plane
    /// are 39.3 % and 86.5 %.
    pub levels: Vec<f64>,
    /// True values to mark, by column.
    pub truths: Vec<(String, f64)>,
    /// The title; none if empty.
    pub title: String,
}

impl Default for CornerOptions {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            max_columns: 8,
            levels: vec![0.393, 0.865],
            truths: Vec::new(),
            title: String::new(),
        }
    }
}

/// The most points drawn outside the contours of a panel are those of so many draws.
const POINTS: usize = 1500;
const GAP: f64 = 9.0;
const LEFT: f64 = 66.0;
const BOTTOM: f64 = 54.0;

/// One column, ready to be drawn.
struct Column {
    name: String,
    values: Vec<f64>,
    /// Where the density is estimated.
    limits: (f64, f64),
    /// What the axis shows: a little more.
    axis: (f64, f64),
    /// The 16, 50 and 84 % quantiles.
    quantiles: [f64; 3],
    /// Whole numbers, a bar each.
    whole: bool,
    truth: Option<f64>,
}

/// Draws the corner plot of a posterior to a file: on the diagonal each column's histogram with its median and
/// central 68 % interval, below it the joint density of each pair in contours of highest density, with the draws
/// outside of the largest. Draws that lack a value (NaN) are left out of the panels that need it.
///
/// ```
/// use ppl_runtime::output::{Table, plot::{CornerOptions, corner}};
/// let mut table = Table::new(vec!["a".into(), "b".into()])?;
/// for i in 0..200 {
///     let t = f64::from(i);
///     table.push(&[t.sin(), (1.3 * t).cos()])?;
/// }
/// let path = std::env::temp_dir().join("ppl-doctest-corner.svg");
/// corner(&path, &table, None, &CornerOptions::default())?;
/// # std::fs::remove_file(&path).ok();
/// # Ok::<(), ppl_runtime::output::plot::PlotError>(())
/// ```
pub fn corner(
    path: impl AsRef<Path>,
    table: &Table,
    log_weights: Option<&[f64]>,
    options: &CornerOptions,
) -> Result<(), PlotError> {
    let weights = match log_weights {
        None => vec![1.0 / table.rows() as f64; table.rows()],
        Some(w) => {
            let rows = ("rows:", table.rows());
            crate::output::OutputError::same_length(rows, ("log weights:", w.len()))?;
            normalised(w)?
        }
    };
    let columns = chosen(table, &weights, options)?;
    let picked = resample(&weights, POINTS.min(table.rows()), 0);

    let k = columns.len();
    let side = if k <= 3 { 176.0 } else { 128.0 };
    let top = if options.title.is_empty() { 40.0 } else { 66.0 };
    let span = k as f64 * (side + GAP) - GAP;
    let size = (LEFT + span + 18.0, top + span + BOTTOM);
    draw_file(path.as_ref(), size, |canvas| {
        if !options.title.is_empty() {
            let font = Font {
                bold: true,
                ..Font::new(14.0)
            };
            canvas.text(&options.title, (LEFT + span / 2.0, 18.0), font)?;
        }
        for (row, y) in columns.iter().enumerate() {
            for (column, x) in columns.iter().enumerate().take(row + 1) {
                let step = side + GAP;
                let frame = Frame {
                    corner: (LEFT + column as f64 * step, top + row as f64 * step),
                    size: (side, side),
                    x: x.axis,
                    y: y.axis,
                };
                if row == column {
                    histogram::draw(canvas, frame, x, &weights)?;
                } else {
                    joint::draw(canvas, frame, (x, y), (&weights, &picked), &options.levels)?;
                    frame.ticks_left(canvas, 3, column == 0)?;
                }
                if column == 0 && row > 0 {
                    frame.name_left(canvas, &y.name, 52.0)?;
                }
                frame.ticks_below(canvas, 3, row + 1 == k)?;
                if row + 1 == k {
                    frame.name_below(canvas, &x.name, 33.0)?;
                }
            }
        }
        Ok(())
    })
}

fn chosen(
    table: &Table,
    weights: &[f64],
    options: &CornerOptions,
) -> Result<Vec<Column>, PlotError> {
    let names = if options.columns.is_empty() {
        table.names()
    } else {
        &options.columns
    };
    let mut columns = Vec::new();
    for name in names.iter().take(options.max_columns) {
        let values = table.column(name)?;
        let mut sorted = Weighted::new(values.iter().copied().zip(weights.iter().copied()));
        sorted.sort();
        let q = |p: f64| sorted.quantile(p);
        let seen = || {
            values
                .iter()
                .zip(weights)
                .filter(|(_, w)| **w > 0.0)
                .map(|(x, _)| *x)
        };
        let finite = || seen().filter(|x| x.is_finite());
        let Some((low, high)) = super::lines::range(finite()) else {
            return Err(PlotError::Empty(format!("no draw has a finite `{name}`")));
        };
        let whole = high - low <= 30.0 && finite().all(|x| x == x.round());
        // The density ends with the draws, unless a few stragglers are far out: where the draws end at a bound of the
        // parameter it is reflected.
        let (near, far) = (q(0.002), q(0.998));
        let margin = 0.15 * (far - near);
        let limits = if whole {
            (low - 0.5, high + 0.5)
        } else if margin > 0.0 {
            (low.max(near - margin), high.min(far + margin))
        } else {
            (low, high)
        };
        let pad = if whole {
            0.0
        } else {
            0.04 * (limits.1 - limits.0)
        };
        columns.push(Column {
            name: name.clone(),
            limits,
            axis: (limits.0 - pad, limits.1 + pad),
            quantiles: [q(0.16), q(0.5), q(0.84)],
            whole,
            truth: options.truths.iter().find(|t| t.0 == *name).map(|t| t.1),
            values,
        });
    }
    if columns.is_empty() {
        return Err(PlotError::Empty("no columns".to_owned()));
    }
    Ok(columns)
}
