//! Values for the elements of a plate.

/// A value for all elements of a plate, or one for each.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say a `{T}` for each element of a plate",
    label = "neither one `{T}` nor one for each element",
    note = "write a value or a slice: `.scale(0.5)`, `.scale(&weights)`, `.mask(&kept)`"
)]
pub trait PerElement<T> {
    /// Whether it says nothing.
    const ABSENT: bool = false;
    /// The value of an element.
    fn at(&self, i: usize) -> Option<T>;
    /// How many it has, if one for each.
    fn length(&self) -> Option<usize> {
        None
    }
}
impl<T> PerElement<T> for () {
    const ABSENT: bool = true;
    fn at(&self, _: usize) -> Option<T> {
        None
    }
}
macro_rules! one_or_each {
    ($($type:ty),*) => { $(
        impl PerElement<$type> for $type {
            fn at(&self, _: usize) -> Option<$type> {
                Some(*self)
            }
        }
        impl PerElement<$type> for [$type] {
            fn at(&self, i: usize) -> Option<$type> {
                self.get(i).copied()
            }
            fn length(&self) -> Option<usize> {
                Some(self.len())
            }
        }
        impl PerElement<$type> for Vec<$type> {
            fn at(&self, i: usize) -> Option<$type> {
                self.get(i).copied()
            }
            fn length(&self) -> Option<usize> {
                Some(self.len())
            }
        }
        impl<const N: usize> PerElement<$type> for [$type; N] {
            fn at(&self, i: usize) -> Option<$type> {
                self.get(i).copied()
            }
            fn length(&self) -> Option<usize> {
                Some(N)
            }
        }
    )* };
}
one_or_each!(f64, bool);
impl<T, V: PerElement<T> + ?Sized> PerElement<T> for &V {
    const ABSENT: bool = V::ABSENT;
    fn at(&self, i: usize) -> Option<T> {
        (**self).at(i)
    }
    fn length(&self) -> Option<usize> {
        (**self).length()
    }
}
