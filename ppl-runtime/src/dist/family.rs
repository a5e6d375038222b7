//! What a univariate family is, in plain numbers: everything about it that depends on no scalar mode.

use crate::random::Rng;
use crate::support::Support;

/// The values that a family can take whatever its parameters. Data outside are an error when a model is bound.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Any finite number.
    Real,
    /// Positive numbers.
    Positive,
    /// Zero and positive numbers.
    NonNegative,
    /// Numbers strictly between 0 and 1.
    Unit,
    /// 0, 1, 2, ...
    Count,
    /// `false` (0) and `true` (1).
    Boolean,
}

/// A parameter outside its set: which one, and what it must be (as in "must be positive").
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// Index into [`Family::PARAMETERS`].
    pub parameter: usize,
    /// What it must be, to be read after "must be".
    pub requirement: &'static str,
}

/// A log density with its partial derivatives.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Partials<const P: usize> {
    /// The log density itself.
    pub value: f64,
    /// ∂/∂x, 0 for a discrete family.
    pub point: f64,
    /// ∂/∂ each parameter.
    pub parameters: [f64; P],
}

/// A univariate family of `P` parameters in plain numbers. A point is an `f64` for every family: a count or a
/// truth value is given as the number that it is.
///
/// `log_density` is −∞ outside the support and NaN where a parameter is invalid.
pub trait Family<const P: usize> {
    /// The name of the family, for messages.
    const NAME: &'static str;
    /// The names of its parameters, for messages.
    const PARAMETERS: [&'static str; P];
    /// The values it can take.
    const DOMAIN: Domain;

    /// The first parameter outside its set, if any. NaN and infinite parameters are invalid.
    fn check(p: &[f64; P]) -> Result<(), Invalid>;
    /// Where the density is positive.
    fn support(p: &[f64; P]) -> Support;
    /// ln p(x).
    fn log_density(x: f64, p: &[f64; P]) -> f64;
    /// ln p(x) with its partial derivatives.
    fn partials(x: f64, p: &[f64; P]) -> Partials<P>;
    /// P(X ≤ x).
    fn cdf(x: f64, p: &[f64; P]) -> f64;
    /// The least x with `cdf(x) ≥ u`, for u in (0, 1): the map from the unit cube.
    fn quantile(u: f64, p: &[f64; P]) -> f64;
    /// One draw.
    fn draw(rng: &mut Rng, p: &[f64; P]) -> f64;
    /// The mean; NaN where there is none.
    fn mean(p: &[f64; P]) -> f64;
    /// The variance; infinite or NaN where there is none.
    fn variance(p: &[f64; P]) -> f64;

    /// Σ ln p(x\[i\]), all with the same parameters.
    fn sum(x: &[f64], p: &[f64; P]) -> f64 {
        x.iter().map(|x| Self::log_density(*x, p)).sum()
    }
    /// Σ ln p(x\[i\]) with its partial derivatives by the parameters; `point` is of no meaning.
    fn sum_partials(x: &[f64], p: &[f64; P]) -> Partials<P> {
        let mut sum = Partials {
            value: 0.0,
            point: 0.0,
            parameters: [0.0; P],
        };
        for x in x {
            let one = Self::partials(*x, p);
            sum.value += one.value;
            for (s, q) in sum.parameters.iter_mut().zip(one.parameters) {
                *s += q;
            }
        }
        sum
    }
    /// ln p_i(x\[i\]) of each point of a block of at most [`LANES`](crate::real::kernels::LANES), with the partial
    /// derivatives by its parameters if `GRADIENT`.
    fn lanes<const GRADIENT: bool>(
        x: &[f64],
        p: &[&[f64]; P],
        values: &mut [f64],
        partials: &mut [&mut [f64]; P],
    ) {
        for i in 0..x.len() {
            let parameters = std::array::from_fn(|k| p[k][i]);
            if GRADIENT {
                let one = Self::partials(x[i], &parameters);
                values[i] = one.value;
                for k in 0..P {
                    partials[k][i] = one.parameters[k];
                }
            } else {
                values[i] = Self::log_density(x[i], &parameters);
            }
        }
    }
    /// Σ ln p_i(x\[i\]) over a block of at most [`LANES`](crate::real::kernels::LANES) points, each with its own
    /// parameters: `p[k][i]` is the `k`-th parameter of the `i`-th point.
    fn block(x: &[f64], p: &[&[f64]; P]) -> f64 {
        (0..x.len())
            .map(|i| Self::log_density(x[i], &std::array::from_fn(|k| p[k][i])))
            .sum()
    }
    /// As [`Family::block`], with the partial derivatives by each parameter of each point.
    fn block_partials(x: &[f64], p: &[&[f64]; P], partials: &mut [&mut [f64]; P]) -> f64 {
        let mut sum = 0.0;
        for i in 0..x.len() {
            let one = Self::partials(x[i], &std::array::from_fn(|k| p[k][i]));
            sum += one.value;
            for k in 0..P {
                partials[k][i] = one.parameters[k];
            }
        }
        sum
    }
}
