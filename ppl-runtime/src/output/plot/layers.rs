//! Curves, bands and points over one pair of axes.

use super::PlotError;
use super::canvas::{BLUE, Canvas, Font, GREY, INK, LIGHT_BLUE, RED, draw_file};
use super::frame::Frame;
use super::lines::range;
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color, RGBColor};
use std::path::Path;

/// One thing to draw. Layers lie on each other in their order; those with a name are in the legend.
#[derive(Clone, Debug)]
pub enum Layer<'a> {
    /// A curve; a NaN breaks it.
    Line {
        /// Its name in the legend.
        name: &'a str,
        /// Its points.
        points: &'a [(f64, f64)],
    },
    /// A thin pale curve, such as a part of a mixture.
    Thin {
        /// Its name in the legend.
        name: &'a str,
        /// Its points.
        points: &'a [(f64, f64)],
    },
    /// The area between two curves, such as a credible interval.
    Band {
        /// Its name in the legend.
        name: &'a str,
        /// x, the lower and the upper end.
        points: &'a [(f64, f64, f64)],
    },
    /// Dots, such as data.
    Dots {
        /// Its name in the legend.
        name: &'a str,
        /// Where they are.
        points: &'a [(f64, f64)],
    },
}

impl Layer<'_> {
    fn name(&self) -> &str {
        match self {
            Layer::Line { name, .. }
            | Layer::Thin { name, .. }
            | Layer::Band { name, .. }
            | Layer::Dots { name, .. } => name,
        }
    }
    /// All of its finite points.
    fn points(&self) -> Vec<(f64, f64)> {
        let finite = |p: &(f64, f64)| p.0.is_finite() && p.1.is_finite();
        match self {
            Layer::Line { points, .. }
            | Layer::Thin { points, .. }
            | Layer::Dots { points, .. } => points.iter().copied().filter(finite).collect(),
            Layer::Band { points, .. } => points
                .iter()
                .flat_map(|p| [(p.0, p.1), (p.0, p.2)])
                .filter(finite)
                .collect(),
        }
    }
    fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        frame: &Frame,
        colour: RGBColor,
    ) -> Result<(), PlotError> {
        let broken = |p: &(f64, f64)| {
            let finite = p.0.is_finite() && p.1.is_finite();
            if finite { *p } else { (f64::NAN, 0.0) }
        };
        match self {
            Layer::Line { points, .. } => {
                frame.line(canvas, points.iter().map(broken), colour.to_rgba(), 1.6)
            }
            Layer::Thin { points, .. } => {
                frame.line(canvas, points.iter().map(broken), GREY.mix(0.7), 0.8)
            }
            Layer::Band { points, .. } => {
                let finite = points
                    .iter()
                    .copied()
                    .filter(|p| (p.0 + p.1 + p.2).is_finite());
                frame.band(canvas, finite, LIGHT_BLUE.to_rgba())
            }
            Layer::Dots { .. } => self
                .points()
                .into_iter()
                .try_for_each(|(x, y)| canvas.dot(frame.pixel(x, y), 2.6, colour.to_rgba())),
        }
    }
    /// Its mark in the legend, between two points.
    fn mark(
        &self,
        canvas: &mut Canvas<'_>,
        (left, right, y): (f64, f64, f64),
        colour: RGBColor,
    ) -> Result<(), PlotError> {
        match self {
            Layer::Line { .. } => canvas.path(&[(left, y), (right, y)], colour.to_rgba(), 2.0),
            Layer::Thin { .. } => canvas.path(&[(left, y), (right, y)], GREY.mix(0.7), 0.9),
            Layer::Band { .. } => {
                canvas.rectangle((left, y - 4.5), (right, y + 4.5), LIGHT_BLUE.to_rgba())
            }
            Layer::Dots { .. } => canvas.dot((0.5 * (left + right), y), 2.8, colour.to_rgba()),
        }
    }
    /// Whether it takes a colour of its own.
    fn coloured(&self) -> bool {
        matches!(self, Layer::Line { .. } | Layer::Dots { .. })
    }
}

/// Draws layers to a file, with a legend above the frame. Up to four lines and sets of dots can be told apart.
///
/// ```
/// use ppl_runtime::output::plot::{Layer, layers};
/// let data = [(0.0, 1.2), (1.0, 1.9), (2.0, 3.4)];
/// let fit = [(0.0, 1.0), (2.0, 3.0)];
/// let path = std::env::temp_dir().join("ppl-doctest-layers.svg");
/// layers(&path, "Fit", ("x", "y"), &[
///     Layer::Line { name: "fit", points: &fit },
///     Layer::Dots { name: "data", points: &data },
/// ])?;
/// # std::fs::remove_file(&path).ok();
/// # Ok::<(), ppl_runtime::output::plot::PlotError>(())
/// ```
///
/// # Errors
/// If no point is finite, or the file can't be written.
pub fn layers(
    path: impl AsRef<Path>,
    title: &str,
    (x_name, y_name): (&str, &str),
    layers: &[Layer<'_>],
) -> Result<(), PlotError> {
    let points: Vec<(f64, f64)> = layers.iter().flat_map(Layer::points).collect();
    let (Some(x), Some(y)) = (
        range(points.iter().map(|p| p.0)),
        range(points.iter().map(|p| p.1)),
    ) else {
        return Err(PlotError::Empty("no finite point".to_owned()));
    };
    let colours = colours(layers);
    let (entries, rows) = legend(layers);
    let top = 40.0 + LEGEND_ROW * rows as f64;
    let margin = 0.04 * (y.1 - y.0);
    let frame = Frame {
        corner: (72.0, top),
        size: (560.0, 330.0),
        x,
        y: (y.0 - margin, y.1 + margin),
    };
    draw_file(path.as_ref(), (656.0, top + 382.0), |canvas| {
        let bold = Font {
            bold: true,
            ..Font::new(14.0)
        };
        canvas.text(title, (352.0, 22.0), bold)?;
        for (layer, colour) in layers.iter().zip(&colours) {
            layer.draw(canvas, &frame, *colour)?;
        }
        for (index, left, row) in entries {
            let y = 46.0 + LEGEND_ROW * row as f64;
            let (layer, colour) = (&layers[index], colours[index]);
            layer.mark(canvas, (left, left + MARK, y), colour)?;
            let font = Font {
                across: HPos::Left,
                down: VPos::Center,
                ..Font::new(11.0)
            };
            canvas.text(layer.name(), (left + MARK + 6.0, y), font)?;
        }
        frame.outline(canvas)?;
        frame.ticks_below(canvas, 6, true)?;
        frame.ticks_left(canvas, 5, true)?;
        frame.name_below(canvas, x_name, 34.0)?;
        frame.name_left(canvas, y_name, 54.0)
    })
}

const LEGEND_ROW: f64 = 17.0;
const MARK: f64 = 24.0;

/// A colour for each layer.
fn colours(layers: &[Layer<'_>]) -> Vec<RGBColor> {
    let all = [BLUE, RED, INK, GREY];
    let mut next = 0;
    layers
        .iter()
        .map(|layer| {
            let colour = all[next % all.len()];
            next += usize::from(layer.coloured());
            colour
        })
        .collect()
}

/// Where each named layer stands in the legend: its index, left end and row, each row in the middle; and how many rows
/// there are.
fn legend(layers: &[Layer<'_>]) -> (Vec<(usize, f64, usize)>, usize) {
    // About what a character of a sans-serif font takes.
    let width = |i: usize| MARK + 26.0 + 5.8 * layers[i].name().chars().count() as f64;
    let named = (0..layers.len()).filter(|i| !layers[*i].name().is_empty());
    let mut rows: Vec<(Vec<usize>, f64)> = Vec::new();
    for i in named {
        match rows.last_mut() {
            Some((row, total)) if *total + width(i) < 600.0 => {
                row.push(i);
                *total += width(i);
            }
            _ => rows.push((vec![i], width(i))),
        }
    }
    let mut entries = Vec::new();
    for (row, (indices, total)) in rows.iter().enumerate() {
        let mut left = 352.0 - 0.5 * (total - 20.0);
        for i in indices {
            entries.push((*i, left, row));
            left += width(*i);
        }
    }
    (entries, rows.len())
}
