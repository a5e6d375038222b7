//! One body, three modes: values and gradients of whole models agree.

use ppl::models::{Evaluator, Layout, Model};
use ppl::prelude::*;

#[model]
fn continuous(y: &[f64; 6]) {
    let normal: f64 = sample(Normal::new(0.5, 2.0));
    let half_normal: f64 = sample(HalfNormal::new(1.5));
    let log_normal: f64 = sample(LogNormal::new(normal, 0.7));
    let student: f64 = sample(StudentT::new(half_normal + 3.0, normal, 1.2));
    let cauchy: f64 = sample(Cauchy::new(student, half_normal));
    let half_cauchy: f64 = sample(HalfCauchy::new(log_normal));
    let uniform: f64 = sample(Uniform::new(normal - 2.0, normal + 1.0));
    let exponential: f64 = sample(Exponential::new(half_cauchy + 0.1));
    let gamma: f64 = sample(Gamma::new(exponential + 1.0, half_normal + 0.5));
    let inverse_gamma: f64 = sample(InverseGamma::new(gamma + 2.0, 1.3));
    let beta: f64 = sample(Beta::new(gamma + 1.0, inverse_gamma + 1.0));
    let laplace: f64 = sample(Laplace::new(uniform, beta + 0.5));
    observe(
        y,
        Normal::new(laplace + cauchy.tanh(), (beta + 0.3).sqrt()).iid(),
    );
    let first = y[0];
    observe(first, StudentT::new(gamma + 1.0, laplace, 1.0));
}

#[model]
fn discrete_data(
    flips: &[bool; 4],
    more_flips: &[bool; 4],
    counts: &[usize; 4],
    totals: &[usize; 4],
    tries: &[usize; 4],
    kinds: &[usize; 5],
    x: &[[f64; 2]; 4],
) {
    let rate: f64 = sample(Gamma::new(2.0, 1.0));
    let share: f64 = sample(Beta::new(2.0, 3.0));
    let slopes: [f64; 2] = sample(MvNormal::cholesky([0.1, 0.2], [[1.0, 0.0], [0.4, 0.8]]));
    let weights: Simplex<4> = sample(Dirichlet::new([1.5, 2.0, 0.7, 3.0]));
    let levels: Ordered<3> = sample(Normal::new(0.0, 2.0).iid().ordered());
    observe(flips, Bernoulli::new(share).iid());
    observe(more_flips, Bernoulli::logit(matvec(x, &slopes) + levels[0]));
    observe(counts, each(x, |r| Poisson::log(dot(&slopes, r))));
    observe(totals, Poisson::new(rate).iid());
    observe(
        tries,
        each(x, |r| Binomial::logit(20, dot(r, &slopes) + levels[1])),
    );
    let successes = tries[1];
    observe(successes, Binomial::new(25, share));
    observe(kinds, Categorical::new(&weights).iid());
    let kind = kinds[2];
    observe(
        kind,
        Categorical::logits([levels[0], levels[1], levels[2], rate]),
    );
    let point = [0.3, -0.2];
    observe(
        point,
        MvNormal::cholesky(&slopes, [[rate + 0.5, share * 0.0], [share, rate + 1.0]]),
    );
}

#[model]
fn vectors(y: &[f64], error: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 5.0));
    let spread: f64 = sample(HalfNormal::new(5.0));
    let effects: Vec<f64> = sample(Normal::new(mean, spread).iid_n(y.len()));
    let scales: Vec<f64> = sample(each(error, |e| LogNormal::new(e.ln(), spread)));
    observe(y, Normal::new(&effects, error));
    let (second, third) = (y, y);
    observe(second, Normal::new(&effects, &scales));
    observe(third, each(&effects, |e| Laplace::new(e, 1.0)));
    let offsets: Vec<f64> = sample(Normal::new(&effects, 1.0));
    factor(-0.1 * log_sum_exp(&offsets));
}

fn gradients<M: Model>(model: &M) {
    let dim = Layout::of(model).unwrap().dim;
    let mut e = Evaluator::new();
    for point in 0..5 {
        let u: Vec<f64> = (0..dim)
            .map(|i| 0.7 * f64::sin((i * 7 + point * 13) as f64))
            .collect();
        let value = e.log_density(model, &u).total();
        assert!(value.is_finite());
        let [mut whole, mut chunks, mut reverse, mut chosen] = [(); 4].map(|()| vec![0.0; dim]);
        let values = [
            e.forward::<32, _>(model, &u, &mut whole),
            e.forward::<3, _>(model, &u, &mut chunks),
            e.reverse(model, &u, &mut reverse),
            model.log_density_and_gradient(&mut e, &u, &mut chosen),
        ];
        for v in values {
            assert!(
                (v - value).abs() <= 1e-12 * value.abs().max(1.0),
                "{v} {value}"
            );
        }
        let size = whole.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
        for i in 0..dim {
            for other in [chunks[i], reverse[i], chosen[i]] {
                assert!(
                    (other - whole[i]).abs() <= 1e-12 * size,
                    "{i}: {other} {}",
                    whole[i]
                );
            }
            let h = 1e-5;
            let mut at = |step: f64| {
                let mut v = u.clone();
                v[i] += step;
                e.log_density(model, &v).total()
            };
            let slope = (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
            assert!(
                (slope - whole[i]).abs() <= 1e-7 * size,
                "{i}: {slope} {}",
                whole[i]
            );
        }
    }
}

#[test]
fn continuous_families() {
    gradients(&continuous(&[0.3, -1.0, 2.5, 0.0, 0.7, 1.1]));
}

#[test]
fn discrete_families_and_vectors() {
    let x = [[0.5, -1.0], [1.5, 0.3], [-0.2, 0.9], [0.0, 0.0]];
    let (flips, more) = ([true, false, true, true], [false, false, true, false]);
    let (counts, totals, tries) = ([3, 0, 7, 1], [1, 2, 0, 4], [5, 20, 0, 11]);
    gradients(&discrete_data(
        &flips,
        &more,
        &counts,
        &totals,
        &tries,
        &[0, 3, 2, 2, 1],
        &x,
    ));
}

#[test]
fn data_sized_sites() {
    let y: Vec<f64> = (0..9).map(|i| f64::from(i).sin() * 3.0).collect();
    let error: Vec<f64> = (0..9).map(|i| 0.5 + f64::from(i) * 0.2).collect();
    gradients(&vectors(&y, &error));
}

/// What elements of `each` carry from one to the next is no part of any block.
#[test]
fn numbers_carried_along_the_items() {
    #[model]
    fn smoothed(y: &[f64]) {
        let start: f64 = sample(Normal::new(0.0, 1.0));
        let memory: f64 = sample(Beta::new(2.0, 2.0));
        let noise: f64 = sample(HalfNormal::new(1.0));
        let levels = y.iter().scan(start, |level, x| {
            *level = *level * memory + x * (1.0 - memory);
            Some(*level)
        });
        observe(y, each(levels, |level| Normal::new(level.exp(), noise)));
    }
    let y: Vec<f64> = (0..200).map(|i| f64::from(i).sin()).collect();
    gradients(&smoothed(&y));
}

/// Blocks, the rest of the last block, and shared operands.
#[test]
fn sites_of_many_blocks() {
    #[model]
    fn regression(x: &[[f64; 9]], y: &[f64], z: &[bool]) {
        let coefs: [f64; 9] = sample(Normal::new(0.0, 1.0).iid());
        let noise: f64 = sample(HalfNormal::new(1.0));
        let twice = 2.0 * coefs[4] + coefs[8];
        observe(
            y,
            each(x, |r| {
                Normal::new(dot(&coefs, r) + twice, noise * (r[0] * coefs[1]).exp())
            }),
        );
        observe(
            z,
            each(x, |r| Bernoulli::logit(dot(&coefs[2..5], &r[..3]) * twice)),
        );
    }
    let x: Vec<[f64; 9]> = (0..150)
        .map(|i| std::array::from_fn(|j| ((i * 9 + j) as f64).sin()))
        .collect();
    let y: Vec<f64> = (0..150).map(|i| f64::from(i).cos()).collect();
    let z: Vec<bool> = (0..150).map(|i| i % 3 == 0).collect();
    gradients(&regression(&x, &y, &z));
}

/// The density on the cube is that on R^n without its prior.
#[test]
fn the_cube_and_the_line_see_one_likelihood() {
    #[model]
    fn both(y: &[f64]) {
        let mean: f64 = sample(Normal::new(1.0, 2.0));
        let scale: f64 = sample(Exponential::new(0.5));
        observe(y, Normal::new(mean, scale).iid());
    }
    let y = [0.2, 1.7, -0.4];
    let model = both(&y);
    let mut e = Evaluator::new();
    // Φ(0.25) and 1 − e^(−0.5·1.3).
    let cube = [0.598_706_325_682_923_7, 1.0 - (-0.65_f64).exp()];
    let on_cube = e.log_likelihood(&model, &cube);
    let on_line = e.log_density(&model, &[1.5, 1.3_f64.ln()]);
    assert!((on_cube - on_line.likelihood).abs() < 1e-13);
    assert!((on_line.jacobian - 1.3_f64.ln()).abs() < 1e-15);
    let normal = -0.5 * 0.25_f64.powi(2) - 2f64.ln() - 0.5 * std::f64::consts::TAU.ln();
    assert!((on_line.prior - (normal + 0.5_f64.ln() - 0.65)).abs() < 1e-14);
}
