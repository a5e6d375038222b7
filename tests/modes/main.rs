//! One body, three modes: values and gradients of whole models, of operations on arrays, of predictors and of Gaussian
//! processes.

mod bodies;
mod gaussian_process;
mod layers;
mod predictors;
