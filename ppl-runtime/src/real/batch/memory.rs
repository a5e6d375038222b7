//! Memory of one evaluation, which the thread keeps for the next.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

thread_local! {
    static POOL: RefCell<Vec<Vec<f64>>> = const { RefCell::new(Vec::new()) };
}

/// Numbers of no particular value.
#[derive(Debug, Default)]
pub(super) struct Memory(Vec<f64>);

impl Memory {
    pub(super) fn of(n: usize) -> Memory {
        let pooled = POOL.try_with(|p| p.try_borrow_mut().ok()?.pop());
        let mut numbers = pooled.ok().flatten().unwrap_or_default();
        if numbers.len() < n {
            numbers.resize(n, 0.0);
        }
        Memory(numbers)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let numbers = std::mem::take(&mut self.0);
        if numbers.capacity() > 0 {
            // While a thread ends its pool may be gone.
            let _ = POOL.try_with(|p| p.try_borrow_mut().map(|mut p| p.push(numbers)));
        }
    }
}

impl Deref for Memory {
    type Target = [f64];
    fn deref(&self) -> &[f64] {
        &self.0
    }
}
impl DerefMut for Memory {
    fn deref_mut(&mut self) -> &mut [f64] {
        &mut self.0
    }
}
