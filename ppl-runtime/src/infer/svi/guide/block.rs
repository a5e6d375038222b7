//! Named parts of a guide's parameter vector.

use crate::real::{Real, Value};
use crate::support::{Support, constrain};
use std::ops::Range;

/// What a block of parameters means; kernels between normals look for their locations and scales.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// The means of a normal.
    Location,
    /// The standard deviations of a normal.
    Scale,
    /// Anything else.
    #[default]
    Other,
}

/// Some parameters of a guide that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its name, such as `mu_loc`.
    pub name: String,
    /// Where it lies in the parameter vector.
    pub range: Range<usize>,
    /// What it means.
    pub role: Role,
    /// Where its values lie; the parameter vector holds their images on the real line.
    pub support: Support,
}

impl Block {
    /// Parameters on the real line.
    pub fn real(name: impl Into<String>, range: Range<usize>, role: Role) -> Self {
        Block {
            name: name.into(),
            range,
            role,
            support: Support::Real,
        }
    }
    /// Positive parameters, held as logarithms.
    pub fn positive(name: impl Into<String>, range: Range<usize>, role: Role) -> Self {
        Block {
            name: name.into(),
            range,
            role,
            support: Support::Positive,
        }
    }
    /// The values of this block in a parameter vector.
    pub fn values(&self, theta: &[f64]) -> Vec<f64> {
        theta
            .get(self.range.clone())
            .unwrap_or(&[])
            .iter()
            .map(|u| self.value(*u))
            .collect()
    }
    /// The value whose image on the line is `u`.
    pub fn value(&self, u: f64) -> f64 {
        let (x, _) = constrain::<Value>(self.support.into(), Real::constant(u));
        x.value()
    }
}
