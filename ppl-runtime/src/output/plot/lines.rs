//! Curves of y against x.

use super::PlotError;
use super::canvas::{BLUE, Font, GREY, INK, RED, draw_svg};
use super::frame::Frame;
use plotters::style::Color;
use plotters::style::text_anchor::{HPos, VPos};
use std::path::Path;

/// A named curve.
#[derive(Clone, Debug)]
pub struct Series<'a> {
    /// Its name in the legend.
    pub name: &'a str,
    /// Its points; a NaN breaks the curve.
    pub points: &'a [(f64, f64)],
}

/// Draws curves, such as the losses of a fit against its steps, to an SVG file. Up to four of them can be told apart.
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
    let finite = || {
        let points = series.iter().flat_map(|s| s.points);
        points
            .copied()
            .filter(|p| p.0.is_finite() && p.1.is_finite())
    };
    let (Some(x), Some(y)) = (range(finite().map(|p| p.0)), range(finite().map(|p| p.1))) else {
        return Err(PlotError::Empty("no finite point".to_owned()));
    };
    let margin = 0.04 * (y.1 - y.0);
    let frame = Frame {
        corner: (72.0, 42.0),
        size: (560.0, 330.0),
        x,
        y: (y.0 - margin, y.1 + margin),
    };
    draw_svg(path.as_ref(), (656.0, 424.0), |canvas| {
        canvas.text(
            title,
            (352.0, 22.0),
            Font {
                bold: true,
                ..Font::new(14.0)
            },
        )?;
        let colours = [BLUE, RED, INK, GREY];
        for (i, s) in series.iter().enumerate() {
            let colour = colours[i % colours.len()];
            let points = s.points.iter().copied();
            let points = points.map(|(x, y)| {
                if x.is_finite() && y.is_finite() {
                    (x, y)
                } else {
                    (f64::NAN, 0.0)
                }
            });
            frame.line(canvas, points, colour.to_rgba(), 1.4)?;
            if !s.name.is_empty() {
                let y = frame.corner.1 + 14.0 + 17.0 * i as f64;
                let x = frame.right() - 10.0;
                canvas.path(&[(x - 24.0, y), (x, y)], colour.to_rgba(), 2.0)?;
                let font = Font {
                    across: HPos::Right,
                    down: VPos::Center,
                    ..Font::new(11.0)
                };
                canvas.text(s.name, (x - 30.0, y), font)?;
            }
        }
        frame.outline(canvas)?;
        frame.ticks_below(canvas, 6, true)?;
        frame.ticks_left(canvas, 5, true)?;
        frame.name_below(canvas, x_name, 34.0)?;
        frame.name_left(canvas, y_name, 54.0)
    })
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
