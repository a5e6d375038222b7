//! What one execution did: the values of its sites by loop and element.

mod frame;
mod recovered;
mod tree;

pub use frame::Frame;
pub use recovered::Recovered;
pub use tree::Record;

use crate::real::{Mode, Real};
use crate::support::Latent;

/// Listens to an execution. The one that hears nothing is compiled out.
pub trait Recorder<M: Mode> {
    /// Whether values of sites are wanted.
    const ON: bool;
    /// Whether the density is wanted.
    const SCORE: bool;
    /// Whether enumerated sites are to be drawn from their conditional distribution.
    const RECOVER: bool = false;
    /// Whether nothing is listened to just now.
    #[inline]
    fn paused(&self) -> bool {
        false
    }
    /// Stops listening, or goes on; calls nest.
    fn pause(&mut self, _paused: bool) {}
    /// A uniform number, to draw enumerated sites with.
    fn uniform(&mut self) -> f64 {
        0.5
    }
    /// A value of a site.
    fn value<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>);
    /// A value that is computed or summed out: it has no coordinates.
    #[inline]
    fn derived<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>) {
        self.value::<T>(site, x);
    }
    /// A value of which only the missing elements have coordinates.
    #[inline]
    fn imputed<T: Latent>(&mut self, site: u32, x: &T::At<'_, M>, _missing: &[Real<M>]) {
        self.derived::<T>(site, x);
    }
    /// Begins a loop; returns what closes it.
    fn enter(&mut self, site: u32) -> usize;
    /// Begins an element.
    fn next(&mut self, open: usize);
    /// Ends a loop.
    fn leave(&mut self, open: usize);
}

/// Listens to nothing.
pub struct Off;

impl<M: Mode> Recorder<M> for Off {
    const ON: bool = false;
    const SCORE: bool = true;
    #[inline]
    fn value<T: Latent>(&mut self, _: u32, _: &T::At<'_, M>) {}
    #[inline]
    fn enter(&mut self, _: u32) -> usize {
        0
    }
    #[inline]
    fn next(&mut self, _: usize) {}
    #[inline]
    fn leave(&mut self, _: usize) {}
}
