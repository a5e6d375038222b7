//! An SVG drawing in fractions of a pixel.

use super::PlotError;
use crate::output::error::OutputError;
use plotters::prelude::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontFamily, FontStyle, FontTransform, RGBAColor, RGBColor, ShapeStyle, TextStyle,
};
use std::path::Path;

pub(super) const INK: RGBColor = RGBColor(0x26, 0x2b, 0x33);
pub(super) const GREY: RGBColor = RGBColor(0x8a, 0x92, 0x9c);
pub(super) const PALE: RGBColor = RGBColor(0xe3, 0xe7, 0xec);
pub(super) const WHITE: RGBColor = RGBColor(255, 255, 255);
pub(super) const BLUE: RGBColor = RGBColor(0x1f, 0x5a, 0x96);
pub(super) const LIGHT_BLUE: RGBColor = RGBColor(0xc3, 0xd9, 0xee);
pub(super) const RED: RGBColor = RGBColor(0xc0, 0x39, 0x2b);

/// The backend counts in whole units: so many of them make a pixel.
const UNITS: f64 = 16.0;

/// Where a text stands relative to its point.
#[derive(Copy, Clone)]
pub(super) struct Font {
    pub size: f64,
    pub bold: bool,
    pub colour: RGBColor,
    pub across: HPos,
    pub down: VPos,
    /// Reads upwards.
    pub upwards: bool,
}

impl Font {
    pub(super) fn new(size: f64) -> Self {
        Self {
            size,
            bold: false,
            colour: INK,
            across: HPos::Center,
            down: VPos::Center,
            upwards: false,
        }
    }
}

/// A drawing of a given size in pixels, the origin at its upper left.
pub(super) struct Canvas<'a> {
    backend: SVGBackend<'a>,
}

type Point = (f64, f64);

fn units((x, y): Point) -> (i32, i32) {
    // `as` saturates, so that a coordinate gone wild cannot wrap round.
    ((x * UNITS).round() as i32, (y * UNITS).round() as i32)
}

fn shape(colour: RGBAColor, width: f64) -> ShapeStyle {
    ShapeStyle {
        color: colour,
        filled: true,
        stroke_width: (width * UNITS).round() as u32,
    }
}

fn failed(error: impl std::fmt::Display) -> PlotError {
    PlotError::Draw(error.to_string())
}

/// Draws on a white canvas and writes the file, in the format of its name.
pub(super) fn draw_file(
    path: &Path,
    size: (f64, f64),
    draw: impl FnOnce(&mut Canvas<'_>) -> Result<(), PlotError>,
) -> Result<(), PlotError> {
    let ending = path.extension().unwrap_or_default();
    let file = if ending.eq_ignore_ascii_case("png") {
        rasterised(path, &svg(size, draw)?)?
    } else {
        svg(size, draw)?.into_bytes()
    };
    std::fs::write(path, file).map_err(|e| OutputError::io(path, e).into())
}

#[cfg(feature = "png")]
fn rasterised(_path: &Path, svg: &str) -> Result<Vec<u8>, PlotError> {
    super::png::to_png(svg, super::png::SCALE)
}

#[cfg(not(feature = "png"))]
fn rasterised(path: &Path, _svg: &str) -> Result<Vec<u8>, PlotError> {
    Err(PlotError::Format(path.display().to_string()))
}

/// The text of a drawing.
fn svg(
    (width, height): (f64, f64),
    draw: impl FnOnce(&mut Canvas<'_>) -> Result<(), PlotError>,
) -> Result<String, PlotError> {
    let mut text = String::new();
    let (w, h) = units((width, height));
    let mut canvas = Canvas {
        backend: SVGBackend::with_string(&mut text, (w.unsigned_abs(), h.unsigned_abs())),
    };
    canvas.rectangle((0.0, 0.0), (width, height), WHITE.to_rgba())?;
    draw(&mut canvas)?;
    canvas.backend.present().map_err(failed)?;
    drop(canvas);
    // The backend gives its units for the size on paper; the view box keeps the fractions.
    Ok(text.replacen(
        &format!("width=\"{w}\" height=\"{h}\""),
        &format!("width=\"{width:.0}\" height=\"{height:.0}\""),
        1,
    ))
}

impl Canvas<'_> {
    /// A line through points.
    pub(super) fn path(
        &mut self,
        points: &[Point],
        colour: RGBAColor,
        width: f64,
    ) -> Result<(), PlotError> {
        let points = points.iter().map(|&p| units(p));
        self.backend
            .draw_path(points, &shape(colour, width))
            .map_err(failed)
    }

    /// A straight dashed line.
    pub(super) fn dashed(
        &mut self,
        from: Point,
        to: Point,
        colour: RGBAColor,
        width: f64,
    ) -> Result<(), PlotError> {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy);
        let at = |s: f64| (from.0 + dx * s / length, from.1 + dy * s / length);
        let (dash, gap) = (4.0, 3.0);
        let mut s = 0.0;
        while s < length {
            self.path(&[at(s), at((s + dash).min(length))], colour, width)?;
            s += dash + gap;
        }
        Ok(())
    }

    /// A filled polygon.
    pub(super) fn polygon(&mut self, points: &[Point], colour: RGBAColor) -> Result<(), PlotError> {
        let points: Vec<(i32, i32)> = points.iter().map(|&p| units(p)).collect();
        self.backend
            .fill_polygon(points, &shape(colour, 0.0))
            .map_err(failed)
    }

    /// A filled rectangle between two corners.
    pub(super) fn rectangle(
        &mut self,
        a: Point,
        b: Point,
        colour: RGBAColor,
    ) -> Result<(), PlotError> {
        self.polygon(&[a, (b.0, a.1), b, (a.0, b.1)], colour)
    }

    /// A filled dot.
    pub(super) fn dot(
        &mut self,
        at: Point,
        radius: f64,
        colour: RGBAColor,
    ) -> Result<(), PlotError> {
        let radius = (radius * UNITS).round() as u32;
        self.backend
            .draw_circle(units(at), radius, &shape(colour, 0.0), true)
            .map_err(failed)
    }

    /// A line of text.
    pub(super) fn text(&mut self, text: &str, at: Point, font: Font) -> Result<(), PlotError> {
        let style = if font.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        // The backend divides the size by 1.24.
        let size = font.size * UNITS * 1.24;
        let turn = if font.upwards {
            FontTransform::Rotate270
        } else {
            FontTransform::None
        };
        let style = TextStyle::from((FontFamily::SansSerif, size, style))
            .color(&font.colour)
            .pos(Pos::new(font.across, font.down))
            .transform(turn);
        self.backend
            .draw_text(text, &style, units(at))
            .map_err(failed)
    }
}
