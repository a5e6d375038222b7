//! By the number of successes and their probability.

use super::*;

impl Family<2> for NegativeBinomial {
    const NAME: &'static str = "NegativeBinomial";
    const PARAMETERS: [&'static str; 2] = ["n", "probability"];
    const DOMAIN: Domain = Domain::Count;

    #[inline]
    fn check(p: &[f64; 2]) -> Result<(), Invalid> {
        positive(p, 0)?;
        require(p[1] > 0.0 && p[1] < 1.0, 1, "between 0 and 1")
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
        let [n, probability] = *p;
        Odds {
            n,
            success: probability,
            failure: 1.0 - probability,
        }
        .ln_p(x)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) {
            return outside();
        }
        let [n, probability] = *p;
        let odds = Odds {
            n,
            success: probability,
            failure: 1.0 - probability,
        };
        Partials {
            value: odds.ln_p(x),
            point: 0.0,
            // n/p − k/(1 − p)
            parameters: [
                odds.by_n(x),
                (-probability).mul_add(n + x, n) / probability / odds.failure,
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [n, probability] = *p;
        Odds {
            n,
            success: probability,
            failure: 1.0 - probability,
        }
        .cdf(x)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [n, probability] = *p;
        Odds {
            n,
            success: probability,
            failure: 1.0 - probability,
        }
        .quantile(u)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let [n, probability] = *p;
        Odds {
            n,
            success: probability,
            failure: 1.0 - probability,
        }
        .draw(rng)
    }

    sums_by_blocks!(2);

    fn block(x: &[f64], p: &[&[f64]; 2]) -> f64 {
        let mut means = [0.0; LANES];
        match means_of(x, p, &mut means) {
            Some(means) => NegativeBinomialMean::<(), ()>::block(x, &[means, p[0]]),
            None => block_by_points::<Self, 2>(x, p),
        }
    }

    fn block_partials(x: &[f64], p: &[&[f64]; 2], partials: &mut [&mut [f64]; 2]) -> f64 {
        let mut means = [0.0; LANES];
        let Some(means) = means_of(x, p, &mut means) else {
            return block_partials_by_points::<Self, 2>(x, p, partials);
        };
        let [by_n, by_probability] = partials;
        let mut rows = [&mut **by_probability, &mut **by_n];
        let value = NegativeBinomialMean::<(), ()>::block_partials(x, &[means, p[0]], &mut rows);
        // The mean is n (1 − p)/p.
        for i in 0..x.len() {
            let (n, probability, by_mean) = (p[0][i], p[1][i], by_probability[i]);
            by_n[i] += by_mean * ((1.0 - probability) / probability);
            by_probability[i] = -by_mean * (n / probability / probability);
        }
        value
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [n, probability] = *p;
        n * (1.0 - probability) / probability
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [n, probability] = *p;
        n * (1.0 - probability) / (probability * probability)
    }
}

/// The means, if the kernel may serve: probabilities away from 0 and 1, and counts that are not so far above the mean that
/// the derivative by n would be a small difference of large ones.
fn means_of<'m>(x: &[f64], p: &[&[f64]; 2], means: &'m mut [f64; LANES]) -> Option<&'m [f64]> {
    let means = means.get_mut(..x.len())?;
    let serves =
        kernels::are_within(p[1], 1e-10, 1.0 - 1e-10) && kernels::are_within(p[0], 1e-10, 1e10);
    let near = |i: usize| x[i] * p[1][i] <= 1e3 * p[0][i].max(1.0);
    (serves && (0..x.len()).all(near)).then(|| {
        for (mean, (n, p)) in means.iter_mut().zip(p[0].iter().zip(p[1])) {
            *mean = n * ((1.0 - p) / p);
        }
        &*means
    })
}
