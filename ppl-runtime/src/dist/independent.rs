//! Independent distributions side by side, as one of a vector.

use super::datum::{Datum, Score, array_as_slice, check_elements, observed};
use super::distribution::{Combine, Distribution};
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::{Mode, Real};
use crate::support::{Latent, Seq};
use bumpalo::Bump;

/// The product of distributions: ln p(x) = Σ ln p_i(x_i).
///
/// Of an array `[D; N]` of one type (a site is `[T; N]`), of a slice `&[D]` (a site is `Vec<T>`), or of a tuple of two to four
/// distributions of numbers of any families (a site is `[f64; N]`). Data likewise. [`each`](super::each) computes such distributions from
/// items, [`iid`](Combine::iid) repeats one.
///
/// ```
/// use ppl_runtime::dist::{Distribution, Exponential, Independent, Normal};
/// use ppl_runtime::real::{Real, Value};
/// let d = Independent::new((Normal::new(0.0, 1.0), Exponential::new(2.0)));
/// let p = Distribution::<Value, [f64; 2]>::log_prob(&d, &[0.0, 1.0].map(Real::from));
/// assert!((p.value() - (2f64.ln() - 2.0 - 0.5 * std::f64::consts::TAU.ln())).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Independent<D>(D);

impl<D> Independent<D> {
    /// The product of these distributions.
    pub fn new(distributions: D) -> Self {
        Independent(distributions)
    }
}
impl<D> Combine for Independent<D> {}

impl<M: Mode, T: Latent, D: Distribution<M, T>, const N: usize> Distribution<M, [T; N]>
    for Independent<[D; N]>
{
    fn log_prob(&self, x: &[T::At<'_, M>; N]) -> Real<M> {
        self.0.iter().zip(x).map(|(d, x)| d.log_prob(x)).sum()
    }
    fn draw<'a, S: Source<M>>(&self, source: &mut S, arena: &'a Bump) -> [T::At<'a, M>; N] {
        std::array::from_fn(|i| self.0[i].draw(source, arena))
    }
    fn check(&self, report: &mut Report) {
        for (i, d) in self.0.iter().enumerate() {
            report.element(i, |r| d.check(r));
        }
    }
}

impl<M: Mode, T: Latent, D: Distribution<M, T>> Distribution<M, Vec<T>> for Independent<&[D]> {
    fn log_prob(&self, x: &Seq<'_, T::At<'_, M>>) -> Real<M> {
        self.0.iter().zip(x).map(|(d, x)| d.log_prob(x)).sum()
    }
    fn draw<'a, S: Source<M>>(&self, source: &mut S, arena: &'a Bump) -> Seq<'a, T::At<'a, M>> {
        let n = self.0.len();
        Seq(arena.alloc_slice_fill_with(n, |i| self.0[i].draw(source, arena)))
    }
    fn check(&self, report: &mut Report) {
        for (i, d) in self.0.iter().enumerate() {
            report.element(i, |r| d.check(r));
        }
    }
}

impl<M: Mode, D, T: Datum<M, D>> Score<M, [T]> for Independent<&[D]> {
    fn score(&self, x: &[T], arena: &Bump) -> Real<M> {
        self.0.iter().zip(x).map(|(d, x)| x.score(d, arena)).sum()
    }
    fn check(&self, x: Option<&[T]>, report: &mut Report) {
        let Some(x) = x else {
            for (i, d) in self.0.iter().enumerate() {
                report.element(i, |r| T::check_missing(d, r));
            }
            return;
        };
        if x.len() != self.0.len() {
            report.problem(Problem::Length {
                data: x.len(),
                distribution: self.0.len(),
            });
        }
        check_elements::<M, D, T>(self.0.iter().zip(x), report);
    }
    fn simulate<S: Source<M>>(&self, n: usize, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        for d in &self.0[..n.min(self.0.len())] {
            T::simulate_missing(d, source, arena, out);
        }
    }
    fn own_length(&self) -> Option<usize> {
        Some(self.0.len())
    }
}
impl<M: Mode, D, T: Datum<M, D>, const N: usize> Score<M, [T]> for Independent<[D; N]> {
    fn score(&self, x: &[T], arena: &Bump) -> Real<M> {
        Independent(&self.0[..]).score(x, arena)
    }
    fn check(&self, x: Option<&[T]>, report: &mut Report) {
        Score::<M, [T]>::check(&Independent(&self.0[..]), x, report);
    }
    fn simulate<S: Source<M>>(&self, n: usize, source: &mut S, arena: &Bump, out: &mut Vec<f64>) {
        Score::<M, [T]>::simulate(&Independent(&self.0[..]), n, source, arena, out);
    }
    fn own_length(&self) -> Option<usize> {
        Some(N)
    }
}
impl<M: Mode, D, T: Datum<M, D>, const N: usize> Score<M, [T; N]> for Independent<[D; N]> {
    array_as_slice!(T, N);
}

macro_rules! tuples {
    ($($n:literal: $($d:ident $i:tt),+;)*) => { $(
        impl<M: Mode, $($d: Distribution<M, f64>),+> Distribution<M, [f64; $n]> for Independent<($($d,)+)> {
            fn log_prob(&self, x: &[Real<M>; $n]) -> Real<M> {
                [$((self.0).$i.log_prob(&x[$i])),+].into_iter().sum()
            }
            fn draw<Src: Source<M>>(&self, source: &mut Src, arena: &Bump) -> [Real<M>; $n] {
                [$((self.0).$i.draw(source, arena)),+]
            }
            fn check(&self, report: &mut Report) {
                $(report.element($i, |r| (self.0).$i.check(r));)+
            }
            fn check_observation(&self, x: &[f64; $n], report: &mut Report) {
                $(report.element($i, |r| (self.0).$i.check_observation(&x[$i], r));)+
            }
        }
        observed!([$($d: Distribution<M, f64>),+] Independent<($($d,)+)>, [f64; $n]);
    )* };
}
tuples! {
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
}
