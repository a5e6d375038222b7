//! How many digits a number deserves.

/// The number of decimals that shows two significant digits of `scale`: negative where it ends before the units.
pub(super) fn two_digits(scale: f64) -> i32 {
    significant(scale, 2)
}

/// The number of decimals that shows `digits` significant digits of `scale`.
pub(super) fn significant(scale: f64, digits: i32) -> i32 {
    if scale == 0.0 || !scale.is_finite() {
        return digits;
    }
    // 0.0996 rounds to 0.10: the exponent is that of the rounded number.
    let text = format!("{:.*e}", (digits - 1) as usize, scale.abs());
    let exponent = text
        .split('e')
        .nth(1)
        .and_then(|e| e.parse().ok())
        .unwrap_or(0);
    digits - 1 - exponent
}

/// `x` with so many decimals; negative decimals round before the point. No "-0".
pub(super) fn fixed(x: f64, decimals: i32) -> String {
    if !x.is_finite() {
        return x.to_string();
    }
    let text = if decimals >= 0 {
        format!("{x:.*}", decimals as usize)
    } else {
        let unit = 10f64.powi(-decimals);
        format!("{:.0}", (x / unit).round() * unit)
    };
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_owned(),
        _ => text,
    }
}

/// `x` so that `digits` significant digits of `scale` show, with an exponent where it would be too long.
pub(super) fn to_scale(x: f64, scale: f64, digits: i32) -> String {
    if x.is_nan() {
        return "–".to_owned();
    }
    if scale.is_nan() || scale <= 0.0 {
        return short(x);
    }
    let decimals = significant(scale, digits);
    let magnitude = if x == 0.0 {
        0
    } else {
        x.abs().log10().floor() as i32
    };
    if !x.is_finite() || (decimals <= 6 && magnitude < 7) {
        return fixed(x, decimals.max(-magnitude.max(0)));
    }
    format!("{x:.*e}", (magnitude + decimals).clamp(0, 6) as usize)
}

/// `x` to six significant digits, without trailing zeros.
pub(super) fn short(x: f64) -> String {
    if !x.is_finite() {
        return x.to_string();
    }
    let text = format!("{x:.5e}");
    let rounded: f64 = text.parse().unwrap_or(x);
    if rounded == 0.0 {
        "0".to_owned()
    } else if (1e-4..1e7).contains(&rounded.abs()) {
        rounded.to_string()
    } else {
        format!("{rounded:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        assert_eq!(two_digits(0.051), 3);
        assert_eq!(two_digits(0.0996), 2);
        assert_eq!(two_digits(12.0), 0);
        assert_eq!(two_digits(1234.0), -2);
    }

    #[test]
    fn scaled_numbers() {
        assert_eq!(to_scale(1.23456, 0.5, 2), "1.23");
        assert_eq!(to_scale(-1e-9, 0.5, 2), "0.00");
        assert_eq!(to_scale(123456.0, 2000.0, 2), "123500");
        assert_eq!(to_scale(1.23456e-8, 2e-9, 2), "1.23e-8");
        assert_eq!(to_scale(1.23456e12, 2e10, 2), "1.235e12");
        assert_eq!(to_scale(3.0, 0.0, 2), "3");
        assert_eq!(short(-0.0), "0");
        assert_eq!(short(1.0 / 3.0), "0.333333");
        assert_eq!(short(1.5e-9), "1.5e-9");
        assert_eq!(to_scale(f64::NAN, 1.0, 2), "–");
    }
}
