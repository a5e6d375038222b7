//! Failure modes.
