//! When a run ends: conditions, joined by `&` and `|`.

use super::error::NestedError;
use super::settings::rule;
use super::status::Termination;
use serde::{Deserialize, Serialize};
use std::ops::{BitAnd, BitOr};

/// When a run of the nested sampler ends.
///
/// A run climbs until what is left above cannot change ln Z by more than [`Settings::remaining_evidence`]. A condition
/// may end it earlier. If at the end of a climb the condition still lacks effective samples, precision, samples or
/// evaluations, which further points below would add, more points are drawn
/// ([`Allocation`](super::Allocation)) until it holds; what only a higher contour could fulfil is not waited for.
///
/// [`Settings::remaining_evidence`]: super::Settings::remaining_evidence
///
/// ```
/// use ppl_runtime::infer::nested::Condition;
/// let precise = Condition::EvidenceSd(0.05) & Condition::EffectiveSamples(5000.0);
/// let stop = precise | Condition::Evaluations(10_000_000);
/// assert!(matches!(stop, Condition::Any(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Condition {
    /// ln(1 + Z_live/Z), what the live points could still add to ln Z, is below this.
    RemainingEvidence(f64),
    /// Kish's effective sample size (Σw)²/Σw² has reached this.
    EffectiveSamples(f64),
    /// The standard deviation of ln Z is below this, what the live points could add included.
    EvidenceSd(f64),
    /// The run has this many points.
    Samples(usize),
    /// The likelihood has been evaluated this many times.
    Evaluations(u64),
    /// The contour has risen to this log likelihood.
    LogLikelihood(f64),
    /// Fewer points than this are found an evaluation, over the last batch.
    Efficiency(f64),
    /// The log likelihoods of the live points differ by at most `absolute + relative · |ln L_max|`.
    LikelihoodSpread {
        /// Part of |ln L_max|.
        relative: f64,
        /// In nats.
        absolute: f64,
    },
    /// X·L at the contour has fallen below this fraction of its largest value: the bulk of the posterior is passed.
    PeakMass(f64),
    /// All of them hold.
    All(Vec<Condition>),
    /// One of them holds.
    Any(Vec<Condition>),
}

/// `a & b`: both hold.
impl BitAnd for Condition {
    type Output = Condition;
    fn bitand(self, other: Condition) -> Condition {
        Condition::All(match self {
            Condition::All(mut list) => {
                list.push(other);
                list
            }
            one => vec![one, other],
        })
    }
}

/// `a | b`: one of them holds.
impl BitOr for Condition {
    type Output = Condition;
    fn bitor(self, other: Condition) -> Condition {
        Condition::Any(match self {
            Condition::Any(mut list) => {
                list.push(other);
                list
            }
            one => vec![one, other],
        })
    }
}

/// What conditions are judged by.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub remaining: f64,
    pub effective_samples: f64,
    pub evidence_sd: f64,
    pub samples: usize,
    pub evaluations: u64,
    pub log_l: f64,
    pub efficiency: f64,
    /// Smallest and largest ln L of the live points.
    pub live: (f64, f64),
    /// ln(X·L) at the contour below its largest value so far.
    pub below_peak: f64,
    /// Whether the climb is over: nothing is to be had from higher contours.
    pub climbed: bool,
}

impl Condition {
    /// Whether the condition holds; the leaves that make it hold are added to `reasons`.
    pub(super) fn holds(&self, s: &Standing, reasons: &mut Vec<Termination>) -> bool {
        use Condition as C;
        let (holds, reason) = match *self {
            C::All(ref list) => {
                let before = reasons.len();
                let all = !list.is_empty() && list.iter().all(|c| c.holds(s, reasons));
                if !all {
                    reasons.truncate(before);
                }
                return all;
            }
            C::Any(ref list) => {
                // No short cut: every reason is reported.
                return list.iter().fold(false, |any, c| c.holds(s, reasons) | any);
            }
            C::RemainingEvidence(x) => {
                (s.climbed || s.remaining < x, Termination::RemainingEvidence)
            }
            C::EffectiveSamples(n) => (s.effective_samples >= n, Termination::EffectiveSamples),
            C::EvidenceSd(sd) => (s.evidence_sd < sd, Termination::EvidenceSd),
            C::Samples(n) => (s.samples >= n, Termination::Samples),
            C::Evaluations(n) => (s.evaluations >= n, Termination::Evaluations),
            C::LogLikelihood(l) => (s.log_l >= l, Termination::LogLikelihood),
            C::Efficiency(e) => (s.efficiency < e, Termination::Efficiency),
            C::LikelihoodSpread { relative, absolute } => (
                s.live.1 - s.live.0 <= absolute + relative * s.live.1.abs(),
                Termination::LikelihoodSpread,
            ),
            C::PeakMass(fraction) => (s.below_peak < fraction.ln(), Termination::PeakMass),
        };
        if holds {
            reasons.push(reason);
            return true;
        }
        // At the top there is no higher contour that would make the difference.
        s.climbed && !self.grows_with_points()
    }

    /// Whether more points below the highest contour help to fulfil this.
    fn grows_with_points(&self) -> bool {
        matches!(
            self,
            Condition::EffectiveSamples(_)
                | Condition::EvidenceSd(_)
                | Condition::Samples(_)
                | Condition::Evaluations(_)
        )
    }

    /// Whether a part of it needs the weights of all points, which are not free.
    pub(super) fn weighs(&self) -> bool {
        match self {
            Condition::All(list) | Condition::Any(list) => list.iter().any(Condition::weighs),
            Condition::EffectiveSamples(_) | Condition::EvidenceSd(_) => true,
            _ => false,
        }
    }

    /// Whether a part of it needs the error of ln Z, which takes a simulation.
    pub(super) fn asks_for_error(&self) -> bool {
        match self {
            Condition::All(list) | Condition::Any(list) => {
                list.iter().any(Condition::asks_for_error)
            }
            Condition::EvidenceSd(_) => true,
            _ => false,
        }
    }

    /// The smallest remaining evidence that is asked for.
    pub(super) fn least_remaining(&self) -> f64 {
        match self {
            Condition::All(list) | Condition::Any(list) => list
                .iter()
                .map(Condition::least_remaining)
                .fold(f64::INFINITY, f64::min),
            Condition::RemainingEvidence(x) => *x,
            _ => f64::INFINITY,
        }
    }

    pub(super) fn check(&self) -> Result<(), NestedError> {
        let positive = |name, x: f64| {
            rule(
                x > 0.0 && x.is_finite(),
                name,
                x,
                "it must be positive and finite",
            )
        };
        match *self {
            Condition::All(ref list) | Condition::Any(ref list) => {
                rule(
                    !list.is_empty(),
                    "stop",
                    "a list of no conditions",
                    "it would never hold",
                )?;
                list.iter().try_for_each(Condition::check)
            }
            Condition::RemainingEvidence(x) => positive("RemainingEvidence", x),
            Condition::EffectiveSamples(n) => positive("EffectiveSamples", n),
            Condition::EvidenceSd(sd) => positive("EvidenceSd", sd),
            Condition::Efficiency(e) => positive("Efficiency", e),
            Condition::PeakMass(fraction) => rule(
                fraction > 0.0 && fraction < 1.0,
                "PeakMass",
                fraction,
                "it must lie in (0, 1)",
            ),
            Condition::LogLikelihood(l) => {
                rule(!l.is_nan(), "LogLikelihood", l, "it must be a number")
            }
            Condition::LikelihoodSpread { relative, absolute } => rule(
                relative >= 0.0 && absolute >= 0.0 && (relative + absolute).is_finite(),
                "LikelihoodSpread",
                format!("({relative}, {absolute})"),
                "both must be finite and not negative",
            ),
            Condition::Samples(_) | Condition::Evaluations(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing() -> Standing {
        Standing {
            remaining: 0.5,
            effective_samples: 300.0,
            evidence_sd: 0.2,
            samples: 1000,
            evaluations: 5000,
            log_l: -3.0,
            efficiency: 0.1,
            live: (-3.0, -1.0),
            below_peak: -1.0,
            climbed: false,
        }
    }

    fn reasons(condition: &Condition, s: &Standing) -> Option<Vec<Termination>> {
        let mut list = Vec::new();
        condition.holds(s, &mut list).then_some(list)
    }

    #[test]
    fn each_leaf_has_its_threshold() {
        use Condition as C;
        let spread = |relative, absolute| C::LikelihoodSpread { relative, absolute };
        let pairs = [
            (C::RemainingEvidence(0.6), C::RemainingEvidence(0.4)),
            (C::EffectiveSamples(300.0), C::EffectiveSamples(301.0)),
            (C::EvidenceSd(0.3), C::EvidenceSd(0.1)),
            (C::Samples(1000), C::Samples(1001)),
            (C::Evaluations(5000), C::Evaluations(5001)),
            (C::LogLikelihood(-3.0), C::LogLikelihood(-2.9)),
            (C::Efficiency(0.2), C::Efficiency(0.05)),
            (spread(1.0, 1.0), spread(1.0, 0.9)),
            (C::PeakMass(0.5), C::PeakMass(0.3)),
        ];
        for (yes, no) in pairs {
            assert!(reasons(&yes, &standing()).is_some(), "{yes:?}");
            assert!(reasons(&no, &standing()).is_none(), "{no:?}");
        }
    }

    #[test]
    fn and_or_combine_and_tell_the_reason() {
        use Condition as C;
        let (yes, no) = (C::Samples(10), C::EffectiveSamples(1e6));
        let also = C::LogLikelihood(-10.0);
        let s = standing();
        assert_eq!(reasons(&(yes.clone() & no.clone()), &s), None);
        let both = vec![Termination::Samples, Termination::LogLikelihood];
        assert_eq!(reasons(&(yes.clone() & also.clone()), &s), Some(both));
        let one = vec![Termination::Samples];
        assert_eq!(reasons(&(no.clone() | yes.clone()), &s), Some(one));
        // The half of an `and` that fails leaves no reason behind.
        let mixed = (yes & no) | also;
        assert_eq!(reasons(&mixed, &s), Some(vec![Termination::LogLikelihood]));
    }

    #[test]
    fn at_the_top_only_what_points_can_mend_is_waited_for() {
        use Condition as C;
        let top = Standing {
            climbed: true,
            ..standing()
        };
        let unreachable = C::LogLikelihood(1e9);
        assert_eq!(reasons(&unreachable, &top), Some(vec![]));
        assert_eq!(reasons(&C::EffectiveSamples(1e6), &top), None);
        assert_eq!(
            reasons(&(unreachable & C::EffectiveSamples(1e6)), &top),
            None
        );
    }

    #[test]
    fn senseless_conditions_are_named() {
        let bad = Condition::EvidenceSd(0.1) & Condition::PeakMass(2.0);
        assert!(bad.check().unwrap_err().to_string().contains("PeakMass"));
        assert!(Condition::Any(vec![]).check().is_err());
    }
}
