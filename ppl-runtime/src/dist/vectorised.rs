//! Univariate families with vectors of parameters: `Normal::new(&theta, &sigma)` is a distribution of a vector.

use super::family::Family;
use super::operand::Operands;
use super::report::{Problem, Report};
use crate::real::kernels::LANES;
use crate::real::{Lift, Mode, Real};
use crate::support::ScalarLatent;

/// The number of elements that vectors of parameters agree on, or the two that differ.
pub fn common_length<const P: usize>(
    lengths: [Option<usize>; P],
) -> Result<Option<usize>, (usize, usize)> {
    let mut common = None;
    for n in lengths.into_iter().flatten() {
        match common {
            Some(m) if m != n => return Err((m, n)),
            _ => common = Some(n),
        }
    }
    Ok(common)
}

/// Two or three vectors of parameters, one after the other, so that blocks of them can be read and written.
pub trait Parameters<M: Mode, const P: usize> {
    /// Which of them are constants.
    const CONSTANT: [bool; P];
    /// Writes the values of the elements from `start` on.
    fn fill(&self, start: usize, out: &mut [&mut [f64]; P]);
    /// Sends the partial derivatives on.
    fn push(&self, start: usize, partials: &[&[f64]; P], lift: &mut M::Lift);
}

macro_rules! parameters {
    ($p:literal, $($g:ident $i:tt),+) => {
        impl<M: Mode, $($g: Operands<M>),+> Parameters<M, $p> for ($(&$g,)+) {
            const CONSTANT: [bool; $p] = [$($g::CONSTANT),+];
            #[inline]
            fn fill(&self, start: usize, out: &mut [&mut [f64]; $p]) {
                $(self.$i.fill(start, out[$i]);)+
            }
            #[inline]
            fn push(&self, start: usize, partials: &[&[f64]; $p], lift: &mut M::Lift) {
                $(if !$g::CONSTANT { self.$i.push(start, partials[$i], lift); })+
            }
        }
    };
}
parameters!(1, A 0);
parameters!(2, A 0, B 1);
parameters!(3, A 0, B 1, C 2);

/// Σ ln p_i(x\[i\]) of observations.
#[inline]
pub fn score<M: Mode, T: ScalarLatent, const P: usize, F: Family<P>>(
    parameters: &impl Parameters<M, P>,
    x: &[T],
) -> Real<M> {
    // Clearing large blocks would cost more than scoring few elements.
    if x.len() <= SHORT {
        score_blocks::<M, T, P, F, _, SHORT>(parameters, x)
    } else {
        score_blocks::<M, T, P, F, _, LANES>(parameters, x)
    }
}

const SHORT: usize = 8;

#[inline]
fn score_blocks<
    M: Mode,
    T: ScalarLatent,
    const P: usize,
    F: Family<P>,
    Ps: Parameters<M, P>,
    const N: usize,
>(
    parameters: &Ps,
    x: &[T],
) -> Real<M> {
    let mut points = [0.0; N];
    let mut p = [[0.0; N]; P];
    let mut partials = [[0.0; N]; P];
    let mut sum: Option<Real<M>> = None;
    for (block, chunk) in x.chunks(N).enumerate() {
        let (start, n) = (block * N, chunk.len());
        let points = T::numbers(chunk, &mut points[..n]);
        parameters.fill(start, &mut p.each_mut().map(|row| &mut row[..n]));
        let columns: [&[f64]; P] = std::array::from_fn(|k| &p[k][..n]);
        let one = if M::GRADIENT {
            let mut k = 0;
            let mut rows = partials.each_mut().map(|row| {
                let unwanted = F::LEAVES_OUT && Ps::CONSTANT[k];
                k += 1;
                &mut row[..if unwanted { 0 } else { n }]
            });
            let value = F::block_partials(points, &columns, &mut rows);
            let mut lift = M::Lift::begin();
            parameters.push(
                start,
                &std::array::from_fn(|k| &partials[k][..n]),
                &mut lift,
            );
            lift.finish(value)
        } else {
            Real::constant(F::block(points, &columns))
        };
        sum = Some(sum.map_or(one, |s| s + one));
    }
    sum.unwrap_or_else(|| Real::constant(0.0))
}

/// Σ ln p_i(x\[i\]) of latents.
#[inline]
pub fn log_prob<M: Mode, T: ScalarLatent, const P: usize, F: Family<P>>(
    parameters: &impl Parameters<M, P>,
    x: &[T::At<'_, M>],
) -> Real<M> {
    let mut p = [[0.0; 1]; P];
    let mut lift = M::Lift::begin();
    let mut sum = 0.0;
    for (i, x) in x.iter().enumerate() {
        let x = T::real::<M>(x);
        parameters.fill(i, &mut p.each_mut().map(|row| &mut row[..]));
        let values = p.map(|[v]| v);
        if M::GRADIENT {
            let one = F::partials(x.value(), &values);
            sum += one.value;
            lift.push(x, one.point);
            let partials = one.parameters.map(|q| [q]);
            parameters.push(i, &std::array::from_fn(|k| &partials[k][..]), &mut lift);
        } else {
            sum += F::log_density(x.value(), &values);
        }
    }
    lift.finish(sum)
}

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
pub(crate) use vectorised;

/// The values of a vector of parameters if they are constants.
pub fn constant<M: Mode, T: Operands<M>>(x: &T, n: usize) -> Option<Vec<f64>> {
    T::CONSTANT.then(|| {
        let mut v = vec![0.0; n];
        x.fill(0, &mut v);
        v
    })
}

/// Looks for an invalid parameter among those that are constants.
pub fn check_constants<const P: usize, F: Family<P>>(
    p: &[f64; P],
    constant: &[bool; P],
    report: &mut Report,
) {
    if let Err(invalid) = F::check(p)
        && constant[invalid.parameter]
    {
        report.problem(Problem::Parameter {
            family: F::NAME,
            parameter: F::PARAMETERS[invalid.parameter],
            value: p[invalid.parameter],
            requirement: invalid.requirement,
        });
    }
}
