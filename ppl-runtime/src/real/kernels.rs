//! Array kernels: branch-free polynomial code over blocks, compiled for several instruction sets and chosen at
//! run time, so that a plain release build is fast.
//!
//! A kernel gives the same bits for a given instruction set; between sets the last bit may differ, since only
//! some have fused multiply–add.

use std::sync::atomic::{AtomicU8, Ordering};

/// Elements of a block.
pub const LANES: usize = 64;

/// Compiles a generic body for AVX-512, AVX2 and the baseline, and picks the best that the machine has.
macro_rules! dispatch {
    ($(#[$doc:meta])* $visible:vis fn $name:ident = $body:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)?;) => {
        $(#[$doc])*
        #[inline]
        $visible fn $name($($arg: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
                fn avx512($($arg: $type),*) $(-> $result)? { $body::<true>($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($arg: $type),*) $(-> $result)? { $body::<true>($($arg),*) }
                match $crate::real::kernels::level() {
                    // SAFETY: the machine has every feature that the function is compiled for.
                    $crate::real::kernels::Level::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::real::kernels::Level::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::real::kernels::Level::Baseline => {}
                }
            }
            $body::<{ cfg!(target_arch = "aarch64") }>($($arg),*)
        }
    };
}

/// As `dispatch!`, for a body that also chooses how many sums are under way at once: more where there are 32 registers.
macro_rules! dispatch_wide {
    ($(#[$doc:meta])* $visible:vis fn $name:ident = $body:ident($($arg:ident: $type:ty),* $(,)?);) => {
        $(#[$doc])*
        #[inline]
        $visible fn $name($($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
                fn avx512($($arg: $type),*) { $body::<true, true>($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($arg: $type),*) { $body::<true, false>($($arg),*) }
                match $crate::real::kernels::level() {
                    // SAFETY: the machine has every feature that the function is compiled for.
                    $crate::real::kernels::Level::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::real::kernels::Level::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::real::kernels::Level::Baseline => {}
                }
            }
            $body::<{ cfg!(target_arch = "aarch64") }, { cfg!(target_arch = "aarch64") }>($($arg),*)
        }
    };
}

/// As `dispatch!`, for a body without arithmetic of its own choice between fused and not.
macro_rules! dispatch_plain {
    ($(#[$doc:meta])* $visible:vis fn $name:ident $(<const $n:ident: usize>)? =
        $body:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)?;) => {
        $(#[$doc])*
        #[inline]
        $visible fn $name $(<const $n: usize>)? ($($arg: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
                fn avx512 $(<const $n: usize>)? ($($arg: $type),*) $(-> $result)? { $body($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                fn avx2 $(<const $n: usize>)? ($($arg: $type),*) $(-> $result)? { $body($($arg),*) }
                match $crate::real::kernels::level() {
                    // SAFETY: the machine has every feature that the function is compiled for.
                    $crate::real::kernels::Level::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::real::kernels::Level::Avx2 => return unsafe { avx2($($arg),*) },
                    $crate::real::kernels::Level::Baseline => {}
                }
            }
            $body($($arg),*)
        }
    };
}
pub(crate) use dispatch_plain;

/// The instruction sets that code is compiled for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// What every machine of the target has.
    Baseline,
    /// AVX2 with fused multiply–add.
    Avx2,
    /// AVX-512 with fused multiply–add.
    Avx512,
}

/// The best that the machine has.
#[inline]
pub fn level() -> Level {
    static LEVEL: AtomicU8 = AtomicU8::new(0);
    match LEVEL.load(Ordering::Relaxed) {
        1 => Level::Baseline,
        2 => Level::Avx2,
        3 => Level::Avx512,
        _ => {
            let level = detect();
            LEVEL.store(1 + level as u8, Ordering::Relaxed);
            level
        }
    }
}

#[cold]
fn detect() -> Level {
    #[cfg(target_arch = "x86_64")]
    {
        let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        if avx2
            && is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
        {
            return Level::Avx512;
        }
        if avx2 {
            return Level::Avx2;
        }
    }
    Level::Baseline
}

#[inline(always)]
fn add_rows_body<const N: usize>(rows: &[[f64; N]], weights: &[f64], sum: &mut [f64; N]) {
    // Four sums, because one would wait for itself.
    let mut sums = [[0.0; N]; 4];
    let n = rows.len().min(weights.len());
    let (rows, weights) = (&rows[..n], &weights[..n]);
    let whole = n - n % 4;
    for i in (0..whole).step_by(4) {
        for k in 0..4 {
            for j in 0..N {
                sums[k][j] += weights[i + k] * rows[i + k][j];
            }
        }
    }
    for i in whole..n {
        for j in 0..N {
            sums[0][j] += weights[i] * rows[i][j];
        }
    }
    for j in 0..N {
        sum[j] += (sums[0][j] + sums[1][j]) + (sums[2][j] + sums[3][j]);
    }
}

dispatch_plain! {
    /// sum\[j\] += Σ weights\[i\]·rows\[i\]\[j\].
    pub fn add_rows<const N: usize> =
        add_rows_body(rows: &[[f64; N]], weights: &[f64], sum: &mut [f64; N]);
}

mod bernoulli;
mod beta_tail;
mod binomial;
mod cholesky;
mod counts;
mod elementary;
mod groups;
mod maps;
mod mixing;
mod normal;
mod product;
mod rows;
mod scaled;
mod scatter;
mod squash;
mod tails;

pub use bernoulli::{
    are_outcomes, bernoulli, bernoulli_logit, bernoulli_logit_partials, bernoulli_partials,
};
pub(crate) use beta_tail::{BetaTail, beta_tail};
pub use binomial::{binomial_logit, binomial_logit_partials};
pub use cholesky::{cholesky, invert, solve_transposed};
pub use counts::{
    negative_binomial, negative_binomial_partials, poisson_log, poisson_log_partials,
};
use elementary::total;
pub use groups::{changes, index_range, totals_of_groups, totals_of_runs};
pub use maps::{are_counting, are_counts, are_within, counting, exp, ln, numbers, shared};
pub use mixing::{
    log_sum_exp_all, log_sum_exp_lanes, log_sum_exp_rows, plain_product, plain_sum, shares,
    total_of_sixteen, weighted_sum,
};
pub use normal::{moments, normal, normal_column, normal_lanes, normal_partials};
pub use product::{COLUMNS, Strided, add_product};
pub use rows::{rows_times, rows_weighted};
pub use scaled::{eight_normal_of_scales, normal_of_scales};
pub use scatter::scatter;
pub use squash::{sigmoid, tanh};
pub use tails::{
    exponential, exponential_partials, gamma, gamma_partials, laplace, laplace_partials, student_t,
    student_t_partials,
};

// The loops of the kernels are written out, not passed as closures: a closure is compiled without the instruction set
// of the function that it ends up in.

#[cfg(test)]
mod tests;
