//! Graphs: which places are neighbours.

use crate::error::Error;
use nalgebra::DMatrix;

/// Which places of a [`Car`](super::Car) are neighbours: a symmetric matrix of weights W, with the eigenvalues that the density needs. Made
/// once, outside the model, and given to it as an argument.
#[derive(Clone, Debug)]
pub struct Adjacency {
    /// Where the neighbours of each place begin in `neighbours`; one more at the end.
    starts: Vec<usize>,
    neighbours: Vec<(usize, f64)>,
    /// The row sums.
    pub(super) degrees: Vec<f64>,
    /// Of D^(−½) W D^(−½).
    pub(super) eigenvalues: Vec<f64>,
    pub(super) ln_degrees: f64,
}

impl Adjacency {
    /// From the rows of a symmetric matrix of non-negative weights, 0 on its diagonal, whose every row has a neighbour.
    ///
    /// ```
    /// use ppl_runtime::dist::Adjacency;
    /// let chain = Adjacency::new(&[[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]).unwrap();
    /// assert_eq!(chain.len(), 3);
    /// assert!(Adjacency::new(&[[0.0, 1.0], [0.0, 0.0]]).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// Where the matrix is none of that.
    pub fn new<R: AsRef<[f64]>>(rows: &[R]) -> Result<Self, Error> {
        let n = rows.len();
        let refuse = |problem: String| {
            Err(Error::Setting {
                argument: "Adjacency",
                problem,
            })
        };
        let at = |i: usize, j: usize| rows[i].as_ref()[j];
        if n == 0 || rows.iter().any(|r| r.as_ref().len() != n) {
            return refuse(format!("{n} rows that do not have {n} numbers each"));
        }
        for i in 0..n {
            for j in 0..=i {
                let w = at(i, j);
                if !(w >= 0.0 && w.is_finite()) || w != at(j, i) || (i == j && w != 0.0) {
                    return refuse(format!(
                        "the weights of {i} and {j} are {w} and {}; they must be equal, finite and not negative, and 0 of a place with itself",
                        at(j, i)
                    ));
                }
            }
        }
        let degrees: Vec<f64> = rows.iter().map(|r| r.as_ref().iter().sum()).collect();
        if let Some(i) = degrees.iter().position(|d| *d == 0.0) {
            return refuse(format!("place {i} has no neighbour"));
        }
        let mut starts = vec![0];
        let mut neighbours = Vec::new();
        for row in rows {
            let row = row.as_ref().iter().copied().enumerate();
            neighbours.extend(row.filter(|w| w.1 > 0.0));
            starts.extend([neighbours.len()]);
        }
        let scaled = DMatrix::from_fn(n, n, |i, j| at(i, j) / (degrees[i] * degrees[j]).sqrt());
        Ok(Adjacency {
            starts,
            neighbours,
            eigenvalues: scaled.symmetric_eigenvalues().iter().copied().collect(),
            ln_degrees: degrees.iter().map(|d| d.ln()).sum(),
            degrees,
        })
    }

    /// The number of places.
    pub fn len(&self) -> usize {
        self.degrees.len()
    }
    /// Whether there are no places: never.
    pub fn is_empty(&self) -> bool {
        self.degrees.is_empty()
    }
    /// The neighbours of a place, with their weights.
    pub(super) fn neighbours_of(&self, i: usize) -> &[(usize, f64)] {
        &self.neighbours[self.starts[i]..self.starts[i + 1]]
    }
    /// (W y)_i
    pub(super) fn around(&self, i: usize, y: impl Fn(usize) -> f64) -> f64 {
        self.neighbours_of(i).iter().map(|(j, w)| w * y(*j)).sum()
    }
}
