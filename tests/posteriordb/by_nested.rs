//! Log evidences by the nested sampler.

use super::{Given, Point, Reference, Task};
use ppl::infer::nested::NestedSampler;
use ppl::models::Model;
use std::time::Instant;

/// The evidence, which may be off by 4.5 combined standard errors.
#[derive(Copy, Clone)]
pub struct ByNested;

impl Task for ByNested {
    type Output = ();
    fn model<M: Model + Sync>(self, r: &Reference, model: &M, _: impl Fn(&Point) -> Given) {
        let start = Instant::now();
        let run = NestedSampler::new(model)
            .seed(30)
            .run()
            .unwrap_or_else(|e| panic!("{}: {e}", r.name));
        let (truth, error) = r.log_evidence().expect("the reference has it");
        let ours = run.log_evidence();
        let z = (ours.mean - truth) / ours.sd.hypot(error);
        println!(
            "{:28} {:10.4} ± {:.4}  reference {truth:10.4}  z {z:5.2}  {:9} evaluations  {:6.2} s",
            r.name,
            ours.mean,
            ours.sd,
            run.likelihood_evaluations(),
            start.elapsed().as_secs_f64(),
        );
        assert!(z.abs() < 4.5, "{}: {z} standard errors", r.name);
    }
}
