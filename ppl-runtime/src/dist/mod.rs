//! Distributions: families in plain numbers ([`family`], [`vector`]), lifted to every mode ([`univariate`], [`vectorised`],
//! [`spread`]), and what is made of them ([`combinators`], [`ordered`]).
//!
//! A parameter is a number, data or latent. Univariate families take vectors too: with one vector among its parameters a family is
//! a distribution of a vector. Every family has a page with its density, support, moments and source, and
//!
//! - its log density with partial derivatives by the point and every parameter, in all modes;
//! - draws, and a map from the unit cube: by its quantile, or by its conditional distributions;
//! - a bijection from R^n to its support, where it is continuous.
//!
//! | numbers | |
//! |---|---|
//! | on the line | [`Normal`], [`StudentT`], [`Cauchy`], [`Laplace`], [`AsymmetricLaplace`], [`SoftLaplace`], [`Logistic`], [`Gumbel`] |
//! | positive | [`Gamma`], [`InverseGamma`], [`Exponential`], [`LogNormal`], [`Chi2`], [`Weibull`], [`HalfNormal`], [`HalfCauchy`], [`Gompertz`], [`Dagum`], [`TruncatedPolyaGamma`] |
//! | above a bound | [`Pareto`], [`LowerTruncatedPowerLaw`], [`Levy`] |
//! | in an interval | [`Uniform`], [`Beta`], [`BetaProportion`], [`Kumaraswamy`], [`RelaxedBernoulli`], [`Triangular`], [`LogUniform`], [`DoublyTruncatedPowerLaw`] |
//! | angles | [`VonMises`], [`SineSkewed`] |
//! | counts | [`Poisson`], [`NegativeBinomial`], [`GammaPoisson`], [`Geometric`], [`BetaNegativeBinomial`], [`ZeroInflated`], [`Hurdle`] |
//! | counts up to n | [`Binomial`], [`BetaBinomial`], [`DiscreteUniform`] |
//! | truth values, categories | [`Bernoulli`], [`Categorical`], [`OrderedLogistic`] |
//! | none of its own | [`ImproperUniform`], [`Delta`] |
//!
//! | vectors and matrices | a site is |
//! |---|---|
//! | [`MvNormal`], [`LowRankMvNormal`], [`MultivariateStudentT`], [`CirculantNormal`], [`GaussianCopula`] | `[f64; N]` |
//! | [`GaussianRandomWalk`], [`Car`], [`EulerMaruyama`] | `[f64; N]`, `Vec<f64>` |
//! | [`GaussianStateSpace`] | `[[f64; D]; T]`, `Vec<[f64; D]>` |
//! | [`MatrixNormal`] | `[[f64; C]; R]` |
//! | [`SineBivariateVonMises`] | `[f64; 2]` |
//! | [`Multinomial`], [`DirichletMultinomial`] | `[usize; N]`, `Vec<usize>` |
//! | [`Dirichlet`] | [`Simplex`](crate::support::Simplex) |
//! | [`ProjectedNormal`] | [`UnitVector`](crate::support::UnitVector) |
//! | [`ZeroSumNormal`] | [`ZeroSum`](crate::support::ZeroSum) |
//! | [`Lkj`], [`LkjCholesky`] | [`Correlation`](crate::support::Correlation), [`CorrelationCholesky`](crate::support::CorrelationCholesky) |
//! | [`Wishart`], [`InverseWishart`] | [`Covariance`](crate::support::Covariance), [`Cholesky`](crate::support::Cholesky) |
//!
//! | made of others | |
//! |---|---|
//! | many | [`Combine::iid`], [`Combine::iid_n`], [`each`], [`Independent`], [`Iid::ordered`] |
//! | cut or bent | [`Truncated`], [`Censored`], [`IntervalCensored`], [`Folded`], [`Transformed`] |
//! | mixed | [`Mixture`], [`MixtureOf`], [`ZeroInflated`], [`Hurdle`] |
//! | weighed | [`Combine::scaled`], [`Combine::masked`] |

mod asymmetric_laplace;
mod bernoulli;
mod beta;
mod beta_binomial;
mod beta_negative_binomial;
mod beta_proportion;
mod binomial;
mod bivariate_von_mises;
mod car;
mod categorical;
mod cauchy;
mod chi2;
mod circulant;
pub mod collect;
pub mod combinators;
mod copula;
mod counts;
pub mod covariance;
mod dagum;
pub mod datum;
mod dirichlet;
mod discrete_uniform;
pub mod distribution;
mod each;
mod euler_maruyama;
mod exponential;
pub mod factors;
pub mod family;
mod gamma;
pub mod gathered;
pub mod gaussian_process;
mod geometric;
mod gompertz;
mod gumbel;
mod half_cauchy;
mod half_normal;
pub mod improper;
pub mod impute;
mod independent;
pub mod inflated;
mod inverse_gamma;
mod kumaraswamy;
mod laplace;
mod lazy;
mod leaping;
mod levy;
mod lkj;
mod log_normal;
mod log_uniform;
mod logistic;
mod low_rank;
mod matrix_normal;
pub mod mixture;
mod multinomial;
mod mv_normal;
mod mv_student_t;
mod negative_binomial;
mod normal;
mod observed;
pub mod operand;
pub mod order_statistics;
pub mod ordered;
mod ordered_logistic;
mod pareto;
pub mod points;
mod poisson;
mod polya_gamma;
mod power_law;
mod projected_normal;
mod random_walk;
pub mod reduced;
mod relaxed_bernoulli;
pub mod report;
pub mod scaled;
mod shared;
mod sine_skewed;
mod soft_laplace;
pub mod source;
pub mod spread;
mod state_space;
mod student_t;
pub mod transformed;
mod triangular;
pub mod truncated;
mod uniform;
pub mod univariate;
pub mod vector;
pub mod vectorised;
mod von_mises;
mod weibull;
mod wiring;
mod wishart;
mod zero_sum;

pub use asymmetric_laplace::AsymmetricLaplace;
pub use bernoulli::{Bernoulli, BernoulliLogit};
pub use beta::Beta;
pub use beta_binomial::BetaBinomial;
pub use beta_negative_binomial::BetaNegativeBinomial;
pub use beta_proportion::BetaProportion;
pub use binomial::{Binomial, BinomialLogit};
pub use bivariate_von_mises::SineBivariateVonMises;
pub use car::{Adjacency, Car};
pub use categorical::{Categorical, CategoricalLogits};
pub use cauchy::Cauchy;
pub use chi2::Chi2;
pub use circulant::CirculantNormal;
pub use combinators::{Iid, IidN};
pub use copula::GaussianCopula;
pub use covariance::{Matern32, Matern52, SquaredExponential};
pub use dagum::Dagum;
pub use dirichlet::Dirichlet;
pub use discrete_uniform::DiscreteUniform;
pub use distribution::{Combine, Distribution, Finite};
pub use each::{Each, each};
pub use euler_maruyama::EulerMaruyama;
pub use exponential::Exponential;
pub use gamma::Gamma;
pub use gaussian_process::GaussianProcess;
pub use geometric::Geometric;
pub use gompertz::Gompertz;
pub use gumbel::Gumbel;
pub use half_cauchy::HalfCauchy;
pub use half_normal::HalfNormal;
pub use improper::{Delta, ImproperUniform};
pub use independent::Independent;
pub use inflated::{Hurdle, ZeroInflated};
pub use inverse_gamma::InverseGamma;
pub use kumaraswamy::Kumaraswamy;
pub use laplace::Laplace;
pub use levy::Levy;
pub use lkj::{Lkj, LkjCholesky};
pub use log_normal::LogNormal;
pub use log_uniform::LogUniform;
pub use logistic::Logistic;
pub use low_rank::LowRankMvNormal;
pub use matrix_normal::MatrixNormal;
pub use mixture::{Mixture, MixtureOf};
pub use multinomial::{DirichletMultinomial, Multinomial, MultinomialLogits};
pub use mv_normal::MvNormal;
pub use mv_student_t::MultivariateStudentT;
pub use negative_binomial::{
    GammaPoisson, NegativeBinomial, NegativeBinomialLogMean, NegativeBinomialMean,
};
pub use normal::Normal;
pub use ordered_logistic::OrderedLogistic;
pub use pareto::Pareto;
pub use poisson::{Poisson, PoissonLog};
pub use polya_gamma::TruncatedPolyaGamma;
pub use power_law::{DoublyTruncatedPowerLaw, LowerTruncatedPowerLaw};
pub use projected_normal::ProjectedNormal;
pub use random_walk::GaussianRandomWalk;
pub use relaxed_bernoulli::RelaxedBernoulli;
pub use scaled::{Masked, Scaled};
pub use sine_skewed::SineSkewed;
pub use soft_laplace::SoftLaplace;
pub use spread::{Factor, Matrix, Spread};
pub use state_space::GaussianStateSpace;
pub use student_t::StudentT;
pub use transformed::{
    Affine, Bijection, Exp, Ln, Logit, LowerAffine, Power, Sigmoid, Softplus, Tanh, Then,
    Transformed, VectorBijection,
};
pub use triangular::Triangular;
pub use truncated::{Censored, Folded, IntervalCensored, Truncated};
pub use uniform::Uniform;
pub use von_mises::VonMises;
pub use weibull::Weibull;
pub use wishart::{InverseWishart, Wishart};
pub use zero_sum::ZeroSumNormal;
