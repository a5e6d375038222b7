//! Where transitions diverge.

use super::table::Table;
use std::fmt;

/// The side of a column on which transitions diverge.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    name: String,
    /// Which part of the draws is below the median place.
    quantile: f64,
}

/// Fewer places than this tell nothing.
const FEWEST: usize = 5;
/// The median place must be among this part of the draws at one end.
const ONE_SIDE: f64 = 0.25;

impl Place {
    /// The column in which the places have the median furthest out among the draws, if there are places enough and one is
    /// far enough out.
    pub(super) fn find(places: &Table, chains: &[&Table]) -> Option<Place> {
        if places.rows() < FEWEST {
            return None;
        }
        let quantile_of = |name: &String| {
            let mut draws = Vec::new();
            for chain in chains {
                draws.extend(chain.column(name).ok()?);
            }
            let mut at = places.column(name).ok()?;
            if draws.iter().chain(&at).any(|x| x.is_nan()) {
                return None;
            }
            at.sort_by(f64::total_cmp);
            let median = at[at.len() / 2];
            let below = draws.iter().filter(|d| **d < median).count() as f64;
            let equal = draws.iter().filter(|d| **d == median).count() as f64;
            Some((below + 0.5 * equal) / draws.len() as f64)
        };
        let all = places.names().iter().filter_map(|name| {
            let quantile = quantile_of(name)?;
            let name = name.clone();
            Some(Place { name, quantile })
        });
        all.min_by(|a, b| a.outside().total_cmp(&b.outside()))
            .filter(|place| place.outside() <= ONE_SIDE)
    }

    /// Which part of the draws is further out.
    fn outside(&self) -> f64 {
        self.quantile.min(1.0 - self.quantile)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (side, end) = match self.quantile < 0.5 {
            true => ("small", "lowest"),
            false => ("large", "highest"),
        };
        let part = (100.0 * self.outside()).max(1.0);
        let name = &self.name;
        write!(
            f,
            ", mostly where `{name}` is {side} (half among its {end} {part:.0} %)"
        )
    }
}
