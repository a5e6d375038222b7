//! A metric from draws and the gradients there, learnt from the first transition on.

use super::estimate::Moments;
use super::inverse_metric::InverseMetric;
use super::leapfrog::State;
use super::low_rank::{FOR_DIRECTIONS, Pairs};
use super::sliding::Sliding;

/// What is learnt.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A variance a coordinate.
    Variances,
    /// The whole matrix.
    Whole,
    /// Scales and a few directions.
    Directions,
}

/// Two running estimates. The metric comes from `older`; every draw goes into both, and when `newer` has had a window's
/// draws it takes the place of `older` and a fresh one begins. So the metric always rests on between one and two
/// windows' draws, and forgets the way to the typical set (Seyboldt, Carlson & Carpenter 2026, "Preconditioning
/// Hamiltonian Monte Carlo by minimizing Fisher divergence").
///
/// For a draw x with gradient g the variances sd(x)/sd(g) minimise the Fisher divergence to a normal with diagonal
/// covariance. Where coordinates are correlated they lie between the variance given the others, which bounds the step, and
/// that without them, which sets the way to go. A whole matrix, or the part of it that matters, follows once there are
/// draws enough.
#[derive(Clone, Debug)]
pub(super) struct Fisher {
    shape: Shape,
    older: Window,
    newer: Window,
    schedule: Sliding,
    /// The log density of the last draw: transitions that stay teach nothing.
    last: f64,
    started: bool,
    /// Draws of `older` when a matrix was last made of them.
    made_of: usize,
}

/// Moments of draws and of gradients, and the pairs themselves where a matrix is learnt.
#[derive(Clone, Debug)]
struct Window {
    draws: Moments,
    gradients: Moments,
    pairs: Option<Pairs>,
    log_densities: f64,
}

impl Window {
    fn new(dim: usize, shape: Shape) -> Self {
        Window {
            draws: Moments::new(dim),
            gradients: Moments::new(dim),
            pairs: match shape {
                Shape::Variances => None,
                Shape::Whole => Some(Pairs::new(dim, usize::MAX)),
                Shape::Directions => Some(Pairs::new(dim, FOR_DIRECTIONS)),
            },
            log_densities: 0.0,
        }
    }
    fn add(&mut self, state: &State) {
        self.draws.add(&state.q);
        self.gradients.add(&state.g);
        if let Some(pairs) = &mut self.pairs {
            pairs.add(&state.q, &state.g);
        }
        self.log_densities += state.log_density;
    }
    fn count(&self) -> usize {
        self.draws.count()
    }
    fn log_density(&self) -> f64 {
        self.log_densities / self.count() as f64
    }
}

/// Draws from which variances are made.
const FEWEST: usize = 3;
/// Draws a coordinate from which a matrix is made.
const PER_COORDINATE: usize = 2;
/// Draws from which a few directions are.
const FEW: usize = 20;

impl Fisher {
    /// Starts at an initial point, and gives its metric: the inverse of the gradient's size, which is right for a normal
    /// at one standard deviation from its mean.
    pub(super) fn new(
        warmup: usize,
        shape: Shape,
        start: &State,
        way: &[State],
    ) -> (Self, InverseMetric) {
        let dim = start.q.len();
        let mut fisher = Fisher {
            shape,
            older: Window::new(dim, shape),
            newer: Window::new(dim, shape),
            schedule: Sliding::new(warmup),
            last: start.log_density,
            started: false,
            made_of: 0,
        };
        fisher.newer.add(start);
        if way.len() < FEWEST {
            fisher.older.add(start);
            let variance = start.g.iter().map(|g| usable(1.0 / g.abs(), 1.0)).collect();
            return (fisher, InverseMetric::Diagonal(variance));
        }
        for state in way {
            fisher.older.add(state);
        }
        let mut metric = InverseMetric::unit(dim);
        fisher.learn_variances(&mut metric);
        (fisher, metric)
    }

    /// Whether the step size begins to settle after transition `t`.
    pub(super) fn settles(&self, t: usize) -> bool {
        self.schedule.settles(t)
    }

    /// How often the trajectory of transition `t` may double.
    pub(super) fn most_doublings(&self, t: usize) -> u32 {
        self.schedule.most_doublings(t)
    }

    /// Learns from transition `t`, and sets the metric; whether the step size must be searched for.
    pub(super) fn learn(&mut self, t: usize, state: &State, metric: &mut InverseMetric) -> bool {
        if !self.schedule.learns(t) {
            return false;
        }
        if state.log_density != self.last {
            self.last = state.log_density;
            self.older.add(state);
            self.newer.add(state);
        }
        // Half the mean square of d normal coordinates has a standard deviation of √(d/2).
        let climbs = self.newer.log_density() - self.older.log_density()
            > 1.0 + (2.0 * state.q.len() as f64).sqrt();
        if self.schedule.switches(t, self.newer.count(), climbs) {
            let fresh = Window::new(state.q.len(), self.shape);
            self.older = std::mem::replace(&mut self.newer, fresh);
            self.made_of = 0;
        }
        if let Some(searched) = self.learn_matrix(t, metric) {
            return searched;
        }
        self.learn_variances(metric)
    }

    /// A metric with correlations, once there are draws enough for one and again as they grow by half; whether the step
    /// size must be searched for, nothing if variances are still to be learnt.
    fn learn_matrix(&mut self, t: usize, metric: &mut InverseMetric) -> Option<bool> {
        let known = !matches!(metric, InverseMetric::Diagonal(_));
        let (count, dim) = (self.older.count(), self.older.draws.squares().len());
        let enough = match self.shape {
            Shape::Variances => return None,
            // With many coordinates no window may ever have more: what was asked for is then made of those that there are.
            Shape::Whole if self.schedule.last(t) => FEWEST + dim,
            Shape::Whole => FEWEST + PER_COORDINATE * dim,
            Shape::Directions => FEW,
        };
        let more = 2 * count >= 3 * self.made_of || self.schedule.last(t);
        if count < enough || !more {
            return known.then_some(false);
        }
        let made = match (self.shape, &self.older.pairs) {
            (Shape::Whole, Some(pairs)) => pairs.whole(),
            (Shape::Directions, Some(pairs)) => pairs.directions(),
            _ => None,
        };
        let Some(made) = made else {
            return known.then_some(false);
        };
        *metric = made;
        self.made_of = count;
        Some(!known)
    }

    fn learn_variances(&mut self, metric: &mut InverseMetric) -> bool {
        let InverseMetric::Diagonal(variance) = metric else {
            return false;
        };
        if self.older.count() < FEWEST {
            return false;
        }
        let (x, g) = (self.older.draws.squares(), self.older.gradients.squares());
        for (v, (x, g)) in variance.iter_mut().zip(x.iter().zip(g)) {
            *v = usable((x / g).sqrt(), *v);
        }
        !std::mem::replace(&mut self.started, true)
    }
}

/// A variance, or another where it is none.
fn usable(variance: f64, otherwise: f64) -> f64 {
    if variance.is_finite() && variance > 0.0 {
        variance.clamp(1e-200, 1e200)
    } else {
        otherwise
    }
}
