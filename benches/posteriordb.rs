//! µs a value and gradient of the models of `tests/posteriordb`: as chosen, in forward and in reverse mode, and the value
//! alone. `cargo bench --bench posteriordb -- rats nes1980` for these two; without names all.

#[path = "../tests/posteriordb/mod.rs"]
mod posteriordb;

use posteriordb::{Given, Point, Reference, SMOOTH, Task, each};
use ppl::models::{Evaluator, Layout, Model};
use std::hint::black_box;
use std::time::Instant;

#[derive(Clone)]
struct Timed;

/// The median time of a batch of about 100 µs, in µs a call.
fn median(mut f: impl FnMut() -> f64) -> f64 {
    black_box(f());
    let start = Instant::now();
    black_box(f());
    let batch = (100e-6 / start.elapsed().as_secs_f64().max(1e-9)).clamp(1.0, 5000.0) as usize;
    let mut times: Vec<f64> = (0..101)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..batch {
                black_box(f());
            }
            start.elapsed().as_secs_f64() * 1e6 / batch as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

impl Task for Timed {
    type Output = ();
    fn model<M: Model + Sync>(self, r: &Reference, model: &M, _: impl Fn(&Point) -> Given) {
        let dim = Layout::of(model).map_or(0, |l| l.dim);
        let u: Vec<f64> = (0..dim)
            .map(|i| 0.3 * (1.7 * i as f64 + 0.4).sin())
            .collect();
        let (mut g, mut e) = (vec![0.0; dim], Evaluator::new());
        let chosen = median(|| model.log_density_and_gradient(&mut e, black_box(&u), &mut g));
        let forward = median(|| e.forward::<8, _>(model, black_box(&u), &mut g));
        let reverse = median(|| e.reverse(model, black_box(&u), &mut g));
        let value = median(|| e.log_density(model, black_box(&u)).total());
        let name = r.name;
        println!("| {name} | {dim} | {chosen:.2} | {forward:.2} | {reverse:.2} | {value:.2} |");
    }
}

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let all = |name: &&str| wanted.is_empty() || wanted.iter().any(|w| w == name);
    println!("µs an evaluation.\n");
    println!("| model | coordinates | gradient | forward in eights | reverse | value |");
    println!("|---|---|---|---|---|---|");
    let names: Vec<&str> = SMOOTH.into_iter().filter(all).collect();
    each(&names, Timed);
}
