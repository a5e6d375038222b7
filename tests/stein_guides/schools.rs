//! Eight schools against quadrature.

use super::*;

#[model]
fn schools(effects: &[f64; 8], errors: &[f64; 8]) {
    let mu: f64 = sample(Normal::new(0.0, 5.0));
    let tau: f64 = sample(HalfCauchy::new(5.0));
    let base: [f64; 8] = sample(Normal::new(0.0, 1.0).iid());
    let theta: [f64; 8] = deterministic(base.map(|b| mu + tau * b));
    observe(effects, Normal::new(&theta, errors));
}

const EFFECTS: [f64; 8] = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
const ERRORS: [f64; 8] = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];

/// Mean and standard deviation of μ, τ and each θ, by quadrature over μ and τ.
fn schools_exactly() -> [(f64, f64); 10] {
    let (mut sums, mut total) = ([(0.0, 0.0); 10], 0.0);
    for i in 0..600 {
        // τ = e^v
        let v = -6.0 + 0.02 * f64::from(i);
        let tau = v.exp();
        for j in -250..=250 {
            let mu = 0.1 * f64::from(j);
            let mut log = v - 0.02 * mu * mu - (1.0 + tau * tau / 25.0).ln();
            for (y, s) in EFFECTS.iter().zip(ERRORS) {
                let variance = s * s + tau * tau;
                log -= 0.5 * ((y - mu).powi(2) / variance + variance.ln());
            }
            let weight = log.exp();
            total += weight;
            let mut add = |k: usize, mean: f64, variance: f64| {
                sums[k].0 += weight * mean;
                sums[k].1 += weight * (mean * mean + variance);
            };
            add(0, mu, 0.0);
            add(1, tau, 0.0);
            for k in 0..8 {
                let s2 = ERRORS[k] * ERRORS[k];
                let variance = tau * tau * s2 / (tau * tau + s2);
                let mean = (tau * tau * EFFECTS[k] + s2 * mu) / (tau * tau + s2);
                add(2 + k, mean, variance);
            }
        }
    }
    sums.map(|(a, b)| (a / total, (b / total - (a / total).powi(2)).sqrt()))
}

/// A mixture of normals is not the posterior, but has its means: to a quarter of a deviation.
#[test]
fn means_of_eight_schools() {
    let exact = schools_exactly();
    let model = schools(&EFFECTS, &ERRORS);
    let steps = 3000;
    for seed in 0..10 {
        let adam = Adam::new(falling(0.05, steps));
        let guide = AutoNormal::new();
        let stein = SteinVi::new(&model, guide, adam, RbfKernel::default()).particles(5);
        let draws = stein.run(steps, seed).unwrap().draws(20_000, 1).unwrap();
        let mut found = vec![draws.mean(|d| d.mu), draws.mean(|d| d.tau)];
        found.extend((0..8).map(|k| draws.mean(|d| d.theta[k])));
        let off: Vec<f64> = found
            .iter()
            .zip(exact)
            .map(|(found, (mean, sd))| (found - mean) / sd)
            .collect();
        println!("{seed}: {off:.3?}");
        assert!(
            off.iter().all(|z| z.abs() < 0.25),
            "{seed}: {off:?} {exact:?}"
        );
    }
}
