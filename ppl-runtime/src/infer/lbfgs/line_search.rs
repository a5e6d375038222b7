//! A step along a direction of descent.

use super::dot;

/// A direction from a point.
pub struct Line<'l> {
    /// The point.
    pub from: &'l [f64],
    /// The direction.
    pub direction: &'l [f64],
    /// The value at the point.
    pub value: f64,
    /// The derivative along the direction there, negative.
    pub slope: f64,
}

/// A point on a line.
pub struct Found {
    /// Where.
    pub at: Vec<f64>,
    /// The value.
    pub value: f64,
    /// The gradient.
    pub gradient: Vec<f64>,
    /// The step.
    step: f64,
    /// The derivative along the line.
    slope: f64,
}

/// Sufficient decrease and curvature (Nocedal & Wright 2006, eq. 3.7).
const DECREASE: f64 = 1e-4;
const CURVATURE: f64 = 0.9;
/// Evaluations of one search.
const MOST: usize = 40;

/// A step that satisfies the strong Wolfe conditions (Nocedal & Wright 2006, algorithms 3.5 and 3.6), or near a minimum
/// the approximate ones. None if none was found.
pub fn search(
    line: &Line<'_>,
    first: f64,
    f: &mut impl FnMut(&[f64], &mut [f64]) -> f64,
    evaluations: &mut usize,
) -> Option<Found> {
    let mut evaluate = |step: f64| {
        let at: Vec<f64> = line
            .from
            .iter()
            .zip(line.direction)
            .map(|(x, d)| x + step * d)
            .collect();
        let mut gradient = vec![0.0; at.len()];
        let value = f(&at, &mut gradient);
        *evaluations += 1;
        let slope = dot(&gradient, line.direction);
        Found {
            at,
            value,
            gradient,
            step,
            slope,
        }
    };
    let good = |p: &Found| {
        let decreased = p.value <= line.value + DECREASE * p.step * line.slope
            && p.slope.abs() <= -CURVATURE * line.slope;
        let rounding = 1e-13 * line.value.abs();
        let approximately = p.value <= line.value + rounding
            && p.slope >= CURVATURE * line.slope
            && p.slope <= (2.0 * DECREASE - 1.0) * line.slope;
        p.value.is_finite() && p.slope.is_finite() && (decreased || approximately)
    };
    // The best step so far (value, slope), and the other end of what brackets a good one.
    let (mut low, mut low_value, mut low_slope) = (0.0, line.value, line.slope);
    let mut high: Option<(f64, f64, f64)> = None;
    let mut step = first;
    for _ in 0..MOST {
        let p = evaluate(step);
        if good(&p) {
            return Some(p);
        }
        let worse = !(p.value.is_finite() && p.slope.is_finite())
            || p.value > line.value + DECREASE * step * line.slope
            || p.value >= low_value;
        if worse {
            high = Some((step, p.value, p.slope));
        } else {
            let turned = match high {
                Some((high, ..)) => p.slope * (high - low) >= 0.0,
                None => p.slope >= 0.0,
            };
            if turned {
                high = Some((low, low_value, low_slope));
            }
            (low, low_value, low_slope) = (step, p.value, p.slope);
        }
        step = match high {
            // Nothing beyond yet.
            None => 2.5 * step,
            Some((high, value, slope)) => {
                let between = cubic((low, low_value, low_slope), (high, value, slope));
                // Well inside the bracket, so that it shrinks.
                let (a, b) = (low.min(high), low.max(high));
                let margin = 0.1 * (b - a);
                match between {
                    Some(x) if x > a + margin && x < b - margin => x,
                    _ => 0.5 * (a + b),
                }
            }
        };
        if step == low || !step.is_finite() {
            return None;
        }
    }
    None
}

/// The minimum of the cubic through two points with these slopes (Nocedal & Wright 2006, eq. 3.59).
fn cubic(a: (f64, f64, f64), b: (f64, f64, f64)) -> Option<f64> {
    let d1 = a.2 + b.2 - 3.0 * (a.1 - b.1) / (a.0 - b.0);
    let root = d1 * d1 - a.2 * b.2;
    let d2 = (b.0 - a.0).signum() * root.sqrt();
    let x = b.0 - (b.0 - a.0) * (b.2 + d2 - d1) / (b.2 - a.2 + 2.0 * d2);
    x.is_finite().then_some(x)
}
