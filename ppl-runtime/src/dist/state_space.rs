//! The Gaussian state space (a vector autoregression of order one), in every mode.

#![allow(
    clippy::needless_range_loop,
    reason = "of a matrix the indices say more than iterators over its rows"
)]

use super::datum::{Score, array_as_slice};
use super::distribution::{Combine, Distribution};
use super::mv_normal::check_finite;
use super::normal::Normal;
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use super::spread::{self, ByCovariance, ByFactor, ByPrecision, Matrix, Spread};
use super::vector::factor::{Square, ln_diagonal, solve, solve_transposed};
use crate::real::special::LN_SQRT_2PI;
use crate::real::{Lift, Mode, Real};
use crate::support::Seq;
use bumpalo::Bump;

/// States of dimension d that follow x_t = A x_{t−1} + ε_t from x_{−1} = 0, ε_t normal with mean 0 and one covariance:
/// ln p(x) = Σ_t ln N(x_t − A x_{t−1}; 0, L Lᵀ).
///
/// The transition matrix A is d × d; the covariance comes as factor, itself, or its inverse
/// ([`GaussianStateSpace::cholesky`], [`covariance`](GaussianStateSpace::covariance), [`precision`](GaussianStateSpace::precision)), all
/// data or latent. A site is `[[f64; D]; T]`, or `Vec<[f64; D]>` with [`steps`](GaussianStateSpace::steps); data too. Support: R^(T d). From
/// the cube it comes step by step. Mean: 0; covariance of x_t: Σ_{s≤t} Aˢ L Lᵀ Aˢᵀ.
///
/// Source: Shumway & Stoffer, *Time Series Analysis and Its Applications* (2017), eq. 6.1.
///
/// ```
/// use ppl_runtime::dist::{GaussianRandomWalk, GaussianStateSpace, datum::Score};
/// use ppl_runtime::real::Value;
/// let d = GaussianStateSpace::cholesky([[1.0]], [[2.0]]);
/// let arena = bumpalo::Bump::new();
/// let a = Score::<Value, [[f64; 1]]>::score(&d, &[[1.0], [0.5]], &arena);
/// let b = Score::<Value, [f64]>::score(&GaussianRandomWalk::new(2.0), &[1.0, 0.5], &arena);
/// assert!((a.value() - b.value()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct GaussianStateSpace<A, S> {
    transition: A,
    spread: S,
    steps: Option<usize>,
}

macro_rules! by {
    ($name:ident, $by:ident, $doc:literal) => {
        impl<A, S> GaussianStateSpace<A, $by<S>> {
            #[doc = concat!("By transition matrix and ", $doc, " of the noise.")]
            pub fn $name(transition: A, $name: S) -> Self {
                GaussianStateSpace {
                    transition,
                    spread: $by($name),
                    steps: None,
                }
            }
        }
    };
}
by!(
    cholesky,
    ByFactor,
    "lower Cholesky factor of the covariance matrix"
);
by!(covariance, ByCovariance, "covariance matrix");
by!(precision, ByPrecision, "precision matrix");

impl<A, S> GaussianStateSpace<A, S> {
    /// Of so many steps, for a latent `Vec`.
    pub fn steps(self, n: usize) -> Self {
        GaussianStateSpace {
            steps: Some(n),
            ..self
        }
    }
}
impl<A, S> Combine for GaussianStateSpace<A, S> {}

impl<A, S> GaussianStateSpace<A, S> {
    fn ln_p<M: Mode, const D: usize>(
        &self,
        n: usize,
        x: impl Fn(usize) -> [f64; D],
        push: impl Fn(usize, &[f64; D], &mut M::Lift),
    ) -> Real<M>
    where
        A: Matrix<M>,
        S: Spread<M>,
    {
        let fits = (self.transition.rows(), self.transition.columns()) == (D, D);
        let Some(l) = self.spread.factor::<D>().filter(|_| fits) else {
            return Real::constant(f64::NAN);
        };
        let a: Square<D> =
            std::array::from_fn(|i| std::array::from_fn(|j| self.transition.at(i, j).value()));
        let (mut by_a, mut by_l) = ([[0.0; D]; D], [[0.0; D]; D]);
        let mut lift = M::Lift::begin();
        let (mut squares, mut last, mut pull) = (0.0, [0.0; D], [0.0; D]);
        for t in 0..n {
            let now = x(t);
            let mut z: [f64; D] =
                std::array::from_fn(|i| now[i] - (0..D).map(|j| a[i][j] * last[j]).sum::<f64>());
            solve(&l, &mut z);
            squares += z.iter().map(|z| z * z).sum::<f64>();
            if M::GRADIENT {
                let mut w = z;
                solve_transposed(&l, &mut w);
                if t > 0 {
                    // x_{t−1} is pulled by its own step and by the one that starts from it.
                    let by = std::array::from_fn(|j| {
                        pull[j] + (0..D).map(|i| a[i][j] * w[i]).sum::<f64>()
                    });
                    push(t - 1, &by, &mut lift);
                }
                for i in 0..D {
                    for j in 0..D {
                        by_a[i][j] += w[i] * last[j];
                        by_l[i][j] += if j <= i { w[i] * z[j] } else { 0.0 };
                    }
                }
                pull = w.map(|w| -w);
            }
            last = now;
        }
        let count = n as f64;
        if M::GRADIENT {
            if n > 0 {
                push(n - 1, &pull, &mut lift);
            }
            for i in 0..D {
                by_l[i][i] -= count / l[i][i];
                for j in 0..D {
                    if !A::CONSTANT {
                        lift.push(self.transition.at(i, j), by_a[i][j]);
                    }
                }
            }
            self.spread.push(&l, by_l, &mut lift);
        }
        lift.finish(-0.5 * squares - count * (ln_diagonal(&l) + D as f64 * LN_SQRT_2PI))
    }

    fn next<M: Mode, Src: Source<M>, const D: usize>(
        &self,
        source: &mut Src,
        last: &mut Option<[Real<M>; D]>,
    ) -> [Real<M>; D]
    where
        A: Matrix<M>,
        S: Spread<M>,
    {
        if on_line::<M, Src>(source) {
            return std::array::from_fn(|_| source.coordinate());
        }
        let z = std::array::from_fn(|_| source.scalar(&Normal::new(0.0, 1.0)));
        let mut x = spread::transform(&self.spread, &z);
        if let Some(last) = last {
            for (i, x) in x.iter_mut().enumerate() {
                *x += (0..D)
                    .map(|j| self.transition.at(i, j) * last[j])
                    .sum::<Real<M>>();
            }
        }
        *last = Some(x);
        x
    }

    fn check_all<M: Mode, const D: usize>(&self, n: Option<usize>, report: &mut Report)
    where
        A: Matrix<M>,
        S: Spread<M>,
    {
        let (rows, columns) = (self.transition.rows(), self.transition.columns());
        if (rows, columns) != (D, D) {
            report.problem(Problem::Expression(format!(
                "GaussianStateSpace: `transition` is {rows} × {columns} and must be {D} × {D}"
            )));
        }
        if let (Some(n), Some(m)) = (n, self.steps)
            && n != m
        {
            report.problem(Problem::Length {
                data: n,
                distribution: m,
            });
        }
        spread::check::<M, S, D>("GaussianStateSpace", &self.spread, report);
    }
}

impl<M: Mode, A: Matrix<M>, S: Spread<M>, const D: usize, const T: usize>
    Distribution<M, [[f64; D]; T]> for GaussianStateSpace<A, S>
{
    fn log_prob(&self, x: &[[Real<M>; D]; T]) -> Real<M> {
        self.ln_p(
            T,
            |t| x[t].map(Real::value),
            |t, by, lift| lift.push_all(&x[t], by),
        )
    }
    fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> [[Real<M>; D]; T] {
        let mut last = None;
        std::array::from_fn(|_| self.next(source, &mut last))
    }
    fn check(&self, report: &mut Report) {
        self.check_all::<M, D>(Some(T), report);
    }
}

impl<M: Mode, A: Matrix<M>, S: Spread<M>, const D: usize> Distribution<M, Vec<[f64; D]>>
    for GaussianStateSpace<A, S>
{
    fn log_prob(&self, x: &Seq<'_, [Real<M>; D]>) -> Real<M> {
        self.ln_p(
            x.len(),
            |t| x[t].map(Real::value),
            |t, by, lift| lift.push_all(&x[t], by),
        )
    }
    fn draw<'a, Src: Source<M>>(&self, source: &mut Src, arena: &'a Bump) -> Seq<'a, [Real<M>; D]> {
        let mut last = None;
        let n = self.steps.unwrap_or(0);
        Seq(arena.alloc_slice_fill_with(n, |_| self.next(source, &mut last)))
    }
    fn check(&self, report: &mut Report) {
        self.check_all::<M, D>(None, report);
        if self.steps.is_none() {
            report.problem(Problem::Expression(
                "GaussianStateSpace: a latent `Vec` needs its length: write `.steps(n)`".into(),
            ));
        }
    }
}

impl<M: Mode, A: Matrix<M>, S: Spread<M>, const D: usize> Score<M, [[f64; D]]>
    for GaussianStateSpace<A, S>
{
    fn score(&self, x: &[[f64; D]], _: &Bump) -> Real<M> {
        self.ln_p(x.len(), |t| x[t], |_, _, _| ())
    }
    fn check(&self, x: Option<&[[f64; D]]>, report: &mut Report) {
        self.check_all::<M, D>(x.map(<[_]>::len), report);
        if let Some(x) = x {
            check_finite("GaussianStateSpace", x.as_flattened(), report);
        }
    }
    fn simulate<Src: Source<M>>(&self, n: usize, source: &mut Src, _: &Bump, out: &mut Vec<f64>) {
        let mut last = None;
        for _ in 0..n {
            out.extend(self.next::<M, Src, D>(source, &mut last).map(Real::value));
        }
    }
    fn own_length(&self) -> Option<usize> {
        self.steps
    }
}
impl<M: Mode, A: Matrix<M>, S: Spread<M>, const D: usize, const T: usize> Score<M, [[f64; D]; T]>
    for GaussianStateSpace<A, S>
{
    array_as_slice!([f64; D], T);
}
