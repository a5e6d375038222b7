//! Sites of many elements that are [reduced](super::reduced): of those the pivots alone are computed.

use super::family::Family;
use super::gathered::{Along, Elements, Notes, score};
use super::reduced::{Block, Learner, RESTART, Reducing, Reduction};
use super::univariate::Univariate;
use crate::real::kernels::LANES;
use crate::real::{Mode, Real};
use crate::support::ScalarLatent;
use std::mem::MaybeUninit;

/// Distributions in a row, which can be begun again.
pub trait Row: Iterator {
    /// Whether some are left out at no cost.
    const LEAPS: bool;
    /// The next one after `n` that are not computed.
    fn leap(&mut self, n: usize) -> Option<Self::Item>;
    /// Begins with the first one.
    fn restart(&mut self);
}

/// The same, all of them or the pivots alone.
pub struct Leaping<'x, I, T> {
    along: Along<'x, I, T>,
    reduction: Option<&'x Reduction>,
    skips: &'x [u32],
}

impl<T: ScalarLatent, D, I: Row<Item = D>> Elements<D> for Leaping<'_, I, T> {
    #[inline]
    fn most(&self) -> Option<usize> {
        Some(match self.reduction {
            Some(_) => self.skips.len(),
            None => self.along.points.len(),
        })
    }
    #[inline]
    fn block(&mut self, blocks: usize, _: &mut Notes, mut give: impl FnMut(usize, D)) -> usize {
        let room = match self.reduction {
            Some(reduction) => reduction.pivots(blocks),
            None => LANES.min(self.along.points.len() - self.along.at),
        };
        let skips = self.skips.get(self.along.at..).unwrap_or(&[]);
        let mut n = 0;
        while n < room {
            let mut skip = 0;
            if let Some(s) = skips.get(n) {
                if s & RESTART != 0 {
                    self.along.distributions.restart();
                }
                skip = (s & !RESTART) as usize;
            }
            // In one place, so that what makes the distribution is compiled into the loop.
            let Some(d) = self.along.distributions.leap(skip) else {
                break;
            };
            give(n, d);
            n += 1;
        }
        self.along.at += n;
        n
    }
    #[inline]
    fn reduced(&self, blocks: usize) -> Option<Block<'_>> {
        self.reduction.map(|reduction| reduction.block(blocks))
    }
    #[inline]
    fn was_last(&self, n: usize, blocks: usize) -> bool {
        match self.reduction {
            Some(reduction) => blocks + 1 >= reduction.blocks(),
            None => n < LANES,
        }
    }
    #[inline]
    fn points<'b>(&'b self, notes: &'b mut [MaybeUninit<f64>]) -> &'b [f64] {
        match self.reduction {
            Some(_) => &[],
            None => self.along.points(notes),
        }
    }
}

/// Σ ln p_i(x\[i\]) of points side by side, from statistics of the site where they are known.
#[inline]
pub fn score_along<
    M: Mode,
    T: ScalarLatent,
    const P: usize,
    D: Univariate<M, P>,
    I: Row<Item = D>,
>(
    distributions: I,
    x: &[T],
    reducing: &mut Reducing<'_>,
) -> Real<M> {
    if M::SYMBOLIC {
        return learn::<M, T, P, D, I>(distributions, x, reducing);
    }
    let along = Along {
        distributions,
        points: x,
        at: 0,
    };
    if I::LEAPS {
        let reduction = reducing.next(x.len());
        let skips = reduction.map_or(&[][..], Reduction::skips);
        return score::<M, T, P, D, _>(Leaping {
            along,
            reduction,
            skips,
        });
    }
    score::<M, T, P, D, _>(along)
}

/// Finds what there is to know of a site.
fn learn<M: Mode, T: ScalarLatent, const P: usize, D: Univariate<M, P>, I: Row<Item = D>>(
    distributions: I,
    x: &[T],
    reducing: &mut Reducing<'_>,
) -> Real<M> {
    let (mut learner, mut points) = (Learner::default(), x.iter());
    let statistics = D::Family::REDUCES && !D::CONSTANT[0] && P > 1;
    M::follow(distributions.take(x.len()), |d| {
        let reals = d.reals();
        if let Some(x) = points.next() {
            if statistics {
                learner.element::<M>(reals[0], reals[P - 1], x.number());
            }
            learner.row::<M>(&reals, &D::CONSTANT, x.number());
        }
    });
    if points.next().is_some() {
        M::spoil();
    }
    if I::LEAPS {
        reducing.learned(learner.finish());
    }
    Real::constant(0.0)
}

/// The score of a site from its pivots. A call, so that the loop over elements stays small.
#[inline(never)]
pub(super) fn reduced<const P: usize, F: Family<P>, const GRADIENT: bool>(
    block: Block<'_>,
    pivots: &[&[f64]; P],
    by: &mut [&mut [f64]; P],
) -> f64 {
    match block.dense() {
        Some(dense) => dense.score::<F, P, GRADIENT>(pivots, by),
        None => F::reduced(block, pivots, by),
    }
}
