//! Special functions of a real variable, in `f64`, each with the error that it was measured to have.
//!
//! "Relative error" compares with 40-digit values over the table of `tests/reference/special.json`.

mod again;
mod bessel;
mod beta_partials;
mod deviance;
mod error_function;
mod factorial;
mod gamma;
mod incomplete_beta;
mod incomplete_gamma;
mod logistic;
mod tail;

pub(crate) use again::ln_again;
pub use bessel::{bessel_ratio_complement, ln_bessel_i0_scaled};
pub(crate) use beta_partials::beta_draw_partials_with;
pub use beta_partials::{beta_draw_partials, beta_lower_partials};
pub use deviance::{bd0, ln_1p_minus, stirling_error};
pub use error_function::{
    erf, erf_inv, erfc, erfc_inv, normal_cdf, normal_quantile, normal_survival,
};
pub(crate) use factorial::{FACTORIALS, LN_FACTORIALS};
pub use gamma::{
    EULER_GAMMA, digamma, digamma_difference, ln_beta, ln_gamma, ln_gamma_1p, trigamma,
};
pub use incomplete_beta::{beta_inv, beta_lower, beta_upper};
pub use incomplete_gamma::{gamma_inv, gamma_lower, gamma_lower_by_shape, gamma_upper};
pub use logistic::{ln_1m_exp, ln_1p_exp, log_sigmoid, log_sum_exp, sigmoid, softplus};
pub(crate) use logistic::{log_sigmoid_and_slope, sigmoids};
pub(crate) use tail::GAUSS_LEGENDRE;

pub(crate) use deviance::{ln_beta_kernel, ln_gamma_kernel};
pub(crate) use tail::{integral, tail_integral};

/// ln √(2π).
pub const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;
