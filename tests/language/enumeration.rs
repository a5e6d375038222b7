//! `#[enumerate]`: sums over discrete latents equal sums written out, and draws have their conditional frequencies.

use super::checks::sequences;
use super::{check_density, chi_square, draw_at_cube, normal};
use ppl::models::{Evaluator, Layout};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};

#[model]
fn mixture(y: &[f64]) {
    let weights: Simplex<3> = sample(Dirichlet::symmetric(1.0));
    let means: Ordered<3> = sample(Normal::new(0.0, 10.0).iid().ordered());
    let scale: f64 = sample(HalfNormal::new(5.0));
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new(&weights));
        observe(y[i], Normal::new(means[z], scale));
    });
}

/// The same model with its states given.
#[model]
fn mixture_given(y: &[f64], z: &[usize]) {
    let weights: Simplex<3> = sample(Dirichlet::symmetric(1.0));
    let means: Ordered<3> = sample(Normal::new(0.0, 10.0).iid().ordered());
    let scale: f64 = sample(HalfNormal::new(5.0));
    observe(z, Categorical::new(&weights).iid());
    observe(y, each(z, |&z| Normal::new(means[z], scale)));
}

/// ln Σ eˣ and the average of the gradients by eˣ.
pub fn sum_of(terms: &[(f64, Vec<f64>)]) -> (f64, Vec<f64>) {
    let max = terms.iter().map(|t| t.0).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = terms.iter().map(|t| (t.0 - max).exp()).sum();
    let mut gradient = vec![0.0; terms[0].1.len()];
    for (value, g) in terms {
        for (total, g) in gradient.iter_mut().zip(g) {
            *total += (value - max).exp() / sum * g;
        }
    }
    (max + sum.ln(), gradient)
}

/// The log density and the gradient of a model at a point.
pub fn both<M: Model>(model: &M, u: &[f64]) -> (f64, Vec<f64>) {
    let mut gradient = vec![0.0; u.len()];
    let value = model.log_density_and_gradient(&mut Evaluator::new(), u, &mut gradient);
    let density = Evaluator::new().log_density(model, u).total();
    assert!(
        (value - density).abs() <= 1e-12 * value.abs(),
        "{value} {density}"
    );
    (value, gradient)
}

/// The same to 1e-12, relative to the largest.
#[track_caller]
pub fn same((value, gradient): (f64, Vec<f64>), (brute, slopes): (f64, Vec<f64>)) {
    assert!(
        (value - brute).abs() < 1e-12 * brute.abs().max(1.0),
        "{value} {brute}"
    );
    let scale = slopes.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
    for (g, s) in gradient.iter().zip(&slopes) {
        assert!((g - s).abs() < 1e-12 * scale, "{gradient:?} {slopes:?}");
    }
}

const Y: [f64; 6] = [-1.3, 0.2, 0.4, 1.9, 2.2, 7.0];
const U: [f64; 6] = [0.3, -0.4, -0.8, 0.1, 0.9, 0.2];

#[test]
fn a_mixture_equals_the_sum_over_all_states() {
    let terms: Vec<_> = sequences(6, 3)
        .map(|z| both(&mixture_given(&Y, &z), &U))
        .collect();
    same(both(&mixture(&Y), &U), sum_of(&terms));
}

#[test]
fn a_mixture_has_six_coordinates_and_its_states_in_its_draws() {
    let layout = Layout::of(&mixture(&Y)).expect("the model binds");
    assert_eq!((layout.dim, layout.cube_dim), (6, 6));
    assert!(layout.discrete.is_empty());
    let d = draw_at_cube(&mixture(&Y), &[0.5; 6]);
    assert_eq!(d.z.len(), 6);
    let latents = MixtureLatents::from(d.clone());
    assert_eq!(latents.scale, d.scale);
}

#[test]
fn recovered_states_have_their_conditional_frequencies() {
    let u = [0.4, 0.6, 0.3, 0.5, 0.7, 0.5];
    let model = mixture(&Y);
    let given = |z: &[usize]| {
        let mut e = Evaluator::new();
        e.log_likelihood(&mixture_given(&Y, z), &u)
    };
    let d = draw_at_cube(&model, &u);
    let mut evaluator = Evaluator::new();
    let mut rng = keyed(5, Purpose::Layout, 0, 0);
    let mut counts = [[0.0; 3]; 6];
    let draws = 20_000;
    for _ in 0..draws {
        let d = evaluator.draw_at_cube(&model, &u, &mut rng);
        for (count, z) in counts.iter_mut().zip(&d.z) {
            count[*z] += 1.0;
        }
    }
    for (i, counts) in counts.iter().enumerate() {
        let mut z = d.z.clone();
        let weights: Vec<f64> = (0..3)
            .map(|k| {
                z[i] = k;
                given(&z).exp()
            })
            .collect();
        chi_square(counts, &weights);
    }
}

#[model]
fn joint(y: &[f64]) {
    let p: f64 = sample(Beta::new(2.0, 2.0));
    plate(y.len(), |i| {
        #[enumerate]
        let a: bool = sample(Bernoulli::new(p));
        let q: [Real; 3] = if a {
            [p, 1.0 - p, p * p]
        } else {
            [Real::from(0.2), p, Real::from(0.5)]
        };
        #[enumerate]
        let b: usize = sample(Categorical::new(q));
        #[enumerate]
        let c: usize = sample(Binomial::new(2, p));
        observe(
            y[i],
            Normal::new(f64::from(u8::from(a)) + b as f64 * p, 1.0 + c as f64),
        );
    });
}

#[test]
fn sites_that_share_an_element_are_summed_jointly() {
    let u = 0.3;
    let expected = |u: f64| {
        let p = 1.0 / (1.0 + (-u).exp());
        let prior = (6.0 * p * (1.0 - p)).ln() + (p * (1.0 - p)).ln();
        let each = |y: &f64| {
            let mut sum = 0.0;
            for a in 0..2 {
                let q = if a == 1 {
                    [p, 1.0 - p, p * p]
                } else {
                    [0.2, p, 0.5]
                };
                let total: f64 = q.iter().sum();
                for (b, q) in q.iter().enumerate() {
                    for (c, r) in [(1.0 - p).powi(2), 2.0 * p * (1.0 - p), p * p]
                        .iter()
                        .enumerate()
                    {
                        let a_weight = if a == 1 { p } else { 1.0 - p };
                        let mean = a as f64 + b as f64 * p;
                        sum += a_weight * q / total * r * normal(*y, mean, 1.0 + c as f64).exp();
                    }
                }
            }
            sum.ln()
        };
        prior + Y.iter().map(each).sum::<f64>()
    };
    check_density(&joint(&Y), &[u], expected(u));
}

#[model]
fn dependent(y: f64) {
    let p: f64 = sample(Beta::new(2.0, 2.0));
    #[enumerate]
    let two: bool = sample(Bernoulli::new(0.3));
    let mut mean = 0.0;
    if two {
        #[enumerate]
        let shift: usize = sample(Categorical::new([0.2, 0.3, 0.5]));
        mean = shift as f64;
        for _ in 0..2 {
            let again = y;
            observe(again, Normal::new(1.0, 2.0));
        }
    }
    observe(y, Normal::new(mean * p, 1.0));
}

#[test]
fn an_enumerated_site_may_depend_on_another() {
    let (u, y): (f64, f64) = (-0.2, 0.7);
    let p = 1.0 / (1.0 + (-u).exp());
    let prior = (6.0 * p * (1.0 - p)).ln() + (p * (1.0 - p)).ln();
    let twice = (2.0 * normal(y, 1.0, 2.0)).exp();
    let shifted = |k: usize, w: f64| w * normal(y, k as f64 * p, 1.0).exp();
    let second = 0.3 * twice * (shifted(0, 0.2) + shifted(1, 0.3) + shifted(2, 0.5));
    let likelihood = (0.7 * normal(y, 0.0, 1.0).exp() + second).ln();
    check_density(&dependent(y), &[u], prior + likelihood);
    let mut rng = keyed(7, Purpose::Layout, 0, 0);
    let model = dependent(y);
    let mut counts = [0.0; 4];
    for _ in 0..20_000 {
        let d = Evaluator::new().draw_at_line(&model, &[u], &mut rng);
        assert_eq!(d.two, d.shift.is_some());
        counts[d.shift.map_or(0, |k| k + 1)] += 1.0;
    }
    let each = [
        0.7 * normal(y, 0.0, 1.0).exp(),
        0.3 * twice * shifted(0, 0.2),
        0.3 * twice * shifted(1, 0.3),
        0.3 * twice * shifted(2, 0.5),
    ];
    chi_square(&counts, &each);
}

#[model]
fn around(y: &[f64]) {
    let spread: f64 = sample(HalfNormal::new(1.0));
    #[enumerate]
    let kind: usize = sample(Categorical::new([0.5, 0.2, 0.3]));
    plate(y.len(), |i| {
        #[enumerate]
        let z: bool = sample(Bernoulli::new(0.2 + 0.3 * kind as f64));
        let mean = if z { kind as f64 } else { -1.0 };
        observe(y[i], Normal::new(mean, spread));
    });
    let first = y[0];
    observe(first, Normal::new(kind as f64, 3.0));
}

fn around_weights(spread: f64) -> Vec<f64> {
    let one = |kind: usize| {
        let z = 0.2 + 0.3 * kind as f64;
        let each = |y: &f64| {
            z * normal(*y, kind as f64, spread).exp() + (1.0 - z) * normal(*y, -1.0, spread).exp()
        };
        let data: f64 = Y.iter().map(each).product();
        [0.5, 0.2, 0.3][kind] * data * normal(Y[0], kind as f64, 3.0).exp()
    };
    (0..3).map(one).collect()
}

#[test]
fn a_site_around_plates_is_summed_over_them() {
    let u: f64 = 0.4;
    let spread = u.exp();
    let prior = 2f64.ln() + normal(spread, 0.0, 1.0) + u;
    let weights = around_weights(spread);
    check_density(&around(&Y), &[u], prior + weights.iter().sum::<f64>().ln());
    let mut counts = [0.0; 3];
    let mut states = [[0.0; 2]; 3];
    let mut rng = keyed(8, Purpose::Layout, 0, 0);
    let mut evaluator = Evaluator::new();
    for _ in 0..20_000 {
        let d = evaluator.draw_at_line(&around(&Y), &[u], &mut rng);
        counts[d.kind] += 1.0;
        states[d.kind][usize::from(d.z[3])] += 1.0;
    }
    chi_square(&counts, &weights);
    for (kind, states) in states.iter().enumerate() {
        let z = 0.2 + 0.3 * kind as f64;
        let of = [
            (1.0 - z) * normal(Y[3], -1.0, spread).exp(),
            z * normal(Y[3], kind as f64, spread).exp(),
        ];
        chi_square(states, &of);
    }
}

#[model]
fn latents_inside() {
    let y = 0.5;
    plate(2, |_| {
        #[enumerate]
        let z: usize = sample(Categorical::new([0.3, 0.7]));
        let x: f64 = sample(Normal::new([-1.0, 2.0][z], 1.0));
        observe(y, Normal::new(x, 1.0 + z as f64));
    });
}

#[test]
fn latents_inside_an_enumerated_plate_have_the_summed_prior() {
    let u = [0.4, -0.7];
    let (w, mu): ([f64; 2], _) = ([0.3, 0.7], [-1.0, 2.0]);
    let sum = |term: &dyn Fn(usize, f64) -> f64| -> f64 {
        let one = |x: &f64| (term(0, *x).exp() + term(1, *x).exp()).ln();
        u.iter().map(one).sum()
    };
    let prior = sum(&|z, x| w[z].ln() + normal(x, mu[z], 1.0));
    let total = sum(&|z, x| w[z].ln() + normal(x, mu[z], 1.0) + normal(0.5, x, 1.0 + z as f64));
    let density = Evaluator::new().log_density(&latents_inside(), &u);
    assert!((density.prior - prior).abs() < 1e-12);
    check_density(&latents_inside(), &u, total);
}

#[model]
fn supports(y: f64) {
    plate(2, |_| {
        #[enumerate]
        let z: bool = sample(Bernoulli::new(0.4));
        let width = if z { 3.0 } else { 1.0 };
        let x: f64 = sample(Uniform::new(-width, width));
        observe(y, Normal::new(x, 1.0));
    });
}

#[test]
fn a_jacobian_that_differs_between_states_is_summed_with_them() {
    // At one point of R^n the two states have values of x of their own.
    let u = [0.4, -0.7];
    let y = 0.5;
    let one = |u: f64| {
        let s = 1.0 / (1.0 + (-u).exp());
        let of = |weight: f64, width: f64| {
            let jacobian = 2.0 * width * s * (1.0 - s);
            weight / (2.0 * width) * jacobian * normal(y, width * (2.0 * s - 1.0), 1.0).exp()
        };
        (of(0.6, 1.0) + of(0.4, 3.0)).ln()
    };
    check_density(&supports(y), &u, u.iter().copied().map(one).sum());
}

#[model]
fn nested(y: &[Vec<f64>]) {
    let a: f64 = sample(Normal::new(0.0, 1.0));
    plate(y.len(), |g| {
        #[enumerate]
        let group: bool = sample(Bernoulli::new(0.25));
        plate(y[g].len(), |i| {
            #[enumerate]
            let z: bool = sample(Bernoulli::new(if group { 0.9 } else { 0.2 }));
            for k in 0..2 {
                observe(y[g][i], Normal::new(if z { a } else { -a }, 1.0 + k as f64));
            }
        });
    });
}

#[test]
fn nested_plates_sum_element_by_element() {
    let a = 0.6;
    let y = vec![vec![0.3, 1.0], vec![-0.5], vec![]];
    let element = |y: f64, p: f64| {
        let at = |m: f64| (normal(y, m, 1.0) + normal(y, m, 2.0)).exp();
        p * at(a) + (1.0 - p) * at(-a)
    };
    let group = |y: &Vec<f64>| {
        let of = |p: f64| y.iter().map(|y| element(*y, p)).product::<f64>();
        (0.25 * of(0.9) + 0.75 * of(0.2)).ln()
    };
    let expected = normal(a, 0.0, 1.0) + y.iter().map(group).sum::<f64>();
    check_density(&nested(&y), &[a], expected);
    let d = draw_at_cube(&nested(&y), &[0.5]);
    assert_eq!(d.z.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 0]);
    assert_eq!(d.group.len(), 3);
}

#[test]
fn draws_of_a_nested_run_have_the_enumerated_states() -> Result<(), ppl::Error> {
    let model = around(&Y);
    let run = NestedSampler::new(&model).seed(3).run()?;
    // The evidence by quadrature over ln(spread), which is the one coordinate.
    let steps = 20_000;
    let integrand = |k: i32| {
        let u = -6.0 + 10.0 * (f64::from(k) + 0.5) / f64::from(steps);
        let prior = (2f64.ln() + normal(u.exp(), 0.0, 1.0) + u).exp();
        let weights = around_weights(u.exp());
        (prior * weights.iter().sum::<f64>(), prior * weights[1])
    };
    let all: Vec<_> = (0..steps).map(integrand).collect();
    let step = 10.0 / f64::from(steps);
    let evidence: f64 = all.iter().map(|t| t.0).sum::<f64>() * step;
    let second: f64 = all.iter().map(|t| t.1).sum::<f64>() * step / evidence;
    let estimate = run.log_evidence();
    assert!(
        (estimate.mean - evidence.ln()).abs() < 5.0 * estimate.sd,
        "{estimate:?} {}",
        evidence.ln()
    );
    let draws = run.draws(4000, 2)?;
    assert!(draws.iter().all(|d| d.z.len() == 6));
    let found = draws.mean(|d| f64::from(u8::from(d.kind == 1)));
    let error = (second * (1.0 - second) / run.ess().min(4000.0)).sqrt();
    assert!(
        (found - second).abs() < 5.0 * error,
        "{found} {second} ± {error}"
    );
    Ok(())
}
