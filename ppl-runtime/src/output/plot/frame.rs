//! A rectangle with axes.

use super::PlotError;
use super::canvas::{Canvas, Font, GREY, INK};
use super::ticks::ticks;
use plotters::style::text_anchor::{HPos, VPos};
use plotters::style::{Color, RGBAColor};

/// A rectangle of the canvas, and the numbers that its edges stand for.
#[derive(Copy, Clone)]
pub(super) struct Frame {
    /// The upper left corner, in pixels.
    pub corner: (f64, f64),
    /// Width and height, in pixels.
    pub size: (f64, f64),
    /// The numbers at the left and right edges.
    pub x: (f64, f64),
    /// The numbers at the lower and upper edges.
    pub y: (f64, f64),
}

impl Frame {
    /// The pixel of a point, moved into the frame if it lies outside.
    pub(super) fn pixel(&self, x: f64, y: f64) -> (f64, f64) {
        let across = ((x - self.x.0) / (self.x.1 - self.x.0)).clamp(0.0, 1.0);
        let up = ((y - self.y.0) / (self.y.1 - self.y.0)).clamp(0.0, 1.0);
        (
            self.corner.0 + across * self.size.0,
            self.corner.1 + (1.0 - up) * self.size.1,
        )
    }

    pub(super) fn right(&self) -> f64 {
        self.corner.0 + self.size.0
    }

    pub(super) fn bottom(&self) -> f64 {
        self.corner.1 + self.size.1
    }

    /// A line through points of the frame; those that move less than a third of a pixel are left out, and a NaN breaks it.
    pub(super) fn line(
        &self,
        canvas: &mut Canvas<'_>,
        points: impl Iterator<Item = (f64, f64)>,
        colour: RGBAColor,
        width: f64,
    ) -> Result<(), PlotError> {
        let mut pixels: Vec<(f64, f64)> = Vec::new();
        for (x, y) in points {
            if x.is_nan() || y.is_nan() {
                canvas.path(&pixels, colour, width)?;
                pixels.clear();
            } else {
                thin(&mut pixels, self.pixel(x, y));
            }
        }
        canvas.path(&pixels, colour, width)
    }

    /// The area between two curves over the same places.
    pub(super) fn band(
        &self,
        canvas: &mut Canvas<'_>,
        points: impl Iterator<Item = (f64, f64, f64)>,
        colour: RGBAColor,
    ) -> Result<(), PlotError> {
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        for (x, low, high) in points.filter(|p| !(p.0 + p.1 + p.2).is_nan()) {
            thin(&mut lower, self.pixel(x, low));
            thin(&mut upper, self.pixel(x, high));
        }
        upper.extend(lower.into_iter().rev());
        canvas.polygon(&upper, colour)
    }

    /// The outline.
    pub(super) fn outline(&self, canvas: &mut Canvas<'_>) -> Result<(), PlotError> {
        let (l, t, r, b) = (self.corner.0, self.corner.1, self.right(), self.bottom());
        canvas.path(
            &[(l, t), (r, t), (r, b), (l, b), (l, t), (r, t)],
            INK.to_rgba(),
            0.9,
        )
    }

    /// Ticks below the lower edge, with or without their numbers.
    pub(super) fn ticks_below(
        &self,
        canvas: &mut Canvas<'_>,
        count: usize,
        numbers: bool,
    ) -> Result<(), PlotError> {
        for (x, label) in ticks(self.x.0, self.x.1, count) {
            let (px, bottom) = (self.pixel(x, self.y.0).0, self.bottom());
            canvas.path(&[(px, bottom), (px, bottom - 4.0)], INK.to_rgba(), 0.8)?;
            if numbers {
                let font = Font {
                    down: VPos::Top,
                    ..Font::new(10.5)
                };
                canvas.text(&label, (px, bottom + 5.0), font)?;
            }
        }
        Ok(())
    }

    /// Ticks at the left edge, with or without their numbers.
    pub(super) fn ticks_left(
        &self,
        canvas: &mut Canvas<'_>,
        count: usize,
        numbers: bool,
    ) -> Result<(), PlotError> {
        for (y, label) in ticks(self.y.0, self.y.1, count) {
            let (left, py) = (self.corner.0, self.pixel(self.x.0, y).1);
            canvas.path(&[(left, py), (left + 4.0, py)], INK.to_rgba(), 0.8)?;
            if numbers {
                let font = Font {
                    across: HPos::Right,
                    ..Font::new(10.5)
                };
                canvas.text(&label, (left - 5.0, py), font)?;
            }
        }
        Ok(())
    }

    /// The title of the axis below, so many pixels under the frame.
    pub(super) fn name_below(
        &self,
        canvas: &mut Canvas<'_>,
        name: &str,
        distance: f64,
    ) -> Result<(), PlotError> {
        let middle = self.corner.0 + self.size.0 / 2.0;
        canvas.text(name, (middle, self.bottom() + distance), Font::new(12.0))
    }

    /// The title of the axis at the left, so many pixels beside the frame.
    pub(super) fn name_left(
        &self,
        canvas: &mut Canvas<'_>,
        name: &str,
        distance: f64,
    ) -> Result<(), PlotError> {
        let middle = self.corner.1 + self.size.1 / 2.0;
        let font = Font {
            upwards: true,
            ..Font::new(12.0)
        };
        canvas.text(name, (self.corner.0 - distance, middle), font)
    }

    /// A grey remark in the upper left corner.
    pub(super) fn remark(&self, canvas: &mut Canvas<'_>, text: &str) -> Result<(), PlotError> {
        let font = Font {
            across: HPos::Left,
            down: VPos::Top,
            colour: GREY,
            ..Font::new(11.0)
        };
        canvas.text(text, (self.corner.0 + 8.0, self.corner.1 + 6.0), font)
    }
}

/// Adds a pixel if it lies apart from the last two; else it takes the place of the last, so that the end is kept.
fn thin(pixels: &mut Vec<(f64, f64)>, p: (f64, f64)) {
    let near = |q: &(f64, f64)| (q.0 - p.0).abs() < 0.33 && (q.1 - p.1).abs() < 0.33;
    match pixels.as_slice() {
        [.., before, last] if near(last) && near(before) => {
            let end = pixels.len() - 1;
            pixels[end] = p;
        }
        _ => pixels.push(p),
    }
}
