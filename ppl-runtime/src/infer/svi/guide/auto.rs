//! Automatic guides: families over the latents of any model.

use super::{
    Block, FullRankGuide, Guide, Init, LaplaceGuide, LowRankGuide, NormalGuide, PointGuide, Role,
};
use crate::error::Error;
use crate::model::{Layout, Model, SiteKind};
use std::ops::Range;

/// What can guide a model: it becomes a [`Guide`] once the model's layout is known.
pub trait GuideFor<M: Model> {
    /// The guide of a model of known layout.
    type Guide: Guide;
    /// Whether its latents are those of the model themselves, not their images on the line.
    const GIVEN: bool = false;
    /// Fits the guide to the layout.
    ///
    /// # Errors
    /// Where a setting can't work.
    fn bind(&self, model: &M, layout: &Layout) -> Result<Self::Guide, Error>;
    /// Fits the guide to one straight-line program of a model, by the values of its `#[branch]` sites.
    ///
    /// # Errors
    /// Where a setting can't work.
    fn bind_program(
        &self,
        model: &M,
        layout: &Layout,
        program: &[f64],
    ) -> Result<Self::Guide, Error> {
        let _ = program;
        self.bind(model, layout)
    }
}

/// Settings that automatic guides share, and the guide they make.
macro_rules! auto {
    ($(#[$doc:meta])* $name:ident, $guide:ty, |$this:ident, $dim:ident, $sites:ident| $bind:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            init: Init,
            options: Options,
        }
        impl $name {
            /// With the defaults.
            pub fn new() -> Self {
                Self::default()
            }
            /// Where locations start; uniform in (−2, 2)^n by default.
            pub fn init(mut self, init: Init) -> Self {
                self.init = init;
                self
            }
        }
        impl<M: Model> GuideFor<M> for $name {
            type Guide = $guide;
            fn bind(&self, _: &M, layout: &Layout) -> Result<$guide, Error> {
                self.options.check()?;
                let $this = self;
                let $dim = layout.dim;
                let $sites = sites::<M>(layout.dim);
                Ok($bind)
            }
        }
    };
}

/// Settings of normal guides.
macro_rules! scaled {
    ($($name:ident)*) => { $(impl $name {
        /// The standard deviations that it starts with; 0.1 by default.
        pub fn init_scale(mut self, scale: f64) -> Self {
            self.options.scale = scale;
            self
        }
    })* };
}

#[derive(Clone, Debug, PartialEq)]
struct Options {
    scale: f64,
    rank: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            scale: 0.1,
            rank: None,
        }
    }
}

impl Options {
    fn check(&self) -> Result<(), Error> {
        if self.scale > 0.0 && self.scale.is_finite() {
            return Ok(());
        }
        Err(Error::Setting {
            argument: "init_scale",
            problem: format!("is {}, but it must be positive and finite", self.scale),
        })
    }
}

auto! {
    /// Independent normals on R^n, with parameters `<site>_loc` and `<site>_scale` for each site (where its place is
    /// fixed by its type; else `auto_loc` and `auto_scale`): the mean-field normal.
    ///
    /// ```
    /// use ppl_runtime::infer::svi::{AutoNormal, Init};
    /// let guide = AutoNormal::new().init(Init::Uniform { radius: 0.1 }).init_scale(0.01);
    /// assert_ne!(guide, AutoNormal::default());
    /// ```
    AutoNormal, NormalGuide, |this, dim, sites| NormalGuide {
        dim,
        blocks: normals(&sites, dim),
        init: this.init.clone(),
        scale: this.options.scale,
    }
}
auto! {
    /// Independent normals on R^n, with parameters `auto_loc` and `auto_scale`.
    AutoDiagonalNormal, NormalGuide, |this, dim, _sites| NormalGuide {
        dim,
        blocks: normals(&whole(dim), dim),
        init: this.init.clone(),
        scale: this.options.scale,
    }
}
auto! {
    /// A point, with parameters `<site>_loc` on R^n (else `auto_loc`): the maximum of the density on R^n.
    AutoDelta, PointGuide, |this, dim, sites| PointGuide {
        dim,
        blocks: points(&sites),
        init: this.init.clone(),
    }
}
auto! {
    /// A multivariate normal on R^n, with parameters `auto_loc`, `auto_scale` (the diagonal of the Cholesky factor)
    /// and `auto_tril` (the rest of it by rows).
    AutoMultivariateNormal, FullRankGuide, |this, dim, _sites| FullRankGuide {
        dim,
        blocks: {
            let mut blocks = normals(&whole(dim), dim);
            let end = 2 * dim + dim * dim.saturating_sub(1) / 2;
            blocks.push(Block::real("auto_tril", 2 * dim..end, Role::Other));
            // The diagonal is a conditional standard deviation, not that of the coordinate.
            blocks[1].role = Role::Other;
            blocks
        },
        init: this.init.clone(),
        scale: this.options.scale,
    }
}
auto! {
    /// A multivariate normal on R^n with covariance S(I + WWᵀ)S and parameters `auto_loc`, `auto_scale`,
    /// `auto_cov_factor` (W by rows). Its rank is ⌈√n⌉ by default.
    AutoLowRankMultivariateNormal, LowRankGuide, |this, dim, _sites| {
        let rank = this.options.rank.unwrap_or((dim as f64).sqrt().ceil() as usize);
        LowRankGuide {
            dim,
            rank,
            blocks: {
                let mut blocks = normals(&whole(dim), dim);
                blocks.push(Block::real("auto_cov_factor", 2 * dim..dim * (2 + rank), Role::Other));
                blocks[1].role = Role::Other;
                blocks
            },
            init: this.init.clone(),
            scale: this.options.scale,
        }
    }
}
auto! {
    /// Laplace's approximation: a normal on R^n at the maximum of the density, with the curvature there.
    AutoLaplaceApproximation, LaplaceGuide, |this, dim, sites| LaplaceGuide {
        point: PointGuide { dim, blocks: points(&sites), init: this.init.clone() },
    }
}
scaled!(AutoNormal AutoDiagonalNormal AutoMultivariateNormal AutoLowRankMultivariateNormal);

impl AutoLowRankMultivariateNormal {
    /// The rank of WWᵀ.
    pub fn rank(mut self, rank: usize) -> Self {
        self.options.rank = Some(rank);
        self
    }
}

/// The places of the sites' coordinates, where types fix them; else one place for all.
fn sites<M: Model>(dim: usize) -> Vec<(&'static str, Range<usize>)> {
    let mut sites = Vec::new();
    for site in M::SITES.iter().filter(|s| s.kind == SiteKind::Sample) {
        match (site.offset, site.len) {
            (Some(at), Some(n)) if M::DIM == Some(dim) => sites.push((site.name, at..at + n)),
            _ => return whole(dim),
        }
    }
    if sites.last().is_none_or(|s| s.1.end != dim) {
        return whole(dim);
    }
    sites
}

fn whole(dim: usize) -> Vec<(&'static str, Range<usize>)> {
    vec![("auto", 0..dim)]
}

fn points(sites: &[(&'static str, Range<usize>)]) -> Vec<Block> {
    let location = |(name, range): &(&str, Range<usize>)| {
        Block::real(format!("{name}_loc"), range.clone(), Role::Location)
    };
    sites.iter().map(location).collect()
}

fn normals(sites: &[(&'static str, Range<usize>)], dim: usize) -> Vec<Block> {
    let scale = |(name, range): &(&str, Range<usize>)| {
        let range = dim + range.start..dim + range.end;
        Block::positive(format!("{name}_scale"), range, Role::Scale)
    };
    let mut blocks = points(sites);
    blocks.extend(sites.iter().map(scale));
    blocks
}
