//! Implementations of `Score` for data that a distribution also has as a latent.

/// The body of a `Score<M, [T; N]>` that does what `Score<M, [T]>` does.
macro_rules! array_as_slice {
    ($item:ty, $n:ident) => {
        #[inline]
        fn score(&self, x: &[$item; $n], arena: &bumpalo::Bump) -> $crate::real::Real<M> {
            $crate::dist::datum::Score::<M, [$item]>::score(self, x, arena)
        }
        #[inline]
        fn score_reduced(
            &self,
            x: &[$item; $n],
            arena: &bumpalo::Bump,
            reducing: &mut $crate::dist::reduced::Reducing<'_>,
        ) -> $crate::real::Real<M> {
            $crate::dist::datum::Score::<M, [$item]>::score_reduced(self, x, arena, reducing)
        }
        #[inline]
        fn collect(
            &self,
            x: &[$item; $n],
            into: &mut impl $crate::dist::collect::Collect<M>,
        ) -> bool {
            $crate::dist::datum::Score::<M, [$item]>::collect(self, &x[..], into)
        }
        fn check(&self, x: Option<&[$item; $n]>, report: &mut $crate::dist::report::Report) {
            $crate::dist::datum::Score::<M, [$item]>::check(self, x.map(|x| &x[..]), report);
        }
        fn simulate<Src: $crate::dist::source::Source<M>>(
            &self,
            n: usize,
            source: &mut Src,
            arena: &bumpalo::Bump,
            out: &mut Vec<f64>,
        ) {
            $crate::dist::datum::Score::<M, [$item]>::simulate(self, n, source, arena, out);
        }
        fn points(
            &self,
            x: &[$item; $n],
            arena: &bumpalo::Bump,
            out: &mut $crate::dist::points::Points,
        ) {
            $crate::dist::datum::Score::<M, [$item]>::points(self, x, arena, out);
        }
        fn own_length(&self) -> Option<usize> {
            Some($n)
        }
    };
}
pub(crate) use array_as_slice;

/// Observations of a type (`[f64; N]`, ...) that a distribution also has as a latent.
macro_rules! observed {
    ([$($generics:tt)*] $family:ty, $data:ty) => {
        impl<M: $crate::real::Mode, $($generics)*> $crate::dist::datum::Score<M, $data> for $family {
            #[inline]
            fn score(&self, x: &$data, arena: &bumpalo::Bump) -> $crate::real::Real<M> {
                $crate::dist::distribution::Distribution::<M, $data>::score(self, x, arena)
            }
            fn check(&self, x: Option<&$data>, report: &mut $crate::dist::report::Report) {
                match x {
                    Some(x) => $crate::dist::distribution::Distribution::<M, $data>::check_observation(self, x, report),
                    None => $crate::dist::distribution::Distribution::<M, $data>::check(self, report),
                }
            }
            fn simulate<Src: $crate::dist::source::Source<M>>(
                &self,
                _: usize,
                source: &mut Src,
                arena: &bumpalo::Bump,
                out: &mut Vec<f64>,
            ) {
                $crate::dist::distribution::Distribution::<M, $data>::simulate(self, source, arena, out);
            }
            fn own_length(&self) -> Option<usize> {
                None
            }
            #[inline]
            fn score_iid(&self, x: &[$data], arena: &bumpalo::Bump) -> $crate::real::Real<M> {
                $crate::dist::distribution::Distribution::<M, $data>::score_iid(self, x, arena)
            }
        }
    };
}
pub(crate) use observed;
