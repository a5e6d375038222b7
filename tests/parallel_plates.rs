//! Plates whose elements are divided among threads: the densities and gradients that they have in one piece, and the
//! same bits for any number of threads.

use ppl::__private::{ArgumentReport, Frame, Site};
use ppl::models::{Batch, Evaluator, Interpreter, Layout, Model};
use ppl::prelude::*;
use rayon::prelude::*;

/// A model whose parallel plates run in one piece.
struct Whole<M>(M);

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

fn wave(n: usize, step: f64) -> Vec<f64> {
    (0..n)
        .map(|i| 2.0 * (step * i as f64 + 0.3).sin())
        .collect()
}

fn point(n: usize, shift: usize) -> Vec<f64> {
    let at = |k| 0.25 * ((k + shift) % 7) as f64 - 0.6;
    (0..n).map(at).collect()
}

#[track_caller]
fn close(a: f64, b: f64) {
    assert!(
        (a - b).abs() <= 1e-12 * b.abs().max(1.0),
        "{a}, expected {b}"
    );
}

#[track_caller]
fn all_close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).for_each(|(a, b)| close(*a, *b));
}

/// Everything that is divided: the density and its gradient in each mode, and the likelihood on the cube.
fn numbers<M: Model>(model: &M, e: &mut Evaluator, u: &[f64], cube: &[f64]) -> Vec<f64> {
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

fn on_pool<T: Send>(threads: usize, f: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("a pool").install(f)
}

/// A parallel model has the numbers of the same model in one piece, the same bits on one, two and three threads, and
/// the same bits in an evaluator that has never seen it.
#[track_caller]
fn agrees<M: Model + Sync>(model: M) {
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

#[model]
fn data_alone(y: &[f64], z: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    let scale: f64 = sample(HalfNormal::new(1.5));
    observe(z, Normal::new(mu, 3.0).iid());
    plate(y.len(), |i| observe(y[i], StudentT::new(4.0, mu, scale))).parallel();
    let last: f64 = sample(Normal::new(mu, scale));
    factor(-0.1 * last * last);
}

#[model]
fn data_alone_plain(y: &[f64], z: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    let scale: f64 = sample(HalfNormal::new(1.5));
    observe(z, Normal::new(mu, 3.0).iid());
    plate(y.len(), |i| observe(y[i], StudentT::new(4.0, mu, scale)));
    let last: f64 = sample(Normal::new(mu, scale));
    factor(-0.1 * last * last);
}

#[test]
fn plates_of_data() {
    let z = wave(5, 0.9);
    for n in [0, 1, 2, 15, 16, 17, 500] {
        let y = wave(n, 0.37);
        agrees(data_alone(&y, &z));
        // The same as without the word.
        let (u, cube) = (point(3, 1), [0.4, 0.7, 0.2]);
        let a = numbers(&data_alone(&y, &z), &mut Evaluator::new(), &u, &cube);
        let b = numbers(&data_alone_plain(&y, &z), &mut Evaluator::new(), &u, &cube);
        all_close(&a, &b);
    }
}

#[model]
fn local(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| {
        let spread: f64 = sample(HalfNormal::new(1.5));
        let shares: Simplex<3> = sample(Dirichlet::symmetric(2.0));
        let theta: f64 = sample(Normal::new(mu, 1.0));
        observe(y[i], Normal::new(theta + shares[1], spread));
    })
    .parallel();
    let last: f64 = sample(Normal::new(mu, 0.5));
    let width: f64 = sample(Exponential::new(1.0));
    factor(-0.1 * last * width);
}

/// How many latents an element has follows from the data.
#[model]
fn ragged(counts: &[usize], y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(counts.len(), |i| {
        let mut level = Real::from(0.0);
        for k in 0..counts[i] {
            let step: f64 = sample(HalfNormal::new(1.0));
            if k == 3 {
                break;
            }
            level += step;
        }
        observe(y[i], Normal::new(mu + level, 1.0));
    })
    .parallel();
    let last: f64 = sample(Gamma::new(2.0, 1.0));
    let again = y;
    observe(again, Normal::new(mu, last).iid());
}

#[model]
fn discrete_latents(y: &[f64]) {
    let rate: f64 = sample(Exponential::new(0.5));
    plate(y.len(), |i| {
        let count: usize = sample(Poisson::new(rate));
        let shift: f64 = sample(Normal::new(0.0, 1.0));
        observe(y[i], Normal::new(shift + count as f64, 1.0));
    })
    .parallel();
    let last: f64 = sample(Normal::new(0.0, 1.0));
    let again = y;
    observe(again[0], Normal::new(last, 1.0));
}

#[test]
fn plates_with_latents() {
    for n in [1, 7, 40] {
        let y = wave(n, 0.41);
        agrees(local(&y));
        let counts: Vec<usize> = (0..n).map(|i| i * i % 6).collect();
        agrees(ragged(&counts, &y));
        agrees(discrete_latents(&y));
    }
}

#[model]
fn groups(x: &[Vec<[f64; 2]>], y: &[Vec<bool>]) {
    let coefs: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let spread: f64 = sample(HalfNormal::new(1.0));
    plate(y.len(), |g| {
        let (rows, outcomes) = (&x[g], &y[g]);
        let effect: f64 = sample(Normal::new(0.0, spread));
        observe(
            outcomes,
            each(rows, |row| Bernoulli::logit(dot(&coefs, row) + effect)),
        );
    })
    .parallel();
}

#[test]
fn plates_of_vectors() {
    for n in [3, 20] {
        let size = |g: usize| 1 + 90 * (g % 3);
        let row = |g: usize| move |k: usize| [(k as f64 * 0.3).sin(), ((g + k) as f64).cos()];
        let x: Vec<Vec<_>> = (0..n).map(|g| (0..size(g)).map(row(g)).collect()).collect();
        let outcome = |g: usize| move |k: usize| (g + k * k).is_multiple_of(3);
        let y: Vec<Vec<_>> = (0..n)
            .map(|g| (0..size(g)).map(outcome(g)).collect())
            .collect();
        agrees(groups(&x, &y));
    }
}

#[model]
fn mixture(y: &[f64]) {
    let weights: Simplex<2> = sample(Dirichlet::symmetric(2.0));
    let means: [f64; 2] = sample(Normal::new(0.0, 3.0).iid());
    let scale: f64 = sample(HalfNormal::new(2.0));
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new(&weights));
        observe(y[i], Normal::new(means[z], scale));
    })
    .parallel();
}

#[model]
fn mixture_in_lanes(y: &[f64], x: &[f64]) {
    let means: [f64; 2] = sample(Normal::new(0.0, 3.0).iid());
    plate(y.len(), |i| {
        #[enumerate]
        let z: usize = sample(Categorical::new([0.3, 0.7]));
        observe(y[i], Normal::new(means[z] * x[i], 1.0));
    })
    .parallel();
}

#[model]
fn mixture_with_latents(y: &[f64], weights: &[f64], kept: &[bool]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| {
        #[enumerate]
        let z: bool = sample(Bernoulli::new(0.4));
        let theta: f64 = sample(Normal::new(mu, if z { 1.0 } else { 2.0 }));
        observe(y[i], Normal::new(theta, if z { 3.0 } else { 1.0 }));
    })
    .parallel()
    .scale(weights)
    .mask(kept);
    let last: f64 = sample(HalfNormal::new(1.0));
    let again = y;
    observe(again[0], Normal::new(mu, last));
}

#[test]
fn plates_of_sums() {
    for n in [3, 40, 3000] {
        let (y, x) = (wave(n, 0.7), wave(n, 0.13));
        agrees(mixture(&y));
        agrees(mixture_in_lanes(&y, &x));
        let n = n.min(200);
        let weights: Vec<f64> = (0..n).map(|i| 0.5 * (i % 4) as f64).collect();
        let kept: Vec<bool> = (0..n).map(|i| i % 5 != 2).collect();
        agrees(mixture_with_latents(&y[..n], &weights, &kept));
    }
}

#[model]
fn summed_before(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    #[enumerate]
    let wide: bool = sample(Bernoulli::new(0.3));
    plate(y.len(), |i| {
        observe(y[i], Normal::new(mu, if wide { 3.0 } else { 1.0 }))
    })
    .parallel();
}

#[model]
fn summed_after(y: &[f64], w: f64) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| observe(y[i], Normal::new(mu, 1.0))).parallel();
    #[enumerate]
    let far: bool = sample(Bernoulli::new(0.3));
    let shift: f64 = sample(Normal::new(if far { 2.0 } else { 0.0 }, 1.0));
    plate(y.len(), |i| observe(w, Normal::new(mu + shift * y[i], 1.0))).parallel();
}

#[model]
fn inside(y: &[f64], groups: usize) {
    let (a, b, c, d, e) = (y, y, y, y, y);
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    for _ in 0..groups {
        let shift: f64 = sample(HalfNormal::new(1.0));
        plate(y.len(), |i| {
            let theta: f64 = sample(Normal::new(mu, shift));
            observe(y[i], Normal::new(theta, 1.0));
        })
        .parallel();
    }
    plate(groups, |g| {
        let level: f64 = sample(Normal::new(0.0, 1.0));
        plate(y.len(), |i| observe(a[i], Normal::new(level, 2.0))).parallel();
        plate(y.len(), |i| observe(b[i], Normal::new(mu, 2.0)))
            .parallel()
            .scale(0.5 + g as f64);
    })
    .parallel();
    plate(groups, |_| {
        #[enumerate]
        let z: bool = sample(Bernoulli::new(0.4));
        plate(y.len(), |i| {
            observe(c[i], Normal::new(mu, if z { 3.0 } else { 1.0 }))
        })
        .parallel();
    });
    plate(groups, |_| {
        plate(y.len(), |i| observe(d[i], Normal::new(mu, 2.5))).parallel();
    })
    .scale(0.3);
    markov(groups, 0, |_, before| {
        #[enumerate]
        let state: usize = sample(Categorical::new([0.2, 0.8]));
        plate(y.len(), |i| {
            observe(e[i], Normal::new(mu * state as f64, 1.0 + before as f64))
        })
        .parallel();
        state
    });
}

#[model]
fn part(y: &[f64], mu: Real) -> f64 {
    let spread: f64 = sample(HalfNormal::new(1.0));
    plate(y.len(), |i| observe(y[i], Normal::new(mu, spread))).parallel();
    spread
}

#[model]
fn with_submodels(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    let first = submodel(part(y, mu));
    plate(y.len(), |i| {
        let inner = submodel(part(&y[i..], mu));
        observe(y[i], Normal::new(mu, first + inner));
    })
    .parallel();
}

#[test]
fn plates_inside_of_other_things() {
    for n in [2, 30] {
        let y = wave(n, 0.7);
        agrees(summed_before(&y));
        agrees(summed_after(&y, 0.4));
        agrees(inside(&y, 3));
        agrees(with_submodels(&y));
    }
}

#[model]
fn halves(y: &[f64], b: usize) {
    let again = y;
    let mu: f64 = sample(Normal::new(0.0, 2.0));
    plate(y.len(), |i| observe(y[i], StudentT::new(3.0, mu, 1.0)))
        .minibatch(b)
        .parallel();
    plate(y.len(), |i| {
        let spread: f64 = sample(HalfNormal::new(1.5));
        observe(again[i], Normal::new(mu, spread));
    })
    .parallel()
    .minibatch(b);
    let last: f64 = sample(HalfNormal::new(1.0));
    factor(-last);
}

#[test]
fn minibatches_are_those_of_one_piece() {
    let y = wave(50, 0.7);
    let model = Whole(halves(&y, 20));
    let u = point(52, 2);
    let [mut e, mut whole] = [(); 2].map(|()| Evaluator::new());
    let [mut a, mut b] = [(); 2].map(|()| vec![0.0; 52]);
    let mut values = Vec::new();
    for step in 0..20 {
        let batch = Some(Batch { seed: 5, step });
        e.subsample(batch);
        whole.subsample(batch);
        let value = model.0.log_density_and_gradient(&mut e, &u, &mut a);
        close(
            value,
            model.log_density_and_gradient(&mut whole, &u, &mut b),
        );
        all_close(&a, &b);
        close(e.log_density(&model.0, &u).total(), value);
        values.push(value);
    }
    assert!(values.windows(2).any(|v| v[0] != v[1]), "{values:?}");
    agrees(halves(&y, 20));
}

#[test]
fn some_latents_may_be_given() {
    let y = wave(30, 0.7);
    let partial = || LocalPartial {
        spread: (0..30).map(|i| (i % 3 == 0).then_some(1.5)).collect(),
        last: Some(0.7),
        ..LocalPartial::default()
    };
    agrees(local(&y).condition(partial()));
    agrees(local(&y).fix(partial()));
    let model = local(&y);
    agrees((&model).condition(partial()));
}

/// Executions of several models and evaluators share the threads' tapes, and wait for each other.
#[test]
fn busy_threads_take_parts_of_each_other() {
    let (y, z) = (wave(300, 0.37), wave(5, 0.9));
    let models = (data_alone(&y, &z), local(&y[..20]));
    let gradients = |e: &mut Evaluator| {
        let [mut a, mut b] = [3, 83].map(|n| vec![0.0; n]);
        let values = [
            e.reverse(&models.0, &point(3, 1), &mut a),
            e.reverse(&models.1, &point(83, 2), &mut b),
        ];
        (values, a, b)
    };
    let expected = gradients(&mut Evaluator::new());
    for threads in [2, 3] {
        on_pool(threads, || {
            (0..2000)
                .into_par_iter()
                .with_max_len(1)
                .map_init(Evaluator::new, |e, _| gradients(e))
                .for_each(|found| assert_eq!(found, expected));
        });
    }
}

#[test]
fn engines_give_the_same_bits_on_any_number_of_threads() {
    let y = wave(40, 0.7);
    let model = mixture(&y);
    let chains = |threads| {
        on_pool(threads, || {
            let nuts = Nuts::new(&model).chains(3).warmup(60).draws(40).seed(4);
            let draws = nuts.run().expect("draws").draws().clone();
            draws.iter().map(|d| (d.means, d.scale)).collect::<Vec<_>>()
        })
    };
    assert_eq!(chains(1), chains(2));
    let data = data_alone(&y, &y[..3]);
    let evidence = |threads| {
        on_pool(threads, || {
            let run = NestedSampler::new(&data).live_points(80).seed(3).run();
            let run = run.expect("a run");
            let evidence = run.log_evidence();
            (evidence.mean, evidence.sd, run.likelihood_evaluations())
        })
    };
    assert_eq!(evidence(1), evidence(2));
}

#[test]
fn forward_mode_takes_several_passes() {
    let (y, z) = (wave(40, 0.7), wave(5, 0.9));
    let (mut e, small, large) = (Evaluator::new(), data_alone(&y, &z), local(&y));
    let [mut a, mut b] = [(); 2].map(|()| vec![0.0; 3]);
    let u = point(3, 1);
    let value = e.forward::<2, _>(&small, &u, &mut a);
    close(value, e.reverse(&small, &u, &mut b));
    all_close(&a, &b);
    let n = Layout::of(&large).expect("a layout").dim;
    let [mut a, mut b] = [(); 2].map(|()| vec![0.0; n]);
    let u = point(n, 1);
    let value = e.forward::<8, _>(&large, &u, &mut a);
    close(value, e.reverse(&large, &u, &mut b));
    all_close(&a, &b);
}

/// Draws have all elements, in order.
#[test]
fn draws_and_predictions_have_all_elements() {
    let y = wave(40, 0.7);
    let model = local(&y);
    let prior = model.prior(3, 1).expect("draws");
    assert!(prior.iter().all(|d| d.theta.len() == 40));
    let replicates = model.predict(&prior, 2).expect("replicates");
    assert_eq!(replicates.shape("y"), Some(&[40][..]));
    let u = point(Layout::of(&model).expect("a layout").dim, 0);
    let mut gradient = vec![0.0; u.len()];
    let mut e = Evaluator::new();
    let value = model.log_density_and_gradient(&mut e, &u, &mut gradient);
    assert_eq!(value, e.log_density(&model, &u).total());
}
