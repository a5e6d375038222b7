//! Elements at any places, and the data of those that a site asks for each time, gathered once.

use super::super::kernels::LANES;
use super::ROOM;

/// Elements of a block, with what is known of the data that they are made of.
#[derive(Copy, Clone, Debug)]
pub struct Picked<'p> {
    /// Where they are.
    pub places: &'p [usize],
    /// Those of the terms from here on, as many as [`Term::DATA`](super::Term::DATA) says; or nothing.
    columns: &'p [Column],
    block: usize,
    first: usize,
    last: usize,
}

impl<'p> Picked<'p> {
    /// These, of which nothing is known.
    pub fn of(places: &'p [usize]) -> Self {
        Picked {
            places,
            columns: &[],
            block: 0,
            first: 0,
            last: places.iter().fold(0, |last, place| last.max(*place)),
        }
    }
    /// The last of them.
    pub(super) fn last(self) -> usize {
        self.last
    }
    /// Whether data were gathered.
    #[inline]
    pub(super) fn is_kept(self) -> bool {
        !self.columns.is_empty()
    }
    /// What the term after one with so many columns is given.
    #[inline]
    pub(crate) fn after(self, columns: usize) -> Self {
        let columns = self.columns.get(columns..).unwrap_or(&[]);
        Picked { columns, ..self }
    }
    /// The numbers of the first column.
    #[inline]
    pub(super) fn numbers(self) -> Option<&'p [f64]> {
        match self.columns.first()? {
            Column::Numbers(all) => all.get(self.first..self.first + self.places.len()),
            _ => None,
        }
    }
    /// The indices of the first column, and how sums by index are made.
    #[inline]
    pub(super) fn index(self) -> Option<(&'p [usize], &'p Totals)> {
        match self.columns.first()? {
            Column::Index(all, totals) => {
                let index = all.get(self.first..self.first + self.places.len())?;
                Some((index, totals.get(self.block)?))
            }
            _ => None,
        }
    }
}

/// Data of the elements of all blocks.
#[derive(Debug)]
enum Column {
    Numbers(Vec<f64>),
    Index(Vec<usize>, Vec<Totals>),
    /// Of too few elements.
    Nothing,
}

/// How the numbers of a block are summed by index.
#[derive(Debug, Default)]
pub(super) struct Totals {
    /// The least index.
    pub low: usize,
    /// Of each index from the least on, the places in the block where it is, [`LANES`] for none. Empty if one is there more than
    /// twice, or if there are too many.
    pairs: Vec<[u8; 2]>,
}

impl Totals {
    fn of(index: &[usize]) -> Self {
        let low = index.iter().fold(usize::MAX, |low, i| low.min(*i));
        let high = index.iter().fold(0, |high, i| high.max(*i));
        let none = LANES as u8;
        let mut pairs = Vec::new();
        if high - low.min(high) < ROOM && index.len() <= LANES {
            pairs.resize(high - low + 1, [none; 2]);
            for (k, i) in index.iter().enumerate() {
                let [a, b] = &mut pairs[i - low];
                match (*a, *b) {
                    (free, _) if free == none => *a = k as u8,
                    (_, free) if free == none => *b = k as u8,
                    _ => return Totals::default(),
                }
            }
        }
        Totals { low, pairs }
    }
    /// How many sums there are; 0 if they have to be made otherwise.
    #[inline]
    pub(super) fn count(&self) -> usize {
        self.pairs.len()
    }
    /// The sums of the first `N` indices.
    #[inline]
    pub(super) fn sums<const N: usize>(&self, x: &[f64]) -> [f64; N] {
        // Beyond the block there is nothing to add.
        let mut all = [0.0; LANES + 1];
        let n = x.len().min(LANES);
        all[..n].copy_from_slice(&x[..n]);
        let at = |place: u8| all[usize::from(place).min(LANES)];
        let mut sums = [0.0; N];
        for (sum, [a, b]) in sums.iter_mut().zip(&self.pairs) {
            *sum = at(*a) + at(*b);
        }
        sums
    }
}

/// Elements that a site asks for each time, block by block, and their data in the order of the terms.
#[derive(Debug, Default)]
pub struct Kept {
    places: Vec<usize>,
    /// Where each block begins and ends, and the last element in it.
    blocks: Vec<(usize, usize, usize)>,
    columns: Vec<Column>,
}

impl Kept {
    /// For these elements, in blocks of so many.
    pub(crate) fn new(places: Vec<usize>, blocks: impl Iterator<Item = usize>) -> Self {
        let mut end = 0;
        let blocks = blocks.map_while(|n| {
            let start = end;
            end += n;
            let last = places.get(start..end)?.iter().max().copied();
            Some((start, end, last.unwrap_or(0)))
        });
        Kept {
            blocks: blocks.collect(),
            places,
            columns: Vec::new(),
        }
    }
    /// The elements of a block.
    #[inline]
    pub(crate) fn block(&self, block: usize) -> Picked<'_> {
        let (first, end, last) = self.blocks.get(block).copied().unwrap_or_default();
        Picked {
            places: &self.places[first..end],
            columns: &self.columns,
            block,
            first,
            last,
        }
    }
    fn gathered<T: Copy>(&self, x: &[T]) -> Option<Vec<T>> {
        self.places.iter().map(|i| x.get(*i).copied()).collect()
    }
    /// Keeps the next column, of numbers.
    pub(super) fn numbers(&mut self, x: &[f64]) {
        let column = self.gathered(x).map_or(Column::Nothing, Column::Numbers);
        self.columns.push(column);
    }
    /// Keeps the next column, of indices.
    pub(super) fn index(&mut self, index: &[usize]) {
        let column = match self.gathered(index) {
            Some(all) => {
                let blocks = self.blocks.iter();
                let totals = blocks.map(|(start, end, _)| Totals::of(&all[*start..*end]));
                let totals = totals.collect();
                Column::Index(all, totals)
            }
            None => Column::Nothing,
        };
        self.columns.push(column);
    }
}
