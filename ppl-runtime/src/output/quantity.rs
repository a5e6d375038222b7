//! What a closure may read off a draw.

/// A number that a closure reads off a draw: `f64`, `f32`, an integer, a `bool` (so that a mean is a probability), or
/// an `Option` of these (so that a site in a branch counts only where it exists).
pub trait Quantity {
    /// The number, or nothing if the draw does not have it.
    fn number(self) -> Option<f64>;
}

macro_rules! numbers {
    ($($t:ty),*) => {$(
        impl Quantity for $t {
            fn number(self) -> Option<f64> {
                Some(self as f64)
            }
        }
    )*};
}

numbers!(f64, f32, i32, i64, u8, u32, u64, usize);

impl Quantity for bool {
    fn number(self) -> Option<f64> {
        Some(f64::from(u8::from(self)))
    }
}

impl<Q: Quantity> Quantity for Option<Q> {
    fn number(self) -> Option<f64> {
        self.and_then(Q::number)
    }
}
