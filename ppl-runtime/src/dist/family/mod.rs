//! What a univariate family is, in plain numbers: everything about it that depends on no scalar mode.

mod by_kernels;

pub(crate) use by_kernels::{
    block_by_points, block_partials_by_points, rows_by_lanes, sum_by_blocks,
    sum_partials_by_blocks, sums_by_blocks,
};

use super::reduced::Block;
use crate::random::Rng;
use crate::real::kernels::LANES;
use crate::support::Support;
use rand::RngExt;
use rand::distr::Open01;

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

impl<const P: usize> Partials<P> {
    /// Of no density: what sums begin with.
    #[inline]
    fn none() -> Self {
        Partials {
            value: 0.0,
            point: 0.0,
            parameters: [0.0; P],
        }
    }
    /// Adds another, but for its derivative by x: each density has a point of its own.
    #[inline]
    fn add(&mut self, one: &Partials<P>) {
        self.value += one.value;
        for (s, q) in self.parameters.iter_mut().zip(one.parameters) {
            *s += q;
        }
    }
}

/// Numbers that are worked out once for many densities; see [`Family::of_parameters`] and [`Family::of_point`].
pub type Constants = [f64; 3];

/// A univariate family of `P` parameters in plain numbers. A point is an `f64` for every family: a count or a
/// truth value is given as the number that it is.
///
/// `log_density` is −∞ outside the support and NaN where a parameter is invalid.
pub trait Family<const P: usize>: Sized {
    /// The name of the family, for messages.
    const NAME: &'static str;
    /// The names of its parameters, for messages.
    const PARAMETERS: [&'static str; P];
    /// The values it can take.
    const DOMAIN: Domain;
    /// Whether it is on the circle: the quantiles of 0 and 1 are the same place.
    const CIRCULAR: bool = false;

    /// The first parameter outside its set, if any. NaN and infinite parameters are invalid.
    fn check(p: &[f64; P]) -> Result<(), Invalid>;
    /// Where the density is positive.
    fn support(p: &[f64; P]) -> Support;
    /// ln p(x).
    #[inline]
    fn log_density(x: f64, p: &[f64; P]) -> f64 {
        Self::partials(x, p).value
    }
    /// ln p(x) with its partial derivatives.
    fn partials(x: f64, p: &[f64; P]) -> Partials<P>;
    /// P(X ≤ x).
    fn cdf(x: f64, p: &[f64; P]) -> f64;
    /// The least x with `cdf(x) ≥ u`, for u in (0, 1): the map from the unit cube.
    fn quantile(u: f64, p: &[f64; P]) -> f64;
    /// P(X > x), to full relative accuracy in the upper tail where the family says so.
    fn survival(x: f64, p: &[f64; P]) -> f64 {
        1.0 - Self::cdf(x, p)
    }
    /// The x whose [`Family::survival`] is `q`: the quantile of 1 − q, without its rounding.
    fn quantile_upper(q: f64, p: &[f64; P]) -> f64 {
        Self::quantile(1.0 - q, p)
    }
    /// ∂ cdf(x)/∂ each parameter, of a continuous family.
    ///
    /// Unless the family knows better it is ∫ s(Q(u)) du over (0, cdf(x)), where s = ∂ ln p/∂θ is the score and Q the
    /// quantile, by the double-exponential rule: about 1e-9. That needs a support that the parameter does not
    /// move, or a density of 0 at its ends.
    fn cdf_partials(x: f64, p: &[f64; P]) -> [f64; P] {
        super::shared::score_integral::<Self, P>(x, p)
    }
    /// ln p(x) and its derivative by x alone, for constant parameters.
    #[inline]
    fn by_point(x: f64, p: &[f64; P]) -> (f64, f64) {
        let partials = Self::partials(x, p);
        (partials.value, partials.point)
    }
    /// The quantile with its derivatives by the parameters at a fixed `u`: the pathwise (implicit) derivatives of a draw,
    /// dx/dθ = −(∂F/∂θ)/p(x).
    ///
    /// Source: Figurnov, Mohamed & Mnih, "Implicit reparameterization gradients" (2018), eq. 6.
    fn quantile_partials(u: f64, p: &[f64; P]) -> (f64, [f64; P]) {
        let x = Self::quantile(u, p);
        (x, Self::draw_partials(x, p))
    }
    /// As [`Family::quantile_partials`] of a draw `x`, wherever it came from.
    fn draw_partials(x: f64, p: &[f64; P]) -> [f64; P] {
        let density = Self::log_density(x, p).exp();
        Self::cdf_partials(x, p).map(|d| -d / density)
    }
    /// What of density and draws depends on the parameters alone and takes long to work out; nothing unless the family
    /// says so.
    fn of_parameters(_: &[f64; P]) -> Constants {
        [0.0; 3]
    }
    /// What of the density depends on the point alone and takes long to work out.
    fn of_point(_: f64) -> Constants {
        [0.0; 3]
    }
    /// [`Family::by_point`], with [`Family::of_point`] and [`Family::of_parameters`].
    #[inline]
    fn by_point_with(
        x: f64,
        p: &[f64; P],
        _of_point: &Constants,
        _of_parameters: &Constants,
    ) -> (f64, f64) {
        Self::by_point(x, p)
    }
    /// [`Family::draw_partials`], with [`Family::of_parameters`].
    #[inline]
    fn draw_partials_with(x: f64, p: &[f64; P], _of_parameters: &Constants) -> [f64; P] {
        Self::draw_partials(x, p)
    }
    /// One draw; by the quantile unless the family knows better.
    fn draw(rng: &mut Rng, p: &[f64; P]) -> f64 {
        Self::quantile(rng.sample(Open01), p)
    }
    /// The mean; NaN where there is none.
    fn mean(p: &[f64; P]) -> f64;
    /// The variance; infinite or NaN where there is none.
    fn variance(p: &[f64; P]) -> f64;

    /// The entropy −E ln p(X), in nats; NaN where it has no closed form.
    fn entropy(_: &[f64; P]) -> f64 {
        f64::NAN
    }

    /// Σ ln p(x\[i\]), all with the same parameters.
    fn sum(x: &[f64], p: &[f64; P]) -> f64 {
        x.iter().map(|x| Self::log_density(*x, p)).sum()
    }
    /// Σ ln p(x\[i\]) with its partial derivatives by the parameters; `point` is of no meaning.
    fn sum_partials(x: &[f64], p: &[f64; P]) -> Partials<P> {
        let mut sum = Partials::none();
        for x in x {
            sum.add(&Self::partials(*x, p));
        }
        sum
    }
    /// As [`Family::sum_partials`], with the partial derivative by each point.
    fn sum_point_partials(x: &[f64], p: &[f64; P], by_point: &mut [f64]) -> Partials<P> {
        let mut sum = Partials::none();
        for (x, by) in x.iter().zip(by_point) {
            let one = Self::partials(*x, p);
            *by = one.point;
            sum.add(&one);
        }
        sum
    }
    /// ln p_i(x\[i\]) of each point of a block of at most [`LANES`], with the partial
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
                for (row, by) in partials.iter_mut().zip(one.parameters) {
                    row[i] = by;
                }
            } else {
                values[i] = Self::log_density(x[i], &parameters);
            }
        }
    }
    /// Adds ln p(x\[i\]) of any number of points, all with the same parameters, to `values`; with the partial
    /// derivatives by the parameters at each point if `GRADIENT`.
    fn column<const GRADIENT: bool>(
        x: &[f64],
        p: &[f64; P],
        values: &mut [f64],
        partials: &mut [&mut [f64]; P],
    ) {
        let columns = p.map(|v| [v; LANES]);
        let mut block = [0.0; LANES];
        for (k, x) in x.chunks(LANES).enumerate() {
            let (from, n) = (k * LANES, x.len());
            let columns = std::array::from_fn(|k| &columns[k][..n]);
            let mut rows = partials.each_mut().map(|row| {
                if GRADIENT {
                    &mut row[from..from + n]
                } else {
                    &mut []
                }
            });
            Self::lanes::<GRADIENT>(x, &columns, &mut block[..n], &mut rows);
            for (v, b) in values[from..from + n].iter_mut().zip(&block) {
                *v += b;
            }
        }
    }
    /// Adds Σ_j ln p(x\[j\]) with each of many sets of parameters to `values`: `p[k]` has the `k`-th parameter of each set, or
    /// one number for all. The partial derivatives of the sums are written to those rows of `partials` that have room, if
    /// `GRADIENT`.
    fn rows<const GRADIENT: bool>(
        x: &[f64],
        p: &[&[f64]; P],
        values: &mut [f64],
        partials: &mut [&mut [f64]; P],
    ) {
        rows_by_lanes::<Self, P, GRADIENT>(x, p, values, partials);
    }
    /// Whether sites are scored from statistics of their data where it can be; then the first of its parameters is the location,
    /// the second the scale.
    const REDUCES: bool = false;
    /// Σ ln p over the elements of which these are the pivots, with the partial derivatives by the parameters of the pivots
    /// where there is room.
    fn reduced(_: Block<'_>, _: &[&[f64]; P], _: &mut [&mut [f64]; P]) -> f64 {
        f64::NAN
    }
    /// Σ ln(p_i(x\[i\])·scale_i) over a block of at most [`LANES`] points with these locations and inverse scales, of a family that
    /// `REDUCES`; with the partial derivatives by the locations if there is room for them.
    fn by_inverse_scales(_x: &[f64], _location: &[f64], _inverse: &[f64], _by: &mut [f64]) -> f64 {
        f64::NAN
    }
    /// Whether [`Family::block_partials`] leaves those partial derivatives out for which there is no room.
    const LEAVES_OUT: bool = false;
    /// Σ ln p_i(x\[i\]) over a block of at most [`LANES`] points, each with its own
    /// parameters: `p[k][i]` is the `k`-th parameter of the `i`-th point.
    fn block(x: &[f64], p: &[&[f64]; P]) -> f64 {
        block_by_points::<Self, P>(x, p)
    }
    /// As [`Family::block`], with the partial derivatives by each parameter of each point.
    fn block_partials(x: &[f64], p: &[&[f64]; P], partials: &mut [&mut [f64]; P]) -> f64 {
        block_partials_by_points::<Self, P>(x, p, partials)
    }
}
