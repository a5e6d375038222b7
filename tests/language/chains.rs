//! `markov`: forward recursion equals the sum over all paths, and states are drawn by their conditional frequencies.

use super::checks::sequences;
use super::enumeration::{both, same, sum_of};
use super::{check_density, chi_square, draw, normal};
use ppl::models::{Evaluator, Layout, SiteKind};
use ppl::prelude::*;
use ppl::random::{Purpose, keyed};

const Y: [f64; 6] = [-1.3, 0.2, 0.4, 1.9, 2.2, 7.0];
const U: [f64; 10] = [0.3, -0.4, -0.8, 0.1, 0.9, 0.2, -0.5, 0.6, 0.05, 0.7];

#[model]
fn hmm(y: &[f64]) {
    let rows: [Simplex<3>; 3] = sample(Dirichlet::symmetric(1.0).iid());
    let means: Ordered<3> = sample(Normal::new(0.0, 10.0).iid().ordered());
    let scale: f64 = sample(HalfNormal::new(5.0));
    markov(y.len(), 0, |t, previous| {
        #[enumerate]
        let z: usize = sample(Categorical::new(&rows[previous]));
        if t % 2 == 0 {
            observe(y[t], Normal::new(means[z], scale));
        }
        z
    });
}

/// The same model with its states given.
#[model]
fn hmm_given(y: &[f64], z: &[usize]) {
    let rows: [Simplex<3>; 3] = sample(Dirichlet::symmetric(1.0).iid());
    let means: Ordered<3> = sample(Normal::new(0.0, 10.0).iid().ordered());
    let scale: f64 = sample(HalfNormal::new(5.0));
    let mut previous = 0;
    for t in 0..z.len() {
        let state = z[t];
        observe(state, Categorical::new(&rows[previous]));
        if t % 2 == 0 {
            observe(y[t], Normal::new(means[state], scale));
        }
        previous = state;
    }
}

#[test]
fn a_hidden_markov_model_equals_the_sum_over_all_paths() {
    let layout = Layout::of(&hmm(&Y)).expect("the model binds");
    assert_eq!((layout.dim, layout.discrete.len()), (10, 0));
    let terms: Vec<_> = sequences(6, 3)
        .map(|z| both(&hmm_given(&Y, &z), &U))
        .collect();
    same(both(&hmm(&Y), &U), sum_of(&terms));
    let chain = Hmm::SITES.iter().find(|s| s.kind == SiteKind::Markov);
    assert_eq!(chain.map(|s| s.name), Some("markov"));
}

#[test]
fn states_of_a_chain_are_drawn_by_the_frequencies_of_their_paths() {
    let model = hmm(&Y);
    let weights: Vec<f64> = sequences(6, 3)
        .map(|z| {
            Evaluator::new()
                .log_density(&hmm_given(&Y, &z), &U)
                .total()
                .exp()
        })
        .collect();
    let total: f64 = weights.iter().sum();
    let mut counts = vec![0.0; weights.len()];
    let (mut evaluator, mut rng) = (Evaluator::new(), keyed(2, Purpose::Layout, 0, 0));
    let draws = 40_000;
    for _ in 0..draws {
        let d = evaluator.draw_at_line(&model, &U, &mut rng);
        assert_eq!(d.z.len(), 6);
        let code = d.z.iter().rev().fold(0, |code, z| code * 3 + z);
        counts[code] += 1.0;
    }
    // Whole paths, the rare ones together.
    let (mut seen, mut likely) = (vec![0.0], vec![0.0]);
    for (count, weight) in counts.iter().zip(&weights) {
        if weight / total * f64::from(draws) > 20.0 {
            seen.push(*count);
            likely.push(*weight);
        } else {
            seen[0] += count;
            likely[0] += weight;
        }
    }
    assert!(seen.len() > 20, "{}", seen.len());
    chi_square(&seen, &likely);
}

#[model]
fn walk(y: &[f64]) {
    let step: f64 = sample(HalfNormal::new(1.0));
    markov(y.len(), Real::from(0.0), |t, previous| {
        let x: f64 = sample(Normal::new(previous, step));
        observe(y[t], Normal::new(x, 1.0));
        x
    });
}

#[test]
fn a_chain_of_continuous_states_is_a_random_walk() {
    let u = [0.3, 0.5, -0.2, 1.0];
    let step = 0.3f64.exp();
    let x = &u[1..];
    let prior = 2f64.ln() + normal(step, 0.0, 1.0) + 0.3;
    let walked = normal(x[0], 0.0, step) + normal(x[1], x[0], step) + normal(x[2], x[1], step);
    let y = [0.1, 0.2, 0.3];
    let data: f64 = x.iter().zip(&y).map(|(x, y)| normal(*y, *x, 1.0)).sum();
    check_density(&walk(&y), &u, prior + walked + data);
    let d = draw(&walk(&y), &u);
    assert!((d.step - step).abs() < 1e-15);
    assert_eq!(d.x, x);
    let d = Evaluator::new().prior_draw(&walk(&y), &mut keyed(0, Purpose::Layout, 0, 0));
    assert_eq!(d.x.len(), 3);
}

#[model]
fn switching(y: &[f64]) {
    let stay: f64 = sample(Beta::new(2.0, 1.0));
    markov(y.len(), (false, 0usize), |t, (before, jumps)| {
        #[enumerate]
        let same: bool = sample(Bernoulli::new(stay));
        let now = before == same;
        let jumps = (jumps + usize::from(!same)).min(2);
        let level: f64 = sample(Normal::new(if now { 2.0 } else { 0.0 }, 1.0));
        observe(y[t], Normal::new(level, 1.0 + jumps as f64));
        (now, jumps)
    });
}

fn switching_paths(y: &[f64], u: &[f64]) -> Vec<(f64, Vec<usize>)> {
    let stay = 1.0 / (1.0 + (-u[0]).exp());
    let prior = (2.0 * stay).ln() + (stay * (1.0 - stay)).ln();
    let path = |same: Vec<usize>| {
        let (mut now, mut jumps, mut sum) = (false, 0, prior);
        for t in 0..y.len() {
            let stays = same[t] == 1;
            sum += if stays { stay.ln() } else { (1.0 - stay).ln() };
            now = now == stays;
            jumps = (jumps + usize::from(!stays)).min(2);
            sum += normal(u[t + 1], if now { 2.0 } else { 0.0 }, 1.0);
            sum += normal(y[t], u[t + 1], 1.0 + jumps as f64);
        }
        (sum, same)
    };
    sequences(y.len(), 2).map(path).collect()
}

#[test]
fn a_chain_of_pairs_with_latents_inside_equals_the_sum_over_all_paths() {
    let y = &Y[1..5];
    let u = [0.7, 0.1, 1.8, 0.4, 2.2];
    let paths = switching_paths(y, &u);
    let total: f64 = paths.iter().map(|p| p.0.exp()).sum();
    check_density(&switching(y), &u, total.ln());
    let mut counts = vec![0.0; paths.len()];
    let (mut evaluator, mut rng) = (Evaluator::new(), keyed(3, Purpose::Layout, 0, 0));
    for _ in 0..20_000 {
        let d = evaluator.draw_at_line(&switching(y), &u, &mut rng);
        assert_eq!(d.level, u[1..]);
        let found = paths
            .iter()
            .position(|p| p.1.iter().zip(&d.same).all(|(a, b)| (*a == 1) == *b));
        counts[found.expect("a path")] += 1.0;
    }
    let weights: Vec<f64> = paths.iter().map(|p| p.0.exp()).collect();
    chi_square(&counts, &weights);
}

#[model]
fn grouped(y: &[Vec<f64>]) {
    let p: f64 = sample(Beta::new(2.0, 2.0));
    #[enumerate]
    let fast: bool = sample(Bernoulli::new(0.4));
    plate(y.len(), |g| {
        #[enumerate]
        let high: bool = sample(Bernoulli::new(p));
        markov(y[g].len(), false, |t, before| {
            #[enumerate]
            let on: bool = sample(Bernoulli::new(if before == fast { 0.3 } else { 0.6 }));
            let mean = if on { 1.0 } else { 0.0 } + if high { 2.0 } else { 0.0 };
            observe(y[g][t], Normal::new(mean, 1.0));
            on
        });
    });
}

#[test]
fn chains_stand_in_plates_and_under_global_sites() {
    let y = vec![vec![0.3, 1.9], vec![2.5], vec![0.1, -0.4, 1.2]];
    let u: f64 = -0.3;
    let p = 1.0 / (1.0 + (-u).exp());
    let chain = |y: &[f64], fast: bool, high: bool| -> f64 {
        let path = |on: Vec<usize>| {
            let (mut before, mut product) = (false, 1.0);
            for (t, y) in y.iter().enumerate() {
                let q = if before == fast { 0.3 } else { 0.6 };
                before = on[t] == 1;
                let mean = if before { 1.0 } else { 0.0 } + if high { 2.0 } else { 0.0 };
                product *= if before { q } else { 1.0 - q } * normal(*y, mean, 1.0).exp();
            }
            product
        };
        sequences(y.len(), 2).map(path).sum()
    };
    let of = |fast: bool| -> f64 {
        let group = |y: &Vec<f64>| p * chain(y, fast, true) + (1.0 - p) * chain(y, fast, false);
        y.iter().map(group).product()
    };
    let prior = (6.0 * p * (1.0 - p)).ln() + (p * (1.0 - p)).ln();
    check_density(
        &grouped(&y),
        &[u],
        prior + (0.4 * of(true) + 0.6 * of(false)).ln(),
    );
    let (mut evaluator, mut rng) = (Evaluator::new(), keyed(3, Purpose::Layout, 0, 0));
    let mut counts = [0.0; 4];
    for _ in 0..20_000 {
        let d = evaluator.draw_at_line(&grouped(&y), &[u], &mut rng);
        assert_eq!(d.on.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 3]);
        counts[usize::from(d.fast) + 2 * usize::from(d.high[0])] += 1.0;
    }
    let weight = |fast: bool, high: bool| {
        let (f, h) = (if fast { 0.4 } else { 0.6 }, if high { p } else { 1.0 - p });
        let other = |y: &Vec<f64>| p * chain(y, fast, true) + (1.0 - p) * chain(y, fast, false);
        f * h * chain(&y[0], fast, high) * y[1..].iter().map(other).product::<f64>()
    };
    let weights = [
        weight(false, false),
        weight(true, false),
        weight(false, true),
        weight(true, true),
    ];
    chi_square(&counts, &weights);
}

#[model]
fn in_a_branch(chained: bool, y: &[f64]) {
    let a: f64 = sample(Normal::new(0.0, 1.0));
    if chained {
        markov(y.len(), a, |t, before| {
            let x: f64 = sample(Normal::new(before, 1.0));
            observe(y[t], Normal::new(x, 1.0));
            if t == 0 {
                return x;
            }
            let late: f64 = deterministic(x - before);
            late + before
        });
    }
}

#[test]
fn sites_of_a_chain_are_vectors() {
    let d = draw(&in_a_branch(true, &[0.0, 0.0]), &[1.0, 2.0, 3.5]);
    assert_eq!((d.a, &d.x[..]), (1.0, &[2.0, 3.5][..]));
    assert_eq!(d.late, [None, Some(1.5)]);
    let d = draw(&in_a_branch(false, &[0.0, 0.0]), &[1.0]);
    assert_eq!((d.x.len(), d.late.len()), (0, 0));
}
