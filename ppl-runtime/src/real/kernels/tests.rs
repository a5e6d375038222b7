//! Tests of the kernels against scalar code.

use super::*;

#[test]
fn bernoulli_agrees_with_scalar_code_over_the_whole_range() {
    for k in -7200..7200 {
        let logit = [f64::from(k) * 0.1 + 0.013];
        for x in [0.0, 1.0] {
            let z: f64 = (2.0 * x - 1.0) * logit[0];
            let want = z.min(0.0) - (-z.abs()).exp().ln_1p();
            let mut slope = [0.0];
            let got = bernoulli_logit_partials(&[x], &logit, &mut slope);
            assert!(
                (got - want).abs() <= 4e-16 * want.abs() + 1e-307,
                "{z}: {got} {want}"
            );
            let p = if z > 0.0 {
                (-z).exp() / (1.0 + (-z).exp())
            } else {
                1.0 / (1.0 + z.exp())
            };
            assert!((slope[0].abs() - p).abs() <= 1e-15 * p + 1e-300, "{z}");
            assert_eq!(bernoulli_logit(&[x], &logit), got);
        }
    }
}

#[test]
fn exponentials_agree_with_scalar_code() {
    for k in -7090..7080 {
        let at = f64::from(k) * 0.1 + 0.013;
        let mut x = [at, 0.0, f64::NAN, f64::NEG_INFINITY, -1e300];
        exp(&mut x);
        let want = if at < -708.0 { 0.0 } else { at.exp() };
        assert!((x[0] - want).abs() <= 4e-16 * want, "{at}: {} {want}", x[0]);
        assert!(x[1] == 1.0 && x[2].is_nan() && x[3] == 0.0 && x[4] == 0.0);
    }
}

#[test]
fn every_length_of_a_block_gives_the_sum_of_its_terms() {
    let x: Vec<f64> = (0..LANES)
        .map(|i| f64::from(u8::from(i % 3 == 0)))
        .collect();
    let logit: Vec<f64> = (0..LANES).map(|i| (i as f64 * 0.7).sin() * 5.0).collect();
    for n in 0..=LANES {
        let whole = bernoulli_logit(&x[..n], &logit[..n]);
        let parts: f64 = (0..n)
            .map(|i| bernoulli_logit(&x[i..=i], &logit[i..=i]))
            .sum();
        assert!((whole - parts).abs() < 1e-13, "{n}");
    }
}

#[test]
fn ln_agrees_with_the_library_everywhere() {
    let ln = |x: f64| -normal(&[0.0], &[0.0], &[x]);
    let mut x = 1e-300;
    while x < 1e300 {
        assert!(
            (ln(x) - x.ln()).abs() <= 3e-16 * x.ln().abs() + 1e-17,
            "{x}: {} {}",
            ln(x),
            x.ln()
        );
        x *= 1.37;
    }
    for x in [
        1.0,
        1.0 + 1e-15,
        1.0 - 1e-15,
        0.7071067811865475,
        std::f64::consts::SQRT_2,
        5e-324,
        1e-310,
        f64::MAX,
    ] {
        assert!(
            (ln(x) - x.ln()).abs() <= 3e-16 * x.ln().abs() + 1e-30,
            "{x}: {} {}",
            ln(x),
            x.ln()
        );
    }
    assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan());
}

#[test]
fn sums_of_exponentials_with_terms_of_no_weight() {
    let none = f64::NEG_INFINITY;
    let mut terms = [[none; LANES], [none; LANES], [none; LANES]];
    // All without weight; one with; equal ones; far apart; NaN last, so that sums before it can be looked at.
    terms[1][1] = -3.0;
    (terms[0][2], terms[1][2], terms[2][2]) = (700.0, 700.0, 700.0);
    (terms[0][3], terms[1][3]) = (-2000.0, 5.0);
    let mut copy = terms;
    let one = |lane: usize| {
        let mut column = [[none; LANES]; 3];
        for (c, t) in column.iter_mut().zip(&terms) {
            c[0] = t[lane];
        }
        log_sum_exp_lanes(&mut column, 1)
    };
    assert_eq!(one(0), none);
    assert_eq!(one(1), -3.0);
    assert!((one(2) - (700.0 + 3f64.ln())).abs() < 1e-12);
    assert_eq!(one(3), 5.0);
    assert_eq!(log_sum_exp_lanes(&mut copy, 4), none);
    assert_eq!([copy[0][0], copy[0][1], copy[1][1]], [0.0, 0.0, 1.0]);
    assert!((copy[2][2] - 1.0 / 3.0).abs() < 1e-15);
    assert_eq!([copy[0][3], copy[1][3]], [0.0, 1.0]);
    terms[2][1] = f64::NAN;
    assert!(log_sum_exp_lanes(&mut terms, 4).is_nan());
}

#[test]
fn one_sum_of_exponentials_of_any_length() {
    for n in [1, 7, 8, 15, 16, 17, 40, 500] {
        for (slope, at) in [
            (0.0, 0),
            (0.5, n / 2),
            (3.0, n - 1),
            (50.0, n / 3),
            (2000.0, 0),
        ] {
            let terms: Vec<f64> = (0..n)
                .map(|i| 300.0 - slope * (i as f64 - at as f64).abs() + 0.1 * (i as f64).sin())
                .collect();
            let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = terms.iter().map(|t| (t - largest).exp()).sum();
            let mut weights = terms.clone();
            let total = log_sum_exp_all(&mut weights);
            assert!((total - (largest + sum.ln())).abs() < 1e-13 * total.abs());
            for (w, t) in weights.iter().zip(&terms) {
                let want = (t - largest).exp() / sum;
                let far = *w == 0.0 && t - largest < -100.0;
                assert!(
                    far || (w - want).abs() <= 2e-15 * want,
                    "{n} {slope}: {w} {want}"
                );
            }
        }
    }
}

#[test]
fn one_sum_of_exponentials_of_no_numbers() {
    let none = f64::NEG_INFINITY;
    for n in [1, 16, 37] {
        let mut terms = vec![none; n];
        assert_eq!(log_sum_exp_all(&mut terms), none);
        assert!(terms.iter().all(|w| *w == 0.0));
        for at in [0, n / 2, n - 1] {
            let mut terms = vec![none; n];
            terms[at] = -1e9;
            assert_eq!(log_sum_exp_all(&mut terms), -1e9);
            assert_eq!((terms[at], terms.iter().sum()), (1.0, 1.0));
            for odd in [f64::NAN, f64::INFINITY] {
                let mut terms = vec![-3.0; n];
                (terms[0], terms[at]) = (none, odd);
                assert!(log_sum_exp_all(&mut terms).is_nan());
            }
        }
    }
}

#[test]
fn counting_numbers_are_known_by_their_place() {
    let ready = counting(3, 40).unwrap_or_default();
    assert!(ready.iter().enumerate().all(|(k, x)| *x == (k + 3) as f64) && ready.len() == 40);
    assert!(are_counting(ready) && are_counting(&ready[1..5]));
    let copy = ready.to_vec();
    assert!(!are_counting(&copy));
    assert!(!are_counting(&[f64::NAN]) && !are_counting(&[-1.0]) && !are_counting(&[1e300]));
    assert!(counting(2000, 49).is_none() && counting(usize::MAX, 2).is_none());
}

#[test]
fn exponentials_over_the_whole_range() {
    for k in -7600..7200 {
        let x = f64::from(k) * 0.1 + 0.037;
        let mut got = [x];
        exp(&mut got);
        let want = if x < -708.0 {
            0.0
        } else if x > 709.0 {
            f64::INFINITY
        } else {
            x.exp()
        };
        assert!(
            got[0] == want || (got[0] - want).abs() <= 4e-16 * want,
            "{x}: {got:?} {want}"
        );
    }
    let mut odd = [f64::NAN, f64::NEG_INFINITY, f64::INFINITY];
    exp(&mut odd);
    assert!(odd[0].is_nan() && odd[1] == 0.0 && odd[2] == f64::INFINITY);
}

#[test]
fn nan_is_not_hidden() {
    assert!(bernoulli_logit(&[1.0, 0.0], &[0.0, f64::NAN]).is_nan());
    assert!(bernoulli_logit_partials(&[1.0, 0.0], &[0.0, f64::NAN], &mut [0.0; 2]).is_nan());
    assert!(moments(&[1.0, f64::NAN], 0.0).0.is_nan());
    assert!(normal(&[1.0], &[f64::NAN], &[1.0]).is_nan());
}

#[test]
fn normal_of_any_number_of_points_agrees_with_scalar_code() {
    let x: Vec<f64> = (0..LANES).map(|i| (i as f64 * 0.7).sin() * 3.0).collect();
    let location: Vec<f64> = (0..LANES).map(|i| (i as f64 * 0.3).cos()).collect();
    let different: Vec<f64> = (0..LANES).map(|i| 0.5 + (i % 7) as f64).collect();
    for n in 1..=LANES {
        for scale in [&different[..n], &[1.7; LANES][..n]] {
            let (x, location) = (&x[..n], &location[..n]);
            let (mut sum, mut by_location, mut by_scale) = (0.0, vec![], vec![]);
            for i in 0..n {
                let z = (x[i] - location[i]) / scale[i];
                sum += -0.5 * z * z - scale[i].ln();
                by_location.push(z / scale[i]);
                by_scale.push((z * z - 1.0) / scale[i]);
            }
            let [mut a, mut b, mut c] = [(); 3].map(|()| vec![f64::NAN; n]);
            for got in [
                normal(x, location, scale),
                normal_partials(x, location, scale, &mut a, &mut b),
                normal_partials(x, location, scale, &mut c, &mut []),
            ] {
                assert!((got - sum).abs() <= 1e-13 * n as f64, "{n}: {got} {sum}");
            }
            for i in 0..n {
                let close = |a: f64, b: f64| (a - b).abs() <= 1e-14 * (1.0 + b.abs());
                assert!(close(a[i], by_location[i]) && a[i] == c[i]);
                assert!(close(b[i], by_scale[i]));
            }
        }
    }
}

#[test]
fn runs_end_where_indices_change() {
    for n in [0, 1, 2, 7, 8, 9, 16, 40, 63, 64] {
        let index: Vec<usize> = (0..n)
            .map(|i| [3, 3, 4, 4, 4, 0, 0, 1][i * 8 / n])
            .collect();
        let expected = (1..n).filter(|&i| index[i] != index[i - 1]);
        let bits = expected.fold(0, |bits, i| bits | 1u64 << (i - 1));
        assert_eq!(super::changes(&index), bits, "{n}");
        let x: Vec<f64> = (0..n).map(|i| 1.0 + (i as f64).sin()).collect();
        let mut ends: Vec<usize> = (1..n).filter(|&i| bits >> (i - 1) & 1 == 1).collect();
        ends.push(n);
        let mut totals = vec![0.0; ends.len()];
        super::totals_of_runs(&x, &ends, &mut totals);
        let mut start = 0;
        for (end, total) in ends.into_iter().zip(totals) {
            let sum: f64 = x[start..end].iter().sum();
            assert!((total - sum).abs() <= 1e-14 * sum, "{n}: {total} {sum}");
            start = end;
        }
    }
}
