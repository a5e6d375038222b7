//! How rows scatter around a point.

#[inline(always)]
fn scatter_body<const N: usize>(
    x: &[[f64; N]],
    centre: &[f64; N],
    sums: &mut [f64; N],
    products: &mut [[f64; N]; N],
) {
    for row in x {
        let mut d = [0.0; N];
        for j in 0..N {
            d[j] = row[j] - centre[j];
            sums[j] += d[j];
        }
        for i in 0..N {
            for j in 0..N {
                products[i][j] += d[i] * d[j];
            }
        }
    }
}

super::dispatch_plain! {
    /// Adds Σ d and Σ d dᵀ where d = row − centre.
    pub fn scatter<const N: usize> = scatter_body(
        x: &[[f64; N]], centre: &[f64; N], sums: &mut [f64; N], products: &mut [[f64; N]; N],
    );
}
