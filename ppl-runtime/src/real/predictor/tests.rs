//! Elements at any places against those of the whole vector.

use super::super::mode::{Real, Value};
use super::*;

#[track_caller]
fn check<E: Term<Value>>(predictor: Predictor<Value, E>, single: bool) {
    assert_eq!(E::SINGLE, single);
    let mut all = [0.0; 70];
    predictor.values(0, &mut all);
    let places = [0, 69, 3, 3, 68, 64, 63, 1];
    let mut some = [1.0; 8];
    predictor.values_of(&places, &mut some);
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
    predictor.values_of(&[0, 70], &mut beyond);
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
    (a * &x[..] + &y[..]).values_of(&[0, 1], &mut values);
    assert!(values.iter().all(|v| v.is_nan()));
    ((a * &x[..]) * &y[..]).values_of(&[0, 1], &mut values);
    assert!(values.iter().all(|v| v.is_nan()));
    // What was not bound in vain is not for the next model.
    super::super::fault::take();
}
