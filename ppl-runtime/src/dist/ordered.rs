//! The order statistics of independent draws.

use super::distribution::{Combine, Distribution};
use super::order_statistics;
use super::report::Report;
use super::source::Source;
use crate::real::{Mode, Real};
use crate::support::{Bounds, Ordered, OrderedAt, ordered_from_line};
use bumpalo::Bump;

/// N independent draws in increasing order. Made by `.iid().ordered()`.
///
/// The density is that of the order statistics, ln N! + Σ ln p(x\[i\]), so that it integrates to one and evidences
/// are right; reference densities (Stan's among them) often leave ln N! out. From the cube it comes by the
/// conditional distributions of uniform order statistics, never by sorting.
#[derive(Copy, Clone, Debug)]
pub struct OrderedBy<D>(pub(crate) D);

impl<D> Combine for OrderedBy<D> {}

/// What order statistics, truncation, censoring and mixtures need of the distribution of a number.
pub trait Quantile<M: Mode>: Distribution<M, f64> {
    /// The quantile of a probability.
    fn quantile_at(&self, u: f64) -> f64;
    /// The point that corresponds to an unconstrained coordinate, with its log Jacobian.
    fn on_line(&self, u: Real<M>) -> (Real<M>, Option<Real<M>>);
    /// Where the density is positive.
    fn bounds_of(&self) -> Bounds<M>;
    /// The quantile of 1 − q.
    fn quantile_upper_at(&self, q: f64) -> f64;
    /// P(X ≤ x).
    fn cdf_at(&self, x: Real<M>) -> Real<M>;
    /// P(X > x).
    fn survival_at(&self, x: Real<M>) -> Real<M>;
}

impl<M: Mode, D: Quantile<M>, const N: usize> Distribution<M, Ordered<N>> for OrderedBy<D> {
    fn log_prob(&self, x: &OrderedAt<M, N>) -> Real<M> {
        let ln_factorial: f64 = (1..=N).map(|k| (k as f64).ln()).sum();
        self.0.log_prob_iid(&x.0) + ln_factorial
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> OrderedAt<M, N> {
        if S::UNCONSTRAINED {
            let (line, jacobian) = ordered_from_line::<M, N>(|| source.coordinate());
            if let Some(j) = jacobian {
                source.add_jacobian(j);
            }
            // An increasing bijection of the support keeps the order.
            return OrderedAt(line.map(|v| {
                let (x, jacobian) = self.0.on_line(v);
                if let Some(j) = jacobian {
                    source.add_jacobian(j);
                }
                x
            }));
        }
        let u: [f64; N] = std::array::from_fn(|_| source.uniform());
        let mut v = [0.0; N];
        order_statistics::uniform(&u, &mut v);
        OrderedAt(v.map(|v| Real::constant(self.0.quantile_at(v))))
    }
    fn check(&self, report: &mut Report) {
        self.0.check(report);
    }
}
