//! A short run of `examples/function_induction.rs`: the right function is found, and predicts.

#[path = "../examples/function_induction.rs"]
#[allow(dead_code, reason = "the example has a main of its own")]
mod function_induction;

use function_induction::*;

#[test]
fn the_function_that_made_the_data_is_found() {
    let (x, y) = data();
    let model = curve(&x, &y, 2);
    // Those of greatest prior mass: the right ones have 0.006 each, twelve thousandths together.
    let run = induce(&model, 150, 100, 22).unwrap();
    assert_eq!(run.programs().len() + run.failed().len(), 22);
    for failed in run.failed() {
        println!("{failed}");
    }
    let unexplored = run.unexplored();
    assert!(
        !unexplored.exhaustive && (unexplored.bound - UNEXPLORED).abs() < 1e-9,
        "{unexplored}"
    );
    let found = run.weighted_draws().mean(|d| holds_the_truth(&words(&d.f)));
    let wave = run.weighted_draws().mean(|d| has_the_wave(&words(&d.f)));
    let all = run.draws(1000, 1).unwrap();
    let ours = error(all.as_slice());
    let wrong = run
        .programs()
        .iter()
        .find(|p| !has_the_wave(&words(&p.draws()[0].f)));
    let theirs = error(wrong.unwrap().draws().as_slice());
    println!(
        "{found:.4}, {wave:.4}; error {ours:.3}, of the best program without the wave {theirs:.3}"
    );
    assert!(found > 0.9 && wave > 0.99, "{run}");
    assert!(ours < 0.5 * NOISE && ours < 0.5 * theirs, "{ours} {theirs}");
    // The names tell which rule was taken where.
    assert!(
        run.program("f.rule=3, f.left.rule=0, f.right.rule=1")
            .is_some(),
        "{run:#}"
    );
}

/// x and x² (0.3 each), sin of them (0.06 each), of sines of them (0.02 each), of sums of them (0.01 each of four), sums of
/// two of them (0.018 each of four), and of one with a sine of one (0.006 each of eight).
const UNEXPLORED: f64 = 1.0 - 2.0 * (0.3 + 0.06 + 0.02) - 4.0 * (0.01 + 0.018) - 8.0 * 0.006;
