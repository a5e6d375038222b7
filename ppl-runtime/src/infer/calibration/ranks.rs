//! Ranks and their verdict.

use super::{Settings, ecdf};
use crate::real::special::gamma_upper;
use std::fmt;

/// The ranks of one quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranks {
    ranks: Vec<usize>,
    draws: usize,
    bins: usize,
}

impl Ranks {
    /// The rank of each true value: how many draws are below it.
    pub fn ranks(&self) -> &[usize] {
        &self.ranks
    }

    /// How many ranks fell into each bin.
    pub fn histogram(&self) -> Vec<usize> {
        let mut counts = vec![0; self.bins];
        for rank in &self.ranks {
            counts[rank * self.bins / (self.draws + 1)] += 1;
        }
        counts
    }

    /// χ² = Σ (count − expected)²/expected over the bins.
    pub fn chi_square(&self) -> f64 {
        let expected = self.ranks.len() as f64 / self.bins as f64;
        let counts = self.histogram().into_iter();
        counts
            .map(|c| (c as f64 - expected).powi(2) / expected)
            .sum()
    }

    /// How likely equally probable ranks have a χ² as large as this: Q((bins − 1)/2, χ²/2).
    pub fn chi_square_p_value(&self) -> f64 {
        gamma_upper(0.5 * (self.bins - 1) as f64, 0.5 * self.chi_square())
    }

    /// How likely the empirical distribution of equally probable ranks leaves a band as wide as the one that these just
    /// touch, anywhere (Säilynoja, Bürkner & Vehtari 2022). It sees slopes and shifts that no one bin shows.
    pub fn ecdf_p_value(&self) -> f64 {
        ecdf::p_value(&self.ranks, self.draws + 1)
    }

    /// The lesser of both p-values, times two (Bonferroni): at most 1.
    pub fn p_value(&self) -> f64 {
        (2.0 * self.chi_square_p_value().min(self.ecdf_p_value())).min(1.0)
    }
}

/// What a calibration has found. `Display` is a row a quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calibration {
    quantities: Vec<Ranks>,
}

impl Calibration {
    pub(super) fn new(replications: &[Vec<usize>], settings: &Settings) -> Self {
        let count = replications.first().map_or(0, Vec::len);
        let of = |q: usize| Ranks {
            ranks: replications.iter().map(|r| r[q]).collect(),
            draws: settings.draws,
            bins: settings.bins,
        };
        Calibration {
            quantities: (0..count).map(of).collect(),
        }
    }

    /// The ranks of each quantity.
    pub fn quantities(&self) -> &[Ranks] {
        &self.quantities
    }

    /// The least p-value of a quantity, times their number (Bonferroni): at most 1.
    pub fn p_value(&self) -> f64 {
        let least = self.quantities.iter().map(Ranks::p_value);
        let least = least.fold(1.0, f64::min);
        (least * self.quantities.len() as f64).min(1.0)
    }
}

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (q, ranks) in self.quantities.iter().enumerate() {
            let (chi, p) = (ranks.chi_square(), ranks.chi_square_p_value());
            let (band, counts) = (ranks.ecdf_p_value(), ranks.histogram());
            writeln!(
                f,
                "{q}: χ² {chi:.1}, p {p:.2e}, band p {band:.2e}, ranks {counts:?}"
            )?;
        }
        write!(f, "p {:.2e}", self.p_value())
    }
}
