//! Keyed randomness: every draw comes from a generator keyed by what it is for, so that the same seed gives the
//! same bits with any number of threads.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

/// The generator behind every draw of the library: xoshiro256++ (Blackman & Vigna 2021).
pub type Rng = Xoshiro256PlusPlus;

/// What a generator is for. Two purposes never share a stream.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Draws from the prior.
    Prior = 1,
    /// Replicated data.
    Predictive = 2,
    /// Finding the layout of a model.
    Layout = 3,
    /// Resampling of weighted draws.
    Resample = 4,
    /// The first live points of a nested sampler.
    LivePoints = 5,
    /// Replacement of a dead point.
    Replace = 6,
    /// Bootstrap of the bounding ellipsoids.
    Bound = 7,
    /// Simulated shrinkage for the error bar.
    Shrinkage = 8,
    /// Anything of the user's own.
    User = 9,
    /// Enumerated sites given the rest.
    Recover = 10,
    /// Where a Markov chain begins.
    ChainStart = 11,
    /// The search for a step size.
    StepSize = 12,
    /// A transition of a Markov chain.
    Transition = 13,
    /// Where a particle of a variational engine begins.
    GuideStart = 30,
    /// The noise of a guide's draws while it is fitted.
    GuideNoise = 31,
    /// The features of a random-feature kernel.
    KernelFeatures = 32,
    /// Draws from a fitted guide.
    GuideDraw = 33,
    /// Which part of the data a step of a stochastic engine sees.
    DataBatch = 130,
    /// Prior draws and data of simulation-based calibration.
    Calibration = 50,
    /// Where a true value stands among equal draws.
    Tie = 51,
    /// The search for straight-line programs.
    ProgramSearch = 60,
    /// The seed of one straight-line program.
    ProgramSeed = 61,
    /// The elements of a minibatch.
    Minibatch = 80,
    /// Draws from a proposal that estimate a program's evidence.
    EvidenceNoise = 62,
    /// Resampling of the strands of a nested-sampling run.
    StrandBootstrap = 110,
    /// Points at which a likelihood is known again.
    Probe = 111,
    /// The first points of a batch of dynamic nested sampling.
    StrandStart = 112,
    /// Draws from a proposal that refines the evidence.
    Refinement = 113,
    /// The step size of a kept transition of a Markov chain.
    StepJitter = 100,
    /// Draws from a program's guide that estimate its bound.
    ProgramBound = 120,
    /// Points where a program's chains may start.
    Scout = 121,
    /// Where the search for a mode begins.
    ModeStart = 90,
    /// Points at which a model is taken apart into the elements of its plates.
    Parts = 140,
    /// Draws from a normal approximation at a mode.
    LaplaceDraw = 91,
}

/// The generator of `(seed, purpose, batch, slot)`.
///
/// ```
/// use ppl_runtime::random::{keyed, Purpose};
/// use rand::Rng;
/// let a = keyed(1, Purpose::User, 0, 0).next_u64();
/// assert_eq!(a, keyed(1, Purpose::User, 0, 0).next_u64());
/// assert_ne!(a, keyed(1, Purpose::User, 0, 1).next_u64());
/// ```
pub fn keyed(seed: u64, purpose: Purpose, batch: u64, slot: u64) -> Rng {
    // Each word passes through SplitMix64's finaliser (Steele et al. 2014) together with all before it, so
    // that neighbouring keys have unrelated states.
    let mut state = [0u8; 32];
    let mut h = 0x9e37_79b9_7f4a_7c15_u64;
    for word in [seed, purpose as u64, batch, slot] {
        h = mix(h ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
    }
    for chunk in state.chunks_exact_mut(8) {
        h = h.wrapping_add(0x9e37_79b9_7f4a_7c15);
        chunk.copy_from_slice(&mix(h).to_le_bytes());
    }
    Rng::from_seed(state)
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
