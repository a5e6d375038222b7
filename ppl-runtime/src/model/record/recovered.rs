//! A record for models with enumerated sites.

use super::{Record, Recorder};
use crate::random::Rng;
use crate::real::Mode;
use crate::support::Latent;
use rand::RngExt;

/// A [`Record`] in which enumerated sites are drawn from their conditional distribution given the rest.
pub struct Recovered<'r> {
    /// What was recorded.
    pub record: Record,
    rng: &'r mut Rng,
    paused: usize,
}

impl<'r> Recovered<'r> {
    /// Nothing yet.
    pub fn new(rng: &'r mut Rng) -> Self {
        Recovered {
            record: Record::new(),
            rng,
            paused: 0,
        }
    }
}

impl<M: Mode> Recorder<M> for Recovered<'_> {
    const ON: bool = true;
    const SCORE: bool = true;
    const RECOVER: bool = true;
    fn paused(&self) -> bool {
        self.paused > 0
    }
    fn pause(&mut self, paused: bool) {
        if paused {
            self.paused += 1;
        } else {
            self.paused -= 1;
        }
    }
    fn uniform(&mut self) -> f64 {
        self.rng.random()
    }
    fn value<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>) {
        if self.paused == 0 {
            Recorder::<M>::value::<T>(&mut self.record, site, x);
        }
    }
    fn enter(&mut self, site: u32) -> usize {
        if self.paused == 0 {
            Recorder::<M>::enter(&mut self.record, site)
        } else {
            usize::MAX
        }
    }
    fn next(&mut self, open: usize) {
        if self.paused == 0 {
            Recorder::<M>::next(&mut self.record, open);
        }
    }
    fn leave(&mut self, open: usize) {
        if self.paused == 0 {
            Recorder::<M>::leave(&mut self.record, open);
        }
    }
}
