//! The table of a model's sites.

/// What a site is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum SiteKind {
    /// A latent.
    Sample,
    /// Data whose missing elements are latents.
    Impute,
    /// A discrete latent that is summed out.
    Enumerate,
    /// A discrete latent that decides which sites run.
    Branch,
    /// A model inside the model.
    Submodel,
    /// A chain.
    Markov,
    /// A parameter of a guide.
    Param,
    /// An observation.
    Observe,
    /// A term of the likelihood.
    Factor,
    /// A named value that is computed.
    Deterministic,
    /// A plate.
    Plate,
    /// A counted loop that holds sites.
    Loop,
}

/// A row of the table of sites.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The name: that of the variable which the site binds or observes.
    pub name: &'static str,
    /// What it is.
    pub kind: SiteKind,
    /// The plain type of its value, as written.
    pub ty: &'static str,
    /// The line of the source file.
    pub line: u32,
    /// The argument whose data it observes, if they come from one.
    pub argument: Option<&'static str>,
    /// Whether it runs once in every execution.
    pub always: bool,
    /// The number of unconstrained coordinates of one value, where the type tells.
    pub len: Option<usize>,
    /// The first of its unconstrained coordinates, where the types tell.
    pub offset: Option<usize>,
}

/// The number of unconstrained coordinates of a model, where the types of its sites tell.
pub const fn static_dim(sites: &[Site]) -> Option<usize> {
    let mut dim = 0;
    let mut i = 0;
    while i < sites.len() {
        if let SiteKind::Submodel | SiteKind::Branch | SiteKind::Impute = sites[i].kind {
            return None;
        }
        if let SiteKind::Sample = sites[i].kind {
            match sites[i].len {
                Some(n) if sites[i].always || n == 0 => dim += n,
                _ => return None,
            }
        }
        i += 1;
    }
    Some(dim)
}

/// Whether some site of a table may be summed out, or is recorded by going back over the execution, as a chain is.
pub const fn sums(sites: &[Site]) -> bool {
    let mut i = 0;
    while i < sites.len() {
        if let SiteKind::Enumerate | SiteKind::Submodel | SiteKind::Markov = sites[i].kind {
            return true;
        }
        i += 1;
    }
    false
}

/// Writes the offsets into a table.
pub const fn place<const N: usize>(mut sites: [Site; N]) -> [Site; N] {
    let mut at = Some(0);
    let mut i = 0;
    while i < N {
        if let SiteKind::Submodel | SiteKind::Branch | SiteKind::Impute = sites[i].kind {
            at = None;
        }
        if let SiteKind::Sample = sites[i].kind {
            sites[i].offset = if sites[i].always { at } else { None };
            at = match (at, sites[i].len) {
                (Some(a), Some(n)) if sites[i].always || n == 0 => Some(a + n),
                _ => None,
            };
        }
        i += 1;
    }
    sites
}
