//! Values and gradients against closed forms, forces against a double loop.

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

fn ready<K: Kernel>(kernel: &K) -> K::State {
    let setup = KernelSetup {
        particles: 7,
        blocks: &blocks(),
        seed: 5,
    };
    let mut state = kernel.state(&setup).unwrap();
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
    let setup = KernelSetup {
        particles: 7,
        blocks: &blocks(),
        seed: 0,
    };
    assert!(ImqKernel::default().exponent(0.5).state(&setup).is_err());
}

#[test]
fn linear() {
    closed_form(
        "linear",
        &LinearKernel,
        |x, y| [1.0 + x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>(); DIM],
        |_, y| std::array::from_fn(|c| y[c]),
    );
}

#[test]
fn probability_product() {
    for s in [0.5, 1.0, 2.3] {
        let k = |x: &[f64], y: &[f64]| -> f64 {
            (0..2)
                .map(|c| {
                    let (a, b) = (x[2 + c].exp(), y[2 + c].exp());
                    let v = a * a + b * b;
                    (2.0 * a * b / v).sqrt() * (-0.5 * s * (x[c] - y[c]).powi(2) / v).exp()
                })
                .product()
        };
        let gradient = |x: &[f64], y: &[f64]| {
            std::array::from_fn(|c| {
                let (d, a, b) = (x[c % 2] - y[c % 2], x[2 + c % 2].exp(), y[2 + c % 2].exp());
                let v = a * a + b * b;
                if c < 2 {
                    -s * d / v * k(x, y)
                } else {
                    (0.5 - a * a / v + s * d * d * a * a / (v * v)) * k(x, y)
                }
            })
        };
        let kernel = ProbabilityProductKernel::default().scale(s);
        closed_form(
            "probability product",
            &kernel,
            |x, y| [k(x, y); DIM],
            gradient,
        );
    }
}

/// At s = 1 it is ∫pq over the root of ∫p²∫q², here by quadrature.
#[test]
fn probability_product_is_an_integral() {
    let cloud = particles();
    let density = |x: &[f64], c: usize, t: f64| {
        let scale = x[2 + c].exp();
        (-0.5 * ((t - x[c]) / scale).powi(2)).exp() / scale
    };
    let overlap = |x: &[f64], y: &[f64], c: usize| -> f64 {
        (-40_000..40_000)
            .map(|i| density(x, c, 1e-3 * i as f64) * density(y, c, 1e-3 * i as f64))
            .sum()
    };
    for (i, j) in [(0, 1), (2, 5), (3, 3)] {
        let (x, y) = (cloud.row(i), cloud.row(j));
        let expected: f64 = (0..2)
            .map(|c| overlap(x, y, c) / (overlap(x, x, c) * overlap(y, y, c)).sqrt())
            .product();
        let (applied, _) = pair(&ProbabilityProductKernel::default(), (i, j), &[1.0; DIM]);
        assert!(
            (applied[0] - expected).abs() < 1e-10,
            "{applied:?} {expected}"
        );
    }
}

#[test]
fn gauss_newton() {
    let (cloud, gradients) = (particles(), gradients());
    let metric: [[f64; DIM]; DIM] = std::array::from_fn(|a| {
        std::array::from_fn(|b| {
            (0..cloud.len())
                .map(|i| gradients.row(i)[a] * gradients.row(i)[b] / 7.0)
                .sum()
        })
    });
    let bend = |x: &[f64], y: &[f64]| -> [f64; DIM] {
        std::array::from_fn(|a| (0..DIM).map(|b| metric[a][b] * (x[b] - y[b])).sum())
    };
    let k = |x: &[f64], y: &[f64]| {
        let m: f64 = bend(x, y)
            .iter()
            .zip(0..)
            .map(|(m, c): (_, usize)| m * (x[c] - y[c]))
            .sum();
        (-m / (2.0 * DIM as f64)).exp()
    };
    closed_form(
        "gauss-newton",
        &RadialGaussNewtonKernel,
        |x, y| [k(x, y); DIM],
        |x, y| bend(x, y).map(|m| -m / DIM as f64 * k(x, y)),
    );
}

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

#[test]
fn mixtures() {
    let h = bandwidth(0..DIM);
    let rbf = |x: &[f64], y: &[f64]| (-squared(x, y) / h).exp();
    let kernel = MixtureKernel::<AnyKernel>::new()
        .with(0.3, RbfKernel::default())
        .with(1.7, LinearKernel);
    closed_form(
        "mixture",
        &kernel,
        |x, y| {
            let line = 1.0 + x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
            [0.3 * rbf(x, y) + 1.7 * line; DIM]
        },
        |x, y| std::array::from_fn(|c| -0.6 * (x[c] - y[c]) / h * rbf(x, y) + 1.7 * y[c]),
    );
    let setup = KernelSetup {
        particles: 7,
        blocks: &blocks(),
        seed: 0,
    };
    let none = MixtureKernel::<RbfKernel>::new();
    assert!(none.state(&setup).is_err());
    assert!(none.with(-1.0, RbfKernel::default()).state(&setup).is_err());
}

#[test]
fn graphical() {
    let kernel =
        GraphicalKernel::<AnyKernel>::new(RbfKernel::default()).parameter("b_loc", LinearKernel);
    let (h_a, h_scale) = (bandwidth(0..1), bandwidth(2..4));
    let value = |x: &[f64], y: &[f64]| {
        let a = (-squared(&x[..1], &y[..1]) / h_a).exp();
        let scale = (-squared(&x[2..], &y[2..]) / h_scale).exp();
        [a, x[1] * y[1] + 1.0, scale, scale]
    };
    closed_form("graphical", &kernel, value, |x, y| {
        let k = value(x, y);
        let rbf = |c: usize, h: f64| -2.0 * (x[c] - y[c]) / h * k[c];
        [rbf(0, h_a), y[1], rbf(2, h_scale), rbf(3, h_scale)]
    });
    let setup = KernelSetup {
        particles: 7,
        blocks: &blocks(),
        seed: 0,
    };
    let wrong = GraphicalKernel::<AnyKernel>::new(LinearKernel).parameter("c_loc", LinearKernel);
    let error = wrong.state(&setup).unwrap_err().to_string();
    assert!(
        error.contains("`c_loc`") && error.contains("`ab_scale`"),
        "{error}"
    );
}

/// A kernel of the user's own: the square of the linear one.
struct Quadratic;
impl ScalarKernel for Quadratic {
    fn add(&self, x: &[f64], y: &[f64], weight: f64, gradient: &mut [f64]) -> f64 {
        let base = dot(x, y) + 1.0;
        add_scaled(gradient, 2.0 * weight * base, y);
        base * base
    }
}

#[test]
fn custom() {
    let base = |x: &[f64], y: &[f64]| 1.0 + x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    closed_form(
        "custom",
        &Custom(Quadratic),
        |x, y| [base(x, y).powi(2); DIM],
        |x, y| std::array::from_fn(|c| 2.0 * base(x, y) * y[c]),
    );
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
