//! The inference engines. Each sees a model only through a small trait of its own.

pub mod calibration;
pub mod dcc;
mod lbfgs;
pub mod map;
pub mod nested;
pub mod nuts;
pub mod sdvi;
pub mod stein;
pub mod svi;
