//! Modes and the normal approximation at them: maximum a posteriori and Laplace's method.
//!
//! [`Map`] climbs the log density with L-BFGS from several starts. [`Map::run`] finds the latents of highest posterior
//! density; [`Map::laplace`] the mode on R^n, Jacobian included, and a normal distribution of the curvature there, with
//! an approximation of the log evidence (Tierney & Kadane 1986).

mod of_model;
mod result;

pub use super::lbfgs::{Lbfgs, Minimum, minimise};
pub use of_model::Map;
pub use result::{LaplaceFit, MapFit};
