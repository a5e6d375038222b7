//! What a parallel model is compared with: itself in one piece.

use ppl::__private::{ArgumentReport, Frame, Site};
use ppl::models::{Evaluator, Interpreter, Layout, Model};
use ppl::prelude::*;

/// A model whose parallel plates run in one piece.
pub struct Whole<M>(pub M);

impl<Md: Model + Sync> Model for Whole<Md> {
    type Draw = Md::Draw;
    type Latents = Md::Latents;
    type Output<'a, M: Mode> = Md::Output<'a, M>;
    const NAME: &'static str = Md::NAME;
    const SITES: &'static [Site] = Md::SITES;
    const DIM: Option<usize> = None;
    const SUMS: bool = Md::SUMS;
    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) -> Md::Output<'a, M> {
        Model::run::<M, I>(&self.0, i)
    }
    fn decode(frame: Frame<'_>) -> Md::Draw {
        Md::decode(frame)
    }
    fn check(&self, report: &mut ArgumentReport) {
        self.0.check(report);
    }
    fn log_density_and_gradient(&self, e: &mut Evaluator, u: &[f64], g: &mut [f64]) -> f64 {
        // The parallel models take forward mode where they are small.
        e.reverse(self, u, g)
    }
}

pub fn wave(n: usize, step: f64) -> Vec<f64> {
    (0..n)
        .map(|i| 2.0 * (step * i as f64 + 0.3).sin())
        .collect()
}

pub fn point(n: usize, shift: usize) -> Vec<f64> {
    let at = |k| 0.25 * ((k + shift) % 7) as f64 - 0.6;
    (0..n).map(at).collect()
}

#[track_caller]
pub fn close(a: f64, b: f64) {
    assert!(
        (a - b).abs() <= 1e-12 * b.abs().max(1.0),
        "{a}, expected {b}"
    );
}

#[track_caller]
pub fn all_close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).for_each(|(a, b)| close(*a, *b));
}

/// Everything that is divided: the density and its gradient in each mode, and the likelihood on the cube.
pub fn numbers<M: Model>(model: &M, e: &mut Evaluator, u: &[f64], cube: &[f64]) -> Vec<f64> {
    let density = e.log_density(model, u);
    let mut numbers = vec![
        density.prior,
        density.likelihood,
        density.jacobian,
        e.log_likelihood(model, cube),
    ];
    let mut gradient = vec![f64::NAN; u.len()];
    numbers.push(model.log_density_and_gradient(e, u, &mut gradient));
    numbers.extend(&gradient);
    numbers.push(e.reverse(model, u, &mut gradient));
    numbers.extend(&gradient);
    numbers.push(e.density_of_latents(model, u, &mut gradient));
    numbers.extend(&gradient);
    numbers
}

pub fn on_pool<T: Send>(threads: usize, f: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("a pool").install(f)
}

/// A parallel model has the numbers of the same model in one piece, the same bits on one, two and three threads, and
/// the same bits in an evaluator that has never seen it.
#[track_caller]
pub fn agrees<M: Model + Sync>(model: M) {
    assert!(M::PARALLEL);
    let layout = Layout::of(&model).expect("a layout");
    let model = Whole(model);
    for shift in 0..3 {
        let u = point(layout.dim, shift);
        let cube: Vec<f64> = point(layout.cube_dim, shift)
            .iter()
            .map(|u| 0.5 + 0.4 * u)
            .collect();
        let whole = numbers(&model, &mut Evaluator::new(), &u, &cube);
        assert!(whole.iter().all(|x| x.is_finite()), "{whole:?}");
        let mut e = Evaluator::new();
        let [one, two, three] = [1, 2, 3].map(|threads| {
            on_pool(threads, || {
                let first = numbers(&model.0, &mut Evaluator::new(), &u, &cube);
                assert_eq!(first, numbers(&model.0, &mut e, &u, &cube));
                first
            })
        });
        all_close(&one, &whole);
        assert_eq!(one, two);
        assert_eq!(one, three);
    }
}
