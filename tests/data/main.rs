//! What data and latents stand for: latents that are given, data that are missing, parts that stand for the whole.

mod given;
mod imputation;
mod minibatch;
