//! Draws of vector and matrix families at n = 100,000: by the map from the cube and by simulation, against exact moments, and
//! along a line against exact distribution functions.

#[path = "vector_draws/checks.rs"]
mod checks;
#[path = "vector_draws/normals.rs"]
mod normals;

use checks::{follows, means, moments};
use ppl_runtime::dist::*;
use ppl_runtime::real::{Real, Value};
use ppl_runtime::support::{Cholesky, Covariance, UnitVector};

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
