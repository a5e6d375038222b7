//! Annealing in cycles.

/// How much of the attraction is in force at a step: in each cycle but the last it rises from 0 to 1 as a power, so
/// that particles spread and then settle; in the last it is 1 (D'Angelo & Fortuin 2021, eq. 4). Of a single cycle
/// the first half rises and the second is at 1.
///
/// ```
/// use ppl_runtime::infer::stein::Annealing;
/// let annealing = Annealing { cycles: 4, speed: 2.0 };
/// assert!((annealing.at(4, 40) - 0.25).abs() < 1e-15); // (5/10)²
/// assert_eq!(annealing.at(9, 40), 1.0);
/// assert_eq!(annealing.at(35, 40), 1.0); // the last cycle
/// ```
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Annealing {
    /// Number of cycles.
    pub cycles: u64,
    /// The power: the higher, the longer particles repel each other alone.
    pub speed: f64,
}

impl Default for Annealing {
    /// Ten cycles, tenth power.
    fn default() -> Self {
        Annealing {
            cycles: 10,
            speed: 10.0,
        }
    }
}

impl Annealing {
    /// The part of the attraction in force at `step` of `steps`; 1 beyond them.
    pub fn at(&self, step: u64, steps: u64) -> f64 {
        let rising = if self.cycles == 1 {
            steps / 2
        } else {
            let cycle = steps / self.cycles.max(1);
            cycle * (self.cycles.max(1) - 1)
        };
        if step >= rising {
            return 1.0;
        }
        let cycle = if self.cycles == 1 {
            rising
        } else {
            steps / self.cycles
        };
        ((step % cycle + 1) as f64 / cycle as f64).powf(self.speed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_above_one() {
        for cycles in [1, 2, 3, 10, 1000] {
            for steps in [0, 1, 7, 100, 1001] {
                let annealing = Annealing { cycles, speed: 3.0 };
                for step in 0..2 * steps + 2 {
                    let part = annealing.at(step, steps);
                    assert!(part > 0.0 && part <= 1.0, "{cycles} {steps} {step} {part}");
                }
                assert_eq!(annealing.at(steps, steps), 1.0);
                assert_eq!(annealing.at(10 * steps + 1, steps), 1.0);
            }
        }
    }

    #[test]
    fn one_cycle_rises_and_stays() {
        let annealing = Annealing {
            cycles: 1,
            speed: 1.0,
        };
        let found = [0, 2, 4, 5, 9, 100].map(|s| annealing.at(s, 10));
        assert_eq!(found, [0.2, 0.6, 1.0, 1.0, 1.0, 1.0]);
    }
}
