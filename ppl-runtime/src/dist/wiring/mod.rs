//! The univariate families in every mode. The line of a family says its parameters and the type of its points.

mod univariate;
mod vectorised;

use super::operand::Operand;
use super::*;
use crate::real::{Mode, Real};
use crate::support::Bounds;
use univariate::univariate;
use vectorised::vectorised;

univariate!(Normal<A, B>, 2, f64, location: A, scale: B);
univariate!(HalfNormal<A>, 1, f64, scale: A);
univariate!(LogNormal<A, B>, 2, f64, location: A, scale: B);
univariate!(StudentT<A, B, C>, 3, f64, df: A, location: B, scale: C);
univariate!(Cauchy<A, B>, 2, f64, location: A, scale: B);
univariate!(HalfCauchy<A>, 1, f64, scale: A);
univariate!(
    Uniform<A, B>, 2, f64, low: A, high: B;
    bounds |d| Bounds::Interval(d.low.real(), d.high.real())
);
univariate!(Exponential<A>, 1, f64, rate: A);
univariate!(Gamma<A, B>, 2, f64, shape: A, rate: B);
univariate!(InverseGamma<A, B>, 2, f64, shape: A, scale: B);
univariate!(Beta<A, B>, 2, f64, a: A, b: B);
univariate!(Laplace<A, B>, 2, f64, location: A, scale: B);
univariate!(Bernoulli<A>, 1, bool, probability: A);
univariate!(BernoulliLogit<A>, 1, bool, logit: A);
univariate!(Binomial<A, B>, 2, usize, n: A, probability: B);
univariate!(BinomialLogit<A, B>, 2, usize, n: A, logit: B);
univariate!(Poisson<A>, 1, usize, rate: A);
univariate!(PoissonLog<A>, 1, usize, log_rate: A);
univariate!(Chi2<A>, 1, f64, df: A);
univariate!(BetaProportion<A, B>, 2, f64, mean: A, concentration: B);
univariate!(Weibull<A, B>, 2, f64, shape: A, scale: B);
univariate!(Gumbel<A, B>, 2, f64, location: A, scale: B);
univariate!(Logistic<A, B>, 2, f64, location: A, scale: B);
univariate!(
    Pareto<A, B>, 2, f64, scale: A, shape: B;
    bounds |d| Bounds::Above(d.scale.real())
);
univariate!(
    LogUniform<A, B>, 2, f64, low: A, high: B;
    bounds |d| Bounds::Interval(d.low.real(), d.high.real())
);
univariate!(Kumaraswamy<A, B>, 2, f64, a: A, b: B);
univariate!(
    Triangular<A, B, C>, 3, f64, low: A, mode: B, high: C;
    bounds |d| Bounds::Interval(d.low.real(), d.high.real())
);
univariate!(AsymmetricLaplace<A, B, C>, 3, f64, location: A, scale: B, asymmetry: C);
univariate!(SoftLaplace<A, B>, 2, f64, location: A, scale: B);
univariate!(
    Levy<A, B>, 2, f64, location: A, scale: B;
    bounds |d| Bounds::Above(d.location.real())
);
univariate!(Gompertz<A, B>, 2, f64, concentration: A, rate: B);
univariate!(Dagum<A, B, C>, 3, f64, concentration: A, sharpness: B, scale: C);
univariate!(RelaxedBernoulli<A, B>, 2, f64, logit: A, temperature: B);
univariate!(
    LowerTruncatedPowerLaw<A, B>, 2, f64, exponent: A, low: B;
    bounds |d| Bounds::Above(d.low.real())
);
univariate!(
    DoublyTruncatedPowerLaw<A, B, C>, 3, f64, exponent: A, low: B, high: C;
    bounds |d| Bounds::Interval(d.low.real(), d.high.real())
);
univariate!(
    TruncatedPolyaGamma<A>, 1, f64, truncation: A;
    bounds |d| Bounds::Interval(Real::constant(0.0), d.truncation.real())
);
univariate!(VonMises<A, B>, 2, f64, location: A, concentration: B);
univariate!(Geometric<A>, 1, usize, probability: A);
univariate!(NegativeBinomial<A, B>, 2, usize, n: A, probability: B);
univariate!(NegativeBinomialMean<A, B>, 2, usize, mean: A, dispersion: B);
univariate!(NegativeBinomialLogMean<A, B>, 2, usize, log_mean: A, dispersion: B);
univariate!(GammaPoisson<A, B>, 2, usize, shape: A, rate: B);
univariate!(BetaBinomial<A, B, C>, 3, usize, n: A, a: B, b: C);
univariate!(BetaNegativeBinomial<A, B, C>, 3, usize, n: A, a: B, b: C);
univariate!(DiscreteUniform<A, B>, 2, usize, low: A, high: B);

macro_rules! finite {
    ($name:ident<$($g:ident),+>, $point:ty, |$d:ident| $size:expr, |$k:ident| $nth:expr) => {
        impl<M: Mode, $($g: Operand<M>),+> Finite<M, $point> for $name<$($g),+> {
            #[inline]
            fn size(&self) -> usize {
                let $d = self;
                $size
            }
            #[inline]
            fn nth(&self, $k: usize) -> $point {
                $nth
            }
            #[inline]
            fn first(&self) -> Option<usize> {
                Some(0)
            }
        }
    };
}
finite!(Bernoulli<A>, bool, |_d| 2, |k| k == 1);
finite!(BernoulliLogit<A>, bool, |_d| 2, |k| k == 1);
finite!(Binomial<A, B>, usize, |d| d.n.value() as usize + 1, |k| k);
finite!(BinomialLogit<A, B>, usize, |d| d.n.value() as usize + 1, |k| k);
finite!(BetaBinomial<A, B, C>, usize, |d| d.n.value() as usize + 1, |k| k);

impl<M: Mode, A: Operand<M>, B: Operand<M>> Finite<M, usize> for DiscreteUniform<A, B> {
    #[inline]
    fn size(&self) -> usize {
        (self.high.value() - self.low.value()) as usize + 1
    }
    #[inline]
    fn nth(&self, k: usize) -> usize {
        self.low.value() as usize + k
    }
    #[inline]
    fn first(&self) -> Option<usize> {
        Some(self.low.value() as usize)
    }
}
