//! By the mean or its logarithm, and the dispersion.

use super::*;

/// The dispersion, if the kernel serves: one for all, counts whose bits are integers, means of common size.
fn regular(x: &[f64], mean: &[f64], dispersion: &[f64]) -> Option<f64> {
    let dispersion = kernels::shared(dispersion)?;
    let good = kernels::are_counts(x) && kernels::are_within(mean, 1e-100, 1e100);
    // Above 1e6 the difference of digammas loses digits.
    (good && dispersion > 1e-3 && dispersion < 1e6).then_some(dispersion)
}

impl Family<2> for NegativeBinomialMean {
    const NAME: &'static str = "NegativeBinomial::mean";
    const PARAMETERS: [&'static str; 2] = ["mean", "dispersion"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Discrete
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) {
            return f64::NEG_INFINITY;
        }
        let [mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, mean).ln_p(x)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) {
            return outside();
        }
        let [mean, dispersion] = *p;
        by_mean(x, mean, dispersion)
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, mean).cdf(x)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, mean).quantile(u)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let [mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, mean).draw(rng)
    }

    sums_by_blocks!(2);

    fn block(x: &[f64], p: &[&[f64]; 2]) -> f64 {
        let Some(dispersion) = regular(x, p[0], p[1]) else {
            return block_by_points::<Self, 2>(x, p);
        };
        kernels::negative_binomial(x, p[0], dispersion)
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 2], partials: &mut [&mut [f64]; 2]) -> f64 {
        let Some(dispersion) = regular(x, p[0], p[1]) else {
            return block_partials_by_points::<Self, 2>(x, p, partials);
        };
        let [by_mean, by_dispersion] = partials;
        kernels::negative_binomial_partials(x, p[0], dispersion, by_mean, by_dispersion)
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [mean, _] = *p;
        mean
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [mean, dispersion] = *p;
        mean + mean * (mean / dispersion)
    }
}

impl Family<2> for NegativeBinomialLogMean {
    const NAME: &'static str = "NegativeBinomial::log_mean";
    const PARAMETERS: [&'static str; 2] = ["log_mean", "dispersion"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        finite(p, 0)?;
        require(p[0].abs() < 700.0, 0, "between −700 and 700")?;
        positive(p, 1)
    }

    fn support(_: &[f64; 2]) -> Support {
        Support::Discrete
    }

    #[inline]
    fn log_density(x: f64, p: &[f64; 2]) -> f64 {
        if Self::check(p).is_err() || x.is_nan() {
            return f64::NAN;
        }
        if !is_count(x) {
            return f64::NEG_INFINITY;
        }
        let [log_mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, log_mean.exp()).ln_p(x)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) {
            return outside();
        }
        let [log_mean, dispersion] = *p;
        let mean = log_mean.exp();
        let Partials {
            value,
            point,
            parameters: [_, by_dispersion],
        } = by_mean(x, mean, dispersion);
        let by_log_mean = (x - mean) / (1.0 + mean / dispersion);
        Partials {
            value,
            point,
            parameters: [by_log_mean, by_dispersion],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [log_mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, log_mean.exp()).cdf(x)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [log_mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, log_mean.exp()).quantile(u)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let [log_mean, dispersion] = *p;
        Odds::of(dispersion, dispersion, log_mean.exp()).draw(rng)
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [log_mean, _] = *p;
        log_mean.exp()
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [log_mean, dispersion] = *p;
        log_mean.exp() + (2.0 * log_mean).exp() / dispersion
    }
}
