//! Distributions: families in plain numbers ([`family`]), lifted to every mode ([`univariate`], [`vectorised`]), and
//! what is made of them ([`combinators`], [`ordered`]).

mod bernoulli;
mod beta;
mod binomial;
mod cauchy;
pub mod combinators;
pub mod datum;
pub mod distribution;
mod exponential;
pub mod family;
mod gamma;
mod half_cauchy;
mod half_normal;
mod inverse_gamma;
mod laplace;
mod log_normal;
mod normal;
pub mod operand;
pub mod ordered;
mod poisson;
pub mod report;
mod shared;
pub mod source;
mod student_t;
mod uniform;
pub mod univariate;
pub mod vectorised;
mod wiring;

pub use bernoulli::{Bernoulli, BernoulliLogit};
pub use beta::Beta;
pub use binomial::{Binomial, BinomialLogit};
pub use cauchy::Cauchy;
pub use combinators::{Each, Iid, IidN, each};
pub use distribution::{Combine, Distribution, Finite};
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
