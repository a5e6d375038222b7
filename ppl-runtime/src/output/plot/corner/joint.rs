//! A panel below the diagonal.

use super::super::PlotError;
use super::super::canvas::{BLUE, Canvas, RED, WHITE};
use super::super::contour::contours;
use super::super::density::{Along, Placed, smooth};
use super::super::frame::Frame;
use super::Column;
use plotters::style::{Color, RGBColor};

/// Cells along a side of the density's grid.
const CELLS: usize = 96;

/// Draws the joint density of two columns in contours, and the picked draws outside of them.
pub(super) fn draw(
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
