//! The state of a fit.

/// Everything that a fit needs to go on: plain numbers, to be kept in any format. A run that is resumed from its
/// state gives the same bits as one that was never stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct FitState {
    /// The key of all randomness.
    pub seed: u64,
    /// Steps made so far.
    pub step: u64,
    /// Steps that an annealing schedule is stretched over; 0 where there is none.
    pub annealing_steps: u64,
    /// Number of particles; 1 for plain variational inference.
    pub particles: usize,
    /// The parameters of particle after particle, then those that all particles share.
    pub values: Vec<f64>,
    /// What the optimiser remembers, slot by slot in the order of `values`.
    pub slots: Vec<f64>,
}

impl FitState {
    /// What is wrong with a state for a fit of this many numbers.
    pub(in crate::infer) fn problem(
        &self,
        particles: usize,
        values: usize,
        slots: usize,
    ) -> Option<String> {
        let found = (self.particles, self.values.len(), self.slots.len());
        let wanted = (particles, values, slots * values);
        (found != wanted).then(|| {
            format!(
                "has {} particles, {} values and {} slots, but this fit has {}, {} and {}",
                found.0, found.1, found.2, wanted.0, wanted.1, wanted.2
            )
        })
    }
}
