use ppl::prelude::*;

#[model]
fn line(y: &[f64]) {
    let slope: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(slope, 1.0).iid());
}

fn main() {
    let y = [1.0];
    let _ = line(&y).condition(LinePartial {
        slop: Some(1.0),
        ..LinePartial::default()
    });
    let _ = line(&y).fix(LinePartial { slope: Some(true) });
    let _ = line(&y).fix(LinePartial { slope: 1.0 });
}
