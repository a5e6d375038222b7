//! A diagonal metric from draws and the gradients there, learnt from the first transition on.

use super::estimate::Moments;
use super::inverse_metric::InverseMetric;
use super::leapfrog::State;

/// Two running estimates. The metric comes from `older`; every draw goes into both, and when `newer` has had a window's
/// draws it takes the place of `older` and a fresh one begins. So the metric always rests on between one and two
/// windows' draws, and forgets the way to the typical set (Seyboldt, Carlson & Carpenter 2026, "Preconditioning
/// Hamiltonian Monte Carlo by minimizing Fisher divergence").
///
/// For a draw x with gradient g the variances sd(x)/sd(g) minimise the Fisher divergence to a normal with diagonal
/// covariance. Where coordinates are correlated they lie between the variance given the others, which bounds the step, and
/// that without them, which sets the way to go.
#[derive(Clone, Debug)]
pub(super) struct Fisher {
    older: Pair,
    newer: Pair,
    schedule: Sliding,
    /// The log density of the last draw: transitions that stay teach nothing.
    last: f64,
}

/// Moments of draws and of gradients.
#[derive(Clone, Debug)]
struct Pair {
    draws: Moments,
    gradients: Moments,
}

impl Pair {
    fn new(dim: usize) -> Self {
        Pair {
            draws: Moments::new(dim),
            gradients: Moments::new(dim),
        }
    }
    fn add(&mut self, state: &State) {
        self.draws.add(&state.q);
        self.gradients.add(&state.g);
    }
}

/// Draws from which a metric is made.
const FEWEST: usize = 3;

impl Fisher {
    /// Starts at an initial point, and gives its metric: the inverse of the gradient's size, which is right for a normal
    /// at one standard deviation from its mean.
    pub(super) fn new(warmup: usize, start: &State) -> (Self, InverseMetric) {
        let dim = start.q.len();
        let mut fisher = Fisher {
            older: Pair::new(dim),
            newer: Pair::new(dim),
            schedule: Sliding::new(warmup),
            last: start.log_density,
        };
        fisher.older.add(start);
        fisher.newer.add(start);
        let variance = start.g.iter().map(|g| usable(1.0 / g.abs(), 1.0)).collect();
        (fisher, InverseMetric::Diagonal(variance))
    }

    /// Learns from transition `t`, and sets the variances; whether it did so for the first time.
    pub(super) fn learn(&mut self, t: usize, state: &State, metric: &mut InverseMetric) -> bool {
        if !self.schedule.learns(t) {
            return false;
        }
        if state.log_density != self.last {
            self.last = state.log_density;
            self.older.add(state);
            self.newer.add(state);
        }
        if self.schedule.switches(t, self.newer.draws.count()) {
            let fresh = Pair::new(state.q.len());
            self.older = std::mem::replace(&mut self.newer, fresh);
        }
        let InverseMetric::Diagonal(variance) = metric else {
            return false;
        };
        let pair = &self.older;
        if pair.draws.count() < FEWEST {
            return false;
        }
        let squares = pair.draws.squares().iter().zip(pair.gradients.squares());
        for (v, (x, g)) in variance.iter_mut().zip(squares) {
            *v = usable((x / g).sqrt(), *v);
        }
        self.schedule.first_metric()
    }
}

/// A variance, or another where it is none.
fn usable(variance: f64, otherwise: f64) -> f64 {
    if variance.is_finite() && variance > 0.0 {
        variance.clamp(1e-20, 1e20)
    } else {
        otherwise
    }
}

/// When windows end: early ones are short, since the chain is still on its way; later ones grow.
#[derive(Clone, Debug)]
struct Sliding {
    early: usize,
    end: usize,
    window: usize,
    started: bool,
}

/// The part of a warm-up that has short windows.
const EARLY_PART: f64 = 0.3;
/// The part at its end that settles the step size alone.
const LAST_PART: f64 = 0.15;
/// Draws of a short window.
const SHORT: usize = 10;
/// Draws of the first long window.
const LONG: usize = 80;
/// By how much long windows grow.
const GROWTH: f64 = 1.5;

impl Sliding {
    fn new(warmup: usize) -> Self {
        let part = |of: f64| (of * warmup as f64) as usize;
        Sliding {
            early: part(EARLY_PART),
            end: warmup - part(LAST_PART),
            window: LONG,
            started: false,
        }
    }
    fn learns(&self, t: usize) -> bool {
        t < self.end
    }
    /// Whether the newer estimate, with so many draws, takes over after transition `t`. The next one must have time to
    /// fill.
    fn switches(&mut self, t: usize, draws: usize) -> bool {
        if t < self.early {
            return draws >= SHORT && t + SHORT <= self.end;
        }
        let next = (GROWTH * self.window as f64) as usize;
        let switches = draws >= self.window && t + next <= self.end;
        if switches {
            self.window = next;
        }
        switches
    }
    fn first_metric(&mut self) -> bool {
        !std::mem::replace(&mut self.started, true)
    }
}
