//! The nested sampler on models: its runs, the modes they find, discrete latents and circles.

mod discrete;
mod modes;
mod periodic;
mod runs;

use ppl::prelude::*;

fn near(estimate: Estimate, exact: f64) {
    let z = (estimate.mean - exact) / estimate.sd;
    assert!(z.abs() < 4.5, "{estimate}, exactly {exact}");
}
