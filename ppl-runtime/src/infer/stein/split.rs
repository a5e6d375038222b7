//! Parameters that each particle has for itself, and those that all share.

use crate::infer::svi::guide::Block;

/// Which parameters of a guide are in the mixture.
#[derive(Clone, Debug)]
pub(super) struct Split {
    /// Places of those that each particle has for itself, and of those that all share.
    pub own: Vec<usize>,
    pub shared: Vec<usize>,
    /// The blocks in the mixture, closed up.
    pub blocks: Vec<Block>,
}

impl Split {
    pub(super) fn new(blocks: Vec<Block>, outside: &dyn Fn(&Block) -> bool) -> Self {
        let (mut own, mut shared, mut inside) = (Vec::new(), Vec::new(), Vec::new());
        for block in blocks {
            if outside(&block) {
                shared.extend(block.range);
            } else {
                let start = own.len();
                own.extend(block.range.clone());
                let range = start..own.len();
                inside.push(Block { range, ..block });
            }
        }
        Split {
            own,
            shared,
            blocks: inside,
        }
    }

    /// Length of the vector of all values.
    pub(super) fn values(&self, particles: usize) -> usize {
        particles * self.own.len() + self.shared.len()
    }

    /// The whole parameter vector of particle `i`.
    pub(super) fn theta(&self, values: &[f64], i: usize, theta: &mut [f64]) {
        let n = self.own.len();
        for (place, x) in self.own.iter().zip(&values[i * n..(i + 1) * n]) {
            theta[*place] = *x;
        }
        let shared = &values[values.len() - self.shared.len()..];
        for (place, x) in self.shared.iter().zip(shared) {
            theta[*place] = *x;
        }
    }
}
