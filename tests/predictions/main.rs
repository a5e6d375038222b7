//! Densities and replicated data, datum by datum.

mod pointwise;
mod replicated;
