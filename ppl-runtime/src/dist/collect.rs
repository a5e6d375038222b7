//! Statements of many executions of one body, put side by side so that their densities are computed in blocks.
//!
//! Where a body runs for every element of a plate and every value of an enumerated site, what a statement has to
//! score is not scored at once: its point and parameters go into a lane, and a [`Score`] does all lanes together.

use super::family::Family;
use crate::real::kernels::LANES;
use crate::real::{Mode, Real};
use crate::support::ScalarLatent;

/// The most parameters that a family has.
pub const MOST: usize = 3;

/// The numbers of one statement in all lanes.
pub struct Columns {
    /// The points.
    pub x: [f64; LANES],
    /// The values of the parameters.
    pub p: [[f64; LANES]; MOST],
    /// The log densities.
    pub values: [f64; LANES],
    /// The partial derivatives by the parameters.
    pub partials: [[f64; LANES]; MOST],
}

impl Columns {
    /// All zero.
    pub fn new() -> Self {
        Columns {
            x: [0.0; LANES],
            p: [[0.0; LANES]; MOST],
            values: [0.0; LANES],
            partials: [[0.0; LANES]; MOST],
        }
    }
}

impl Default for Columns {
    fn default() -> Self {
        Self::new()
    }
}

/// Computes values and partial derivatives of the first lanes.
pub type Score = fn(usize, &mut Columns);

/// Takes statements.
pub trait Collect<M: Mode> {
    /// One statement of the lane under way.
    fn collect<const P: usize>(
        &mut self,
        score: Score,
        x: f64,
        p: [f64; P],
        operands: [Real<M>; P],
        constant: [bool; P],
    );
    /// The same of a family.
    #[inline(always)]
    fn collect_family<F: Family<P>, const P: usize>(
        &mut self,
        x: f64,
        p: [f64; P],
        operands: [Real<M>; P],
        constant: [bool; P],
    ) {
        let score = if M::GRADIENT {
            score::<F, P, true>
        } else {
            score::<F, P, false>
        };
        self.collect(score, x, p, operands, constant);
    }
    /// One statement of the lane under way, of points that share their parameters. False if it can't be done.
    #[inline(always)]
    fn collect_iid<T: ScalarLatent, F: Family<P>, const P: usize>(
        &mut self,
        _x: &[T],
        _p: [f64; P],
        _operands: [Real<M>; P],
        _constant: [bool; P],
    ) -> bool {
        false
    }
}

/// Takes statements that are the same for many elements but for their points.
pub trait Column<M: Mode> {
    /// One statement; `x` gives the point of each element.
    fn column<F: Family<P>, const P: usize>(
        &mut self,
        x: impl Fn(usize) -> f64,
        p: [f64; P],
        operands: [Real<M>; P],
        constant: [bool; P],
    );
}

/// The [`Score`] of a family.
pub fn score<F: Family<P>, const P: usize, const GRADIENT: bool>(n: usize, c: &mut Columns) {
    let n = n.min(LANES);
    let p: [&[f64]; P] = std::array::from_fn(|k| &c.p[k][..n]);
    let mut rows = c.partials.iter_mut().map(|r| &mut r[..n]);
    let mut partials: [&mut [f64]; P] = std::array::from_fn(|_| rows.next().unwrap_or_default());
    F::lanes::<GRADIENT>(&c.x[..n], &p, &mut c.values[..n], &mut partials);
}

/// The [`Score`] of ln p, for the weights of a categorical variable.
pub fn score_ln(n: usize, c: &mut Columns) {
    let n = n.min(LANES);
    crate::real::kernels::ln(&c.p[0][..n], &mut c.values[..n]);
    for (by, p) in c.partials[0][..n].iter_mut().zip(&c.p[0][..n]) {
        *by = 1.0 / p;
    }
}
