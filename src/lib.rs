#![doc = include_str!("../README.md")]

/// The linear algebra of arguments, results and examples.
pub use nalgebra;
pub use ppl_macros::{guide, model};
pub use ppl_runtime::error::Error;
pub use ppl_runtime::{dist, infer, model as models, output, random, real, support};

/// Everything that a model and its inference need: `use ppl::prelude::*`.
pub mod prelude {
    pub use crate::statements::{
        deterministic, factor, impute, markov, observe, param, plate, sample, submodel,
    };
    pub use ppl_macros::{guide, model};
    pub use ppl_runtime::dist::{
        Adjacency, BetaNegativeBinomial, Car, CirculantNormal, DirichletMultinomial, EulerMaruyama,
        GaussianCopula, GaussianRandomWalk, GaussianStateSpace, Independent, InverseWishart,
        LowRankMvNormal, MatrixNormal, Multinomial, MultivariateStudentT, ProjectedNormal,
        SineBivariateVonMises, SineSkewed, Transformed, TruncatedPolyaGamma, Wishart,
    };
    pub use ppl_runtime::dist::{
        AsymmetricLaplace, Bernoulli, Beta, BetaBinomial, BetaProportion, Binomial, Categorical,
        Cauchy, Censored, Chi2, Combine, Dagum, Delta, Dirichlet, DiscreteUniform,
        DoublyTruncatedPowerLaw, Exponential, Folded, Gamma, GammaPoisson, GaussianProcess,
        Geometric, Gompertz, Gumbel, HalfCauchy, HalfNormal, Hurdle, ImproperUniform,
        IntervalCensored, InverseGamma, Kumaraswamy, Laplace, Levy, Lkj, LkjCholesky, LogNormal,
        LogUniform, Logistic, LowerTruncatedPowerLaw, Matern32, Matern52, Mixture, MixtureOf,
        MvNormal, NegativeBinomial, Normal, OrderedLogistic, Pareto, Poisson, RelaxedBernoulli,
        SoftLaplace, SquaredExponential, StudentT, Triangular, Truncated, Uniform, VonMises,
        Weibull, ZeroInflated, ZeroSumNormal, each,
    };
    pub use ppl_runtime::infer::dcc::{Dcc, DccRun};
    pub use ppl_runtime::infer::map::{LaplaceFit, Map, MapFit};
    pub use ppl_runtime::infer::nested::{NestedRun, NestedSampler};
    pub use ppl_runtime::infer::nuts::{Hmc, Nuts, NutsRun};
    pub use ppl_runtime::infer::sdvi::{Sdvi, SdviRun};
    pub use ppl_runtime::infer::stein::{
        Asvgd, MixtureGuidePredictive, RbfKernel, SteinFit, SteinVi, Svgd,
    };
    pub use ppl_runtime::infer::svi::{
        Adam, AutoDelta, AutoDiagonalNormal, AutoLaplaceApproximation,
        AutoLowRankMultivariateNormal, AutoMultivariateNormal, AutoNormal, ExponentialDecay, Sgd,
        Svi, SviFit,
    };
    pub use ppl_runtime::model::{
        Condition, Interval, Model, Positive, Predict, Unconstrained, UnitInterval, init,
    };
    pub use ppl_runtime::output::{Draws, Estimate};
    pub use ppl_runtime::real::{
        Mode, Real, dot, gather, layer, log_sum_exp, matvec, relu_all, sigmoid_all, tanh_all,
    };
    pub use ppl_runtime::support::{
        Cholesky, Correlation, CorrelationCholesky, Covariance, Ordered, PositiveOrdered, Simplex,
        UnitVector, ZeroSum,
    };
}

#[doc = include_str!("../docs/language.md")]
pub mod language {}

mod statements;

/// What generated code calls.
#[doc(hidden)]
pub mod __private {
    pub use ppl_runtime::dist::reduced::Reduction;
    pub use ppl_runtime::model::{
        ArgumentReport, Bound, ByCopy, ByRef, CheckNothing, CheckNumbers, Choose, Condition,
        Elements, Evaluator, Fixed, Frame, GradientMode, Guide, GuideInterpreter, Has, Interpreter,
        Model, NotFixed, Part, Partial, Pick, Pinning, Probe, Program, Site, SiteKind,
        Unconstrained, gradient_by_width, gradient_width, on_threads, place,
    };
    pub use ppl_runtime::real::{Mode, Real, matvec};
    pub use ppl_runtime::support::{Export, Latent, Sink};
}
