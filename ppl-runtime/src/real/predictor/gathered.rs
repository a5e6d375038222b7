//! Elements of a vector of latents, picked by an index for each observation.

use super::super::fault;
use super::super::mode::{Lift, Mode, Real};
use super::{LANES, Places, Predictor, Term};

/// `values[index[i]]` for each observation i.
#[derive(Copy, Clone, Debug)]
pub struct Gathered<'v, 'i, M: Mode> {
    values: &'v [Real<M>],
    index: &'i [usize],
}

/// The element of a vector of latents that each observation belongs to, `values[index[i]]`, as a vector of parameters: the effect of its
/// group. `observe(y, Normal::new(gather(&effects, group) + slope * x, sigma))`; see [`Predictor`].
///
/// An index out of bounds gives NaN and an error when the model is bound.
///
/// ```
/// use ppl_runtime::real::{Real, Value, gather};
/// let effects = [1.5, -0.5].map(Real::<Value>::from);
/// assert_eq!(gather(&effects, &[1, 0, 1]).at(2).value(), -0.5);
/// ```
#[inline]
pub fn gather<'v, 'i, M: Mode>(
    values: &'v [Real<M>],
    index: &'i [usize],
) -> Predictor<M, Gathered<'v, 'i, M>> {
    Predictor::new(Gathered { values, index })
}

#[cold]
#[inline(never)]
fn out_of_bounds(at: usize, index: usize, values: usize) -> f64 {
    fault::set(format!(
        "`gather` of {values} elements: index [{at}] is {index}"
    ));
    f64::NAN
}

/// Elements from the least to the greatest of a block up to which their adjoints are summed before they are sent.
const ROOM: usize = 128;
/// So many where the data are in order.
const FEW: usize = 16;

impl<M: Mode> Term<M> for Gathered<'_, '_, M> {
    fn count(&self) -> Option<usize> {
        Some(self.index.len())
    }
    #[inline]
    fn at(&self, i: usize) -> Real<M> {
        let (index, values) = (self.index[i], self.values);
        let missing = || Real::constant(out_of_bounds(i, index, values.len()));
        values.get(index).copied().unwrap_or_else(missing)
    }
    #[inline]
    fn add_to(&self, places: Places<'_>, out: &mut [f64]) {
        let values = self.values;
        let mut room = [0; LANES];
        let index = places.of(self.index, out.len(), &mut room);
        for (k, (o, &i)) in out.iter_mut().zip(index).enumerate() {
            *o += match values.get(i) {
                Some(v) => M::value(v.0),
                None => out_of_bounds(places.place(k), i, values.len()),
            };
        }
    }
    #[inline]
    fn push(&self, places: Places<'_>, partials: &[f64], lift: &mut M::Lift) {
        let mut room = [0; LANES];
        let index = places.of(self.index, partials.len(), &mut room);
        let (mut low, mut high) = (usize::MAX, 0);
        for &i in index {
            low = low.min(i);
            high = high.max(i);
        }
        let Some(values) = self.values.get(low..=high) else {
            return;
        };
        match values.len() {
            n if n <= FEW => scatter::<M, FEW>(values, low, index, partials, lift),
            n if n <= ROOM => scatter::<M, ROOM>(values, low, index, partials, lift),
            _ => {
                for (&i, p) in index.iter().zip(partials) {
                    lift.push(self.values[i], *p);
                }
            }
        }
    }
}

/// Sends the sums of the partial derivatives by each of `N` or fewer elements, of which the first has the index `low`.
#[inline]
fn scatter<M: Mode, const N: usize>(
    values: &[Real<M>],
    low: usize,
    index: &[usize],
    partials: &[f64],
    lift: &mut M::Lift,
) {
    // Neighbours are often of one group: in four sums each, none waits for the one before.
    let mut sums = [[0.0; 4]; N];
    let (index, rest) = index.as_chunks::<4>();
    let (partials, others) = partials.as_chunks::<4>();
    for (i, p) in index.iter().zip(partials) {
        for k in 0..4 {
            sums[i[k] - low][k] += p[k];
        }
    }
    for (&i, p) in rest.iter().zip(others) {
        sums[i - low][0] += p;
    }
    let mut totals = [0.0; N];
    for (total, [a, b, c, d]) in totals.iter_mut().zip(&sums[..values.len()]) {
        *total = (a + b) + (c + d);
    }
    lift.push_all(values, &totals[..values.len()]);
}
