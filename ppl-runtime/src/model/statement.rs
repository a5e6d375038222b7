//! One statement of a column of values: what it was given for each, and how it is scored for all.

use crate::dist::collect::{self, Columns, MOST, Score};
use crate::dist::family::Family;
use crate::real::kernels::LANES;
use crate::real::{Mode, Real};
use crate::support::ScalarLatent;
use bumpalo::Bump;

/// Numbers by value of the site: one for all, as long as they are equal.
pub struct Numbers<'a, T> {
    /// One, or one a value.
    pub all: &'a mut [T],
}

impl<'a, T: Copy> Numbers<'a, T> {
    pub fn new(first: T, arena: &'a Bump) -> Self {
        Numbers {
            all: arena.alloc_slice_fill_copy(1, first),
        }
    }
    /// Room for one a value.
    #[cold]
    #[inline(never)]
    pub fn spread(&mut self, n: usize, arena: &'a Bump) {
        self.all = arena.alloc_slice_fill_copy(n, self.all[0]);
    }
    /// Of two values, that are the first and the last of `n`: room for one each.
    fn widen(&mut self, n: usize, arena: &'a Bump) {
        if let [first, last] = *self.all {
            self.all = arena.alloc_slice_fill_copy(n, first);
            self.all[n - 1] = last;
        }
    }
    /// The number of value `lane`.
    #[inline(always)]
    pub fn set(
        &mut self,
        lane: usize,
        x: T,
        same: impl Fn(T, T) -> bool,
        n: usize,
        arena: &'a Bump,
    ) {
        if self.all.len() == 1 {
            if same(self.all[0], x) {
                return;
            }
            self.spread(n, arena);
        }
        if let Some(place) = self.all.get_mut(lane) {
            *place = x;
        }
    }
    pub fn shared(&self) -> Option<T> {
        match &*self.all {
            [one] => Some(*one),
            _ => None,
        }
    }
}

/// Scores a statement: adds its log densities for so many values, and writes the partial derivatives that are wanted.
pub type Kernel<'a, M> = fn(&mut Statement<'a, M>, usize, &mut [f64], &'a Bump);

/// One statement, as it is executed for each value.
pub struct Statement<'a, M: Mode> {
    /// Scores it.
    pub kernel: Kernel<'a, M>,
    /// Of a statement whose family isn't known.
    pub score: Option<Score>,
    /// Its point, or the points that share parameters.
    pub x: Numbers<'a, f64>,
    pub points: Option<(&'a [f64], usize)>,
    pub p: [Numbers<'a, f64>; MOST],
    /// Parameters that are the values of the site themselves, and these.
    pub trials: (u8, &'a [f64]),
    pub operands: [Numbers<'a, Real<M>>; MOST],
    /// Bit k: parameter k has derivatives.
    pub wanted: u8,
    pub partials: [&'a mut [f64]; MOST],
}

impl<'a, M: Mode> Statement<'a, M> {
    #[cold]
    #[inline(never)]
    pub fn note_points<T: ScalarLatent>(&mut self, x: &[T], arena: &'a Bump) {
        let numbers = arena.alloc_slice_fill_with(x.len(), |i| x[i].number());
        self.points = Some((numbers, x.as_ptr().addr()));
    }
    /// Of a statement that was executed for two values, the first and the last: room for all.
    #[cold]
    pub fn widen(&mut self, n: usize, arena: &'a Bump) {
        self.x.widen(n, arena);
        self.p.iter_mut().for_each(|p| p.widen(n, arena));
        self.operands.iter_mut().for_each(|o| o.widen(n, arena));
    }
    /// The point of value `lane`.
    #[inline(always)]
    pub fn point(&mut self, x: f64, lane: usize, n: usize, arena: &'a Bump) {
        if self.x.all.is_empty() {
            self.x = Numbers::new(x, arena);
        }
        self.x
            .set(lane, x, |a, b| a.to_bits() == b.to_bits(), n, arena);
    }
}

/// Room for the partial derivatives that are wanted.
fn make_room<'a, M: Mode>(s: &mut Statement<'a, M>, n: usize, arena: &'a Bump) {
    for k in 0..MOST {
        if s.wanted >> k & 1 == 1 {
            s.partials[k] = arena.alloc_slice_fill_copy(n, 0.0);
        }
    }
}

/// Parameter `k` of each value, or of all.
#[inline(always)]
fn parameter<'s>(p: &'s [Numbers<'_, f64>; MOST], trials: (u8, &'s [f64]), k: usize) -> &'s [f64] {
    if trials.0 >> k & 1 == 1 {
        trials.1
    } else {
        &*p[k].all
    }
}

/// Points that share parameters.
pub fn by_points<'a, M: Mode, F: Family<P>, const P: usize>(
    s: &mut Statement<'a, M>,
    n: usize,
    terms: &mut [f64],
    arena: &'a Bump,
) {
    let points = s.points.map_or(&[][..], |p| p.0);
    rows::<M, F, P>(s, points, n, terms, arena);
}

fn rows<'a, M: Mode, F: Family<P>, const P: usize>(
    s: &mut Statement<'a, M>,
    points: &[f64],
    n: usize,
    terms: &mut [f64],
    arena: &'a Bump,
) {
    make_room(s, n, arena);
    let p: [&[f64]; P] = std::array::from_fn(|k| parameter(&s.p, s.trials, k));
    let mut rows = s.partials.each_mut().map(|row| &mut **row).into_iter();
    let mut partials = std::array::from_fn(|_| rows.next().unwrap_or_default());
    if M::GRADIENT {
        F::rows::<true>(points, &p, terms, &mut partials);
    } else {
        F::rows::<false>(points, &p, terms, &mut partials);
    }
}

/// A point of a family.
pub fn by_family<'a, M: Mode, F: Family<P>, const P: usize>(
    s: &mut Statement<'a, M>,
    n: usize,
    terms: &mut [f64],
    arena: &'a Bump,
) {
    if let Some(x) = s.x.shared() {
        return rows::<M, F, P>(s, &[x], n, terms, arena);
    }
    let alike = s.p[..P].iter().all(|p| p.shared().is_some());
    if !alike {
        return in_blocks(s, n, terms, arena, |m, columns| {
            if M::GRADIENT {
                collect::score::<F, P, true>(m, columns);
            } else {
                collect::score::<F, P, false>(m, columns);
            }
        });
    }
    let p: [f64; P] = std::array::from_fn(|k| s.p[k].all[0]);
    if s.wanted == 0 {
        let mut nothing = [(); P].map(|()| &mut [][..]);
        return F::column::<false>(s.x.all, &p, terms, &mut nothing);
    }
    // The kernel wants room for all derivatives.
    let mut rows = [(); P].map(|()| arena.alloc_slice_fill_copy(n, 0.0));
    let mut partials = rows.each_mut().map(|row| &mut **row);
    F::column::<true>(s.x.all, &p, terms, &mut partials);
    for (to, row) in s.partials.iter_mut().zip(rows) {
        *to = row;
    }
}

/// A point of a family of which only its score is known.
pub fn by_score<'a, M: Mode>(
    s: &mut Statement<'a, M>,
    n: usize,
    terms: &mut [f64],
    arena: &'a Bump,
) {
    if let Some(score) = s.score {
        in_blocks(s, n, terms, arena, score);
    }
}

fn in_blocks<'a, M: Mode>(
    s: &mut Statement<'a, M>,
    n: usize,
    terms: &mut [f64],
    arena: &'a Bump,
    score: impl Fn(usize, &mut Columns),
) {
    make_room(s, n, arena);
    let mut columns = Columns::new();
    for from in (0..n).step_by(LANES) {
        let m = (n - from).min(LANES);
        let fill = |to: &mut [f64; LANES], numbers: &[f64]| match *numbers {
            [one] => to.fill(one),
            _ => to[..m].copy_from_slice(&numbers[from..from + m]),
        };
        fill(&mut columns.x, s.x.all);
        for (k, to) in columns.p.iter_mut().enumerate() {
            fill(to, parameter(&s.p, s.trials, k));
        }
        score(m, &mut columns);
        for (term, value) in terms[from..from + m].iter_mut().zip(&columns.values) {
            *term += value;
        }
        for (row, by) in s.partials.iter_mut().zip(&columns.partials) {
            if !row.is_empty() {
                row[from..from + m].copy_from_slice(&by[..m]);
            }
        }
    }
}
