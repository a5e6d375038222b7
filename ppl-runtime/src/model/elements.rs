//! How the elements of a plate count: some of them, with weights, or not at all.

use super::per_element::PerElement;
use crate::random::{Purpose, keyed};
use bumpalo::Bump;
use rand::RngExt;

/// What is said of a plate's elements: `plate(n, |i| { .. }).minibatch(b).scale(&weights).mask(&kept).parallel()`.
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
    /// by n/b. Other engines take them all, and so do these where the number of an element's latents can depend on the
    /// data (a latent in a loop or a branch, or of a type without a fixed length).
    pub fn minibatch(self, batch: usize) -> Self {
        Elements {
            batch: Some(batch),
            ..self
        }
    }
    /// Divides the elements among the threads of the current rayon pool: `plate(n, |i| { .. }).parallel()`.
    ///
    /// A log density is a sum over elements, Σᵢ ln p(yᵢ, zᵢ | θ), and so is its gradient. They are divided into
    /// min(n, 16) ranges, whatever the number of threads, and added up in order: the same bits on any number of them.
    /// Each part runs the whole body and scores its own elements, so that what is outside of parallel plates should be
    /// cheap: it is computed in all parts, though scored in the first alone.
    ///
    /// It pays from some 50 µs an evaluation (sums over discrete sites: 100 µs) and where threads would be idle: chains and
    /// live points already use as many as there are of them, and parts cost 5 to 20 % more than one piece. Draws,
    /// predictions and pointwise likelihoods run all elements in order.
    ///
    /// Options combine. The plate has no value. Inside of a sum over discrete values (an enumerated site before it, a
    /// chain) or of an element of another plate with options it is run in one piece. Minibatched plates inside of it
    /// take all their elements.
    ///
    /// ```
    /// # use ppl_runtime::model::*;
    /// # use ppl_runtime::real::{Mode, Real};
    /// # use ppl_runtime::dist::{Normal, StudentT};
    /// # struct Heights(Vec<f64>);
    /// # const fn site(name: &'static str, kind: SiteKind, len: usize) -> Site {
    /// #     Site { name, kind, ty: "f64", line: 0, argument: None, always: len > 0, len: Some(len), offset: None }
    /// # }
    /// # impl Model for Heights {
    /// #     type Draw = f64;
    /// #     type Latents = ();
    /// #     type Output<'a, M: Mode> = ();
    /// #     const NAME: &'static str = "heights";
    /// #     const SITES: &'static [Site] = &[site("mean", SiteKind::Sample, 1), site("plate", SiteKind::Plate, 0), site("cm", SiteKind::Observe, 0)];
    /// #     const PARALLEL: bool = true;
    /// #     fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
    /// #         let cm = &self.0;
    /// // What `#[model]` writes for `plate(cm.len(), |i| observe(cm[i], StudentT::new(4.0, mean, 7.0))).parallel()`:
    /// let mean = i.sample::<f64, _>(0, Normal::new(170.0, 20.0));
    /// i.plate_of(1, cm.len(), Elements::new().parallel(), Has::default(), |i, k| {
    ///     i.observe(2, &cm[k], StudentT::new(4.0, mean, 7.0));
    /// });
    /// #     }
    /// #     fn decode(frame: Frame<'_>) -> f64 { frame.one::<f64>(0) }
    /// #     fn check(&self, _: &mut ArgumentReport) {}
    /// #     fn log_density_and_gradient(&self, e: &mut Evaluator, u: &[f64], g: &mut [f64]) -> f64 { e.forward::<1, _>(self, u, g) }
    /// #     fn on_threads(&self, parts: &mut [Part], f: impl Fn(&Self, &mut Part) + Sync) { on_threads(self, parts, f) }
    /// # }
    /// # let heights = Heights((0..1000).map(|k| 160.0 + 0.02 * f64::from(k)).collect());
    /// # let mut gradient = [0.0];
    /// # let mut gradient_on = |threads: usize| {
    /// #     let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    /// #     pool.install(|| heights.log_density_and_gradient(&mut Evaluator::new(), &[171.0], &mut gradient))
    /// # };
    /// assert_eq!(gradient_on(1), gradient_on(2));
    /// ```
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
