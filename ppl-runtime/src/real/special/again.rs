//! Logarithms of numbers that come again and again, as the scale that the steps of a walk share.

use std::cell::Cell;

/// As many as fit in a cache line or two.
const KEPT: usize = 8;

thread_local! {
    /// The bits of a number, and its logarithm.
    static LOGARITHMS: [Cell<(u64, f64)>; KEPT] =
        const { [const { Cell::new((0, f64::NEG_INFINITY)) }; KEPT] };
}

/// ln x, to the bit.
#[inline]
pub fn ln_again(x: f64) -> f64 {
    let bits = x.to_bits();
    // Numbers of few digits differ in their upper bits, others in all of them.
    let place = bits.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61;
    LOGARITHMS.with(|kept| {
        let cell = &kept[place as usize];
        let (of, ln) = cell.get();
        if of == bits {
            return ln;
        }
        let ln = x.ln();
        cell.set((bits, ln));
        ln
    })
}

#[cfg(test)]
mod tests {
    use super::ln_again;

    #[test]
    fn logarithms_are_those_of_the_library() {
        let mut x = 1e-300;
        for _ in 0..2 {
            for special in [0.0, -0.0, f64::INFINITY, 1.0, f64::MIN_POSITIVE] {
                assert_eq!(ln_again(special).to_bits(), special.ln().to_bits());
            }
            while x < 1e300 {
                for _ in 0..2 {
                    assert_eq!(ln_again(x).to_bits(), x.ln().to_bits());
                }
                x *= 1.7;
            }
            x = 1e-300;
        }
        assert!(ln_again(f64::NAN).is_nan() && ln_again(-1.0).is_nan());
    }
}
