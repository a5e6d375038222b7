//! A number of components that is itself unknown.

use super::{draw, plain_model, site};
use nalgebra::{DMatrix, DVector};
use ppl_runtime::dist::{Combine, Normal, Poisson};
use ppl_runtime::model::{Frame, Interpreter, Model, Site, SiteKind};
use ppl_runtime::real::{Mode, Real};

draw!(ComponentsDraw { k: usize, effects: Vec<f64> });

/// k ~ Poisson(2), k effects ~ N(0, 1), each y ~ N(Σ effects, 1).
pub struct Components(pub Vec<f64>);

impl Components {
    /// ln of the part of the evidence of k effects: the covariance of y is I + k 11ᵀ.
    pub fn exact(&self, k: usize) -> f64 {
        let n = self.0.len();
        let covariance = DMatrix::identity(n, n) + DMatrix::from_element(n, n, k as f64);
        let y = DVector::from_column_slice(&self.0);
        let factor = covariance.cholesky().unwrap();
        let ln_det = 2.0 * factor.l().diagonal().iter().map(|d| d.ln()).sum::<f64>();
        let square = y.dot(&factor.solve(&y));
        let ln_prior = k as f64 * 2_f64.ln() - 2.0 - (1..=k).map(|j| (j as f64).ln()).sum::<f64>();
        ln_prior - 0.5 * (n as f64 * std::f64::consts::TAU.ln() + ln_det + square)
    }
}

impl Model for Components {
    type Draw = ComponentsDraw;
    const NAME: &'static str = "components";
    const SITES: &'static [Site] = &[
        site("k", SiteKind::Branch, true, 0),
        site("components", SiteKind::Loop, true, 0),
        site("effect", SiteKind::Sample, false, 1),
        site("y", SiteKind::Observe, true, 0),
    ];
    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
        let k = i.branch::<usize, _>(0, Poisson::new(2.0));
        let mut mean = Real::constant(0.0);
        let open = i.enter(1);
        for _ in 0..k {
            i.next(open);
            mean += i.sample::<f64, _>(2, Normal::new(0.0, 1.0));
        }
        i.leave(open);
        i.observe(3, &self.0[..], Normal::new(mean, 1.0).iid());
    }
    fn decode(frame: Frame<'_>) -> ComponentsDraw {
        ComponentsDraw {
            k: frame.one(0),
            effects: frame.many(1, |f| f.one(2)),
        }
    }
    plain_model!();
}
