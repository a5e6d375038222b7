//! Kernels of the distance.

use super::*;

#[test]
fn rbf() {
    let h = bandwidth(0..DIM);
    let k = |x: &[f64], y: &[f64]| (-squared(x, y) / h).exp();
    let gradient =
        |x: &[f64], y: &[f64]| std::array::from_fn(|c| -2.0 * (x[c] - y[c]) / h * k(x, y));
    let matrix = KernelMode::Matrix(MatrixMode::NormDiag);
    for mode in [KernelMode::Norm, matrix] {
        let kernel = RbfKernel::default().mode(mode);
        closed_form("rbf", &kernel, |x, y| [k(x, y); DIM], gradient);
    }
    let fixed = |x: &[f64], y: &[f64]| [(-squared(x, y) / 0.8).exp(); DIM];
    closed_form(
        "rbf, fixed",
        &RbfKernel::default().bandwidth(0.8),
        fixed,
        |x, y| std::array::from_fn(|c| -2.5 * (x[c] - y[c]) * fixed(x, y)[0]),
    );
    let half = |m: usize| 0.5 / (m as f64).ln();
    let k = |x: &[f64], y: &[f64]| (-squared(x, y) / (0.5 * h)).exp();
    closed_form(
        "rbf, factor",
        &RbfKernel::default().bandwidth_factor(half),
        |x, y| [k(x, y); DIM],
        |x, y| std::array::from_fn(|c| -4.0 * (x[c] - y[c]) / h * k(x, y)),
    );
}

#[test]
fn rbf_by_coordinate() {
    let h: [f64; DIM] = std::array::from_fn(|c| bandwidth(c..c + 1));
    let k = |x: &[f64], y: &[f64]| std::array::from_fn(|c| (-(x[c] - y[c]).powi(2) / h[c]).exp());
    let gradient = |x: &[f64], y: &[f64]| {
        let k: [f64; DIM] = k(x, y);
        std::array::from_fn(|c| -2.0 * (x[c] - y[c]) / h[c] * k[c])
    };
    let matrix = KernelMode::Matrix(MatrixMode::VectorDiag);
    for mode in [KernelMode::Vector, matrix] {
        closed_form("rbf vector", &RbfKernel::default().mode(mode), k, gradient);
    }
}

#[test]
fn imq() {
    let kernel = ImqKernel::default().constant(0.7).exponent(-0.3);
    let base = |x: &[f64], y: &[f64]| 0.49 + squared(x, y);
    closed_form(
        "imq",
        &kernel,
        |x, y| [base(x, y).powf(-0.3); DIM],
        |x, y| std::array::from_fn(|c| -0.6 * (x[c] - y[c]) * base(x, y).powf(-1.3)),
    );
    let base = |x: &[f64], y: &[f64], c: usize| 0.49 + (x[c] - y[c]).powi(2);
    closed_form(
        "imq vector",
        &kernel.mode(KernelMode::Vector),
        |x, y| std::array::from_fn(|c| base(x, y, c).powf(-0.3)),
        |x, y| std::array::from_fn(|c| -0.6 * (x[c] - y[c]) * base(x, y, c).powf(-1.3)),
    );
    assert!(begin(&ImqKernel::default().exponent(0.5)).is_err());
}

/// More particles than a block has.
#[test]
fn blocks_of_particles() {
    let rows: Vec<f64> = (0..300).map(|i| (0.7 * i as f64).sin()).collect();
    let cloud = Cloud::from_rows(2, &rows);
    let kernel = RbfKernel::default();
    let blocks = [Block::real("x", 0..2, Role::Other)];
    let setup = KernelSetup {
        particles: 150,
        blocks: &blocks,
        seed: 0,
    };
    let mut state = kernel.state(&setup).unwrap();
    kernel.update(&mut state, &cloud, &cloud);
    for j in [0, 63, 64, 149] {
        let sums = |whole: bool| {
            let (mut a, mut r) = ([0.0; 2], [0.0; 2]);
            let mut out = Force {
                weight: 1.0,
                attraction: &mut a,
                repulsion: &mut r,
            };
            if whole {
                kernel.force(&state, &cloud, &cloud, j, &mut out);
            } else {
                for i in 0..150 {
                    kernel.pair(&state, &cloud, (i, j), cloud.row(i), &mut out);
                }
            }
            [a[0], a[1], r[0], r[1]]
        };
        close(&sums(true), &sums(false), 1e-11, "blocks");
    }
}
