//! The Wishart and inverse Wishart distributions of covariance matrices, in every mode.

#![allow(
    clippy::needless_range_loop,
    reason = "of a matrix the indices say more than iterators over its rows"
)]

use super::chi2::Chi2;
use super::distribution::{Combine, Distribution};
use super::normal::Normal;
use super::operand::Operand;
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use super::spread::{self, ByCovariance, ByFactor, Spread};
use super::vector::factor::{Square, is_factor, ln_diagonal, solve_lower, solve_transposed_all};
use crate::real::special::{digamma, ln_gamma};
use crate::real::{Lift, Mode, Real};
use crate::support::{
    Cholesky, CholeskyAt, Covariance, CovarianceAt, cholesky_from_line, covariance_from_line,
};
use bumpalo::Bump;
use std::f64::consts::{LN_2, PI};

/// Wishart distribution of n × n covariance matrices, Σ of df outer products of normal vectors with covariance `scale`:
/// p(X) = |X|^((df − n − 1)/2) exp(−½ tr(scale⁻¹ X)) / (2^(df n/2) |scale|^(df/2) Γ_n(df/2)), for df > n − 1.
///
/// `scale` comes as a matrix ([`Wishart::new`]) or by its lower Cholesky factor ([`Wishart::cholesky`]). A site is
/// [`Covariance<N>`](crate::support::Covariance), with the density by the lower triangle of X; or
/// [`Cholesky<N>`](crate::support::Cholesky), the factor of X with the density by its own elements. From the
/// cube it comes by Bartlett's decomposition, X = L A Aᵀ Lᵀ with A_ii² chi-squared of df − i (i from 0) and normals
/// below. Mean: df·scale; variance of X_ij: df (S_ij² + S_ii S_jj).
///
/// Source: Muirhead, *Aspects of Multivariate Statistical Theory* (1982), theorems 3.2.1 and 3.2.14.
///
/// ```
/// use ppl_runtime::dist::{Distribution, Wishart};
/// use ppl_runtime::real::Value;
/// use ppl_runtime::support::Covariance;
/// // Of one number it is a chi-squared variable.
/// let p = Distribution::<Value, _>::score(&Wishart::new(2.0, [[1.0]]), &Covariance([[3.0]]), &bumpalo::Bump::new());
/// assert!((p.value() - (-1.5 - 2f64.ln())).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Wishart<D, S> {
    df: D,
    scale: S,
}

/// Inverse Wishart distribution of n × n covariance matrices, of X⁻¹ where X is [`Wishart`] with the inverse scale:
/// p(X) = |scale|^(df/2) |X|^(−(df + n + 1)/2) exp(−½ tr(scale X⁻¹)) / (2^(df n/2) Γ_n(df/2)), for df > n − 1.
///
/// Shapes, sites and parametrisations are those of [`Wishart`]; so is the way from the cube. Mean: scale/(df − n − 1).
///
/// Source: Gelman et al., *Bayesian Data Analysis* (2013), appendix A; Muirhead (1982), section 3.6.
///
/// ```
/// use ppl_runtime::dist::{Distribution, InverseWishart};
/// use ppl_runtime::real::Value;
/// use ppl_runtime::support::Covariance;
/// let p = Distribution::<Value, _>::score(&InverseWishart::new(2.0, [[1.0]]), &Covariance([[0.5]]), &bumpalo::Bump::new());
/// assert!((p.value() - (-1.0 - 2f64.ln() + 4f64.ln())).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct InverseWishart<D, S> {
    df: D,
    scale: S,
}

macro_rules! constructors {
    ($name:ident) => {
        impl<D, C> $name<D, ByCovariance<C>> {
            /// By degrees of freedom and scale matrix.
            pub fn new(df: D, scale: C) -> Self {
                $name {
                    df,
                    scale: ByCovariance(scale),
                }
            }
        }
        impl<D, F> $name<D, ByFactor<F>> {
            /// By degrees of freedom and lower Cholesky factor of the scale matrix.
            pub fn cholesky(df: D, factor: F) -> Self {
                $name {
                    df,
                    scale: ByFactor(factor),
                }
            }
        }
        impl<D, S> Combine for $name<D, S> {}
    };
}
constructors!(Wishart);
constructors!(InverseWishart);

/// ln Γ_n(a) and its derivative.
fn ln_multivariate_gamma(n: usize, a: f64) -> (f64, f64) {
    let start = 0.25 * (n * n.saturating_sub(1)) as f64 * PI.ln();
    (0..n).fold((start, 0.0), |(value, slope), j| {
        let a = a - 0.5 * j as f64;
        (value + ln_gamma(a), slope + digamma(a))
    })
}

/// ln p with ∂/∂C, ∂/∂L and ∂/∂df, for X = C Cᵀ and the scale L Lᵀ.
struct Score<const N: usize> {
    value: f64,
    by_c: Square<N>,
    by_l: Square<N>,
    by_df: f64,
}

/// Both densities are |outer|^(∓df/2) |inner|^(...) exp(−½ |outer⁻¹ inner|²): of a Wishart `outer` is the scale's factor
/// and `inner` the point's, of an inverse Wishart the other way round.
fn partials<const N: usize>(
    c: &Square<N>,
    l: &Square<N>,
    df: f64,
    inverse: bool,
) -> Option<Score<N>> {
    let n = N as f64;
    if !(df > n - 1.0 && df < f64::INFINITY && is_factor(c)) {
        return None;
    }
    let (outer, inner) = if inverse { (c, l) } else { (l, c) };
    let a = solve_lower(outer, inner);
    let b = solve_transposed_all(outer, &a);
    let trace: f64 = a.as_flattened().iter().map(|x| x * x).sum();
    let (ln_gamma, slope) = ln_multivariate_gamma(N, 0.5 * df);
    let sign = if inverse { -1.0 } else { 1.0 };
    let c_power = sign * df - n - 1.0;
    let (ln_c, ln_l) = (ln_diagonal(c), ln_diagonal(l));
    let by_inner = lower(|i, j| -b[i][j]);
    let by_outer = lower(|i, j| (0..=j).map(|k| b[i][k] * a[j][k]).sum());
    let (mut by_c, mut by_l) = if inverse {
        (by_outer, by_inner)
    } else {
        (by_inner, by_outer)
    };
    for i in 0..N {
        by_c[i][i] += c_power / c[i][i];
        by_l[i][i] -= sign * df / l[i][i];
    }
    Some(Score {
        value: c_power * ln_c - sign * df * ln_l - 0.5 * (trace + n * df * LN_2) - ln_gamma,
        by_c,
        by_l,
        by_df: sign * (ln_c - ln_l) - 0.5 * (n * LN_2 + slope),
    })
}

fn lower<const N: usize>(f: impl Fn(usize, usize) -> f64) -> Square<N> {
    std::array::from_fn(|i| std::array::from_fn(|j| if j <= i { f(i, j) } else { 0.0 }))
}

/// ln p of X = C Cᵀ, by the lower triangle of X or by the elements of C.
fn log_prob<M: Mode, D: Operand<M>, S: Spread<M>, const N: usize>(
    df: &D,
    scale: &S,
    factor: &[[Real<M>; N]; N],
    inverse: bool,
    by_factor: bool,
) -> Real<M> {
    let c = factor.map(|row| row.map(Real::value));
    let found = scale
        .factor::<N>()
        .and_then(|l| Some((partials(&c, &l, df.value(), inverse)?, l)));
    let Some((mut score, l)) = found else {
        return Real::constant(f64::NAN);
    };
    if by_factor {
        for i in 0..N {
            // The Jacobian of X by C: 2^n Π C_ii^(n − i), i from 0.
            let power = (N - i) as f64;
            score.value += LN_2 + power * c[i][i].ln();
            score.by_c[i][i] += power / c[i][i];
        }
    }
    if !M::GRADIENT {
        return Real::constant(score.value);
    }
    let mut lift = M::Lift::begin();
    for (i, (row, by)) in factor.iter().zip(&score.by_c).enumerate() {
        lift.push_all(&row[..=i], &by[..=i]);
    }
    scale.push(&l, score.by_l, &mut lift);
    if !D::CONSTANT {
        lift.push(df.real(), score.by_df);
    }
    lift.finish(score.value)
}

/// A lower triangular A with A_ii² chi-squared of `df(i)` and standard normals below.
fn bartlett<M: Mode, Src: Source<M>, const N: usize>(
    source: &mut Src,
    df: impl Fn(usize) -> Real<M>,
) -> [[Real<M>; N]; N] {
    let mut a = [[Real::constant(0.0); N]; N];
    for (i, row) in a.iter_mut().enumerate() {
        for x in &mut row[..i] {
            *x = source.scalar(&Normal::new(0.0, 1.0));
        }
        row[i] = source.scalar(&Chi2::new(df(i))).sqrt();
    }
    a
}

/// The factor of a draw.
fn draw<M: Mode, D: Operand<M>, S: Spread<M>, Src: Source<M>, const N: usize>(
    df: &D,
    scale: &S,
    source: &mut Src,
    inverse: bool,
) -> [[Real<M>; N]; N] {
    let (df, l, zero) = (df.real(), scale.reals::<N>(), Real::constant(0.0));
    let mut right = if inverse {
        // X = L (T Tᵀ)⁻¹ Lᵀ with Tᵀ upper triangular: Bartlett's decomposition from the last row up.
        let t = bartlett::<M, Src, N>(source, |i| df - (N - 1 - i) as f64);
        let mut inverse = [[zero; N]; N];
        for i in 0..N {
            for j in 0..i {
                let dot = (j..i).fold(zero, |sum, k| sum + t[i][k] * inverse[k][j]);
                inverse[i][j] = -dot / t[i][i];
            }
            inverse[i][i] = t[i][i].recip();
        }
        inverse
    } else {
        bartlett::<M, Src, N>(source, |i| df - i as f64)
    };
    // L times it, from the last row up since row i reads those above.
    for i in (0..N).rev() {
        for j in 0..=i {
            right[i][j] = (j..=i).fold(zero, |sum, k| sum + l[i][k] * right[k][j]);
        }
    }
    right
}

fn check<M: Mode, D: Operand<M>, S: Spread<M>, const N: usize>(
    family: &'static str,
    df: &D,
    scale: &S,
    report: &mut Report,
) {
    let value = df.value();
    if D::CONSTANT && !(value > N as f64 - 1.0 && value < f64::INFINITY) {
        report.problem(Problem::Parameter {
            family,
            parameter: "df",
            value,
            requirement: "finite and above the number of rows less one",
        });
    }
    spread::check::<M, S, N>(family, scale, report);
}

macro_rules! distributions {
    ($name:ident, $inverse:literal) => {
        impl<M: Mode, D: Operand<M>, S: Spread<M>, const N: usize> Distribution<M, Covariance<N>>
            for $name<D, S>
        {
            fn log_prob(&self, x: &CovarianceAt<M, N>) -> Real<M> {
                log_prob(&self.df, &self.scale, x.factor(), $inverse, false)
            }
            fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> CovarianceAt<M, N> {
                if on_line::<M, Src>(source) {
                    let (x, jacobian) = covariance_from_line::<M, N>(|| source.coordinate());
                    if let Some(j) = jacobian {
                        source.add_jacobian(j);
                    }
                    return x;
                }
                CovarianceAt::of_factor(draw(&self.df, &self.scale, source, $inverse))
            }
            fn check(&self, report: &mut Report) {
                check::<M, D, S, N>(stringify!($name), &self.df, &self.scale, report);
            }
        }
        impl<M: Mode, D: Operand<M>, S: Spread<M>, const N: usize> Distribution<M, Cholesky<N>>
            for $name<D, S>
        {
            fn log_prob(&self, x: &CholeskyAt<M, N>) -> Real<M> {
                log_prob(&self.df, &self.scale, &x.0, $inverse, true)
            }
            fn draw<Src: Source<M>>(&self, source: &mut Src, _: &Bump) -> CholeskyAt<M, N> {
                if on_line::<M, Src>(source) {
                    let (x, jacobian) = cholesky_from_line::<M, N>(|| source.coordinate());
                    if let Some(j) = jacobian {
                        source.add_jacobian(j);
                    }
                    return CholeskyAt(x);
                }
                CholeskyAt(draw(&self.df, &self.scale, source, $inverse))
            }
            fn check(&self, report: &mut Report) {
                check::<M, D, S, N>(stringify!($name), &self.df, &self.scale, report);
            }
        }
    };
}
distributions!(Wishart, false);
distributions!(InverseWishart, true);
