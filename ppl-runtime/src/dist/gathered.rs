//! Observations with parameters of their own each: gathered into blocks, scored by the family's block kernel, and lifted
//! once a block.

use super::family::Family;
use super::leaping::reduced;
use super::reduced::Block;
use super::univariate::Univariate;
use crate::real::kernels::LANES;
use crate::real::{Gather, Mode, Real};
use crate::support::ScalarLatent;
use std::mem::MaybeUninit;

/// Where the points of a block are noted.
pub(super) type Notes = [MaybeUninit<f64>; LANES];

/// Points with a distribution each.
pub trait Elements<D> {
    /// There are at most so many, where that is known.
    fn most(&self) -> Option<usize>;
    /// Gives the distributions of the next ones, as many as fit in a block, with their places in it; their points may be
    /// noted. How many they were, after so many blocks.
    fn block(&mut self, blocks: usize, notes: &mut Notes, give: impl FnMut(usize, D)) -> usize;
    /// The points of the last elements, given the notes for them.
    fn points<'b>(&'b self, notes: &'b mut [MaybeUninit<f64>]) -> &'b [f64];
    /// Of a site that is reduced, what the block after so many is.
    #[inline]
    fn reduced(&self, _blocks: usize) -> Option<Block<'_>> {
        None
    }
    /// Whether a block of so many elements, after so many blocks, was the last one.
    #[inline]
    fn was_last(&self, n: usize, _blocks: usize) -> bool {
        n < LANES
    }
}

/// Distributions with points.
pub struct Pairs<I>(pub I);

impl<'x, T: ScalarLatent + 'x, D, I: Iterator<Item = (D, &'x T)>> Elements<D> for Pairs<I> {
    #[inline]
    fn most(&self) -> Option<usize> {
        self.0.size_hint().1
    }
    #[inline]
    fn block(&mut self, _: usize, notes: &mut Notes, mut give: impl FnMut(usize, D)) -> usize {
        for (n, note) in notes.iter_mut().enumerate() {
            let Some((d, x)) = self.0.next() else {
                return n;
            };
            note.write(x.number());
            give(n, d);
        }
        LANES
    }
    #[inline]
    fn points<'b>(&'b self, notes: &'b mut [MaybeUninit<f64>]) -> &'b [f64] {
        // SAFETY: all of the block's elements have noted their points.
        unsafe { std::slice::from_raw_parts(notes.as_ptr().cast(), notes.len()) }
    }
}

/// Distributions along a slice of points, which are numbers already or made into such a block at a time.
pub struct Along<'x, I, T> {
    pub(super) distributions: I,
    pub(super) points: &'x [T],
    /// How many were given.
    pub(super) at: usize,
}

impl<T: ScalarLatent, D, I: Iterator<Item = D>> Elements<D> for Along<'_, I, T> {
    #[inline]
    fn most(&self) -> Option<usize> {
        Some(self.points.len())
    }
    #[inline]
    fn block(&mut self, _: usize, _: &mut Notes, mut give: impl FnMut(usize, D)) -> usize {
        let room = LANES.min(self.points.len() - self.at);
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
    fn points<'b>(&'b self, notes: &'b mut [MaybeUninit<f64>]) -> &'b [f64] {
        numbers(&self.points[self.at - notes.len()..self.at], notes)
    }
}

#[inline]
fn numbers<'b, T: ScalarLatent>(points: &'b [T], notes: &'b mut [MaybeUninit<f64>]) -> &'b [f64] {
    if let Some(numbers) = T::as_numbers(points) {
        return numbers;
    }
    for (note, x) in notes.iter_mut().zip(points) {
        note.write(x.number());
    }
    // SAFETY: there are as many points, and they were just written.
    unsafe { std::slice::from_raw_parts(notes.as_ptr().cast(), notes.len()) }
}

/// A parameter of a block's points that is a constant in the program. Mostly it is the same one for all, and then its
/// column is written once.
#[derive(Copy, Clone)]
struct Constant {
    value: f64,
    /// How many of the column have the value.
    full: usize,
    /// Whether the block's points have different ones.
    differ: bool,
}

impl Constant {
    #[inline(always)]
    fn set(&mut self, column: &mut [MaybeUninit<f64>; LANES], n: usize, value: f64) {
        if self.differ {
            column[n].write(value);
        } else if self.value.to_bits() != value.to_bits() {
            self.change(column, n, value);
        }
    }
    // A call, so that the loop over elements stays small.
    #[cold]
    #[inline(never)]
    fn change(&mut self, column: &mut [MaybeUninit<f64>; LANES], n: usize, value: f64) {
        self.full = 0;
        if n == 0 {
            self.value = value;
        } else {
            fill(&mut column[..n], self.value);
            column[n].write(value);
            self.differ = true;
        }
    }
    /// All of the block's `n` elements have theirs.
    #[inline(always)]
    fn end(&mut self, column: &mut [MaybeUninit<f64>; LANES], n: usize) {
        if self.differ {
            self.differ = false;
        } else if self.full < n {
            fill(&mut column[..n], self.value);
            self.full = n;
        }
    }
}

#[inline(always)]
fn fill(column: &mut [MaybeUninit<f64>], value: f64) {
    for x in column {
        x.write(value);
    }
}

/// Room for the numbers of a block. Clearing it would cost more than scoring few elements.
struct Room([MaybeUninit<f64>; LANES]);

impl Room {
    #[inline(always)]
    fn new() -> Self {
        Room([MaybeUninit::uninit(); LANES])
    }
    /// The first `n` numbers, which were written.
    ///
    /// # Safety
    ///
    /// They were.
    #[inline(always)]
    unsafe fn written(&self, n: usize) -> &[f64] {
        // SAFETY: they are numbers, and at most as many as there is room for.
        unsafe { std::slice::from_raw_parts(self.0[..n].as_ptr().cast(), n) }
    }
    /// The first `n` numbers, which are zero where nothing was written before.
    #[inline(always)]
    fn cleared(&mut self, n: usize, so_far: usize) -> &mut [f64] {
        for x in self.0[..n].iter_mut().skip(so_far) {
            x.write(0.0);
        }
        // SAFETY: they are numbers.
        unsafe { std::slice::from_raw_parts_mut(self.0[..n].as_mut_ptr().cast(), n) }
    }
}

/// Σ ln p_i(x\[i\]).
#[inline]
pub fn score<M: Mode, T: ScalarLatent, const P: usize, D: Univariate<M, P>, E: Elements<D>>(
    mut elements: E,
) -> Real<M> {
    let (mut notes, mut cleared) = (Room::new(), 0);
    let mut p = [const { Room([MaybeUninit::uninit(); LANES]) }; P];
    let mut partials = [const { Room([MaybeUninit::uninit(); LANES]) }; P];
    let mut constants = [Constant {
        value: 0.0,
        full: 0,
        differ: false,
    }; P];
    let mut gather = M::Gather::<P, LANES>::begin(elements.most());
    let (mut sum, mut listens, mut blocks) = (0.0, true, 0);
    loop {
        let n = elements.block(blocks, &mut notes.0, |n, d| {
            let values = d.values();
            for k in 0..P {
                if D::CONSTANT[k] {
                    constants[k].set(&mut p[k].0, n, values[k]);
                } else {
                    p[k].0[n].write(values[k]);
                }
            }
            if M::GRADIENT {
                for (k, real) in d.reals().into_iter().enumerate() {
                    if !D::CONSTANT[k] {
                        gather.set(k, n, real);
                    }
                }
                if listens {
                    listens = gather.computed(n);
                }
            }
        });
        if n > 0 {
            for k in 0..P {
                if D::CONSTANT[k] {
                    constants[k].end(&mut p[k].0, n);
                }
            }
            let x = elements.points(&mut notes.0[..n]);
            // SAFETY: the block's elements have written their parameters, or `Constant::end` has.
            let columns: [&[f64]; P] = std::array::from_fn(|k| unsafe { p[k].written(n) });
            if M::GRADIENT {
                let mut k = 0;
                let mut rows = partials.each_mut().map(|row| {
                    let unwanted = D::Family::LEAVES_OUT && D::CONSTANT[k];
                    k += 1;
                    row.cleared(if unwanted { 0 } else { n }, cleared)
                });
                sum += match elements.reduced(blocks) {
                    None => D::Family::block_partials(x, &columns, &mut rows),
                    Some(block) => reduced::<P, D::Family, true>(block, &columns, &mut rows),
                };
                gather.block(n, &D::CONSTANT, &rows.map(|row| &*row));
                cleared = cleared.max(n);
            } else {
                sum += match elements.reduced(blocks) {
                    None => D::Family::block(x, &columns),
                    Some(block) => {
                        let mut nowhere = [(); P].map(|()| &mut [][..]);
                        reduced::<P, D::Family, false>(block, &columns, &mut nowhere)
                    }
                };
            }
        }
        if elements.was_last(n, blocks) {
            return gather.finish(sum);
        }
        blocks += 1;
    }
}
