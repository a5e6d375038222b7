//! Bounding ellipsoids.

mod cluster;
mod multi;
mod one;

pub(super) use cluster::clusters;
pub(super) use multi::MultiEllipsoid;
