//! A matrix of data times a vector of latents, evaluated lazily, a block of rows at a time.

use super::batch::TimesVector;
use super::fault;
use super::kernels::{rows_times, rows_weighted};
use super::mode::{Lift, Mode, Real};
use std::ops::Add;

/// A matrix of data, by rows.
pub trait Rows {
    /// The number of rows.
    fn rows(&self) -> usize;
    /// The number of columns.
    fn columns(&self) -> usize;
    /// Σ_j row\[i\]\[j\]·v(j).
    fn row_times(&self, i: usize, v: impl Fn(usize) -> f64) -> f64;
    /// out\[k\] += a·row\[i\]\[from + k\].
    fn add_row(&self, i: usize, a: f64, from: usize, out: &mut [f64]);
    /// out\[i\] += Σ_j row\[start + i\]\[from + j\]·v\[j\].
    #[inline]
    fn times(&self, start: usize, from: usize, v: &[f64], out: &mut [f64]) {
        for (i, out) in out.iter_mut().enumerate() {
            let at = |j: usize| match j.checked_sub(from) {
                Some(j) => v.get(j).copied().unwrap_or(0.0),
                None => 0.0,
            };
            *out += self.row_times(start + i, at);
        }
    }
    /// out\[j\] += Σ_i d\[i\]·row\[start + i\]\[from + j\].
    #[inline]
    fn weighted(&self, start: usize, from: usize, d: &[f64], out: &mut [f64]) {
        for (i, d) in d.iter().enumerate() {
            self.add_row(start + i, *d, from, out);
        }
    }
}

impl<const P: usize> Rows for [[f64; P]] {
    fn rows(&self) -> usize {
        self.len()
    }
    fn columns(&self) -> usize {
        P
    }
    #[inline]
    fn row_times(&self, i: usize, v: impl Fn(usize) -> f64) -> f64 {
        self[i].iter().enumerate().map(|(j, x)| x * v(j)).sum()
    }
    #[inline]
    fn add_row(&self, i: usize, a: f64, from: usize, out: &mut [f64]) {
        for (o, x) in out.iter_mut().zip(&self[i][from..]) {
            *o += a * x;
        }
    }
    #[inline]
    fn times(&self, start: usize, from: usize, v: &[f64], out: &mut [f64]) {
        rows_times(&self.as_flattened()[start * P + from..], P, v, out);
    }
    #[inline]
    fn weighted(&self, start: usize, from: usize, d: &[f64], out: &mut [f64]) {
        rows_weighted(&self.as_flattened()[start * P + from..], P, d, out);
    }
}
impl<const P: usize> Rows for Vec<[f64; P]> {
    fn rows(&self) -> usize {
        self.len()
    }
    fn columns(&self) -> usize {
        P
    }
    #[inline]
    fn row_times(&self, i: usize, v: impl Fn(usize) -> f64) -> f64 {
        self.as_slice().row_times(i, v)
    }
    #[inline]
    fn add_row(&self, i: usize, a: f64, from: usize, out: &mut [f64]) {
        self.as_slice().add_row(i, a, from, out);
    }
    #[inline]
    fn times(&self, start: usize, from: usize, v: &[f64], out: &mut [f64]) {
        self.as_slice().times(start, from, v, out);
    }
    #[inline]
    fn weighted(&self, start: usize, from: usize, d: &[f64], out: &mut [f64]) {
        self.as_slice().weighted(start, from, d, out);
    }
}
impl<const P: usize, const N: usize> Rows for [[f64; P]; N] {
    fn rows(&self) -> usize {
        N
    }
    fn columns(&self) -> usize {
        P
    }
    #[inline]
    fn row_times(&self, i: usize, v: impl Fn(usize) -> f64) -> f64 {
        self.as_slice().row_times(i, v)
    }
    #[inline]
    fn add_row(&self, i: usize, a: f64, from: usize, out: &mut [f64]) {
        self.as_slice().add_row(i, a, from, out);
    }
    #[inline]
    fn times(&self, start: usize, from: usize, v: &[f64], out: &mut [f64]) {
        self.as_slice().times(start, from, v, out);
    }
    #[inline]
    fn weighted(&self, start: usize, from: usize, d: &[f64], out: &mut [f64]) {
        self.as_slice().weighted(start, from, d, out);
    }
}
impl<R: nalgebra::Dim, C: nalgebra::Dim, S: nalgebra::RawStorage<f64, R, C>> Rows
    for nalgebra::Matrix<f64, R, C, S>
{
    fn rows(&self) -> usize {
        self.nrows()
    }
    fn columns(&self) -> usize {
        self.ncols()
    }
    #[inline]
    fn row_times(&self, i: usize, v: impl Fn(usize) -> f64) -> f64 {
        (0..self.ncols()).map(|j| self[(i, j)] * v(j)).sum()
    }
    #[inline]
    fn add_row(&self, i: usize, a: f64, from: usize, out: &mut [f64]) {
        for (j, o) in out.iter_mut().enumerate() {
            *o += a * self[(i, from + j)];
        }
    }
    #[inline]
    fn times(&self, start: usize, from: usize, v: &[f64], out: &mut [f64]) {
        for (j, v) in v.iter().enumerate() {
            for (i, out) in out.iter_mut().enumerate() {
                *out += self[(start + i, from + j)] * v;
            }
        }
    }
    #[inline]
    fn weighted(&self, start: usize, from: usize, d: &[f64], out: &mut [f64]) {
        for (j, out) in out.iter_mut().enumerate() {
            for (i, d) in d.iter().enumerate() {
                *out += self[(start + i, from + j)] * d;
            }
        }
    }
}
impl<T: Rows + ?Sized> Rows for &T {
    fn rows(&self) -> usize {
        (**self).rows()
    }
    fn columns(&self) -> usize {
        (**self).columns()
    }
    #[inline]
    fn row_times(&self, i: usize, v: impl Fn(usize) -> f64) -> f64 {
        (**self).row_times(i, v)
    }
    #[inline]
    fn add_row(&self, i: usize, a: f64, from: usize, out: &mut [f64]) {
        (**self).add_row(i, a, from, out);
    }
    #[inline]
    fn times(&self, start: usize, from: usize, v: &[f64], out: &mut [f64]) {
        (**self).times(start, from, v, out);
    }
    #[inline]
    fn weighted(&self, start: usize, from: usize, d: &[f64], out: &mut [f64]) {
        (**self).weighted(start, from, d, out);
    }
}

/// The product of a matrix of data and a vector of latents, plus a constant; see [`matvec`].
#[derive(Copy, Clone, Debug)]
pub struct MatVec<'v, X, M: Mode> {
    matrix: X,
    vector: &'v [Real<M>],
    shift: Real<M>,
}

/// X·v for a matrix of data (rows as arrays, or a nalgebra matrix) or units of a [`layer`](super::layer()) over many
/// rows, and a vector of latents, as a vector of parameters: `observe(y, Bernoulli::logit(matvec(x, &coefs) + intercept))`.
///
/// Nothing is stored: a site reads it in blocks and sends its adjoint Xᵀ·d back in one operation. Sizes that do
/// not fit give NaN and an error when the model is bound.
///
/// ```
/// use ppl_runtime::real::{Real, Value, matvec};
/// let v = [Real::<Value>::from(1.0), Real::from(2.0)];
/// let x = [[1.0, 1.0], [0.0, 3.0]];
/// assert_eq!((matvec(&x, &v) + 1.0).at(1).value(), 7.0);
/// ```
pub fn matvec<'v, X: TimesVector<'v, M>, M: Mode>(matrix: X, vector: &'v [Real<M>]) -> X::Product {
    matrix.times_vector(vector)
}

impl<'v, X: Rows, M: Mode> MatVec<'v, X, M> {
    pub(super) fn new(matrix: X, vector: &'v [Real<M>]) -> Self {
        let fits = matrix.columns() == vector.len();
        if !fits {
            let (r, c) = (matrix.rows(), matrix.columns());
            fault::set(format!(
                "`matvec` of a {r} × {c} matrix and {} elements",
                vector.len()
            ));
        }
        let shift = Real::constant(if fits { 0.0 } else { f64::NAN });
        MatVec {
            matrix,
            vector: if fits { vector } else { &[] },
            shift,
        }
    }
}

impl<X: Rows, M: Mode> MatVec<'_, X, M> {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.matrix.rows()
    }
    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// One element.
    pub fn at(&self, i: usize) -> Real<M> {
        let mut lift = M::Lift::begin();
        let mut row = [0.0; TILE];
        for (k, v) in self.vector.chunks(TILE).enumerate() {
            row.fill(0.0);
            self.matrix.add_row(i, 1.0, k * TILE, &mut row[..v.len()]);
            lift.push_all(v, &row);
        }
        lift.push(self.shift, 1.0);
        lift.finish_sum(self.value(i))
    }
    /// The value of one element.
    #[inline]
    pub(crate) fn value(&self, i: usize) -> f64 {
        match self.vector {
            [] => M::value(self.shift.0),
            v => M::value(self.shift.0) + self.matrix.row_times(i, |j| M::value(v[j].0)),
        }
    }
    /// The values of the rows from `start` on, as many as there are.
    pub(crate) fn values(&self, start: usize, out: &mut [f64]) {
        let n = self.len().saturating_sub(start).min(out.len());
        let (out, beyond) = out.split_at_mut(n);
        beyond.fill(f64::NAN);
        out.fill(self.shift.value());
        let mut values = [0.0; TILE];
        for (k, v) in self.vector.chunks(TILE).enumerate() {
            for (value, v) in values.iter_mut().zip(v) {
                *value = v.value();
            }
            self.matrix.times(start, k * TILE, &values[..v.len()], out);
        }
    }
    /// Sends Xᵀ·d of the rows from `start` on to the vector and Σd to the constant.
    pub(crate) fn push(&self, start: usize, partials: &[f64], lift: &mut M::Lift) {
        let mut sums = [0.0; TILE];
        for (k, v) in self.vector.chunks(TILE).enumerate() {
            sums.fill(0.0);
            self.matrix
                .weighted(start, k * TILE, partials, &mut sums[..v.len()]);
            lift.push_all(v, &sums);
        }
        lift.push(self.shift, partials.iter().sum());
    }
}

/// Columns whose adjoints are summed at a time.
const TILE: usize = 32;

impl<X: Rows, M: Mode> Add<Real<M>> for MatVec<'_, X, M> {
    type Output = Self;
    fn add(self, shift: Real<M>) -> Self {
        MatVec {
            shift: self.shift + shift,
            ..self
        }
    }
}
impl<X: Rows, M: Mode> Add<f64> for MatVec<'_, X, M> {
    type Output = Self;
    fn add(self, shift: f64) -> Self {
        MatVec {
            shift: self.shift + shift,
            ..self
        }
    }
}
