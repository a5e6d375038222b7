//! Bijections from R^n: what they map to is inside, their log Jacobians are those of numerical derivatives, and nothing
//! becomes NaN at ±700.

use nalgebra::DMatrix;
use ppl_runtime::real::{Real, Value};
use ppl_runtime::support::*;
use proptest::prelude::*;

type R = Real<Value>;

fn feed(u: &[f64]) -> impl FnMut() -> R + '_ {
    let mut i = 0;
    move || {
        i += 1;
        R::from(u[i - 1])
    }
}

/// A map to its free coordinates, with its log Jacobian.
type Map = fn(&[f64]) -> (Vec<f64>, f64);

fn value(j: Option<R>) -> f64 {
    j.map_or(0.0, R::value)
}

fn scalar(bounds: Bounds<Value>, u: &[f64]) -> (Vec<f64>, f64) {
    let (x, j) = constrain(bounds, R::from(u[0]));
    (vec![x.value()], value(j))
}

fn lower<const N: usize>(x: &[[R; N]; N], diagonal: bool) -> Vec<f64> {
    let last = |i: usize| if diagonal { i + 1 } else { i };
    (0..N)
        .flat_map(|i| (0..last(i)).map(move |j| x[i][j].value()))
        .collect()
}

/// (name, coordinates, map)
const MAPS: [(&str, usize, Map); 16] = [
    ("real", 1, |u| scalar(Bounds::Real, u)),
    ("positive", 1, |u| scalar(Bounds::Positive, u)),
    ("softplus positive", 1, |u| {
        scalar(Bounds::SoftplusPositive, u)
    }),
    ("circular", 1, |u| scalar(Support::CIRCLE.into(), u)),
    ("unit", 1, |u| scalar(Bounds::Unit, u)),
    ("above", 1, |u| scalar(Bounds::Above(R::from(-2.0)), u)),
    ("below", 1, |u| scalar(Bounds::Below(R::from(3.0)), u)),
    ("interval", 1, |u| {
        scalar(Bounds::Interval(R::from(-2.0), R::from(3.0)), u)
    }),
    ("ordered", 4, |u| {
        let (x, j) = ordered_from_line::<Value, 4>(feed(u));
        (x.map(R::value).to_vec(), value(j))
    }),
    ("positive ordered", 4, |u| {
        let (x, j) = positive_ordered_from_line::<Value, 4>(feed(u));
        (x.map(R::value).to_vec(), value(j))
    }),
    ("simplex", 3, |u| {
        let (x, j) = simplex_from_line::<Value, 4>(feed(u));
        (x.map(R::value)[..3].to_vec(), value(j))
    }),
    ("zero sum", 3, |u| {
        // The area of the plane Σx = 0 is √n times that of its first n − 1 coordinates.
        let x = zero_sum_from_line::<Value, 4>(feed(u));
        (x.map(R::value)[..3].to_vec(), -0.5 * 4f64.ln())
    }),
    ("cholesky", 6, |u| {
        let (l, j) = cholesky_from_line::<Value, 3>(feed(u));
        (lower(&l, true), value(j))
    }),
    ("correlation cholesky", 6, |u| {
        let (l, j) = correlation_cholesky_from_line::<Value, 4>(feed(u));
        (lower(&l, false), value(j))
    }),
    ("correlation", 6, |u| {
        let (r, j) = correlation_from_line::<Value, 4>(feed(u));
        (lower(&r, false), value(j))
    }),
    ("covariance", 6, |u| {
        let (a, j) = covariance_from_line::<Value, 3>(feed(u));
        (lower(&a, true), value(j))
    }),
];

/// ln |det| of central differences, Richardson-extrapolated.
fn numerical(map: Map, u: &[f64]) -> f64 {
    let n = u.len();
    let slope = |h: f64| {
        let mut d = DMatrix::<f64>::zeros(n, n);
        for j in 0..n {
            let (mut up, mut down) = (u.to_vec(), u.to_vec());
            up[j] += h;
            down[j] -= h;
            let (up, down) = (map(&up).0, map(&down).0);
            for i in 0..n {
                d[(i, j)] = (up[i] - down[i]) / (2.0 * h);
            }
        }
        d
    };
    let d = (slope(1e-3) * 4.0 - slope(2e-3)) / 3.0;
    d.determinant().abs().ln()
}

/// (name, support)
const SUPPORTS: [(&str, Support); 8] = [
    ("real", Support::Real),
    ("positive", Support::Positive),
    ("softplus positive", Support::SoftplusPositive),
    ("unit", Support::Unit),
    ("above", Support::Above(-2.0)),
    ("below", Support::Below(3.0)),
    ("interval", Support::Interval(-2.0, 3.0)),
    ("circular", Support::CIRCLE),
];

/// Whether going back and forth keeps every number, as far as `scale` (the largest that it was made of) holds its digits.
fn kept(name: &str, found: &[f64], wanted: &[f64], scale: f64) -> Result<(), TestCaseError> {
    for (f, w) in found.iter().zip(wanted) {
        prop_assert!(
            (f - w).abs() <= 1e-12 * scale.max(w.abs()),
            "{name}: {f}, not {w}"
        );
    }
    Ok(())
}

proptest! {
    #[test]
    fn values_come_back_from_the_line(u in -700.0..700.0f64) {
        for (name, support) in SUPPORTS {
            let x = constrain::<Value>(support.into(), R::from(u)).0.value();
            let again = constrain::<Value>(support.into(), R::from(to_line(support, x))).0.value();
            let scale: f64 = match support {
                Support::Above(_) | Support::Below(_) | Support::Interval(..) => 3.2,
                _ => 0.0,
            };
            // What rounds to the end of its support has no image.
            if to_line(support, x).is_finite() {
                // An error of the image moves e^u by u of it.
                kept(name, &[again], &[x], scale.max(x.abs() * (1.0 + u.abs() / 100.0)))?;
            }
        }
    }

    #[test]
    fn numbers_come_back_from_their_support(u in -15.0..15.0f64) {
        for (name, support) in SUPPORTS {
            let x = constrain::<Value>(support.into(), R::from(u)).0.value();
            // A number near an end of its support other than 0 has lost digits of its distance to it.
            let slope = match support {
                Support::Real | Support::Positive | Support::SoftplusPositive => 1.0,
                _ => u.abs().exp(),
            };
            kept(name, &[to_line(support, x)], &[u], 15.0 * slope)?;
        }
    }

    #[test]
    fn vectors_come_back_from_their_support(u in prop::collection::vec(-6.0..6.0f64, 10)) {
        // Numbers far apart in size lose digits in sums and differences, by e^(6 + 6).
        const LOST: f64 = 2e5;
        let x = ordered_from_line::<Value, 5>(feed(&u)).0.map(R::value);
        kept("ordered", &ordered_to_line(&x), &u[..5], LOST)?;
        let x = positive_ordered_from_line::<Value, 5>(feed(&u)).0.map(R::value);
        kept("positive ordered", &positive_ordered_to_line(&x), &u[..5], LOST)?;
        let mut back = [0.0; 10];
        let x = simplex_from_line::<Value, 5>(feed(&u)).0.map(R::value);
        simplex_to_line(&x, &mut back);
        kept("simplex", &back[..4], &u[..4], 10.0)?;
        let x = zero_sum_from_line::<Value, 5>(feed(&u)).map(R::value);
        zero_sum_to_line(&x, &mut back);
        kept("zero sum", &back[..4], &u[..4], 10.0)?;
        let x = cholesky_from_line::<Value, 4>(feed(&u)).0.map(|r| r.map(R::value));
        cholesky_to_line(&x, &mut back);
        kept("cholesky", &back, &u, 10.0)?;
        let x = correlation_cholesky_from_line::<Value, 5>(feed(&u)).0.map(|r| r.map(R::value));
        correlation_cholesky_to_line(&x, &mut back);
        kept("correlation cholesky", &back, &u, 10.0)?;
    }

    #[test]
    fn matrices_come_back_from_their_support(u in prop::collection::vec(-1.0..1.0f64, 6)) {
        let mut back = [0.0; 6];
        let x = correlation_from_line::<Value, 4>(feed(&u)).0.map(|r| r.map(R::value));
        correlation_cholesky_to_line(&cholesky(&x), &mut back);
        // Factoring a matrix costs as many digits as its condition number has.
        kept("correlation", &back, &u, 1e4)?;
        let x = covariance_from_line::<Value, 3>(feed(&u)).0.map(|r| r.map(R::value));
        cholesky_to_line(&cholesky(&x), &mut back);
        kept("covariance", &back, &u, 1e4)?;
    }

    #[test]
    fn log_jacobians_are_those_of_numerical_derivatives(u in prop::collection::vec(-2.5..2.5f64, 6)) {
        for (name, n, map) in MAPS {
            let (found, wanted) = (map(&u[..n]).1, numerical(map, &u[..n]));
            prop_assert!((found - wanted).abs() < 1e-6, "{name}: {found}, numerically {wanted}");
        }
    }

    #[test]
    fn what_they_map_to_is_inside(u in prop::collection::vec(-30.0..30.0f64, 10)) {
        let x = ordered_from_line::<Value, 4>(feed(&u)).0.map(R::value);
        prop_assert!(x.is_sorted());
        let x = positive_ordered_from_line::<Value, 4>(feed(&u)).0.map(R::value);
        prop_assert!(x.is_sorted() && x[0] > 0.0);
        let x = simplex_from_line::<Value, 4>(feed(&u)).0.map(R::value);
        prop_assert!((x.iter().sum::<f64>() - 1.0).abs() < 1e-14 && x.iter().all(|x| *x > 0.0));
        let x = zero_sum_from_line::<Value, 5>(feed(&u)).map(R::value);
        prop_assert!(x.iter().sum::<f64>().abs() < 1e-13);
        // An orthonormal basis keeps the length.
        let (a, b): (f64, f64) = (x.iter().map(|x| x * x).sum(), u[..4].iter().map(|x| x * x).sum());
        prop_assert!((a - b).abs() < 1e-12 * b);
        let x = unit_vector_from_line::<Value, 4>(feed(&u)).0.map(R::value);
        prop_assert!((x.iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 1e-14);
        let l = correlation_cholesky_from_line::<Value, 4>(feed(&u)).0.map(|r| r.map(R::value));
        for (i, row) in l.iter().enumerate() {
            prop_assert!((row.iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 1e-13);
            prop_assert!(row[i] > 0.0 && row[i + 1..].iter().all(|x| *x == 0.0));
        }
        let r = correlation_from_line::<Value, 4>(feed(&u)).0.map(|r| r.map(R::value));
        for (i, row) in r.iter().enumerate() {
            prop_assert!((row[i] - 1.0).abs() < 1e-13);
            for (x, other) in row.iter().zip(&r).take(i) {
                prop_assert!(*x == other[i] && x.abs() <= 1.0 + 1e-15);
            }
        }
    }

    #[test]
    fn the_factor_of_a_covariance_is_its_cholesky_factor(u in prop::collection::vec(-2.0..2.0f64, 6)) {
        let (a, _) = covariance_from_line::<Value, 3>(feed(&u));
        let plain = a.map(|r| r.map(R::value));
        let l = cholesky(&plain);
        for (plain, real) in l.as_flattened().iter().zip(a.factor().as_flattened()) {
            prop_assert!((plain - real.value()).abs() < 1e-11 * (1.0 + plain.abs()));
        }
    }
}

#[test]
fn nothing_is_nan_far_out() {
    for (name, n, map) in MAPS {
        for pattern in 0..(1 << n) {
            let u: Vec<f64> = (0..n)
                .map(|i| if pattern >> i & 1 == 0 { -700.0 } else { 700.0 })
                .collect();
            let (x, j) = map(&u);
            assert!(x.iter().all(|x| !x.is_nan()), "{name} at {u:?}: {x:?}");
            assert!(!j.is_nan(), "{name} at {u:?}: ln Jacobian {j}");
        }
    }
    for u in [[700.0; 3], [-700.0; 3], [1e-200; 3]] {
        let (x, j) = unit_vector_from_line::<Value, 3>(feed(&u));
        assert!(x.iter().all(|x| x.value().is_finite()) && j.value().is_finite());
    }
}

/// The length given to a unit vector has a proper density: (surface of the sphere)·∫ rⁿ⁻¹ e^(j(r)) dr = surface.
#[test]
fn the_length_behind_a_unit_vector_is_proper() {
    let n = 100_000;
    let h = 20.0 / f64::from(n);
    let sum: f64 = (0..n)
        .map(|i| {
            let r = (f64::from(i) + 0.5) * h;
            let (_, j) = unit_vector_from_line::<Value, 3>(feed(&[r, 0.0, 0.0]));
            r * r * j.value().exp() * h
        })
        .sum();
    assert!((sum - 1.0).abs() < 1e-8, "{sum}");
}
