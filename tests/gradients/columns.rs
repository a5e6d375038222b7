//! Plates and chains whose elements differ in their data alone are summed many elements at a time: the results are
//! those of summing element by element.

use super::by_hand::site;
use super::workloads::wave;
use ppl::__private::{ArgumentReport, Frame, Site, SiteKind};
use ppl::models::{Evaluator, Interpreter, Model};
use ppl::prelude::*;

/// Statements with none, some and all of their parameters constant, a term without data, and two sites to sum over.
struct Plate {
    alike: bool,
    y: Vec<f64>,
    counts: Vec<u32>,
}
written_by_hand!(
    Plate,
    [
        site("weights", SiteKind::Sample, 2),
        site("mean", SiteKind::Sample, 1),
        site("scale", SiteKind::Sample, 1),
        site("plate", SiteKind::Plate, 0),
        site("z", SiteKind::Enumerate, 0),
        site("again", SiteKind::Enumerate, 0),
        site("y", SiteKind::Observe, 0),
    ],
    |this, i| {
        let weights = i.sample::<Simplex<3>, _>(0, Dirichlet::symmetric(1.0));
        let mean = i.sample::<f64, _>(1, Normal::new(0.0, 2.0));
        let scale = i.sample::<f64, _>(2, HalfNormal::new(1.0));
        macro_rules! element {
            () => {
                |i, k| {
                    let z = i.enumerate::<usize, _>(4, Categorical::new(&weights));
                    let location = 2.0 * mean + z as f64;
                    i.observe_at(6, k, |k| &this.y[k], Normal::new(location, scale));
                    i.observe_at(6, k, |k| &this.y[k], StudentT::new(4.0, location, 1.5));
                    if z == 1 {
                        // A site that only some combinations have.
                        let again = i.enumerate::<bool, _>(5, Bernoulli::new(0.25));
                        i.factor(6, if again { mean } else { 0.5 * mean });
                        i.observe_at(6, k, |k| &this.counts[k], Poisson::log(0.1 * mean));
                    } else {
                        i.observe_at(6, k, |k| &this.y[k], Laplace::new(1.0, 2.0));
                        i.observe_at(6, k, |k| &this.y[k], StudentT::new(scale, 0.0, 1.0));
                    }
                }
            };
        }
        if this.alike {
            i.plate_alike(3, this.y.len(), element!());
        } else {
            i.plate_enumerated(3, this.y.len(), element!());
        }
    }
);

/// A chain of three states that can all be reached from each, or that never goes back.
#[derive(Clone)]
struct Chain {
    alike: bool,
    one_way: bool,
    y: Vec<f64>,
}
written_by_hand!(
    Chain,
    [
        site("stay", SiteKind::Sample, 1),
        site("step", SiteKind::Sample, 1),
        site("scale", SiteKind::Sample, 1),
        site("chain", SiteKind::Markov, 0),
        site("z", SiteKind::Enumerate, 0),
        site("y", SiteKind::Observe, 0),
    ],
    |this, i| {
        let stay = i.sample::<f64, _>(0, Beta::new(2.0, 2.0));
        let step = i.sample::<f64, _>(1, Normal::new(0.0, 2.0));
        let scale = i.sample::<f64, _>(2, HalfNormal::new(1.0));
        macro_rules! step {
            () => {
                |i, t, before: usize| {
                    let back = if this.one_way && before > 0 { 0.0 } else { 0.1 };
                    let mut weights = [Real::from(back); 3];
                    weights[before] = stay * 1.0;
                    weights[(before + 1) % 3] = 0.9 - stay * 0.5;
                    let z = i.enumerate::<usize, _>(4, Categorical::new(&weights));
                    i.observe_at(5, t, |t| &this.y[t], Normal::new(step * z as f64, scale));
                    z
                }
            };
        }
        if this.alike {
            i.markov_alike(3, this.y.len(), 0_usize, step!());
        } else {
            i.markov(3, this.y.len(), 0_usize, step!());
        }
    }
);

fn same<T: Model>(one: &T, other: &T, u: &[f64]) {
    let mut e = Evaluator::new();
    let mut gradients = Vec::new();
    let mut values = Vec::new();
    for model in [one, other] {
        let mut g = vec![0.0; u.len()];
        values.push(e.log_density(model, u).likelihood);
        values.push(e.reverse(model, u, &mut g) - e.log_density(model, u).total());
        gradients.push(g.clone());
        e.forward::<4, _>(model, u, &mut g);
        gradients.push(g);
    }
    let close = |a: f64, b: f64| a == b || (a - b).abs() <= 1e-12 * b.abs().max(1.0);
    assert!(close(values[0], values[2]), "{values:?}");
    assert!(
        values[1].abs() <= 1e-12 * values[0].abs() && values[3].abs() <= 1e-12 * values[0].abs()
    );
    let size = gradients[1].iter().fold(1.0, |m: f64, g| m.max(g.abs()));
    for g in &gradients {
        for (a, b) in g.iter().zip(&gradients[1]) {
            assert!((a - b).abs() <= 1e-11 * size, "{gradients:?}");
        }
    }
}

#[test]
fn plates_in_columns() {
    for n in [1, 3, 4, 64, 255, 256, 257, 700] {
        let model = |alike| Plate {
            alike,
            y: (0..n).map(|i| 3.0 * wave(i)).collect(),
            counts: (0..n).map(|i| (i * 7 % 5) as u32).collect(),
        };
        same(&model(true), &model(false), &[0.3, -0.4, 0.2, -0.1]);
    }
}

#[test]
fn chains_in_columns() {
    for n in [1, 2, 5, 64, 257, 600] {
        for one_way in [false, true] {
            let chain = |alike| Chain {
                alike,
                one_way,
                y: (0..n).map(|i| 3.0 * wave(i)).collect(),
            };
            same(&chain(true), &chain(false), &[0.3, 0.7, -0.2]);
            // A narrow scale: states that are as good as impossible for a while.
            same(&chain(true), &chain(false), &[0.3, 0.7, -4.0]);
            same(&chain(true), &chain(false), &[0.3, 0.7, -7.0]);
        }
    }
}

#[test]
fn a_chain_that_can_not_have_been_and_one_that_is_not_a_number() {
    let chain = |alike, y| Chain {
        alike,
        one_way: false,
        y,
    };
    let mut y = vec![0.5; 300];
    y[200] = f64::INFINITY;
    let (mut e, mut g) = (Evaluator::new(), [0.0; 3]);
    for alike in [true, false] {
        let value = e.reverse(&chain(alike, y.clone()), &[0.0; 3], &mut g);
        assert_eq!(value, f64::NEG_INFINITY);
    }
    y[200] = f64::NAN;
    for alike in [true, false] {
        assert!(
            e.log_density(&chain(alike, y.clone()), &[0.0; 3])
                .total()
                .is_nan()
        );
    }
}
