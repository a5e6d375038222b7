//! Distributions.

pub mod family;
