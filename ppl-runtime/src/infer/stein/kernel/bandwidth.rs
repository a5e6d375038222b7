//! Bandwidths from the median distance of particles.

use super::setting;
use crate::error::Error;
use crate::infer::stein::cloud::Cloud;

/// How a bandwidth h is chosen.
#[derive(Copy, Clone, Debug)]
pub enum Bandwidth {
    /// h = factor(m)·med², where med is the median distance of two different particles among m, anew at every step
    /// (Liu & Wang 2016, §5). No gradient goes through it.
    Median {
        /// 1/ln m by default.
        factor: fn(usize) -> f64,
    },
    /// A number.
    Fixed(f64),
}

impl Default for Bandwidth {
    fn default() -> Self {
        Bandwidth::Median {
            factor: |m| 1.0 / (m as f64).ln(),
        }
    }
}

/// The smallest bandwidth: identical particles have no median distance.
pub(super) const FLOOR: f64 = 1e-5;

impl Bandwidth {
    pub(super) fn check(self, particles: usize) -> Result<(), Error> {
        let (name, value) = match self {
            Bandwidth::Fixed(h) => ("bandwidth", h),
            // One particle has no distance, and needs no factor.
            Bandwidth::Median { .. } if particles < 2 => return Ok(()),
            Bandwidth::Median { factor } => ("bandwidth_factor", factor(particles)),
        };
        if value > 0.0 && value.is_finite() {
            return Ok(());
        }
        let problem =
            format!("is {value} for {particles} particles, but it must be positive and finite");
        Err(setting(name, problem))
    }

    /// The bandwidth of squared distances that `fill` writes for pairs i < j; infinite for one particle, whose
    /// kernel is then 1.
    fn of(self, particles: usize, squares: &mut [f64]) -> f64 {
        match self {
            Bandwidth::Fixed(h) => h,
            Bandwidth::Median { .. } if particles < 2 => f64::INFINITY,
            Bandwidth::Median { factor } => {
                (factor(particles) * median_squared(squares)).max(FLOOR)
            }
        }
    }

    /// From the distances in all coordinates.
    pub(super) fn norm(self, particles: &Cloud, squares: &mut Vec<f64>) -> f64 {
        if let Bandwidth::Median { .. } = self {
            squares.clear();
            squares.resize(pairs(particles.len()), 0.0);
            for c in 0..particles.dim() {
                add_squares(particles.column(c), squares);
            }
        }
        self.of(particles.len(), squares)
    }

    /// From the distances along one coordinate.
    pub(super) fn along(self, particles: &Cloud, c: usize, squares: &mut Vec<f64>) -> f64 {
        if let Bandwidth::Median { .. } = self {
            squares.clear();
            squares.resize(pairs(particles.len()), 0.0);
            add_squares(particles.column(c), squares);
        }
        self.of(particles.len(), squares)
    }

    /// Room for the squared distances.
    pub(super) fn buffer(self, particles: usize) -> Vec<f64> {
        match self {
            Bandwidth::Median { .. } => Vec::with_capacity(pairs(particles)),
            Bandwidth::Fixed(_) => Vec::new(),
        }
    }
}

fn pairs(particles: usize) -> usize {
    particles * particles.saturating_sub(1) / 2
}

fn add_squares(x: &[f64], mut squares: &mut [f64]) {
    for (i, xi) in x.iter().enumerate() {
        let (row, rest) = squares.split_at_mut(x.len() - i - 1);
        for (s, xj) in row.iter_mut().zip(&x[i + 1..]) {
            *s += (xj - xi) * (xj - xi);
        }
        squares = rest;
    }
}

/// The square of the median of distances given by their squares; the middle of two where their number is even.
fn median_squared(squares: &mut [f64]) -> f64 {
    if squares.is_empty() {
        return 0.0;
    }
    let middle = squares.len() / 2;
    let odd = squares.len() % 2 == 1;
    let (below, upper, _) = squares.select_nth_unstable_by(middle, f64::total_cmp);
    if odd {
        return *upper;
    }
    let lower = below.iter().copied().fold(0.0, f64::max);
    (0.5 * (lower.sqrt() + upper.sqrt())).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_leave_out_the_diagonal() {
        // distances 1, 3, 2: the median is 2; with the zeros of the diagonal it would be 1.
        let cloud = Cloud::from_rows(1, &[0.0, 1.0, 3.0]);
        let mut squares = Vec::new();
        let h = Bandwidth::default().norm(&cloud, &mut squares);
        assert!((h - 4.0 / 3f64.ln()).abs() < 1e-15);
        // 1, 3, 7, 2, 6, 4: between 3 and 4.
        let cloud = Cloud::from_rows(1, &[0.0, 1.0, 3.0, 7.0]);
        let h = Bandwidth::default().norm(&cloud, &mut squares);
        assert!((h - 12.25 / 4f64.ln()).abs() < 1e-14);
        let plane = Cloud::from_rows(2, &[0.0, 0.0, 3.0, 4.0]);
        let h = Bandwidth::default().norm(&plane, &mut squares);
        assert!((h - 25.0 / 2f64.ln()).abs() < 1e-14);
        let h = Bandwidth::default().along(&plane, 1, &mut squares);
        assert!((h - 16.0 / 2f64.ln()).abs() < 1e-14);
    }

    #[test]
    fn few_or_identical_particles() {
        let mut squares = Vec::new();
        let one = Cloud::from_rows(1, &[0.3]);
        assert_eq!(Bandwidth::default().norm(&one, &mut squares), f64::INFINITY);
        let same = Cloud::from_rows(1, &[0.3; 5]);
        assert_eq!(Bandwidth::default().norm(&same, &mut squares), FLOOR);
        assert!(Bandwidth::Fixed(0.0).check(3).is_err());
        assert!(
            Bandwidth::Median {
                factor: |_| f64::NAN
            }
            .check(3)
            .is_err()
        );
        assert!(Bandwidth::default().check(1).is_ok());
    }
}
