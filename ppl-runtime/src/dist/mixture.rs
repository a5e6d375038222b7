//! Mixtures: of several distributions of one family, or of two of any families.

use super::distribution::{Combine, Distribution};
use super::operand::Operands;
use super::ordered::Quantile;
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::{Mode, Real};
use crate::support::{Bounds, constrain};
use bumpalo::Bump;

/// ln Σ e^x of some terms, with its derivatives, the shares e^(x − result).
pub(crate) fn ln_add<M: Mode, const K: usize>(terms: [Real<M>; K]) -> Real<M> {
    let value = crate::real::special::log_sum_exp(&terms.map(Real::value));
    if !M::GRADIENT || value.is_infinite() {
        return Real::constant(value);
    }
    // A term of −∞ may carry derivatives that are no numbers; its share is 0.
    Real::lift(
        value,
        terms.map(|t| {
            if t.value() == f64::NEG_INFINITY {
                (Real::constant(0.0), 0.0)
            } else {
                (t, (t.value() - value).exp())
            }
        }),
    )
}

/// The x in \[low, high\] whose tails are (u, 1 − u), by bisection to the last bit.
pub(crate) fn bisect(u: f64, low: f64, high: f64, tails: impl Fn(f64) -> (f64, f64)) -> f64 {
    let (mut a, mut b) = (low, high);
    for _ in 0..1100 {
        let x = 0.5 * a + 0.5 * b;
        if !(x > a && x < b) {
            break;
        }
        let (lower, upper) = tails(x);
        let reached = if u < 0.5 {
            lower >= u
        } else {
            upper <= 1.0 - u
        };
        if reached {
            b = x;
        } else {
            a = x;
        }
    }
    b
}

/// A mixture of K distributions of one type by weights, which need not sum to one: Σ w_k p_k(x)/Σw. From the cube it comes
/// by its own quantile: one coordinate, increasing.
///
/// On R^n its support is taken to be the whole line unless all components agree on another.
///
/// Source: McLachlan & Peel, *Finite Mixture Models* (2000), eq. 1.1.
///
/// ```
/// use ppl_runtime::dist::{Distribution, Mixture, Normal};
/// use ppl_runtime::real::{Real, Value};
/// let d = Mixture::new([1.0, 3.0], [Normal::new(0.0, 1.0), Normal::new(0.0, 1.0)]);
/// let p = Distribution::<Value, f64>::log_prob(&d, &Real::from(0.0));
/// assert!((p.value() + 0.5 * std::f64::consts::TAU.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Mixture<W, D, const K: usize> {
    weights: W,
    components: [D; K],
}

impl<W, D, const K: usize> Mixture<W, D, K> {
    /// The mixture of these components by these weights, data or latent (a simplex, say).
    pub fn new(weights: W, components: [D; K]) -> Self {
        Mixture {
            weights,
            components,
        }
    }
}
impl<W, D, const K: usize> Combine for Mixture<W, D, K> {}

/// A mixture of two distributions of any types: weight·p + (1 − weight)·q. Nested, it mixes any number.
///
/// ```
/// use ppl_runtime::dist::{Distribution, MixtureOf, Normal, StudentT};
/// use ppl_runtime::real::{Real, Value};
/// let d = MixtureOf::new(0.9, Normal::new(0.0, 1.0), StudentT::new(3.0, 0.0, 5.0));
/// assert!(Distribution::<Value, f64>::log_prob(&d, &Real::from(40.0)).value() > -15.0);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct MixtureOf<W, A, B> {
    weight: W,
    first: A,
    second: B,
}

impl<W, A, B> MixtureOf<W, A, B> {
    /// `first` with this probability, else `second`.
    pub fn new(weight: W, first: A, second: B) -> Self {
        MixtureOf {
            weight,
            first,
            second,
        }
    }
}
impl<W, A, B> Combine for MixtureOf<W, A, B> {}

fn same<M: Mode>(a: Bounds<M>, b: Bounds<M>) -> Bounds<M> {
    match (a, b) {
        (Bounds::Positive, Bounds::Positive) => Bounds::Positive,
        (Bounds::Unit, Bounds::Unit) => Bounds::Unit,
        _ => Bounds::Real,
    }
}

fn from_line<M: Mode, S: Source<M>>(bounds: Bounds<M>, source: &mut S) -> Real<M> {
    let (x, jacobian) = constrain(bounds, source.coordinate());
    if let Some(j) = jacobian {
        source.add_jacobian(j);
    }
    x
}

impl<M: Mode, W: Operands<M>, D: Quantile<M>, const K: usize> Distribution<M, f64>
    for Mixture<W, D, K>
{
    fn log_prob(&self, x: &Real<M>) -> Real<M> {
        let terms: [Real<M>; K] =
            std::array::from_fn(|k| self.weights.at(k).ln() + self.components[k].log_prob(x));
        let ln_p = ln_add(terms);
        if W::SUMS_TO_ONE {
            return ln_p;
        }
        let total: Real<M> = (0..K).map(|k| self.weights.at(k)).sum();
        ln_p - total.ln()
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> Real<M> {
        if S::UNCONSTRAINED {
            let bounds = self.components.iter().map(Quantile::bounds_of);
            return from_line(bounds.reduce(same).unwrap_or(Bounds::Real), source);
        }
        let u = source.uniform();
        let weights: [f64; K] = std::array::from_fn(|k| self.weights.at(k).value());
        let total: f64 = weights.iter().sum();
        let used = || self.components.iter().zip(weights).filter(|c| c.1 > 0.0);
        // The quantile of a mixture is between those of its components.
        let (low, high) = used().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), (d, _)| {
            let x = d.quantile_at(u);
            (a.min(x), b.max(x))
        });
        Real::constant(bisect(u, low, high, |x| {
            used().fold((0.0, 0.0), |(lower, upper), (d, w)| {
                let x = Real::constant(x);
                let w = w / total;
                (
                    lower + w * d.cdf_at(x).value(),
                    upper + w * d.survival_at(x).value(),
                )
            })
        }))
    }
    fn check(&self, report: &mut Report) {
        if let Some(n) = self.weights.len()
            && n != K
        {
            report.problem(Problem::Length {
                data: n,
                distribution: K,
            });
        }
        if W::CONSTANT {
            let weights: [f64; K] = std::array::from_fn(|k| self.weights.at(k).value());
            if let Err(invalid) = super::vector::categorical::check(&weights) {
                report.problem(Problem::Expression(format!(
                    "Mixture: the weights are {weights:?} and must be {}",
                    invalid.requirement
                )));
            }
        }
        for (k, d) in self.components.iter().enumerate() {
            report.element(k, |r| d.check(r));
        }
    }
}

impl<M: Mode, W: super::operand::Operand<M>, A: Quantile<M>, B: Quantile<M>> Distribution<M, f64>
    for MixtureOf<W, A, B>
{
    fn log_prob(&self, x: &Real<M>) -> Real<M> {
        let w = self.weight.real();
        ln_add([
            w.ln() + self.first.log_prob(x),
            (-w).ln_1p() + self.second.log_prob(x),
        ])
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> Real<M> {
        if S::UNCONSTRAINED {
            let bounds = same(self.first.bounds_of(), self.second.bounds_of());
            return from_line(bounds, source);
        }
        let (u, w) = (source.uniform(), self.weight.value());
        let (a, b) = (self.first.quantile_at(u), self.second.quantile_at(u));
        if w >= 1.0 || w <= 0.0 {
            return Real::constant(if w >= 1.0 { a } else { b });
        }
        Real::constant(bisect(u, a.min(b), a.max(b), |x| {
            let x = Real::constant(x);
            let mix = |p: Real<M>, q: Real<M>| w * p.value() + (1.0 - w) * q.value();
            (
                mix(self.first.cdf_at(x), self.second.cdf_at(x)),
                mix(self.first.survival_at(x), self.second.survival_at(x)),
            )
        }))
    }
    fn check(&self, report: &mut Report) {
        let value = self.weight.value();
        if W::CONSTANT && !(0.0..=1.0).contains(&value) {
            report.problem(Problem::Parameter {
                family: "MixtureOf",
                parameter: "weight",
                value,
                requirement: "a probability, in [0, 1]",
            });
        }
        self.first.check(report);
        self.second.check(report);
    }
}
