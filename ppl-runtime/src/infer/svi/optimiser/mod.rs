//! Stochastic optimisers over flat parameter vectors.

mod adam;
mod scaled;
mod sgd;

#[cfg(test)]
mod tests;

pub use adam::{Adam, AdamW, ClippedAdam};
pub use scaled::{Adagrad, RmsProp};
pub use sgd::{Momentum, Sgd};

/// An optimiser that minimises: it moves parameters against a gradient.
///
/// What it remembers is plain data, [`SLOTS`](Self::SLOTS) numbers for each parameter, in the order
/// slot by slot; they begin at 0.
///
/// ```
/// use ppl_runtime::infer::svi::{Momentum, Optimiser};
/// let optimiser = Momentum::new(0.1, 0.5);
/// let (mut x, mut slots) = ([1.0], [0.0]);
/// optimiser.step(0, &mut slots, &mut x, &[2.0]);
/// assert_eq!((x, slots), ([0.8], [2.0]));
/// ```
pub trait Optimiser: Clone + Send + Sync {
    /// Numbers that it remembers for each parameter.
    const SLOTS: usize;

    /// Moves `parameters` against `gradient`. `slots` is [`SLOTS`](Self::SLOTS) times as long as `parameters`; the
    /// first step is 0.
    fn step(&self, step: u64, slots: &mut [f64], parameters: &mut [f64], gradient: &[f64]);
}

/// The slots of one kind, then those of the other.
fn two<'s>(slots: &'s mut [f64], parameters: &[f64]) -> (&'s mut [f64], &'s mut [f64]) {
    let at = parameters.len().min(slots.len());
    slots.split_at_mut(at)
}
