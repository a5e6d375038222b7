//! The corner plot.

use super::PlotError;
use super::canvas::{BLUE, Canvas, Font, LIGHT_BLUE, RED, WHITE, draw_svg};
use super::contour::contours;
use super::density::{Along, Placed, smooth};
use super::frame::Frame;
use crate::output::format::{fixed, significant};
use crate::output::table::Table;
use crate::output::weights::{Weighted, kish, normalised, resample};
use plotters::style::text_anchor::VPos;
use plotters::style::{Color, RGBColor};
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
const CELLS: usize = 96;
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

/// Draws the corner plot of a posterior to an SVG file: on the diagonal each column's histogram with its median and
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
    draw_svg(path.as_ref(), size, |canvas| {
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
                    histogram(canvas, frame, x, &weights)?;
                } else {
                    joint(canvas, frame, (x, y), (&weights, &picked), &options.levels)?;
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

fn histogram(
    canvas: &mut Canvas<'_>,
    mut frame: Frame,
    x: &Column,
    weights: &[f64],
) -> Result<(), PlotError> {
    let (low, high) = x.limits;
    let bins = if x.whole {
        (high - low).round() as usize
    } else {
        bins(x, weights)
    };
    let width = (high - low) / bins as f64;
    let mut heights = vec![0.0_f64; bins];
    for (v, w) in x.values.iter().zip(weights) {
        if (low..=high).contains(v) {
            heights[(((v - low) / width) as usize).min(bins - 1)] += w;
        }
    }
    let tallest = heights.iter().copied().fold(0.0, f64::max);
    frame.y = (0.0, 1.12 * tallest.max(f64::MIN_POSITIVE));
    let steps = |i: usize| {
        let (a, b) = (low + i as f64 * width, low + (i + 1) as f64 * width);
        [(a, heights[i]), (b, heights[i])]
    };
    frame.band(
        canvas,
        (0..bins).flat_map(|i| steps(i).map(|(x, y)| (x, 0.0, y))),
        LIGHT_BLUE.mix(0.75),
    )?;
    let ends = [(low, 0.0)]
        .into_iter()
        .chain((0..bins).flat_map(steps))
        .chain([(high, 0.0)]);
    frame.line(canvas, ends, BLUE.to_rgba(), 1.2)?;
    let upright = |v: f64| (frame.pixel(v, frame.y.0), frame.pixel(v, frame.y.1));
    for (i, &q) in x
        .quantiles
        .iter()
        .enumerate()
        .filter(|(_, q)| q.is_finite())
    {
        let (from, to) = upright(q);
        if i == 1 {
            canvas.path(&[from, to], BLUE.to_rgba(), 1.3)?;
        } else {
            canvas.dashed(from, to, BLUE.to_rgba(), 0.9)?;
        }
    }
    if let Some(truth) = x.truth.filter(|t| (low..=high).contains(t)) {
        let (from, to) = upright(truth);
        canvas.path(&[from, to], RED.to_rgba(), 1.1)?;
    }
    frame.outline(canvas)?;
    let middle = frame.corner.0 + frame.size.0 / 2.0;
    let above = |size: f64, bold: bool| Font {
        bold,
        down: VPos::Bottom,
        ..Font::new(size)
    };
    canvas.text(&x.name, (middle, frame.corner.1 - 17.0), above(11.5, true))?;
    canvas.text(
        &interval(x.quantiles),
        (middle, frame.corner.1 - 3.0),
        above(10.5, false),
    )
}

/// The median and the distances to the ends of the central 68 %: "1.23 +0.45 −0.43".
fn interval([low, median, high]: [f64; 3]) -> String {
    let (up, down) = (high - median, median - low);
    let spread = 0.5 * (up + down);
    if !spread.is_finite() || spread == 0.0 {
        return crate::output::format::short(median).replace('-', "\u{2212}");
    }
    let largest = median.abs().max(up).max(down);
    let exponent = largest.log10().floor() as i32;
    let (unit, open, close) = if (-4..6).contains(&exponent) && significant(spread, 2) <= 7 {
        (1.0, "", String::new())
    } else {
        (10f64.powi(exponent), "(", format!(")e{exponent}"))
    };
    let decimals = significant(spread / unit, 2);
    let part = |x: f64| fixed(x / unit, decimals);
    let text = format!(
        "{open}{} +{} -{}{close}",
        part(median),
        part(up),
        part(down)
    );
    text.replace('-', "\u{2212}")
}

/// The number of bars by Freedman & Diaconis' rule (1981), in reason.
fn bins(x: &Column, weights: &[f64]) -> usize {
    // The central 68 % of a normal are 1.47 times as wide as its quartiles' distance.
    let quartiles = (x.quantiles[2] - x.quantiles[0]) / 1.474;
    let width = 2.0 * quartiles / kish(weights).cbrt();
    let count = (x.limits.1 - x.limits.0) / width;
    if count.is_finite() {
        (count.ceil() as usize).clamp(12, 50)
    } else {
        13
    }
}

fn joint(
    canvas: &mut Canvas<'_>,
    frame: Frame,
    (x, y): (&Column, &Column),
    (weights, picked): (&[f64], &[usize]),
    levels: &[f64],
) -> Result<(), PlotError> {
    let unit = |v: f64, (low, high): (f64, f64)| (v - low) / (high - low);
    let place = |i: usize| (unit(x.values[i], x.limits), unit(y.values[i], y.limits));
    let inside = |i: &usize| {
        let (u, v) = place(*i);
        (0.0..=1.0).contains(&u) && (0.0..=1.0).contains(&v)
    };
    let points: Vec<Placed> = (0..weights.len())
        .filter(|i| weights[*i] > 0.0 && inside(i))
        .map(|i| (place(i).0, place(i).1, weights[i]))
        .collect();
    if !points.is_empty() {
        let density = smooth(&points, CELLS, [along(x), along(y)]);
        let grid = Grid {
            frame: &frame,
            x: x.limits,
            y: y.limits,
        };
        let mut heights: Vec<f64> = levels.iter().map(|&p| density.level(p)).collect();
        heights.sort_unstable_by(f64::total_cmp);
        heights.dedup();
        grid.shade(canvas, &density.mass, &heights)?;
        let outermost = heights.first().copied().unwrap_or(f64::INFINITY);
        for i in picked.iter().copied().filter(inside) {
            let (u, v) = place(i);
            if density.at(u, v) < outermost {
                let at = frame.pixel(x.values[i], y.values[i]);
                canvas.dot(at, 0.8, BLUE.mix(0.45))?;
            }
        }
        grid.outline(canvas, &density.mass, &heights)?;
    }
    let (tx, ty) = (x.truth, y.truth);
    for (x, y) in tx
        .map(|v| (Some(v), None))
        .into_iter()
        .chain(ty.map(|v| (None, Some(v))))
    {
        let across = |v: f64| [frame.pixel(frame.x.0, v), frame.pixel(frame.x.1, v)];
        let upright = |v: f64| [frame.pixel(v, frame.y.0), frame.pixel(v, frame.y.1)];
        let inside = |v: f64, (low, high): (f64, f64)| (low..=high).contains(&v);
        if let Some(v) = x.filter(|v| inside(*v, frame.x)) {
            canvas.path(&upright(v), RED.to_rgba(), 0.9)?;
        }
        if let Some(v) = y.filter(|v| inside(*v, frame.y)) {
            canvas.path(&across(v), RED.to_rgba(), 0.9)?;
        }
    }
    frame.outline(canvas)
}

/// Whole numbers become bars with gaps between.
fn along(column: &Column) -> Along {
    if column.whole {
        let unit = CELLS as f64 / (column.limits.1 - column.limits.0);
        Along::Even((0.35 * unit) as usize)
    } else {
        Along::Fitted
    }
}

/// The grid of a density within a frame.
struct Grid<'a> {
    frame: &'a Frame,
    x: (f64, f64),
    y: (f64, f64),
}

impl Grid<'_> {
    /// The pixel of a point in grid coordinates.
    fn pixel(&self, (i, j): (f64, f64)) -> (f64, f64) {
        let at = |k: f64, (low, high): (f64, f64)| {
            low + (k / CELLS as f64).clamp(0.0, 1.0) * (high - low)
        };
        self.frame.pixel(at(i, self.x), at(j, self.y))
    }

    /// Fills the contours, the widest first. Contours never cross, so that one that lies inside another is smaller and
    /// is painted later; a hole takes the colour of the level below.
    fn shade(
        &self,
        canvas: &mut Canvas<'_>,
        mass: &[f64],
        heights: &[f64],
    ) -> Result<(), PlotError> {
        let mut areas = Vec::new();
        for (k, &height) in heights.iter().enumerate() {
            for contour in contours(mass, CELLS, height) {
                areas.push((contour, k));
            }
        }
        areas.sort_by(|a, b| b.0.area.abs().total_cmp(&a.0.area.abs()));
        for (contour, k) in areas {
            let depth = if contour.area > 0.0 { k + 1 } else { k };
            let pixels: Vec<(f64, f64)> = contour.points.iter().map(|&p| self.pixel(p)).collect();
            canvas.polygon(&pixels, tint(depth, heights.len()).to_rgba())?;
        }
        Ok(())
    }

    fn outline(
        &self,
        canvas: &mut Canvas<'_>,
        mass: &[f64],
        heights: &[f64],
    ) -> Result<(), PlotError> {
        for &height in heights {
            for contour in contours(mass, CELLS, height) {
                let ring = contour.points.iter().chain(contour.points.first());
                let pixels: Vec<(f64, f64)> = ring.map(|&p| self.pixel(p)).collect();
                canvas.path(&pixels, BLUE.to_rgba(), 0.9)?;
            }
        }
        Ok(())
    }
}

/// From white at depth 0 to full blue beyond the last level.
fn tint(depth: usize, levels: usize) -> RGBColor {
    if depth == 0 {
        return WHITE;
    }
    let t = 0.28 + 0.5 * (depth - 1) as f64 / levels.max(2).saturating_sub(1) as f64;
    let mix = |c: u8| (255.0 + t * (f64::from(c) - 255.0)).round() as u8;
    let RGBColor(r, g, b) = BLUE;
    RGBColor(mix(r), mix(g), mix(b))
}
