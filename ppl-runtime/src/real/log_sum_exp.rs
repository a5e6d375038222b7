//! ln Σ eˣ as one operation.

use super::mode::{Lift, Mode, Real};
use std::hint::black_box;

/// ln Σ e^{x\[i\]}, with softmax weights as derivatives; −∞ of nothing.
///
/// ```
/// use ppl_runtime::real::{Real, Value, log_sum_exp};
/// let x = [Real::<Value>::from(-1000.0), Real::from(-1000.0)];
/// assert!((log_sum_exp(&x).value() - (2f64.ln() - 1000.0)).abs() < 1e-12);
/// ```
#[inline]
pub fn log_sum_exp<M: Mode>(x: &[Real<M>]) -> Real<M> {
    let max = x.iter().fold(
        f64::NEG_INFINITY,
        |m, x| if x.value() > m { x.value() } else { m },
    );
    // One term is 1, so that those below e^−700 do not count, and the exponential of the mathematical library takes long
    // to find that one underflows.
    let least = black_box(-700.0); // known to the compiler it would still call for all, and then choose
    let above = |x: f64| if x < least { least } else { x };
    let terms = x.iter().map(|x| above(x.value() - max).exp());
    let sum: f64 = terms.sum();
    if max == f64::NEG_INFINITY {
        // All terms are −∞, or one is NaN and shows itself.
        let nan = x.iter().any(|x| x.is_nan());
        return Real::constant(if nan { f64::NAN } else { max });
    }
    if !M::GRADIENT {
        return Real::constant(max + sum.ln());
    }
    let mut lift = M::Lift::begin();
    for x in x {
        // A term without weight has no say, whatever its own derivatives are.
        let weight = (x.value() - max).exp() / sum;
        if weight > 0.0 || weight.is_nan() {
            lift.push(*x, weight);
        }
    }
    lift.finish(max + sum.ln())
}
