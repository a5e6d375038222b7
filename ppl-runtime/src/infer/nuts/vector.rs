//! Sums of products, in lanes that the compiler can put side by side. The order of summation is fixed.

const LANES: usize = 4;

/// Σ a_i b_i.
#[inline]
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
#[inline]
pub(super) fn add_scaled(y: &mut [f64], c: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += c * x;
    }
}

/// The momenta and velocities at the four ends of two trajectories that follow each other, and the sums of their
/// momenta.
pub(super) struct Joint<'a> {
    pub first_sum: &'a [f64],
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
    #[inline]
    pub(super) fn moves_on(&self) -> bool {
        let n = self.first_sum.len();
        let a = &self.first_sum[..n];
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
            let (a, b, p2, p3) = (block(a), block(b), block(p2), block(p3));
            let (v1, v2, v3, v4) = (block(v1), block(v2), block(v3), block(v4));
            for k in 0..LANES {
                let (all, early, late) = (a[k] + b[k], a[k] + p3[k], b[k] + p2[k]);
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
            lanes[0][0] += all * v1[i];
            lanes[1][0] += all * v4[i];
            lanes[2][0] += early * v1[i];
            lanes[3][0] += early * v3[i];
            lanes[4][0] += late * v2[i];
            lanes[5][0] += late * v4[i];
        }
        lanes.into_iter().all(|l| total(l) > 0.0)
    }
}

#[inline]
fn total(lanes: [f64; LANES]) -> f64 {
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}
