//! When the windows of a sliding estimate end.

/// Early windows are short, since the chain is still on its way; later ones grow; the last transitions settle the step
/// size alone.
#[derive(Clone, Debug)]
pub(super) struct Sliding {
    first: usize,
    early: usize,
    settles: usize,
    end: usize,
    window: usize,
    arrived: bool,
}

/// The part of a warm-up in which trajectories are kept short, and their most doublings: the metric is not known yet, and a
/// trajectory of a thousand steps would teach no more than one of thirty.
const FIRST_PART: f64 = 0.05;
const FIRST_DOUBLINGS: u32 = 5;
/// The part of a warm-up that has short windows.
const EARLY_PART: f64 = 0.1;
/// Where the step size begins to settle.
const SETTLING_FROM: f64 = 0.5;
/// The part at its end that settles the step size alone, at most so many transitions.
const LAST_PART: f64 = 0.1;
const LAST: usize = 100;
/// Draws of a short window.
const SHORT: usize = 10;
/// Draws of the first long window.
const LONG: usize = 80;
/// By how much long windows grow.
const GROWTH: f64 = 1.5;

impl Sliding {
    pub(super) fn new(warmup: usize) -> Self {
        let part = |of: f64| (of * warmup as f64) as usize;
        Sliding {
            first: part(FIRST_PART),
            early: part(EARLY_PART),
            settles: part(SETTLING_FROM),
            end: warmup - part(LAST_PART).min(LAST),
            window: LONG,
            arrived: false,
        }
    }
    /// How often the trajectory of transition `t` may double.
    pub(super) fn most_doublings(&self, t: usize) -> u32 {
        if t < self.first {
            FIRST_DOUBLINGS
        } else {
            u32::MAX
        }
    }
    /// Whether transition `t` teaches the metric.
    pub(super) fn learns(&self, t: usize) -> bool {
        t < self.end
    }
    /// Whether it is the last that does.
    pub(super) fn last(&self, t: usize) -> bool {
        t + 1 == self.end
    }
    /// Whether the step size begins to settle after transition `t`.
    pub(super) fn settles(&self, t: usize) -> bool {
        t + 1 == self.settles
    }
    /// Whether windows are still short.
    pub(super) fn early(&self, t: usize) -> bool {
        t < self.early || !self.arrived
    }
    /// Whether the newer estimate, with so many draws, takes over after transition `t`. While the log density `climbs` the
    /// chain is still on its way, and windows stay short. The next one must have time to fill.
    pub(super) fn switches(&mut self, t: usize, draws: usize, climbs: bool) -> bool {
        if self.early(t) {
            let switches = draws >= SHORT && t + SHORT <= self.end;
            if switches && t >= self.early {
                self.arrived = !climbs;
            }
            return switches;
        }
        let next = (GROWTH * self.window as f64) as usize;
        let switches = draws >= self.window && t + next <= self.end;
        if switches {
            self.window = next;
        }
        switches
    }
}
