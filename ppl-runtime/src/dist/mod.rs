//! Distributions.

pub mod combinators;
pub mod datum;
pub mod distribution;
pub mod family;
pub mod operand;
pub mod ordered;
pub mod report;
pub mod source;
pub mod univariate;
pub mod vectorised;

pub use combinators::{Each, Iid, IidN, each};
pub use distribution::{Combine, Distribution};
