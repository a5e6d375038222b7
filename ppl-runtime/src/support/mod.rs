//! What a site can be: plain types and their forms in a mode, supports, and bijections to R^n.

mod bijection;
mod constrained;
mod export;
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
