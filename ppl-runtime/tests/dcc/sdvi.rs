//! Support Decomposition Variational Inference on several threads.

use super::problems::components::Components;
use ppl_runtime::infer::sdvi::Sdvi;
use ppl_runtime::infer::svi::{Adam, AutoNormal};

#[test]
fn same_bits_with_any_number_of_threads() {
    let model = Components(vec![2.1, 3.0, 2.6]);
    let bits = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let sdvi = Sdvi::new(&model, AutoNormal::new(), Adam::new(0.05))
            .seed(seed)
            .steps(200)
            .max_programs(7)
            .finalists(2);
        let run = pool.install(|| sdvi.run()).unwrap();
        let mut all = Vec::new();
        for p in run.programs() {
            all.extend([p.weight().mean.to_bits(), p.log_evidence().mean.to_bits()]);
            all.extend(p.losses().iter().map(|l| l.to_bits()));
            let effects = p.draws().iter().flat_map(|d| d.effects.clone());
            all.extend(effects.map(f64::to_bits));
        }
        all
    };
    let one = bits(1, 7);
    assert!(one == bits(2, 7) && one == bits(5, 7));
    assert!(one != bits(1, 8));
}
