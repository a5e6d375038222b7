//! Sites one of whose parameters is affine in the same few numbers for all elements.

use super::basis;
use crate::dist::family::Family;
use crate::real::kernels::{LANES, plain_sum, rows_times, rows_weighted};
use crate::real::{Mode, Real};

/// What is known of such a site: the parameter is shift + W·(that of the pivots), element by element.
#[derive(Debug)]
pub struct Dense {
    points: Vec<f64>,
    varying: usize,
    pivots: usize,
    /// Columns of the weights: the pivots, but for the last one where the weights of each element sum to one. Then the parameter is
    /// shift + (that of the last pivot) + W·(differences from it): an intercept is no column of its own.
    columns: usize,
    weights: Weights,
    shifts: Vec<f64>,
    /// Of each parameter, its values where they are data; otherwise it is one number for all.
    constants: Vec<Option<Vec<f64>>>,
}

impl Dense {
    /// How many elements there are.
    pub(super) fn elements(&self) -> usize {
        self.points.len()
    }
    /// Σ ln p over all elements, from the parameters of the pivots; with the partial derivatives by those where there is room.
    pub(crate) fn score<F: Family<P>, const P: usize, const GRADIENT: bool>(
        &self,
        pivots: &[&[f64]; P],
        by: &mut [&mut [f64]; P],
    ) -> f64 {
        let (a, r) = (self.varying, self.pivots);
        let (Some(at_pivots), true) = (pivots.get(a), self.constants.len() == P) else {
            return f64::NAN;
        };
        let c = self.columns.min(r);
        let last = if c < r { at_pivots[c] } else { 0.0 };
        let mut differences = [0.0; LANES];
        for (to, from) in differences.iter_mut().zip(&at_pivots[..c]) {
            *to = from - last;
        }
        let mut room = pivots.map(|p| [p.first().copied().unwrap_or(f64::NAN); LANES]);
        let mut partials = [[0.0; LANES]; P];
        let (mut sum, mut totals) = (0.0, [0.0; P]);
        let (mut by_pivots, mut by_all) = ([0.0; LANES], 0.0);
        for (block, x) in self.points.chunks(LANES).enumerate() {
            let (start, n) = (block * LANES, x.len());
            let weights = &self.weights.all()[start * c..(start + n) * c];
            let varying = &mut room[a][..n];
            for (to, shift) in varying.iter_mut().zip(&self.shifts[start..start + n]) {
                *to = shift + last;
            }
            rows_times(weights, c, &differences[..c], varying);
            let columns = std::array::from_fn(|k| match &self.constants[k] {
                Some(column) => &column[start..start + n],
                None => &room[k][..n],
            });
            if !GRADIENT {
                sum += F::block(x, &columns);
                continue;
            }
            let mut k = 0;
            let mut rows = partials.each_mut().map(|row| {
                let unwanted = F::LEAVES_OUT && self.constants[k].is_some();
                k += 1;
                &mut row[..if unwanted { 0 } else { n }]
            });
            sum += F::block_partials(x, &columns, &mut rows);
            rows_weighted(weights, c, &partials[a][..n], &mut by_pivots[..c]);
            if c < r {
                by_all += plain_sum(&partials[a][..n]);
            }
            for k in 0..P {
                if k != a && self.constants[k].is_none() {
                    totals[k] += plain_sum(&partials[k][..n]);
                }
            }
        }
        if c < r {
            by_pivots[c] = by_all - by_pivots[..c].iter().sum::<f64>();
        }
        for (k, by) in by.iter_mut().enumerate() {
            if k == a {
                by.iter_mut().zip(&by_pivots).for_each(|(to, by)| *to = *by);
            } else if let Some((first, rest)) = by.split_first_mut() {
                *first = totals[k];
                rest.fill(0.0);
            }
        }
        sum
    }
}

/// Rows of weights, the first of which begins where a register's memory does.
#[derive(Debug)]
struct Weights {
    numbers: Vec<f64>,
    skip: usize,
}

impl Weights {
    fn of(numbers: impl ExactSizeIterator<Item = f64>) -> Self {
        let mut aligned: Vec<f64> = Vec::with_capacity(numbers.len() + 7);
        let skip = aligned.as_ptr().align_offset(64).min(7);
        aligned.resize(skip, 0.0);
        aligned.extend(numbers);
        Weights {
            numbers: aligned,
            skip,
        }
    }
    #[inline]
    fn all(&self) -> &[f64] {
        &self.numbers[self.skip..]
    }
}

/// Whether the weights of each element, `r` of them, sum to one. Not of few: four columns are faster than three.
fn sum_to_one(weights: &[f64], r: usize) -> bool {
    let mut rows = weights.chunks_exact(r.max(1));
    r > 8 && rows.all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-13)
}

/// A parameter as far as it was seen.
struct Parameter {
    constant: bool,
    values: Vec<f64>,
    first: (bool, u64),
    differs: bool,
    symbols: Vec<u32>,
    coefficients: Vec<f64>,
    shifts: Vec<f64>,
    alike: bool,
}

/// Collects the elements of a site.
#[derive(Default)]
pub(super) struct Rows {
    points: Vec<f64>,
    parameters: Vec<Parameter>,
    numbers: usize,
    given_up: bool,
}

/// Numbers of a site, beyond which it stays as it is.
const MOST: usize = 1 << 22;

impl Rows {
    pub fn element<M: Mode>(&mut self, reals: &[Real<M>], constant: &[bool], x: f64) {
        self.given_up |= self.numbers > MOST || !x.is_finite();
        if self.given_up {
            return;
        }
        let begins = self.points.is_empty();
        self.points.push(x);
        for (k, (real, constant)) in reals.iter().zip(constant).enumerate() {
            let mut terms = Vec::new();
            let shift = if *constant {
                M::value(real.0)
            } else {
                M::affine(real.0, &mut terms)
            };
            self.given_up |= !shift.is_finite();
            self.numbers += terms.len() + 1;
            let identity = M::identity(real.0);
            let symbols = terms.iter().map(|(symbol, _)| *symbol);
            if begins {
                self.parameters.push(Parameter {
                    constant: *constant,
                    values: Vec::new(),
                    first: identity,
                    differs: false,
                    symbols: symbols.clone().collect(),
                    coefficients: Vec::new(),
                    shifts: Vec::new(),
                    alike: !terms.is_empty(),
                });
            }
            let parameter = &mut self.parameters[k];
            if *constant {
                parameter.values.push(shift);
                continue;
            }
            parameter.differs |= identity != parameter.first;
            parameter.alike &= symbols.eq(parameter.symbols.iter().copied());
            if parameter.alike {
                parameter.coefficients.extend(terms.iter().map(|(_, c)| *c));
                parameter.shifts.push(shift);
            } else if parameter.differs {
                self.given_up = true;
            }
        }
    }
    /// What is known of the site, and its pivots in order, where it saves something.
    pub fn finish(self) -> Option<(Dense, Vec<usize>)> {
        let n = self.points.len();
        let mut differing = self
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, p)| p.differs);
        let (varying, parameter) = differing.next()?;
        if self.given_up || differing.next().is_some() || n < FEW {
            return None;
        }
        let basis = basis::of(
            &parameter.coefficients,
            parameter.symbols.len(),
            LANES.min(n / 2),
        )?;
        let r = basis.pivots.len();
        let mut order: Vec<usize> = (0..r).collect();
        order.sort_by_key(|k| basis.pivots[*k]);
        let pivots: Vec<usize> = order.iter().map(|k| basis.pivots[*k]).collect();
        let weights: Vec<f64> = basis
            .weights
            .chunks_exact(r.max(1))
            .flat_map(|row| order.iter().map(|k| row[*k]))
            .collect();
        let shifts = weights
            .chunks_exact(r.max(1))
            .zip(&parameter.shifts)
            .map(|(row, shift)| {
                let of_pivots = row
                    .iter()
                    .zip(&pivots)
                    .map(|(w, p)| w * parameter.shifts[*p]);
                shift - of_pivots.sum::<f64>()
            })
            .collect();
        let constants = self.parameters.iter();
        let constants = constants
            .map(|p| p.constant.then(|| p.values.clone()))
            .collect();
        let columns = if sum_to_one(&weights, r) { r - 1 } else { r };
        let kept: Vec<f64> = weights
            .chunks_exact(r.max(1))
            .flat_map(|row| &row[..columns])
            .copied()
            .collect();
        let dense = Dense {
            varying,
            pivots: r,
            columns,
            weights: Weights::of(kept.into_iter()),
            shifts,
            constants,
            points: self.points,
        };
        (r > 0).then_some((dense, pivots))
    }
}

/// With fewer elements nothing is saved.
const FEW: usize = 32;
