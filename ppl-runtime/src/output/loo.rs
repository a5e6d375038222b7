//! How well a model predicts data that it has not seen: leave-one-out cross-validation and the widely applicable
//! information criterion.

use super::diagnostics::{mean, variance};
use super::log_likelihood::LogLikelihood;
use super::pareto::smooth;
use crate::real::special::log_sum_exp;
use std::fmt;

/// An estimate of the expected log density of new data, from the log likelihoods of the old ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Elpd {
    /// The method: `LOO` or `WAIC`.
    pub method: &'static str,
    /// Σ of the expected log density of each datum, were it new.
    pub elpd: f64,
    /// Its standard error, √(n·variance of the data's parts).
    pub se: f64,
    /// How many parameters the model seems to have: what the data gain by having been seen.
    pub parameters: f64,
    /// The part of each datum, in the order of the sites.
    pub pointwise: Vec<f64>,
    /// Of LOO, the Pareto shape k of each datum: above [`good_k`](Self::good_k) its part can't be relied on.
    pub pareto_k: Vec<f64>,
    /// The largest k that is good for so many draws, min(1 − 1/log₁₀ S, 0.7).
    pub good_k: f64,
}

impl LogLikelihood {
    /// Leave-one-out cross-validation by Pareto-smoothed importance sampling (Vehtari, Gelman & Gabry 2017, eq. 10).
    /// Draws are taken for independent; for those of a Markov chain see [`loo_of_chains`](Self::loo_of_chains).
    ///
    /// ```
    /// # use ppl_runtime::output::LogLikelihood;
    /// # use ppl_runtime::error::Index;
    /// let mut all = LogLikelihood::default();
    /// for s in 0..100 {
    ///     let mean = (f64::from(s) * 0.7).sin() * 0.3;
    ///     let data = [0.1, -0.4, 0.9].iter().enumerate();
    ///     all.push(data.map(|(i, y)| ("y", Index(vec![i]), -0.5 * (y - mean) * (y - mean))));
    /// }
    /// let loo = all.loo();
    /// assert!(loo.elpd < 0.0 && loo.pareto_k.iter().all(|k| *k < loo.good_k));
    /// ```
    pub fn loo(&self) -> Elpd {
        self.loo_of_chains(1.0)
    }
    /// The same, where so many effective draws come on one draw (the mean of ESS / S over the parameters).
    pub fn loo_of_chains(&self, relative_efficiency: f64) -> Elpd {
        let (mut pointwise, mut pareto_k, mut seen) = (Vec::new(), Vec::new(), 0.0);
        for column in self.columns() {
            let mut weights: Vec<f64> = column.iter().map(|l| -l).collect();
            pareto_k.push(smooth(&mut weights, relative_efficiency));
            weights.iter_mut().zip(&column).for_each(|(w, l)| *w += l);
            pointwise.push(log_sum_exp(&weights));
            seen += ln_mean(&column);
        }
        self.elpd("LOO", pointwise, pareto_k, seen)
    }
    /// The widely applicable information criterion (Watanabe 2010; Vehtari, Gelman & Gabry 2017, eq. 11–13): the log of
    /// the mean likelihood, less the variance of its log. LOO is the better estimate, and knows where it fails.
    pub fn waic(&self) -> Elpd {
        let (mut pointwise, mut seen) = (Vec::new(), 0.0);
        for column in self.columns() {
            let here = ln_mean(&column);
            pointwise.push(here - variance(&column));
            seen += here;
        }
        self.elpd("WAIC", pointwise, Vec::new(), seen)
    }
    fn elpd(
        &self,
        method: &'static str,
        pointwise: Vec<f64>,
        pareto_k: Vec<f64>,
        seen: f64,
    ) -> Elpd {
        let elpd = pointwise.iter().sum();
        Elpd {
            method,
            elpd,
            se: (pointwise.len() as f64 * variance(&pointwise)).sqrt(),
            parameters: seen - elpd,
            pointwise,
            pareto_k,
            good_k: (1.0 - 1.0 / (self.draws() as f64).log10()).min(0.7),
        }
    }
}

impl Elpd {
    /// How much better this model predicts the same data than another: the difference of the sums and its standard
    /// error, from the differences datum by datum. NaN if the data are not as many.
    pub fn better_than(&self, other: &Elpd) -> super::Estimate {
        let (mine, others) = (&self.pointwise, &other.pointwise);
        if mine.len() != others.len() {
            return super::Estimate {
                mean: f64::NAN,
                sd: f64::NAN,
            };
        }
        let differences: Vec<f64> = mine.iter().zip(others).map(|(a, b)| a - b).collect();
        let n = differences.len() as f64;
        super::Estimate {
            mean: n * mean(&differences),
            sd: (n * variance(&differences)).sqrt(),
        }
    }
}

fn ln_mean(ln: &[f64]) -> f64 {
    log_sum_exp(ln) - (ln.len() as f64).ln()
}

impl fmt::Display for Elpd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (method, n) = (self.method, self.pointwise.len());
        writeln!(f, "{method} of {n} data")?;
        writeln!(f, "  elpd        {:.2} ± {:.2}", self.elpd, self.se)?;
        write!(f, "  parameters  {:.2}", self.parameters)?;
        let bad = self.pareto_k.iter().filter(|k| **k > self.good_k).count();
        if bad > 0 {
            let good = self.good_k;
            write!(
                f,
                "\n  Pareto k is above {good:.2} for {bad} data: their parts can't be relied on"
            )?;
        }
        Ok(())
    }
}
