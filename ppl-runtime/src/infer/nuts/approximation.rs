//! Stochastic approximation of the step size.

/// Steers the acceptance statistic α to a target δ: ln ε ← ln ε + g (α − δ)/(1 − δ) after each transition (Robbins & Monro
/// 1951), and in the end the mean of ln ε over the last phase (Polyak & Juditsky 1992). For a given shape 1 − α goes with a
/// power of ε, so that in units of 1 − δ one gain does for all targets.
///
/// Dual averaging, whose gain is 20/√t, throws ε up and down by a factor of ten early on and of two for as long as it goes:
/// small steps cost gradients, and since α is concave in ln ε, the mean of so wide a spread accepts 0.85 where 0.8 is asked.
/// Here the gain is small when the mean is taken, and it accepts 0.8.
///
/// That would be too much where the posterior curves: on a banana most transitions accept nearly all and a few nothing, and
/// those few are the ones that would have gone where the draws are missing. So a transition that fails takes ln ε down
/// by a bit more, and if a part r of all transitions fail, then α is steered to δ + 20 r (1 − δ).
#[derive(Clone, Debug)]
pub(super) struct Approximation {
    target: f64,
    log_step: f64,
    /// Transitions since it began.
    t: f64,
    settling: bool,
    sum: f64,
    count: f64,
}

/// The gain at first: an acceptance of 1 makes the step larger by a fifth.
const FIRST: f64 = 0.2;
/// Transitions in which it falls to a half.
const HALF: f64 = 10.0;
/// The least while the metric is on its way, and in the last phase.
const LEAST: f64 = 0.03;
const LEAST_AT_LAST: f64 = 0.01;
/// The most by which one transition makes ln ε smaller, so that bad luck at a high target costs a few transitions.
const MOST: f64 = 2.0;
/// A transition fails if it accepts less than this and, at low targets, lacks so many times 1 − δ of full acceptance; or if
/// it diverges.
const REFUSED: f64 = 0.1;
const LACKS: f64 = 4.5;
/// By how much that takes ln ε down, besides.
const FAILED: f64 = 0.2;

impl Approximation {
    pub(super) fn new(target: f64, step_size: f64) -> Self {
        Approximation {
            target,
            log_step: step_size.ln(),
            t: 0.0,
            settling: false,
            sum: 0.0,
            count: 0.0,
        }
    }
    /// Forgets all, and begins from this step size.
    pub(super) fn restart(&mut self, step_size: f64) {
        *self = Approximation {
            settling: self.settling,
            ..Approximation::new(self.target, step_size)
        };
    }
    /// Begins the phase over which the mean is taken.
    pub(super) fn settle(&mut self) {
        (self.settling, self.sum, self.count) = (true, 0.0, 0.0);
    }
    /// The next step size to try, after a transition of this acceptance.
    pub(super) fn update(&mut self, acceptance: f64, diverged: bool) -> f64 {
        let allowed = 1.0 - self.target;
        let least = if self.settling { LEAST_AT_LAST } else { LEAST };
        let gain = (FIRST / (1.0 + self.t / HALF)).max(least);
        self.log_step += (gain * (acceptance.min(1.0) - self.target) / allowed).max(-MOST);
        if diverged || acceptance < REFUSED.min(1.0 - LACKS * allowed) {
            self.log_step -= FAILED;
        }
        self.t += 1.0;
        self.sum += self.log_step;
        self.count += 1.0;
        self.log_step.exp()
    }
    /// The mean step size; nothing before the first update.
    pub(super) fn averaged(&self) -> Option<f64> {
        (self.count > 0.0).then(|| (self.sum / self.count).exp())
    }
}
