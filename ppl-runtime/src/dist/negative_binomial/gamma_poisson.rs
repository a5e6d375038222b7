//! As a Poisson distribution with a gamma rate.

use super::*;

impl Family<2> for GammaPoisson {
    const NAME: &'static str = "GammaPoisson";
    const PARAMETERS: [&'static str; 2] = ["shape", "rate"];
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
        let [shape, rate] = *p;
        Odds::of(shape, rate, 1.0).ln_p(x)
    }

    #[inline]
    fn partials(x: f64, p: &[f64; 2]) -> Partials<2> {
        if Self::check(p).is_err() || x.is_nan() {
            return undefined();
        }
        if !is_count(x) {
            return outside();
        }
        let [shape, rate] = *p;
        let odds = Odds::of(shape, rate, 1.0);
        Partials {
            value: odds.ln_p(x),
            point: 0.0,
            // shape/rate − (shape + k)/(rate + 1)
            parameters: [
                odds.by_n(x),
                (-rate).mul_add(x, shape) / rate / (rate + 1.0),
            ],
        }
    }

    fn cdf(x: f64, p: &[f64; 2]) -> f64 {
        let [shape, rate] = *p;
        Odds::of(shape, rate, 1.0).cdf(x)
    }

    fn quantile(u: f64, p: &[f64; 2]) -> f64 {
        let [shape, rate] = *p;
        Odds::of(shape, rate, 1.0).quantile(u)
    }

    fn draw(rng: &mut Rng, p: &[f64; 2]) -> f64 {
        let [shape, rate] = *p;
        Odds::of(shape, rate, 1.0).draw(rng)
    }

    fn mean(p: &[f64; 2]) -> f64 {
        let [shape, rate] = *p;
        shape / rate
    }

    fn variance(p: &[f64; 2]) -> f64 {
        let [shape, rate] = *p;
        shape / rate * (1.0 + rate.recip())
    }
}
