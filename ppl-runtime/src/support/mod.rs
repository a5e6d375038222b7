//! Supports of sites, their bijections to R^n and their maps from the unit cube.

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
