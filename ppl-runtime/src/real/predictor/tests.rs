//! Elements at any places against those of the whole vector.

use super::super::forward::Forward;
use super::super::mode::{Lift, Mode, Real, Value};
use super::*;

#[track_caller]
fn check<E: Term<Value>>(predictor: Predictor<Value, E>, single: bool) {
    assert_eq!(E::SINGLE, single);
    let mut all = [0.0; 70];
    predictor.values(0, &mut all);
    let places = [0, 69, 3, 3, 68, 64, 63, 1];
    let mut some = [1.0; 8];
    predictor.values_of(Picked::of(&places), &mut some);
    for (place, some) in places.into_iter().zip(some) {
        assert_eq!(some.to_bits(), all[place].to_bits(), "{place}");
        assert_eq!(
            predictor.term.added(place, 0.0).to_bits(),
            all[place].to_bits()
        );
        let one = predictor.at(place).value();
        assert!((one - some).abs() <= 1e-15 * one.abs().max(1.0));
    }
    let mut beyond = [0.0; 2];
    predictor.values_of(Picked::of(&[0, 70]), &mut beyond);
    assert!(beyond.iter().all(|v| v.is_nan()));
}

#[test]
fn elements_at_any_places_are_those_of_the_vector() {
    let x: Vec<f64> = (0..70).map(|i| (1.3 * i as f64).sin()).collect();
    let z: Vec<f64> = x.iter().map(|x| 3.0 - x * x).collect();
    let latents: Vec<Real<Value>> = x.iter().map(|x| Real::from(0.7 * x - 0.2)).collect();
    let index: Vec<usize> = (0..70).map(|i| (7 * i) % 5).collect();
    let [a, b] = [0.3, -1.7].map(Real::<Value>::from);
    let effects = || gather(&latents[..5], &index);
    check(effects() + a * &x[..] + b * &z[..], true);
    check(effects() + (a * &x[..] + b) - &latents[..], true);
    check(effects() * b - &z[..] + 0.1, true);
    check((effects() + a) * &z[..] - effects() * 0.3, true);
    check((effects() * &x[..] + 1.0).exp(), false);
    check(effects() - (a * &x[..]).exp(), false);
}

#[test]
fn what_does_not_fit_has_no_elements() {
    let (x, y) = ([1.0; 5], [1.0; 4]);
    let a = Real::<Value>::from(2.0);
    let mut values = [0.0; 2];
    (a * &x[..] + &y[..]).values_of(Picked::of(&[0, 1]), &mut values);
    assert!(values.iter().all(|v| v.is_nan()));
    ((a * &x[..]) * &y[..]).values_of(Picked::of(&[0, 1]), &mut values);
    assert!(values.iter().all(|v| v.is_nan()));
    // What was not bound in vain is not for the next model.
    super::super::fault::take();
}

/// With their data kept, elements are what they were, and partial derivatives go where they went.
#[test]
fn kept_data_are_those_of_the_elements() {
    type M = Forward<8>;
    fn check<E: Term<M>>(predictor: Predictor<M, E>) {
        // Blocks with an index once, twice and more often, and one of a single element.
        let blocks: [&[usize]; 3] = [&[0, 3, 4, 5, 7, 8], &[1, 2, 6, 11, 16, 21, 26, 69], &[68]];
        let mut kept = Kept::new(blocks.concat(), blocks.iter().map(|b| b.len()));
        predictor.keep(&mut kept);
        for (b, places) in blocks.into_iter().enumerate() {
            let picked = kept.block(b);
            assert_eq!(picked.places, places);
            assert!(picked.is_kept() && !picked.after(E::DATA).is_kept());
            assert!(E::DATA == 0 || picked.after(E::DATA - 1).is_kept());
            let n = places.len();
            let both = [Picked::of(places), picked].map(|picked| {
                let mut values = [1.0; 8];
                predictor.values_of(picked, &mut values[..n]);
                let partials: Vec<f64> = (0..n).map(|k| 1.0 + (k as f64).cos()).collect();
                let mut lift = <M as Mode>::Lift::begin();
                predictor.push_of(picked, &partials, &mut lift);
                (values, lift.finish(0.0).gradient())
            });
            assert_eq!(both[0].0.map(f64::to_bits), both[1].0.map(f64::to_bits));
            for (a, b) in both[0].1.iter().zip(both[1].1) {
                assert!((a - b).abs() <= 1e-14 * a.abs().max(1.0), "{both:?}");
            }
            assert!(both[0].1.iter().any(|g| *g != 0.0));
        }
    }
    let x: Vec<f64> = (0..70).map(|i| (1.3 * i as f64).sin()).collect();
    let z: Vec<f64> = x.iter().map(|x| 3.0 - x * x).collect();
    let index: Vec<usize> = (0..70).map(|i| (7 * i) % 5).collect();
    let latents: Vec<Real<M>> = x.iter().map(|x| M::variable(0.7 * x, 7)).collect();
    let effects: Vec<Real<M>> = (0..5).map(|i| M::variable(0.3 * i as f64, i)).collect();
    let (a, b) = (M::variable(0.3, 5), M::variable(-1.7, 6));
    let effects = || gather(&effects, &index);
    check(effects() + a * &x[..] + b * &z[..]);
    check(effects() + &x[..] + (a * &z[..] + b) - &latents[..]);
    check((effects() + a) * &z[..] * b - effects() * 0.3 * &x[..]);
    check((effects() * &x[..] + 1.0).exp() + b * &z[..]);
}
