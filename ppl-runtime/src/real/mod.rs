//! The model's scalar, `Real<M>`: a wrapper over a mode, so that one body serves plain evaluation and gradients.
//!
//! Arithmetic between `Real<M>` and `f64` (and references to them) works in every mode with no bound in the
//! body. What an operation costs is decided by the mode: [`Value`] is plain `f64`; [`Forward`] carries `N`
//! derivatives along; [`Reverse`] writes a node on the thread's tape.

mod arrays;
pub mod batch;
mod dot;
pub mod fault;
mod forward;
pub mod kernels;
mod layer;
mod log_sum_exp;
mod matrix;
mod methods;
mod mode;
mod ops;
pub mod predictor;
mod reverse;
pub mod special;
pub(crate) mod symbolic;
pub mod tape;

pub(crate) use dot::sum;
pub use dot::{Times, dot};
pub use forward::Forward;
pub use layer::{layer, relu_all, sigmoid_all, tanh_all};
pub use log_sum_exp::log_sum_exp;
pub use matrix::{MatVec, Rows, matvec};
pub use mode::{Blocks, Gather, Lift, Mode, Real, Value};
pub use predictor::{Kept, Picked, Predictor, Term, gather};
pub use reverse::Reverse;
pub use symbolic::Symbolic;
