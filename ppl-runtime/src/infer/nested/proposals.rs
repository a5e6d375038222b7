//! How the replacements of a batch are proposed: what is learnt from the points so far.

use super::bounds::{Bounds, FREE, Made, Region};
use super::circle::turned;
use super::covariance::RunningCovariance;
use super::directions::{Bases, Directions};
use super::ellipsoid::clusters;
use super::evaluator::{Contour, Tally};
use super::gibbs::{KINDS, Moments, PlateSlices, Rounds, Shape};
use super::learnt::{Ends, Learnt};
use super::live::LiveSet;
use super::memory::Memory;
use super::reflect::{self, Reflections};
use super::rejection::Bound;
use super::settings::{Plan, Proposal};
use super::slice::{Slices, WIDTH};
use super::status::Phase;
use serde::{Deserialize, Serialize};

/// Most dimensions in which ellipsoids are tried.
const ELLIPSOID_DIMENSIONS: usize = 10;
/// Evaluations that a slice takes, about: a guess until one was made.
const EVALUATIONS_A_SLICE: f64 = 5.0;
/// Ellipsoids come back after slices once they promise less than this part of what slices take.
const RETURN: f64 = 0.7;
/// Rounds of the first chains by plates, in units of sweeps.
const ROUNDS: usize = 8;
/// Share of a batch in the running estimate of what slices take.
const COST_RATE: f64 = 0.3;

/// The contour of a replacement, with where it came from and what it cost.
#[derive(Clone, Debug)]
pub(super) struct Replacement {
    pub contour: Contour,
    /// Slot in which its chain started; none for an independent draw.
    pub parent: Option<usize>,
    /// Mean logarithms of the brackets' last lengths, of each kind of slice that was made; NaN for the others.
    pub log_reach: [f64; KINDS],
    pub tally: Tally,
}

/// The chains of a batch.
pub(super) enum Chains<'a> {
    Whole(Slices<'a>),
    ByPlates(PlateSlices<'a>),
    Reflected(Reflections<'a>),
}

/// Bounds, directions and widths, and which of the two ways is in use.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Proposals {
    pub phase: Phase,
    pub bounds: Bounds,
    pub directions: Directions,
    /// Width of the brackets of most slices, of each kind.
    pub widths: [f64; KINDS],
    auto: bool,
    reflects: bool,
    moments: Learnt,
    #[serde(skip)]
    shape: Shape,
    /// Evaluations that a replacement took when it was last made this way.
    slice_cost: f64,
    slice_batches: usize,
    memory: Memory,
    pub sweeps: usize,
    rounds: Rounds,
    since_clusters: usize,
}

impl Proposals {
    pub(super) fn new(plan: &Plan, sweeps: usize, ellipsoids: bool, live: &LiveSet) -> Self {
        Proposals {
            phase: if ellipsoids {
                Phase::Ellipsoids
            } else {
                Phase::Slices
            },
            bounds: Bounds::new(plan.live),
            directions: Directions::new(plan.dim),
            widths: match plan.reflects() {
                true => [reflect::first_step(plan.dim); KINDS],
                false => [WIDTH; KINDS],
            },
            reflects: plan.reflects(),
            auto: plan.settings.proposal == Proposal::Auto && ellipsoids,
            moments: match &plan.parts {
                Some(parts) => Learnt::ByPlates(Moments::new(live, parts)),
                None => Learnt::Whole(RunningCovariance::new(live, &plan.periodic)),
            },
            shape: Shape::default(),
            slice_cost: EVALUATIONS_A_SLICE * (sweeps * plan.dim) as f64,
            slice_batches: 0,
            memory: Memory::new(plan.dim),
            sweeps,
            rounds: Rounds::new(ROUNDS * sweeps),
            since_clusters: plan.live,
        }
    }

    /// Prepares a batch: clusters and bounds at their pace, and its directions.
    pub(super) fn prepare(&mut self, plan: &Plan, region: Region<'_>, key: u64, bases: &mut Bases) {
        let (live, survivors) = (region.live, region.rows);
        if let Learnt::ByPlates(moments) = &self.moments {
            return moments.shape(&mut self.shape);
        }
        if self.phase == Phase::Slices {
            self.find_bends();
            self.find_clusters(plan, live, survivors);
        }
        self.renew_bound(plan, region, key);
        if let Learnt::Whole(covariance) = &mut self.moments {
            covariance.recentre(live, survivors);
            if self.reflects {
                return self.directions.take_factor(covariance);
            }
            self.directions.draw(
                bases,
                self.sweeps,
                covariance,
                &plan.periodic,
                (plan.settings.seed, key),
            );
        }
    }

    /// Sweeps of the next batch for which bases are drawn, as far as is known.
    pub(super) fn sweeps_ahead(&self) -> usize {
        match &self.moments {
            Learnt::Whole(_) if !self.reflects => self.sweeps,
            _ => 0,
        }
    }

    /// Whether ellipsoids are of use for a region of volume e^`log_x`.
    fn is_bounded(&self, plan: &Plan, log_x: f64) -> bool {
        let is_wanted = self.phase == Phase::Ellipsoids || self.auto;
        let is_possible = plan.dim <= ELLIPSOID_DIMENSIONS || !self.auto;
        // Half the cube or more needs no bound.
        is_wanted && is_possible && log_x <= -0.7 && matches!(self.moments, Learnt::Whole(_))
    }

    /// Takes the bound that was made, and goes over to it if it promises less than slices take.
    fn renew_bound(&mut self, plan: &Plan, region: Region<'_>, key: u64) {
        if self.is_bounded(plan, region.log_x)
            && self.bounds.renew(plan, region, key, self.phase)
            && self.phase == Phase::Slices
            && self.bounds.promised(region.log_x) < RETURN * self.slice_cost
        {
            self.phase = Phase::Ellipsoids;
        }
    }

    /// The bound of the next batch, if it is time to make one.
    pub(super) fn bound_ahead(&self, plan: &Plan, region: Region<'_>, key: u64) -> Option<Made> {
        self.is_bounded(plan, region.log_x)
            .then(|| self.bounds.ahead(plan, region, key, self.phase))?
    }

    fn find_bends(&mut self) {
        if let Learnt::Whole(covariance) = &mut self.moments
            && !self.reflects
            && let Some((bends, straight)) = covariance.bends()
        {
            self.directions.set_bends(bends, &straight);
        }
    }

    fn find_clusters(&mut self, plan: &Plan, live: &LiveSet, survivors: &[usize]) {
        self.since_clusters += plan.batch_of(live.len());
        if self.since_clusters >= plan.live {
            // The more points to a cluster, the less does the start of a chain weigh in it.
            let smallest = (10 * plan.dim).max(20);
            let points = match self.directions.bends() {
                Some(bends) => bends.straightened(&live.u, plan.dim),
                None => turned(&live.u, plan.dim, survivors, &plan.periodic).1,
            };
            let clusters = clusters(&points, plan.dim, survivors, smallest);
            self.directions.set_clusters(&points, &clusters);
            self.since_clusters = 0;
        }
    }

    /// The bound of this batch, if points are drawn from it: with the contour, and the most evaluations that a slot
    /// may spend.
    pub(super) fn rejection(&self, threshold: Contour) -> Option<(&Bound, Contour, u64)> {
        (self.phase == Phase::Ellipsoids)
            .then(|| (&self.bounds.bound, threshold, self.rejection_limit()))
    }

    /// What the chains of a batch above `threshold` share.
    pub(super) fn chains<'a>(
        &'a self,
        live: &'a LiveSet,
        survivors: &'a [usize],
        threshold: Contour,
        periodic: &'a [usize],
    ) -> Chains<'a> {
        if let Learnt::ByPlates(_) = &self.moments {
            return Chains::ByPlates(PlateSlices {
                threshold,
                shape: &self.shape,
                live,
                widths: self.widths,
                rounds: self.rounds.number,
            });
        }
        let pairs = if survivors.len() < 4 {
            0
        } else {
            live.dim.div_ceil(10)
        };
        let slices = Slices {
            threshold,
            directions: &self.directions,
            live,
            survivors,
            width: self.widths[0],
            pairs,
            periodic,
        };
        match self.reflects {
            true => Chains::Reflected(Reflections {
                slices,
                trajectories: reflect::trajectories(self.sweeps),
                step: self.widths[0],
            }),
            false => Chains::Whole(slices),
        }
    }

    /// Goes over to slices for good, with the shape of what an earlier climb passed through at this contour. That
    /// climb has found how long chains must be: if each made them longer again there would be no end to it.
    pub(super) fn start_with_slices(&mut self, covariance: RunningCovariance) {
        self.phase = Phase::Slices;
        self.auto = false;
        self.memory.fix();
        if let Learnt::Whole(own) = &mut self.moments {
            *own = covariance;
        }
    }

    /// Slices of a replacement by a chain of slices, about.
    pub(super) fn slices(&self, dim: usize) -> usize {
        let turns = match &self.moments {
            Learnt::Whole(_) if self.reflects => {
                return reflect::trajectories(self.sweeps) * reflect::steps(self.widths[0]);
            }
            Learnt::Whole(_) => self.sweeps,
            Learnt::ByPlates(_) => self.rounds.number,
        };
        turns * dim
    }

    fn rejection_limit(&self) -> u64 {
        if self.auto {
            10 * self.slice_cost as u64
        } else {
            100_000
        }
    }

    /// Learns from the replacements of a batch, and what they took.
    pub(super) fn learn(&mut self, live: &LiveSet, new: &[Replacement], u: &[f64], tally: &Tally) {
        let ends = new.iter().zip(u.chunks_exact(live.dim));
        let chains: Vec<Ends<'_>> = ends
            .filter_map(|(n, end)| {
                let start = n.parent?;
                let began = (live.point(start), live.contour[start].log_l);
                Some([began, (end, n.contour.log_l)])
            })
            .collect();
        match &self.moments {
            Learnt::Whole(covariance) => {
                let batch = (&chains[..], new.len());
                self.sweeps = self.memory.follow(batch, live, covariance, self.sweeps);
            }
            Learnt::ByPlates(_) if chains.is_empty() => {}
            Learnt::ByPlates(moments) => self.rounds.follow(moments, &chains),
        }
        self.moments.add(u, live.dim);
        self.adapt_width(new);
        self.slice_batches += usize::from(self.phase == Phase::Slices);
        if self.auto {
            let effort = tally.evaluations as f64 + FREE * tally.free as f64;
            self.choose_phase(effort / new.len() as f64);
        }
    }

    /// Lets the width follow what brackets shrink to; twice that leaves room for the region to be wider.
    fn adapt_width(&mut self, new: &[Replacement]) {
        for (kind, width) in self.widths.iter_mut().enumerate() {
            let chains = new.iter().filter(|n| n.parent.is_some());
            let reaches = chains.map(|n| n.log_reach[kind]).filter(|r| !r.is_nan());
            let (sum, count) = reaches.fold((0.0, 0.0), |(s, c), r| (s + r, c + 1.0));
            if count > 0.0 {
                let found = 2.0 * f64::exp(sum / count);
                *width = (*width * found).sqrt().clamp(1e-12, WIDTH);
            }
        }
    }

    /// Goes on with what costs fewer evaluations a replacement. What a slice takes is a guess before any was made.
    fn choose_phase(&mut self, cost: f64) {
        match self.phase {
            Phase::Ellipsoids if cost > self.slice_cost => {
                // An old bound gets its chance once it is made anew.
                if self.bounds.is_new() {
                    self.phase = Phase::Slices;
                    self.slice_batches = 0;
                } else {
                    self.bounds.hurry();
                }
            }
            Phase::Ellipsoids => {}
            Phase::Slices => {
                let rate = if self.slice_batches == 1 {
                    1.0
                } else {
                    COST_RATE
                };
                self.slice_cost += rate * (cost - self.slice_cost);
            }
        }
    }
}
