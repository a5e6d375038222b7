//! Counts of categories: the multinomial and Dirichlet-multinomial distributions, in every mode.

use super::beta_binomial::BetaBinomial;
use super::binomial::BinomialLogit;
use super::counts::{Counts, check, check_counts, counts, distributions_of_counts, split, values};
use super::datum::Score;
use super::distribution::{Combine, Distribution};
use super::family::Family;
use super::operand::{Many, Operands};
use super::report::Report;
use super::source::Source;
use crate::real::special::{LN_SQRT_2PI, bd0, digamma_difference, stirling_error};
use crate::real::{Lift, Mode, Real};
use crate::support::Seq;
use bumpalo::Bump;

/// Multinomial distribution of the counts of n draws from categories 0, ..., m − 1:
/// P(k) = n!/Πkᵢ! · Π pᵢ^kᵢ where Σk = n.
///
/// [`Multinomial::new`] takes weights wᵢ with p = w/Σw, [`Multinomial::logits`] logits with p = e^l/Σe^l; a vector of m
/// numbers, data or latent. A site is `[usize; N]` or `Vec<usize>`; data also `&[usize]`. From the cube it comes by its conditionals,
/// which are binomial. Mean: n p; covariance: n (diag p − p pᵀ). The probability is taken in Loader's deviance form.
///
/// Source: Johnson, Kotz & Balakrishnan, *Discrete Multivariate Distributions* (1997), eq. 35.1.
///
/// ```
/// use ppl_runtime::dist::{Distribution, Multinomial};
/// use ppl_runtime::real::Value;
/// let d = Multinomial::new(3, [1.0, 1.0, 2.0]);
/// let p = Distribution::<Value, [usize; 3]>::log_prob(&d, &[1, 0, 2]);
/// assert!((p.value() - (3.0f64 / 16.0).ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Multinomial<W> {
    n: usize,
    weights: W,
}

/// [`Multinomial`] by logits; made by [`Multinomial::logits`].
#[derive(Copy, Clone, Debug)]
pub struct MultinomialLogits<L> {
    n: usize,
    logits: L,
}

/// Dirichlet-multinomial distribution: [`Multinomial`] counts whose probabilities come from a
/// [`Dirichlet`](super::Dirichlet), P(k) = n! Γ(A)/Γ(n + A) Π Γ(kᵢ + αᵢ)/(kᵢ! Γ(αᵢ)) with A = Σα.
///
/// `concentration` is a vector of m positive numbers, data or latent. Sites and data are those of [`Multinomial`]. From the cube
/// it comes by its conditionals, which are beta-binomial, and so is its probability taken. Mean: n α/A; covariance:
/// n (n + A)/(1 + A) (diag α/A − α αᵀ/A²).
///
/// Source: Johnson, Kotz & Balakrishnan, *Discrete Multivariate Distributions* (1997), eq. 35.151.
///
/// ```
/// use ppl_runtime::dist::{DirichletMultinomial, Distribution};
/// use ppl_runtime::real::Value;
/// let d = DirichletMultinomial::new(3, [1.0, 1.0, 1.0]);
/// let p = Distribution::<Value, [usize; 3]>::log_prob(&d, &[1, 0, 2]);
/// assert!((p.value() + 10f64.ln()).abs() < 1e-14);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct DirichletMultinomial<A> {
    n: usize,
    concentration: A,
}

impl<W> Multinomial<W> {
    /// The counts of n draws by weights, which need not sum to one.
    pub fn new(n: usize, weights: W) -> Self {
        Multinomial { n, weights }
    }
    /// The counts of n draws by logits.
    pub fn logits(n: usize, logits: W) -> MultinomialLogits<W> {
        MultinomialLogits { n, logits }
    }
}
impl<A> DirichletMultinomial<A> {
    /// The counts of n draws by concentrations.
    pub fn new(n: usize, concentration: A) -> Self {
        DirichletMultinomial { n, concentration }
    }
}
impl<W> Combine for Multinomial<W> {}
impl<L> Combine for MultinomialLogits<L> {}
impl<A> Combine for DirichletMultinomial<A> {}

/// −(ln of the multinomial probability's) term of a category expected `mean` times, less what the total adds.
fn deviance(k: f64, mean: f64) -> f64 {
    if k == 0.0 {
        mean
    } else {
        stirling_error(k) + bd0(k, mean) + 0.5 * k.ln() + LN_SQRT_2PI
    }
}

/// ln P(k) from the probability of each category.
fn ln_multinomial(k: &[usize], n: f64, p: impl Fn(usize) -> f64) -> f64 {
    if k.iter().map(|&k| k as f64).sum::<f64>() != n {
        return f64::NEG_INFINITY;
    }
    if n == 0.0 {
        return 0.0;
    }
    let total = stirling_error(n) + 0.5 * n.ln() + LN_SQRT_2PI;
    let terms = |(i, &k): (usize, &usize)| deviance(k as f64, n * p(i));
    total - k.iter().enumerate().map(terms).sum::<f64>()
}

impl<M: Mode, W: Operands<M, Kind = Many>> Counts<M> for Multinomial<W> {
    const NAME: &'static str = "Multinomial";
    const PARAMETER: &'static str = "weights";
    type Parameters = W;
    fn total(&self) -> f64 {
        self.n as f64
    }
    fn parameters(&self) -> &W {
        &self.weights
    }
    fn log_prob(&self, k: &[usize]) -> Real<M> {
        if Counts::<M>::valid(self).is_err() || self.weights.len() != Some(k.len()) {
            return Real::constant(f64::NAN);
        }
        let (n, sum) = (self.n as f64, values(&self.weights).sum::<f64>());
        let p = |i: usize| self.weights.at(i).value() / sum;
        let value = ln_multinomial(k, n, p);
        if !M::GRADIENT || W::CONSTANT || value == f64::NEG_INFINITY {
            return Real::constant(value);
        }
        let mut lift = M::Lift::begin();
        for (i, &k) in k.iter().enumerate() {
            let w = self.weights.at(i).value();
            // k/w − n/Σw
            let by = if w == 0.0 {
                -n / sum
            } else {
                (-n).mul_add(p(i), k as f64) / w
            };
            self.weights.push(i, &[by], &mut lift);
        }
        lift.finish(value)
    }
    fn conditional(&self, u: f64, i: usize, left: f64) -> f64 {
        let (w, rest) = split(&self.weights, i);
        binomial(u, left, w.ln() - rest.ln())
    }
    fn valid(&self) -> Result<(), &'static str> {
        let good = values(&self.weights).all(|w| w >= 0.0);
        let sum: f64 = values(&self.weights).sum();
        if good && sum > 0.0 && sum.is_finite() {
            Ok(())
        } else {
            Err("non-negative numbers, not all zero")
        }
    }
}

impl<M: Mode, L: Operands<M, Kind = Many>> Counts<M> for MultinomialLogits<L> {
    const NAME: &'static str = "Multinomial";
    const PARAMETER: &'static str = "logits";
    type Parameters = L;
    fn total(&self) -> f64 {
        self.n as f64
    }
    fn parameters(&self) -> &L {
        &self.logits
    }
    fn log_prob(&self, k: &[usize]) -> Real<M> {
        if Counts::<M>::valid(self).is_err() || self.logits.len() != Some(k.len()) {
            return Real::constant(f64::NAN);
        }
        let n = self.n as f64;
        let largest = values(&self.logits).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = values(&self.logits).map(|l| (l - largest).exp()).sum();
        let p = |i: usize| (self.logits.at(i).value() - largest).exp() / sum;
        let mut value = ln_multinomial(k, n, p);
        // Where a probability underflows its logarithm is the logit itself.
        if value == f64::NEG_INFINITY && k.iter().map(|&k| k as f64).sum::<f64>() == n {
            let ln_p = |i: usize| self.logits.at(i).value() - largest - sum.ln();
            value = crate::real::special::ln_gamma_1p(n);
            for (i, &k) in k.iter().enumerate().filter(|k| *k.1 > 0) {
                value += k as f64 * ln_p(i) - crate::real::special::ln_gamma_1p(k as f64);
            }
        }
        if !M::GRADIENT || L::CONSTANT || value == f64::NEG_INFINITY {
            return Real::constant(value);
        }
        let mut lift = M::Lift::begin();
        for (i, &k) in k.iter().enumerate() {
            self.logits
                .push(i, &[(-n).mul_add(p(i), k as f64)], &mut lift);
        }
        lift.finish(value)
    }
    fn conditional(&self, u: f64, i: usize, left: f64) -> f64 {
        let rest = (i + 1..self.logits.len().unwrap_or(0)).map(|j| self.logits.at(j).value());
        let largest = rest.clone().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = rest.map(|l| (l - largest).exp()).sum();
        binomial(u, left, self.logits.at(i).value() - largest - sum.ln())
    }
    fn valid(&self) -> Result<(), &'static str> {
        let largest = values(&self.logits).fold(f64::NEG_INFINITY, f64::max);
        if largest.is_finite() && values(&self.logits).all(|l| !l.is_nan()) {
            Ok(())
        } else {
            Err("below infinity, and not all minus infinity")
        }
    }
}

impl<M: Mode, A: Operands<M, Kind = Many>> Counts<M> for DirichletMultinomial<A> {
    const NAME: &'static str = "DirichletMultinomial";
    const PARAMETER: &'static str = "concentration";
    type Parameters = A;
    fn total(&self) -> f64 {
        self.n as f64
    }
    fn parameters(&self) -> &A {
        &self.concentration
    }
    fn log_prob(&self, k: &[usize]) -> Real<M> {
        if Counts::<M>::valid(self).is_err() || self.concentration.len() != Some(k.len()) {
            return Real::constant(f64::NAN);
        }
        let n = self.n as f64;
        if k.iter().map(|&k| k as f64).sum::<f64>() != n {
            return Real::constant(f64::NEG_INFINITY);
        }
        let (mut value, mut left) = (0.0, n);
        for (i, &k) in k.iter().enumerate() {
            let (a, rest) = split(&self.concentration, i);
            if i + 1 < self.concentration.len().unwrap_or(0) {
                value += <BetaBinomial>::log_density(k as f64, &[left, a, rest]);
            }
            left -= k as f64;
        }
        if !M::GRADIENT || A::CONSTANT {
            return Real::constant(value);
        }
        let all = digamma_difference(values(&self.concentration).sum(), n);
        let mut lift = M::Lift::begin();
        for (i, &k) in k.iter().enumerate() {
            let by = digamma_difference(self.concentration.at(i).value(), k as f64) - all;
            self.concentration.push(i, &[by], &mut lift);
        }
        lift.finish(value)
    }
    fn conditional(&self, u: f64, i: usize, left: f64) -> f64 {
        let (a, rest) = split(&self.concentration, i);
        if left == 0.0 {
            0.0
        } else {
            <BetaBinomial>::quantile(u, &[left, a, rest])
        }
    }
    fn valid(&self) -> Result<(), &'static str> {
        if values(&self.concentration).all(|a| a > 0.0 && a < f64::INFINITY) {
            Ok(())
        } else {
            Err("positive and finite")
        }
    }
}

fn binomial(u: f64, n: f64, logit: f64) -> f64 {
    if n == 0.0 || logit == f64::NEG_INFINITY {
        0.0
    } else if logit == f64::INFINITY {
        n
    } else {
        <BinomialLogit>::quantile(u, &[n, logit])
    }
}

distributions_of_counts!(Multinomial, MultinomialLogits, DirichletMultinomial);
