//! Kernels by random features.

use super::*;

#[test]
fn random_features() {
    for kernel in [
        RandomFeatureKernel::default().bandwidth(1.3),
        RandomFeatureKernel::default().bandwidth(1.3).features(30),
        RandomFeatureKernel::default()
            .bandwidth(1.3)
            .features(30)
            .indices([3, 7, 20]),
    ] {
        let state = ready(&kernel);
        let rate = (2.0f64 / 1.3).sqrt();
        let phase = |x: &[f64], l: usize| rate * dot(state.row(l), x) + state.phase(l);
        let n = state.len();
        closed_form(
            "random features",
            &kernel,
            |x, y| {
                let sum: f64 = (0..n).map(|l| phase(x, l).cos() * phase(y, l).cos()).sum();
                [2.0 * sum / n as f64; DIM]
            },
            |x, y| {
                std::array::from_fn(|c| {
                    let sum: f64 = (0..n)
                        .map(|l| phase(x, l).sin() * phase(y, l).cos() * state.row(l)[c])
                        .sum();
                    -2.0 * rate * sum / n as f64
                })
            },
        );
    }
    // Many features have the value of the function that they stand for.
    let many = RandomFeatureKernel::default().features(200_000);
    let rbf = RbfKernel::default();
    for at in [(0, 1), (2, 5), (4, 4)] {
        let (a, b) = (
            pair(&many, at, &[1.0; DIM]).0[0],
            pair(&rbf, at, &[1.0; DIM]).0[0],
        );
        assert!((a - b).abs() < 0.01, "{a} {b}");
    }
}

#[test]
fn subsets_of_particles_for_the_bandwidth() {
    let setup = |particles| KernelSetup {
        particles,
        blocks: const { &[] },
        seed: 0,
    };
    let kernel = RandomFeatureKernel::default();
    assert!(kernel.clone().bandwidth_subset(8).state(&setup(7)).is_err());
    assert!(kernel.clone().bandwidth_subset(1).state(&setup(7)).is_err());
    assert!(
        kernel
            .clone()
            .features(3)
            .indices([3])
            .state(&setup(7))
            .is_err()
    );
    assert!(kernel.clone().features(0).state(&setup(7)).is_err());
    // From all particles it is the plain one; from fewer it is some other.
    let all = pair(&kernel.clone().bandwidth_subset(7), (0, 1), &[1.0; DIM]).0[0];
    assert_eq!(all, pair(&kernel, (0, 1), &[1.0; DIM]).0[0]);
    assert_ne!(
        all,
        pair(&kernel.bandwidth_subset(3), (0, 1), &[1.0; DIM]).0[0]
    );
}
