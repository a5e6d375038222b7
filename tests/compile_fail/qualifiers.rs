use ppl::prelude::*;

#[model]
async fn waiting() {}

#[model]
unsafe fn risky() {}

#[model]
extern "C" fn foreign() {}

#[model]
const fn constant() {}

#[model]
unsafe extern "C" fn variadic(n: usize, rest: ...) {}

fn main() {}
