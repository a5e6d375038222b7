//! How a nested-sampling run went.

use super::PlotError;
use super::canvas::{BLUE, Canvas, Font, GREY, INK, LIGHT_BLUE, PALE, draw_file};
use super::frame::Frame;
use super::lines::range;
use crate::output::Estimate;
use crate::output::error::OutputError;
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};
use std::path::Path;

/// The course of a nested-sampling run: a number for each dead point in every slice but the last, which has one for
/// each replacement. A slice that is empty leaves out its panel.
#[derive(Copy, Clone, Debug, Default)]
pub struct NestedTrace<'a> {
    /// −ln X, the logarithm of the prior mass left inside, ascending.
    pub minus_ln_x: &'a [f64],
    /// The number of live points.
    pub live_points: &'a [f64],
    /// The log likelihood.
    pub ln_l: &'a [f64],
    /// The log of the posterior weight, on any scale.
    pub ln_weight: &'a [f64],
    /// The log evidence found so far.
    pub ln_z_cumulative: &'a [f64],
    /// The standard deviation of the log evidence found so far, for the error band.
    pub ln_z_sd: &'a [f64],
    /// New points a likelihood evaluation.
    pub efficiency: &'a [f64],
    /// The place of each new point among the live ones, scaled to [0, 1): uniform if the sampler is sound.
    pub insertion_ranks: &'a [f64],
    /// The log evidence, for the title.
    pub ln_z: Option<Estimate>,
    /// The title.
    pub title: &'a str,
}

const LEFT: f64 = 84.0;
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 118.0;
const GAP: f64 = 12.0;
const TOP: f64 = 46.0;
/// Bins of −ln X.
const BINS: usize = 140;

/// Draws the course of a nested-sampling run to a file: the live points, the likelihood, the posterior mass, the
/// evidence and the efficiency against −ln X, and the histogram of insertion ranks with the band in which 68 % and
/// 95 % of its bars fall if they are uniform (Fowlie, Handley & Su 2020, "Nested sampling cross-checks using order
/// statistics").
pub fn nested_diagnostics(
    path: impl AsRef<Path>,
    trace: &NestedTrace<'_>,
) -> Result<(), PlotError> {
    let n = trace.minus_ln_x.len();
    let series = [
        ("live points:", trace.live_points),
        ("log likelihoods:", trace.ln_l),
        ("log weights:", trace.ln_weight),
        ("cumulative log evidences:", trace.ln_z_cumulative),
        ("errors of the log evidence:", trace.ln_z_sd),
        ("efficiencies:", trace.efficiency),
    ];
    for (name, values) in series {
        if !values.is_empty() {
            OutputError::same_length((name, values.len()), ("values of −ln X:", n))?;
        }
    }
    let Some(x) = range(trace.minus_ln_x.iter().copied().filter(|x| x.is_finite())) else {
        return Err(PlotError::Empty("the run has no dead points".to_owned()));
    };

    type Panel = fn(&mut Canvas<'_>, Frame, &NestedTrace<'_>) -> Result<(), PlotError>;
    let candidates: [(bool, &str, Panel); 5] = [
        (!trace.live_points.is_empty(), "live points", live_points),
        (!trace.ln_l.is_empty(), "L / max L", likelihood),
        (!trace.ln_weight.is_empty(), "posterior mass", mass),
        (!trace.ln_z_cumulative.is_empty(), "Z / Ẑ", evidence),
        (!trace.efficiency.is_empty(), "efficiency", efficiency),
    ];
    let panels: Vec<(&str, Panel)> = candidates
        .iter()
        .filter(|c| c.0)
        .map(|c| (c.1, c.2))
        .collect();
    let ranks = !trace.insertion_ranks.is_empty();
    let main = TOP + panels.len() as f64 * (HEIGHT + GAP) - GAP + 46.0;
    let total = if ranks {
        main + 14.0 + HEIGHT + 46.0
    } else {
        main
    };

    draw_file(path.as_ref(), (LEFT + WIDTH + 22.0, total), |canvas| {
        title(canvas, trace)?;
        for (k, (name, panel)) in panels.iter().enumerate() {
            let frame = Frame {
                corner: (LEFT, TOP + k as f64 * (HEIGHT + GAP)),
                size: (WIDTH, HEIGHT),
                x,
                y: (0.0, 1.0),
            };
            panel(canvas, frame, trace)?;
            let lowest = k + 1 == panels.len();
            frame.ticks_below(canvas, 8, lowest)?;
            frame.name_left(canvas, name, 62.0)?;
            if lowest {
                frame.name_below(canvas, "−ln X", 34.0)?;
            }
        }
        if ranks {
            insertion_ranks(canvas, main + 14.0, trace.insertion_ranks)?;
        }
        Ok(())
    })
}

fn title(canvas: &mut Canvas<'_>, trace: &NestedTrace<'_>) -> Result<(), PlotError> {
    let left = Font {
        bold: true,
        across: HPos::Left,
        ..Font::new(14.0)
    };
    canvas.text(trace.title, (LEFT, 26.0), left)?;
    if let Some(z) = trace.ln_z {
        let right = Font {
            across: HPos::Right,
            ..Font::new(12.5)
        };
        let text = format!("ln Z = {z}").replace('-', "\u{2212}");
        canvas.text(&text, (LEFT + WIDTH, 26.0), right)?;
    }
    Ok(())
}

/// Outline and vertical ticks, on top of what the frame holds.
fn finish(canvas: &mut Canvas<'_>, frame: &Frame) -> Result<(), PlotError> {
    frame.outline(canvas)?;
    frame.ticks_left(canvas, 4, true)
}

/// A curve from zero up.
fn curve(canvas: &mut Canvas<'_>, mut frame: Frame, x: &[f64], y: &[f64]) -> Result<(), PlotError> {
    let top = y
        .iter()
        .copied()
        .filter(|v| v.is_finite())
        .fold(0.0, f64::max);
    frame.y = (0.0, if top > 0.0 { 1.1 * top } else { 1.0 });
    let points = || x.iter().copied().zip(y.iter().copied());
    frame.band(
        canvas,
        points().map(|(x, y)| (x, 0.0, y)),
        LIGHT_BLUE.mix(0.55),
    )?;
    frame.line(canvas, points(), BLUE.to_rgba(), 1.4)?;
    finish(canvas, &frame)
}

fn live_points(
    canvas: &mut Canvas<'_>,
    frame: Frame,
    trace: &NestedTrace<'_>,
) -> Result<(), PlotError> {
    curve(canvas, frame, trace.minus_ln_x, trace.live_points)
}

/// The mean over bins: the numbers of single batches scatter.
fn efficiency(
    canvas: &mut Canvas<'_>,
    frame: Frame,
    trace: &NestedTrace<'_>,
) -> Result<(), PlotError> {
    let known = |i: usize| {
        if trace.efficiency[i].is_finite() {
            1.0
        } else {
            0.0
        }
    };
    let (centres, sums) = binned(&frame, trace.minus_ln_x, |i| trace.efficiency[i]);
    let (_, counts) = binned(&frame, trace.minus_ln_x, known);
    let filled = (0..BINS).filter(|&i| counts[i] > 0.0);
    let (x, y): (Vec<f64>, Vec<f64>) = filled.map(|i| (centres[i], sums[i] / counts[i])).unzip();
    curve(canvas, frame, &x, &y)
}

/// The centres of the bins of −ln X, and the sums of what falls into them.
fn binned(frame: &Frame, minus_ln_x: &[f64], value: impl Fn(usize) -> f64) -> (Vec<f64>, Vec<f64>) {
    let width = (frame.x.1 - frame.x.0) / BINS as f64;
    let mut sums = vec![0.0; BINS];
    for (i, x) in minus_ln_x.iter().enumerate() {
        let value = value(i);
        if x.is_finite() && value.is_finite() {
            sums[(((x - frame.x.0) / width) as usize).min(BINS - 1)] += value;
        }
    }
    let centres = (0..BINS)
        .map(|i| frame.x.0 + (i as f64 + 0.5) * width)
        .collect();
    (centres, sums)
}

fn likelihood(
    canvas: &mut Canvas<'_>,
    frame: Frame,
    trace: &NestedTrace<'_>,
) -> Result<(), PlotError> {
    let top = greatest(trace.ln_l);
    let relative: Vec<f64> = trace.ln_l.iter().map(|l| (l - top).exp()).collect();
    curve(canvas, frame, trace.minus_ln_x, &relative)
}

/// The density of the posterior in −ln X, from weights summed over bins: a weight alone depends on the number of live
/// points at its place.
fn mass(canvas: &mut Canvas<'_>, frame: Frame, trace: &NestedTrace<'_>) -> Result<(), PlotError> {
    let top = greatest(trace.ln_weight);
    let (centres, mut density) = binned(&frame, trace.minus_ln_x, |i| {
        (trace.ln_weight[i] - top).exp()
    });
    let total = density.iter().sum::<f64>() * (frame.x.1 - frame.x.0) / BINS as f64;
    density.iter_mut().for_each(|d| *d /= total);
    curve(canvas, frame, &centres, &density)
}

fn evidence(
    canvas: &mut Canvas<'_>,
    mut frame: Frame,
    trace: &NestedTrace<'_>,
) -> Result<(), PlotError> {
    let (x, ln_z) = (trace.minus_ln_x, trace.ln_z_cumulative);
    let last = greatest(ln_z);
    let at = |i: usize, shift: f64| (ln_z[i] - last + shift).exp();
    let last_sd = trace
        .ln_z_sd
        .last()
        .copied()
        .filter(|s| s.is_finite())
        .unwrap_or(0.0);
    frame.y = (0.0, (1.1 * last_sd.exp()).clamp(1.15, 4.0));
    let end = frame.pixel(frame.x.1, 1.0);
    canvas.dashed((frame.corner.0, end.1), end, GREY.to_rgba(), 0.8)?;
    if !trace.ln_z_sd.is_empty() {
        let band = (0..x.len()).map(|i| (x[i], at(i, -trace.ln_z_sd[i]), at(i, trace.ln_z_sd[i])));
        frame.band(canvas, band, LIGHT_BLUE.mix(0.8))?;
        frame.remark(canvas, "band: ± 1 sd of ln Z")?;
    }
    frame.line(
        canvas,
        (0..x.len()).map(|i| (x[i], at(i, 0.0))),
        BLUE.to_rgba(),
        1.6,
    )?;
    finish(canvas, &frame)
}

fn insertion_ranks(canvas: &mut Canvas<'_>, top: f64, ranks: &[f64]) -> Result<(), PlotError> {
    let inside: Vec<f64> = ranks
        .iter()
        .copied()
        .filter(|r| (0.0..=1.0).contains(r))
        .collect();
    let bins = ((inside.len() as f64 / 50.0).sqrt() as usize).clamp(10, 40);
    let mut counts = vec![0.0; bins];
    for r in &inside {
        counts[((r * bins as f64) as usize).min(bins - 1)] += 1.0;
    }
    let p = 1.0 / bins as f64;
    let expected = inside.len() as f64 * p;
    // Relative to what uniform ranks give on average.
    let sd = ((1.0 - p) / expected.max(1.0)).sqrt();
    let heights: Vec<f64> = counts
        .iter()
        .map(|c| c / expected.max(f64::MIN_POSITIVE))
        .collect();
    let tallest = heights.iter().copied().fold(1.0 + 3.0 * sd, f64::max);
    let lowest = heights.iter().copied().fold(1.0 - 3.0 * sd, f64::min);
    let margin = 0.08 * (tallest - lowest);
    let frame = Frame {
        corner: (LEFT, top),
        size: (WIDTH, HEIGHT),
        x: (0.0, 1.0),
        y: ((lowest - margin).max(0.0), tallest + margin),
    };
    for (k, shade) in [(2.0, PALE.mix(0.7)), (1.0, PALE.to_rgba())] {
        canvas.rectangle(
            frame.pixel(0.0, 1.0 + k * sd),
            frame.pixel(1.0, 1.0 - k * sd),
            shade,
        )?;
    }
    canvas.dashed(
        frame.pixel(0.0, 1.0),
        frame.pixel(1.0, 1.0),
        GREY.to_rgba(),
        0.8,
    )?;
    let edges = (0..bins).flat_map(|i| {
        let (a, b) = (i as f64 * p, (i + 1) as f64 * p);
        [(a, heights[i]), (b, heights[i])]
    });
    frame.line(canvas, edges, BLUE.to_rgba(), 1.5)?;
    finish(canvas, &frame)?;
    frame.ticks_below(canvas, 6, true)?;
    frame.name_left(canvas, "frequency", 62.0)?;
    frame.name_below(canvas, "insertion rank", 34.0)?;
    let font = Font {
        across: HPos::Right,
        down: VPos::Top,
        colour: INK,
        ..Font::new(10.5)
    };
    let text = format!("{} new points; bands: 68 and 95 % if uniform", inside.len());
    canvas.text(&text, (frame.right() - 8.0, top + 6.0), font)
}

/// The greatest value that is a number.
fn greatest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}
