//! The way from an initial point to the mass.

use super::super::climb::{Places, climb};
use super::super::leapfrog::State;
use super::super::{LogDensity, Settings};

/// −x⁴⁰ − y²/2: at x = 50 the log density is −10⁶⁸.
struct Steep;
impl LogDensity for Steep {
    type Worker = ();
    fn dim(&self) -> usize {
        2
    }
    fn worker(&self) {}
    fn value_and_gradient(&self, _: &mut (), u: &[f64], gradient: &mut [f64]) -> f64 {
        gradient[0] = -40.0 * u[0].powi(39);
        gradient[1] = -u[1];
        -u[0].powi(40) - 0.5 * u[1] * u[1]
    }
}

fn at(u: [f64; 2]) -> State {
    let mut state = State::new(2);
    state.q.copy_from_slice(&u);
    state.log_density = Steep.value_and_gradient(&mut (), &u, &mut state.g);
    state
}

#[test]
fn comes_down_from_afar() {
    let mut state = at([50.0, 1.0]);
    let (way, evaluations) = climb(&Steep, &mut (), &mut state);
    assert!(state.log_density > -20.0, "{}", state.log_density);
    assert!(evaluations < 1000, "{evaluations}");
    assert_eq!(way.last().expect("a way").q, state.q);
    let near = state.log_density - 20.0;
    assert!(way.iter().all(|point| point.log_density >= near));
    let exact = at([state.q[0], state.q[1]]);
    assert_eq!((&state.g, state.log_density), (&exact.g, exact.log_density));
}

#[test]
fn stays_where_the_mass_is() {
    // Two iterations are looked at, and neither gains more than chance would.
    let mut state = at([0.5, 1.0]);
    let before = state.log_density;
    let (way, _) = climb(&Steep, &mut (), &mut state);
    assert!(way.len() <= 3);
    assert!(state.log_density >= before && state.log_density < before + 4.0);
}

/// Two modes on a line, at −3 and 3, the first `lower` by so much.
struct Modes {
    lower: f64,
}
impl LogDensity for Modes {
    type Worker = ();
    fn dim(&self) -> usize {
        1
    }
    fn worker(&self) {}
    fn value_and_gradient(&self, _: &mut (), u: &[f64], gradient: &mut [f64]) -> f64 {
        let logs = [3.0, -3.0].map(|shift| -8.0 * (u[0] + shift).powi(2));
        let weights = [logs[0] - self.lower, logs[1]];
        let top = weights[0].max(weights[1]);
        let parts = weights.map(|w| (w - top).exp());
        let sum = parts[0] + parts[1];
        gradient[0] = -16.0 * (parts[0] * (u[0] + 3.0) + parts[1] * (u[0] - 3.0)) / sum;
        top + sum.ln()
    }
}

/// Of 20 chains, how many begin in the first mode.
fn in_the_first(lower: f64) -> usize {
    let (settings, modes) = (Settings::default(), Modes { lower });
    let places = (0..20).map(|chain| Places::find(&modes, &settings, chain));
    let places: Result<Vec<Places>, _> = places.collect();
    let places = places.expect("finite everywhere");
    let best = places
        .iter()
        .map(Places::height)
        .fold(f64::NEG_INFINITY, f64::max);
    let begins = |places: Places| {
        let mut state = State::new(1);
        places.choose(&modes, &mut (), &settings, best, &mut state);
        state.q[0]
    };
    places.into_iter().map(begins).filter(|u| *u < 0.0).count()
}

/// One in sixteen chains finds none of the better mode by its first four climbs; then it climbs on.
#[test]
fn hopeless_modes_are_left_and_others_are_not() {
    assert_eq!(in_the_first(1e4), 0);
    assert_eq!(in_the_first(100.0), 0);
    assert!((4..=16).contains(&in_the_first(5.0)));
}
