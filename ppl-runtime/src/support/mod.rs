//! What a site can be: plain types and their forms in a mode, supports, and bijections to R^n.

mod bijection;
mod export;
mod latent;
mod ordered;
mod seq;
mod simplex;

pub use bijection::{Bounds, constrain, ordered_from_line, simplex_from_line};
pub use export::{Columns, Export, Names, Sink, Values};
pub use latent::{Latent, Reader, ScalarLatent};
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
