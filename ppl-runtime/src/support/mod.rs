//! What a site can be: plain types and their forms in a mode, supports, and bijections to R^n.

mod bijection;
mod constrained;
mod export;
mod inverse;
mod latent;
mod matrix_bijection;
mod ordered;
mod seq;
mod simplex;

pub use bijection::{Bounds, constrain, ordered_from_line, simplex_from_line};
pub use constrained::{
    Cholesky, CholeskyAt, Correlation, CorrelationAt, CorrelationCholesky, CorrelationCholeskyAt,
    Covariance, CovarianceAt, PositiveOrdered, PositiveOrderedAt, UnitVector, UnitVectorAt,
    ZeroSum, ZeroSumAt, cholesky,
};
pub use export::{Columns, Export, Names, Sink, Values};
pub(crate) use inverse::bounds_to_line;
pub use inverse::{
    cholesky_to_line, correlation_cholesky_to_line, ordered_to_line, positive_ordered_to_line,
    simplex_to_line, to_line, zero_sum_to_line,
};
pub use latent::{Latent, Reader, ScalarLatent};
pub use matrix_bijection::{
    cholesky_from_line, correlation_cholesky_from_line, correlation_from_line,
    covariance_from_line, positive_ordered_from_line, unit_vector_from_line, zero_sum_from_line,
};
pub use ordered::{Ordered, OrderedAt};
pub use seq::Seq;
pub use simplex::{Simplex, SimplexAt};

/// Where a univariate density is positive; decides the bijection of its site to the real line.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Support {
    /// The real line.
    Real,
    /// (0, ∞).
    Positive,
    /// (0, ∞), by the softplus function instead of the exponential one.
    SoftplusPositive,
    /// (0, 1).
    Unit,
    /// (a, ∞).
    Above(f64),
    /// (−∞, b).
    Below(f64),
    /// (a, b).
    Interval(f64, f64),
    /// Integers: no density, no bijection.
    Discrete,
}

impl Support {
    /// The circle, as angles from −π to π.
    pub const CIRCLE: Support = Support::Interval(-std::f64::consts::PI, std::f64::consts::PI);
}
