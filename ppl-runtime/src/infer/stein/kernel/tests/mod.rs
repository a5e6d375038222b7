//! Values and gradients against closed forms, forces against a double loop.

mod closed;
mod composed;
mod features;
mod radial;

use super::*;
use crate::infer::svi::guide::Role;

const DIM: usize = 4;

/// Seven particles, with locations in the first two coordinates and logarithms of scales in the others.
fn particles() -> Cloud {
    let rows: Vec<f64> = (0..7 * DIM)
        .map(|i| (1.7 * i as f64).sin() + 0.3 * (0.37 * (i * i) as f64).cos())
        .collect();
    Cloud::from_rows(DIM, &rows)
}

fn gradients() -> Cloud {
    let rows: Vec<f64> = (0..7 * DIM).map(|i| (2.3 * i as f64 + 0.4).cos()).collect();
    Cloud::from_rows(DIM, &rows)
}

fn blocks() -> Vec<Block> {
    vec![
        Block::real("a_loc", 0..1, Role::Location),
        Block::real("b_loc", 1..2, Role::Location),
        Block::positive("ab_scale", 2..4, Role::Scale),
    ]
}

/// What a kernel begins with, or why it can't.
fn begin<K: Kernel>(kernel: &K) -> Result<K::State, Error> {
    kernel.state(&KernelSetup {
        particles: 7,
        blocks: &blocks(),
        seed: 5,
    })
}

fn ready<K: Kernel>(kernel: &K) -> K::State {
    let mut state = begin(kernel).unwrap();
    kernel.update(&mut state, &particles(), &gradients());
    state
}

/// K(x, y)·v and ∇ₓ·K(x, y).
fn pair<K: Kernel>(kernel: &K, (i, j): (usize, usize), v: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (mut applied, mut divergence) = (vec![0.0; DIM], vec![0.0; DIM]);
    let mut out = Force {
        weight: 1.0,
        attraction: &mut applied,
        repulsion: &mut divergence,
    };
    kernel.pair(&ready(kernel), &particles(), (i, j), v, &mut out);
    (applied, divergence)
}

fn close(a: &[f64], b: &[f64], tolerance: f64, what: &str) {
    for (x, y) in a.iter().zip(b) {
        assert!((x - y).abs() <= tolerance, "{what}: {a:?} {b:?}");
    }
}

/// Values, gradients and symmetry of a kernel whose diagonal is `value`, by a closed form and its differences.
fn closed_form<K: Kernel>(
    name: &str,
    kernel: &K,
    value: impl Fn(&[f64], &[f64]) -> [f64; DIM],
    gradient: impl Fn(&[f64], &[f64]) -> [f64; DIM],
) {
    let cloud = particles();
    let v = [0.7, -1.3, 0.2, 2.1];
    for i in 0..cloud.len() {
        for j in 0..cloud.len() {
            let (x, y) = (cloud.row(i), cloud.row(j));
            let (applied, divergence) = pair(kernel, (i, j), &v);
            let k = value(x, y);
            let expected: Vec<f64> = k.iter().zip(v).map(|(k, v)| k * v).collect();
            close(&applied, &expected, 1e-12, name);
            close(&divergence, &gradient(x, y), 1e-12, name);
            let (mirrored, _) = pair(kernel, (j, i), &v);
            close(&applied, &mirrored, 1e-13, name);
            for c in 0..DIM {
                let step = 1e-5;
                let mut at = x.to_vec();
                at[c] += step;
                let above = value(&at, y)[c];
                at[c] -= 2.0 * step;
                let slope = (above - value(&at, y)[c]) / (2.0 * step);
                assert!(
                    (slope - divergence[c]).abs() < 1e-8,
                    "{name}: {slope} {}",
                    divergence[c]
                );
            }
        }
    }
    forces(name, kernel);
}

/// The force on each particle against a double loop over pairs, with a weight.
fn forces<K: Kernel>(name: &str, kernel: &K) {
    let (cloud, gradients, state) = (particles(), gradients(), ready(kernel));
    for j in 0..cloud.len() {
        let (mut attraction, mut repulsion) = (vec![0.25; DIM], vec![-0.5; DIM]);
        let mut out = Force {
            weight: 1.5,
            attraction: &mut attraction,
            repulsion: &mut repulsion,
        };
        kernel.force(&state, &cloud, &gradients, j, &mut out);
        let (mut a, mut r) = (vec![0.25; DIM], vec![-0.5; DIM]);
        for i in 0..cloud.len() {
            let (applied, divergence) = pair(kernel, (i, j), gradients.row(i));
            add_scaled(&mut a, 1.5, &applied);
            add_scaled(&mut r, 1.5, &divergence);
        }
        close(&attraction, &a, 1e-12, name);
        close(&repulsion, &r, 1e-12, name);
    }
}

fn squared(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum()
}

/// The median over pairs i < j of |x − y| in the coordinates of `range`, squared, over ln m: an odd number of pairs.
fn bandwidth(range: std::ops::Range<usize>) -> f64 {
    let cloud = particles();
    let mut all = Vec::new();
    for i in 0..7 {
        for j in 0..i {
            all.push(squared(
                &cloud.row(i)[range.clone()],
                &cloud.row(j)[range.clone()],
            ));
        }
    }
    all.sort_by(f64::total_cmp);
    all[10] / 7f64.ln()
}
