//! Scoring 100,000 data by block kernels against a scalar loop over statrs: `cargo bench -p ppl-runtime --bench
//! distributions`. Prints nanoseconds a datum (the best of many repetitions) and the quotient.

use ppl_runtime::dist::family::Family;
use ppl_runtime::dist::*;
use ppl_runtime::random::{Purpose, keyed};
use ppl_runtime::real::kernels::LANES;
use statrs::distribution::{self as other, Continuous, Discrete};
use std::hint::black_box;
use std::time::Instant;

const N: usize = 100_000;

fn nanoseconds(mut score: impl FnMut() -> f64) -> (f64, f64) {
    let mut best = f64::INFINITY;
    let mut value = 0.0;
    for _ in 0..30 {
        let start = Instant::now();
        value = black_box(score());
        best = best.min(start.elapsed().as_secs_f64());
    }
    (best * 1e9 / N as f64, value)
}

/// Points with a first parameter each (`columns[0]`), the others shared.
fn ours<F: Family<P>, const P: usize>(x: &[f64], columns: &[Vec<f64>; P]) -> f64 {
    (0..N.div_ceil(LANES))
        .map(|b| {
            let range = b * LANES..((b + 1) * LANES).min(N);
            F::block(
                &x[range.clone()],
                &columns.each_ref().map(|c| &c[range.clone()]),
            )
        })
        .sum()
}

fn compare<F: Family<P>, const P: usize>(
    name: &str,
    vary: usize,
    p: [f64; P],
    theirs: impl Fn(f64, [f64; P]) -> f64,
) {
    let mut rng = keyed(1, Purpose::User, 0, 0);
    let columns: [Vec<f64>; P] = std::array::from_fn(|k| {
        let step = |i: usize| {
            if k == vary {
                0.1 * ((i % 97) as f64 / 97.0)
            } else {
                0.0
            }
        };
        (0..N).map(|i| p[k] + step(i)).collect()
    });
    let at = |i: usize| std::array::from_fn(|k| columns[k][i]);
    let x: Vec<f64> = (0..N).map(|i| F::draw(&mut rng, &at(i))).collect();
    let (kernel, a) = nanoseconds(|| ours::<F, P>(&x, &columns));
    let (scalar, b) = nanoseconds(|| (0..N).map(|i| theirs(x[i], at(i))).sum());
    assert!((a - b).abs() < 1e-8 * b.abs(), "{name}: {a} and {b}");
    println!(
        "{name:22} {kernel:8.2} ns, scalar {scalar:8.2} ns, quotient {:6.1}",
        scalar / kernel
    );
}

fn main() {
    compare::<Normal, 2>("Normal", 0, [0.3, 2.0], |x, p| {
        other::Normal::new(p[0], p[1]).unwrap().ln_pdf(x)
    });
    compare::<BernoulliLogit, 1>("Bernoulli::logit", 0, [0.4], |x, p| {
        other::Bernoulli::new(1.0 / (1.0 + (-p[0]).exp()))
            .unwrap()
            .ln_pmf(x as u64)
    });
    compare::<PoissonLog, 1>("Poisson::log", 0, [2.0], |x, p| {
        other::Poisson::new(p[0].exp()).unwrap().ln_pmf(x as u64)
    });
    compare::<StudentT, 3>("StudentT", 1, [4.0, 0.3, 2.0], |x, p| {
        other::StudentsT::new(p[1], p[2], p[0]).unwrap().ln_pdf(x)
    });
    compare::<Gamma, 2>("Gamma", 1, [3.3, 2.0], |x, p| {
        other::Gamma::new(p[0], p[1]).unwrap().ln_pdf(x)
    });
    compare::<NegativeBinomialMean, 2>("NegativeBinomial", 0, [8.0, 2.5], |x, p| {
        other::NegativeBinomial::new(p[1], p[1] / (p[0] + p[1]))
            .unwrap()
            .ln_pmf(x as u64)
    });
    compare::<Poisson, 1>("Poisson::new", 0, [8.0], |x, p| {
        other::Poisson::new(p[0]).unwrap().ln_pmf(x as u64)
    });
    compare::<NegativeBinomial, 2>("NegativeBinomial::new", 1, [2.5, 0.2], |x, p| {
        other::NegativeBinomial::new(p[0], p[1])
            .unwrap()
            .ln_pmf(x as u64)
    });
    compare::<Exponential, 1>("Exponential", 0, [2.0], |x, p| {
        other::Exp::new(p[0]).unwrap().ln_pdf(x)
    });
    compare::<Laplace, 2>("Laplace", 0, [0.3, 2.0], |x, p| {
        other::Laplace::new(p[0], p[1]).unwrap().ln_pdf(x)
    });
}
