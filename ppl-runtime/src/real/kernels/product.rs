//! The product of two matrices: a layer of a network for many rows at once, and its adjoints.

use super::elementary::fma;

/// A matrix in a slice: element (i, j) is at i·`by_row` + j·`by_column`.
#[derive(Copy, Clone, Debug)]
pub struct Strided<'a> {
    /// The elements.
    pub numbers: &'a [f64],
    /// From a row to the next.
    pub by_row: usize,
    /// From a column to the next.
    pub by_column: usize,
}

/// Columns that are computed together; the rows of matrices are padded to a multiple.
pub const COLUMNS: usize = 8;

/// Rows that are computed together.
const ROWS: usize = 4;

/// c += a·b for `a` of m × k, `b` of k × n and `c` of m × n by rows, n a multiple of [`COLUMNS`].
#[inline(always)]
fn body<const FUSED: bool, const WIDE: bool>(
    a: Strided<'_>,
    b: &[f64],
    c: &mut [f64],
    [m, k, n]: [usize; 3],
) {
    // With 32 registers sixteen sums are under way at once, and what is left of the columns is one tile.
    let mut j = 0;
    while WIDE && j + 4 * COLUMNS <= n {
        column::<FUSED, 4>(a, b, c, [m, k, n], j);
        j += 4 * COLUMNS;
    }
    match (n - j) / COLUMNS {
        3 if WIDE => column::<FUSED, 3>(a, b, c, [m, k, n], j),
        2 if WIDE => column::<FUSED, 2>(a, b, c, [m, k, n], j),
        _ => {
            while j + COLUMNS <= n {
                column::<FUSED, 1>(a, b, c, [m, k, n], j);
                j += COLUMNS;
            }
        }
    }
    // A last row by itself has few sums in a tile, each waiting for the one before, so its tiles are wider.
    if m % ROWS == 1 {
        let i = m - 1;
        let mut j = 0;
        while WIDE && j + 8 * COLUMNS <= n {
            tile::<FUSED, 1, 8>(a, b, c, [i, k, n], j);
            j += 8 * COLUMNS;
        }
        match (n - j) / COLUMNS {
            7 if WIDE => tile::<FUSED, 1, 7>(a, b, c, [i, k, n], j),
            _ => {
                while WIDE && j + 4 * COLUMNS <= n {
                    tile::<FUSED, 1, 4>(a, b, c, [i, k, n], j);
                    j += 4 * COLUMNS;
                }
                while j + COLUMNS <= n {
                    tile::<FUSED, 1, 1>(a, b, c, [i, k, n], j);
                    j += COLUMNS;
                }
            }
        }
    }
}

#[inline(always)]
fn column<const FUSED: bool, const W: usize>(
    a: Strided<'_>,
    b: &[f64],
    c: &mut [f64],
    [m, k, n]: [usize; 3],
    j: usize,
) {
    let whole = m - m % ROWS;
    for i in (0..whole).step_by(ROWS) {
        tile::<FUSED, ROWS, W>(a, b, c, [i, k, n], j);
    }
    match m - whole {
        2 => tile::<FUSED, 2, W>(a, b, c, [whole, k, n], j),
        3 => tile::<FUSED, 3, W>(a, b, c, [whole, k, n], j),
        _ => {}
    }
}

/// Adds to `M` rows of c, and to `W` times [`COLUMNS`] of its columns.
#[inline(always)]
fn tile<const FUSED: bool, const M: usize, const W: usize>(
    a: Strided<'_>,
    b: &[f64],
    c: &mut [f64],
    [i, k, n]: [usize; 3],
    j: usize,
) {
    let mut sums = [[[0.0; COLUMNS]; W]; M];
    let first = i * a.by_row;
    for (p, b) in b.chunks_exact(n).take(k).enumerate() {
        let (b, _) = b[j..].as_chunks::<COLUMNS>();
        let b: &[[f64; COLUMNS]; W] = b[..W].try_into().expect("as many columns");
        let at = first + p * a.by_column;
        for (r, sums) in sums.iter_mut().enumerate() {
            let x = a.numbers[at + r * a.by_row];
            for (sums, b) in sums.iter_mut().zip(b) {
                for l in 0..COLUMNS {
                    sums[l] = fma::<FUSED>(x, b[l], sums[l]);
                }
            }
        }
    }
    for (r, sums) in sums.iter().enumerate() {
        let sums = sums.as_flattened();
        for (c, sum) in c[(i + r) * n + j..][..W * COLUMNS].iter_mut().zip(sums) {
            *c += sum;
        }
    }
}

dispatch_wide! {
    /// c += a·b for `a` of m × k, `b` of k × n and `c` of m × n by rows, `sizes` being \[m, k, n\] and n a multiple of
    /// [`COLUMNS`].
    pub fn add_product = body(a: Strided<'_>, b: &[f64], c: &mut [f64], sizes: [usize; 3]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_of_all_shapes() {
        let wave = |i: usize| ((i * 7919 + 13) % 2003) as f64 / 1001.0 - 1.0;
        for [m, k, n] in [[1, 1, 8], [4, 3, 56], [7, 13, 48], [64, 5, 16], [3, 0, 8]] {
            for transposed in [false, true] {
                let numbers: Vec<f64> = (0..m * k).map(wave).collect();
                let (by_row, by_column) = if transposed { (1, m) } else { (k, 1) };
                let a = Strided {
                    numbers: &numbers,
                    by_row,
                    by_column,
                };
                let b: Vec<f64> = (0..k * n).map(|i| wave(3 * i + 1)).collect();
                let mut c: Vec<f64> = (0..m * n).map(|i| wave(5 * i)).collect();
                let mut want = c.clone();
                for i in 0..m {
                    for j in 0..n {
                        for p in 0..k {
                            want[i * n + j] += numbers[i * by_row + p * by_column] * b[p * n + j];
                        }
                    }
                }
                add_product(a, &b, &mut c, [m, k, n]);
                for (c, want) in c.iter().zip(&want) {
                    assert!((c - want).abs() <= 1e-14 * (1.0 + want.abs()) * k.max(1) as f64);
                }
            }
        }
    }
}
