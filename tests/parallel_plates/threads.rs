//! Engines and evaluators that share the threads.

use super::sums::mixture;
use super::*;
use rayon::prelude::*;

/// Executions of several models and evaluators share the threads' tapes, and wait for each other.
#[test]
fn busy_threads_take_parts_of_each_other() {
    let (y, z) = (wave(300, 0.37), wave(5, 0.9));
    let models = (data_alone(&y, &z), local(&y[..20]));
    let gradients = |e: &mut Evaluator| {
        let [mut a, mut b] = [3, 83].map(|n| vec![0.0; n]);
        let values = [
            e.reverse(&models.0, &point(3, 1), &mut a),
            e.reverse(&models.1, &point(83, 2), &mut b),
        ];
        (values, a, b)
    };
    let expected = gradients(&mut Evaluator::new());
    for threads in [2, 3] {
        on_pool(threads, || {
            (0..2000)
                .into_par_iter()
                .with_max_len(1)
                .map_init(Evaluator::new, |e, _| gradients(e))
                .for_each(|found| assert_eq!(found, expected));
        });
    }
}

#[test]
fn engines_give_the_same_bits_on_any_number_of_threads() {
    let y = wave(40, 0.7);
    let model = mixture(&y);
    let chains = |threads| {
        on_pool(threads, || {
            let nuts = Nuts::new(&model).chains(3).warmup(60).draws(40).seed(4);
            let draws = nuts.run().expect("draws").draws().clone();
            draws.iter().map(|d| (d.means, d.scale)).collect::<Vec<_>>()
        })
    };
    assert_eq!(chains(1), chains(2));
    let data = data_alone(&y, &y[..3]);
    let evidence = |threads| {
        on_pool(threads, || {
            let run = NestedSampler::new(&data).live_points(80).seed(3).run();
            let run = run.expect("a run");
            let evidence = run.log_evidence();
            (evidence.mean, evidence.sd, run.likelihood_evaluations())
        })
    };
    assert_eq!(evidence(1), evidence(2));
}
