//! Log priors of the values of sites whose parameters are constants. They are the same in every evaluation: each thread keeps
//! the last few.

use super::counts::Counts;
use crate::dist::collect::MOST;
use crate::dist::family::Family;
use crate::real::kernels::log_sum_exp_all;
use bumpalo::Bump;
use std::cell::RefCell;

/// ln Σ e^terms. Of equal ones it needs no exponentials.
pub(super) fn log_sum(terms: &[f64], arena: &Bump) -> f64 {
    let first = terms.first().copied().unwrap_or(f64::NEG_INFINITY);
    if terms.iter().fold(true, |all, x| all & (*x == first)) {
        return first + (terms.len() as f64).ln();
    }
    log_sum_exp_all(arena.alloc_slice_copy(terms))
}

/// The log densities of `first`, `first` + 1, ..., and their log-sum-exp.
pub(super) fn prior<'a, F: Family<P>, const P: usize>(
    first: usize,
    n: usize,
    p: &[f64; P],
    arena: &'a Bump,
) -> (&'a mut [f64], f64) {
    let column: Column<P> = F::column::<false>;
    let mut bits = [0; MOST];
    for (bits, p) in bits.iter_mut().zip(p) {
        *bits = p.to_bits();
    }
    // Functions at one place in memory do the same, whatever they are called.
    let of = Of {
        column: column as usize,
        p: bits,
        first,
        n,
    };
    let known = KEPT.with_borrow(|kept| {
        let prior = kept.all.iter().find(|prior| prior.of == of)?;
        Some((arena.alloc_slice_copy(&prior.terms), prior.sum))
    });
    if let Some(known) = known {
        return known;
    }
    let x = Counts::From(first).numbers(n, arena);
    let terms = arena.alloc_slice_fill_copy(n, 0.0);
    column(x, p, terms, &mut [(); P].map(|()| &mut [][..]));
    let sum = log_sum(terms, arena);
    KEPT.with_borrow_mut(|kept| kept.keep(of, terms, sum));
    (terms, sum)
}

/// [`Family::column`].
type Column<const P: usize> = fn(&[f64], &[f64; P], &mut [f64], &mut [&mut [f64]; P]);

thread_local! {
    static KEPT: RefCell<Kept> = const { RefCell::new(Kept { all: Vec::new(), next: 0 }) };
}

/// The priors of the last few sites.
struct Kept {
    all: Vec<Prior>,
    /// Which one gives way.
    next: usize,
}

/// Sites that are remembered.
const REMEMBERED: usize = 4;

impl Kept {
    fn keep(&mut self, of: Of, terms: &[f64], sum: f64) {
        if self.all.len() < REMEMBERED {
            let terms = terms.to_vec();
            self.all.push(Prior { of, terms, sum });
            return;
        }
        let prior = &mut self.all[self.next];
        self.next = (self.next + 1) % REMEMBERED;
        (prior.of, prior.sum) = (of, sum);
        prior.terms.clear();
        prior.terms.extend_from_slice(terms);
    }
}

struct Prior {
    of: Of,
    terms: Vec<f64>,
    /// Their log-sum-exp.
    sum: f64,
}

/// Whose log densities of which values.
#[derive(PartialEq, Eq)]
struct Of {
    column: usize,
    p: [u64; MOST],
    first: usize,
    n: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::{Binomial, DiscreteUniform};

    /// Of the thread's memory, against a column that is computed now.
    fn check<F: Family<2>>(first: usize, n: usize, p: [f64; 2]) {
        let arena = Bump::new();
        let (terms, sum) = prior::<F, 2>(first, n, &p, &arena);
        let x: Vec<f64> = (0..n).map(|k| (first + k) as f64).collect();
        let mut want = vec![0.0; n];
        F::column::<false>(&x, &p, &mut want, &mut [(); 2].map(|()| &mut [][..]));
        let bits = |x: &[f64]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(terms), bits(&want));
        assert_eq!(sum.to_bits(), log_sum(&want, &arena).to_bits());
    }

    #[test]
    fn priors_that_are_kept_are_those_of_the_same_parameters() {
        for _ in 0..3 {
            for n in [4, 5, 300, 3000] {
                check::<DiscreteUniform>(2, n, [2.0, 1.0 + n as f64]);
                check::<DiscreteUniform>(3, n, [2.0, 1.0 + n as f64]);
                check::<Binomial>(0, n, [n as f64 - 1.0, 0.3]);
                check::<Binomial>(0, n, [n as f64 - 1.0, 0.4]);
                check::<Binomial>(2, n, [2.0, 1.0 + n as f64]);
                check::<Binomial>(0, n, [n as f64 - 1.0, f64::NAN]);
            }
        }
    }

    #[test]
    fn equal_terms_and_others_are_summed_alike() {
        let arena = Bump::new();
        let equal = vec![-1.5; 77];
        assert!((log_sum(&equal, &arena) - (77f64.ln() - 1.5)).abs() < 1e-15);
        let mut nearly = equal;
        nearly[0] += 1e-15;
        assert!((log_sum(&nearly, &arena) - (77f64.ln() - 1.5)).abs() < 1e-14);
        assert!(log_sum(&[f64::NAN; 4], &arena).is_nan());
        assert_eq!(log_sum(&[f64::NEG_INFINITY; 4], &arena), f64::NEG_INFINITY);
    }
}
