use super::*;

/// Two parameters, two steps with gradients (2, −1) and (0.5, 3).
fn two_steps<O: Optimiser>(optimiser: &O) -> [f64; 2] {
    let mut x = [1.0, -2.0];
    let mut slots = vec![0.0; 2 * O::SLOTS];
    optimiser.step(0, &mut slots, &mut x, &[2.0, -1.0]);
    optimiser.step(1, &mut slots, &mut x, &[0.5, 3.0]);
    x
}

fn close(found: [f64; 2], by_hand: [f64; 2]) {
    for (a, b) in found.iter().zip(by_hand) {
        assert!((a - b).abs() < 1e-14, "{found:?}, by hand {by_hand:?}");
    }
}

/// Adam's second step of one coordinate, written out.
fn adam_by_hand(x: f64, g: [f64; 2], decay: f64) -> f64 {
    let x = x - 0.1 * (g[0] / (g[0].abs() + 1e-8) + decay * x);
    let m = (0.09 * g[0] + 0.1 * g[1]) / (1.0 - 0.81);
    let v = (0.000_999 * g[0] * g[0] + 0.001 * g[1] * g[1]) / (1.0 - 0.998_001);
    x - 0.1 * (m / (v.sqrt() + 1e-8) + decay * x)
}

#[test]
fn adam() {
    let by_hand = [
        adam_by_hand(1.0, [2.0, 0.5], 0.0),
        adam_by_hand(-2.0, [-1.0, 3.0], 0.0),
    ];
    close(two_steps(&Adam::new(0.1)), by_hand);
}

#[test]
fn adam_with_weight_decay() {
    let by_hand = [
        adam_by_hand(1.0, [2.0, 0.5], 0.3),
        adam_by_hand(-2.0, [-1.0, 3.0], 0.3),
    ];
    close(two_steps(&AdamW::new(0.1).weight_decay(0.3)), by_hand);
}

#[test]
fn clipped_adam() {
    let by_hand = [
        adam_by_hand(1.0, [1.5, 0.5], 0.0),
        adam_by_hand(-2.0, [-1.0, 1.5], 0.0),
    ];
    close(two_steps(&ClippedAdam::new(0.1).clip(1.5)), by_hand);
}

#[test]
fn adagrad() {
    let by_hand = [
        1.0 - 0.1 * (1.0 + 0.5 / 4.25f64.sqrt()),
        -2.0 - 0.1 * (-1.0 + 3.0 / 10f64.sqrt()),
    ];
    close(two_steps(&Adagrad::new(0.1)), by_hand);
    // m₁ = 0.1·1, m₂ = 0.9·m₁ + 0.1·g₂/√Σ
    let by_hand = [
        1.0 - 0.1 * (0.1 + 0.09 + 0.05 / 4.25f64.sqrt()),
        -2.0 - 0.1 * (-0.1 - 0.09 + 0.3 / 10f64.sqrt()),
    ];
    close(two_steps(&Adagrad::new(0.1).momentum(0.9)), by_hand);
    let (mut x, mut slots) = ([1.0], [0.0; 2]);
    Adagrad::new(0.1).step(0, &mut slots, &mut x, &[0.0]);
    assert_eq!(x, [1.0]);
}

#[test]
fn rmsprop() {
    let e: f64 = 1e-8;
    let by_hand = [
        1.0 - 0.1 * (2.0 / (0.4 + e).sqrt() + 0.5 / (0.36 + 0.025 + e).sqrt()),
        -2.0 - 0.1 * (-1.0 / (0.1 + e).sqrt() + 3.0 / (0.09 + 0.9 + e).sqrt()),
    ];
    close(two_steps(&RmsProp::new(0.1)), by_hand);
}

#[test]
fn momentum_and_plain() {
    close(two_steps(&Momentum::new(0.1, 0.5)), [0.65, -2.15]);
    close(two_steps(&Sgd::new(0.1)), [0.75, -2.2]);
    close(
        two_steps(&Sgd::new(|step: u64| 0.1 / (1 + step) as f64)),
        [0.775, -2.05],
    );
}

/// All of them find the minimum of a badly scaled bowl with their rates falling.
#[test]
fn all_find_the_minimum() {
    fn minimum<O: Optimiser>(optimiser: O) -> [f64; 2] {
        let mut x = [3.0, -2.0];
        let mut slots = vec![0.0; 2 * O::SLOTS];
        for step in 0..4000 {
            let gradient = [x[0] - 1.0, 10.0 * (x[1] - 0.5)];
            optimiser.step(step, &mut slots, &mut x, &gradient);
        }
        x
    }
    let falling = |initial: f64| super::super::CosineDecay {
        initial,
        last: 0.0,
        steps: 4000,
    };
    let found = [
        minimum(Adam::new(falling(0.05))),
        minimum(AdamW::new(falling(0.05)).weight_decay(0.0)),
        minimum(ClippedAdam::new(falling(0.05))),
        minimum(Adagrad::new(falling(0.5))),
        minimum(Adagrad::new(falling(0.5)).momentum(0.9)),
        minimum(RmsProp::new(falling(0.05))),
        minimum(Momentum::new(falling(0.01), 0.9)),
        minimum(Sgd::new(falling(0.05))),
    ];
    for x in found {
        assert!(
            (x[0] - 1.0).abs() < 1e-4 && (x[1] - 0.5).abs() < 1e-4,
            "{found:?}"
        );
    }
}
