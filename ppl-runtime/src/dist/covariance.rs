//! Covariance functions of a distance.

use super::operand::Operand;
use super::report::{Problem, Report};
use crate::real::kernels::exp;
use crate::real::{Mode, Real};

/// A covariance function amplitude²·f(distance / length), with f(0) = 1.
///
/// Source: Rasmussen & Williams, *Gaussian Processes for Machine Learning* (2006), §4.2.1.
pub trait Covariance<M: Mode> {
    /// Whether amplitude and length are constants.
    const CONSTANT: [bool; 2];
    /// Amplitude and length.
    fn parameters(&self) -> [Real<M>; 2];
    /// Replaces squared distances by covariances, and writes their derivatives by the length unless there is no room
    /// for them.
    fn fill(&self, squares: &mut [f64], by_length: &mut [f64]);
    /// Whether both parameters are positive.
    fn is_valid(&self) -> bool {
        self.parameters()
            .iter()
            .all(|p| p.value() > 0.0 && p.is_finite())
    }
    /// Looks for invalid constants.
    fn check(&self, report: &mut Report) {
        for (k, name) in ["amplitude", "length"].into_iter().enumerate() {
            let value = self.parameters()[k].value();
            if Self::CONSTANT[k] && !(value > 0.0 && value.is_finite()) {
                report.problem(Problem::Parameter {
                    family: "GaussianProcess",
                    parameter: name,
                    value,
                    requirement: "positive",
                });
            }
        }
    }
}

macro_rules! covariance {
    ($(#[$doc:meta])* $name:ident, |$s:ident, $e:ident| $exponent:expr, $factor:expr, $slope:expr) => {
        $(#[$doc])*
        #[derive(Copy, Clone, Debug)]
        pub struct $name<A, L> {
            amplitude: A,
            length: L,
        }
        impl<A, L> $name<A, L> {
            /// By the standard deviation of the process and its length scale.
            pub fn new(amplitude: A, length: L) -> Self {
                $name { amplitude, length }
            }
        }
        impl<M: Mode, A: Operand<M>, L: Operand<M>> Covariance<M> for $name<A, L> {
            const CONSTANT: [bool; 2] = [A::CONSTANT, L::CONSTANT];
            fn parameters(&self) -> [Real<M>; 2] {
                [self.amplitude.real(), self.length.real()]
            }
            #[allow(unused_variables, reason = "not every function needs the distance again")]
            fn fill(&self, squares: &mut [f64], by_length: &mut [f64]) {
                let (amplitude, length) = (self.amplitude.value(), self.length.value());
                let (variance, r) = (amplitude * amplitude, 1.0 / length);
                let mut block = [0.0; 64];
                for (k, squares) in squares.chunks_mut(64).enumerate() {
                    let block = &mut block[..squares.len()];
                    // Distances in lengths, squared.
                    for (e, s) in block.iter_mut().zip(&mut *squares) {
                        *s *= r * r;
                        let $s = *s;
                        *e = $exponent;
                    }
                    exp(block);
                    if !by_length.is_empty() {
                        let slopes = &mut by_length[64 * k..][..squares.len()];
                        for ((d, e), s) in slopes.iter_mut().zip(&*block).zip(&*squares) {
                            let ($s, $e) = (*s, *e);
                            *d = variance * r * $slope * $e;
                        }
                    }
                    for (s, e) in squares.iter_mut().zip(&*block) {
                        let ($s, $e) = (*s, *e);
                        *s = variance * $factor * $e;
                    }
                }
            }
        }
    };
}

covariance! {
    /// amplitude²·exp(−d²/(2·length²)): infinitely smooth.
    SquaredExponential, |s, e| -0.5 * s, 1.0, s
}
covariance! {
    /// amplitude²·(1 + √3·d/length)·exp(−√3·d/length): once differentiable.
    Matern32, |s, e| -(3.0 * s).sqrt(), (1.0 + (3.0 * s).sqrt()), (3.0 * s)
}
covariance! {
    /// amplitude²·(1 + √5·d/length + 5·d²/(3·length²))·exp(−√5·d/length): twice differentiable.
    Matern52, |s, e| -(5.0 * s).sqrt(),
    (1.0 + (5.0 * s).sqrt() + 5.0 * s / 3.0),
    (5.0 / 3.0 * s * (1.0 + (5.0 * s).sqrt()))
}
