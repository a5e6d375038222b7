//! Adam and its kin.

use super::super::schedule::Schedule;
use super::{Optimiser, two};

/// Adam (Kingma & Ba 2015, algorithm 1): x ← x − α·m̂/(√v̂ + ε).
///
/// ```
/// use ppl_runtime::infer::svi::{Adam, Optimiser};
/// let adam = Adam::new(0.1);
/// let (mut x, mut slots) = ([1.0], [0.0; 2]);
/// adam.step(0, &mut slots, &mut x, &[3.0]);
/// assert!((x[0] - 0.9).abs() < 1e-8); // the first step is as long as the step size
/// ```
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Adam<S = f64> {
    rate: S,
    beta: [f64; 2],
    epsilon: f64,
}

impl<S: Schedule> Adam<S> {
    /// With β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸.
    pub fn new(rate: S) -> Self {
        Adam {
            rate,
            beta: [0.9, 0.999],
            epsilon: 1e-8,
        }
    }
    /// Decay of the averages of the gradient and of its square.
    pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
        self.beta = [beta1, beta2];
        self
    }
    /// Added to the denominator.
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = epsilon;
        self
    }

    /// One step with gradients passed through `clip`, and parameters that also decay by rate·`decay`.
    #[inline]
    fn apply(
        &self,
        step: u64,
        slots: &mut [f64],
        parameters: &mut [f64],
        gradient: &[f64],
        decay: f64,
        clip: impl Fn(f64) -> f64,
    ) {
        let rate = self.rate.rate(step);
        let [b1, b2] = self.beta;
        let t = i32::try_from(step).unwrap_or(i32::MAX - 1) + 1;
        let (c1, c2) = (1.0 - b1.powi(t), 1.0 - b2.powi(t));
        let (first, second) = two(slots, parameters);
        for (((x, g), m), v) in parameters.iter_mut().zip(gradient).zip(first).zip(second) {
            let g = clip(*g);
            *m = b1 * *m + (1.0 - b1) * g;
            *v = b2 * *v + (1.0 - b2) * g * g;
            *x -= rate * (*m / c1 / ((*v / c2).sqrt() + self.epsilon) + decay * *x);
        }
    }
}

impl<S: Schedule> Optimiser for Adam<S> {
    const SLOTS: usize = 2;
    fn step(&self, step: u64, slots: &mut [f64], parameters: &mut [f64], gradient: &[f64]) {
        self.apply(step, slots, parameters, gradient, 0.0, |g| g);
    }
}

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2): Adam's step, and x ← x − α·λ·x.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct AdamW<S = f64> {
    adam: Adam<S>,
    decay: f64,
}

impl<S: Schedule> AdamW<S> {
    /// With λ = 10⁻⁴ and Adam's defaults.
    pub fn new(rate: S) -> Self {
        AdamW {
            adam: Adam::new(rate),
            decay: 1e-4,
        }
    }
    /// The weight decay λ.
    pub fn weight_decay(mut self, decay: f64) -> Self {
        self.decay = decay;
        self
    }
    /// Decay of the averages of the gradient and of its square.
    pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
        self.adam = self.adam.betas(beta1, beta2);
        self
    }
    /// Added to the denominator.
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.adam = self.adam.epsilon(epsilon);
        self
    }
}

impl<S: Schedule> Optimiser for AdamW<S> {
    const SLOTS: usize = 2;
    fn step(&self, step: u64, slots: &mut [f64], parameters: &mut [f64], gradient: &[f64]) {
        self.adam
            .apply(step, slots, parameters, gradient, self.decay, |g| g);
    }
}

/// Adam with each component of the gradient clipped to [−c, c].
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ClippedAdam<S = f64> {
    adam: Adam<S>,
    clip: f64,
}

impl<S: Schedule> ClippedAdam<S> {
    /// With c = 10 and Adam's defaults.
    pub fn new(rate: S) -> Self {
        ClippedAdam {
            adam: Adam::new(rate),
            clip: 10.0,
        }
    }
    /// The largest component c of a gradient; its sign does not matter.
    pub fn clip(mut self, clip: f64) -> Self {
        self.clip = clip.abs();
        self
    }
    /// Decay of the averages of the gradient and of its square.
    pub fn betas(mut self, beta1: f64, beta2: f64) -> Self {
        self.adam = self.adam.betas(beta1, beta2);
        self
    }
    /// Added to the denominator.
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.adam = self.adam.epsilon(epsilon);
        self
    }
}

impl<S: Schedule> Optimiser for ClippedAdam<S> {
    const SLOTS: usize = 2;
    fn step(&self, step: u64, slots: &mut [f64], parameters: &mut [f64], gradient: &[f64]) {
        // Unlike `clamp`, this has no bounds to panic on.
        let clip = |g: f64| g.max(-self.clip).min(self.clip);
        self.adam
            .apply(step, slots, parameters, gradient, 0.0, clip);
    }
}
