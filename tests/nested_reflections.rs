//! Chains that are reflected by the contour: right evidences, and clear errors where there is no gradient. The calibration
//! over many seeds: `cargo test --release --test nested_reflections -- --ignored --nocapture` (`NESTED_SEEDS`, and
//! `NESTED_ONLY` for a part of a problem's name).

use ppl::infer::nested::Proposal;
use ppl::prelude::*;
use std::f64::consts::TAU;

/// A normal whose coordinates are correlated by 0.4, in a cube of side 10: ln Z = −d ln 10.
#[model]
fn correlated<const D: usize>() {
    let x: [f64; D] = sample(Uniform::new(-5.0, 5.0).iid());
    let (a, b) = (0.6, 0.4);
    let sum: Real = x.iter().copied().sum();
    let d = D as f64;
    let quadratic = dot(&x, &x) / a - b / (a * (a + d * b)) * sum * sum;
    let ln_det = (d - 1.0) * f64::ln(a) + (a + d * b).ln();
    factor(-0.5 * quadratic - 0.5 * (d * TAU.ln() + ln_det));
}

/// Two shells of radius 2 and width 0.1 with centres 7 apart, in a cube of side 12.
#[model]
fn shells<const D: usize>() {
    let x: [f64; D] = sample(Uniform::new(-6.0, 6.0).iid());
    let off_axis = dot(&x[1..], &x[1..]);
    let shell = |centre: f64| {
        let radius = (off_axis + (x[0] - centre).powi(2)).sqrt();
        -0.5 * ((radius - 2.0) / 0.1).powi(2) - (0.1 * TAU.sqrt()).ln()
    };
    factor(log_sum_exp(&[shell(-3.5), shell(3.5)]));
}

/// Prior and likelihood are standard normals: ln Z = −(d/2) ln 4π.
#[model]
fn standard<const D: usize>() {
    let x: [f64; D] = sample(Normal::new(0.0, 1.0).iid());
    factor(-0.5 * dot(&x, &x) - 0.5 * D as f64 * TAU.ln());
}

/// Normal groups with known spread and noise; the mean has the prior N(0, 1).
#[model]
fn groups(y: &[f64]) {
    let mean: f64 = sample(Normal::new(0.0, 1.0));
    plate(y.len(), |i| {
        let effect: f64 = sample(Normal::new(mean, 0.5));
        observe(y[i], Normal::new(effect, 0.7));
    });
}

/// ln Z of [`groups`]: y is a normal of variance 0.5² + 0.7² on the diagonal, with 1 everywhere added.
fn groups_exactly(y: &[f64]) -> f64 {
    let (n, v) = (y.len() as f64, 0.25 + 0.49);
    let (sum, squares): (f64, f64) = (y.iter().sum(), y.iter().map(|y| y * y).sum());
    let quadratic = squares / v - sum * sum / (v * (v + n));
    -0.5 * (quadratic + n * TAU.ln() + (n - 1.0) * v.ln() + (v + n).ln())
}

fn heights(n: usize) -> Vec<f64> {
    (0..n)
        .map(|i| 0.3 + ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0)
        .collect()
}

/// A row of the table: mean z and rms z over the seeds.
fn row<M: Model + Sync>(name: &str, model: &M, exact: f64, seeds: u64) -> (f64, f64) {
    let get = |name| std::env::var(name).ok();
    let only = get("NESTED_ONLY").unwrap_or_default();
    if !name.contains(&only) {
        return (0.0, 1.0);
    }
    let seeds = get("NESTED_SEEDS").map_or(seeds, |s| s.parse().unwrap());
    let (n, start) = (seeds as f64, std::time::Instant::now());
    let (mut mean, mut square, mut sd, mut error, mut evaluations) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for seed in 1..=seeds {
        let sampler = NestedSampler::new(model).seed(seed);
        let run = match get("NESTED_SLICES") {
            Some(_) => sampler.proposal(Proposal::Slices).run(),
            None => sampler.reflections().run(),
        };
        let run = run.unwrap();
        let ln_z = run.log_evidence();
        let z = (ln_z.mean - exact) / ln_z.sd;
        mean += z / n;
        square += z * z / n;
        sd += ln_z.sd / n;
        error += (ln_z.mean - exact) / n;
        evaluations += run.likelihood_evaluations() as f64 / n;
    }
    let seconds = start.elapsed().as_secs_f64() / n;
    println!(
        "{name:24} {seeds:4} seeds: error {error:+.3}, sd {sd:.3}, rms z {:.2}, mean z {mean:+.2}, {evaluations:.3e} \
         evaluations, {seconds:.2} s",
        square.sqrt()
    );
    (mean, square.sqrt())
}

#[test]
#[ignore = "calibration: many seeds"]
fn reflections_are_calibrated() {
    let y = heights(40);
    let ln10 = 10f64.ln();
    let rows = [
        row(
            "standard normal, d = 50",
            &standard::<50>(),
            -25.0 * (2.0 * TAU).ln(),
            30,
        ),
        row(
            "correlated normal, d = 20",
            &correlated::<20>(),
            -20.0 * ln10,
            30,
        ),
        row(
            "correlated normal, d = 50",
            &correlated::<50>(),
            -50.0 * ln10,
            30,
        ),
        row("shells, d = 10", &shells::<10>(), -14.590491, 30),
        row("shells, d = 30", &shells::<30>(), -60.127767, 30),
        row("groups, d = 41", &groups(&y), groups_exactly(&y), 30),
    ];
    for (mean, rms) in rows {
        assert!((0.54..1.53).contains(&rms), "rms z {rms}");
        assert!(mean.abs() < 0.71, "mean z {mean}");
    }
}

/// Coefficients of a logistic regression, and data that it gave.
#[model]
fn logistic(x: &[[f64; 4]], y: &[bool]) {
    let coefs: [f64; 4] = sample(Normal::new(0.0, 1.0).iid());
    observe(y, each(x, |row| Bernoulli::logit(dot(&coefs, row))));
}

#[test]
fn reflections_and_slices_agree_on_a_regression() {
    let x: Vec<[f64; 4]> = (0..30)
        .map(|i| std::array::from_fn(|j| ((i * 791 + j * 337 + 13) % 203) as f64 / 101.0 - 1.0))
        .collect();
    let y: Vec<bool> = x.iter().map(|r| r[0] + 2.0 * r[1] - r[2] > 0.1).collect();
    let model = logistic(&x, &y);
    let sampler = NestedSampler::new(&model).live_points(60).seed(3);
    let slices = sampler.clone().proposal(Proposal::Slices).run().unwrap();
    let reflected = sampler.reflections().run().unwrap();
    let (a, b) = (slices.log_evidence(), reflected.log_evidence());
    let z = (a.mean - b.mean) / a.sd.hypot(b.sd);
    assert!(z.abs() < 3.5, "{a} by slices, {b} by reflections");
}

#[test]
fn the_evidence_of_groups_is_right() {
    let y = heights(5);
    let (mut mean, n) = (0.0, 6);
    for seed in 0..n {
        let model = groups(&y);
        let sampler = NestedSampler::new(&model).live_points(50).seed(seed);
        let ln_z = sampler.reflections().run().unwrap().log_evidence();
        mean += (ln_z.mean - groups_exactly(&y)) / ln_z.sd / n as f64;
    }
    // Six standard normal numbers have a mean of standard deviation 0.41.
    assert!(mean.abs() < 1.6, "mean z {mean}");
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let model = correlated::<8>();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let sampler = NestedSampler::new(&model).live_points(30).reflections();
            let run = sampler.seed(5).run().unwrap();
            (*run.evidence(), run.likelihood_evaluations())
        })
    };
    assert_eq!(run(1), run(2));
}

/// The gradient on the cube is that of finite differences: constants, parameters that are latents, discrete latents.
#[test]
fn gradients_on_the_cube_are_those_of_finite_differences() {
    #[model]
    fn mixed(y: &[f64]) {
        let mean: f64 = sample(Normal::new(0.0, 2.0));
        let rate: f64 = sample(Gamma::new(3.0, 2.0));
        let shape: f64 = sample(Beta::new(rate, 2.0));
        let count: usize = sample(Poisson::new(3.0));
        observe(y, Normal::new(mean + shape + count as f64, rate).iid());
    }
    let y = [0.3, 1.9, -0.4];
    let model = mixed(&y);
    let mut evaluator = ppl::models::Evaluator::new();
    let u = [0.3, 0.6, 0.7, 0.52];
    let mut gradient = [f64::NAN; 4];
    let value = evaluator.gradient_at_cube(&model, &u, &mut gradient);
    assert!((value - evaluator.log_likelihood(&model, &u)).abs() < 1e-12);
    let h = 1e-5;
    for i in 0..4 {
        let mut at = |step: f64| {
            let mut moved = u;
            moved[i] += step;
            evaluator.log_likelihood(&model, &moved)
        };
        let slope = (at(h) - at(-h)) / (2.0 * h);
        let error = (gradient[i] - slope).abs();
        assert!(
            error < 1e-6 * (1.0 + slope.abs()),
            "{i}: {}, {slope}",
            gradient[i]
        );
    }
}

#[test]
fn without_a_gradient_there_are_no_reflections() {
    let model = shells::<2>();
    let sampler = NestedSampler::new(&model).proposal(Proposal::Reflections);
    let error = sampler.run().unwrap_err().to_string();
    assert!(error.contains("no gradient"), "{error}");
}
