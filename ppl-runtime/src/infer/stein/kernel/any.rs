//! One type for all kernels of the library.

use super::{
    Force, ImqKernel, Kernel, KernelSetup, LinearKernel, ProbabilityProductKernel,
    RadialGaussNewtonKernel, RandomFeatureKernel, RbfKernel,
};
use crate::error::Error;
use crate::infer::stein::cloud::Cloud;

macro_rules! any {
    ($($(#[$doc:meta])* $name:ident($kernel:ident)),* $(,)?) => {
        /// Any one of the library's kernels, for mixtures of different ones.
        #[derive(Clone, Debug)]
        pub enum AnyKernel {
            $($(#[$doc])* $name($kernel)),*
        }

        /// The state of any one of the library's kernels.
        #[derive(Clone, Debug)]
        pub enum AnyState {
            $(
                /// That of the kernel of this name.
                $name(Box<<$kernel as Kernel>::State>)
            ),*
        }

        $(impl From<$kernel> for AnyKernel {
            fn from(kernel: $kernel) -> Self {
                AnyKernel::$name(kernel)
            }
        })*

        impl Kernel for AnyKernel {
            type State = AnyState;

            fn state(&self, setup: &KernelSetup<'_>) -> Result<AnyState, Error> {
                match self {
                    $(AnyKernel::$name(k) => Ok(AnyState::$name(Box::new(k.state(setup)?)))),*
                }
            }
            fn update(&self, state: &mut AnyState, particles: &Cloud, gradients: &Cloud) {
                match (self, state) {
                    $((AnyKernel::$name(k), AnyState::$name(s)) => k.update(s, particles, gradients),)*
                    // A state is only ever used with the kernel that made it.
                    _ => {}
                }
            }
            fn pair(
                &self,
                state: &AnyState,
                particles: &Cloud,
                pair: (usize, usize),
                v: &[f64],
                out: &mut Force<'_>,
            ) {
                match (self, state) {
                    $((AnyKernel::$name(k), AnyState::$name(s)) => {
                        k.pair(s, particles, pair, v, out);
                    })*
                    _ => {}
                }
            }
            fn force(
                &self,
                state: &AnyState,
                particles: &Cloud,
                gradients: &Cloud,
                j: usize,
                out: &mut Force<'_>,
            ) {
                match (self, state) {
                    $((AnyKernel::$name(k), AnyState::$name(s)) => {
                        k.force(s, particles, gradients, j, out);
                    })*
                    _ => {}
                }
            }
        }
    };
}

any! {
    /// The radial basis function.
    Rbf(RbfKernel),
    /// The inverse multiquadric.
    Imq(ImqKernel),
    /// The linear kernel.
    Linear(LinearKernel),
    /// Random features.
    RandomFeatures(RandomFeatureKernel),
    /// The probability product of normals.
    ProbabilityProduct(ProbabilityProductKernel),
    /// The radial basis function in the metric of the gradients.
    RadialGaussNewton(RadialGaussNewtonKernel),
}
