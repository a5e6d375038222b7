//! Replicated data: what the model would have observed.

use super::Site;
use super::interpreter::Loop;
use super::nesting::Nesting;
use super::sources::Simulate;
use super::watch::Watch;
use crate::dist::datum::Datum;
use crate::error::Error;
use crate::random::Rng;
use crate::real::Value;
use bumpalo::Bump;

/// Replicated data of one site: a row a draw.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictedSite {
    /// The name of the site, after those of the submodels that it is in.
    pub name: String,
    /// The numbers of each draw, in order of execution; `true` is 1.
    pub rows: Vec<Vec<f64>>,
    /// The shape of a draw's data, where those of all draws are alike.
    pub(crate) shape: Option<Vec<usize>>,
}

/// Replicated data by site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predictive {
    /// The observed sites in order of appearance.
    pub sites: Vec<PredictedSite>,
}

impl Predictive {
    /// The rows of a site.
    pub fn site(&self, name: &str) -> Option<&[Vec<f64>]> {
        self.sites
            .iter()
            .find(|s| s.name == name)
            .map(|s| &s.rows[..])
    }
    /// The replicated data of a site as `f64`, `bool` or `usize`, a row a draw.
    ///
    /// # Errors
    /// No such site, numbers that are not of that type.
    pub fn values<T: Replicated>(&self, name: &str) -> Result<Vec<Vec<T>>, Error> {
        let setting = |problem: String| Error::Setting {
            argument: "name",
            problem,
        };
        let rows = self
            .site(name)
            .ok_or_else(|| setting(format!("no data are observed at a site `{name}`")))?;
        let typed = |x: &f64| {
            let words = || setting(format!("`{name}` has {x}, which is no {}", T::NAME));
            T::of(*x).ok_or_else(words)
        };
        rows.iter()
            .map(|row| row.iter().map(typed).collect())
            .collect()
    }
    /// How many elements a site has, loop by loop and then in one observation, if all are alike; nothing for a single
    /// number.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        let site = self.sites.iter().find(|s| s.name == name)?;
        site.shape.as_deref()
    }
    /// Gathers single executions.
    pub(crate) fn gather(draws: Vec<Replicate>) -> Predictive {
        let mut all = Predictive::default();
        for (row, draw) in draws.into_iter().enumerate() {
            for one in draw {
                let shape = one.shape();
                let known = all.sites.iter().position(|s| s.name == one.name);
                let k = known.unwrap_or_else(|| {
                    all.sites.push(PredictedSite {
                        name: one.name,
                        rows: Vec::new(),
                        shape: shape.clone(),
                    });
                    all.sites.len() - 1
                });
                let site = &mut all.sites[k];
                if site.shape != shape {
                    site.shape = None;
                }
                site.rows.resize_with(row + 1, Vec::new);
                site.rows[row].extend(one.numbers);
            }
        }
        all
    }
}

/// What replicated data can be read as.
pub trait Replicated: Sized {
    /// The name of the type.
    const NAME: &'static str;
    /// A number as a value of the type, if it is one.
    fn of(x: f64) -> Option<Self>;
}
impl Replicated for f64 {
    const NAME: &'static str = "f64";
    fn of(x: f64) -> Option<f64> {
        Some(x)
    }
}
impl Replicated for bool {
    const NAME: &'static str = "bool";
    fn of(x: f64) -> Option<bool> {
        (x == 0.0 || x == 1.0).then_some(x == 1.0)
    }
}
impl Replicated for usize {
    const NAME: &'static str = "usize";
    fn of(x: f64) -> Option<usize> {
        (x >= 0.0 && x.fract() == 0.0).then_some(x as usize)
    }
}

/// The replicated data of one execution by site.
pub type Replicate = Vec<ReplicatedSite>;

/// The replicated data of one site in one execution.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplicatedSite {
    /// The name of the site, after those of the submodels that it is in.
    pub name: String,
    /// The numbers in order; `true` is 1.
    pub numbers: Vec<f64>,
    /// As many elements as each loop around has had.
    loops: Vec<usize>,
    observations: usize,
}

impl ReplicatedSite {
    /// Loops, then the numbers of one observation; nothing if observations differ.
    fn shape(&self) -> Option<Vec<usize>> {
        let each = self.numbers.len() / self.observations.max(1);
        let regular = self.loops.iter().product::<usize>() == self.observations
            && each * self.observations == self.numbers.len();
        let own = (each != 1).then_some(each);
        regular.then(|| self.loops.iter().copied().chain(own).collect())
    }
}

/// Simulates observations as they pass by.
pub struct Simulator<'r> {
    /// The generator of observations.
    pub rng: &'r mut Rng,
    /// What was simulated, by site.
    pub sites: Replicate,
    nesting: Nesting,
}

impl<'r> Simulator<'r> {
    /// Of a model with these sites.
    pub fn new(sites: &'static [Site], rng: &'r mut Rng) -> Self {
        Simulator {
            rng,
            sites: Vec::new(),
            nesting: Nesting::of(sites),
        }
    }
}

impl Watch<Value> for Simulator<'_> {
    fn observe<T: Datum<Value, D> + ?Sized, D>(
        &mut self,
        site: u32,
        data: &T,
        d: &D,
        arena: &Bump,
    ) {
        let name = self.nesting.name(site);
        let known = self.sites.iter().position(|s| s.name == name);
        let k = known.unwrap_or_else(|| {
            self.sites.push(ReplicatedSite {
                name,
                numbers: Vec::new(),
                loops: Vec::new(),
                observations: 0,
            });
            self.sites.len() - 1
        });
        let one = &mut self.sites[k];
        let source = &mut Simulate { rng: self.rng };
        data.simulate(d, source, arena, &mut one.numbers);
        one.observations += 1;
        for (k, i) in self.nesting.path().enumerate() {
            one.loops.resize(one.loops.len().max(k + 1), 0);
            one.loops[k] = one.loops[k].max(i + 1);
        }
    }
    fn enter(&mut self) {
        self.nesting.enter();
    }
    fn next(&mut self, open: Loop) {
        self.nesting.next(open);
    }
    fn leave(&mut self, open: Loop) {
        self.nesting.leave(open);
    }
    fn begin(&mut self, site: u32, sites: &'static [Site]) {
        let prefix = format!("{}.", self.nesting.name(site));
        self.nesting.begin(prefix, sites);
    }
    fn end(&mut self) {
        self.nesting.end();
    }
}
