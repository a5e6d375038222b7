//! The recursion where every state leads to each, in order: few states, whose number the compiler knows.

use super::TINY;
use crate::real::kernels::dispatch_plain;

/// As [`Filter::steps`](super::Filter::steps); nothing where there is no kernel for as many states.
pub(super) fn steps(
    shares: &[f64],
    terms: &mut [f64],
    width: usize,
    n: usize,
    weights: &mut [f64],
    totals: &mut [f64],
) -> Option<usize> {
    Some(match weights.len() {
        2 => dense_steps::<2>(shares, terms, width, n, weights.try_into().ok(), totals),
        3 => dense_steps::<3>(shares, terms, width, n, weights.try_into().ok(), totals),
        4 => dense_steps::<4>(shares, terms, width, n, weights.try_into().ok(), totals),
        5 => dense_steps::<5>(shares, terms, width, n, weights.try_into().ok(), totals),
        6 => dense_steps::<6>(shares, terms, width, n, weights.try_into().ok(), totals),
        8 => dense_steps::<8>(shares, terms, width, n, weights.try_into().ok(), totals),
        _ => return None,
    })
}

/// As [`Filter::backward`](super::Filter::backward); false where there is no kernel for as many states.
pub(super) fn back(terms: &mut [f64], width: usize, n: usize, shares: &mut [f64]) -> bool {
    match shares.len() {
        2 => dense_back::<2>(terms, width, n, shares.try_into().ok()),
        3 => dense_back::<3>(terms, width, n, shares.try_into().ok()),
        4 => dense_back::<4>(terms, width, n, shares.try_into().ok()),
        5 => dense_back::<5>(terms, width, n, shares.try_into().ok()),
        6 => dense_back::<6>(terms, width, n, shares.try_into().ok()),
        8 => dense_back::<8>(terms, width, n, shares.try_into().ok()),
        _ => false,
    }
}

/// False where there is less to work on than `K` states have.
#[inline(always)]
fn dense_back_body<const K: usize>(
    terms: &mut [f64],
    width: usize,
    n: usize,
    shares: Option<&mut [f64; K]>,
) -> bool {
    let Some(shares) = shares else { return false };
    if terms.len() < K * K * width || n > width {
        return false;
    }
    let mut rows = terms.chunks_exact_mut(width);
    let rows: [[&mut [f64]; K]; K] =
        std::array::from_fn(|_| std::array::from_fn(|_| &mut rows.next().unwrap_or_default()[..n]));
    let mut after = *shares;
    for i in (0..n).rev() {
        let mut before = [0.0; K];
        for s in 0..K {
            for j in 0..K {
                let share = rows[s][j][i] * after[j];
                rows[s][j][i] = share;
                before[s] += share;
            }
        }
        after = before;
    }
    *shares = after;
    true
}

/// 0 where there is less to work on than `K` states have.
#[inline(always)]
fn dense_steps_body<const K: usize>(
    shares: &[f64],
    terms: &mut [f64],
    width: usize,
    n: usize,
    weights: Option<&mut [f64; K]>,
    totals: &mut [f64],
) -> usize {
    let n = n.min(width);
    let Some(weights) = weights else { return 0 };
    if shares.len() < K * K * width || terms.len() < K * K * width || totals.len() < n {
        return 0;
    }
    let shares: [[&[f64]; K]; K] =
        std::array::from_fn(|s| std::array::from_fn(|j| &shares[(s * K + j) * width..][..n]));
    let mut rows = terms.chunks_exact_mut(width);
    let terms: [[&mut [f64]; K]; K] =
        std::array::from_fn(|_| std::array::from_fn(|_| &mut rows.next().unwrap_or_default()[..n]));
    let totals = &mut totals[..n];
    for i in 0..n {
        let mut paths = [[0.0; K]; K];
        let mut next = [0.0; K];
        for s in 0..K {
            for j in 0..K {
                paths[s][j] = weights[s] * shares[s][j][i];
                next[j] += paths[s][j];
            }
        }
        let mut enough = true;
        for w in next {
            enough &= w >= TINY;
        }
        if !enough {
            return i;
        }
        // The next step would wait for a division, so that the weights are made to sum to one at times only.
        let sum: f64 = next.iter().sum();
        let (total, r) = if i % 4 == 3 || sum < 1e-60 {
            (sum, 1.0 / sum)
        } else {
            (1.0, 1.0)
        };
        totals[i] = total;
        for j in 0..K {
            weights[j] = next[j] * r;
            next[j] = 1.0 / next[j];
        }
        for s in 0..K {
            for j in 0..K {
                terms[s][j][i] = paths[s][j] * next[j];
            }
        }
    }
    n
}

dispatch_plain! {
    fn dense_back<const K: usize> =
        dense_back_body(terms: &mut [f64], width: usize, n: usize, shares: Option<&mut [f64; K]>) -> bool;
}
dispatch_plain! {
    fn dense_steps<const K: usize> = dense_steps_body(
        shares: &[f64], terms: &mut [f64], width: usize, n: usize, weights: Option<&mut [f64; K]>, totals: &mut [f64],
    ) -> usize;
}
