//! How the elements of a plate count: some of them, with weights, or not at all.

use super::per_element::PerElement;
use crate::random::{Purpose, keyed};
use bumpalo::Bump;
use rand::RngExt;

/// What is said of a plate's elements: `plate(n, |i| { .. }).minibatch(b).scale(&weights).mask(&kept)`.
#[derive(Copy, Clone, Debug, Default)]
pub struct Elements<W = (), K = ()> {
    pub(super) batch: Option<usize>,
    pub(super) parallel: bool,
    pub(super) weights: W,
    pub(super) kept: K,
}

impl Elements {
    /// All of them, once each.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<W, K> Elements<W, K> {
    /// So many of them at a time, for engines that take a fresh choice at each step: what they add up to is multiplied
    /// by n/b. Other engines take them all.
    pub fn minibatch(self, batch: usize) -> Self {
        Elements {
            batch: Some(batch),
            ..self
        }
    }
    /// Divides the elements among threads.
    pub fn parallel(self) -> Self {
        Elements {
            parallel: true,
            ..self
        }
    }
    /// Multiplies the log likelihood of each element, its enumerated sites summed out, by a weight.
    pub fn scale<V: PerElement<f64>>(self, weights: V) -> Elements<V, K> {
        Elements {
            batch: self.batch,
            parallel: self.parallel,
            weights,
            kept: self.kept,
        }
    }
    /// Leaves the likelihood of the elements out for which this is false. Their latents have their prior.
    pub fn mask<V: PerElement<bool>>(self, kept: V) -> Elements<W, V> {
        Elements {
            batch: self.batch,
            parallel: self.parallel,
            weights: self.weights,
            kept,
        }
    }
}

/// The choice of elements at one step of a stochastic engine.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The seed of the fit.
    pub seed: u64,
    /// Its step.
    pub step: u64,
}

impl Batch {
    /// `b` of `n` elements in order, each choice as likely as any other (Floyd's algorithm, Bentley & Floyd 1987).
    pub(super) fn choose(self, plate: u64, n: usize, b: usize, arena: &Bump) -> &[usize] {
        let rng = &mut keyed(self.seed, Purpose::Minibatch, self.step, plate);
        let words = arena.alloc_slice_fill_copy(n.div_ceil(64), 0_u64);
        for most in n - b..n {
            let k = rng.random_range(0..=most);
            let new = words[k / 64] >> (k % 64) & 1 == 0;
            let k = if new { k } else { most };
            words[k / 64] |= 1 << (k % 64);
        }
        let mut rest = words.iter().enumerate().flat_map(|(w, bits)| {
            (0..64)
                .filter(move |k| bits >> k & 1 == 1)
                .map(move |k| 64 * w + k)
        });
        arena.alloc_slice_fill_with(b, |_| rest.next().unwrap_or(0))
    }
}
