//! Which values the enumerated sites of the present execution have: the digits of an odometer.

/// One enumerated site: its value and how many it has.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Digit {
    value: usize,
    size: usize,
}

/// The digits of all sums under way, the outermost first. An inner sum owns the digits from `base` on.
#[derive(Debug, Default)]
pub struct Digits {
    digits: Vec<Digit>,
    at: usize,
    base: usize,
    differ: bool,
}

/// What an inner sum has to put back.
#[derive(Copy, Clone)]
pub struct Outer {
    at: usize,
    base: usize,
}

impl Digits {
    /// Forgets all sums.
    #[inline]
    pub fn clear(&mut self) {
        self.digits.clear();
        (self.at, self.base) = (0, 0);
    }
    /// Begins an inner sum.
    #[inline]
    pub fn open(&mut self) -> Outer {
        let outer = Outer {
            at: self.at,
            base: self.base,
        };
        self.base = self.digits.len();
        self.at = self.base;
        outer
    }
    /// Ends it.
    #[inline]
    pub fn close(&mut self, outer: Outer) {
        self.digits.truncate(self.base);
        (self.at, self.base) = (outer.at, outer.base);
    }
    /// Begins an execution of the inner sum.
    #[inline]
    pub fn restart(&mut self) {
        self.at = self.base;
    }
    /// The value of the next enumerated site, which has `size` values.
    #[inline]
    pub fn next(&mut self, size: usize) -> usize {
        if self.at == self.digits.len() {
            self.digits.push(Digit { value: 0, size });
        }
        let digit = self.digits[self.at];
        self.differ |= digit.size != size;
        self.at += 1;
        digit.value
    }
    /// Whether the execution that just ended had the same sites as the first one with these values, `len` of them.
    #[inline]
    pub fn alike(&mut self, len: usize) -> bool {
        let differ = std::mem::take(&mut self.differ);
        !differ && self.digits.len() == len && self.at == len
    }
    /// The number of sites of the present execution so far.
    #[inline]
    pub fn so_far(&self) -> usize {
        self.at
    }
    /// The number of sites so far.
    #[inline]
    pub fn len(&self) -> usize {
        self.digits.len()
    }
    /// Moves on to the next combination; false after the last. Which sites there are may depend on the values.
    #[inline]
    pub fn advance(&mut self) -> bool {
        self.digits.truncate(self.at);
        while self.digits.len() > self.base {
            let last = self.digits.len() - 1;
            let d = &mut self.digits[last];
            d.value += 1;
            if d.value < d.size {
                return true;
            }
            self.digits.pop();
        }
        false
    }
    /// Whether the inner sum has sites.
    pub fn any(&self) -> bool {
        self.digits.len() > self.base
    }
    /// The values of the inner sum.
    pub fn values(&self) -> Vec<(usize, usize)> {
        self.digits[self.base..]
            .iter()
            .map(|d| (d.value, d.size))
            .collect()
    }
    /// Appends them.
    pub fn append(&self, to: &mut Vec<(usize, usize)>) {
        to.extend(self.digits[self.base..].iter().map(|d| (d.value, d.size)));
    }
    /// The number of sites of the present execution of the inner sum so far.
    pub fn position(&self) -> usize {
        self.at - self.base
    }
    /// Fixes the values of the inner sum.
    pub fn fix(&mut self, values: &[(usize, usize)]) {
        self.digits.truncate(self.base);
        self.digits
            .extend(values.iter().map(|&(value, size)| Digit { value, size }));
        self.at = self.base;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odometer_goes_through_dependent_sites_once() {
        let mut d = Digits::default();
        let outer = d.open();
        let mut seen = Vec::new();
        loop {
            d.restart();
            let a = d.next(3);
            let b = if a == 1 { Some(d.next(2)) } else { None };
            seen.push((a, b));
            if !d.advance() {
                break;
            }
        }
        d.close(outer);
        assert_eq!(seen, [(0, None), (1, Some(0)), (1, Some(1)), (2, None)]);
        assert_eq!(d.values(), []);
    }
}
