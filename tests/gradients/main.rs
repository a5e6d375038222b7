//! Values and gradients: those of another system, and those of summing element by element.

#[macro_use]
mod by_hand;
mod columns;
mod elements;
mod reference;
#[path = "../../benches/gradients/workloads.rs"]
mod workloads;
