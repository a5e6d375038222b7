//! The Dirichlet distribution in every mode.

use super::beta::Beta;
use super::distribution::{Combine, Distribution};
use super::operand::Operands;
use super::report::{Problem, Report};
use super::source::{Source, on_line};
use super::vector::dirichlet as plain;
use crate::real::{Lift, Mode, Real};
use crate::support::{Simplex, SimplexAt, simplex_from_line};
use bumpalo::Bump;

/// Dirichlet distribution over the simplex: p(x) = Γ(Σα)/ΠΓ(α_i) · Π x_i^(α_i − 1), by its concentrations.
///
/// From the cube it comes by its conditionals, which are beta distributions of what is left.
///
/// Source: Kotz, Balakrishnan & Johnson, *Continuous Multivariate Distributions* 1 (2000), ch. 49.
///
/// ```
/// use ppl_runtime::dist::{Dirichlet, Distribution};
/// use ppl_runtime::real::{Real, Value};
/// use ppl_runtime::support::{Simplex, SimplexAt};
/// let x = SimplexAt::<Value, 3>([0.2, 0.3, 0.5].map(Real::from));
/// let p = Distribution::<Value, Simplex<3>>::log_prob(&Dirichlet::symmetric(1.0), &x);
/// assert!((p.value() - 2f64.ln()).abs() < 1e-15);
/// ```
#[derive(Copy, Clone, Debug)]
pub struct Dirichlet<A> {
    concentration: A,
}

impl<A> Dirichlet<A> {
    /// By a vector of concentrations, data or latent.
    pub fn new(concentration: A) -> Self {
        Dirichlet { concentration }
    }
    /// All concentrations alike.
    pub fn symmetric(concentration: A) -> Self {
        Dirichlet { concentration }
    }
}

impl<A> Combine for Dirichlet<A> {}

impl<M: Mode, A: Operands<M>, const N: usize> Distribution<M, Simplex<N>> for Dirichlet<A> {
    fn log_prob(&self, x: &SimplexAt<M, N>) -> Real<M> {
        let mut alpha = [0.0; N];
        self.concentration.fill(0, &mut alpha);
        let point = x.map(|v| v.value());
        if !M::GRADIENT {
            return Real::constant(plain::log_density(&point, &alpha));
        }
        let (mut by_x, mut by_alpha) = ([0.0; N], [0.0; N]);
        let value = plain::partials(&point, &alpha, &mut by_x, &mut by_alpha);
        let mut lift = M::Lift::begin();
        lift.push_all(&x.0, &by_x);
        if !A::CONSTANT {
            self.concentration.push(0, &by_alpha, &mut lift);
        }
        lift.finish(value)
    }
    fn draw<S: Source<M>>(&self, source: &mut S, _: &Bump) -> SimplexAt<M, N> {
        if on_line::<M, S>(source) {
            let (x, jacobian) = simplex_from_line::<M, N>(|| source.coordinate());
            if let Some(j) = jacobian {
                source.add_jacobian(j);
            }
            return SimplexAt(x);
        }
        if S::UNCONSTRAINED {
            // Draws that move with the concentrations: beta shares of what is left, one after the other.
            let mut left = Real::constant(1.0);
            return SimplexAt(std::array::from_fn(|i| {
                if i + 1 == N {
                    return left;
                }
                let rest: Real<M> = (i + 1..N).map(|j| self.concentration.at(j)).sum();
                let share = source.scalar(&Beta::new(self.concentration.at(i), rest));
                let x = left * share;
                left *= 1.0 - share;
                x
            }));
        }
        let (mut alpha, mut x) = ([0.0; N], [0.0; N]);
        self.concentration.fill(0, &mut alpha);
        let u: [f64; N] = std::array::from_fn(|i| if i + 1 < N { source.uniform() } else { 0.5 });
        plain::from_cube(&alpha, &u[..N.saturating_sub(1)], &mut x);
        SimplexAt(x.map(Real::constant))
    }
    fn check(&self, report: &mut Report) {
        if let Some(n) = self.concentration.len()
            && n != N
        {
            report.problem(Problem::Length {
                data: N,
                distribution: n,
            });
        }
        if A::CONSTANT {
            let mut alpha = [0.0; N];
            self.concentration.fill(0, &mut alpha);
            if let Err(invalid) = plain::check(&alpha) {
                report.problem(Problem::Parameter {
                    family: "Dirichlet",
                    parameter: "concentration",
                    value: alpha.get(invalid.parameter).copied().unwrap_or(f64::NAN),
                    requirement: invalid.requirement,
                });
            }
        }
    }
}
