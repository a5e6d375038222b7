//! Each thread's tape.

use super::{Mark, Tape};
use crate::real::{Real, Reverse};
use std::cell::Cell;
use std::ptr::null_mut;

thread_local! {
    // Without a destructor, so that reading it is a plain load.
    static TAPE: Cell<*mut Tape> = const { Cell::new(null_mut()) };
    static OWNER: Owner = const { Owner(Cell::new(null_mut())) };
}

struct Owner(Cell<*mut Tape>);

impl Drop for Owner {
    fn drop(&mut self) {
        TAPE.set(null_mut());
        let tape = self.0.get();
        if !tape.is_null() {
            // SAFETY: the pointer came from `Box::into_raw` and nobody else frees it.
            drop(unsafe { Box::from_raw(tape) });
        }
    }
}

#[cold]
#[inline(never)]
fn attach() -> *mut Tape {
    let tape = Box::into_raw(Box::<Tape>::default());
    // While a thread ends, its owner may be gone: then the tape is not freed.
    let _ = OWNER.try_with(|o| o.0.set(tape));
    TAPE.set(tape);
    tape
}

/// Works on the thread's tape. Only this module's siblings can call it, and none of their closures comes back here.
#[inline(always)]
pub(in crate::real) fn with<R>(f: impl FnOnce(&mut Tape) -> R) -> R {
    let mut tape = TAPE.get();
    if tape.is_null() {
        tape = attach();
    }
    // SAFETY: the pointer is to the thread's own tape, which lives as long as the thread. The closures given here
    // neither run a model's code nor call `with`, so that two borrows never overlap; threads share nothing.
    f(unsafe { &mut *tape })
}

/// A node with edges to these operands, constants aside. Not by way of a closure, which would be a call.
#[inline(always)]
pub(in crate::real) fn node_of<const K: usize>(operands: [(u32, f64); K]) -> u32 {
    let mut tape = TAPE.get();
    if tape.is_null() {
        tape = attach();
    }
    // SAFETY: as in `with`; nothing else is called.
    unsafe { (*tape).node_of(operands) }
}

/// Ends an element of a site in columns.
#[inline(always)]
pub(in crate::real) fn end_element(mark: Mark, element: usize) {
    with(|t| t.end_element(mark, element));
}

/// Forgets everything but the memory, and begins with `n` independent variables.
#[inline]
pub fn begin(n: usize) {
    with(|t| t.begin(n));
}

/// The derivatives of `output` by the first `gradient.len()` variables of the tape.
pub fn gradient(output: Real<Reverse>, gradient: &mut [f64]) {
    with(|t| t.gradient(&[output.0.index()], gradient));
}

/// The derivatives of a sum, which is not written on the tape.
pub fn gradient_of_sum(terms: [Real<Reverse>; 3], gradient: &mut [f64]) {
    with(|t| t.gradient(&terms.map(|x| x.0.index()), gradient));
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
