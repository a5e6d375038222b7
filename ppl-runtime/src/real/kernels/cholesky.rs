//! Factors and inverses of positive definite matrices, stored by rows.

/// row += Σ_k weights\[k\]·x\[k\]\[..row.len()\], the rows of x being `n` apart.
#[inline(always)]
fn add_rows(row: &mut [f64], weights: &[f64], x: &[f64], n: usize) {
    let m = row.len();
    let (fours, rest) = weights.as_chunks::<4>();
    for (block, w) in fours.iter().enumerate() {
        let x = &x[4 * block * n..];
        let (a, b, c, d) = (
            &x[..m],
            &x[n..n + m],
            &x[2 * n..2 * n + m],
            &x[3 * n..3 * n + m],
        );
        for j in 0..m {
            row[j] += (w[0] * a[j] + w[1] * b[j]) + (w[2] * c[j] + w[3] * d[j]);
        }
    }
    for (k, w) in rest.iter().enumerate() {
        let x = &x[(4 * fours.len() + k) * n..][..m];
        for j in 0..m {
            row[j] += w * x[j];
        }
    }
}

/// The factor is built a row at a time from its columns: row i of the transposed factor is row i of the matrix less
/// what the rows above contribute, so that every inner loop runs along a row.
#[inline(always)]
fn cholesky_body(a: &mut [f64], weights: &mut [f64], n: usize) -> bool {
    for i in 0..n {
        let (above, row) = a.split_at_mut(i * n);
        let row = &mut row[i..n];
        for (k, w) in weights[..i].iter_mut().enumerate() {
            *w = -above[k * n + i];
        }
        if i > 0 {
            add_rows(row, &weights[..i], &above[i..], n);
        }
        let pivot = row[0];
        if !(pivot > 0.0 && pivot.is_finite()) {
            return false;
        }
        let r = 1.0 / pivot.sqrt();
        for x in row {
            *x *= r;
        }
    }
    true
}

/// With U = Lᵀ of the matrix L·Lᵀ: `root` = L⁻¹ (lower, by rows), then `inverse` = L⁻ᵀ·L⁻¹.
#[inline(always)]
fn invert_body(u: &[f64], root: &mut [f64], inverse: &mut [f64], weights: &mut [f64], n: usize) {
    for i in 0..n {
        let (above, row) = root.split_at_mut(i * n);
        let row = &mut row[..n];
        row.fill(0.0);
        let r = 1.0 / u[i * n + i];
        for (k, w) in weights[..i].iter_mut().enumerate() {
            *w = -u[k * n + i] * r;
        }
        if i > 0 {
            add_rows(&mut row[..i], &weights[..i], above, n);
        }
        row[i] = r;
    }
    for i in 0..n {
        let row = &mut inverse[i * n..][..n];
        row.fill(0.0);
        for (k, w) in weights[..n - i].iter_mut().enumerate() {
            *w = root[(i + k) * n + i];
        }
        add_rows(&mut row[..=i], &weights[..n - i], &root[i * n..], n);
    }
}

/// x = U⁻ᵀ·y, forwards.
#[inline(always)]
fn solve_body(u: &[f64], x: &mut [f64], n: usize) {
    for i in 0..n {
        let row = &u[i * n..][..n];
        let value = x[i] / row[i];
        x[i] = value;
        for j in i + 1..n {
            x[j] -= value * row[j];
        }
    }
}

dispatch_plain! {
    /// The upper triangular U with A = Uᵀ·U (the transposed Cholesky factor) in place of the upper triangle of A, which
    /// alone is read. False if A is not positive definite.
    pub fn cholesky = cholesky_body(a: &mut [f64], weights: &mut [f64], n: usize) -> bool;
}
dispatch_plain! {
    /// The lower triangle of (Uᵀ·U)⁻¹, and U⁻ᵀ on the way.
    pub fn invert = invert_body(
        u: &[f64], root: &mut [f64], inverse: &mut [f64], weights: &mut [f64], n: usize,
    );
}
dispatch_plain! {
    /// U⁻ᵀ·x in place of x.
    pub fn solve_transposed = solve_body(u: &[f64], x: &mut [f64], n: usize);
}
