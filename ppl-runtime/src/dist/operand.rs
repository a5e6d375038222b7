//! Parameters of distributions: constants, latents, and vectors of either.

use crate::real::{Kept, Lift, Mode, Picked, Real, sum};
use crate::support::{OrderedAt, Seq, SimplexAt};

/// One parameter: a constant costs no derivatives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a parameter of a distribution",
    label = "not a parameter",
    note = "write a number, a latent, or a vector of either"
)]
pub trait Operand<M: Mode>: Copy {
    /// Whether it is a constant.
    const CONSTANT: bool;
    /// Its value.
    fn value(&self) -> f64;
    /// It as a number of the model.
    fn real(&self) -> Real<M>;
    /// Many, where they are plain numbers side by side.
    #[inline]
    fn numbers(_: &[Self]) -> Option<&[f64]> {
        None
    }
    /// Many, where they are numbers of the model side by side.
    #[inline]
    fn reals(_: &[Self]) -> Option<&[Real<M>]> {
        None
    }
}

impl<M: Mode> Operand<M> for Real<M> {
    const CONSTANT: bool = false;
    #[inline]
    fn value(&self) -> f64 {
        Real::value(*self)
    }
    #[inline]
    fn real(&self) -> Real<M> {
        *self
    }
    #[inline]
    fn reals(x: &[Self]) -> Option<&[Real<M>]> {
        Some(x)
    }
}
macro_rules! constant {
    ($($type:ty, |$x:ident| $number:expr $(, $numbers:item)?;)*) => { $(
        impl<M: Mode> Operand<M> for $type {
            $(#[inline] $numbers)?
            const CONSTANT: bool = true;
            #[inline]
            fn value(&self) -> f64 { let $x = *self; $number }
            #[inline]
            fn real(&self) -> Real<M> { let $x = *self; Real::constant($number) }
        }
        impl<M: Mode> Operands<M> for $type {
            type Kind = One;
            const CONSTANT: bool = true;
            fn len(&self) -> Option<usize> { None }
            #[inline]
            fn at(&self, _: usize) -> Real<M> { Operand::<M>::real(self) }
            #[inline]
            fn fill(&self, _: usize, out: &mut [f64]) { let $x = *self; out.fill($number); }
            #[inline]
            fn push(&self, _: usize, _: &[f64], _: &mut M::Lift) {}
        }
    )* };
}
constant!(f64, |x| x, fn numbers(x: &[f64]) -> Option<&[f64]> { Some(x) }; usize, |x| x as f64; u32, |x| f64::from(x); u64, |x| x as f64; i32, |x| f64::from(x); i64, |x| x as f64;);

impl<M: Mode, T: Operand<M>> Operand<M> for &T {
    const CONSTANT: bool = T::CONSTANT;
    #[inline]
    fn value(&self) -> f64 {
        (**self).value()
    }
    #[inline]
    fn real(&self) -> Real<M> {
        (**self).real()
    }
}

/// [`Operands::Kind`] of a scalar, which serves every element.
pub struct One;
/// [`Operands::Kind`] of a vector, which has one for each element.
pub struct Many;

/// That at least one of several parameters is a vector.
#[diagnostic::on_unimplemented(
    message = "a distribution over one number can't score or draw a vector",
    label = "the distribution of one number",
    note = "write `.iid()` for independent elements that share their parameters, or `each(..)` for elements with their own"
)]
pub trait SomeVector {}
impl SomeVector for (Many,) {}
impl SomeVector for (Many, Many) {}
impl SomeVector for (Many, One) {}
impl SomeVector for (One, Many) {}
impl SomeVector for (Many, Many, Many) {}
impl SomeVector for (Many, Many, One) {}
impl SomeVector for (Many, One, Many) {}
impl SomeVector for (Many, One, One) {}
impl SomeVector for (One, Many, Many) {}
impl SomeVector for (One, Many, One) {}
impl SomeVector for (One, One, Many) {}

/// A parameter of a distribution of a vector: a scalar, or a vector with an element for each.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a parameter of a distribution",
    label = "not a parameter",
    note = "write a number, a latent, or a reference to a vector of either"
)]
#[allow(
    clippy::len_without_is_empty,
    reason = "a scalar has no length, so emptiness is not a question"
)]
pub trait Operands<M: Mode> {
    /// [`One`] or [`Many`].
    type Kind;
    /// Whether all elements are constants.
    const CONSTANT: bool;
    /// Whether the elements are known to sum to one.
    const SUMS_TO_ONE: bool = false;
    /// The number of elements, of a vector.
    fn len(&self) -> Option<usize>;
    /// One element as a number of the model; NaN beyond the end.
    fn at(&self, i: usize) -> Real<M>;
    /// Writes the values of the elements from `start` on.
    fn fill(&self, start: usize, out: &mut [f64]);
    /// The values of as many elements from `start` on as there is room for: where they lie, or else written there.
    #[inline]
    fn column<'b>(&'b self, start: usize, room: &'b mut [f64]) -> &'b [f64] {
        self.fill(start, room);
        room
    }
    /// Sends partial derivatives by the elements from `start` on to where the elements come from.
    fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift);
    /// The same, where `values` are those that [`Operands::fill`] gave.
    #[inline]
    fn push_known(&self, start: usize, _values: &[f64], partials: &[f64], lift: &mut M::Lift) {
        self.push(start, partials, lift);
    }
    /// How many columns of data [`Operands::keep`] keeps.
    const DATA: usize = 0;
    /// Keeps the data of elements that are asked for often.
    fn keep(&self, _kept: &mut Kept) {}
    /// Writes the values of these elements.
    #[inline]
    fn fill_of(&self, picked: Picked<'_>, out: &mut [f64]) {
        for (place, out) in picked.places.iter().zip(out.chunks_mut(1)) {
            self.fill(*place, out);
        }
    }
    /// Sends partial derivatives by these elements to where they come from.
    #[inline]
    fn push_of(&self, picked: Picked<'_>, partials: &[f64], lift: &mut M::Lift) {
        for (place, partial) in picked.places.iter().zip(partials.chunks(1)) {
            self.push(*place, partial, lift);
        }
    }
}

impl<M: Mode> Operands<M> for Real<M> {
    type Kind = One;
    const CONSTANT: bool = false;
    fn len(&self) -> Option<usize> {
        None
    }
    #[inline]
    fn at(&self, _: usize) -> Real<M> {
        *self
    }
    #[inline]
    fn fill(&self, _: usize, out: &mut [f64]) {
        out.fill(self.value());
    }
    #[inline]
    fn push(&self, _: usize, partials: &[f64], lift: &mut M::Lift) {
        lift.push(*self, sum(partials));
    }
    #[inline]
    fn fill_of(&self, _: Picked<'_>, out: &mut [f64]) {
        out.fill(M::value(self.0));
    }
    #[inline]
    fn push_of(&self, _: Picked<'_>, partials: &[f64], lift: &mut M::Lift) {
        lift.push(*self, sum(partials));
    }
}

impl<M: Mode, T: Operand<M>> Operands<M> for [T] {
    type Kind = Many;
    const CONSTANT: bool = T::CONSTANT;
    fn len(&self) -> Option<usize> {
        Some(self.len())
    }
    #[inline]
    fn at(&self, i: usize) -> Real<M> {
        self.get(i).map_or(Real::constant(f64::NAN), Operand::real)
    }
    #[inline]
    fn fill(&self, start: usize, out: &mut [f64]) {
        // Too short a vector was refused when the model was bound; NaN keeps it from scoring.
        let from = self.get(start..).unwrap_or(&[]);
        let (out, beyond) = out.split_at_mut(from.len().min(out.len()));
        for (o, x) in out.iter_mut().zip(from) {
            *o = x.value();
        }
        beyond.fill(f64::NAN);
    }
    #[inline]
    fn column<'b>(&'b self, start: usize, room: &'b mut [f64]) -> &'b [f64] {
        match T::numbers(self).and_then(|x| x.get(start..start + room.len())) {
            Some(x) => x,
            None => {
                self.fill(start, room);
                room
            }
        }
    }
    #[inline]
    fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        if !T::CONSTANT {
            let from = &self[start.min(self.len())..];
            if let Some(from) = T::reals(from) {
                let n = from.len().min(partials.len());
                return lift.push_all(&from[..n], &partials[..n]);
            }
            for (from, partials) in from.chunks(8).zip(partials.chunks(8)) {
                let mut operands = [Real::constant(0.0); 8];
                for (o, x) in operands.iter_mut().zip(from) {
                    *o = x.real();
                }
                let n = from.len().min(partials.len());
                lift.push_all(&operands[..n], &partials[..n]);
            }
        }
    }
}

macro_rules! forward_to_slice {
    ($([$($generics:tt)*] $type:ty, $item:ty; $(const $known:ident: bool = $is:literal;)?)*) => { $(
        impl<M: Mode, $($generics)*> Operands<M> for $type {
            type Kind = Many;
            const CONSTANT: bool = <$item as Operand<M>>::CONSTANT;
            $(const $known: bool = $is;)?
            fn len(&self) -> Option<usize> { Operands::<M>::len(&self[..]) }
            #[inline]
            fn at(&self, i: usize) -> Real<M> { Operands::<M>::at(&self[..], i) }
            #[inline]
            fn fill(&self, start: usize, out: &mut [f64]) { Operands::<M>::fill(&self[..], start, out); }
            #[inline]
            fn column<'b>(&'b self, start: usize, room: &'b mut [f64]) -> &'b [f64] {
                Operands::<M>::column(&self[..], start, room)
            }
            #[inline]
            fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
                Operands::<M>::push(&self[..], start, partials, lift);
            }
        }
    )* };
}
forward_to_slice! {
    [T: Operand<M>] Vec<T>, T;
    [T: Operand<M>, const N: usize] [T; N], T;
    [T: Operand<M>] Seq<'_, T>, T;
    [const N: usize] OrderedAt<M, N>, Real<M>;
    [const N: usize] SimplexAt<M, N>, Real<M>; const SUMS_TO_ONE: bool = true;
}

impl<M: Mode, T: Operands<M> + ?Sized> Operands<M> for &T {
    type Kind = T::Kind;
    const CONSTANT: bool = T::CONSTANT;
    const SUMS_TO_ONE: bool = T::SUMS_TO_ONE;
    fn len(&self) -> Option<usize> {
        (**self).len()
    }
    #[inline]
    fn at(&self, i: usize) -> Real<M> {
        (**self).at(i)
    }
    #[inline]
    fn fill(&self, start: usize, out: &mut [f64]) {
        (**self).fill(start, out);
    }
    #[inline]
    fn column<'b>(&'b self, start: usize, room: &'b mut [f64]) -> &'b [f64] {
        (**self).column(start, room)
    }
    #[inline]
    fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        (**self).push(start, partials, lift);
    }
    #[inline]
    fn push_known(&self, start: usize, values: &[f64], partials: &[f64], lift: &mut M::Lift) {
        (**self).push_known(start, values, partials, lift);
    }
    const DATA: usize = T::DATA;
    fn keep(&self, kept: &mut Kept) {
        (**self).keep(kept);
    }
    #[inline]
    fn fill_of(&self, picked: Picked<'_>, out: &mut [f64]) {
        (**self).fill_of(picked, out);
    }
    #[inline]
    fn push_of(&self, picked: Picked<'_>, partials: &[f64], lift: &mut M::Lift) {
        (**self).push_of(picked, partials, lift);
    }
}
