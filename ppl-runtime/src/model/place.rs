//! Where a model is evaluated.

/// A point of R^n of one straight-line program. A plain slice is a point of a model without `#[branch]` sites.
#[derive(Copy, Clone, Debug, Default)]
pub struct Point<'u> {
    /// The unconstrained coordinates.
    pub u: &'u [f64],
    /// The values of the `#[branch]` sites, in order of execution; `true` is 1.
    pub program: &'u [f64],
}

/// The values of the latents themselves, in order of execution, not their images on the line.
#[derive(Copy, Clone, Debug)]
pub struct Given<'u>(pub &'u [f64]);

/// Where a model is evaluated: a slice, a [`Point`] or [`Given`] values.
#[derive(Copy, Clone, Debug)]
pub struct Place<'u> {
    pub(super) point: Point<'u>,
    pub(super) given: bool,
}

impl<'u> Place<'u> {
    /// A point of a straight-line program: the values of the latents themselves where `given`, else a point of R^n.
    pub fn of_program(u: &'u [f64], program: &'u [f64], given: bool) -> Self {
        let point = Point { u, program };
        Place { point, given }
    }
}

impl<'u> From<Given<'u>> for Place<'u> {
    fn from(values: Given<'u>) -> Self {
        Place {
            point: values.0.into(),
            given: true,
        }
    }
}
impl<'u> From<Point<'u>> for Place<'u> {
    fn from(point: Point<'u>) -> Self {
        Place {
            point,
            given: false,
        }
    }
}

macro_rules! plain {
    ($([$($generics:tt)*] $type:ty;)*) => { $(
        impl<'u, $($generics)*> From<&'u $type> for Point<'u> {
            fn from(u: &'u $type) -> Self {
                Point { u, program: &[] }
            }
        }
        impl<'u, $($generics)*> From<&'u $type> for Place<'u> {
            fn from(u: &'u $type) -> Self {
                Point::from(u).into()
            }
        }
    )* };
}
plain!([] [f64]; [] Vec<f64>; [const N: usize] [f64; N];);
