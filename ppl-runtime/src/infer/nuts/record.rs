//! What a chain leaves behind.

/// One transition of a chain.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Transition {
    /// How often the trajectory doubled; 0 for static trajectories.
    pub depth: u32,
    /// Leapfrog steps, each an evaluation of the gradient.
    pub leapfrogs: u32,
    /// Mean acceptance probability min(1, exp(H₀ − H)) over the trajectory.
    pub acceptance: f64,
    /// H, the energy of the point that was drawn.
    pub energy: f64,
    /// The log density of the point that was drawn.
    pub log_density: f64,
    /// The step size.
    pub step_size: f64,
    /// Whether the trajectory diverged.
    pub diverged: bool,
}

/// Where a trajectory diverged: the energy rose by more than 1,000, or was not finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence {
    /// Which draw of the chain it belongs to.
    pub draw: usize,
    /// The point from which the step was taken that diverged.
    pub position: Vec<f64>,
    /// H − H₀ after that step.
    pub energy_error: f64,
}

/// The draws of a chain, with what is known of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    pub(super) dim: usize,
    pub(super) positions: Vec<f64>,
    /// The kept transitions.
    pub transitions: Vec<Transition>,
    /// The transitions of the warm-up.
    pub warmup: Vec<Transition>,
    /// Where kept transitions diverged.
    pub divergences: Vec<Divergence>,
    /// The step size of the kept transitions.
    pub step_size: f64,
    /// How often the gradient was evaluated, warm-up included.
    pub gradients: u64,
    /// In how many of the transitions' evaluations, warm-up included, the log density was not finite: outside of the
    /// prior's support, or where a parameter computed from latents is invalid. Such points are rejected.
    pub rejected: u64,
}

impl Chain {
    /// A chain of points on R^n, one after another, with their log densities, by a sampler of one's own.
    pub fn of_points(
        dim: usize,
        positions: Vec<f64>,
        log_densities: &[f64],
        acceptance: f64,
        gradients: u64,
    ) -> Self {
        let transition = |&log_density: &f64| Transition {
            depth: 0,
            leapfrogs: 1,
            acceptance,
            energy: -log_density,
            log_density,
            step_size: f64::NAN,
            diverged: false,
        };
        Chain {
            positions,
            transitions: log_densities.iter().map(transition).collect(),
            gradients,
            ..Chain::new(dim, 0, 0)
        }
    }
    pub(super) fn new(dim: usize, warmup: usize, draws: usize) -> Self {
        Chain {
            dim,
            positions: Vec::with_capacity(dim * draws),
            transitions: Vec::with_capacity(draws),
            warmup: Vec::with_capacity(warmup),
            divergences: Vec::new(),
            step_size: f64::NAN,
            gradients: 0,
            rejected: 0,
        }
    }
    /// The draws on R^n, in order.
    pub fn positions(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.positions.chunks_exact(self.dim)
    }
    /// The energies of the draws.
    pub fn energies(&self) -> Vec<f64> {
        self.transitions.iter().map(|t| t.energy).collect()
    }
    /// The mean acceptance of the kept transitions.
    pub fn acceptance(&self) -> f64 {
        let sum: f64 = self.transitions.iter().map(|t| t.acceptance).sum();
        sum / self.transitions.len() as f64
    }
}
