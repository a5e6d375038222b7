//! Draws by both ways, and what they are compared with.

use bumpalo::Bump;
use ppl_runtime::dist::Distribution;
use ppl_runtime::dist::family::Family;
use ppl_runtime::dist::source::Source;
use ppl_runtime::dist::univariate::Univariate;
use ppl_runtime::random::{Purpose, Rng, keyed};
use ppl_runtime::real::{Mode, Real, Value};
use ppl_runtime::support::Latent;
use rand::RngExt;
use rand::distr::Open01;

const DRAWS: usize = 100_000;

/// Uniform points of the cube, or simulation.
struct Random<'r> {
    rng: &'r mut Rng,
    cube: bool,
}

impl<M: Mode> Source<M> for Random<'_> {
    const UNCONSTRAINED: bool = false;
    const PRIOR: bool = false;
    const SIMULATES: bool = false;
    type Mark = ();
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M> {
        fn family<M: Mode, const P: usize, D: Univariate<M, P>>(
            d: &D,
            rng: &mut Rng,
            cube: bool,
        ) -> f64 {
            if cube {
                D::Family::quantile(rng.sample(Open01), &d.values())
            } else {
                D::Family::draw(rng, &d.values())
            }
        }
        Real::constant(family(d, self.rng, self.cube))
    }
    fn discrete(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(self.rng.sample(Open01))
    }
    fn branch(&mut self, quantile: impl Fn(f64) -> f64) -> f64 {
        quantile(self.rng.sample(Open01))
    }
    fn mark(&self) {}
    fn rewind(&mut self, (): ()) {}
    fn jacobian(&self) -> Option<Real<M>> {
        None
    }
    fn uniform(&mut self) -> f64 {
        self.rng.sample(Open01)
    }
    fn coordinate(&mut self) -> Real<M> {
        Real::constant(f64::NAN)
    }
    fn add_jacobian(&mut self, _: Real<M>) {}
}

/// Gives the numbers of draws to a function.
fn draws<T: Latent>(d: &impl Distribution<Value, T>, cube: bool, mut see: impl FnMut(&[f64])) {
    let mut rng = keyed(21, Purpose::User, u64::from(cube), 0);
    let mut source = Random {
        rng: &mut rng,
        cube,
    };
    let (mut arena, mut numbers) = (Bump::new(), Vec::new());
    for _ in 0..DRAWS {
        numbers.clear();
        arena.reset();
        T::write::<Value>(&d.draw(&mut source, &arena), &mut numbers);
        see(&numbers);
    }
}

/// Means and covariances within 5 standard errors.
pub fn moments<T: Latent>(
    name: &str,
    d: &impl Distribution<Value, T>,
    mean: &[f64],
    covariance: &[Vec<f64>],
) {
    let n = mean.len();
    for cube in [true, false] {
        let mut sums = vec![0.0; n];
        let (mut products, mut squares) = (vec![0.0; n * n], vec![0.0; n * n]);
        draws(d, cube, |x| {
            assert_eq!(x.len(), n, "{name}");
            for i in 0..n {
                sums[i] += x[i] - mean[i];
                for j in 0..=i {
                    let product = (x[i] - mean[i]) * (x[j] - mean[j]);
                    products[i * n + j] += product;
                    squares[i * n + j] += product * product;
                }
            }
        });
        let count = DRAWS as f64;
        for i in 0..n {
            let z = sums[i] / count / (covariance[i][i] / count).sqrt();
            // A number without variance has to be its mean.
            let fixed = covariance[i][i] == 0.0 && sums[i].abs() < 1e-9;
            assert!(
                z.abs() < 5.0 || fixed,
                "{name} (cube: {cube}): mean {i} is {z} standard errors off"
            );
            for j in 0..=i {
                let (p, wanted) = (products[i * n + j] / count, covariance[i][j]);
                let error = ((squares[i * n + j] / count - p * p) / count).sqrt();
                let z = (p - wanted) / error.max(1e-300);
                assert!(
                    z.abs() < 5.0 || (p - wanted).abs() < 1e-12,
                    "{name} (cube: {cube}): covariance {i},{j} is {z} standard errors off: {p}, not {wanted}"
                );
            }
        }
    }
}

/// Means of functions of a draw within 5 standard errors.
pub fn means<T: Latent>(
    name: &str,
    d: &impl Distribution<Value, T>,
    wanted: &[f64],
    f: impl Fn(&[f64]) -> Vec<f64>,
) {
    for cube in [true, false] {
        let (mut sums, mut squares) = (vec![0.0; wanted.len()], vec![0.0; wanted.len()]);
        draws(d, cube, |x| {
            for (i, v) in f(x).into_iter().enumerate() {
                sums[i] += v;
                squares[i] += v * v;
            }
        });
        for (i, wanted) in wanted.iter().enumerate() {
            let mean = sums[i] / DRAWS as f64;
            let error = ((squares[i] / DRAWS as f64 - mean * mean) / DRAWS as f64).sqrt();
            let z = (mean - wanted) / error;
            assert!(
                z.abs() < 5.0,
                "{name} (cube: {cube}): mean {i} is {z} standard errors off: {mean}, not {wanted}"
            );
        }
    }
}

/// A projection of draws against its distribution function, by Kolmogorov's test.
pub fn follows<T: Latent>(
    name: &str,
    d: &impl Distribution<Value, T>,
    f: impl Fn(&[f64]) -> f64,
    cdf: impl Fn(f64) -> f64,
) {
    for cube in [true, false] {
        let mut x = Vec::with_capacity(DRAWS);
        draws(d, cube, |v| x.push(f(v)));
        x.sort_by(f64::total_cmp);
        let n = DRAWS as f64;
        let distance = x.iter().enumerate().map(|(i, &x)| {
            let (f, i) = (cdf(x), i as f64);
            (f - i / n).max((i + 1.0) / n - f)
        });
        let d = distance.fold(0.0, f64::max);
        let t = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * d;
        let term =
            |k: i32| f64::from(1 - 2 * ((k + 1) % 2)) * (-2.0 * f64::from(k * k) * t * t).exp();
        let p = (2.0 * (1..100).map(term).sum::<f64>()).clamp(0.0, 1.0);
        assert!(p > 1e-4, "{name} (cube: {cube}): p = {p:e}");
    }
}
