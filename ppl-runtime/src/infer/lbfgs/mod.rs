//! Minimisation by the limited-memory method of Broyden, Fletcher, Goldfarb and Shanno.

mod line_search;

use line_search::{Line, search};
use std::collections::VecDeque;

/// When to stop, and how much to remember.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Lbfgs {
    /// Pairs of steps and changes of the gradient that are remembered.
    pub memory: usize,
    /// The most iterations.
    pub iterations: usize,
    /// The largest component of the gradient at a minimum.
    pub gradient_tolerance: f64,
}

impl Default for Lbfgs {
    fn default() -> Self {
        Lbfgs {
            memory: 10,
            iterations: 2000,
            gradient_tolerance: 1e-8,
        }
    }
}

/// Where the search ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Minimum {
    /// The point.
    pub at: Vec<f64>,
    /// The value there.
    pub value: f64,
    /// The gradient there.
    pub gradient: Vec<f64>,
    /// Iterations.
    pub iterations: usize,
    /// Evaluations of value and gradient.
    pub evaluations: usize,
    /// Whether the gradient is within its tolerance, or the value can't be made smaller in its last digits.
    pub converged: bool,
}

/// A minimum of a function that writes its gradient and returns its value.
///
/// The direction is that of the two-loop recursion (Nocedal & Wright, *Numerical Optimization* (2006), algorithm 7.4),
/// the step satisfies the strong Wolfe conditions, or where the values differ by rounding alone the approximate ones
/// of Hager & Zhang (2005, eq. 4.1). A value that is not finite ends a step before it.
///
/// ```
/// use ppl_runtime::infer::map::{Lbfgs, minimise};
/// // Rosenbrock's function.
/// let found = minimise(&Lbfgs::default(), &[-1.2, 1.0], |x, g| {
///     let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
///     (g[0], g[1]) = (-2.0 * a - 400.0 * x[0] * b, 200.0 * b);
///     a * a + 100.0 * b * b
/// });
/// assert!(found.converged && (found.at[0] - 1.0).abs() < 1e-7 && (found.at[1] - 1.0).abs() < 1e-7);
/// ```
pub fn minimise(
    settings: &Lbfgs,
    start: &[f64],
    f: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Minimum {
    minimise_while(settings, start, f, |_| true)
}

/// The same for as long as `go_on`, which is shown where each iteration ended.
pub(crate) fn minimise_while(
    settings: &Lbfgs,
    start: &[f64],
    mut f: impl FnMut(&[f64], &mut [f64]) -> f64,
    mut go_on: impl FnMut(&Minimum) -> bool,
) -> Minimum {
    let n = start.len();
    let mut gradient = vec![0.0; n];
    let value = f(start, &mut gradient);
    let mut now = Minimum {
        at: start.to_vec(),
        value,
        gradient,
        iterations: 0,
        evaluations: 1,
        converged: false,
    };
    let mut pairs: VecDeque<Pair> = VecDeque::new();
    let mut direction = vec![0.0; n];
    while now.value.is_finite() && now.iterations < settings.iterations {
        if largest(&now.gradient) <= settings.gradient_tolerance {
            now.converged = true;
            break;
        }
        two_loops(&pairs, &now.gradient, &mut direction);
        let mut slope = dot(&direction, &now.gradient);
        if slope >= 0.0 || !slope.is_finite() {
            // What is remembered misleads.
            pairs.clear();
            two_loops(&pairs, &now.gradient, &mut direction);
            slope = dot(&direction, &now.gradient);
        }
        let first = if pairs.is_empty() {
            1.0f64.min(1.0 / largest(&now.gradient))
        } else {
            1.0
        };
        let line = Line {
            from: &now.at,
            direction: &direction,
            value: now.value,
            slope,
        };
        let Some(found) = search(&line, first, &mut f, &mut now.evaluations) else {
            if pairs.is_empty() {
                // Not even down the gradient: the value is as small as its digits allow.
                now.converged = largest(&now.gradient) <= small_for(now.value);
                break;
            }
            pairs.clear();
            continue;
        };
        let pair = Pair::of(&now.at, &found.at, &now.gradient, &found.gradient);
        if pair.curvature > 1e-14 * dot(&pair.change, &pair.change) {
            if pairs.len() == settings.memory.max(1) {
                pairs.pop_front();
            }
            pairs.push_back(pair);
        }
        (now.at, now.value, now.gradient) = (found.at, found.value, found.gradient);
        now.iterations += 1;
        if !go_on(&now) {
            break;
        }
    }
    now
}

/// What is left of the gradient where the value is at its minimum to within rounding.
fn small_for(value: f64) -> f64 {
    1e-6 * value.abs().max(1.0)
}

/// A step and the change of the gradient along it.
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
    curvature: f64,
}

impl Pair {
    fn of(from: &[f64], to: &[f64], before: &[f64], after: &[f64]) -> Pair {
        let difference =
            |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| b - a).collect() };
        let (step, change) = (difference(from, to), difference(before, after));
        let curvature = dot(&step, &change);
        Pair {
            step,
            change,
            curvature,
        }
    }
}

/// −H·gradient, with H the inverse Hessian that the pairs suggest.
fn two_loops(pairs: &VecDeque<Pair>, gradient: &[f64], direction: &mut [f64]) {
    for (d, g) in direction.iter_mut().zip(gradient) {
        *d = -g;
    }
    let mut alphas = Vec::with_capacity(pairs.len());
    for pair in pairs.iter().rev() {
        let alpha = dot(&pair.step, direction) / pair.curvature;
        add(direction, -alpha, &pair.change);
        alphas.push(alpha);
    }
    if let Some(last) = pairs.back() {
        let scale = last.curvature / dot(&last.change, &last.change);
        for d in direction.iter_mut() {
            *d *= scale;
        }
    }
    for (pair, alpha) in pairs.iter().zip(alphas.into_iter().rev()) {
        let beta = dot(&pair.change, direction) / pair.curvature;
        add(direction, alpha - beta, &pair.step);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], weight: f64, what: &[f64]) {
    for (t, w) in to.iter_mut().zip(what) {
        *t += weight * w;
    }
}

/// The largest component; NaN if there is one.
pub(crate) fn largest(x: &[f64]) -> f64 {
    x.iter()
        .fold(0.0, |m: f64, x| if x.abs() <= m { m } else { x.abs() })
}
