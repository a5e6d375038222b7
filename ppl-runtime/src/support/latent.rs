//! Plain types of sites and their forms in a mode.

use super::Seq;
use super::export::Export;
use crate::real::{Mode, Real};
use bumpalo::Bump;

/// A type that a site can have. `At` is its form in a mode: `f64` becomes `Real<M>`, `[T; N]` an array of forms,
/// `Vec<T>` a [`Seq`], a slice of the evaluator's arena. Forms are `Copy` and allocate nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the type of a site",
    label = "not the type of a draw",
    note = "a site is f64, bool, usize, [T; N], Vec<T>, Simplex<N>, Ordered<N> or another type of `support`"
)]
pub trait Latent: Export + Clone + Send + Sync + 'static {
    /// The form in mode `M`.
    type At<'a, M: Mode>: Copy + 'a;
    /// The number of unconstrained coordinates, where the type alone tells.
    const LEN: Option<usize>;
    /// Whether the values are discrete.
    const DISCRETE: bool = false;
    /// Whether the value is `true` or `false`.
    const BOOLEAN: bool = false;
    /// Appends the plain numbers of a value, so that [`Latent::read`] can rebuild it.
    fn write<M: Mode>(x: &Self::At<'_, M>, out: &mut Vec<f64>);
    /// The numbers of a value, in order, with their derivatives.
    fn reals<M: Mode>(x: &Self::At<'_, M>, out: &mut Vec<Real<M>>);
    /// A value of its numbers, where the type alone says how many there are: of a `Vec` nothing.
    fn from_reals<'a, M: Mode>(
        next: &mut impl FnMut() -> Real<M>,
        arena: &'a Bump,
    ) -> Self::At<'a, M>;
    /// A value of the same shape, of other numbers.
    fn filled<'a, M: Mode>(
        &self,
        next: &mut impl FnMut() -> Real<M>,
        arena: &'a Bump,
    ) -> Self::At<'a, M> {
        Self::from_reals(next, arena)
    }
    /// Rebuilds a value.
    fn read(from: &mut Reader<'_>) -> Self;
    /// The form in mode `M` of a value that is rebuilt, as a constant.
    fn form<'a, M: Mode>(from: &mut Reader<'_>, arena: &'a Bump) -> Self::At<'a, M> {
        Self::read(from).constant::<M>(arena)
    }
    /// The form in mode `M` of a plain value, as a constant.
    fn constant<'a, M: Mode>(&self, arena: &'a Bump) -> Self::At<'a, M>;
}

/// Numbers written by [`Latent::write`], read in order. Beyond the end it gives NaN.
pub struct Reader<'r>(pub &'r [f64]);

impl Reader<'_> {
    /// The next number.
    pub fn number(&mut self) -> f64 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => f64::NAN,
        }
    }
}

/// A latent that is one number: what univariate families give.
pub trait ScalarLatent: Latent + Copy {
    /// The value as a number of the model; a constant where it is discrete.
    fn real<M: Mode>(x: &Self::At<'_, M>) -> Real<M>;
    /// The form of a number of the model.
    fn from_real<'a, M: Mode>(x: Real<M>, arena: &'a Bump) -> Self::At<'a, M>;
    /// The plain value as a number.
    fn number(self) -> f64;
    /// The count that stands for the value, where it is discrete.
    fn count(self) -> usize;
    /// The value that a count stands for.
    fn of_count(count: usize) -> Self;
    /// Plain values, where they are numbers already.
    #[inline]
    fn as_numbers(_: &[Self]) -> Option<&[f64]> {
        None
    }
    /// Plain values as numbers; `room` is as long and may be used for them.
    #[inline]
    fn numbers<'b>(x: &'b [Self], room: &'b mut [f64]) -> &'b [f64] {
        for (number, x) in room.iter_mut().zip(x) {
            *number = x.number();
        }
        room
    }
}

impl Latent for f64 {
    type At<'a, M: Mode> = Real<M>;
    const LEN: Option<usize> = Some(1);
    fn write<M: Mode>(x: &Real<M>, out: &mut Vec<f64>) {
        out.push(x.value());
    }
    fn reals<M: Mode>(x: &Real<M>, out: &mut Vec<Real<M>>) {
        out.push(*x);
    }
    #[inline]
    fn from_reals<M: Mode>(next: &mut impl FnMut() -> Real<M>, _: &Bump) -> Real<M> {
        next()
    }
    fn read(from: &mut Reader<'_>) -> f64 {
        from.number()
    }
    #[inline]
    fn constant<M: Mode>(&self, _: &Bump) -> Real<M> {
        Real::constant(*self)
    }
}
impl ScalarLatent for f64 {
    #[inline]
    fn real<M: Mode>(x: &Real<M>) -> Real<M> {
        *x
    }
    #[inline]
    fn from_real<M: Mode>(x: Real<M>, _: &Bump) -> Real<M> {
        x
    }
    #[inline]
    fn number(self) -> f64 {
        self
    }
    #[inline]
    fn count(self) -> usize {
        self as usize
    }
    #[inline]
    fn of_count(count: usize) -> f64 {
        count as f64
    }
    #[inline]
    fn as_numbers(x: &[f64]) -> Option<&[f64]> {
        Some(x)
    }
    #[inline]
    fn numbers<'b>(x: &'b [f64], _: &'b mut [f64]) -> &'b [f64] {
        x
    }
}

macro_rules! discrete {
    ($type:ty, $boolean:literal, |$x:ident| $number:expr, |$v:ident| $from:expr, |$k:ident| $of:expr) => {
        impl Latent for $type {
            type At<'a, M: Mode> = $type;
            const LEN: Option<usize> = Some(0);
            const DISCRETE: bool = true;
            const BOOLEAN: bool = $boolean;
            fn write<M: Mode>(x: &$type, out: &mut Vec<f64>) {
                out.push(x.number());
            }
            fn reals<M: Mode>(x: &$type, out: &mut Vec<Real<M>>) {
                out.push(Real::constant(x.number()));
            }
            fn from_reals<M: Mode>(next: &mut impl FnMut() -> Real<M>, _: &Bump) -> $type {
                let $v = next().value();
                $from
            }
            fn read(from: &mut Reader<'_>) -> $type {
                let $v = from.number();
                $from
            }
            #[inline]
            fn constant<M: Mode>(&self, _: &Bump) -> $type {
                *self
            }
        }
        impl ScalarLatent for $type {
            #[inline]
            fn real<M: Mode>(x: &$type) -> Real<M> {
                Real::constant(x.number())
            }
            #[inline]
            fn from_real<M: Mode>(x: Real<M>, _: &Bump) -> $type {
                let $v = x.value();
                $from
            }
            #[inline]
            fn number(self) -> f64 {
                let $x = self;
                $number
            }
            #[inline]
            fn count(self) -> usize {
                self as usize
            }
            #[inline]
            fn of_count($k: usize) -> $type {
                $of
            }
        }
    };
}
discrete!(bool, true, |x| f64::from(u8::from(x)), |v| v != 0.0, |k| k
    != 0);
discrete!(usize, false, |x| x as f64, |v| v as usize, |k| k);

impl<T: Latent, const N: usize> Latent for [T; N] {
    type At<'a, M: Mode> = [T::At<'a, M>; N];
    const LEN: Option<usize> = match T::LEN {
        Some(n) => Some(n * N),
        None => None,
    };
    const DISCRETE: bool = T::DISCRETE;
    fn write<M: Mode>(x: &[T::At<'_, M>; N], out: &mut Vec<f64>) {
        for v in x {
            T::write::<M>(v, out);
        }
    }
    fn reals<M: Mode>(x: &[T::At<'_, M>; N], out: &mut Vec<Real<M>>) {
        for v in x {
            T::reals::<M>(v, out);
        }
    }
    #[inline]
    fn from_reals<'a, M: Mode>(
        next: &mut impl FnMut() -> Real<M>,
        arena: &'a Bump,
    ) -> [T::At<'a, M>; N] {
        std::array::from_fn(|_| T::from_reals::<M>(next, arena))
    }
    fn read(from: &mut Reader<'_>) -> Self {
        std::array::from_fn(|_| T::read(from))
    }
    #[inline]
    fn constant<'a, M: Mode>(&self, arena: &'a Bump) -> [T::At<'a, M>; N] {
        std::array::from_fn(|i| self[i].constant::<M>(arena))
    }
}

impl<T: Latent> Latent for Vec<T> {
    type At<'a, M: Mode> = Seq<'a, T::At<'a, M>>;
    const LEN: Option<usize> = None;
    const DISCRETE: bool = T::DISCRETE;
    fn write<M: Mode>(x: &Seq<'_, T::At<'_, M>>, out: &mut Vec<f64>) {
        out.push(x.len() as f64);
        for v in x.iter() {
            T::write::<M>(v, out);
        }
    }
    fn reals<M: Mode>(x: &Seq<'_, T::At<'_, M>>, out: &mut Vec<Real<M>>) {
        for v in x.iter() {
            T::reals::<M>(v, out);
        }
    }
    fn from_reals<'a, M: Mode>(
        _: &mut impl FnMut() -> Real<M>,
        _: &'a Bump,
    ) -> Seq<'a, T::At<'a, M>> {
        Seq(&[])
    }
    fn filled<'a, M: Mode>(
        &self,
        next: &mut impl FnMut() -> Real<M>,
        arena: &'a Bump,
    ) -> Seq<'a, T::At<'a, M>> {
        Seq(arena.alloc_slice_fill_with(self.len(), |i| self[i].filled::<M>(next, arena)))
    }
    fn form<'a, M: Mode>(from: &mut Reader<'_>, arena: &'a Bump) -> Seq<'a, T::At<'a, M>> {
        let n = from.number() as usize;
        Seq(arena.alloc_slice_fill_with(n, |_| T::form::<M>(from, arena)))
    }
    fn read(from: &mut Reader<'_>) -> Self {
        let n = from.number() as usize;
        (0..n).map(|_| T::read(from)).collect()
    }
    #[inline]
    fn constant<'a, M: Mode>(&self, arena: &'a Bump) -> Seq<'a, T::At<'a, M>> {
        Seq(arena.alloc_slice_fill_with(self.len(), |i| self[i].constant::<M>(arena)))
    }
}
