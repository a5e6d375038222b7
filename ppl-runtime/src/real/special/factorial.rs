//! Logarithms of factorials, from a table.

/// Factorials of counts below this are in the table.
pub const FACTORIALS: usize = 2048;

/// ln k! in two parts: a multiple of 2⁻³⁰, and the rest, below 2⁻³⁰. Sums of a few hundred first parts are exact, so that
/// ln of a product and quotient of factorials has one rounding, whatever cancels.
///
/// Made of ln(k/(k − 1)) = 2 artanh(1/(2k − 1)) by its series, in whole multiples of 2⁻⁹⁰.
pub static LN_FACTORIALS: [[f64; FACTORIALS]; 2] = {
    const ONE: i128 = 1 << 90;
    let mut table = [[0.0; FACTORIALS]; 2];
    let (mut ln_k, mut ln_factorial, mut k) = (0, 0, 2);
    while k < FACTORIALS {
        let by = 2 * k as i128 - 1;
        let (mut power, mut i) = (2 * ONE / by, 1);
        while power > 0 {
            ln_k += power / i;
            power /= by * by;
            i += 2;
        }
        ln_factorial += ln_k;
        let first = ln_factorial >> 60;
        table[0][k] = first as f64 / (1_u64 << 30) as f64;
        table[1][k] = (ln_factorial - (first << 60)) as f64 / ONE as f64;
        k += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::real::special::ln_gamma;

    #[test]
    fn logarithms_of_factorials_are_those_of_the_gamma_function() {
        let [firsts, rests] = &LN_FACTORIALS;
        for (k, (first, rest)) in firsts.iter().zip(rests).enumerate() {
            let exact = ln_gamma(k as f64 + 1.0);
            assert!(
                (first + rest - exact).abs() <= 4e-15 * exact.max(1.0),
                "{k}"
            );
            assert!((0.0..2f64.powi(-30)).contains(rest));
            assert_eq!((first * 2f64.powi(30)).fract(), 0.0);
        }
        // To more digits than one number has: ln 2 is 0.69314718055994530941723212145818.
        let two = LN_FACTORIALS[0][2] * 2f64.powi(30);
        assert_eq!(two, 744_261_117.0);
        assert!((LN_FACTORIALS[1][2] * 2f64.powi(30) - 0.954_893_017_873_903).abs() < 1e-12);
    }
}
