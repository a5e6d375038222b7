//! The unit cube, with elements of plates that run again.

use super::Parts;
use crate::dist::family::Family;
use crate::dist::source::Source;
use crate::dist::univariate::Univariate;
use crate::model::sources::Cube;
use crate::real::{Real, Value};

/// Changes the coordinates of elements of plates while they run.
pub(crate) trait Rerun {
    /// Element `block` is about to run, with its coordinates in `u`; `terms` are the log likelihoods of all.
    fn begin(&mut self, block: usize, u: &mut [f64], terms: &[f64]);
    /// It has run. Whether it is to run again, with what is in `u` then. After its last execution its term is
    /// `log_likelihood`.
    fn again(&mut self, block: usize, u: &mut [f64], terms: &[f64], log_likelihood: f64) -> bool;
}

/// What is known of the plates.
pub(super) enum Known<'p> {
    /// The parts.
    Parts(&'p Parts),
    /// Nothing yet: they are noted as they come.
    Finding(&'p mut Parts),
}

/// Where the values of the elements' latents come from. Those are held that are continuous, univariate and read once.
pub enum Values<'v> {
    /// From the cube, and are noted.
    Noted(&'v mut [f64]),
    /// As they were noted, whatever their coordinates. Their log density is added up.
    Held(&'v [f64], &'v mut f64),
    /// As they were noted, and the cube is changed to where it gives them.
    Kept(&'v [f64]),
}

/// A point of the unit cube whose elements of plates may run again.
pub(super) struct Apart<'p, V> {
    pub u: &'p mut [f64],
    pub terms: &'p mut Vec<f64>,
    pub known: Known<'p>,
    pub rerun: Option<&'p mut V>,
    pub values: Values<'p>,
    at: usize,
    /// Where the element under way begins.
    start: Option<usize>,
    plate: usize,
    block: usize,
}

impl<'p, V> Apart<'p, V> {
    pub(super) fn new(
        u: &'p mut [f64],
        terms: &'p mut Vec<f64>,
        known: Known<'p>,
        rerun: Option<&'p mut V>,
        values: Values<'p>,
    ) -> Self {
        Apart {
            u,
            terms,
            known,
            rerun,
            values,
            at: 0,
            start: None,
            plate: 0,
            block: 0,
        }
    }
}

impl<V> Apart<'_, V> {
    /// The value of coordinate `i`, which belongs to an element.
    #[inline]
    fn held<const P: usize, D: Univariate<Value, P>>(&mut self, d: &D, i: usize) -> f64 {
        self.at += 1;
        let parameters = d.values();
        match &mut self.values {
            Values::Noted(values) => {
                values[i] = D::Family::quantile(self.u[i], &parameters);
                values[i]
            }
            Values::Held(values, ln_p) => {
                **ln_p += D::Family::log_density(values[i], &parameters);
                values[i]
            }
            Values::Kept(values) => {
                self.u[i] = D::Family::cdf(values[i], &parameters);
                values[i]
            }
        }
    }
}

impl<V: Rerun> Source<Value> for Apart<'_, V> {
    const UNCONSTRAINED: bool = false;
    const PRIOR: bool = false;
    const SIMULATES: bool = false;
    const REPEATS: bool = true;
    type Mark = usize;
    #[inline]
    fn mark(&self) -> usize {
        self.at
    }
    #[inline]
    fn rewind(&mut self, mark: usize) {
        self.at = mark;
    }
    #[inline]
    fn jacobian(&self) -> Option<Real<Value>> {
        None
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        Source::<Value>::discrete(self, quantile)
    }
    #[inline]
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<Value, P>) -> Real<Value> {
        let i = self.at;
        if self.start.is_some() {
            match &mut self.known {
                Known::Parts(parts) if parts.held.get(i) == Some(&true) => {
                    return Real::constant(self.held(d, i));
                }
                Known::Parts(_) => {}
                Known::Finding(parts) => {
                    if let Some(reads) = parts.reads.get_mut(i) {
                        *reads = reads.saturating_add(1);
                    }
                }
            }
        }
        let mut cube = Cube::<false> { u: self.u, at: i };
        let x = cube.scalar(d);
        self.at = cube.at;
        x
    }
    #[inline]
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(Source::<Value>::uniform(self))
    }
    #[inline]
    fn uniform(&mut self) -> f64 {
        let u = self.u.get(self.at).copied().unwrap_or(0.5);
        self.at += 1;
        u
    }
    fn coordinate(&mut self) -> Real<Value> {
        Real::constant(f64::NAN)
    }
    fn add_jacobian(&mut self, _: Real<Value>) {}

    fn plate(&mut self) -> bool {
        if self.start.is_some() {
            return false;
        }
        self.plate += 1;
        match &mut self.known {
            Known::Parts(parts) => parts.plates.get(self.plate - 1) == Some(&true),
            Known::Finding(parts) => {
                parts.plates.push(true);
                parts.before.push(parts.blocks.len());
                true
            }
        }
    }
    #[inline]
    fn element(&mut self) {
        self.start = Some(self.at);
        if let (Known::Parts(parts), Some(rerun)) = (&self.known, &mut self.rerun)
            && let Some(u) = parts.own(self.block, self.u)
        {
            rerun.begin(self.block, u, self.terms);
        }
    }
    #[inline]
    fn again(&mut self, log_likelihood: f64) -> bool {
        let start = self.start.unwrap_or(0);
        match &mut self.known {
            Known::Parts(parts) => {
                if let Some(rerun) = &mut self.rerun
                    && let Some(u) = parts.own(self.block, self.u)
                    && rerun.again(self.block, u, self.terms, log_likelihood)
                {
                    self.at = start;
                    return true;
                }
                if let Some(term) = self.terms.get_mut(self.block) {
                    *term = log_likelihood;
                }
            }
            Known::Finding(parts) => {
                parts.blocks.push([start, self.at]);
                self.terms.push(log_likelihood);
            }
        }
        self.block += 1;
        self.start = None;
        false
    }
}
