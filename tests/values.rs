//! Sums over the values of one discrete site in a column: the rest of the body runs once, and the results are those of one
//! execution for each value.
#![allow(
    clippy::almost_swapped,
    reason = "a value that goes through a `let` is not taken in a column"
)]

use ppl::models::{Evaluator, Model};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};
use std::cell::Cell;

thread_local! {
    static EXECUTIONS: Cell<usize> = const { Cell::new(0) };
}

/// Counts executions of a body.
fn tick() -> f64 {
    EXECUTIONS.set(EXECUTIONS.get() + 1);
    0.0
}

/// A model twice: as it is, and with a copy of the value, so that every value is executed.
macro_rules! twice {
    ($column:ident, $plain:ident, ($($arg:ident: $type:ty),*), |$n:ident| { $($before:tt)* } { $($after:tt)* }) => {
        #[model]
        fn $column($($arg: $type),*) {
            factor(tick());
            $($before)*
            $($after)*
        }
        #[model]
        fn $plain($($arg: $type),*) {
            factor(tick());
            $($before)*
            let copy = $n;
            let $n = copy;
            $($after)*
        }
    };
}

fn both<M: Model>(model: &M, u: &[f64]) -> (f64, Vec<f64>, usize) {
    let mut gradient = vec![0.0; u.len()];
    EXECUTIONS.set(0);
    let value = model.log_density_and_gradient(&mut Evaluator::new(), u, &mut gradient);
    let executions = EXECUTIONS.get();
    let density = Evaluator::new().log_density(model, u).total();
    let close = (value - density).abs() <= 1e-12 * value.abs();
    assert!(close || value == density, "{value} {density}");
    (value, gradient, executions)
}

/// The column against executions value by value.
#[track_caller]
fn agree<A: Model, B: Model>(column: &A, plain: &B, u: &[f64], executions: [usize; 2]) {
    let (a, ga, na) = both(column, u);
    let (b, gb, nb) = both(plain, u);
    assert_eq!([na, nb], executions);
    assert!(
        a == b || (a - b).abs() < 1e-12 * b.abs().max(1.0),
        "{a} {b}"
    );
    let scale = gb.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
    for (x, y) in ga.iter().zip(&gb) {
        assert!((x - y).abs() < 1e-11 * scale, "{ga:?} {gb:?}");
    }
    // On the cube the prior is no part of the density.
    let cube: Vec<f64> = u.iter().map(|u| 1.0 / (1.0 + (-u).exp())).collect();
    let [a, b] = [
        Evaluator::new().log_likelihood(column, &cube),
        Evaluator::new().log_likelihood(plain, &cube),
    ];
    assert!(
        a == b || (a - b).abs() < 1e-12 * b.abs().max(1.0),
        "{a} {b}"
    );
}

/// The same, and the gradient against differences.
#[track_caller]
fn compare<A: Model, B: Model>(column: &A, plain: &B, u: &[f64], executions: [usize; 2]) {
    agree(column, plain, u, executions);
    let (a, ga, _) = both(column, u);
    let scale = ga.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
    if !a.is_finite() {
        return;
    }
    for k in 0..u.len() {
        let at = |h: f64| {
            let mut v = u.to_vec();
            v[k] += h;
            Evaluator::new().log_density(column, &v).total()
        };
        let h = 1e-5;
        let slope = (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
        assert!((slope - ga[k]).abs() < 1e-6 * scale, "{k}: {slope} {ga:?}");
    }
}

twice!(surveys, surveys_plain, (k: &[usize]), |n| {
    let theta = sample(Uniform::new(0.0, 1.0));
    #[enumerate]
    let n: usize = sample(DiscreteUniform::new(1.0, 500.0));
} {
    observe(k, Binomial::new(n, theta).iid());
});

const SURVEYS: [usize; 5] = [16, 18, 22, 25, 27];

#[test]
fn the_number_of_trials_is_summed_out_in_one_execution() {
    for u in [30.0, 12.0, -12.0, -30.0] {
        agree(&surveys(&SURVEYS), &surveys_plain(&SURVEYS), &[u], [1, 500]);
    }
    for u in [-6.0, -3.0, -1.0, 0.4, 2.5, 6.0] {
        compare(&surveys(&SURVEYS), &surveys_plain(&SURVEYS), &[u], [1, 500]);
    }
}

#[test]
fn values_with_impossible_data_count_for_nothing() {
    // Of all values only the last is possible, and then none.
    compare(
        &surveys(&[500, 3]),
        &surveys_plain(&[500, 3]),
        &[0.3],
        [1, 500],
    );
    let (model, plain) = ([501, 3], [501, 3]);
    compare(&surveys(&model), &surveys_plain(&plain), &[0.3], [1, 500]);
    let (value, gradient, _) = both(&surveys(&model), &[0.3]);
    assert_eq!(value, f64::NEG_INFINITY);
    assert!(gradient[0].is_finite());
}

twice!(logits, logits_plain, (k: &[usize], single: u32, again: u32, x: f64), |n| {
    let theta = sample(Normal::new(0.0, 1.0));
    let p = sample(Beta::new(2.0, 2.0));
    #[enumerate]
    let n: usize = sample(Binomial::new(40, p));
} {
    observe(k, Binomial::logit(n, theta).iid());
    observe(single, Binomial::new(n, p));
    observe(again, Binomial::new(2 * n, p));
    let late = sample(Normal::new(theta, 1.0));
    observe(x, Normal::new(n as f64 * late, 2.0));
});

#[test]
fn several_data_a_prior_with_parameters_and_a_latent_below() {
    let u = [0.2, -0.4, 0.9];
    let (column, plain) = (
        logits(&[3, 5, 2], 4, 3, 1.5),
        logits_plain(&[3, 5, 2], 4, 3, 1.5),
    );
    compare(&column, &plain, &u, [1, 41]);
}

twice!(kinds, kinds_plain, (y: &[f64], b: &[f64], c: &[f64], d: &[f64], e: &[f64], some: &[Option<f64>], counts: [usize; 3]), |n| {
    let location = sample(Normal::new(0.0, 1.0));
    let spread = sample(HalfNormal::new(1.0));
    let weights: Simplex<6> = sample(Dirichlet::symmetric(1.0));
    #[enumerate]
    let n: usize = sample(Categorical::new(&weights));
} {
    observe(y, Normal::new(location, spread * (1.0 + n as f64)).iid());
    observe(b, Normal::new(location * n as f64, spread).iid());
    observe(c, each(y, |x| StudentT::new(3.0 + n as f64, location + 0.1 * x, spread)));
    observe(some, Laplace::new(n as f64, spread).iid());
    observe(counts, Poisson::new(0.5 + n as f64).iid());
    observe(d[n], Normal::new(location, spread));
    factor(location * n as f64);
    plate(y.len(), |i| {
        let own: f64 = sample(Normal::new(0.0, 1.0));
        observe(e[i], Normal::new(own + n as f64, spread));
    });
    for x in y {
        observe(x, Normal::new(n as f64, spread));
    }
});

#[test]
fn statements_of_all_kinds() {
    let y = [0.3, -0.2, 1.5, 0.9, -1.1, 0.4, 2.0];
    let some = [Some(0.3), None, Some(2.0)];
    let u = [
        0.2, -0.4, 0.9, 0.3, -0.7, 0.1, 0.5, 0.1, -0.2, 0.3, 0.6, -0.6, 0.7, 1.1,
    ];
    let (column, plain) = (
        kinds(&y, &y, &y, &y, &y, &some, [1, 0, 4]),
        kinds_plain(&y, &y, &y, &y, &y, &some, [1, 0, 4]),
    );
    compare(&column, &plain, &u, [1, 6]);
}

twice!(two, two_plain, (y: &[f64], v: &[f64], labels: &[usize]), |n| {
    let location = sample(Normal::new(0.0, 1.0));
    let weights: Simplex<3> = sample(Dirichlet::symmetric(1.0));
    #[enumerate]
    let wide: bool = sample(Bernoulli::logit(location));
    let spread: f64 = sample(HalfNormal::new(if wide { 3.0 } else { 1.0 }));
    plate(y.len(), |i| {
        #[enumerate]
        let z: bool = sample(Bernoulli::new(0.3));
        observe(y[i], Normal::new(if z { location } else { -location }, spread));
    });
    #[enumerate]
    let n: usize = sample(DiscreteUniform::new(0.0, 4.0));
} {
    if wide {
        observe(v, Normal::new(n as f64, spread).iid());
    }
    // A category that is out of bounds is not like the others.
    observe(labels[n], Categorical::new(&weights));
});

#[test]
fn sums_around_and_inside_and_executions_that_differ() {
    let (y, u) = ([0.3, -0.2, 1.5, 0.9, 0.1], [0.2, -0.4, 0.3, 0.7]);
    // `wide` decides what else is there: each of its values is executed.
    compare(
        &two(&y, &y, &[0, 1, 2, 2, 1]),
        &two_plain(&y, &y, &[0, 1, 2, 2, 1]),
        &u,
        [2, 10],
    );
    let differ = [0, 1, 3, 2, 1];
    compare(
        &two(&y, &y, &differ),
        &two_plain(&y, &y, &differ),
        &u,
        [11, 10],
    );
}

#[model]
fn moved(y: &[f64]) {
    factor(tick());
    let location = sample(Normal::new(0.0, 1.0));
    let many = vec![location; 3];
    #[enumerate]
    let n: usize = sample(DiscreteUniform::new(0.0, 4.0));
    // A vector can be moved once only: every value is executed.
    observe(y, Normal::new(many, 1.0 + n as f64));
}

#[model]
fn branches(y: &[f64]) {
    factor(tick());
    let location = sample(Normal::new(0.0, 1.0));
    #[enumerate]
    let n: usize = sample(DiscreteUniform::new(0.0, 4.0));
    if n > 2 {
        observe(y, Normal::new(location, 1.0).iid());
    }
}

#[test]
fn other_bodies_are_executed_value_by_value() {
    let y = [0.3, -0.2, 1.5];
    assert_eq!(both(&moved(&y), &[0.4]).2, 5);
    assert_eq!(both(&branches(&y), &[0.4]).2, 5);
}

#[model]
fn part(y: &[f64]) {
    #[enumerate]
    let m: usize = sample(DiscreteUniform::new(0.0, 4.0));
    observe(y, Normal::new(m as f64, 1.0).iid());
}

#[model]
fn whole(y: &[f64]) {
    factor(tick());
    let location = sample(Normal::new(0.0, 1.0));
    #[enumerate]
    let n: usize = sample(DiscreteUniform::new(0.0, 5.0));
    let inner = submodel(part(y));
    observe(y, Normal::new(location * n as f64, 1.0).iid());
}

#[test]
fn a_submodel_has_no_part_in_the_column_of_its_caller() {
    let y = [0.3, -0.2, 1.5];
    let (value, _, executions) = both(&whole(&y), &[0.4]);
    assert_eq!(executions, 5);
    let normal = |x: f64, m: f64| -0.5 * (x - m) * (x - m) - 0.5 * std::f64::consts::TAU.ln();
    let of = |m: f64| y.iter().map(|y| normal(*y, m)).sum::<f64>().exp();
    let first: f64 = (0..6).map(|n| of(0.4 * f64::from(n)) / 6.0).sum();
    let second: f64 = (0..5).map(|m| of(f64::from(m)) / 5.0).sum();
    let expected = normal(0.4, 0.0) + first.ln() + second.ln();
    assert!((value - expected).abs() < 1e-12, "{value} {expected}");
}

/// Σ (observed − expected)²/expected, of which few in a million are above this for so many classes.
fn fits(counts: &[f64], weights: &[f64]) {
    let (n, total) = (counts.iter().sum::<f64>(), weights.iter().sum::<f64>());
    let mut classes = 0.0_f64;
    let chi: f64 = counts
        .iter()
        .zip(weights)
        .map(|(c, w)| (c, n * w / total))
        .filter(|(c, e)| {
            assert!(*e > 0.0 || **c == 0.0);
            *e > 5.0
        })
        .map(|(c, e)| {
            classes += 1.0;
            (c - e) * (c - e) / e
        })
        .sum();
    assert!(
        classes > 3.0 && chi < classes + 5.0 * (2.0 * classes).sqrt() + 10.0,
        "{chi} {classes}"
    );
}

#[test]
fn draws_of_the_value_have_their_conditional_frequencies() {
    let (theta, model) = (0.2_f64, surveys(&SURVEYS));
    let mut rng = keyed(3, Purpose::Layout, 0, 0);
    let mut evaluator = Evaluator::new();
    let mut counts = [0.0; 501];
    EXECUTIONS.set(0);
    for _ in 0..20_000 {
        let d = evaluator.draw_at_cube(&model, &[theta], &mut rng);
        assert!((d.theta - theta).abs() < 1e-15);
        counts[d.n] += 1.0;
    }
    assert_eq!(EXECUTIONS.get(), 40_000);
    let weights: Vec<f64> = (0..=500)
        .map(|n| {
            let ln_p = |k: &usize| {
                if *k > n || n == 0 {
                    return f64::NEG_INFINITY;
                }
                let coefficient: f64 = (0..*k)
                    .map(|i| ((n - i) as f64 / (*k - i) as f64).ln())
                    .sum();
                coefficient + *k as f64 * theta.ln() + (n - k) as f64 * (-theta).ln_1p()
            };
            SURVEYS.iter().map(ln_p).sum::<f64>().exp()
        })
        .collect();
    fits(&counts, &weights);
}

#[model]
fn chain(y: &[f64]) {
    let stay: f64 = sample(Beta::new(2.0, 2.0));
    markov(y.len(), 0, |t, before: usize| {
        let p: [Real; 3] = std::array::from_fn(|k| {
            if k == before {
                stay
            } else {
                0.5 * (1.0 - stay)
            }
        });
        #[enumerate]
        let state: usize = sample(Categorical::new(p));
        observe(y[t], Normal::new(state as f64, 1.0));
        state
    });
}

#[test]
fn states_of_a_chain_are_drawn_backwards_in_columns() {
    let y = [0.2, 1.3, 1.9, 0.7, 2.5, 0.1, 0.4];
    let stay = 0.6;
    let mut rng = keyed(4, Purpose::Layout, 0, 0);
    let mut evaluator = Evaluator::new();
    let code = |states: &[usize]| states.iter().fold(0, |c, s| 3 * c + s);
    let mut counts = vec![0.0; 3_usize.pow(7)];
    for _ in 0..200_000 {
        let d = evaluator.draw_at_line(&chain(&y), &[f64::ln(stay / (1.0 - stay))][..], &mut rng);
        counts[code(&d.state)] += 1.0;
    }
    let weights: Vec<f64> = (0..counts.len())
        .map(|mut c| {
            let mut states = [0; 7];
            for s in states.iter_mut().rev() {
                (*s, c) = (c % 3, c / 3);
            }
            let (mut before, mut w) = (0, 1.0);
            for (s, y) in states.iter().zip(y) {
                w *= if *s == before {
                    stay
                } else {
                    0.5 * (1.0 - stay)
                };
                w *= (-0.5 * (y - *s as f64) * (y - *s as f64)).exp();
                before = *s;
            }
            w
        })
        .collect();
    fits(&counts, &weights);
}

#[test]
fn predictions_and_the_posterior_see_the_value() {
    let model = surveys(&SURVEYS);
    let run = Nuts::new(&model)
        .chains(2)
        .draws(500)
        .seed(1)
        .run()
        .expect("the model runs");
    assert!(run.draws().mean(|d| f64::from(u8::from(d.n >= 27))) == 1.0);
    let predicted = run.predictive(&model, 50, 1).expect("predictions");
    let _ = predicted;
    let words = model.log_likelihood(run.draws()).unwrap_err().to_string();
    assert!(
        words.contains("all data depend on `n`, which is summed out"),
        "{words}"
    );
}
