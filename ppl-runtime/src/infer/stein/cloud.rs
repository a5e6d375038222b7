//! Vectors of all particles, stored by particle and by coordinate.

/// A vector for each particle, stored both ways: rows for arithmetic on one particle, columns for loops over
/// particles that run in SIMD lanes whatever the dimension.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cloud {
    dim: usize,
    len: usize,
    rows: Vec<f64>,
    columns: Vec<f64>,
}

impl Cloud {
    /// `len` zero vectors of `dim` coordinates.
    pub fn new(len: usize, dim: usize) -> Self {
        Cloud {
            dim,
            len,
            rows: vec![0.0; len * dim],
            columns: vec![0.0; len * dim],
        }
    }
    /// From rows one after another; an incomplete one at the end is left out.
    pub fn from_rows(dim: usize, rows: &[f64]) -> Self {
        let mut cloud = Cloud::new(rows.len() / dim.max(1), dim);
        cloud.set(|i, row| row.copy_from_slice(&rows[i * dim..(i + 1) * dim]));
        cloud
    }
    /// Number of particles.
    pub fn len(&self) -> usize {
        self.len
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    /// Number of coordinates.
    pub fn dim(&self) -> usize {
        self.dim
    }
    /// The vector of particle `i`.
    #[inline]
    pub fn row(&self, i: usize) -> &[f64] {
        &self.rows[i * self.dim..(i + 1) * self.dim]
    }
    /// Coordinate `c` of all particles.
    #[inline]
    pub fn column(&self, c: usize) -> &[f64] {
        &self.columns[c * self.len..(c + 1) * self.len]
    }
    /// Writes every row.
    pub fn set(&mut self, write: impl Fn(usize, &mut [f64])) {
        if self.dim == 0 {
            return;
        }
        for (i, row) in self.rows.chunks_exact_mut(self.dim).enumerate() {
            write(i, row);
            for (c, x) in row.iter().enumerate() {
                self.columns[c * self.len + i] = *x;
            }
        }
    }
}
