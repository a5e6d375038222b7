//! The diagnostics of a summary's row, which share the order of the draws: sorting costs more than all else.

use super::rank::Ordered;
use super::{ess, halves, hdi, pooled, rhat, valid};

/// What orders and ranks tell of one quantity.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Diagnosis {
    /// As [`super::rhat()`] has it.
    pub(crate) r_hat: f64,
    /// As [`super::ess_bulk`] has it.
    pub(crate) ess_bulk: f64,
    /// As [`super::ess_tail`] has it.
    pub(crate) ess_tail: f64,
    /// As [`super::hdi()`] has it.
    pub(crate) hdi: (f64, f64),
}

impl Diagnosis {
    /// Of chains, and the highest-density interval of this probability, which lies in (0, 1).
    pub(crate) fn of<C: AsRef<[f64]>>(chains: &[C], probability: f64) -> Self {
        let all = pooled(chains);
        if !valid(chains) {
            return Diagnosis {
                r_hat: f64::NAN,
                ess_bulk: f64::NAN,
                ess_tail: f64::NAN,
                hdi: hdi(&all, probability),
            };
        }
        let len = chains[0].as_ref().len();
        let ordered = Ordered::new(&all);
        let (r_hat, scores) = if len % 2 == 0 {
            rhat::of_ordered(&ordered, len / 2)
        } else {
            let split: Vec<f64> = halves(&all, len).flatten().copied().collect();
            rhat::of_ordered(&Ordered::new(&split), len / 2)
        };
        Diagnosis {
            r_hat,
            ess_bulk: ess::effective_size(scores, len / 2),
            ess_tail: ess::tail_of_sorted(chains, ordered.values()),
            hdi: hdi::of_sorted(ordered.values(), probability),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ess_bulk, ess_tail, hdi, rhat};
    use super::*;

    #[test]
    fn is_what_each_says_alone() {
        for n in [3, 4, 7, 250, 251] {
            let chain = |c: usize| -> Vec<f64> {
                (0..n)
                    .map(|t| {
                        (0.3 * t as f64).sin() + ((t * 7919 + c * 104_729) % 2003) as f64 / 999.0
                    })
                    .collect()
            };
            let chains = [chain(0), chain(1), chain(2)];
            let one = Diagnosis::of(&chains, 0.9);
            let bits = |x: f64| x.to_bits();
            assert_eq!(bits(one.r_hat), bits(rhat(&chains)));
            assert_eq!(bits(one.ess_bulk), bits(ess_bulk(&chains)));
            assert_eq!(bits(one.ess_tail), bits(ess_tail(&chains)));
            assert_eq!(one.hdi, hdi(&chains.concat(), 0.9));
        }
    }
}
