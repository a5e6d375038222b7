//! Plain gradient steps, with and without momentum.

use super::super::schedule::Schedule;
use super::Optimiser;

/// Stochastic gradient descent (Robbins & Monro 1951): x ← x − α·g.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Sgd<S = f64> {
    rate: S,
}

impl<S: Schedule> Sgd<S> {
    /// With a step size.
    pub fn new(rate: S) -> Self {
        Sgd { rate }
    }
}

impl<S: Schedule> Optimiser for Sgd<S> {
    const SLOTS: usize = 0;
    fn step(&self, step: u64, _: &mut [f64], parameters: &mut [f64], gradient: &[f64]) {
        let rate = self.rate.rate(step);
        for (x, g) in parameters.iter_mut().zip(gradient) {
            *x -= rate * g;
        }
    }
}

/// Gradient descent with momentum (Polyak 1964): v ← μ·v + g, x ← x − α·v.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Momentum<S = f64> {
    rate: S,
    mass: f64,
}

impl<S: Schedule> Momentum<S> {
    /// With a step size and the momentum μ.
    pub fn new(rate: S, mass: f64) -> Self {
        Momentum { rate, mass }
    }
}

impl<S: Schedule> Optimiser for Momentum<S> {
    const SLOTS: usize = 1;
    fn step(&self, step: u64, slots: &mut [f64], parameters: &mut [f64], gradient: &[f64]) {
        let rate = self.rate.rate(step);
        for ((x, g), v) in parameters.iter_mut().zip(gradient).zip(slots) {
            *v = self.mass * *v + g;
            *x -= rate * *v;
        }
    }
}
