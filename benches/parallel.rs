//! Plates divided among threads against the same plates in one piece: `cargo bench --bench parallel`. The threads are
//! those of the pool: as many as there are cores unless `RAYON_NUM_THREADS` says otherwise.

use ppl::models::{Evaluator, Layout, Model};
use ppl::prelude::*;
use std::hint::black_box;
use std::time::Instant;

#[model]
fn robust(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    let scale: f64 = sample(HalfNormal::new(1.5));
    let df: f64 = sample(Gamma::new(2.0, 0.1));
    plate(y.len(), |i| observe(y[i], StudentT::new(df, mu, scale)));
}

#[model]
fn robust_parallel(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    let scale: f64 = sample(HalfNormal::new(1.5));
    let df: f64 = sample(Gamma::new(2.0, 0.1));
    plate(y.len(), |i| observe(y[i], StudentT::new(df, mu, scale))).parallel();
}

#[model]
fn clusters(y: &[f64]) {
    let weights: Simplex<3> = sample(Dirichlet::symmetric(1.0));
    let means: [f64; 3] = sample(Normal::new(0.0, 10.0).iid());
    let scale: f64 = sample(HalfNormal::new(5.0));
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new(&weights));
        observe(y[i], Normal::new(means[z], scale));
    });
}

#[model]
fn clusters_parallel(y: &[f64]) {
    let weights: Simplex<3> = sample(Dirichlet::symmetric(1.0));
    let means: [f64; 3] = sample(Normal::new(0.0, 10.0).iid());
    let scale: f64 = sample(HalfNormal::new(5.0));
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new(&weights));
        observe(y[i], Normal::new(means[z], scale));
    })
    .parallel();
}

#[model]
fn effects(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    let scale: f64 = sample(HalfNormal::new(1.5));
    plate(y.len(), |i| {
        let effect: f64 = sample(Normal::new(mu, scale));
        observe(y[i], StudentT::new(4.0, effect, 1.0));
    });
}

#[model]
fn effects_parallel(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    let scale: f64 = sample(HalfNormal::new(1.5));
    plate(y.len(), |i| {
        let effect: f64 = sample(Normal::new(mu, scale));
        observe(y[i], StudentT::new(4.0, effect, 1.0));
    })
    .parallel();
}

/// Concentration at times after a dose, by Euler's method: elements that are few and dear.
fn decay<M: Mode>(rate: Real<M>, saturation: Real<M>, t: f64) -> Real<M> {
    let (mut x, step) = (Real::from(1.0), t / 200.0);
    for _ in 0..200 {
        x = x - rate * x / (x + saturation) * step;
    }
    x
}

#[model]
fn doses(t: &[f64], y: &[f64]) {
    let rate: f64 = sample(HalfNormal::new(1.0));
    let saturation: f64 = sample(HalfNormal::new(1.0));
    plate(y.len(), |i| {
        observe(y[i], Normal::new(decay(rate, saturation, t[i]), 0.1))
    });
}

#[model]
fn doses_parallel(t: &[f64], y: &[f64]) {
    let rate: f64 = sample(HalfNormal::new(1.0));
    let saturation: f64 = sample(HalfNormal::new(1.0));
    plate(y.len(), |i| {
        observe(y[i], Normal::new(decay(rate, saturation, t[i]), 0.1))
    })
    .parallel();
}

fn wave(n: usize) -> Vec<f64> {
    (0..n).map(|i| 2.0 * (0.37 * i as f64).sin()).collect()
}

/// The median time of an evaluation in µs, of each model by turns.
fn compare(name: &str, whole: &(impl Model + Sync), parallel: &(impl Model + Sync)) {
    if std::env::args()
        .skip(1)
        .any(|a| !a.starts_with("--") && !name.contains(&a))
    {
        return;
    }
    let dim = Layout::of(whole).expect("a layout").dim;
    let u: Vec<f64> = (0..dim).map(|k| 0.1 * (k % 7) as f64 - 0.2).collect();
    let [mut a, mut b, mut c] = [(); 3].map(|()| vec![0.0; dim]);
    let [mut e, mut f, mut g] = [(); 3].map(|()| Evaluator::new());
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let one = one.expect("a pool");
    let mut ways: [Box<dyn FnMut() -> f64 + Send + '_>; 3] = [
        Box::new(|| whole.log_density_and_gradient(&mut e, black_box(&u), &mut a)),
        Box::new(|| parallel.log_density_and_gradient(&mut f, black_box(&u), &mut b)),
        Box::new(|| parallel.log_density_and_gradient(&mut g, black_box(&u), &mut c)),
    ];
    let [value, same, _] = ways.each_mut().map(|way| way());
    assert!(
        (value - same).abs() <= 1e-11 * value.abs(),
        "{name}: {value} {same}"
    );
    let mut times = [(); 3].map(|()| Vec::new());
    let start = Instant::now();
    ways[0]();
    let batch = (1e-3 / start.elapsed().as_secs_f64()).clamp(1.0, 1000.0) as usize;
    for _ in 0..31 {
        for (k, way) in ways.iter_mut().enumerate() {
            let mut run = || {
                let start = Instant::now();
                for _ in 0..batch {
                    black_box(way());
                }
                start.elapsed().as_secs_f64() * 1e6 / batch as f64
            };
            // Chains and live points call from inside of a pool.
            times[k].push(match k {
                2 => one.install(run),
                _ => rayon::scope(|_| run()),
            });
        }
    }
    let [whole, divided, one] = times.map(|mut t| {
        t.sort_by(f64::total_cmp);
        t[t.len() / 2]
    });
    println!(
        "| {name} | {whole:.1} | {divided:.1} | {:.2} | {one:.1} |",
        whole / divided
    );
}

fn main() {
    println!("µs a gradient, {} threads.\n", rayon::current_num_threads());
    println!("| workload | one piece | parallel | ratio | parallel on one thread |");
    println!("|---|---|---|---|---|");
    for n in [50, 100, 200, 400, 1000, 10_000, 200_000] {
        let y = wave(n);
        compare(
            &format!("robust, {n} data"),
            &robust(&y),
            &robust_parallel(&y),
        );
    }
    for n in [1000, 10_000, 200_000] {
        let y = wave(n);
        compare(
            &format!("mixture of three, {n} data"),
            &clusters(&y),
            &clusters_parallel(&y),
        );
    }
    for n in [1000, 10_000, 200_000] {
        let y = wave(n);
        compare(
            &format!("effects, {n} latents"),
            &effects(&y),
            &effects_parallel(&y),
        );
    }
    for n in [4, 16, 40] {
        let (t, y) = (wave(n).iter().map(|t| t + 2.0).collect::<Vec<_>>(), wave(n));
        compare(
            &format!("doses, {n} solutions"),
            &doses(&t, &y),
            &doses_parallel(&t, &y),
        );
    }
}
