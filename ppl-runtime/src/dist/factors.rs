//! Sites taken apart into independent univariate distributions in plain numbers.

use super::collect::MOST;
use super::family::{Constants, Family};
use super::univariate::Univariate;
use crate::random::Rng;
use crate::real::Mode;

/// Takes the numbers of a site one by one, in the order in which they are drawn.
pub trait Factors<M: Mode> {
    /// The distribution of the next number.
    fn factor<const P: usize, D: Univariate<M, P>>(&mut self, d: &D);
}

/// A univariate distribution in plain numbers, with what depends on its parameters alone: for many draws and densities
/// with the same parameters.
#[derive(Copy, Clone, Debug)]
pub struct Factor {
    parameters: [f64; MOST],
    constants: Constants,
    draw: fn(&Factor, &mut Rng) -> f64,
    of_point: fn(f64) -> Constants,
    by_point: fn(&Factor, f64, &Constants) -> (f64, f64),
    draw_partials: fn(&Factor, f64) -> [f64; MOST],
}

impl Factor {
    /// Of a family with these parameters.
    pub fn new<F: Family<P>, const P: usize>(p: &[f64; P]) -> Self {
        let mut parameters = [0.0; MOST];
        parameters[..P].copy_from_slice(p);
        Factor {
            parameters,
            constants: F::of_parameters(p),
            draw: |f, rng| F::draw(rng, &f.first()),
            of_point: F::of_point,
            by_point: |f, x, of_point| F::by_point_with(x, &f.first(), of_point, &f.constants),
            draw_partials: |f, x| {
                let mut partials = [0.0; MOST];
                let found = F::draw_partials_with(x, &f.first::<P>(), &f.constants);
                partials[..P].copy_from_slice(&found);
                partials
            },
        }
    }
    #[inline]
    fn first<const P: usize>(&self) -> [f64; P] {
        std::array::from_fn(|k| self.parameters[k])
    }
    /// One draw.
    #[inline]
    pub fn draw(&self, rng: &mut Rng) -> f64 {
        (self.draw)(self, rng)
    }
    /// ln p(x) and its derivative by x.
    #[inline]
    pub fn by_point(&self, x: f64) -> (f64, f64) {
        (self.by_point)(self, x, &(self.of_point)(x))
    }
    /// What depends on the point alone, for [`Factor::by_point_with`].
    #[inline]
    pub fn of_point(&self, x: f64) -> PointConstants {
        PointConstants {
            numbers: (self.of_point)(x),
            of: self.of_point,
        }
    }
    /// As [`Factor::by_point`]; what depends on the point alone is used if it is of the same family.
    #[inline]
    pub fn by_point_with(&self, x: f64, of_point: &PointConstants) -> (f64, f64) {
        if std::ptr::fn_addr_eq(self.of_point, of_point.of) {
            return (self.by_point)(self, x, &of_point.numbers);
        }
        self.by_point(x)
    }
    /// The derivatives of a draw `x` by the parameters; see [`Family::draw_partials`].
    #[inline]
    pub fn draw_partials(&self, x: f64) -> [f64; MOST] {
        (self.draw_partials)(self, x)
    }
}

/// What a family's density at a point depends on besides the parameters.
#[derive(Copy, Clone, Debug)]
pub struct PointConstants {
    numbers: Constants,
    of: fn(f64) -> Constants,
}
