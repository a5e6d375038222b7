//! Bounding ellipsoids.

mod boxes;
mod cloud;
mod cluster;
mod components;
mod halves;
mod linked;
mod mask;
mod multi;
mod one;
mod resample;
mod shape;
mod tighten;

pub(super) use cluster::clusters;
pub(super) use multi::MultiEllipsoid;
