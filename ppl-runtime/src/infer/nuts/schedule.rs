//! Which transitions of a warm-up learn the metric.

/// Stan's three phases: a fast one that finds the typical set, windows of doubling length that learn the metric,
/// and a fast one that settles the step size (Stan reference manual, "HMC algorithm parameters").
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Schedule {
    /// Where the first window begins.
    pub(super) start: usize,
    /// Where each window ends, and the next begins.
    pub(super) ends: Vec<usize>,
}

const FIRST: usize = 75;
const WINDOW: usize = 25;
const LAST: usize = 50;
/// Shorter warm-ups learn the step size alone.
const SHORTEST: usize = 20;

impl Schedule {
    pub(super) fn new(warmup: usize) -> Self {
        if warmup < SHORTEST {
            return Schedule {
                start: warmup,
                ends: Vec::new(),
            };
        }
        let (start, mut size, last) = if FIRST + WINDOW + LAST > warmup {
            let (first, last) = (warmup * 15 / 100, warmup / 10);
            (first, warmup - first - last, last)
        } else {
            (FIRST, WINDOW, LAST)
        };
        let limit = warmup - last;
        let (mut ends, mut at) = (Vec::new(), start);
        while at < limit {
            // A window that would leave less than its successor's length takes the rest as well.
            at = if at + 3 * size > limit {
                limit
            } else {
                at + size
            };
            ends.push(at);
            size *= 2;
        }
        Schedule { start, ends }
    }
    /// Whether the transition of this number belongs to a window.
    pub(super) fn learns(&self, t: usize) -> bool {
        t >= self.start && self.ends.last().is_some_and(|&end| t < end)
    }
    /// Whether it is the last of a window.
    pub(super) fn closes(&self, t: usize) -> bool {
        self.ends.contains(&(t + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_double() {
        assert_eq!(
            Schedule::new(1000),
            Schedule {
                start: 75,
                ends: vec![100, 150, 250, 450, 950]
            }
        );
        assert_eq!(
            Schedule::new(150),
            Schedule {
                start: 75,
                ends: vec![100]
            }
        );
        assert_eq!(
            Schedule::new(200),
            Schedule {
                start: 75,
                ends: vec![100, 150]
            }
        );
    }

    #[test]
    fn short_warmups_are_scaled() {
        assert_eq!(
            Schedule::new(100),
            Schedule {
                start: 15,
                ends: vec![90]
            }
        );
        assert_eq!(
            Schedule::new(20),
            Schedule {
                start: 3,
                ends: vec![18]
            }
        );
        assert_eq!(
            Schedule::new(19),
            Schedule {
                start: 19,
                ends: vec![]
            }
        );
        assert!(!Schedule::new(0).learns(0) && !Schedule::new(0).closes(0));
    }
}
