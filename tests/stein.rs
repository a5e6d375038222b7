//! Posteriors by variational inference and by particles, against closed forms and quadrature.

use ppl::Error;
use ppl::infer::stein::{Asvgd, Attraction, ImqKernel, RbfKernel, SteinVi, Svgd};
use ppl::infer::svi::{
    Adagrad, Adam, AutoDelta, AutoDiagonalNormal, AutoLaplaceApproximation,
    AutoLowRankMultivariateNormal, AutoMultivariateNormal, AutoNormal, CosineDecay, Elbo, FitState,
    Init, Svi,
};
use ppl::prelude::*;

#[model]
fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(10.0, 10.0));
    observe(flips, Bernoulli::new(fairness).iid());
}

const FLIPS: [bool; 10] = [
    true, true, true, true, true, true, false, false, false, false,
];
/// Of Beta(16, 14).
const COIN: (f64, f64) = (0.533_333, 0.089_603);

#[model]
fn skewed() {
    let p: f64 = sample(Beta::new(2.0, 8.0));
}

#[model]
fn two_modes() {
    let x: f64 = sample(Normal::new(0.0, 3.0));
    // 0.3·N(−2, 1) + 0.7·N(2, 1), over the prior.
    let left = (-(x + 2.0).powi(2) / 2.0).exp();
    let right = (-(x - 2.0).powi(2) / 2.0).exp();
    factor((0.3 * left + 0.7 * right).ln() + x * x / 18.0);
}

#[model]
fn plane(y: &[f64]) {
    let a: f64 = sample(Normal::new(0.0, 1.0));
    let b: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, Normal::new(a + b, 1.0).iid());
}

/// Mean and covariance of `plane`: precision I + n·11ᵀ.
fn plane_posterior(y: &[f64]) -> (f64, f64, f64) {
    let n = y.len() as f64;
    let mean = y.iter().sum::<f64>() / (1.0 + 2.0 * n);
    let variance = (1.0 + n) / (1.0 + 2.0 * n);
    (mean, variance, -n / (1.0 + 2.0 * n))
}

fn falling(initial: f64, steps: u64) -> CosineDecay {
    CosineDecay {
        initial,
        last: 0.0,
        steps,
    }
}

fn moments(x: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

fn within(what: &str, found: f64, expected: f64, relative: f64) {
    let error = found / expected - 1.0;
    assert!(
        error.abs() <= relative,
        "{what}: {found}, expected {expected} within {relative}, off by {error:.5}"
    );
}

fn sigmoid(u: f64) -> f64 {
    1.0 / (1.0 + (-u).exp())
}

/// Mean and sd on (0, 1) of a mixture of normals on the logit scale, by quadrature.
fn logit_normal_moments(components: &[(f64, f64)]) -> (f64, f64) {
    let (mut first, mut second, mut total) = (0.0, 0.0, 0.0);
    for (loc, scale) in components {
        for i in -400..=400 {
            let e = 0.02 * f64::from(i);
            let (x, w) = (sigmoid(loc + scale * e), (-0.5 * e * e).exp());
            first += w * x;
            second += w * x * x;
            total += w;
        }
    }
    let mean = first / total;
    (mean, (second / total - mean * mean).sqrt())
}

/// (location, scale) of each particle of a mean-field normal in one dimension.
fn components(thetas: &[Vec<f64>]) -> Vec<(f64, f64)> {
    thetas.iter().map(|t| (t[0], t[1].exp())).collect()
}

#[test]
fn coin_with_one_particle_or_without_repulsion() {
    let model = coin(&FLIPS);
    for seed in 0..10 {
        let stein = |particles, repulsion| {
            let adam = Adam::new(falling(0.05, 2000));
            let fit = SteinVi::new(&model, AutoNormal::new(), adam, RbfKernel::default())
                .particles(particles)
                .repulsion_temperature(repulsion)
                .run(2000, seed)
                .unwrap();
            logit_normal_moments(&components(fit.particles()))
        };
        for (name, (mean, sd)) in [("one", stein(1, 1.0)), ("no repulsion", stein(10, 0.0))] {
            within(name, mean, COIN.0, 0.005);
            within(name, sd, COIN.1, 0.005);
        }
    }
}

/// Ten dispersed particles: their fixed point from the same start, with expectations by quadrature instead of draws.
fn coin_fixed_point(start: &[Vec<f64>], steps: u64) -> Vec<(f64, f64)> {
    let m = start.len();
    let mut x: Vec<[f64; 2]> = start.iter().map(|t| [t[0], t[1]]).collect();
    let mut adam = vec![[0.0; 4]; m];
    for step in 0..steps {
        let gradients: Vec<[f64; 2]> = (0..m).map(|i| exact_gradient(&x, i)).collect();
        let mut distances: Vec<f64> = (0..m)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| squared(x[i], x[j]).sqrt())
            .collect();
        distances.sort_by(f64::total_cmp);
        // 45 pairs
        let h = (distances[22].powi(2) / (m as f64).ln()).max(1e-5);
        let mut next = x.clone();
        let rate = 0.5 * 0.05 * (1.0 + (std::f64::consts::PI * step as f64 / steps as f64).cos());
        for j in 0..m {
            for c in 0..2 {
                let mut force = 0.0;
                for i in 0..m {
                    let k = (-squared(x[i], x[j]) / h).exp();
                    force += k * gradients[i][c] - 2.0 / h * (x[i][c] - x[j][c]) * k / m as f64;
                }
                let t = step as i32 + 1;
                let a = &mut adam[j];
                a[c] = 0.9 * a[c] + 0.1 * force;
                a[2 + c] = 0.999 * a[2 + c] + 0.001 * force * force;
                let first = a[c] / (1.0 - 0.9f64.powi(t));
                let second = a[2 + c] / (1.0 - 0.999f64.powi(t));
                next[j][c] += rate * first / (second.sqrt() + 1e-8);
            }
        }
        x = next;
    }
    x.iter().map(|t| (t[0], t[1].exp())).collect()
}

fn squared(x: [f64; 2], y: [f64; 2]) -> f64 {
    (x[0] - y[0]).powi(2) + (x[1] - y[1]).powi(2)
}

/// ∂L_i by (μ, ln σ), for the Beta(16, 14) posterior on the logit scale.
fn exact_gradient(x: &[[f64; 2]], i: usize) -> [f64; 2] {
    let (loc, scale) = (x[i][0], x[i][1].exp());
    let (mut gradient, mut total) = ([0.0; 2], 0.0);
    for k in -80..=80 {
        let e = 0.1 * f64::from(k);
        let (u, w) = (loc + scale * e, (-0.5 * e * e).exp());
        let model = 16.0 - 30.0 * sigmoid(u);
        let (mut density, mut slope) = (0.0, 0.0);
        for [loc, log_scale] in x {
            let y = (u - loc) / log_scale.exp();
            let q = (-0.5 * y * y).exp() / log_scale.exp();
            density += q;
            slope -= q * y / log_scale.exp();
        }
        let g = w * (model - slope / density);
        gradient[0] += g;
        gradient[1] += g * e * scale;
        total += w;
    }
    gradient.map(|g| g / total)
}

#[test]
fn coin_with_ten_particles_reaches_its_fixed_point() {
    let model = coin(&FLIPS);
    let steps = 3000;
    for seed in 0..10 {
        let adam = Adam::new(falling(0.05, steps));
        let stein = SteinVi::new(&model, AutoNormal::new(), adam, RbfKernel::default());
        let start: Vec<Vec<f64>> = stein
            .init(seed)
            .unwrap()
            .values
            .chunks(2)
            .map(<[f64]>::to_vec)
            .collect();
        let fit = stein.run(steps, seed).unwrap();
        let (mean, sd) = logit_normal_moments(&components(fit.particles()));
        let exact = logit_normal_moments(&coin_fixed_point(&start, steps));
        println!(
            "{seed}: {mean:.5} {sd:.5}, fixed point {:.5} {:.5}",
            exact.0, exact.1
        );
        within("mean", mean, COIN.0, 0.005);
        within("mean of the fixed point", mean, exact.0, 0.005);
        within("sd of the fixed point", sd, exact.1, 0.02);
    }
}

#[test]
fn one_particle_is_plain_variational_inference() {
    let y = [0.3, 1.2, -0.4];
    let model = plane(&y);
    let stein = SteinVi::new(
        &model,
        AutoMultivariateNormal::new(),
        Adam::new(0.02),
        RbfKernel::default(),
    );
    let stein = stein.particles(1).run(300, 5).unwrap();
    let svi = |elbo| {
        Svi::new(&model, AutoMultivariateNormal::new(), Adam::new(0.02))
            .elbo(elbo)
            .elbo_draws(10)
            .run(300, 5)
            .unwrap()
    };
    let same = svi(Elbo::Path);
    assert_eq!(stein.state(), same.state());
    assert_eq!(stein.losses(), same.losses());
    assert_ne!(stein.state(), svi(Elbo::Trace).state());
}

#[test]
fn every_guide_on_a_correlated_posterior() {
    let y = [0.3, 1.2, -0.4, 0.8, 2.0];
    let model = plane(&y);
    let (mean, variance, covariance) = plane_posterior(&y);
    let check = |name: &str, draws: ppl::output::Draws<PlaneDraw>, variance: f64, cross: f64| {
        let center = draws.mean(|d| d.a);
        let spread = draws.sd(|d| d.b).powi(2);
        let together = draws.mean(|d| (d.a - mean) * (d.b - mean));
        println!(
            "{name}: {center:.4} {mean:.4}, {spread:.4} {variance:.4}, {together:.4} {cross:.4}"
        );
        // 100,000 draws: five standard errors are below 0.015; the rest is for the optimiser.
        assert!((center - mean).abs() < 0.02, "{name}");
        assert!((spread - variance).abs() < 0.02, "{name}");
        assert!((together - cross).abs() < 0.02, "{name}");
    };
    macro_rules! fitted {
        ($guide:expr, $elbo:expr) => {
            Svi::new(&model, $guide, Adam::new(falling(0.05, 4000)))
                .elbo($elbo)
                .elbo_draws(10)
                .run(4000, 1)
                .unwrap()
                .draws(100_000, 2)
                .unwrap()
        };
    }
    for elbo in [Elbo::Trace, Elbo::Path, Elbo::MeanField] {
        let full = fitted!(AutoMultivariateNormal::new(), elbo);
        check("full rank", full, variance, covariance);
        let low = fitted!(AutoLowRankMultivariateNormal::new().rank(1), elbo);
        check("low rank", low, variance, covariance);
        // Independent normals have the conditional variances 1/(1 + n): too narrow, as they must be.
        let narrow = 1.0 / 6.0;
        check("mean field", fitted!(AutoNormal::new(), elbo), narrow, 0.0);
        check(
            "diagonal",
            fitted!(AutoDiagonalNormal::new(), elbo),
            narrow,
            0.0,
        );
    }
    let laplace = fitted!(AutoLaplaceApproximation::new(), Elbo::Trace);
    check("laplace", laplace, variance, covariance);
    let point = fitted!(AutoDelta::new(), Elbo::Trace);
    assert!((point.mean(|d| d.a) - mean).abs() < 1e-4 && point.sd(|d| d.a) < 1e-12);
}

#[test]
fn beta_posterior_by_points() {
    let model = skewed();
    let sd = (16.0f64 / (100.0 * 11.0)).sqrt();
    for seed in 0..10 {
        let fit = Svgd::new(&model, Adam::new(falling(0.1, 2000)), RbfKernel::default())
            .particles(100)
            .run(2000, seed)
            .unwrap();
        let draws = fit.particle_draws(0).unwrap();
        let p: Vec<f64> = draws.iter().map(|d| d.p).collect();
        let (mean, spread) = moments(&p);
        println!("{seed}: {mean:.5} {spread:.5} (exactly 0.2, {sd:.5})");
        assert!((mean - 0.2).abs() <= 0.002, "{mean}");
        within("sd", spread, sd, 0.03);
    }
}

#[test]
fn both_modes_have_their_weight() {
    let model = two_modes();
    for seed in 0..10 {
        let fit = Svgd::new(&model, Adam::new(falling(0.1, 3000)), RbfKernel::default())
            .particles(100)
            .run(3000, seed)
            .unwrap();
        let draws = fit.particle_draws(0).unwrap();
        let fraction = draws.mean(|d| d.x < 0.0);
        // The mass below 0: 0.3·Φ(2) + 0.7·Φ(−2).
        let exact = 0.3 * 0.977_249_868 + 0.7 * 0.022_750_132;
        println!("{seed}: {fraction} ({exact:.4})");
        assert!((fraction - exact).abs() <= 0.05, "{fraction}");
    }
}

#[model]
fn far_modes() {
    let x: f64 = sample(Normal::new(0.0, 10.0));
    // ½·N(−5, 1) + ½·N(5, 1), over the prior.
    let far = x.abs();
    factor((-10.0 * far).exp().ln_1p() - (far - 5.0).powi(2) / 2.0 + x * x / 200.0);
}

/// All particles start in one of two far modes: plain descent stays there, annealed descent finds the other, and one
/// cycle stays finite.
#[test]
fn annealing_finds_the_other_mode() {
    let model = far_modes();
    let steps = 4000;
    let in_one = |mut state: FitState| {
        state.values.iter_mut().for_each(|x| *x = 5.0 + 0.5 * *x);
        state
    };
    let plain = Svgd::new(&model, Adam::new(0.1), RbfKernel::default()).particles(50);
    for (seed, cycles) in [(1, 1), (2, 2), (3, 5)] {
        let stuck = plain
            .resume(&in_one(plain.init(seed).unwrap()), steps)
            .unwrap();
        let stuck = stuck.particle_draws(0).unwrap();
        assert_eq!(stuck.mean(|d| d.x < 0.0), 0.0);
        let annealed = Asvgd::new(&model, Adam::new(0.1), RbfKernel::default())
            .particles(50)
            .cycles(cycles)
            .transition_speed(5.0)
            .annealing_steps(steps);
        let start = in_one(annealed.init(seed).unwrap());
        let fit = annealed.resume(&start, steps).unwrap();
        let draws = fit.particle_draws(0).unwrap();
        let fraction = draws.mean(|d| d.x < 0.0);
        println!("{cycles} cycles: {fraction}");
        assert!((0.1..=0.9).contains(&fraction), "{fraction}");
        // Each particle has settled in a mode.
        assert!(draws.iter().all(|d| (d.x.abs() - 5.0).abs() < 4.0));
    }
}

#[test]
fn a_resumed_run_has_the_same_bits() {
    let model = coin(&FLIPS);
    let stein = SteinVi::new(
        &model,
        AutoNormal::new(),
        Adagrad::new(0.05),
        ImqKernel::default(),
    );
    let whole = stein.run(50, 3).unwrap();
    let half = stein.run(20, 3).unwrap();
    let rest = stein.resume(half.state(), 30).unwrap();
    assert_eq!(rest.state(), whole.state());
    assert_eq!([half.losses(), rest.losses()].concat(), whole.losses());

    let svi = Svi::new(&model, AutoNormal::new(), Adam::new(0.05));
    let whole = svi.run(50, 3).unwrap();
    let half = svi.run(20, 3).unwrap();
    assert_eq!(svi.resume(half.state(), 30).unwrap().state(), whole.state());

    let annealed = Asvgd::new(&model, Adam::new(0.05), RbfKernel::default()).annealing_steps(50);
    let whole = annealed.run(50, 3).unwrap();
    let half = annealed.run(20, 3).unwrap();
    assert_eq!(
        annealed.resume(half.state(), 30).unwrap().state(),
        whole.state()
    );

    // Step by step.
    let (mut state, mut losses) = (stein.init(3).unwrap(), Vec::new());
    for _ in 0..5 {
        let (next, loss) = stein.update(&state).unwrap();
        (state, losses) = (next, [losses, vec![loss]].concat());
    }
    let five = stein.run(5, 3).unwrap();
    assert_eq!((&state, &losses[..]), (five.state(), five.losses()));
    let (one, _) = svi.update(&svi.init(3).unwrap()).unwrap();
    assert_eq!(&one, svi.run(1, 3).unwrap().state());

    let other = stein.clone().particles(3);
    let error = other.resume(rest.state(), 1).unwrap_err().to_string();
    assert!(error.contains("`state`"), "{error}");
}

#[test]
fn results_by_name() {
    let y = [0.3, 1.2];
    let model = plane(&y);
    let fit = SteinVi::new(
        &model,
        AutoNormal::new(),
        Adam::new(0.01),
        RbfKernel::default(),
    )
    .particles(3)
    .non_mixture(|name| name.ends_with("_scale"))
    .attraction(Attraction::Mean)
    .run(10, 1)
    .unwrap();
    let names: Vec<&str> = fit.params().iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["a_loc", "b_loc", "a_scale", "b_scale"]);
    let rows: Vec<usize> = fit.params().iter().map(|p| p.values.len()).collect();
    assert_eq!(rows, [3, 3, 1, 1]);
    assert!((fit.params()[2].values[0][0] - 0.1).abs() < 0.02);
    assert_eq!((fit.losses().len(), fit.particles().len()), (10, 3));
    let draws = fit.draws(100, 4).unwrap();
    assert_eq!(draws.len(), 100);
    assert_eq!(draws[7].a, fit.draws(100, 4).unwrap()[7].a);
    let from = fit.components(100, 4).unwrap();
    assert!((0..3).all(|c| from.contains(&c)) && from.len() == 100);
    assert_eq!(fit.predictive(20, 1).unwrap().site("y").unwrap().len(), 20);
    assert!(fit.draws(0, 1).is_err());
    assert!(fit.log_density(&[0.0, 0.0]).is_finite() && fit.log_density(&[0.0]).is_nan());
}

#[test]
fn unusable_settings_are_errors() {
    let model = coin(&FLIPS);
    let stein = || {
        SteinVi::new(
            &model,
            AutoNormal::new(),
            Adam::new(0.01),
            RbfKernel::default(),
        )
    };
    let message = |error: Error| error.to_string();
    assert!(message(stein().particles(0).run(1, 0).unwrap_err()).contains("`particles`"));
    assert!(message(stein().elbo_draws(0).run(1, 0).unwrap_err()).contains("`elbo_draws`"));
    assert!(stein().loss_temperature(f64::NAN).run(1, 0).is_err());
    assert!(stein().repulsion_temperature(-1.0).run(1, 0).is_err());
    assert!(stein().non_mixture(|_| true).run(1, 0).is_err());
    let far = AutoNormal::new().init(Init::Value(vec![0.0, 1.0]));
    let error = Svi::new(&model, far, Adam::new(0.1)).run(1, 0).unwrap_err();
    assert!(message(error).contains("1"), "the number of coordinates");
    let wide = Svi::new(&model, AutoNormal::new(), Adam::new(f64::NAN)).run(5, 0);
    assert!(message(wide.unwrap_err()).contains("not finite"));
}
