//! Compiled probabilistic models.
