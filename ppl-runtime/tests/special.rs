//! Special functions against 40-digit values (`reference/make_special.py`).

use ppl_runtime::real::special as sf;
use serde_json::Value;

struct Row {
    name: String,
    x: Vec<f64>,
    value: f64,
}

/// Numbers are strings: `str::parse` is exact where a JSON reader's float may be an ulp off.
fn number(v: &Value) -> f64 {
    v.as_str().unwrap().parse().unwrap()
}

fn table() -> Vec<Row> {
    let rows: Value = serde_json::from_str(include_str!("reference/special.json")).unwrap();
    let row = |r: &Value| Row {
        name: r["f"].as_str().unwrap().to_owned(),
        x: r["x"].as_array().unwrap().iter().map(number).collect(),
        value: number(&r["value"]),
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

/// The worst relative error (or error over max(1, |value|), if `absolute`) of `f` over its rows.
fn worst(name: &str, absolute: bool, f: impl Fn(&[f64]) -> f64) -> f64 {
    let (mut worst, mut rows) = (0.0_f64, 0);
    for row in table().iter().filter(|r| r.name == name) {
        let found = f(&row.x);
        let scale = if absolute {
            row.value.abs().max(1.0)
        } else {
            row.value.abs()
        };
        let error = if found == row.value {
            0.0
        } else {
            (found - row.value).abs() / scale
        };
        assert!(
            error.is_finite(),
            "{name}{:?}: {found}, not {}",
            row.x,
            row.value
        );
        if std::env::var_os("SHOW").is_some() {
            println!("{name}{:?}: {found} {} {error:.1e}", row.x, row.value);
        }
        worst = worst.max(error);
        rows += 1;
    }
    assert!(rows > 5, "{name}: {rows} rows");
    worst
}

#[test]
fn relative_errors_are_as_documented() {
    type F = fn(f64) -> f64;
    let functions: [(&str, F, f64); 13] = [
        ("ln_gamma", sf::ln_gamma, 1e-15),
        ("ln_gamma_1p", sf::ln_gamma_1p, 2e-15),
        ("trigamma", sf::trigamma, 1e-15),
        ("erf", sf::erf, 4e-16),
        ("erfc", sf::erfc, 4e-16),
        ("erf_inv", sf::erf_inv, 1e-15),
        ("normal_quantile", sf::normal_quantile, 1e-15),
        ("ln_1p_exp", sf::ln_1p_exp, 1e-15),
        ("ln_1p_exp", sf::softplus, 1e-15),
        ("log_sigmoid", sf::log_sigmoid, 1e-15),
        ("sigmoid", sf::sigmoid, 1e-15),
        ("ln_1m_exp", sf::ln_1m_exp, 1e-15),
        ("ln_1p_minus", sf::ln_1p_minus, 1e-15),
    ];
    for (name, f, bound) in functions {
        let error = worst(name, false, |x| f(x[0]));
        assert!(error <= bound, "{name}: {error:e}");
    }
    let error = worst("bd0", false, |x| sf::bd0(x[0], x[1]));
    // The difference m − x is exact or nearly so in every row.
    assert!(error <= 1e-15, "bd0: {error:e}");
}

#[test]
fn absolute_errors_are_as_documented() {
    let digamma = worst("digamma", true, |x| sf::digamma(x[0]));
    assert!(digamma <= 1e-15, "digamma: {digamma:e}");
    let stirling = worst("stirling_error", true, |x| sf::stirling_error(x[0]));
    assert!(stirling <= 1e-14, "stirling_error: {stirling:e}");
    let ln_beta = worst("ln_beta", true, |x| sf::ln_beta(x[0], x[1]));
    assert!(ln_beta <= 1e-14, "ln_beta: {ln_beta:e}");
}

#[test]
fn incomplete_functions_keep_both_tails() {
    let cases = [
        (
            "gamma_lower",
            worst("gamma_lower", false, |x| sf::gamma_lower(x[0], x[1])),
        ),
        (
            "gamma_upper",
            worst("gamma_upper", false, |x| sf::gamma_upper(x[0], x[1])),
        ),
        (
            "beta_lower",
            worst("beta_lower", false, |x| {
                sf::beta_lower(x[0], x[1], x[2], x[3])
            }),
        ),
        (
            "beta_upper",
            worst("beta_upper", false, |x| {
                sf::beta_upper(x[0], x[1], x[2], x[3])
            }),
        ),
    ];
    for (name, error) in cases {
        assert!(error <= 2e-13, "{name}: {error:e}");
    }
    let normal = worst("normal_cdf", false, |x| sf::normal_cdf(x[0]));
    assert!(normal <= 4e-13, "normal_cdf: {normal:e}");
}

/// Probabilities from the deep lower tail to the last double below 1, as pairs with their complements.
fn probabilities() -> impl Iterator<Item = (f64, f64)> {
    let small = [1e-300, 1e-100, 1e-20, 1e-10, 1e-4, 0.01, 0.2, 0.4999];
    small
        .into_iter()
        .flat_map(|p| [(p, 1.0 - p), (1.0 - p, p)])
        .chain([(0.5, 0.5)])
}

#[test]
fn inverse_incomplete_gamma_returns() {
    for exponent in -24..=48 {
        let a = 10_f64.powf(f64::from(exponent) / 4.0);
        for (p, q) in probabilities() {
            let x = sf::gamma_inv(a, p, q);
            assert!(
                x >= f64::MIN_POSITIVE && x.is_finite(),
                "a = {a:e}, p = {p:e}: {x:e}"
            );
            if x == f64::MIN_POSITIVE {
                assert!(
                    sf::gamma_lower(a, x) >= p * (1.0 - 1e-12),
                    "a = {a:e}, p = {p:e}"
                );
                continue;
            }
            let (found, wanted) = if p <= q {
                (sf::gamma_lower(a, x), p)
            } else {
                (sf::gamma_upper(a, x), q)
            };
            // One ulp of x moves the tail by ε x f(x), where x f(x)/tail is below 40(1 + √a) + x.
            let condition = 1e-12 + 4.0 * f64::EPSILON * (40.0 * a.sqrt() + x.min(800.0));
            let error = (found / wanted - 1.0).abs();
            assert!(
                error <= condition,
                "a = {a:e}, p = {p:e}: x = {x:e}, {error:e}"
            );
        }
    }
}

#[test]
fn inverse_incomplete_beta_returns() {
    let grid = || (-12..=24).map(|e| 10_f64.powf(f64::from(e) / 4.0));
    for (a, b) in grid().flat_map(|a| grid().map(move |b| (a, b))) {
        for (p, q) in probabilities() {
            let (x, y) = sf::beta_inv(a, b, p, q);
            let good =
                x >= f64::MIN_POSITIVE && y >= f64::MIN_POSITIVE && (x + y - 1.0).abs() < 1e-15;
            assert!(good, "a = {a:e}, b = {b:e}, p = {p:e}: {x:e}, {y:e}");
            if x == f64::MIN_POSITIVE || y == f64::MIN_POSITIVE {
                continue;
            }
            let (found, wanted) = if p <= q {
                (sf::beta_lower(a, b, x, y), p)
            } else {
                (sf::beta_upper(a, b, x, y), q)
            };
            let condition = 1e-12 + 4.0 * f64::EPSILON * (40.0 * a.max(b).sqrt() + 800.0);
            let error = (found / wanted - 1.0).abs();
            assert!(
                error <= condition,
                "a = {a:e}, b = {b:e}, p = {p:e}: x = {x:e}, {error:e}"
            );
        }
    }
}
