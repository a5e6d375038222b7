//! Families of vectors and of categories, in plain numbers: functions over slices, without allocation.
//!
//! Slices of one call must have matching lengths; each function says which.

pub mod categorical;
pub mod dirichlet;
pub mod factor;
pub mod lkj;
pub mod mv_normal;
