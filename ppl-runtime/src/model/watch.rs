//! Who sees data and distributions pass by.

use super::division::Division;
use super::interpreter::Loop;
use super::{PointMark, Site};
use crate::dist::datum::Datum;
use crate::dist::distribution::Distribution;
use crate::dist::points::Points;
use crate::dist::report::{Problem, Report};
use crate::real::Mode;
use crate::support::{Latent, Support};
use bumpalo::Bump;

/// Sees data and distributions as they pass by, beside the score.
pub trait Watch<M: Mode> {
    /// Whether it sees nothing.
    const BLIND: bool = false;
    /// Whether it looks at single data.
    const POINTS: bool = false;
    /// A latent's distribution.
    #[inline]
    fn sample<T: Latent, D: Distribution<M, T>>(&mut self, _site: u32, _d: &D) {}
    /// An enumerated site's distribution.
    #[inline]
    fn enumerate<T: Latent, D: Distribution<M, T>>(&mut self, _site: u32, _d: &D) {}
    /// The value of a site that decides which others run.
    #[inline]
    fn branch<T: Latent, D: Distribution<M, T>>(&mut self, _site: u32, _d: &D, _x: &T::At<'_, M>) {}
    /// Data and their distribution.
    #[inline]
    fn observe<T: Datum<M, D> + ?Sized, D>(
        &mut self,
        _site: u32,
        _data: &T,
        _d: &D,
        _arena: &Bump,
    ) {
    }
    /// A latent's distribution, where its value is given, and how many numbers the distribution itself would give.
    #[inline]
    fn given<T: Latent, D: Distribution<M, T>>(
        &mut self,
        _site: u32,
        _d: &D,
        _x: &T,
        _lengths: [usize; 2],
    ) {
    }
    /// Something is wrong with the values that are given for a site.
    #[inline]
    fn problem(&mut self, _site: u32, _problem: Problem) {}
    /// A plate of which engines may take a part; whether it is inside of a sum.
    #[inline]
    fn minibatch(&mut self, _site: u32, _summed: bool) {}
    /// What was found wrong with data whose missing elements are latents.
    fn imputed(&mut self, _site: u32, _report: Report) {}
    /// Single data.
    fn points(&mut self, _site: u32, _points: Points) {}
    /// After how many single data.
    fn mark(&self) -> PointMark {
        PointMark::default()
    }
    /// The data since are one together.
    fn joint(&mut self, _since: PointMark, _log_likelihood: f64) {}
    /// The data since count with a weight, or not at all.
    fn reweigh(&mut self, _since: PointMark, _weight: Option<f64>) {}
    /// After a statement.
    #[inline]
    fn done(&mut self, _site: u32) {}
    /// Begins a loop.
    #[inline]
    fn enter(&mut self) {}
    /// Begins an element.
    #[inline]
    fn next(&mut self, _open: Loop) {}
    /// Ends a loop.
    #[inline]
    fn leave(&mut self, _open: Loop) {}
    /// A parameter of a guide, when it is started.
    #[inline]
    fn param(&mut self, _site: u32, _len: usize, _support: Support) {}
    /// Begins a submodel with its own table of sites.
    #[inline]
    fn begin(&mut self, _site: u32, _sites: &'static [Site]) {}
    /// Ends it.
    #[inline]
    fn end(&mut self) {}
    /// Where the execution is, if it is one part of an evaluation.
    #[inline(always)]
    fn division(&mut self) -> Option<&mut Division<M>> {
        None
    }
    /// Whether what is scored now belongs to this part of the evaluation.
    #[inline(always)]
    fn counts(&self) -> bool {
        true
    }
}

/// Sees nothing. `LEVEL` tells executions that are compiled for different instruction sets apart, so that each has
/// copies of its own of the body's closures: a copy with one caller is compiled into it.
pub struct Blind<const LEVEL: u8 = 0>;
impl<M: Mode, const LEVEL: u8> Watch<M> for Blind<LEVEL> {
    const BLIND: bool = true;
}
