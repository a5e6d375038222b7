//! Scalar modes, distributions, interpreters and inference engines of `ppl`.
//!
//! Users depend on the facade crate `ppl`. The modules are floors: each imports only from those above it in
//! this list ([`random`], [`error`], [`real`], [`support`], [`dist`], [`model`], [`infer`], [`output`]
//! is concrete and imports from [`random`] and [`error`] alone).

pub mod dist;
pub mod error;
pub mod infer;
pub mod model;
pub mod output;
pub mod random;
pub mod real;
pub mod support;
