//! Modes and discrete latents under the nested sampler.

mod discrete;
mod modes;

use ppl::prelude::*;

pub fn near(estimate: Estimate, exact: f64) {
    let z = (estimate.mean - exact) / estimate.sd;
    assert!(z.abs() < 4.5, "{estimate}, exactly {exact}");
}
