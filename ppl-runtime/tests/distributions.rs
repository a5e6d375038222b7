//! Every univariate family against 50-digit values (`reference/make_reference.py`), its draws against its own
//! distribution function.

use ppl_runtime::dist::family::{Domain, Family};
use ppl_runtime::dist::*;
use ppl_runtime::random::{Purpose, keyed};
use ppl_runtime::real::special::gamma_upper;
use serde_json::Value;

fn number(v: &Value) -> f64 {
    v.as_str().unwrap().parse().unwrap()
}

fn array<const P: usize>(v: &Value) -> [f64; P] {
    let list: Vec<f64> = v.as_array().unwrap().iter().map(number).collect();
    list.try_into().unwrap()
}

fn table(name: &str) -> Value {
    let mut all: Value =
        serde_json::from_str(include_str!("reference/distributions.json")).unwrap();
    all[name].take()
}

fn rows(v: &Value) -> &Vec<Value> {
    v.as_array().unwrap()
}

fn is_discrete<F: Family<P>, const P: usize>() -> bool {
    matches!(F::DOMAIN, Domain::Count | Domain::Boolean)
}

/// Failures are collected: one run names them all.
fn close(faults: &mut Vec<String>, what: String, found: f64, wanted: f64, tolerance: f64) {
    if !(found == wanted || (found - wanted).abs() <= tolerance) {
        let error = (found - wanted).abs();
        faults.push(format!(
            "{what}: {found:e}, not {wanted:e} (error {error:.1e} > {tolerance:.1e})"
        ));
    }
}

fn against_reference<F: Family<P>, const P: usize>(name: &str) {
    let table = table(name);
    let mut faults = Vec::new();
    let points = rows(&table["points"]);
    assert!(points.len() >= 12);
    for row in points {
        let (x, p) = (number(&row["x"]), array::<P>(&row["p"]));
        let at = |what: &str| format!("{name}{p:?} {what} at {x:e}");
        F::check(&p).unwrap();
        let scaled = |v: f64| 1e-12 * v.abs().max(1.0);
        let ln_p = number(&row["log_density"]);
        let partials = F::partials(x, &p);
        close(
            &mut faults,
            at("log density"),
            F::log_density(x, &p),
            ln_p,
            scaled(ln_p),
        );
        close(&mut faults, at("value"), partials.value, ln_p, scaled(ln_p));
        let slope = number(&row["point"]);
        close(
            &mut faults,
            at("d/dx"),
            partials.point,
            slope,
            scaled(slope),
        );
        for (i, &wanted) in array::<P>(&row["partials"]).iter().enumerate() {
            let what = at(F::PARAMETERS[i]);
            close(
                &mut faults,
                what,
                partials.parameters[i],
                wanted,
                scaled(wanted),
            );
        }
        // A cdf moves by x p(x) ε when its point is rounded, and its tail to 1e-300 is exp of a logarithm.
        let cdf = number(&row["cdf"]);
        let density = ln_p.exp();
        let rounding = 4.0 * f64::EPSILON * x.abs() * density;
        close(
            &mut faults,
            at("cdf"),
            F::cdf(x, &p),
            cdf,
            1e-12 * cdf + rounding,
        );
        // What moves the support has one-sided derivatives at its ends.
        let (low, high) = (F::cdf(x, &p) <= 0.0, F::survival(x, &p) <= 0.0);
        if row["cdf_partials"].is_array() && !low && !high {
            let wanted = array::<P>(&row["cdf_partials"]);
            for (i, found) in F::cdf_partials(x, &p).into_iter().enumerate() {
                let what = at(&format!("d cdf/d {}", F::PARAMETERS[i]));
                let tolerance =
                    1e-9 * wanted[i].abs() + 1e-9 * cdf.min(1.0 - cdf) + rounding + 1e-60;
                close(&mut faults, what, found, wanted[i], tolerance);
            }
            let survival = F::survival(x, &p);
            close(
                &mut faults,
                at("survival"),
                survival,
                1.0 - cdf,
                1e-15 + 1e-12 * survival + rounding,
            );
            if survival > 1e-300 && survival < 0.9 && ln_p.is_finite() {
                let tolerance = 1e-10 * x.abs() + 4.0 * f64::EPSILON / density;
                close(
                    &mut faults,
                    at("upper quantile"),
                    F::quantile_upper(survival, &p),
                    x,
                    tolerance,
                );
            }
        }
        if !is_discrete::<F, P>() && cdf > 1e-305 && cdf < 1.0 {
            let tolerance = 1e-10 * x.abs() + 4.0 * f64::EPSILON / density;
            close(
                &mut faults,
                at("quantile(cdf)"),
                F::quantile(cdf, &p),
                x,
                tolerance,
            );
        }
    }
    for row in rows(&table["quantiles"]) {
        let (u, x, p) = (number(&row["u"]), number(&row["x"]), array::<P>(&row["p"]));
        let tolerance = if is_discrete::<F, P>() {
            0.0
        } else {
            1e-12 * x.abs() + 1e-300
        };
        close(
            &mut faults,
            format!("{name}{p:?} quantile({u:e})"),
            F::quantile(u, &p),
            x,
            tolerance,
        );
    }
    assert!(
        faults.is_empty(),
        "{} faults\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// What every family must do at the edges of its arguments.
fn edges<F: Family<P>, const P: usize>(name: &str) {
    let table = table(name);
    for row in rows(&table["points"]) {
        let p = array::<P>(&row["p"]);
        assert!(F::log_density(f64::NAN, &p).is_nan());
        assert!(F::partials(f64::NAN, &p).value.is_nan());
        let outside: &[f64] = match F::DOMAIN {
            Domain::Real => &[f64::INFINITY, f64::NEG_INFINITY],
            Domain::Positive | Domain::NonNegative => &[-1.0, f64::INFINITY, f64::NEG_INFINITY],
            Domain::Unit => &[-0.5, 0.0, 1.0, 1.5],
            Domain::Count => &[-1.0, 0.5, f64::NEG_INFINITY],
            Domain::Boolean => &[-1.0, 0.5, 2.0],
        };
        for &x in outside {
            assert_eq!(
                F::log_density(x, &p),
                f64::NEG_INFINITY,
                "{name}{p:?} at {x}"
            );
            assert_eq!(
                F::partials(x, &p).value,
                f64::NEG_INFINITY,
                "{name}{p:?} at {x}"
            );
        }
        for i in 0..P {
            for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let mut q = p;
                q[i] = bad;
                assert_eq!(F::check(&q).unwrap_err().parameter, i, "{name}{q:?}");
                assert!(F::log_density(0.5, &q).is_nan(), "{name}{q:?}");
                assert!(F::partials(0.5, &q).value.is_nan(), "{name}{q:?}");
            }
        }
        // The quantile never falls, is finite to the ends of the cube, and stays in the domain.
        let mut last = f64::NEG_INFINITY;
        let low = [1e-300, 1e-100, 1e-30, 1e-16, 1e-8, 1e-4];
        let middle = (1..100).map(|i| f64::from(i) / 100.0);
        let high = [
            1.0 - 1e-4,
            1.0 - 1e-8,
            1.0 - 1e-12,
            1.0 - 1e-15,
            1.0 - 1e-16,
        ];
        for u in low.into_iter().chain(middle).chain(high) {
            let x = F::quantile(u, &p);
            assert!(
                x.is_finite() && x >= last,
                "{name}{p:?} quantile({u}) = {x} after {last}"
            );
            assert!(
                F::log_density(x, &p) > f64::NEG_INFINITY,
                "{name}{p:?} quantile({u}) = {x}"
            );
            last = x;
        }
    }
}

/// The upper tail of Kolmogorov's distribution at √n D (Marsaglia, Tsang & Wang 2003, the limit).
fn kolmogorov(d: f64, n: f64) -> f64 {
    let t = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * d;
    let term = |k: i32| f64::from(1 - 2 * ((k + 1) % 2)) * (-2.0 * f64::from(k * k) * t * t).exp();
    (2.0 * (1..100).map(term).sum::<f64>()).clamp(0.0, 1.0)
}

fn draws<F: Family<P>, const P: usize>(name: &str, parameters: &[[f64; P]]) {
    const N: usize = 100_000;
    for (k, p) in parameters.iter().enumerate() {
        let mut rng = keyed(7, Purpose::User, k as u64, 0);
        let mut x: Vec<f64> = (0..N).map(|_| F::draw(&mut rng, p)).collect();
        x.sort_by(f64::total_cmp);
        let probability = if is_discrete::<F, P>() {
            chi_square::<F, P>(&x, p)
        } else {
            let n = N as f64;
            let distance = x.iter().enumerate().map(|(i, &x)| {
                let (f, i) = (F::cdf(x, p), i as f64);
                (f - i / n).max((i + 1.0) / n - f)
            });
            kolmogorov(distance.fold(0.0, f64::max), n)
        };
        assert!(
            probability > 1e-4,
            "{name}{p:?}: draws have p = {probability:e}"
        );
    }
}

/// Pearson's test over cells of consecutive values that are expected at least ten times.
fn chi_square<F: Family<P>, const P: usize>(sorted: &[f64], p: &[f64; P]) -> f64 {
    let n = sorted.len() as f64;
    let (mut statistic, mut cells, mut below, mut from) = (0.0, 0, 0.0, 0);
    let mut k = F::quantile(1e-6, p);
    while below < 1.0 {
        let to_here = F::cdf(k, p);
        let last = 1.0 - to_here < 10.0 / n;
        if (to_here - below) * n >= 10.0 || last {
            let upper = if last { 1.0 } else { to_here };
            let to = if last {
                sorted.len()
            } else {
                sorted.partition_point(|&x| x <= k)
            };
            let expected = (upper - below) * n;
            statistic += ((to - from) as f64 - expected).powi(2) / expected;
            cells += 1;
            (below, from) = (upper, to);
        }
        k += 1.0;
    }
    assert!(cells > 1);
    gamma_upper(f64::from(cells - 1) / 2.0, statistic / 2.0)
}

/// Mean and variance against sums over a grid of quantiles: midpoint rule in the unit interval, tails refined.
fn moments<F: Family<P>, const P: usize>(name: &str, parameters: &[[f64; P]]) {
    for p in parameters {
        let (mean, variance) = (F::mean(p), F::variance(p));
        // u = Φ-like substitution: u = s³(10 − 15 s + 6 s²) flattens both ends.
        const N: usize = 20_000;
        let (mut m, mut v) = (0.0, 0.0);
        for i in 0..N {
            let s = (i as f64 + 0.5) / N as f64;
            let weight = 30.0 * s * s * (1.0 - s) * (1.0 - s) / N as f64;
            let x = if s < 0.5 {
                F::quantile(s.powi(3) * (10.0 - 15.0 * s + 6.0 * s * s), p)
            } else {
                let r = 1.0 - s;
                F::quantile(1.0 - r.powi(3) * (10.0 - 15.0 * r + 6.0 * r * r), p)
            };
            m += weight * x;
            v += weight * (x - mean) * (x - mean);
        }
        let sd = variance.sqrt();
        assert!(
            (m - mean).abs() < 2e-3 * sd,
            "{name}{p:?}: mean {mean}, numerically {m}"
        );
        assert!(
            (v / variance - 1.0).abs() < 1e-2,
            "{name}{p:?}: variance {variance}, numerically {v}"
        );
    }
}

macro_rules! family {
    ($name:ident, $family:ty, draws: $draws:expr, moments: $moments:expr) => {
        mod $name {
            use super::*;

            #[test]
            fn matches_the_reference() {
                against_reference::<$family, _>(stringify!($name));
            }

            #[test]
            fn behaves_at_the_edges() {
                edges::<$family, _>(stringify!($name));
            }

            #[test]
            fn draws_follow_the_cdf() {
                draws::<$family, _>(stringify!($name), &$draws);
            }

            #[test]
            fn moments_are_those_of_the_quantile() {
                moments::<$family, _>(stringify!($name), &$moments);
            }
        }
    };
}

family!(normal, Normal, draws: [[0.0, 1.0], [-3.0, 0.2]], moments: [[0.0, 1.0], [-3.0, 0.2]]);
family!(half_normal, HalfNormal, draws: [[1.0], [5.0]], moments: [[1.0], [5.0]]);
family!(log_normal, LogNormal, draws: [[0.0, 1.0], [2.0, 0.1]], moments: [[0.0, 0.5], [2.0, 0.1]]);
family!(student_t, StudentT, draws: [[0.5, 0.0, 1.0], [3.0, 1.0, 2.0], [50.0, 0.0, 1.0]], moments: [[8.0, 1.0, 2.0], [50.0, 0.0, 1.0]]);
family!(cauchy, Cauchy, draws: [[0.0, 1.0], [3.0, 0.1]], moments: [[0.0_f64; 2]; 0]);
family!(half_cauchy, HalfCauchy, draws: [[1.0], [5.0]], moments: [[0.0_f64; 1]; 0]);
family!(uniform, Uniform, draws: [[0.0, 1.0], [-3.0, 5.0]], moments: [[0.0, 1.0], [-3.0, 5.0]]);
family!(exponential, Exponential, draws: [[1.0], [0.1]], moments: [[1.0], [0.1]]);
family!(gamma, Gamma, draws: [[0.1, 1.0], [2.5, 0.1], [300.0, 2.0]], moments: [[0.1, 1.0], [2.5, 0.1], [300.0, 2.0]]);
family!(inverse_gamma, InverseGamma, draws: [[0.5, 1.0], [2.5, 0.1], [300.0, 2.0]], moments: [[8.0, 0.1], [300.0, 2.0]]);
family!(beta, Beta, draws: [[10.0, 10.0], [0.5, 0.5], [0.1, 3.0], [2e5, 3e5]], moments: [[10.0, 10.0], [0.5, 0.5], [0.1, 3.0], [2e5, 3e5]]);
family!(laplace, Laplace, draws: [[0.0, 1.0], [3.0, 0.1]], moments: [[0.0, 1.0], [3.0, 0.1]]);
family!(bernoulli, Bernoulli, draws: [[0.3], [0.99]], moments: [[0.3], [0.9]]);
family!(bernoulli_logit, BernoulliLogit, draws: [[-1.0], [4.0]], moments: [[-1.0], [2.0]]);
family!(binomial, Binomial, draws: [[10.0, 0.3], [1000.0, 0.99], [5e5, 0.5]], moments: [[10.0, 0.3], [1000.0, 0.99]]);
family!(binomial_logit, BinomialLogit, draws: [[10.0, -0.8], [500.0, 6.0]], moments: [[10.0, -0.8], [500.0, 3.0]]);
family!(poisson, Poisson, draws: [[3.0], [40.0], [5e5]], moments: [[3.0], [40.0], [5e5]]);
family!(poisson_log, PoissonLog, draws: [[1.1], [9.0]], moments: [[1.1], [9.0]]);

family!(chi2, Chi2, draws: [[1.0], [7.0]], moments: [[1.0], [7.0]]);
family!(beta_proportion, BetaProportion, draws: [[0.3, 4.0]], moments: [[0.5, 20.0], [0.1, 3.0]]);
family!(weibull, Weibull, draws: [[0.5, 1.0], [3.0, 2.0]], moments: [[1.5, 2.0], [40.0, 5.0]]);
family!(gumbel, Gumbel, draws: [[0.0, 1.0], [3.0, 0.01]], moments: [[0.0, 1.0], [3.0, 0.01]]);
family!(logistic, Logistic, draws: [[0.0, 1.0], [3.0, 0.01]], moments: [[0.0, 1.0], [3.0, 0.01]]);
family!(pareto, Pareto, draws: [[1.0, 1.0], [5.0, 3.0]], moments: [[1.0, 9.0], [5.0, 30.0]]);
family!(log_uniform, LogUniform, draws: [[0.01, 100.0]], moments: [[0.01, 100.0], [3.0, 3.001]]);
family!(kumaraswamy, Kumaraswamy, draws: [[0.5, 0.5], [2.0, 5.0]], moments: [[0.5, 0.5], [2.0, 5.0], [30.0, 0.1]]);
family!(triangular, Triangular, draws: [[-3.0, 4.0, 5.0]], moments: [[-3.0, 4.0, 5.0], [0.0, 1.0, 2.0]]);
family!(asymmetric_laplace, AsymmetricLaplace, draws: [[3.0, 0.1, 0.2]], moments: [[3.0, 0.1, 0.2], [0.0, 1.0, 3.0]]);
family!(soft_laplace, SoftLaplace, draws: [[3.0, 0.1]], moments: [[3.0, 0.1]]);
family!(levy, Levy, draws: [[0.0, 1.0], [3.0, 0.1]], moments: [[0.0_f64; 2]; 0]);
family!(gompertz, Gompertz, draws: [[1.0, 1.0], [1e-4, 0.1]], moments: [[1.0, 1.0], [1e-4, 0.1], [50.0, 3.0]]);
family!(dagum, Dagum, draws: [[0.3, 4.0, 2.0]], moments: [[0.3, 10.0, 2.0], [3.0, 30.0, 5.0]]);
family!(relaxed_bernoulli, RelaxedBernoulli, draws: [[1.0, 0.5]], moments: [[1.0, 0.5], [-2.0, 3.0]]);
family!(lower_truncated_power_law, LowerTruncatedPowerLaw, draws: [[-2.5, 3.0]], moments: [[-12.0, 3.0]]);
family!(doubly_truncated_power_law, DoublyTruncatedPowerLaw, draws: [[-2.35, 0.1, 100.0], [3.0, 2.0, 5.0]], moments: [[-2.35, 0.1, 10.0], [3.0, 2.0, 5.0], [-1.0, 1.0, 2.0]]);
family!(von_mises, VonMises, draws: [[0.5, 2.0], [-3.0, 30.0], [1.0, 0.0]], moments: [[0.5, 2.0], [-3.0, 3.0]]);
family!(geometric, Geometric, draws: [[0.3], [0.01]], moments: [[0.3], [0.01]]);
family!(negative_binomial, NegativeBinomial, draws: [[3.0, 0.4], [0.5, 0.05]], moments: [[3.0, 0.4], [200.0, 0.9]]);
family!(negative_binomial_mean, NegativeBinomialMean, draws: [[3.0, 2.0], [100.0, 1e8]], moments: [[3.0, 2.0], [100.0, 30.0]]);
family!(negative_binomial_log_mean, NegativeBinomialLogMean, draws: [[1.0, 2.0]], moments: [[1.0, 2.0]]);
family!(gamma_poisson, GammaPoisson, draws: [[3.0, 0.4]], moments: [[3.0, 0.4]]);
family!(beta_binomial, BetaBinomial, draws: [[10.0, 2.0, 3.0], [40.0, 0.1, 0.2]], moments: [[10.0, 2.0, 3.0], [40.0, 0.3, 0.2]]);
family!(beta_negative_binomial, BetaNegativeBinomial, draws: [[3.0, 6.0, 1.5], [20.0, 9.0, 4.0]], moments: [[3.0, 30.0, 1.5], [200.0, 90.0, 9.0]]);
family!(truncated_polya_gamma, TruncatedPolyaGamma, draws: [[2.5], [0.1]], moments: [[2.5], [0.1]]);
family!(discrete_uniform, DiscreteUniform, draws: [[3.0, 20.0]], moments: [[0.0, 30.0], [3.0, 20.0]]);
