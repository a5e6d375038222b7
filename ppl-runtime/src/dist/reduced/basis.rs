//! Rows of a matrix that all rows are combinations of.

/// The rows of a basis, and each row as a combination of them.
pub(super) struct Basis {
    /// In order of choice.
    pub pivots: Vec<usize>,
    /// By rows.
    pub weights: Vec<f64>,
}

/// Below this a remainder is rounding error, where columns are about 1.
const NOTHING: f64 = 2e-14;

/// A basis of at most `most` rows of a matrix of `p` columns, the longest remainders first (Gram–Schmidt with pivots), so that
/// weights stay small.
pub(super) fn of(rows: &[f64], p: usize, most: usize) -> Option<Basis> {
    let n = rows.len() / p.max(1);
    // By powers of two, which is exact.
    let scales: Vec<f64> = (0..p)
        .map(|j| {
            let top = (0..n).fold(0.0, |top: f64, i| top.max(rows[i * p + j].abs()));
            if top > 0.0 {
                top.log2().floor().exp2().recip()
            } else {
                1.0
            }
        })
        .collect();
    let scaled: Vec<f64> = rows
        .iter()
        .enumerate()
        .map(|(k, x)| x * scales[k % p])
        .collect();
    if scaled.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let mut rest = scaled.clone();
    let (mut directions, mut pivots) = (Vec::<Vec<f64>>::new(), Vec::new());
    loop {
        let (mut longest, mut at) = (0.0, 0);
        for (i, row) in rest.chunks_exact(p).enumerate() {
            let square = dot(row, row);
            if square > longest {
                (longest, at) = (square, i);
            }
        }
        if longest.sqrt() <= NOTHING * (p as f64).sqrt() {
            break;
        }
        if pivots.len() == most {
            return None;
        }
        let mut q = rest[at * p..(at + 1) * p].to_vec();
        for before in &directions {
            let c = dot(&q, before);
            q.iter_mut().zip(before).for_each(|(q, b)| *q -= c * b);
        }
        let length = dot(&q, &q).sqrt();
        q.iter_mut().for_each(|q| *q /= length);
        for row in rest.chunks_exact_mut(p) {
            let c = dot(row, &q);
            row.iter_mut().zip(&q).for_each(|(x, q)| *x -= c * q);
        }
        rest[at * p..(at + 1) * p].fill(0.0);
        directions.push(q);
        pivots.push(at);
    }
    let r = pivots.len();
    // Components of the pivots: that of the k-th along later directions is nothing.
    let row = |i: usize| &scaled[i * p..(i + 1) * p];
    let components: Vec<f64> = (0..r * r)
        .map(|k| dot(&directions[k / r], row(pivots[k % r])))
        .collect();
    let mut weights = vec![0.0; n * r];
    let mut remainder = vec![0.0; p];
    for i in 0..n {
        let own = &mut weights[i * r..(i + 1) * r];
        if let Some(k) = pivots.iter().position(|pivot| *pivot == i) {
            own[k] = 1.0;
            continue;
        }
        // The second time for what rounding left.
        for _ in 0..2 {
            left(row(i), own, |k| row(pivots[k]), &mut remainder);
            let mut more: Vec<f64> = directions.iter().map(|q| dot(q, &remainder)).collect();
            for k in (0..r).rev() {
                let later: f64 = (k + 1..r).map(|l| components[k * r + l] * more[l]).sum();
                more[k] = (more[k] - later) / components[k * r + k];
            }
            own.iter_mut().zip(&more).for_each(|(w, m)| *w += m);
        }
        left(row(i), own, |k| row(pivots[k]), &mut remainder);
        let reach = 1.0 + own.iter().map(|w| w.abs()).sum::<f64>();
        if remainder.iter().any(|x| x.abs() > 4.0 * NOTHING * reach) || reach > 1e3 {
            return None;
        }
    }
    Some(Basis { pivots, weights })
}

/// What a combination of the pivots leaves of a row.
fn left<'p>(row: &[f64], weights: &[f64], pivot: impl Fn(usize) -> &'p [f64], out: &mut [f64]) {
    out.copy_from_slice(row);
    for (k, w) in weights.iter().enumerate() {
        out.iter_mut().zip(pivot(k)).for_each(|(x, p)| *x -= w * p);
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
