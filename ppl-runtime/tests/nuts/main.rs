//! NUTS and static HMC: exact answers, models, jittered steps, and effective samples a gradient.

mod efficiency;
mod exact;
mod jitter;
mod model;
mod problems;
