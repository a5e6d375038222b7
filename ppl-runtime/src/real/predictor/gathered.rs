//! Elements of a vector of latents, picked by an index for each observation.

use super::super::fault;
use super::super::kernels::{LANES, changes, index_range, totals_of_groups, totals_of_runs};
use super::super::mode::{Lift, Mode, Real};
use super::picked::Totals;
use super::{Kept, Places, Predictor, ROOM, Term};

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

/// Most runs of equal indices that are summed as such.
const RUNS: usize = 8;

impl<M: Mode> Gathered<'_, '_, M> {
    #[inline(always)]
    fn add(&self, places: Places<'_>, index: impl Fn(usize) -> usize, out: &mut [f64]) {
        let values = self.values;
        for (k, o) in out.iter_mut().enumerate() {
            let i = index(k);
            *o += match values.get(i) {
                Some(v) => M::value(v.0),
                None => out_of_bounds(places.place(k), i, values.len()),
            };
        }
    }
    /// Sends what a block with few runs of equal indices gives, which data in the order of their groups have: where they end is
    /// seen faster than which elements are of which group.
    #[inline]
    fn send_runs(&self, index: &[usize], changes: u64, partials: &[f64], lift: &mut M::Lift) {
        let (mut ends, mut firsts, mut totals) = ([0; RUNS], [0; RUNS], [0.0; RUNS]);
        let (mut rest, mut start, mut runs) = (changes, 0, 0);
        for (first, end) in firsts.iter_mut().zip(&mut ends) {
            *first = index[start];
            runs += 1;
            if rest == 0 {
                *end = index.len();
                break;
            }
            start = rest.trailing_zeros() as usize + 1;
            *end = start;
            rest &= rest - 1;
        }
        let (firsts, totals) = (&firsts[..runs], &mut totals[..runs]);
        totals_of_runs(partials, &ends[..runs], totals);
        let follow = firsts.windows(2).all(|pair| pair[0] + 1 == pair[1]);
        if let (true, Some(values)) = (follow, self.values.get(firsts[0]..=firsts[runs - 1])) {
            return lift.push_all(values, totals);
        }
        for (first, total) in firsts.iter().zip(totals) {
            if let Some(value) = self.values.get(*first) {
                lift.push(*value, *total);
            }
        }
    }
    #[inline(always)]
    fn send(&self, index: &[usize], partials: &[f64], lift: &mut M::Lift) {
        let changes = changes(index);
        if !index.is_empty() && changes.count_ones() < RUNS as u32 {
            return self.send_runs(index, changes, partials, lift);
        }
        let (low, high) = index_range(index);
        let Some(values) = self.values.get(low..=high) else {
            return;
        };
        let from_low = |k: usize| index[k] - low;
        // Clearing more room than is needed costs as much as the sums.
        match values.len() {
            // So few are looked for one by one.
            0..=8 => {
                let mut totals = [0.0; 8];
                let totals = &mut totals[..values.len()];
                totals_of_groups(index, partials, low, totals);
                lift.push_all(values, totals);
            }
            9..=16 => scatter::<M, 16>(values, from_low, partials, lift),
            17..=32 => scatter::<M, 32>(values, from_low, partials, lift),
            33..=64 => scatter::<M, 64>(values, from_low, partials, lift),
            65..=ROOM => scatter::<M, ROOM>(values, from_low, partials, lift),
            _ => {
                for (i, p) in index.iter().zip(partials) {
                    lift.push(self.values[*i], *p);
                }
            }
        }
    }
    /// The same, where it is known which elements are of one index.
    #[inline]
    fn send_kept(&self, index: &[usize], of: &Totals, partials: &[f64], lift: &mut M::Lift) {
        let n = of.count();
        if n == 0 {
            return self.send(index, partials, lift);
        }
        match self.values.get(of.low..of.low + n) {
            Some(values) if n <= LANES => {
                lift.push_all(values, &of.sums::<LANES>(partials)[..n]);
            }
            Some(values) => lift.push_all(values, &of.sums::<ROOM>(partials)[..n]),
            None => {}
        }
    }
}

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
        match places {
            Places::From(start) => {
                let index = &self.index[start..][..out.len()];
                self.add(places, |k| index[k], out);
            }
            Places::Of(picked) => {
                if let Some((index, _)) = picked.index() {
                    return self.add(places, |k| index[k], out);
                }
                let these = &picked.places[..out.len()];
                self.add(places, |k| self.index[these[k]], out);
            }
        }
    }
    const DATA: usize = 1;
    fn keep(&self, kept: &mut Kept) {
        kept.index(self.index);
    }
    const SINGLE: bool = true;
    const PICKS: bool = true;
    #[inline(always)]
    fn added(&self, place: usize, sum: f64) -> f64 {
        let (index, values) = (self.index[place], self.values);
        sum + match values.get(index) {
            Some(v) => M::value(v.0),
            None => out_of_bounds(place, index, values.len()),
        }
    }
    #[inline]
    fn push(&self, places: Places<'_>, partials: &[f64], lift: &mut M::Lift) {
        match places {
            Places::From(start) => {
                self.send(&self.index[start..][..partials.len()], partials, lift);
            }
            Places::Of(picked) => {
                if let Some((index, totals)) = picked.index() {
                    return self.send_kept(index, totals, partials, lift);
                }
                let mut index = [0; LANES];
                let index = &mut index[..partials.len()];
                for (to, place) in index.iter_mut().zip(picked.places) {
                    *to = self.index[*place];
                }
                self.send(index, partials, lift);
            }
        }
    }
}

/// Sends the sums of the partial derivatives by each of `N` or fewer elements.
#[inline]
fn scatter<M: Mode, const N: usize>(
    values: &[Real<M>],
    index: impl Fn(usize) -> usize,
    partials: &[f64],
    lift: &mut M::Lift,
) {
    // Neighbours are often of one group: in four sums each, none waits for the one before.
    let mut sums = [[0.0; 4]; N];
    let (fours, rest) = partials.as_chunks::<4>();
    for (four, p) in fours.iter().enumerate() {
        for k in 0..4 {
            sums[index(4 * four + k)][k] += p[k];
        }
    }
    for (k, p) in rest.iter().enumerate() {
        sums[index(4 * fours.len() + k)][0] += p;
    }
    let mut totals = [0.0; N];
    for (total, [a, b, c, d]) in totals.iter_mut().zip(&sums[..values.len()]) {
        *total = (a + b) + (c + d);
    }
    lift.push_all(values, &totals[..values.len()]);
}
