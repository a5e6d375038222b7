//! Values and gradients: those of another system, and those of summing element by element.

mod columns;
mod elements;
mod reference;
#[path = "../../benches/gradients/workloads.rs"]
mod workloads;
