//! The leapfrog integrator, in two halves around the evaluation of the gradient.

use super::inverse_metric::InverseMetric;
use super::vector::{add_scaled, dot};
use crate::random::Rng;
use crate::real::kernels::dispatch_plain;

/// A point of phase space with what is known there.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// Position.
    pub q: Box<[f64]>,
    /// Momentum.
    pub p: Box<[f64]>,
    /// M⁻¹ p.
    pub v: Box<[f64]>,
    /// Gradient of the log density at q.
    pub g: Box<[f64]>,
    /// The log density at q.
    pub log_density: f64,
    /// H = ½ p·M⁻¹p − log density.
    pub energy: f64,
}

impl State {
    pub(super) fn new(dim: usize) -> Self {
        let zero = vec![0.0; dim].into_boxed_slice();
        State {
            q: zero.clone(),
            p: zero.clone(),
            v: zero.clone(),
            g: zero,
            log_density: f64::NAN,
            energy: f64::NAN,
        }
    }
    /// A momentum afresh from N(0, M).
    pub(super) fn refresh(&mut self, metric: &InverseMetric, rng: &mut Rng) {
        metric.refresh(&mut self.p, &mut self.v, rng);
        self.energy = 0.5 * dot(&self.p, &self.v) - self.log_density;
    }
    /// The same position, without its momentum.
    pub(super) fn copy_position(&mut self, from: &State) {
        self.q.copy_from_slice(&from.q);
        self.g.copy_from_slice(&from.g);
        self.log_density = from.log_density;
    }
}

dispatch_plain! {
    /// Half a kick and a drift: `to` has its position, where log density and gradient are needed now.
    pub(super) fn depart = depart_body(
        from: &State, to: &mut State, metric: &InverseMetric, step: f64
    );
}

#[inline(always)]
fn depart_body(from: &State, to: &mut State, metric: &InverseMetric, step: f64) {
    let n = from.q.len();
    let half = 0.5 * step;
    if let InverseMetric::Diagonal(variance) = metric {
        // One pass over memory for the metric that most runs use; v is needed after the other half alone.
        let (q, p, g, m) = (&from.q[..n], &from.p[..n], &from.g[..n], &variance[..n]);
        let (to_q, to_p) = (&mut to.q[..n], &mut to.p[..n]);
        for i in 0..n {
            to_p[i] = p[i] + half * g[i];
            to_q[i] = q[i] + step * (m[i] * to_p[i]);
        }
        return;
    }
    for ((to, p), g) in to.p.iter_mut().zip(&from.p).zip(&from.g) {
        *to = p + half * g;
    }
    metric.velocity(&to.p, &mut to.v);
    for ((to, q), v) in to.q.iter_mut().zip(&from.q).zip(&to.v) {
        *to = q + step * v;
    }
}

dispatch_plain! {
    /// The other half kick, once `to.g` holds the gradient.
    pub(super) fn arrive = arrive_body(
        to: &mut State, metric: &InverseMetric, step: f64, log_density: f64
    );
}

#[inline(always)]
fn arrive_body(to: &mut State, metric: &InverseMetric, step: f64, log_density: f64) {
    if let InverseMetric::Diagonal(variance) = metric {
        let n = to.q.len();
        let (p, v, g, m) = (&mut to.p[..n], &mut to.v[..n], &to.g[..n], &variance[..n]);
        for i in 0..n {
            p[i] += 0.5 * step * g[i];
            v[i] = m[i] * p[i];
        }
    } else {
        add_scaled(&mut to.p, 0.5 * step, &to.g);
        metric.velocity(&to.p, &mut to.v);
    }
    to.log_density = log_density;
    to.energy = 0.5 * dot(&to.p, &to.v) - log_density;
}

/// Whether an error of the energy means that the integrator has lost the level set, as in Stan. What is not finite
/// counts.
#[inline]
pub(super) fn diverges(energy_error: f64) -> bool {
    !(energy_error <= 1000.0 && energy_error > f64::NEG_INFINITY)
}
