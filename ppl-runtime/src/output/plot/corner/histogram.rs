//! A panel of the diagonal.

use super::super::PlotError;
use super::super::canvas::{BLUE, Canvas, Font, LIGHT_BLUE, RED};
use super::super::frame::Frame;
use super::Column;
use crate::output::format::{fixed, short, significant};
use crate::output::weights::kish;
use plotters::style::Color;
use plotters::style::text_anchor::VPos;

/// Draws a column's histogram with its quantiles, and its name above.
pub(super) fn draw(
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
        return short(median).replace('-', "\u{2212}");
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
