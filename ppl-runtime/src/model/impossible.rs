//! Which datum a model cannot have produced: what an engine that finds no finite likelihood tells its user.

use super::pointwise::{Depth, Pointwise};
use super::run::Run;
use super::sources::Simulate;
use super::{Evaluator, Model};
use crate::random::{Purpose, keyed};
use crate::real::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Draws from the prior that are looked at.
const DRAWS: usize = 200;

/// A datum whose log density is often not finite where the prior is.
#[derive(Clone, Debug, PartialEq)]
struct Impossible {
    site: String,
    place: Vec<usize>,
    /// The value seen last.
    log_density: f64,
    /// Draws in which it was not finite.
    times: usize,
}

impl fmt::Display for Impossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the log density of `{}`", self.site)?;
        for index in &self.place {
            write!(f, "[{index}]")?;
        }
        let value = match self.log_density {
            v if v.is_nan() => "NaN",
            v if v > 0.0 => "+∞",
            _ => "−∞",
        };
        match self.times {
            DRAWS => write!(f, " is {value} at each of {DRAWS} draws from the prior"),
            times => write!(f, " is {value} at {times} of {DRAWS} draws from the prior"),
        }
    }
}

/// What an engine that cannot start says, with the datum that keeps it from starting where there is one.
pub(crate) fn with_cause<Md: Model>(model: &Md, problem: String) -> String {
    match Evaluator::new().impossible_datum(model) {
        Some(datum) => format!("{problem}; {datum}"),
        None => problem,
    }
}

impl Evaluator {
    /// The datum that is most often impossible among draws from the prior, the first of those that are so equally often.
    fn impossible_datum<Md: Model>(&mut self, model: &Md) -> Option<Impossible> {
        let mut found: BTreeMap<(String, Vec<usize>), (usize, usize, f64)> = BTreeMap::new();
        for k in 0..DRAWS {
            let (arena, digits) = self.parts();
            let mut rng = keyed(0, Purpose::Prior, k as u64, 0);
            let source = Simulate { rng: &mut rng };
            let watch = Pointwise::new(Md::SITES);
            let mut run: Run<'_, Value, _, _, _> =
                Run::new(source, Depth::default(), watch, arena, digits);
            run.model(model);
            let points = run.watch.into_points();
            // All NaN is what an improper prior leads to, which has no draws.
            if points.iter().all(|p| p.log_likelihood.is_nan()) {
                continue;
            }
            let points = points.into_iter().enumerate();
            for (order, point) in points.filter(|(_, p)| !p.log_likelihood.is_finite()) {
                let seen = found
                    .entry((point.site, point.place))
                    .or_insert((0, order, 0.0));
                seen.0 += 1;
                seen.2 = point.log_likelihood;
            }
        }
        found
            .into_iter()
            .min_by_key(|(_, (times, order, _))| (DRAWS - (*times).min(DRAWS), *order))
            .map(|((site, place), (times, _, log_density))| Impossible {
                site,
                place,
                log_density,
                times: times.min(DRAWS),
            })
    }
}
