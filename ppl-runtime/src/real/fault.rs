//! Faults of a model's own expressions, such as vectors whose lengths differ, kept until the evaluator asks.
//!
//! An expression cannot return an error; its value becomes NaN, which every engine rejects, and the words are
//! kept here, so that binding the model can say what was wrong.

use std::cell::RefCell;

thread_local! {
    static FAULT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps the first fault since the last [`take`].
#[cold]
pub fn set(message: String) {
    FAULT.with_borrow_mut(|f| {
        f.get_or_insert(message);
    });
}

/// The first fault since the last call, if any.
pub fn take() -> Option<String> {
    FAULT.with_borrow_mut(Option::take)
}
