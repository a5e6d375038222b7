//! What makes a univariate family a distribution in every mode.

/// Makes a distribution in every mode of a struct whose all-unit instance is a [`Family`](crate::dist::family::Family):
/// `univariate!(Normal<L, S>, 2, f64, location: L, scale: S)`.
macro_rules! univariate {
    ($name:ident<$($g:ident),+>, $p:literal, $point:ident, $($field:ident: $param:ident),+
        $(; bounds |$d:ident| $bounds:expr)?) => {
        impl<M: $crate::real::Mode, $($g: $crate::dist::operand::Operand<M>),+>
            $crate::dist::univariate::Univariate<M, $p> for $name<$($g),+>
        {
            type Family = $name;
            const CONSTANT: [bool; $p] = [$($g::CONSTANT),+];
            #[inline]
            fn reals(&self) -> [$crate::real::Real<M>; $p] { [$(self.$field.real()),+] }
            #[inline]
            fn values(&self) -> [f64; $p] { [$(self.$field.value()),+] }
            $(fn bounds(&self) -> $crate::support::Bounds<M> { let $d = self; $bounds })?
        }
        impl<M: $crate::real::Mode, $($g: $crate::dist::operand::Operand<M>),+>
            $crate::dist::distribution::Distribution<M, $point> for $name<$($g),+>
        {
            #[inline]
            fn log_prob(
                &self,
                x: &<$point as $crate::support::Latent>::At<'_, M>,
            ) -> $crate::real::Real<M> {
                let x = <$point as $crate::support::ScalarLatent>::real::<M>(x);
                $crate::dist::univariate::log_prob::<M, $p, _>(self, x)
            }
            #[inline]
            fn draw<'a, Src: $crate::dist::source::Source<M>>(
                &self,
                source: &mut Src,
                arena: &'a bumpalo::Bump,
            ) -> <$point as $crate::support::Latent>::At<'a, M> {
                let x = $crate::dist::univariate::draw::<M, $point, $p, _, Src>(self, source);
                <$point as $crate::support::ScalarLatent>::from_real::<M>(x, arena)
            }
            #[inline(always)]
            fn draw_iid<'a, Src: $crate::dist::source::Source<M>, const LEN: usize>(
                &self,
                source: &mut Src,
                arena: &'a bumpalo::Bump,
            ) -> [<$point as $crate::support::Latent>::At<'a, M>; LEN] {
                $crate::dist::source::draw_iid::<M, $point, $p, _, Src, LEN>(self, source, arena)
            }
            #[inline]
            fn collect(
                &self,
                x: &$point,
                into: &mut impl $crate::dist::collect::Collect<M>,
            ) -> bool {
                let x = $crate::support::ScalarLatent::number(*x);
                $crate::dist::univariate::collect::<M, $p, _>(self, x, into);
                true
            }
            #[inline]
            fn collect_iid(
                &self,
                x: &[$point],
                into: &mut impl $crate::dist::collect::Collect<M>,
            ) -> bool {
                $crate::dist::univariate::collect_iid::<M, $point, $p, _>(self, x, into)
            }
            #[inline]
            fn column(
                &self,
                x: impl Fn(usize) -> f64,
                into: &mut impl $crate::dist::collect::Column<M>,
            ) -> bool {
                $crate::dist::univariate::column::<M, $p, _>(self, x, into);
                true
            }
            #[inline]
            fn factors(&self, into: &mut impl $crate::dist::factors::Factors<M>) -> bool {
                into.factor::<$p, _>(self);
                true
            }
            fn check(&self, report: &mut $crate::dist::report::Report) {
                $crate::dist::univariate::check::<M, $p, _>(self, report);
            }
            fn check_observation(&self, x: &$point, report: &mut $crate::dist::report::Report) {
                let x = $crate::support::ScalarLatent::number(*x);
                $crate::dist::univariate::check_observation::<M, $p, _>(self, x, report);
            }
            #[inline(always)]
            fn log_prob_iid(
                &self,
                x: &[<$point as $crate::support::Latent>::At<'_, M>],
            ) -> $crate::real::Real<M> {
                $crate::dist::univariate::log_prob_iid::<M, $point, $p, _>(self, x)
            }
            #[inline]
            fn score_iid(&self, x: &[$point], _: &bumpalo::Bump) -> $crate::real::Real<M> {
                $crate::dist::univariate::score_iid::<M, $point, $p, _>(self, x)
            }
            #[inline]
            fn score_each<'x>(
                pairs: impl Iterator<Item = (Self, &'x $point)>,
                _: &bumpalo::Bump,
            ) -> $crate::real::Real<M> {
                let elements = $crate::dist::gathered::Pairs(pairs);
                $crate::dist::gathered::score::<M, $point, $p, Self, _>(elements)
            }
            #[inline]
            fn score_all(
                distributions: impl $crate::dist::leaping::Row<Item = Self>,
                x: &[$point],
                _: &bumpalo::Bump,
                reducing: &mut $crate::dist::reduced::Reducing<'_>,
            ) -> $crate::real::Real<M> {
                $crate::dist::leaping::score_along::<M, $point, $p, Self, _>(
                    distributions,
                    x,
                    reducing,
                )
            }
            #[inline]
            fn score_alike(
                &self,
                x: &[$point],
                _: &bumpalo::Bump,
                reducing: &mut $crate::dist::reduced::Reducing<'_>,
            ) -> $crate::real::Real<M> {
                $crate::dist::univariate::score_alike::<M, $point, $p, _>(self, x, reducing)
            }
        }
        impl<$($g),+> $crate::dist::distribution::Combine for $name<$($g),+> {}
        univariate!(@order $point $name<$($g),+>, $p);
        vectorised!($name<$($g),+>, $p, $point, $($field),+);
    };
    (@order f64 $name:ident<$($g:ident),+>, $p:literal) => {
        impl<M: $crate::real::Mode, $($g: $crate::dist::operand::Operand<M>),+>
            $crate::dist::ordered::Quantile<M> for $name<$($g),+>
        {
            fn quantile_at(&self, u: f64) -> f64 {
                let p = $crate::dist::univariate::Univariate::<M, $p>::values(self);
                <$name as $crate::dist::family::Family<$p>>::quantile(u, &p)
            }
            fn quantile_upper_at(&self, q: f64) -> f64 {
                let p = $crate::dist::univariate::Univariate::<M, $p>::values(self);
                <$name as $crate::dist::family::Family<$p>>::quantile_upper(q, &p)
            }
            fn cdf_at(&self, x: $crate::real::Real<M>) -> $crate::real::Real<M> {
                $crate::dist::univariate::tail::<M, $p, _>(self, x, false)
            }
            fn survival_at(&self, x: $crate::real::Real<M>) -> $crate::real::Real<M> {
                $crate::dist::univariate::tail::<M, $p, _>(self, x, true)
            }
            fn bounds_of(&self) -> $crate::support::Bounds<M> {
                $crate::dist::univariate::Univariate::<M, $p>::bounds(self)
            }
            fn on_line(
                &self,
                u: $crate::real::Real<M>,
            ) -> ($crate::real::Real<M>, Option<$crate::real::Real<M>>) {
                let bounds = $crate::dist::univariate::Univariate::<M, $p>::bounds(self);
                $crate::support::constrain(bounds, u)
            }
        }
    };
    (@order $point:ident $name:ident<$($g:ident),+>, $p:literal) => {
        impl<M: $crate::real::Mode, $($g: $crate::dist::operand::Operand<M>),+>
            $crate::dist::inflated::CountQuantile<M, $point> for $name<$($g),+>
        {
            fn count_quantile(&self, u: f64) -> f64 {
                let p = $crate::dist::univariate::Univariate::<M, $p>::values(self);
                <$name as $crate::dist::family::Family<$p>>::quantile(u, &p)
            }
        }
    };
}
pub(super) use univariate;
