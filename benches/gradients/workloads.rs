//! The workloads of the gradient benchmark, with data that every language computes alike, to the last bit.

use ppl::__private::{ArgumentReport, Frame, Site, SiteKind};
use ppl::models::{Evaluator, Interpreter, Model};
use ppl::prelude::*;

/// Numbers in [−1, 1] without a pattern that matters.
pub fn wave(i: usize) -> f64 {
    ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0
}

/// The point at which densities are compared, moved a little for each `k`.
pub fn point(dim: usize, k: usize) -> Vec<f64> {
    (0..dim).map(|i| 0.5 * wave(31 * i + 7 * k + 3)).collect()
}

/// 2,000 rows of three columns.
pub fn small_x() -> Vec<[f64; 3]> {
    (0..2000)
        .map(|i| std::array::from_fn(|j| 1.7 * wave(3 * i + j)))
        .collect()
}
/// 1,000 rows of 24 columns.
pub fn large_x() -> Vec<[f64; 24]> {
    (0..1000)
        .map(|i| std::array::from_fn(|j| 1.7 * wave(24 * i + j)))
        .collect()
}
/// Outcomes.
pub fn outcomes(n: usize) -> Vec<bool> {
    (0..n).map(|i| (i * 7919) % 13 < 6).collect()
}
/// 1,000 data of eight groups.
pub fn grouped() -> (Vec<usize>, Vec<f64>) {
    let group: Vec<usize> = (0..1000).map(|i| i % 8).collect();
    let y = group
        .iter()
        .enumerate()
        .map(|(i, g)| 0.3 * *g as f64 + 2.0 * wave(i))
        .collect();
    (group, y)
}
/// 10,000 data around three centres.
pub fn clusters() -> Vec<f64> {
    (0..10_000)
        .map(|i| 4.0 * ((i * 5) % 3) as f64 - 4.0 + 1.5 * wave(i))
        .collect()
}
/// 1,000 data of a chain with four levels.
pub fn chain() -> Vec<f64> {
    (0..1000)
        .map(|t| 2.0 * ((t / 7) % 4) as f64 - 3.0 + wave(t))
        .collect()
}

#[model]
pub fn logistic_small(x: &[[f64; 3]], y: &[bool]) {
    let coefs: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 10.0));
    observe(
        y,
        each(x, |row| Bernoulli::logit(dot(&coefs, row) + intercept)),
    );
}

#[model]
pub fn logistic_large(x: &[[f64; 24]], y: &[bool]) {
    let coefs: [f64; 24] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 1.0));
    observe(
        y,
        each(x, |row| Bernoulli::logit(dot(&coefs, row) + intercept)),
    );
}

#[model]
pub fn logistic_matrix(x: &[[f64; 24]], y: &[bool]) {
    let coefs: [f64; 24] = sample(Normal::new(0.0, 1.0).iid());
    let intercept: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Bernoulli::logit(matvec(x, &coefs) + intercept));
}

#[model]
pub fn hierarchical(group: &[usize], y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfNormal::new(5.0));
    let theta: [f64; 8] = sample(Normal::new(mean, spread).iid());
    observe(y, each(group, |g| Normal::new(theta[*g], 1.0)));
}

/// The data of Rubin (1981).
pub const SCHOOLS: ([f64; 8], [f64; 8]) = (
    [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0],
    [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0],
);

#[model]
pub fn eight_schools(y: &[f64; 8], error: &[f64; 8]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfCauchy::new(5.0));
    let raw: [f64; 8] = sample(Normal::new(0.0, 1.0).iid());
    let effects = raw.map(|z| mean + spread * z);
    observe(y, Normal::new(&effects, error));
}

const fn site(name: &'static str, kind: SiteKind, len: usize, always: bool) -> Site {
    Site {
        name,
        kind,
        ty: "",
        line: 0,
        argument: None,
        always,
        len: Some(len),
        offset: None,
    }
}

macro_rules! written_by_hand {
    ($name:ident, $sites:expr, $draw:ty, |$this:ident, $i:ident| $body:block) => {
        impl Model for $name<'_> {
            type Draw = $draw;
            type Latents = ();
            type Output<'a, M: Mode> = ();
            const NAME: &'static str = stringify!($name);
            const SITES: &'static [Site] = &$sites;
            fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, $i: &mut I) {
                let $this = self;
                $body
            }
            fn decode(frame: Frame<'_>) -> $draw {
                frame.one::<$draw>(0)
            }
            fn check(&self, _: &mut ArgumentReport) {}
            fn log_density_and_gradient(
                &self,
                e: &mut Evaluator,
                u: &[f64],
                gradient: &mut [f64],
            ) -> f64 {
                ppl::__private::gradient_by_width(self, e, u, gradient)
            }
        }
    };
}

/// A mixture of three normal distributions whose memberships are summed out.
pub struct Mixture<'d> {
    pub y: &'d [f64],
}
written_by_hand!(
    Mixture,
    [
        site("weights", SiteKind::Sample, 2, true),
        site("means", SiteKind::Sample, 3, true),
        site("scale", SiteKind::Sample, 1, true),
        site("plate", SiteKind::Plate, 0, true),
        site("z", SiteKind::Enumerate, 0, false),
        site("y", SiteKind::Observe, 0, false),
    ],
    Simplex<3>,
    |this, i| {
        let weights = i.sample::<Simplex<3>, _>(0, Dirichlet::symmetric(1.0));
        let means = i.sample::<[f64; 3], _>(1, Normal::new(0.0, 10.0).iid());
        let scale = i.sample::<f64, _>(2, HalfNormal::new(5.0));
        i.plate_enumerated(3, this.y.len(), |i, k| {
            let z = i.enumerate::<usize, _>(4, Categorical::new(&weights));
            i.observe(5, &this.y[k], Normal::new(means[z], scale));
        });
    }
);

/// A hidden Markov chain of four states.
pub struct Chain<'d> {
    pub y: &'d [f64],
}
written_by_hand!(
    Chain,
    [
        site("rows", SiteKind::Sample, 12, true),
        site("means", SiteKind::Sample, 4, true),
        site("scale", SiteKind::Sample, 1, true),
        site("chain", SiteKind::Markov, 0, true),
        site("z", SiteKind::Enumerate, 0, false),
        site("y", SiteKind::Observe, 0, false),
    ],
    [Simplex<4>; 4],
    |this, i| {
        let rows = i.sample::<[Simplex<4>; 4], _>(0, Dirichlet::symmetric(1.0).iid());
        let means = i.sample::<[f64; 4], _>(1, Normal::new(0.0, 5.0).iid());
        let scale = i.sample::<f64, _>(2, HalfNormal::new(5.0));
        i.markov(3, this.y.len(), 0_usize, |i, t, before| {
            let z = i.enumerate::<usize, _>(4, Categorical::new(&rows[before]));
            i.observe(5, &this.y[t], Normal::new(means[z], scale));
            z
        });
    }
);
