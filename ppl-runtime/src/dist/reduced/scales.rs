//! Sites whose locations are latents and whose scales are data: what depends on the scales alone is known once for all.

use crate::real::{Mode, Real};

/// What is known of the scales of a site.
#[derive(Debug)]
pub(crate) struct Scales {
    /// 1/scale of each element.
    pub inverse: Vec<f64>,
    /// Σ −ln scale.
    pub value: f64,
}

/// The scales as far as they were seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    inverse: Vec<f64>,
    value: f64,
    given_up: bool,
}

/// Elements of a site, beyond which it stays as it is: with many the logarithms are not what takes the time.
const MOST: usize = 1 << 16;

impl Seen {
    pub fn element<M: Mode>(&mut self, scale: Real<M>) {
        let (data, bits) = M::identity(scale.0);
        let scale = f64::from_bits(bits);
        let inverse = 1.0 / scale;
        let proper = data && scale > 0.0 && inverse > 0.0 && inverse.is_finite();
        self.given_up |= !proper || self.inverse.len() == MOST;
        if !self.given_up {
            self.inverse.push(inverse);
            self.value -= scale.ln();
        }
    }
    pub fn finish(self) -> Option<Scales> {
        let known = !self.given_up && !self.inverse.is_empty();
        known.then_some(Scales {
            inverse: self.inverse,
            value: self.value,
        })
    }
}
