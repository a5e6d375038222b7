//! What makes a univariate family with vectors of parameters a distribution of a vector.

/// The part of `univariate!` that makes a distribution of vectors.
macro_rules! vectorised {
    ($name:ident<$($g:ident),+>, $p:literal, $point:ty, $($field:ident),+) => {
        impl<M: $crate::real::Mode, $($g: $crate::dist::operand::Operands<M>),+>
            $crate::dist::distribution::Distribution<M, Vec<$point>> for $name<$($g),+>
        where
            ($($g::Kind,)+): $crate::dist::operand::SomeVector,
        {
            #[inline]
            fn log_prob(
                &self,
                x: &$crate::support::Seq<'_, <$point as $crate::support::Latent>::At<'_, M>>,
            ) -> $crate::real::Real<M> {
                $crate::dist::vectorised::log_prob::<M, $point, $p, $name>(&($(&self.$field,)+), x)
            }
            fn draw<'a, Src: $crate::dist::source::Source<M>>(
                &self,
                source: &mut Src,
                arena: &'a bumpalo::Bump,
            ) -> $crate::support::Seq<'a, <$point as $crate::support::Latent>::At<'a, M>> {
                let n = $crate::dist::vectorised::common_length([$(self.$field.len()),+]);
                let n = n.ok().flatten().unwrap_or(0);
                $crate::support::Seq(arena.alloc_slice_fill_with(n, |i| {
                    let one = $name { $($field: self.$field.at(i)),+ };
                    $crate::dist::distribution::Distribution::<M, $point>::draw(&one, source, arena)
                }))
            }
            fn factors(&self, into: &mut impl $crate::dist::factors::Factors<M>) -> bool {
                let n = $crate::dist::vectorised::common_length([$(self.$field.len()),+]);
                (0..n.ok().flatten().unwrap_or(0)).all(|i| {
                    let one = $name { $($field: self.$field.at(i)),+ };
                    $crate::dist::distribution::Distribution::<M, $point>::factors(&one, into)
                })
            }
            fn check(&self, report: &mut $crate::dist::report::Report) {
                match $crate::dist::vectorised::common_length([$(self.$field.len()),+]) {
                    Err((a, b)) => report.problem($crate::dist::report::Problem::Expression(format!(
                        "the parameters of {} have {a} and {b} elements",
                        <$name as $crate::dist::family::Family<$p>>::NAME
                    ))),
                    Ok(n) => {
                        $(let $field = $crate::dist::vectorised::constant(&self.$field, n.unwrap_or(0));)+
                        for i in 0..n.unwrap_or(0) {
                            let values = [$($field.as_ref().map_or(f64::NAN, |v| v[i])),+];
                            let constant = [$($field.is_some()),+];
                            report.element(i, |r| {
                                $crate::dist::vectorised::check_constants::<$p, $name>(&values, &constant, r);
                            });
                        }
                    }
                }
            }
        }
        impl<M: $crate::real::Mode, $($g: $crate::dist::operand::Operands<M>),+, const LEN: usize>
            $crate::dist::distribution::Distribution<M, [$point; LEN]> for $name<$($g),+>
        where
            ($($g::Kind,)+): $crate::dist::operand::SomeVector,
        {
            #[inline]
            fn log_prob(
                &self,
                x: &[<$point as $crate::support::Latent>::At<'_, M>; LEN],
            ) -> $crate::real::Real<M> {
                $crate::dist::vectorised::log_prob::<M, $point, $p, $name>(&($(&self.$field,)+), x)
            }
            fn draw<'a, Src: $crate::dist::source::Source<M>>(
                &self,
                source: &mut Src,
                arena: &'a bumpalo::Bump,
            ) -> [<$point as $crate::support::Latent>::At<'a, M>; LEN] {
                std::array::from_fn(|i| {
                    let one = $name { $($field: self.$field.at(i)),+ };
                    $crate::dist::distribution::Distribution::<M, $point>::draw(&one, source, arena)
                })
            }
            fn factors(&self, into: &mut impl $crate::dist::factors::Factors<M>) -> bool {
                $crate::dist::distribution::Distribution::<M, Vec<$point>>::factors(self, into)
            }
            fn check(&self, report: &mut $crate::dist::report::Report) {
                for n in [$(self.$field.len()),+].into_iter().flatten() {
                    if n != LEN {
                        let problem = $crate::dist::report::Problem::Length { data: LEN, distribution: n };
                        report.problem(problem);
                    }
                }
                $crate::dist::distribution::Distribution::<M, Vec<$point>>::check(self, report);
            }
        }
        impl<M: $crate::real::Mode, $($g: $crate::dist::operand::Operands<M>),+>
            $crate::dist::datum::Score<M, [$point]> for $name<$($g),+>
        where
            ($($g::Kind,)+): $crate::dist::operand::SomeVector,
        {
            #[inline]
            fn score(&self, x: &[$point], _: &bumpalo::Bump) -> $crate::real::Real<M> {
                $crate::dist::vectorised::score::<M, $point, $p, $name>(&($(&self.$field,)+), x)
            }
            #[inline]
            fn score_reduced(
                &self,
                x: &[$point],
                _: &bumpalo::Bump,
                reducing: &mut $crate::dist::reduced::Reducing<'_>,
            ) -> $crate::real::Real<M> {
                $crate::dist::vectorised::score_reduced::<M, $point, $p, $name, _>(
                    &($(&self.$field,)+),
                    x,
                    reducing,
                )
            }
            fn check(&self, x: Option<&[$point]>, report: &mut $crate::dist::report::Report) {
                $crate::dist::distribution::Distribution::<M, Vec<$point>>::check(self, report);
                let Some(x) = x else { return };
                for n in [$(self.$field.len()),+].into_iter().flatten() {
                    if n != x.len() {
                        let problem =
                            $crate::dist::report::Problem::Length { data: x.len(), distribution: n };
                        report.problem(problem);
                    }
                }
                for (i, x) in x.iter().enumerate() {
                    let one = $name { $($field: self.$field.at(i)),+ };
                    report.element(i, |r| {
                        $crate::dist::distribution::Distribution::<M, $point>::check_observation(&one, x, r);
                    });
                }
            }
            fn simulate<Src: $crate::dist::source::Source<M>>(
                &self,
                n: usize,
                source: &mut Src,
                arena: &bumpalo::Bump,
                out: &mut Vec<f64>,
            ) {
                for i in 0..n {
                    let one = $name { $($field: self.$field.at(i)),+ };
                    $crate::dist::distribution::Distribution::<M, $point>::simulate(&one, source, arena, out);
                }
            }
            fn points(
                &self,
                x: &[$point],
                arena: &bumpalo::Bump,
                out: &mut $crate::dist::points::Points,
            ) {
                for (i, x) in x.iter().enumerate() {
                    let one = $name { $($field: self.$field.at(i)),+ };
                    let density = $crate::dist::distribution::Distribution::<M, $point>::score(&one, x, arena);
                    out.element(i, |out| out.push(density.value()));
                }
            }
            fn own_length(&self) -> Option<usize> {
                [$(self.$field.len()),+].into_iter().flatten().next()
            }
        }
        impl<M: $crate::real::Mode, $($g: $crate::dist::operand::Operands<M>),+, const LEN: usize>
            $crate::dist::datum::Score<M, [$point; LEN]> for $name<$($g),+>
        where
            ($($g::Kind,)+): $crate::dist::operand::SomeVector,
        {
            $crate::dist::datum::array_as_slice!($point, LEN);
        }
    };
}
pub(super) use vectorised;
