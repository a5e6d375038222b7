//! Step sizes that change with the step.

use std::f64::consts::PI;

/// A step size for each step. A plain number is a constant one, a closure `|step| ..` is the user's own.
///
/// ```
/// use ppl_runtime::infer::svi::{CosineDecay, Schedule, Warmup};
/// assert_eq!(0.01.rate(7), 0.01);
/// assert_eq!((|step: u64| 1.0 / (1 + step) as f64).rate(3), 0.25);
/// let cosine = Warmup { steps: 4, then: CosineDecay { initial: 1.0, last: 0.0, steps: 100 } };
/// assert_eq!(cosine.rate(0), 0.25);
/// assert!(cosine.rate(50).abs() - 0.5 < 1e-12 && cosine.rate(1000) == 0.0);
/// ```
pub trait Schedule: Clone + Send + Sync {
    /// The step size of a step; the first is 0.
    fn rate(&self, step: u64) -> f64;
}

impl Schedule for f64 {
    #[inline]
    fn rate(&self, _: u64) -> f64 {
        *self
    }
}

impl<F: Fn(u64) -> f64 + Clone + Send + Sync> Schedule for F {
    #[inline]
    fn rate(&self, step: u64) -> f64 {
        self(step)
    }
}

/// `initial`·`factor`^(step / `steps`).
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ExponentialDecay {
    /// The first step size.
    pub initial: f64,
    /// What `steps` steps multiply it by.
    pub factor: f64,
    /// How many steps that takes.
    pub steps: u64,
}

impl Schedule for ExponentialDecay {
    fn rate(&self, step: u64) -> f64 {
        self.initial * self.factor.powf(step as f64 / self.steps.max(1) as f64)
    }
}

/// Half a cosine from `initial` to `last` over `steps` steps, `last` ever after (Loshchilov & Hutter 2017, eq. 5,
/// without restarts).
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct CosineDecay {
    /// The first step size.
    pub initial: f64,
    /// The last step size.
    pub last: f64,
    /// Steps from the one to the other.
    pub steps: u64,
}

impl Schedule for CosineDecay {
    fn rate(&self, step: u64) -> f64 {
        let part = done(step, self.steps);
        if part == 1.0 {
            return self.last;
        }
        self.last + 0.5 * (self.initial - self.last) * (1.0 + (PI * part).cos())
    }
}

/// A straight line from `initial` to `last` over `steps` steps, `last` ever after.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct LinearDecay {
    /// The first step size.
    pub initial: f64,
    /// The last step size.
    pub last: f64,
    /// Steps from the one to the other.
    pub steps: u64,
}

impl Schedule for LinearDecay {
    fn rate(&self, step: u64) -> f64 {
        self.initial + (self.last - self.initial) * done(step, self.steps)
    }
}

/// Another schedule whose first `steps` steps are scaled by 1/`steps`, 2/`steps`, …, 1.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Warmup<S> {
    /// Steps until the full step size.
    pub steps: u64,
    /// The schedule that is scaled.
    pub then: S,
}

impl<S: Schedule> Schedule for Warmup<S> {
    fn rate(&self, step: u64) -> f64 {
        let rate = self.then.rate(step);
        if step >= self.steps {
            return rate;
        }
        rate * (step + 1) as f64 / self.steps as f64
    }
}

fn done(step: u64, steps: u64) -> f64 {
    (step as f64 / steps.max(1) as f64).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_by_hand() {
        let decay = ExponentialDecay {
            initial: 0.5,
            factor: 0.25,
            steps: 10,
        };
        assert_eq!(decay.rate(0), 0.5);
        assert!((decay.rate(5) - 0.25).abs() < 1e-15);
        assert!((decay.rate(20) - 0.03125).abs() < 1e-15);
        let cosine = CosineDecay {
            initial: 1.0,
            last: 0.2,
            steps: 60,
        };
        assert_eq!(cosine.rate(0), 1.0);
        assert!((cosine.rate(20) - (0.2 + 0.4 * 1.5)).abs() < 1e-15);
        assert!((cosine.rate(30) - 0.6).abs() < 1e-15);
        assert_eq!((cosine.rate(60), cosine.rate(9999)), (0.2, 0.2));
        let line = LinearDecay {
            initial: 1.0,
            last: 0.5,
            steps: 4,
        };
        assert_eq!([0, 1, 4, 5].map(|s| line.rate(s)), [1.0, 0.875, 0.5, 0.5]);
        let warm = Warmup {
            steps: 2,
            then: line,
        };
        assert_eq!([0, 1, 2].map(|s| warm.rate(s)), [0.5, 0.875, 0.75]);
    }
}
