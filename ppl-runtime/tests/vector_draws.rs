//! Draws of vector and matrix families at n = 100,000: by the map from the cube and by simulation, against exact moments, and
//! along a line against exact distribution functions.

use bumpalo::Bump;
use ppl_runtime::dist::source::Source;
use ppl_runtime::dist::univariate::Univariate;
use ppl_runtime::dist::*;
use ppl_runtime::random::{Purpose, Rng, keyed};
use ppl_runtime::real::{Mode, Real, Value};
use ppl_runtime::support::{Cholesky, Covariance, Latent, UnitVector};
use rand::RngExt;
use rand::distr::Open01;

const DRAWS: usize = 100_000;

/// Uniform points of the cube, or simulation.
struct Random<'r> {
    rng: &'r mut Rng,
    cube: bool,
}

impl<M: Mode> Source<M> for Random<'_> {
    const UNCONSTRAINED: bool = false;
    const PRIOR: bool = false;
    const SIMULATES: bool = false;
    type Mark = ();
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M> {
        fn family<M: Mode, const P: usize, D: Univariate<M, P>>(
            d: &D,
            rng: &mut Rng,
            cube: bool,
        ) -> f64 {
            use ppl_runtime::dist::family::Family;
            if cube {
                D::Family::quantile(rng.sample(Open01), &d.values())
            } else {
                D::Family::draw(rng, &d.values())
            }
        }
        Real::constant(family(d, self.rng, self.cube))
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(self.rng.sample(Open01))
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(self.rng.sample(Open01))
    }
    fn mark(&self) {}
    fn rewind(&mut self, (): ()) {}
    fn jacobian(&self) -> Option<Real<M>> {
        None
    }
    fn uniform(&mut self) -> f64 {
        self.rng.sample(Open01)
    }
    fn coordinate(&mut self) -> Real<M> {
        Real::constant(f64::NAN)
    }
    fn add_jacobian(&mut self, _: Real<M>) {}
}

/// Gives the numbers of draws to a function.
fn draws<T: Latent>(d: &impl Distribution<Value, T>, cube: bool, mut see: impl FnMut(&[f64])) {
    let mut rng = keyed(21, Purpose::User, u64::from(cube), 0);
    let mut source = Random {
        rng: &mut rng,
        cube,
    };
    let (mut arena, mut numbers) = (Bump::new(), Vec::new());
    for _ in 0..DRAWS {
        numbers.clear();
        arena.reset();
        T::write::<Value>(&d.draw(&mut source, &arena), &mut numbers);
        see(&numbers);
    }
}

/// Means and covariances within 5 standard errors.
fn moments<T: Latent>(
    name: &str,
    d: &impl Distribution<Value, T>,
    mean: &[f64],
    covariance: &[Vec<f64>],
) {
    let n = mean.len();
    for cube in [true, false] {
        let mut sums = vec![0.0; n];
        let (mut products, mut squares) = (vec![0.0; n * n], vec![0.0; n * n]);
        draws(d, cube, |x| {
            assert_eq!(x.len(), n, "{name}");
            for i in 0..n {
                sums[i] += x[i] - mean[i];
                for j in 0..=i {
                    let product = (x[i] - mean[i]) * (x[j] - mean[j]);
                    products[i * n + j] += product;
                    squares[i * n + j] += product * product;
                }
            }
        });
        let count = DRAWS as f64;
        for i in 0..n {
            let z = sums[i] / count / (covariance[i][i] / count).sqrt();
            // A number without variance has to be its mean.
            let fixed = covariance[i][i] == 0.0 && sums[i].abs() < 1e-9;
            assert!(
                z.abs() < 5.0 || fixed,
                "{name} (cube: {cube}): mean {i} is {z} standard errors off"
            );
            for j in 0..=i {
                let (p, wanted) = (products[i * n + j] / count, covariance[i][j]);
                let error = ((squares[i * n + j] / count - p * p) / count).sqrt();
                let z = (p - wanted) / error.max(1e-300);
                assert!(
                    z.abs() < 5.0 || (p - wanted).abs() < 1e-12,
                    "{name} (cube: {cube}): covariance {i},{j} is {z} standard errors off: {p}, not {wanted}"
                );
            }
        }
    }
}

/// Means of functions of a draw within 5 standard errors.
fn means<T: Latent>(
    name: &str,
    d: &impl Distribution<Value, T>,
    wanted: &[f64],
    f: impl Fn(&[f64]) -> Vec<f64>,
) {
    for cube in [true, false] {
        let (mut sums, mut squares) = (vec![0.0; wanted.len()], vec![0.0; wanted.len()]);
        draws(d, cube, |x| {
            for (i, v) in f(x).into_iter().enumerate() {
                sums[i] += v;
                squares[i] += v * v;
            }
        });
        for (i, wanted) in wanted.iter().enumerate() {
            let mean = sums[i] / DRAWS as f64;
            let error = ((squares[i] / DRAWS as f64 - mean * mean) / DRAWS as f64).sqrt();
            let z = (mean - wanted) / error;
            assert!(
                z.abs() < 5.0,
                "{name} (cube: {cube}): mean {i} is {z} standard errors off: {mean}, not {wanted}"
            );
        }
    }
}

/// A projection of draws against its distribution function, by Kolmogorov's test.
fn follows<T: Latent>(
    name: &str,
    d: &impl Distribution<Value, T>,
    f: impl Fn(&[f64]) -> f64,
    cdf: impl Fn(f64) -> f64,
) {
    for cube in [true, false] {
        let mut x = Vec::with_capacity(DRAWS);
        draws(d, cube, |v| x.push(f(v)));
        x.sort_by(f64::total_cmp);
        let n = DRAWS as f64;
        let distance = x.iter().enumerate().map(|(i, &x)| {
            let (f, i) = (cdf(x), i as f64);
            (f - i / n).max((i + 1.0) / n - f)
        });
        let d = distance.fold(0.0, f64::max);
        let t = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * d;
        let term =
            |k: i32| f64::from(1 - 2 * ((k + 1) % 2)) * (-2.0 * f64::from(k * k) * t * t).exp();
        let p = (2.0 * (1..100).map(term).sum::<f64>()).clamp(0.0, 1.0);
        assert!(p > 1e-4, "{name} (cube: {cube}): p = {p:e}");
    }
}

fn rows<const N: usize>(a: [[f64; N]; N]) -> Vec<Vec<f64>> {
    a.iter().map(|r| r.to_vec()).collect()
}

const S: [[f64; 3]; 3] = [[2.0, 0.5, -0.3], [0.5, 1.0, 0.2], [-0.3, 0.2, 0.7]];

fn inverse(a: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    let m = nalgebra::Matrix3::from_fn(|i, j| a[i][j])
        .try_inverse()
        .unwrap();
    std::array::from_fn(|i| std::array::from_fn(|j| m[(i, j)]))
}

#[test]
fn normals_of_vectors() {
    let at = [1.0, -2.0, 0.5];
    moments::<[f64; 3]>("covariance", &MvNormal::covariance(at, S), &at, &rows(S));
    moments::<[f64; 3]>(
        "precision",
        &MvNormal::precision(at, inverse(S)),
        &at,
        &rows(S),
    );
    let w = [[1.0, 0.3], [-0.5, 0.8], [0.2, 0.0]];
    let low: [[f64; 3]; 3] = std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            (0..2).map(|k| w[i][k] * w[j][k]).sum::<f64>() + if i == j { 0.4 } else { 0.0 }
        })
    });
    moments::<[f64; 3]>(
        "low rank",
        &LowRankMvNormal::new(at, w, 0.4),
        &at,
        &rows(low),
    );
    let t = MultivariateStudentT::scale_matrix(9.0, at, S);
    moments::<[f64; 3]>(
        "student t",
        &t,
        &at,
        &rows(S.map(|r| r.map(|x| x * 9.0 / 7.0))),
    );
    // A heavy tail along a direction is a t of its own.
    let heavy = MultivariateStudentT::scale_matrix(1.5, at, S);
    let scale = (S[0][0] + S[2][2] + 2.0 * S[0][2]).sqrt();
    follows::<[f64; 3]>(
        "student t",
        &heavy,
        |x| x[0] + x[2],
        |x| <StudentT as family::Family<3>>::cdf(x, &[1.5, 1.5, scale]),
    );
}

#[test]
fn normals_with_structure() {
    let walk: Vec<Vec<f64>> = (0..4)
        .map(|s| {
            (0..4)
                .map(|t| 0.25 * (1 + usize::min(s, t)) as f64)
                .collect()
        })
        .collect();
    moments::<[f64; 4]>(
        "random walk",
        &GaussianRandomWalk::new(0.5),
        &[0.0; 4],
        &walk,
    );
    let ring: [[f64; 5]; 5] = std::array::from_fn(|i| {
        std::array::from_fn(|j| [2.0, 0.7, -0.2][i.abs_diff(j).min(5 - i.abs_diff(j))])
    });
    let at = [1.0, 2.0, 3.0, 4.0, 5.0];
    moments::<[f64; 5]>(
        "circulant",
        &CirculantNormal::new(at, [2.0, 0.7, -0.2]),
        &at,
        &rows(ring),
    );
    let graph = Adjacency::new(&[[0.0, 1.0, 2.0], [1.0, 0.0, 0.5], [2.0, 0.5, 0.0]]).unwrap();
    let (a, tau) = (0.7, 2.0);
    let precision = [
        [tau * 3.0, -tau * a, -tau * a * 2.0],
        [-tau * a, tau * 1.5, -tau * a * 0.5],
        [-tau * a * 2.0, -tau * a * 0.5, tau * 2.5],
    ];
    moments::<[f64; 3]>(
        "car",
        &Car::new(at[0], a, tau, &graph),
        &[1.0; 3],
        &rows(inverse(precision)),
    );
    // Covariances of rows times covariances of columns.
    let (r, c) = ([[1.0, 0.6], [0.6, 2.0]], [[0.5, -0.2], [-0.2, 0.9]]);
    let both: [[f64; 4]; 4] =
        std::array::from_fn(|p| std::array::from_fn(|q| r[p / 2][q / 2] * c[p % 2][q % 2]));
    moments::<[[f64; 2]; 2]>(
        "matrix",
        &MatrixNormal::covariance([[1.0, 2.0], [3.0, 4.0]], r, c),
        &at[..4],
        &rows(both),
    );
    // x₀ = ε₀, x₁ = A ε₀ + ε₁.
    let t = [[0.8, 0.3], [-0.1, 0.5]];
    let states = GaussianStateSpace::covariance(t, c);
    let noise = |i: usize, j: usize| c[i][j];
    let image = |i: usize, j: usize| (0..2).map(|k| t[i][k] * noise(k, j)).sum::<f64>();
    let after =
        |i: usize, j: usize| noise(i, j) + (0..2).map(|k| image(i, k) * t[j][k]).sum::<f64>();
    let both: [[f64; 4]; 4] = std::array::from_fn(|p| {
        std::array::from_fn(|q| match (p / 2, q / 2) {
            (0, 0) => noise(p, q),
            (1, 0) => image(p - 2, q),
            (0, 1) => image(q - 2, p),
            _ => after(p - 2, q - 2),
        })
    });
    moments::<[[f64; 2]; 2]>("state space", &states, &[0.0; 4], &rows(both));
    // dx = −x dt + 2 dW over one step of 0.5 halves the start.
    let path = EulerMaruyama::new(
        &[0.0, 0.5],
        Normal::new(1.0, 1.0),
        |x: Real<Value>, _: f64| (-x, Real::from(2.0)),
    );
    moments::<[f64; 2]>(
        "euler",
        &path,
        &[1.0, 0.5],
        &[vec![1.0, 0.5], vec![0.5, 0.25 + 2.0]],
    );
}

fn wishart_moments(df: f64) -> (Vec<f64>, Vec<Vec<f64>>) {
    let at = |p: usize| (p / 3, p % 3);
    let mean = (0..9).map(|p| df * S[at(p).0][at(p).1]).collect();
    let covariance = (0..9)
        .map(|p| {
            (0..9)
                .map(|q| {
                    let ((i, j), (k, l)) = (at(p), at(q));
                    df * (S[i][k] * S[j][l] + S[i][l] * S[j][k])
                })
                .collect()
        })
        .collect();
    (mean, covariance)
}

#[test]
fn wishart_matrices() {
    let (mean, covariance) = wishart_moments(4.5);
    moments::<Covariance<3>>("wishart", &Wishart::new(4.5, S), &mean, &covariance);
    // The factor squared is the matrix.
    means::<Cholesky<3>>("wishart factor", &Wishart::new(4.5, S), &mean, |l| {
        (0..9)
            .map(|p| (0..3).map(|k| l[p / 3 * 3 + k] * l[p % 3 * 3 + k]).sum())
            .collect()
    });
    let d = InverseWishart::new(12.0, S);
    means::<Covariance<3>>(
        "inverse wishart",
        &d,
        &S.as_flattened().iter().map(|s| s / 8.0).collect::<Vec<_>>(),
        <[f64]>::to_vec,
    );
    // A diagonal element of an inverse Wishart matrix is inverse gamma.
    follows::<Covariance<3>>(
        "inverse wishart",
        &InverseWishart::new(4.0, S),
        |x| x[4],
        |x| <InverseGamma as family::Family<2>>::cdf(x, &[1.0, 0.5 * S[1][1]]),
    );
    follows::<Covariance<3>>(
        "wishart",
        &Wishart::new(2.5, S),
        |x| x[8],
        |x| <Gamma as family::Family<2>>::cdf(x, &[1.25, 0.5 / S[2][2]]),
    );
}

#[test]
fn directions_and_angles() {
    // The mean of a projected normal in the plane: its first circular moment is that of √(πc²/8) e^(−c²/4) (I₀ + I₁)(c²/4).
    let c: f64 = 1.3;
    let (q, bessel) = (c * c / 4.0, |n: i32, x: f64| -> f64 {
        (0..40)
            .map(|k| {
                (x / 2.0).powi(2 * k + n)
                    / (1..=k).map(f64::from).product::<f64>()
                    / (1..=k + n).map(f64::from).product::<f64>()
            })
            .sum()
    });
    let length =
        (std::f64::consts::PI * c * c / 8.0).sqrt() * (-q).exp() * (bessel(0, q) + bessel(1, q));
    means::<UnitVector<2>>(
        "projected normal",
        &ProjectedNormal::new([0.6 * c, -0.8 * c]),
        &[0.6 * length, -0.8 * length],
        <[f64]>::to_vec,
    );
    // Of three numbers without concentration each is uniform on (−1, 1).
    follows::<UnitVector<3>>(
        "projected normal",
        &ProjectedNormal::new([0.0; 3]),
        |x| x[2],
        |x| 0.5 * (x + 1.0),
    );
    // Moments of two dependent angles by the midpoint rule on the torus, which is exact to rounding.
    let (m, k, lambda, skew) = ((0.4, -1.0), (1.2, 2.0), 1.1, [0.3, -0.6]);
    let f = |x: &[f64]| {
        vec![
            x[0].cos(),
            x[0].sin(),
            x[1].cos(),
            x[1].sin(),
            x[0].sin() * x[1].sin(),
            x[0].cos() * x[1].sin(),
        ]
    };
    let wanted = |skewed: bool| -> Vec<f64> {
        let (mut sums, mut total) = (vec![0.0; 6], 0.0);
        for i in 0..128 {
            for j in 0..128 {
                let x =
                    [f64::from(i), f64::from(j)].map(|i| (i + 0.5) * std::f64::consts::TAU / 128.0);
                let (a, b) = (x[0] - m.0, x[1] - m.1);
                let mut weight = (k.0 * a.cos() + k.1 * b.cos() + lambda * a.sin() * b.sin()).exp();
                if skewed {
                    weight *= 1.0 + skew[0] * a.sin() + skew[1] * b.sin();
                }
                total += weight;
                for (s, v) in sums.iter_mut().zip(f(&x)) {
                    *s += weight * v;
                }
            }
        }
        sums.into_iter().map(|s| s / total).collect()
    };
    let pair = SineBivariateVonMises::new(m, k, lambda);
    means::<[f64; 2]>("bivariate von mises", &pair, &wanted(false), f);
    means::<[f64; 2]>(
        "skewed pair",
        &SineSkewed::new(pair, skew),
        &wanted(true),
        f,
    );
    // ∫ of the skewed density, by panels.
    let d = SineSkewed::new(VonMises::new(0.8, 1.5), -0.7);
    let density = |x: f64| {
        Distribution::<Value, f64>::log_prob(&d, &Real::from(x))
            .value()
            .exp()
    };
    const PANELS: usize = 4000;
    let width = std::f64::consts::TAU / PANELS as f64;
    let mut table = vec![0.0];
    for i in 0..PANELS {
        let middle = -std::f64::consts::PI + (i as f64 + 0.5) * width;
        table.push(table[i] + width * density(middle));
    }
    follows::<f64>(
        "skewed von mises",
        &d,
        |x| x[0],
        |x| {
            let at = (x + std::f64::consts::PI) / width;
            let i = (at as usize).min(PANELS - 1);
            table[i] + (table[i + 1] - table[i]) * (at - i as f64)
        },
    );
}

#[test]
fn counts_of_categories() {
    let p = [0.2, 0.3, 0.5];
    let n = 12.0;
    let covariance = |scale: f64| -> Vec<Vec<f64>> {
        (0..3)
            .map(|i| {
                (0..3)
                    .map(|j| scale * n * (if i == j { p[i] } else { 0.0 } - p[i] * p[j]))
                    .collect()
            })
            .collect()
    };
    let mean = p.map(|p| n * p);
    moments::<[usize; 3]>(
        "multinomial",
        &Multinomial::new(12, p.map(|p| 4.0 * p)),
        &mean,
        &covariance(1.0),
    );
    moments::<[usize; 3]>(
        "logits",
        &Multinomial::logits(12, p.map(|p| p.ln() + 3.0)),
        &mean,
        &covariance(1.0),
    );
    let a = 3.0;
    moments::<[usize; 3]>(
        "dirichlet-multinomial",
        &DirichletMultinomial::new(12, p.map(|p| a * p)),
        &mean,
        &covariance((n + a) / (1.0 + a)),
    );
}

#[test]
fn maps_copulas_and_products() {
    let marginals = [Gamma::new(2.0, 1.0), Gamma::new(0.7, 3.0)];
    let copula = GaussianCopula::new(marginals, [[1.0, 0.0], [0.6, 1.0]]);
    for (i, p) in [[2.0, 1.0], [0.7, 3.0]].iter().enumerate() {
        follows::<[f64; 2]>(
            "copula",
            &copula,
            |x| x[i],
            |x| <Gamma as family::Family<2>>::cdf(x, p),
        );
    }
    // P(both below their medians) = 1/4 + asin(ρ)/2π.
    let median = [[2.0, 1.0], [0.7, 3.0]].map(|p| <Gamma as family::Family<2>>::quantile(0.5, &p));
    let both = 0.25 + 0.6f64.asin() / std::f64::consts::TAU;
    means::<[f64; 2]>("copula", &copula, &[both], |x| {
        vec![f64::from(u8::from(x[0] < median[0] && x[1] < median[1]))]
    });
    let map = Then(
        Exp,
        Affine {
            shift: 1.0,
            scale: -2.0,
        },
    );
    follows::<f64>(
        "transformed",
        &Transformed::new(Normal::new(0.3, 0.5), map),
        |x| x[0],
        |y| 1.0 - <LogNormal as family::Family<2>>::cdf((1.0 - y) / 2.0, &[0.3, 0.5]),
    );
    let tilted = Transformed::new(
        Normal::new(0.0, 1.0).iid(),
        LowerAffine::new([1.0, 2.0], [[2.0, 0.0], [0.5, 1.0]]),
    );
    moments::<[f64; 2]>(
        "affine",
        &tilted,
        &[1.0, 2.0],
        &[vec![4.0, 1.0], vec![1.0, 1.25]],
    );
    let product = Independent::new((Gamma::new(2.0, 1.0), Exponential::new(2.0)));
    moments::<[f64; 2]>(
        "independent",
        &product,
        &[2.0, 0.5],
        &[vec![2.0, 0.0], vec![0.0, 0.25]],
    );
}
