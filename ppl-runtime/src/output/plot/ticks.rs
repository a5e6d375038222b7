//! Where an axis has its ticks, and what they say.

/// Round numbers between `low` and `high`, about `count` of them, with their labels.
pub(super) fn ticks(low: f64, high: f64, count: usize) -> Vec<(f64, String)> {
    let span = high - low;
    if !(span > 0.0 && span.is_finite()) {
        return Vec::new();
    }
    let rough = span / count.max(1) as f64;
    let power = 10f64.powi(rough.log10().floor() as i32);
    let factor = match rough / power {
        f if f < 1.4 => 1.0,
        f if f < 3.2 => 2.0,
        f if f < 7.1 => 5.0,
        _ => 10.0,
    };
    let step = factor * power;
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    let largest = low.abs().max(high.abs());
    (first..=last)
        .take(50)
        .map(|k| (k as f64 * step, label(k as f64 * step, step, largest)))
        .collect()
}

fn label(x: f64, step: f64, largest: f64) -> String {
    let text = if x == 0.0 {
        "0".to_owned()
    } else if !(1e-3..1e5).contains(&largest) {
        let digits = (x.abs().log10().floor() - (step * 1.000_001).log10().floor()).clamp(0.0, 6.0);
        format!("{x:.*e}", digits as usize)
    } else {
        let decimals = (-(step * 1.000_001).log10().floor()).clamp(0.0, 9.0);
        format!("{x:.*}", decimals as usize)
    };
    text.replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, count: usize) -> Vec<String> {
        ticks(low, high, count).into_iter().map(|t| t.1).collect()
    }

    #[test]
    fn round_numbers() {
        assert_eq!(
            labels(-0.1, 1.05, 5),
            ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        assert_eq!(labels(-3.0, 3.0, 3), ["−2", "0", "2"]);
        assert_eq!(labels(0.0, 4e6, 4), ["0", "1e6", "2e6", "3e6", "4e6"]);
        assert_eq!(labels(1e-7, 2.1e-7, 2), ["1.0e−7", "1.5e−7", "2.0e−7"]);
        assert!(labels(1.0, 1.0, 4).is_empty());
        assert!(labels(f64::NAN, 1.0, 4).is_empty());
    }
}
