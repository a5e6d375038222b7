//! Entropies of univariate families against their densities, block kernels against single points, and draws that move with
//! their parameters against differences.

use ppl_runtime::dist::family::Family;
use ppl_runtime::dist::*;

/// Entropies in closed form against −∫ ln p(Q(u)) du.
fn entropy<F: Family<P>, const P: usize>(p: &[f64; P]) {
    const N: usize = 100_000;
    let closed = F::entropy(p);
    let mut sum = 0.0;
    for i in 0..N {
        let s = (i as f64 + 0.5) / N as f64;
        let weight = 30.0 * s * s * (1.0 - s) * (1.0 - s) / N as f64;
        let rise = |s: f64| s.powi(3) * (10.0 - 15.0 * s + 6.0 * s * s);
        let u = if s < 0.5 {
            rise(s)
        } else {
            1.0 - rise(1.0 - s)
        };
        sum -= weight * F::log_density(F::quantile(u, p), p);
    }
    assert!(
        (closed - sum).abs() < 1e-4,
        "{}{p:?}: entropy {closed}, numerically {sum}",
        F::NAME
    );
}

#[test]
fn entropies_are_those_of_the_density() {
    entropy::<Normal, 2>(&[1.0, 3.0]);
    entropy::<HalfNormal, 1>(&[3.0]);
    entropy::<LogNormal, 2>(&[1.0, 0.5]);
    entropy::<StudentT, 3>(&[2.5, 1.0, 3.0]);
    entropy::<StudentT, 3>(&[300.0, 1.0, 3.0]);
    entropy::<Cauchy, 2>(&[1.0, 3.0]);
    entropy::<HalfCauchy, 1>(&[3.0]);
    entropy::<Uniform, 2>(&[1.0, 3.0]);
    entropy::<Exponential, 1>(&[3.0]);
    entropy::<Gamma, 2>(&[0.7, 3.0]);
    entropy::<Gamma, 2>(&[30.0, 3.0]);
    entropy::<InverseGamma, 2>(&[2.5, 3.0]);
    entropy::<Beta, 2>(&[0.7, 3.0]);
    entropy::<Laplace, 2>(&[1.0, 3.0]);
    entropy::<Weibull, 2>(&[2.5, 3.0]);
    entropy::<Gumbel, 2>(&[1.0, 3.0]);
    entropy::<Logistic, 2>(&[1.0, 3.0]);
    entropy::<Pareto, 2>(&[2.0, 3.0]);
    entropy::<LogUniform, 2>(&[2.0, 30.0]);
    entropy::<Kumaraswamy, 2>(&[2.0, 3.0]);
    entropy::<Triangular, 3>(&[1.0, 2.0, 5.0]);
    entropy::<AsymmetricLaplace, 3>(&[1.0, 2.0, 0.6]);
    entropy::<SoftLaplace, 2>(&[1.0, 2.0]);
    entropy::<Levy, 2>(&[1.0, 2.0]);
    entropy::<Dagum, 3>(&[0.7, 3.0, 2.0]);
    entropy::<Chi2, 1>(&[5.0]);
    entropy::<BetaProportion, 2>(&[0.3, 9.0]);
    entropy::<LowerTruncatedPowerLaw, 2>(&[-3.0, 2.0]);
    entropy::<DoublyTruncatedPowerLaw, 3>(&[-2.0, 2.0, 5.0]);
    entropy::<DoublyTruncatedPowerLaw, 3>(&[1.5, 2.0, 5.0]);
    entropy::<VonMises, 2>(&[0.5, 2.0]);
    entropy::<Geometric, 1>(&[0.3]);
    entropy::<DiscreteUniform, 2>(&[3.0, 7.0]);
}

/// Of two values the entropy is a sum of two terms.
#[test]
fn entropies_of_truth_values() {
    for p in [1e-9_f64, 0.3, 0.99] {
        let wanted = -p * p.ln() - (1.0 - p) * (1.0 - p).ln();
        assert!((Bernoulli::<()>::entropy(&[p]) - wanted).abs() < 1e-14);
        let logit = (p / (1.0 - p)).ln();
        assert!((BernoulliLogit::<()>::entropy(&[logit]) - wanted).abs() < 1e-14);
    }
    assert_eq!(Bernoulli::<()>::entropy(&[0.0]), 0.0);
    assert_eq!(Bernoulli::<()>::entropy(&[1.0]), 0.0);
}
/// Block kernels against the points one by one: over every length, valid and invalid points.
fn blocks<F: Family<P>, const P: usize>(points: &[f64], parameters: &[[f64; P]]) {
    use ppl_runtime::real::kernels::LANES;
    for p in parameters {
        for n in 0..=LANES {
            let x: Vec<f64> = (0..n).map(|i| points[(i * 7 + n) % points.len()]).collect();
            // Only the first parameter that may differ within a block does; the kernels share the rest.
            let columns: [Vec<f64>; P] = std::array::from_fn(|k| vec![p[k]; n]);
            let slices: [&[f64]; P] = std::array::from_fn(|k| &columns[k][..]);
            let mut rows = [[0.0; LANES]; P];
            let value = F::block(&x, &slices);
            let with = F::block_partials(&x, &slices, &mut rows.each_mut().map(|r| &mut r[..n]));
            let sums = F::sum_partials(&x, p);
            let (mut wanted, mut size, mut totals) = (0.0, 1.0, [0.0; P]);
            for (i, x) in x.iter().enumerate() {
                let one = F::partials(*x, p);
                wanted += one.value;
                size += one.value.abs();
                for k in 0..P {
                    totals[k] += one.parameters[k];
                    let (a, b) = (rows[k][i], one.parameters[k]);
                    let good = (a - b).abs() <= 1e-11 * b.abs().max(1.0);
                    assert!(good, "{}{p:?} at {x}: partial {k} {a}, not {b}", F::NAME);
                }
            }
            for found in [value, with, F::sum(&x, p), sums.value] {
                let good = found == wanted || (found - wanted).abs() <= 1e-13 * size;
                assert!(good, "{}{p:?}, {n} points: {found}, not {wanted}", F::NAME);
            }
            for (k, (found, total)) in sums.parameters.iter().zip(&totals).enumerate() {
                let good = (found - total).abs() <= 1e-10 * total.abs().max(n as f64);
                assert!(good, "{}{p:?}: sum of partials {k}", F::NAME);
            }
        }
        for bad in [f64::NAN, -1.0, 0.5] {
            let slices: [&[f64]; P] = std::array::from_fn(|k| std::slice::from_ref(&p[k]));
            let (a, b) = (F::block(&[bad], &slices), F::log_density(bad, p));
            assert!(
                a == b || a.is_nan() && b.is_nan() || (a - b).abs() < 1e-13 * b.abs().max(1.0),
                "{} at {bad}",
                F::NAME
            );
        }
    }
}

#[test]
fn kernels_agree_with_the_points() {
    let counts = [0.0, 1.0, 2.0, 3.0, 7.0, 15.0, 16.0, 17.0, 40.0, 300.0, 5e5];
    let reals = [-900.0, -3.0, -1e-9, 0.0, 0.3, 2.0, 15.0, 1e4];
    let positives = [1e-9, 0.01, 0.5, 1.0, 2.5, 20.0, 400.0];
    blocks::<PoissonLog, 1>(&counts, &[[-30.0], [-1.0], [0.7], [3.0], [13.1]]);
    blocks::<Poisson, 1>(&counts, &[[1e-13], [0.4], [2.0], [20.0], [5e5]]);
    blocks::<NegativeBinomial, 2>(
        &counts,
        &[
            [0.3, 0.9],
            [2.0, 0.4],
            [0.05, 5e-4],
            [40.0, 8e-5],
            [1e5, 0.997],
        ],
    );
    blocks::<NegativeBinomialMean, 2>(
        &counts,
        &[
            [0.01, 0.3],
            [3.0, 2.0],
            [100.0, 0.05],
            [5e5, 40.0],
            [300.0, 1e5],
        ],
    );
    blocks::<Exponential, 1>(&positives, &[[1e-3], [1.0], [300.0]]);
    blocks::<Laplace, 2>(&reals, &[[0.0, 1.0], [3.0, 0.01], [-5.0, 300.0]]);
    blocks::<Gamma, 2>(
        &positives,
        &[[0.3, 1.0], [2.5, 0.1], [14.9, 3.0], [15.1, 3.0], [5e5, 1e6]],
    );
    blocks::<StudentT, 3>(
        &reals,
        &[
            [1.0, 0.0, 1.0],
            [3.0, 1.0, 2.0],
            [0.05, 0.0, 1.0],
            [30.0, -2.0, 0.3],
            [1e6, 0.0, 10.0],
        ],
    );
}

/// Derivatives of a draw at a fixed uniform number against differences of the quantile.
fn pathwise<F: Family<P>, const P: usize>(p: [f64; P]) {
    for u in [0.003, 0.2, 0.5, 0.8, 0.997] {
        let (x, partials) = F::quantile_partials(u, &p);
        assert_eq!(x, F::quantile(u, &p));
        for k in 0..P {
            let slope = |h: f64| {
                let moved = |h: f64| {
                    let mut q = p;
                    q[k] += h;
                    F::quantile(u, &q)
                };
                (moved(h) - moved(-h)) / (2.0 * h)
            };
            let h = 1e-4 * p[k].abs().max(0.1);
            let wanted = (4.0 * slope(h) - slope(2.0 * h)) / 3.0;
            let good = (partials[k] - wanted).abs() <= 1e-6 * wanted.abs().max(x.abs()).max(1e-3);
            assert!(
                good,
                "{}{p:?} dx/d{} at u = {u}: {}, by differences {wanted}",
                F::NAME,
                F::PARAMETERS[k],
                partials[k]
            );
        }
    }
}

#[test]
fn draws_move_with_their_parameters() {
    pathwise::<Normal, 2>([0.3, 2.0]);
    pathwise::<LogNormal, 2>([0.3, 2.0]);
    pathwise::<StudentT, 3>([3.0, 0.5, 2.0]);
    pathwise::<StudentT, 3>([40.0, 0.5, 2.0]);
    pathwise::<Gamma, 2>([0.3, 2.0]);
    pathwise::<Gamma, 2>([7.0, 0.5]);
    pathwise::<Gamma, 2>([2000.0, 0.5]);
    pathwise::<InverseGamma, 2>([3.0, 0.5]);
    pathwise::<Beta, 2>([0.4, 2.0]);
    pathwise::<Beta, 2>([20.0, 30.0]);
    pathwise::<BetaProportion, 2>([0.3, 5.0]);
    pathwise::<Chi2, 1>([5.0]);
    pathwise::<VonMises, 2>([0.5, 3.0]);
    pathwise::<Weibull, 2>([1.5, 2.0]);
    pathwise::<Kumaraswamy, 2>([1.5, 2.0]);
    pathwise::<Uniform, 2>([-1.0, 2.0]);
    // None of the quantiles is the mode, where differences cross a kink.
    pathwise::<Triangular, 3>([-1.0, 0.8, 2.0]);
    pathwise::<Pareto, 2>([1.0, 2.5]);
    pathwise::<Levy, 2>([1.0, 2.5]);
    pathwise::<Gompertz, 2>([0.5, 1.5]);
    pathwise::<Dagum, 3>([0.5, 3.0, 2.0]);
    pathwise::<AsymmetricLaplace, 3>([0.5, 3.0, 0.7]);
    pathwise::<RelaxedBernoulli, 2>([0.5, 0.7]);
    pathwise::<DoublyTruncatedPowerLaw, 3>([-1.7, 1.0, 6.0]);
    pathwise::<LogUniform, 2>([1.0, 6.0]);
}
