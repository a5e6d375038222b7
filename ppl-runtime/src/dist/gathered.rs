//! Observations with parameters of their own each: gathered into blocks, scored by the family's block kernel, and lifted
//! once a block.

use super::family::Family;
use super::univariate::Univariate;
use crate::real::kernels::LANES;
use crate::real::{Gather, Mode, Real};
use crate::support::ScalarLatent;

/// Points with a distribution each.
pub trait Elements<D> {
    /// There are at most so many, where that is known.
    fn most(&self) -> Option<usize>;
    /// Gives the distributions of the next ones, as many as fit in a block, with their places in it; their points may be
    /// noted. How many they were: fewer than fit at the end alone.
    fn block<const N: usize>(&mut self, notes: &mut [f64; N], give: impl FnMut(usize, D)) -> usize;
    /// The points of the last elements, given the notes for them.
    fn points<'b>(&'b self, notes: &'b mut [f64]) -> &'b [f64];
}

/// Distributions with points.
pub struct Pairs<I>(pub I);

impl<'x, T: ScalarLatent + 'x, D, I: Iterator<Item = (D, &'x T)>> Elements<D> for Pairs<I> {
    #[inline]
    fn most(&self) -> Option<usize> {
        self.0.size_hint().1
    }
    #[inline]
    fn block<const N: usize>(
        &mut self,
        notes: &mut [f64; N],
        mut give: impl FnMut(usize, D),
    ) -> usize {
        for (n, note) in notes.iter_mut().enumerate() {
            let Some((d, x)) = self.0.next() else {
                return n;
            };
            *note = x.number();
            give(n, d);
        }
        N
    }
    #[inline]
    fn points<'b>(&'b self, notes: &'b mut [f64]) -> &'b [f64] {
        notes
    }
}

/// Distributions along a slice of points, which are numbers already or made into such a block at a time.
pub struct Along<'x, I, T> {
    distributions: I,
    points: &'x [T],
    at: usize,
}

impl<'x, I, T> Along<'x, I, T> {
    /// From the first point on.
    #[inline]
    pub fn new(distributions: I, points: &'x [T]) -> Self {
        let at = 0;
        Along {
            distributions,
            points,
            at,
        }
    }
}

impl<T: ScalarLatent, D, I: Iterator<Item = D>> Elements<D> for Along<'_, I, T> {
    #[inline]
    fn most(&self) -> Option<usize> {
        Some(self.points.len())
    }
    #[inline]
    fn block<const N: usize>(&mut self, _: &mut [f64; N], mut give: impl FnMut(usize, D)) -> usize {
        let room = N.min(self.points.len() - self.at);
        let mut n = 0;
        while n < room
            && let Some(d) = self.distributions.next()
        {
            give(n, d);
            n += 1;
        }
        self.at += n;
        n
    }
    #[inline]
    fn points<'b>(&'b self, notes: &'b mut [f64]) -> &'b [f64] {
        T::numbers(&self.points[self.at - notes.len()..self.at], notes)
    }
}

/// A parameter of a block's points that is a constant in the program. Mostly it is the same one for all, and then its
/// column is written once.
#[derive(Copy, Clone)]
struct Constant {
    value: f64,
    /// Whether the column is full of the value.
    full: bool,
    /// Whether the block's points have different ones.
    differ: bool,
}

impl Constant {
    #[inline(always)]
    fn set(&mut self, column: &mut [f64], n: usize, value: f64) {
        if self.differ {
            column[n] = value;
        } else if self.value.to_bits() != value.to_bits() {
            self.change(column, n, value);
        }
    }
    #[inline]
    fn change(&mut self, column: &mut [f64], n: usize, value: f64) {
        self.full = false;
        if n == 0 {
            self.value = value;
        } else {
            column[..n].fill(self.value);
            column[n] = value;
            self.differ = true;
        }
    }
    #[inline(always)]
    fn end(&mut self, column: &mut [f64]) {
        if self.differ {
            self.differ = false;
        } else if !self.full {
            column.fill(self.value);
            self.full = true;
        }
    }
}

/// Σ ln p_i(x\[i\]).
#[inline]
pub fn score<M: Mode, T: ScalarLatent, const P: usize, D: Univariate<M, P>, E: Elements<D>>(
    elements: E,
) -> Real<M> {
    // Clearing large blocks would cost more than scoring few elements.
    match elements.most() {
        Some(n) if n <= SHORT => blocks::<M, P, D, E, SHORT>(elements),
        _ => blocks::<M, P, D, E, LANES>(elements),
    }
}

const SHORT: usize = 16;

#[inline]
fn blocks<M: Mode, const P: usize, D: Univariate<M, P>, E: Elements<D>, const N: usize>(
    mut elements: E,
) -> Real<M> {
    let mut notes = [0.0; N];
    let mut p = [[0.0; N]; P];
    let mut partials = [[0.0; N]; P];
    let mut constants = [Constant {
        value: 0.0,
        full: true,
        differ: false,
    }; P];
    let mut gather = M::Gather::<P, N>::begin(elements.most());
    let mut sum = 0.0;
    loop {
        let n = elements.block(&mut notes, |n, d| {
            let values = d.values();
            for k in 0..P {
                if D::CONSTANT[k] {
                    constants[k].set(&mut p[k], n, values[k]);
                } else {
                    p[k][n] = values[k];
                }
            }
            if M::GRADIENT {
                for (k, real) in d.reals().into_iter().enumerate() {
                    if !D::CONSTANT[k] {
                        gather.set(k, n, real);
                    }
                }
            }
        });
        if n > 0 {
            for k in 0..P {
                if D::CONSTANT[k] {
                    constants[k].end(&mut p[k]);
                }
            }
            let x = elements.points(&mut notes[..n]);
            let columns: [&[f64]; P] = std::array::from_fn(|k| &p[k][..n]);
            if M::GRADIENT {
                let mut k = 0;
                let mut rows = partials.each_mut().map(|row| {
                    let unwanted = D::Family::LEAVES_OUT && D::CONSTANT[k];
                    k += 1;
                    &mut row[..if unwanted { 0 } else { n }]
                });
                sum += D::Family::block_partials(x, &columns, &mut rows);
                gather.block(n, &D::CONSTANT, &partials);
            } else {
                sum += D::Family::block(x, &columns);
            }
        }
        if n < N {
            return gather.finish(sum);
        }
    }
}
