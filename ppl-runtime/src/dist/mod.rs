//! Distributions.

pub mod bernoulli;
pub mod beta;
pub mod binomial;
pub mod cauchy;
pub mod exponential;
pub mod family;
pub mod gamma;
pub mod half_cauchy;
pub mod half_normal;
pub mod inverse_gamma;
pub mod laplace;
pub mod log_normal;
pub mod normal;
pub mod order_statistics;
pub mod poisson;
mod shared;
pub mod student_t;
pub mod uniform;
pub mod vector;

pub use bernoulli::{Bernoulli, BernoulliLogit};
pub use beta::Beta;
pub use binomial::{Binomial, BinomialLogit};
pub use cauchy::Cauchy;
pub use exponential::Exponential;
pub use gamma::Gamma;
pub use half_cauchy::HalfCauchy;
pub use half_normal::HalfNormal;
pub use inverse_gamma::InverseGamma;
pub use laplace::Laplace;
pub use log_normal::LogNormal;
pub use normal::Normal;
pub use poisson::{Poisson, PoissonLog};
pub use student_t::StudentT;
pub use uniform::Uniform;
