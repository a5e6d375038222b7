//! The nested sampler on likelihoods whose evidence is known.

mod dynamic;
mod exact;
mod memory;
#[path = "../nested_problems/mod.rs"]
mod nested_problems;
