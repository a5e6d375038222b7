//! A kernel for each parameter.

use super::{Force, Kernel, KernelSetup, setting};
use crate::error::Error;
use crate::infer::stein::cloud::Cloud;
use crate::infer::svi::guide::Block;
use std::ops::Range;

/// A block-diagonal kernel (Wang, Zeng & Liu 2018): each parameter of the guide, by name, has a kernel of its own,
/// or the default; parameters do not see each other's distances.
///
/// ```
/// use ppl_runtime::infer::stein::{AnyKernel, GraphicalKernel, LinearKernel, RbfKernel};
/// let kernel: GraphicalKernel<AnyKernel> =
///     GraphicalKernel::new(RbfKernel::default()).parameter("mu_loc", LinearKernel);
/// # let _ = kernel;
/// ```
#[derive(Clone, Debug)]
pub struct GraphicalKernel<K> {
    default: K,
    named: Vec<(String, K)>,
}

impl<K: Kernel> GraphicalKernel<K> {
    /// With this kernel for every parameter.
    pub fn new(default: impl Into<K>) -> Self {
        GraphicalKernel {
            default: default.into(),
            named: Vec::new(),
        }
    }
    /// Another kernel for one parameter.
    pub fn parameter(mut self, name: impl Into<String>, kernel: impl Into<K>) -> Self {
        self.named.push((name.into(), kernel.into()));
        self
    }
    fn of(&self, name: &str) -> &K {
        let named = self.named.iter().rev().find(|(n, _)| n == name);
        named.map_or(&self.default, |(_, k)| k)
    }
}

/// One parameter: where it lies, its part of all vectors, and the state of its kernel.
#[derive(Clone, Debug)]
pub struct Part<S> {
    range: Range<usize>,
    name: String,
    particles: Cloud,
    gradients: Cloud,
    state: S,
}

impl<K: Kernel> Kernel for GraphicalKernel<K> {
    type State = Vec<Part<K::State>>;

    fn state(&self, setup: &KernelSetup<'_>) -> Result<Self::State, Error> {
        let known = |name: &String| setup.blocks.iter().any(|b| b.name == *name);
        if let Some((name, _)) = self.named.iter().find(|(name, _)| !known(name)) {
            let names: Vec<&str> = setup.blocks.iter().map(|b| b.name.as_str()).collect();
            let problem = format!(
                "names `{name}`, which is not a parameter of the mixture; they are `{}`",
                names.join("`, `")
            );
            return Err(setting("kernel", problem));
        }
        let part = |block: &Block| {
            let alone = [Block {
                range: 0..block.range.len(),
                ..block.clone()
            }];
            let setup = KernelSetup {
                blocks: &alone,
                ..*setup
            };
            let cloud = Cloud::new(setup.particles, block.range.len());
            Ok(Part {
                range: block.range.clone(),
                name: block.name.clone(),
                particles: cloud.clone(),
                gradients: cloud,
                state: self.of(&block.name).state(&setup)?,
            })
        };
        setup.blocks.iter().map(part).collect()
    }
    fn update(&self, parts: &mut Self::State, particles: &Cloud, gradients: &Cloud) {
        for part in parts {
            let range = || part.range.clone();
            part.particles
                .set(|i, row| row.copy_from_slice(&particles.row(i)[range()]));
            part.gradients
                .set(|i, row| row.copy_from_slice(&gradients.row(i)[range()]));
            let kernel = self.of(&part.name);
            kernel.update(&mut part.state, &part.particles, &part.gradients);
        }
    }
    fn pair(
        &self,
        parts: &Self::State,
        _: &Cloud,
        pair: (usize, usize),
        v: &[f64],
        out: &mut Force<'_>,
    ) {
        for part in parts {
            let at = || part.range.clone();
            self.of(&part.name).pair(
                &part.state,
                &part.particles,
                pair,
                &v[at()],
                &mut out.part(at()),
            );
        }
    }
    fn force(&self, parts: &Self::State, _: &Cloud, _: &Cloud, j: usize, out: &mut Force<'_>) {
        for part in parts {
            let at = || part.range.clone();
            self.of(&part.name).force(
                &part.state,
                &part.particles,
                &part.gradients,
                j,
                &mut out.part(at()),
            );
        }
    }
}
