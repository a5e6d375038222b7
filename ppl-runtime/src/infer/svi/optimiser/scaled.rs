//! Optimisers that scale each parameter's step by the size of its past gradients.

use super::super::schedule::Schedule;
use super::{Optimiser, two};

/// Adagrad (Duchi, Hazan & Singer 2011): x ← x − α·g/√Σg², where g = 0 so far moves nothing. With momentum β the
/// scaled gradients are averaged: m ← β·m + (1 − β)·g/√Σg², x ← x − α·m.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Adagrad<S = f64> {
    rate: S,
    momentum: f64,
}

impl<S: Schedule> Adagrad<S> {
    /// Without momentum.
    pub fn new(rate: S) -> Self {
        Adagrad {
            rate,
            momentum: 0.0,
        }
    }
    /// The momentum β; JAX's Adagrad, and so NumPyro's, has 0.9.
    pub fn momentum(mut self, momentum: f64) -> Self {
        self.momentum = momentum;
        self
    }
}

impl<S: Schedule> Optimiser for Adagrad<S> {
    const SLOTS: usize = 2;
    fn step(&self, step: u64, slots: &mut [f64], parameters: &mut [f64], gradient: &[f64]) {
        let (rate, beta) = (self.rate.rate(step), self.momentum);
        let (squares, averages) = two(slots, parameters);
        for (((x, g), s), m) in parameters
            .iter_mut()
            .zip(gradient)
            .zip(squares)
            .zip(averages)
        {
            *s += g * g;
            let scaled = if *s > 0.0 { g / s.sqrt() } else { 0.0 };
            *m = beta * *m + (1.0 - beta) * scaled;
            *x -= rate * *m;
        }
    }
}

/// RMSProp (Tieleman & Hinton 2012): v ← γ·v + (1 − γ)·g², x ← x − α·g/√(v + ε).
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct RmsProp<S = f64> {
    rate: S,
    gamma: f64,
    epsilon: f64,
}

impl<S: Schedule> RmsProp<S> {
    /// With γ = 0.9, ε = 10⁻⁸.
    pub fn new(rate: S) -> Self {
        RmsProp {
            rate,
            gamma: 0.9,
            epsilon: 1e-8,
        }
    }
    /// Decay γ of the average of the squared gradient.
    pub fn gamma(mut self, gamma: f64) -> Self {
        self.gamma = gamma;
        self
    }
    /// Added to the average under the root.
    pub fn epsilon(mut self, epsilon: f64) -> Self {
        self.epsilon = epsilon;
        self
    }
}

impl<S: Schedule> Optimiser for RmsProp<S> {
    const SLOTS: usize = 1;
    fn step(&self, step: u64, slots: &mut [f64], parameters: &mut [f64], gradient: &[f64]) {
        let rate = self.rate.rate(step);
        for ((x, g), v) in parameters.iter_mut().zip(gradient).zip(slots) {
            *v = self.gamma * *v + (1.0 - self.gamma) * g * g;
            *x -= rate * g / (*v + self.epsilon).sqrt();
        }
    }
}
