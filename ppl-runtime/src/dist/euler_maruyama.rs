//! Paths of stochastic differential equations by the Euler–Maruyama method, in every mode.

use super::datum::{Score, array_as_slice};
use super::distribution::{Combine, Distribution};
use super::normal::Normal;
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use super::univariate;
use crate::real::{Mode, Real};
use crate::support::Seq;
use bumpalo::Bump;

/// The path of dx = f(x, t) dt + g(x, t) dW at given times, with the transitions of the Euler–Maruyama method:
/// x_{i+1} is normal with mean x_i + f(x_i, t_i) Δ and standard deviation g(x_i, t_i) √Δ, Δ = t_{i+1} − t_i.
///
/// `times` increase; `start` is the distribution of x at the first of them; `sde` gives drift and diffusion, with its arguments'
/// types written: `|x: Real, t: f64| (rate * (mean - x), noise)`. States are numbers, or arrays (`|x: [Real; 2], t: f64|`, with an array of drifts and one of
/// diffusions, the noise independent). A site is `[f64; N]` or `Vec<f64>` of the times' length (`[[f64; D]; N]`, `Vec<[f64; D]>`), data
/// too. Support: that of the start, then all numbers. From the cube it comes step by step.
///
/// Source: Kloeden & Platen, *Numerical Solution of Stochastic Differential Equations* (1992), eq. 9.1.1.
///
/// ```
/// use ppl_runtime::dist::{EulerMaruyama, GaussianRandomWalk, Normal, datum::Score};
/// use ppl_runtime::real::{Real, Value};
/// let times = [0.0, 1.0, 2.0];
/// let walk = EulerMaruyama::new(&times, Normal::new(0.0, 1.0), |_: Real<Value>, _: f64| (Real::from(0.0), Real::from(1.0)));
/// let (x, arena) = ([0.3, -0.2, 1.0], bumpalo::Bump::new());
/// let a = Score::<Value, [f64]>::score(&walk, &x, &arena);
/// let b = Score::<Value, [f64]>::score(&GaussianRandomWalk::new(1.0), &x, &arena);
/// assert!((a.value() - b.value()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct EulerMaruyama<'t, D, F> {
    times: &'t [f64],
    start: D,
    sde: F,
}

impl<'t, D, F> EulerMaruyama<'t, D, F> {
    /// By times, the distribution of the start, and drift and diffusion.
    pub fn new(times: &'t [f64], start: D, sde: F) -> Self {
        EulerMaruyama { times, start, sde }
    }
}
impl<D, F> Combine for EulerMaruyama<'_, D, F> {}

impl<D, F> EulerMaruyama<'_, D, F> {
    fn check_times(&self, n: usize, report: &mut Report) {
        if n != self.times.len() {
            report.problem(Problem::Length {
                data: n,
                distribution: self.times.len(),
            });
        }
        let rising = self.times.is_sorted_by(|a, b| a < b);
        if !rising || self.times.iter().any(|t| !t.is_finite()) {
            report.problem(Problem::Expression(
                "EulerMaruyama: the times must be finite and increase".into(),
            ));
        }
    }
    fn gap(&self, i: usize) -> f64 {
        match (self.times.get(i), self.times.get(i + 1)) {
            (Some(a), Some(b)) => b - a,
            _ => f64::NAN,
        }
    }
}

fn transition<M: Mode>(
    x: Real<M>,
    (drift, diffusion): (Real<M>, Real<M>),
    gap: f64,
) -> Normal<Real<M>, Real<M>> {
    Normal::new(x + drift * gap, diffusion * gap.sqrt())
}

fn step<M: Mode>(x: Real<M>, next: Real<M>, sde: (Real<M>, Real<M>), gap: f64) -> Real<M> {
    univariate::log_prob::<M, 2, _>(&transition(x, sde, gap), next)
}

/// What differs between states that are numbers and states that are arrays.
macro_rules! paths {
    ($ln:ident, $step:ident, [$($generic:tt)*] $plain:ty, $state:ty, |$x:ident, $next:ident, $sde:ident, $gap:ident| $ln_p:expr, $m:ident, $source:ident, $draw:expr,
     |$p:ident| $numbers:expr) => {
        impl<Start, F> EulerMaruyama<'_, Start, F> {
            fn $ln<$m: Mode, $($generic)*>(&self, n: usize, x: impl Fn(usize) -> $state) -> Real<$m>
            where
                Start: Distribution<$m, $plain>,
                F: Fn($state, f64) -> ($state, $state),
            {
                if n == 0 || n != self.times.len() {
                    return Real::constant(f64::NAN);
                }
                (1..n).fold(self.start.log_prob(&x(0)), |sum, i| {
                    let ($x, $next, $gap) = (x(i - 1), x(i), self.gap(i - 1));
                    let $sde = (self.sde)($x, self.times[i - 1]);
                    sum + $ln_p
                })
            }
            fn $step<$m: Mode, Src: Source<$m>, $($generic)*>(
                &self,
                $source: &mut Src,
                arena: &Bump,
                i: usize,
                last: &mut Option<$state>,
            ) -> $state
            where
                Start: Distribution<$m, $plain>,
                F: Fn($state, f64) -> ($state, $state),
            {
                let now = match *last {
                    None => self.start.draw($source, arena),
                    Some($x) => {
                        let $gap = self.gap(i - 1);
                        let $sde = (self.sde)($x, self.times.get(i - 1).copied().unwrap_or(f64::NAN));
                        $draw
                    }
                };
                *last = Some(now);
                now
            }
        }
        impl<$m: Mode, Start, F, $($generic)* const N: usize> Distribution<$m, [$plain; N]>
            for EulerMaruyama<'_, Start, F>
        where
            Start: Distribution<$m, $plain>,
            F: Fn($state, f64) -> ($state, $state),
        {
            fn log_prob(&self, x: &[$state; N]) -> Real<$m> {
                self.$ln(N, |i| x[i])
            }
            fn draw<Src: Source<$m>>(&self, source: &mut Src, arena: &Bump) -> [$state; N] {
                let mut last = None;
                std::array::from_fn(|i| self.$step(source, arena, i, &mut last))
            }
            fn check(&self, report: &mut Report) {
                self.check_times(N, report);
                self.start.check(report);
            }
        }
        impl<$m: Mode, Start, F, $($generic)*> Distribution<$m, Vec<$plain>> for EulerMaruyama<'_, Start, F>
        where
            Start: Distribution<$m, $plain>,
            F: Fn($state, f64) -> ($state, $state),
        {
            fn log_prob(&self, x: &Seq<'_, $state>) -> Real<$m> {
                self.$ln(x.len(), |i| x[i])
            }
            fn draw<'a, Src: Source<$m>>(&self, source: &mut Src, arena: &'a Bump) -> Seq<'a, $state> {
                let mut last = None;
                let n = self.times.len();
                Seq(arena.alloc_slice_fill_with(n, |i| self.$step(source, arena, i, &mut last)))
            }
            fn check(&self, report: &mut Report) {
                self.check_times(self.times.len(), report);
                self.start.check(report);
            }
        }
        impl<$m: Mode, Start, F, $($generic)*> Score<$m, [$plain]> for EulerMaruyama<'_, Start, F>
        where
            Start: Distribution<$m, $plain>,
            F: Fn($state, f64) -> ($state, $state),
        {
            fn score(&self, x: &[$plain], arena: &Bump) -> Real<$m> {
                use crate::support::Latent;
                self.$ln(x.len(), |i| x[i].constant::<$m>(arena))
            }
            fn check(&self, x: Option<&[$plain]>, report: &mut Report) {
                self.check_times(x.map_or(self.times.len(), <[_]>::len), report);
                match x.and_then(<[_]>::first) {
                    Some(first) => self.start.check_observation(first, report),
                    None => self.start.check(report),
                }
            }
            fn simulate<Src: Source<$m>>(&self, n: usize, source: &mut Src, arena: &Bump, out: &mut Vec<f64>) {
                let mut last = None;
                for i in 0..n {
                    let $p = self.$step(source, arena, i, &mut last);
                    out.extend($numbers);
                }
            }
            fn own_length(&self) -> Option<usize> {
                Some(self.times.len())
            }
        }
        impl<$m: Mode, Start, F, $($generic)* const N: usize> Score<$m, [$plain; N]>
            for EulerMaruyama<'_, Start, F>
        where
            Start: Distribution<$m, $plain>,
            F: Fn($state, f64) -> ($state, $state),
        {
            array_as_slice!($plain, N);
        }
    };
}

paths!(
    ln_p_of_numbers, next_number, [] f64, Real<M>, |x, next, sde, gap| step(x, next, sde, gap),
    M, source, if on_line::<M, Src>(source) { source.coordinate() } else { source.scalar(&transition(x, sde, gap)) },
    |p| [p.value()]
);
paths!(
    ln_p_of_arrays, next_array, [const D: usize,] [f64; D], [Real<M>; D],
    |x, next, sde, gap| (0..D).map(|d| step(x[d], next[d], (sde.0[d], sde.1[d]), gap)).sum::<Real<M>>(),
    M, source, std::array::from_fn(|d| {
        if on_line::<M, Src>(source) {
            source.coordinate()
        } else {
            source.scalar(&transition(x[d], (sde.0[d], sde.1[d]), gap))
        }
    }),
    |p| p.map(Real::value)
);
