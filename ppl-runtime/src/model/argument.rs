//! The arguments of a model: how a body receives them, and what is refused when a model is bound.

use crate::error::{Error, Index};

/// An argument of any type. Method resolution picks [`ByCopy`] and [`CheckNumbers`] where they apply, else
/// [`ByRef`] and [`CheckNothing`].
pub struct Probe<'a, T>(pub &'a T);

/// Arguments that are `Copy` are copied into the body.
pub trait ByCopy {
    /// What the body sees.
    type Out;
    /// The argument.
    fn __get(&self) -> Self::Out;
}
impl<T: Copy> ByCopy for Probe<'_, T> {
    type Out = T;
    #[inline]
    fn __get(&self) -> T {
        *self.0
    }
}

/// Other arguments are borrowed.
pub trait ByRef {
    /// What the body sees.
    type Out;
    /// The argument.
    fn __get(&self) -> Self::Out;
}
impl<'a, T> ByRef for &Probe<'a, T> {
    type Out = &'a T;
    #[inline]
    fn __get(&self) -> &'a T {
        self.0
    }
}

/// Arguments that are numbers or collections of numbers.
pub trait Numbers {
    /// The index of the first NaN.
    fn first_nan(&self) -> Option<Vec<usize>>;
}
impl Numbers for f64 {
    fn first_nan(&self) -> Option<Vec<usize>> {
        self.is_nan().then(Vec::new)
    }
}
impl<T: Numbers> Numbers for [T] {
    fn first_nan(&self) -> Option<Vec<usize>> {
        self.iter().enumerate().find_map(|(i, x)| {
            x.first_nan().map(|mut index| {
                index.insert(0, i);
                index
            })
        })
    }
}
impl<T: Numbers, const N: usize> Numbers for [T; N] {
    fn first_nan(&self) -> Option<Vec<usize>> {
        self.as_slice().first_nan()
    }
}
impl<T: Numbers> Numbers for Vec<T> {
    fn first_nan(&self) -> Option<Vec<usize>> {
        self.as_slice().first_nan()
    }
}
impl<T: Numbers> Numbers for Option<T> {
    fn first_nan(&self) -> Option<Vec<usize>> {
        self.as_ref().and_then(Numbers::first_nan)
    }
}
impl<T: Numbers + ?Sized> Numbers for &T {
    fn first_nan(&self) -> Option<Vec<usize>> {
        (**self).first_nan()
    }
}
impl<R: nalgebra::Dim, C: nalgebra::Dim, S: nalgebra::RawStorage<f64, R, C>> Numbers
    for nalgebra::Matrix<f64, R, C, S>
{
    fn first_nan(&self) -> Option<Vec<usize>> {
        let (rows, columns) = self.shape();
        (0..rows)
            .flat_map(|i| (0..columns).map(move |j| (i, j)))
            .find(|&p| self[p].is_nan())
            .map(|(i, j)| if columns == 1 { vec![i] } else { vec![i, j] })
    }
}

/// Collects the first unusable argument.
pub struct ArgumentReport {
    model: &'static str,
    found: Option<Error>,
}

impl ArgumentReport {
    /// For a model of this name.
    pub fn new(model: &'static str) -> Self {
        ArgumentReport { model, found: None }
    }
    /// The first unusable argument, as an error.
    pub fn finish(self) -> Result<(), Error> {
        self.found.map_or(Ok(()), Err)
    }
    fn nan(&mut self, argument: &'static str, index: Vec<usize>) {
        self.found.get_or_insert(Error::Argument {
            model: self.model,
            argument,
            index: Index(index),
            problem: "is NaN; a missing observation is written `None`".to_string(),
        });
    }
}

/// Arguments made of numbers are looked at.
pub trait CheckNumbers {
    /// Looks for a NaN.
    fn __check(&self, argument: &'static str, report: &mut ArgumentReport);
}
impl<T: Numbers> CheckNumbers for Probe<'_, T> {
    fn __check(&self, argument: &'static str, report: &mut ArgumentReport) {
        if let Some(index) = self.0.first_nan() {
            report.nan(argument, index);
        }
    }
}

/// Other arguments are not.
pub trait CheckNothing {
    /// Does nothing.
    fn __check(&self, argument: &'static str, report: &mut ArgumentReport);
}
impl<T> CheckNothing for &Probe<'_, T> {
    fn __check(&self, _: &'static str, _: &mut ArgumentReport) {}
}
