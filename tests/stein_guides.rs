//! Written guides, starts, summed-out latents, minibatches and predictions of Stein variational inference.

use ppl::infer::stein::{MixtureGuidePredictive, RbfKernel, SteinVi, Svgd};
use ppl::infer::svi::{Adam, AutoNormal, CosineDecay, Elbo, GuideParameter, Init, Svi};
use ppl::models::Evaluator;
use ppl::prelude::*;

#[model]
fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(10.0, 10.0));
    observe(flips, Bernoulli::new(fairness).iid());
}

#[guide(coin)]
fn coin_guide() {
    let alpha: f64 = param(init(Uniform::new(5.0, 25.0)), Positive);
    let beta: f64 = param(init(Uniform::new(5.0, 25.0)), Positive);
    let fairness: f64 = sample(Beta::new(alpha, beta));
}

const FLIPS: [bool; 10] = [
    true, true, true, true, true, true, false, false, false, false,
];

fn falling(initial: f64, steps: u64) -> CosineDecay {
    CosineDecay {
        initial,
        last: 0.0,
        steps,
    }
}

/// (α, β) of each component.
fn betas(params: &[GuideParameter]) -> Vec<(f64, f64)> {
    let (alpha, beta) = (&params[0].values, &params[1].values);
    alpha.iter().zip(beta).map(|(a, b)| (a[0], b[0])).collect()
}

/// Mean and standard deviation of a mixture of beta distributions.
fn moments(components: &[(f64, f64)]) -> (f64, f64) {
    let m = components.len() as f64;
    let mean = components.iter().map(|(a, b)| a / (a + b)).sum::<f64>() / m;
    let second = |(a, b): &(f64, f64)| a * (a + 1.0) / ((a + b) * (a + b + 1.0));
    let second = components.iter().map(second).sum::<f64>() / m;
    (mean, (second - mean * mean).sqrt())
}

/// The posterior is Beta(16, 14), which the guide can be.
#[test]
fn a_beta_guide_finds_the_exact_posterior_of_the_coin() {
    let model = coin(&FLIPS);
    let steps = 3000;
    let adam = || Adam::new(falling(0.05, steps));
    for seed in 0..10 {
        // The gradient through the draws alone has no noise at an exact guide.
        let svi = Svi::new(&model, coin_guide(), adam()).elbo(Elbo::Path);
        let svi = svi.elbo_draws(10);
        let stein = |particles, repulsion| {
            let kernel = RbfKernel::default();
            let stein = SteinVi::new(&model, coin_guide(), adam(), kernel);
            let stein = stein.particles(particles).repulsion_temperature(repulsion);
            moments(&betas(stein.run(steps, seed).unwrap().params()))
        };
        let found = [
            moments(&betas(svi.run(steps, seed).unwrap().params())),
            stein(1, 1.0),
            stein(5, 0.0),
        ];
        for (mean, sd) in found {
            println!("{seed}: {mean:.5} {sd:.6}");
            assert!((mean / 0.533_333 - 1.0).abs() <= 0.005, "mean {mean}");
            assert!((sd / 0.089_603 - 1.0).abs() <= 0.005, "sd {sd}");
        }
    }
}

#[model]
fn summed(y: &[f64]) {
    let share: f64 = sample(Beta::new(2.0, 2.0));
    let centre: f64 = sample(Normal::new(0.0, 3.0));
    plate(y.len(), |i| {
        #[enumerate]
        let right: bool = sample(Bernoulli::new(share));
        let mean = if right { centre } else { -centre };
        observe(y[i], Normal::new(mean, 1.0));
    });
}

#[model]
fn summed_by_hand(y: &[f64]) {
    let share: f64 = sample(Beta::new(2.0, 2.0));
    let centre: f64 = sample(Normal::new(0.0, 3.0));
    let mut total = Real::from(0.0);
    for y in y {
        let normal = |mean| -0.5 * (*y - mean) * (*y - mean) - 0.918_938_533_204_672_7;
        total += log_sum_exp(&[
            share.ln() + normal(centre),
            (1.0 - share).ln() + normal(-centre),
        ]);
    }
    factor(total);
}

/// The evidence lower bound of a model with summed-out latents is that of the sum.
#[test]
fn summed_out_latents_in_the_bound() {
    let y = [2.1, 1.7, -2.2, 2.4, -1.6, 1.9, 0.1];
    let (by_plate, by_hand) = (summed(&y), summed_by_hand(&y));
    fn states<M: Model + Sync>(model: &M) -> [Vec<f64>; 2] {
        let stein = SteinVi::new(
            model,
            AutoNormal::new(),
            Adam::new(0.02),
            RbfKernel::default(),
        );
        let svi = Svi::new(model, AutoNormal::new(), Adam::new(0.02));
        [
            stein
                .particles(4)
                .run(200, 1)
                .unwrap()
                .state()
                .values
                .clone(),
            svi.run(200, 1).unwrap().state().values.clone(),
        ]
    }
    for (found, expected) in states(&by_plate).iter().zip(states(&by_hand)) {
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-9 * a.abs().max(1.0), "{a} {b}");
        }
    }
    // And the summed-out latents are drawn given the rest.
    let fit = Svi::new(&by_plate, AutoNormal::new(), Adam::new(falling(0.05, 2000)));
    let draws = fit.run(2000, 3).unwrap().draws(2000, 4).unwrap();
    let right = |i: usize| draws.mean(|d| d.right[i] == (d.centre > 0.0));
    assert!(
        right(0) > 0.95 && right(2) < 0.05,
        "{} {}",
        right(0),
        right(2)
    );
}

#[model]
fn starts() {
    let wide: f64 = sample(Normal::new(3.0, 2.0));
    let positive: f64 = sample(HalfNormal::new(2.0));
    let shares: Simplex<3> = sample(Dirichlet::symmetric(2.0));
}

/// The locations where `particles` particles start, coordinate by coordinate.
fn start_columns(init: Init, particles: usize) -> [Vec<f64>; 4] {
    let model = starts();
    let svgd = Svgd::new(&model, Adam::new(0.1), RbfKernel::default())
        .particles(particles)
        .init_at(init);
    let values = svgd.init(5).unwrap().values;
    std::array::from_fn(|c| values.iter().skip(c).step_by(4).copied().collect())
}

#[test]
fn particles_start_where_they_are_told() {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let n = 4000;
    let [wide, positive, a, b] = start_columns(Init::Sample, n);
    let error = 5.0 * 2.0 / (n as f64).sqrt();
    assert!((mean(&wide) - 3.0).abs() < error, "{}", mean(&wide));
    // The probability that |N(0, 2²)| < 2 is 0.682689.
    let below = positive.iter().filter(|u| u.exp() < 2.0).count() as f64 / n as f64;
    assert!(
        (below - 0.682_689).abs() < 5.0 * 0.47 / (n as f64).sqrt(),
        "{below}"
    );
    assert!(a.iter().chain(&b).all(|u| u.abs() <= 2.0));

    for (init, positive_at) in [
        // The median of |N(0, 2²)| is 1.348980; the mean of its logarithm ln 2 − (γ + ln 2)/2.
        (Init::Median { draws: 2001 }, 1.348_980f64.ln()),
        (
            Init::Mean { draws: 2001 },
            0.5 * (2f64.ln() - 0.577_215_664_9),
        ),
    ] {
        let [wide, positive, ..] = start_columns(init, 3);
        for i in 0..3 {
            assert!((wide[i] - 3.0).abs() < 5.0 * 2.0 * 1.26 / 2001f64.sqrt());
            assert!((positive[i] - positive_at).abs() < 5.0 * 1.4 / 2001f64.sqrt());
        }
        assert!(wide[0] != wide[1] && wide[1] != wide[2]);
    }
    let [wide, ..] = start_columns(Init::median(), 50);
    assert!(wide.iter().any(|u| *u > 3.0) && wide.iter().any(|u| *u < 3.0));
    let [wide, ..] = start_columns(Init::uniform(0.1), 50);
    assert!(wide.iter().all(|u| u.abs() <= 0.1));
    let at = vec![1.0, 2.0, 0.3, -0.4];
    let columns = start_columns(Init::Value(at.clone()), 2);
    for (column, at) in columns.iter().zip(at) {
        assert_eq!(column, &[at, at]);
    }
    let model = starts();
    let none = AutoNormal::new().init(Init::Median { draws: 0 });
    let error = Svi::new(&model, none, Adam::new(0.1))
        .run(1, 0)
        .unwrap_err();
    assert!(error.to_string().contains("prior"), "{error}");
}

#[model]
fn level(y: &[f64], weight: f64) {
    let mu: f64 = sample(Normal::new(0.0, 10.0));
    observe(y, each(y, |_| Normal::new(mu, 1.0)).scaled(weight));
}

#[model]
fn levels(y: &[f64]) {
    let mu: Vec<f64> = sample(Normal::new(0.0, 1.0).iid_n(y.len()));
    observe(y, Normal::new(&mu, 1.0));
}

#[test]
fn minibatches_have_the_posterior_of_all_data() {
    let n = 200;
    let y: Vec<f64> = (0..n).map(|i| 1.5 + (1.7 * f64::from(i)).sin()).collect();
    let whole = level(&y, 1.0);
    let batches: Vec<_> = y.chunks(50).map(|y| level(y, 4.0)).collect();
    let precision = 0.01 + f64::from(n);
    let (mean, sd) = (y.iter().sum::<f64>() / precision, precision.powf(-0.5));
    let steps = 4000;
    let svi = Svi::new(&whole, AutoNormal::new(), Adam::new(falling(0.05, steps)))
        .minibatches(&batches)
        .elbo_draws(5);
    let fit = svi.run(steps, 1).unwrap();
    let (loc, scale) = (fit.params()[0].values[0][0], fit.params()[1].values[0][0]);
    // The noise of a batch's mean, 0.12, averages over the last hundreds of steps to an eighth of a deviation.
    assert!((loc - mean).abs() < 0.5 * sd, "{loc} {mean} {sd}");
    assert!((scale / sd - 1.0).abs() < 0.05, "{scale} {sd}");

    // A step's batch follows from seed and step: resuming gives the same bits.
    let half = svi.run(15, 2).unwrap();
    let rest = svi.resume(half.state(), 25).unwrap();
    assert_eq!(rest.state(), svi.run(40, 2).unwrap().state());
    let stein = SteinVi::new(
        &whole,
        AutoNormal::new(),
        Adam::new(0.02),
        RbfKernel::default(),
    );
    let stein = stein.particles(3).minibatches(&batches);
    let half = stein.run(15, 2).unwrap();
    let rest = stein.resume(half.state(), 25).unwrap();
    let run = stein.run(40, 2).unwrap();
    assert_eq!(rest.state(), run.state());
    assert_ne!(
        run.losses(),
        stein.minibatches(&[]).run(40, 2).unwrap().losses()
    );

    let (two, three) = (levels(&y[..2]), [levels(&y[..3])]);
    let other = Svi::new(&two, AutoNormal::new(), Adam::new(0.1)).minibatches(&three);
    let error = other.run(1, 0).unwrap_err().to_string();
    assert!(
        error.contains("`minibatches`") && error.contains("batch 0"),
        "{error}"
    );
}

#[test]
fn scaled_observations_count_so_often() {
    let y = [0.3, -1.2, 0.8];
    let mut e = Evaluator::new();
    for u in [0.2, -1.0] {
        let plain = e.log_density(&level(&y, 1.0), &[u]);
        let scaled = e.log_density(&level(&y, 2.5), &[u]);
        assert!((scaled.likelihood - 2.5 * plain.likelihood).abs() < 1e-12);
        assert_eq!(scaled.prior, plain.prior);
    }
    let bad = level(&y, -1.0);
    assert!(
        Svi::new(&bad, AutoNormal::new(), Adam::new(0.1))
            .run(1, 0)
            .is_err()
    );
}

#[test]
fn predictions_of_a_mixture() {
    let model = coin(&FLIPS);
    let stein = SteinVi::new(&model, coin_guide(), Adam::new(0.05), RbfKernel::default());
    let fit = stein.particles(3).run(300, 1).unwrap();
    let n = 30_000;
    let predictive = || MixtureGuidePredictive::new(&fit).draws(n);
    let sample = predictive().sites(["fairness", "flips"]).run(7).unwrap();
    assert_eq!(sample.components(), fit.components(n, 7).unwrap());
    assert_eq!(sample.sites().len(), 2);

    // Each draw is one of the component that is recorded for it.
    let components = betas(fit.params());
    let fairness = sample.site("fairness").unwrap();
    for (k, (a, b)) in components.iter().enumerate() {
        let of_k = |i: &usize| sample.components()[*i] == k;
        let x: Vec<f64> = (0..n).filter(of_k).map(|i| fairness[i][0]).collect();
        let share = x.len() as f64 / n as f64;
        assert!(
            (share - 1.0 / 3.0).abs() < 5.0 * 0.47 / (n as f64).sqrt(),
            "{share}"
        );
        let (mean, sd) = moments(&[(*a, *b)]);
        let found = x.iter().sum::<f64>() / x.len() as f64;
        assert!(
            (found - mean).abs() < 5.0 * sd / (x.len() as f64).sqrt(),
            "{found} {mean}"
        );
    }
    // The mixture's density, from the formula.
    let one = |(a, b): &(f64, f64), x: f64| {
        let ln_beta = ppl::real::special::ln_beta(*a, *b);
        ((a - 1.0) * x.ln() + (b - 1.0) * (1.0 - x).ln() - ln_beta).exp()
    };
    for i in [0, 17, 4321] {
        let x = fairness[i][0];
        let density: f64 = components.iter().map(|c| one(c, x)).sum::<f64>() / 3.0;
        assert!((sample.log_density()[i] - density.ln()).abs() < 1e-10);
        assert!((fit.log_density(&[x]) - density.ln()).abs() < 1e-10);
        assert_eq!(sample.draws()[i].fairness, x);
    }
    // Replicated flips have the mixture's mean.
    let flips = sample.site("flips").unwrap();
    let heads = flips.iter().flatten().sum::<f64>() / (10 * n) as f64;
    let (mean, sd) = moments(&components);
    let error = 5.0 * ((sd * sd + 0.025) / n as f64).sqrt();
    assert!((heads - mean).abs() < error, "{heads} {mean}");

    let default = predictive().draws(10).run(7).unwrap();
    let names: Vec<&str> = default.sites().iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["flips"]);
    let error = predictive()
        .sites(["fairnes"])
        .run(7)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`fairnes`") && error.contains("`fairness`"),
        "{error}"
    );
    assert!(predictive().draws(0).run(7).is_err());
}

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

#[model]
fn several(y: &[f64]) {
    let shares: [f64; 2] = sample(Beta::new(2.0, 3.0).iid());
    let scale: f64 = sample(Gamma::new(2.0, 1.0));
    let centres: [f64; 3] = sample(Normal::new(0.0, 2.0).iid());
    let shifts: Vec<f64> = sample(Normal::new(0.0, 1.0).iid_n(y.len()));
    observe(
        y,
        each(0..y.len(), |i| {
            Normal::new(centres[i % 3] + shares[0] * shares[1] * shifts[i], scale)
        }),
    );
}

/// Its latents in another order than the model has them, none of them read.
#[guide(several)]
fn several_apart(y: &[f64]) {
    let centre: [f64; 3] = param(init(Normal::new(0.0, 1.0).iid()));
    let width: f64 = param(init(Uniform::new(0.2, 0.9)), Positive);
    let shape: f64 = param(init(Uniform::new(1.5, 3.0)), Positive);
    let left: f64 = param(init(Uniform::new(0.7, 20.0)), Positive);
    let shifts: Vec<f64> = sample(Normal::new(centre[0], width).iid_n(y.len()));
    let centres: [f64; 3] = sample(Normal::new(&centre, 2.0 * width));
    let scale: f64 = sample(Gamma::new(shape + width, 10.0));
    let shares: [f64; 2] = sample(each([left, shape], |a| Beta::new(a, shape * width)));
}

/// The same, but one is read.
#[guide(several)]
fn several_together(y: &[f64]) {
    let centre: [f64; 3] = param(init(Normal::new(0.0, 1.0).iid()));
    let width: f64 = param(init(Uniform::new(0.2, 0.9)), Positive);
    let shape: f64 = param(init(Uniform::new(1.5, 3.0)), Positive);
    let left: f64 = param(init(Uniform::new(0.7, 20.0)), Positive);
    let shifts: Vec<f64> = sample(Normal::new(centre[0], width).iid_n(y.len()));
    let centres: [f64; 3] = sample(Normal::new(&centre, 2.0 * width));
    let scale: f64 = sample(Gamma::new(shape + width, 10.0));
    let shares: [f64; 2] = sample(each([left, shape], |a| Beta::new(a, shape * width)));
    let _unused = scale;
}

/// A guide that reads none of its latents is taken apart into univariate distributions; the same one run statement by
/// statement gives the same draws and gradients.
#[test]
fn guides_taken_apart() {
    use ppl::models::Guide;
    const { assert!(CoinGuide::INDEPENDENT && SeveralApart::INDEPENDENT) };
    const { assert!(!SeveralTogether::INDEPENDENT) };
    let y = [0.3, -1.2, 0.8, 2.0];
    let model = several(&y);
    fn states<'m, G>(model: &'m Several<'m>, guide: G) -> [Vec<f64>; 4]
    where
        G: Guide<Latents = SeveralLatents> + 'm,
    {
        let adam = Adam::new(0.02);
        let stein = SteinVi::new(model, guide.clone(), adam, RbfKernel::default());
        let fit = stein.particles(4).elbo_draws(3).run(60, 1).unwrap();
        let svi = |elbo| {
            let svi = Svi::new(model, guide.clone(), adam)
                .elbo(elbo)
                .elbo_draws(3);
            svi.run(60, 1).unwrap().state().values.clone()
        };
        let draws = fit.draws(5, 2).unwrap();
        let drawn = draws
            .iter()
            .flat_map(|d| [d.shares[1], d.centres[2], d.scale]);
        let at = fit.log_density(&[0.2, 0.4, 1.5, 0.3, -0.4, 0.5, 0.1, 0.2, 0.3, 0.4]);
        [
            fit.state().values.clone(),
            svi(Elbo::Trace),
            svi(Elbo::Renyi { alpha: 0.5 }),
            drawn.chain([at]).collect(),
        ]
    }
    let (apart, together) = (
        states(&model, several_apart(&y)),
        states(&model, several_together(&y)),
    );
    for (apart, together) in apart.iter().zip(together) {
        assert_eq!(apart.len(), together.len());
        for (a, b) in apart.iter().zip(together) {
            // Beta's derivatives are quadratures, good to 1e-9; 60 steps add up.
            assert!((a - b).abs() < 1e-6 * b.abs().max(1.0), "{a} {b}");
        }
    }
}

#[model]
fn bounded() {
    let x: f64 = sample(Uniform::new(0.0, 1.0));
    let y: f64 = sample(Normal::new(x, 1.0));
}

/// A guide that draws where the prior has no density.
#[guide(bounded)]
fn too_wide(centre: f64) {
    let at: f64 = param(centre);
    let width: f64 = param(0.2, Positive);
    let x: f64 = sample(Normal::new(at, width));
    let y: f64 = sample(Normal::new(0.5, 1.0));
}

#[test]
fn rejected_draws_are_counted_and_shown() {
    let model = bounded();
    let adam = Adam::new(1e-9);
    let svi = |guide| Svi::new(&model, guide, adam).elbo_draws(100);
    let inside = svi(too_wide(0.5)).run(20, 1).unwrap();
    let outside = svi(too_wide(1.0)).run(20, 1).unwrap();
    // Of N(0.5, 0.2²) 1.24 % lie outside of (0, 1), of N(1, 0.2²) half; 2,000 draws.
    assert!(
        (5..=50).contains(&inside.rejected()),
        "{}",
        inside.rejected()
    );
    assert!(
        (900..=1100).contains(&outside.rejected()),
        "{}",
        outside.rejected()
    );
    let kernel = RbfKernel::default();
    let stein = SteinVi::new(&model, too_wide(1.0), adam, kernel)
        .particles(5)
        .elbo_draws(20);
    let fit = stein.run(20, 1).unwrap();
    assert!((900..=1100).contains(&fit.rejected()), "{}", fit.rejected());
    let shown = format!("  rejected      {} draws", fit.rejected());
    assert!(fit.to_string().contains(&shown), "{fit}");
    let half = stein.run(10, 1).unwrap();
    let rest = stein.resume(half.state(), 10).unwrap();
    assert_eq!(half.rejected() + rest.rejected(), fit.rejected());

    let coin = coin(&FLIPS);
    let none = Svi::new(&coin, AutoNormal::new(), Adam::new(0.05));
    let none = none.run(50, 1).unwrap();
    let shown = none.to_string();
    assert_eq!(none.rejected(), 0);
    assert!(
        shown.contains("variational inference of `coin`: 50 steps")
            && shown.contains("loss")
            && shown.contains("fairness")
            && !shown.contains("rejected"),
        "{shown}"
    );
}
