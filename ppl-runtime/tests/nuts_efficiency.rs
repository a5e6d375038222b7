//! Effective samples per gradient.
mod nuts_problems;
use nuts_problems::*;
use ppl_runtime::infer::nuts::*;

fn show(name: &str, d: &impl LogDensity, seeds: u64, metric: Metric) {
    let mut v = [(); 8].map(|_| Vec::new());
    let mut time = 0.0;
    let mut grads = 0.0;
    for seed in 1..=seeds {
        let t = std::time::Instant::now();
        let chains = sampled(d, &Settings { seed, metric, ..Settings::default() });
        time += t.elapsed().as_secs_f64();
        grads += chains.iter().map(|c| c.gradients as f64).sum::<f64>();
        let (min, mean) = ess(&chains, d.dim());
        let samp: f64 = chains.iter().flat_map(|c| &c.transitions).map(|t| f64::from(t.leapfrogs)).sum();
        let warm: f64 = chains.iter().flat_map(|c| &c.warmup).map(|t| f64::from(t.leapfrogs)).sum();
        let acc = chains.iter().map(|c| c.acceptance()).sum::<f64>() / 4.0;
        let step = chains.iter().map(|c| c.step_size).sum::<f64>() / 4.0;
        let div = chains.iter().map(|c| c.divergences.len()).sum::<usize>() as f64;
        for (v, x) in v.iter_mut().zip([min / samp, mean / samp, min / (samp + warm), samp, warm, acc, step, div]) {
            v.push(x);
        }
    }
    println!("{name} {metric:?}: {:.0} ns a gradient, wall, all chains", 1e9 * time / grads);
    for (n, v) in ["min/samp", "mean/samp", "min/all", "samp", "warm", "acc", "step", "div"].iter().zip(&v) {
        let m = v.iter().sum::<f64>() / seeds as f64;
        let sd = (v.iter().map(|x| (x - m).powi(2)).sum::<f64>() / (seeds as f64 - 1.0)).sqrt();
        println!("   {n} {m:.5} ± {:.2}", sd / (seeds as f64).sqrt() / m);
    }
}

#[test]
#[ignore]
fn look() {
    for m in [Metric::Diagonal, Metric::Dense, Metric::LowRank] {
        show("schools", &schools(), 20, m);
        show("normal50", &equicorrelated(50, 0.4), 20, m);
    }
    show("iid10", &normals(10, |i| 1.0 + i as f64), 20, Metric::Diagonal);
}

#[test]
#[ignore]
fn clock() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    fn one(name: &str, d: &impl LogDensity, metric: Metric) {
        let s = Settings { metric, chains: 1, warmup: 1000, draws: 20000, ..Settings::default() };
        let best = (0..7).map(|_| { let t = std::time::Instant::now(); let c = sampled(d, &s); 1e9 * t.elapsed().as_secs_f64() / c[0].gradients as f64 }).fold(f64::INFINITY, f64::min);
        let (u, mut g) = (vec![0.3; d.dim()], vec![0.0; d.dim()]);
        let w = &mut d.worker();
        let grad = (0..20).map(|_| { let t = std::time::Instant::now(); for _ in 0..100000 { std::hint::black_box(d.value_and_gradient(w, std::hint::black_box(&u), &mut g)); } 1e4 * t.elapsed().as_secs_f64() }).fold(f64::INFINITY, f64::min);
        println!("{name} {metric:?}: {best:.1} ns a leapfrog, of which {grad:.1} the gradient");
    }
    pool.install(|| {
        one("schools", &schools(), Metric::Diagonal);
        one("iid10", &normals(10, |i| 1.0 + i as f64), Metric::Diagonal);
        one("iid10", &normals(10, |i| 1.0 + i as f64), Metric::Dense);
        one("iid10", &normals(10, |i| 1.0 + i as f64), Metric::LowRank);
        one("iid50", &normals(50, |i| 1.0 + i as f64), Metric::Diagonal);
        one("iid2", &normals(2, |i| 1.0 + i as f64), Metric::Diagonal);
    });
}
