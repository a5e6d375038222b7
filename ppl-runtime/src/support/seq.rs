//! A data-sized latent in a mode.

use std::ops::Deref;

/// What a `Vec<T>` site is inside a body: a `Copy` slice of the evaluator's arena, which reads like the vector.
#[derive(Debug)]
pub struct Seq<'a, T>(pub &'a [T]);

impl<T> Copy for Seq<'_, T> {}
impl<T> Clone for Seq<'_, T> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Deref for Seq<'_, T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        self.0
    }
}
impl<T> AsRef<[T]> for Seq<'_, T> {
    #[inline]
    fn as_ref(&self) -> &[T] {
        self.0
    }
}
impl<'a, T: Copy> IntoIterator for Seq<'a, T> {
    type Item = T;
    type IntoIter = std::iter::Copied<std::slice::Iter<'a, T>>;
    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().copied()
    }
}
impl<'a, T> IntoIterator for &Seq<'a, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
