//! Sums of products, in lanes that the compiler can put side by side. The order of summation is fixed.
//!
//! What is inlined always becomes a part of functions that are compiled for the machine.

use crate::real::kernels::dispatch_plain;

const LANES: usize = 4;

/// Σ a_i b_i.
#[inline(always)]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (&a[..n], &b[..n]);
    let mut lanes = [0.0; LANES];
    let (xs, ys) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = xs.remainder().iter().zip(ys.remainder());
    for (x, y) in xs.zip(ys) {
        for k in 0..LANES {
            lanes[k] += x[k] * y[k];
        }
    }
    rest.fold(total(lanes), |sum, (x, y)| sum + x * y)
}

/// y_i += c x_i.
#[inline(always)]
pub(super) fn add_scaled(y: &mut [f64], c: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += c * x;
    }
}

/// Σ_j columns\[j\] x_j for so many rows from one on, which stay in registers.
#[inline(always)]
fn some_rows<const ROWS: usize>(columns: &[f64], x: &[f64], y: &mut [f64], from: usize) {
    let mut sums = [0.0; ROWS];
    for (column, x) in columns.chunks_exact(y.len()).zip(x) {
        let column = &column[from..from + ROWS];
        for k in 0..ROWS {
            sums[k] += x * column[k];
        }
    }
    y[from..from + ROWS].copy_from_slice(&sums);
}

/// y = Σ_j columns\[j\] x_j.
#[inline(always)]
pub(super) fn matrix_times(columns: &[f64], x: &[f64], y: &mut [f64]) {
    let (mut from, n) = (0, y.len());
    while n - from >= 32 {
        some_rows::<32>(columns, x, y, from);
        from += 32;
    }
    if n - from >= 16 {
        some_rows::<16>(columns, x, y, from);
        from += 16;
    }
    if n - from >= 8 {
        some_rows::<8>(columns, x, y, from);
        from += 8;
    }
    if n - from >= 4 {
        some_rows::<4>(columns, x, y, from);
        from += 4;
    }
    if n - from >= 2 {
        some_rows::<2>(columns, x, y, from);
        from += 2;
    }
    if n > from {
        some_rows::<1>(columns, x, y, from);
    }
}

#[inline(always)]
fn pair_moves_on_body(
    sum: &mut [f64],
    [first_p, first_v]: [&[f64]; 2],
    [second_p, second_v]: [&[f64]; 2],
) -> bool {
    for ((s, a), b) in sum.iter_mut().zip(first_p).zip(second_p) {
        *s = a + b;
    }
    (dot(sum, first_v) > 0.0) & (dot(sum, second_v) > 0.0)
}

dispatch_plain! {
    /// Of two points with their momenta and velocities: the sum of the momenta, and whether the way from one to the other
    /// does not turn back.
    pub(super) fn pair_moves_on = pair_moves_on_body(
        sum: &mut [f64], first: [&[f64]; 2], second: [&[f64]; 2]
    ) -> bool;
}

#[inline(always)]
fn joint_moves_on_body(joint: Joint<'_>) -> bool {
    joint.moves_on()
}

dispatch_plain! {
    /// Whether a trajectory of two parts does not turn back; the sum of the first part's momenta becomes that of both.
    pub(super) fn joint_moves_on = joint_moves_on_body(joint: Joint<'_>) -> bool;
}

/// The momenta and velocities at the four ends of two trajectories that follow each other, and the sums of their
/// momenta.
pub(super) struct Joint<'a> {
    pub first_sum: &'a mut [f64],
    pub second_sum: &'a [f64],
    pub first_begin_v: &'a [f64],
    pub first_end_p: &'a [f64],
    pub first_end_v: &'a [f64],
    pub second_begin_p: &'a [f64],
    pub second_begin_v: &'a [f64],
    pub second_end_v: &'a [f64],
}

impl Joint<'_> {
    /// Whether neither the whole, nor either part with the first point of the other, turns back: ρ·v > 0 at both ends
    /// of each, with ρ the sum of its momenta (Betancourt 2017, appendix A.4.2; the partial ones since Stan 2.21).
    #[inline(always)]
    fn moves_on(self) -> bool {
        let n = self.first_sum.len();
        let a = &mut self.first_sum[..n];
        let b = &self.second_sum[..n];
        let v1 = &self.first_begin_v[..n];
        let p2 = &self.first_end_p[..n];
        let v2 = &self.first_end_v[..n];
        let p3 = &self.second_begin_p[..n];
        let v3 = &self.second_begin_v[..n];
        let v4 = &self.second_end_v[..n];
        let mut lanes = [[0.0; LANES]; 6];
        let whole = n - n % LANES;
        for i in (0..whole).step_by(LANES) {
            let block = |x: &[f64]| -> [f64; LANES] { std::array::from_fn(|k| x[i + k]) };
            let sum = &mut a[i..i + LANES];
            let (b, p2, p3) = (block(b), block(p2), block(p3));
            let (v1, v2, v3, v4) = (block(v1), block(v2), block(v3), block(v4));
            for k in 0..LANES {
                let (all, early, late) = (sum[k] + b[k], sum[k] + p3[k], b[k] + p2[k]);
                sum[k] = all;
                lanes[0][k] += all * v1[k];
                lanes[1][k] += all * v4[k];
                lanes[2][k] += early * v1[k];
                lanes[3][k] += early * v3[k];
                lanes[4][k] += late * v2[k];
                lanes[5][k] += late * v4[k];
            }
        }
        for i in whole..n {
            let (all, early, late) = (a[i] + b[i], a[i] + p3[i], b[i] + p2[i]);
            a[i] = all;
            lanes[0][0] += all * v1[i];
            lanes[1][0] += all * v4[i];
            lanes[2][0] += early * v1[i];
            lanes[3][0] += early * v3[i];
            lanes[4][0] += late * v2[i];
            lanes[5][0] += late * v4[i];
        }
        lanes.into_iter().fold(true, |on, l| on & (total(l) > 0.0))
    }
}

#[inline(always)]
fn total(lanes: [f64; LANES]) -> f64 {
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}
