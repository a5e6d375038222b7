//! Each thread's tape.

use super::{CONSTANT, Tape, gradient_of};
use crate::real::{Real, Reverse};
use std::cell::UnsafeCell;
use std::mem::ManuallyDrop;

thread_local! {
    // Without a destructor, so that reading it is a plain load; `OWNER` frees its memory.
    static TAPE: UnsafeCell<ManuallyDrop<Tape>> = const { UnsafeCell::new(ManuallyDrop::new(Tape::new())) };
    static OWNER: Owner = const { Owner };
}

struct Owner;

impl Drop for Owner {
    fn drop(&mut self) {
        // What a destructor of another thread-local may still write goes to memory that is not freed.
        drop(with(|t| std::mem::replace(t, Tape::new())));
    }
}

/// Works on the thread's tape. Only this module's siblings can call it, and none of their closures comes back here.
#[inline(always)]
pub(in crate::real) fn with<R>(f: impl FnOnce(&mut Tape) -> R) -> R {
    // SAFETY: the pointer is to the thread's own tape, which lives as long as the thread. The closures given here
    // neither run a model's code nor call `with`, so that two borrows never overlap; threads share nothing.
    f(unsafe { &mut *TAPE.with(UnsafeCell::get) })
}

/// A node with edges to these operands, constants aside. Not by way of a closure, which would be a call.
#[inline(always)]
pub(in crate::real) fn node_of<const K: usize>(operands: [(u32, f64); K]) -> u32 {
    let tape = TAPE.with(UnsafeCell::get);
    // SAFETY: as in `with`; nothing else is called.
    unsafe { (*tape).node_of(operands) }
}

/// Ends an element of a site in columns.
#[inline(always)]
pub(in crate::real) fn end_element(element: usize) {
    with(|t| t.end_element(element));
}

/// Forgets everything but the memory, and begins with `n` independent variables.
#[inline]
pub fn begin(n: usize) {
    // While a thread ends, its owner may be gone.
    let _ = OWNER.try_with(|_| ());
    with(|t| t.begin(n));
}

/// The derivatives of `output` by the first `gradient.len()` variables of the tape.
pub fn gradient(output: Real<Reverse>, gradient: &mut [f64]) {
    with(|t| gradient_of(t, &[output.0.index(), CONSTANT, CONSTANT], gradient));
}

/// The derivatives of a sum, which is not written on the tape.
pub fn gradient_of_sum(terms: [Real<Reverse>; 3], gradient: &mut [f64]) {
    with(|t| gradient_of(t, &terms.map(|x| x.0.index()), gradient));
}

/// Whether an element of some `each` used a number of an earlier element, so that the evaluation has to be repeated
/// with [`keep_all`].
#[inline]
pub fn carried() -> bool {
    with(|t| t.carried)
}

/// Says whether evaluations keep their whole tape until the end. It costs memory, and is right for every model.
#[inline]
pub fn keep_all(whole: bool) {
    with(|t| t.whole = whole);
}
