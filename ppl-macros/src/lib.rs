//! The `#[model]` attribute.
