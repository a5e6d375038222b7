//! From a family in plain numbers to a distribution in every mode: the one place where partial derivatives of a
//! density are lifted.

use super::collect::{Collect, Column};
use super::family::{Domain, Family};
use super::reduced::{Learner, Reducing};
use super::report::{Problem, Report};
use super::source::Source;
use crate::real::kernels::LANES;
use crate::real::{Lift, Mode, Real};
use crate::support::{Bounds, ScalarLatent};

/// A univariate distribution with `P` parameters in mode `M`.
pub trait Univariate<M: Mode, const P: usize>: Copy {
    /// The mathematics.
    type Family: Family<P>;
    /// Which parameters are constants.
    const CONSTANT: [bool; P];
    /// The parameters as numbers of the model.
    fn reals(&self) -> [Real<M>; P];
    /// The values of the parameters.
    fn values(&self) -> [f64; P];
    /// Where the density is positive.
    fn bounds(&self) -> Bounds<M> {
        Self::Family::support(&self.values()).into()
    }
}

/// ln p(x) of one point.
#[inline]
pub fn log_prob<M: Mode, const P: usize, D: Univariate<M, P>>(d: &D, x: Real<M>) -> Real<M> {
    let p = d.values();
    if !M::GRADIENT {
        return Real::constant(D::Family::log_density(x.value(), &p));
    }
    if d.reals().iter().all(|r| M::is_constant(r.0)) {
        let (value, point) = D::Family::by_point(x.value(), &p);
        return Real::lift(value, [(x, point)]);
    }
    let partials = D::Family::partials(x.value(), &p);
    let mut lift = M::Lift::begin();
    lift.push(x, partials.point);
    push_parameters::<M, P, D>(d, &partials.parameters, &mut lift);
    lift.finish(partials.value)
}

/// P(X ≤ x), or P(X > x) if `upper`, with its partial derivatives.
pub fn tail<M: Mode, const P: usize, D: Univariate<M, P>>(
    d: &D,
    x: Real<M>,
    upper: bool,
) -> Real<M> {
    let (p, at) = (d.values(), x.value());
    let (value, sign) = if upper {
        (D::Family::survival(at, &p), -1.0)
    } else {
        (D::Family::cdf(at, &p), 1.0)
    };
    if !M::GRADIENT {
        return Real::constant(value);
    }
    let mut lift = M::Lift::begin();
    lift.push(x, sign * D::Family::log_density(at, &p).exp());
    let partials = D::Family::cdf_partials(at, &p).map(|q| sign * q);
    push_parameters::<M, P, D>(d, &partials, &mut lift);
    lift.finish(value)
}

#[inline]
fn push_parameters<M: Mode, const P: usize, D: Univariate<M, P>>(
    d: &D,
    partials: &[f64; P],
    lift: &mut M::Lift,
) {
    for ((real, partial), constant) in d.reals().iter().zip(partials).zip(D::CONSTANT) {
        if !constant {
            lift.push(*real, *partial);
        }
    }
}

/// Operands that are lifted together: of many, and of what is left.
const MANY: usize = LANES;
const FEW: usize = 8;

/// Σ ln p(x\[i\]) of latents that share their parameters. Compiled into its caller, which mostly knows how many they are and some of the
/// parameters: then half of it is left out.
#[inline(always)]
pub fn log_prob_iid<M: Mode, T: ScalarLatent, const P: usize, D: Univariate<M, P>>(
    d: &D,
    x: &[T::At<'_, M>],
) -> Real<M> {
    let p = d.values();
    if !M::GRADIENT {
        let (mut sum, mut block) = (0.0, [0.0; LANES]);
        for chunk in x.chunks(LANES) {
            for (b, x) in block.iter_mut().zip(chunk) {
                *b = T::real::<M>(x).value();
            }
            sum += D::Family::sum(&block[..chunk.len()], &p);
        }
        return Real::constant(sum);
    }
    let mut lift = M::Lift::begin();
    let mut sum = (0.0, [0.0; P]);
    let (blocks, few) = x.as_chunks::<MANY>();
    if !blocks.is_empty() {
        sum = add_blocks::<M, T, P, D>(&p, blocks, &mut lift);
    }
    let (eights, rest) = few.as_chunks::<FEW>();
    for eight in eights {
        add_points::<M, T, P, D, FEW>(&p, eight, &mut sum, &mut lift);
    }
    if !rest.is_empty() {
        add_points::<M, T, P, D, FEW>(&p, rest, &mut sum, &mut lift);
    }
    push_parameters::<M, P, D>(d, &sum.1, &mut lift);
    lift.finish(sum.0)
}

/// A sum so far, and its partial derivatives by the parameters.
type Sum<const P: usize> = (f64, [f64; P]);

/// Apart, since most sites have few elements.
#[inline(never)]
fn add_blocks<M: Mode, T: ScalarLatent, const P: usize, D: Univariate<M, P>>(
    p: &[f64; P],
    blocks: &[[T::At<'_, M>; MANY]],
    lift: &mut M::Lift,
) -> Sum<P> {
    let mut sum = (0.0, [0.0; P]);
    for block in blocks {
        add_points::<M, T, P, D, MANY>(p, block, &mut sum, lift);
    }
    sum
}

/// Adds at most `N` points.
#[inline(always)]
fn add_points<M: Mode, T: ScalarLatent, const P: usize, D: Univariate<M, P>, const N: usize>(
    p: &[f64; P],
    x: &[T::At<'_, M>],
    sum: &mut Sum<P>,
    lift: &mut M::Lift,
) {
    let n = x.len().min(N);
    let (mut points, mut values, mut by) = ([Real::constant(0.0); N], [0.0; N], [0.0; N]);
    for ((point, value), x) in points.iter_mut().zip(&mut values).zip(x) {
        *point = T::real::<M>(x);
        *value = point.value();
    }
    let by = &mut by[..n];
    let partials = D::Family::sum_point_partials(&values[..n], p, by);
    sum.0 += partials.value;
    for (s, q) in sum.1.iter_mut().zip(&partials.parameters) {
        *s += q;
    }
    lift.push_all(&points[..n], by);
}

/// Σ ln p(x\[i\]) of observations that share their parameters.
#[inline]
pub fn score_iid<M: Mode, T: ScalarLatent, const P: usize, D: Univariate<M, P>>(
    d: &D,
    x: &[T],
) -> Real<M> {
    let p = d.values();
    let mut block = [0.0; LANES];
    let mut sum = 0.0;
    let mut parameters = [0.0; P];
    for chunk in x.chunks(LANES) {
        let block = T::numbers(chunk, &mut block[..chunk.len()]);
        if M::GRADIENT {
            let partials = D::Family::sum_partials(block, &p);
            sum += partials.value;
            for (s, q) in parameters.iter_mut().zip(&partials.parameters) {
                *s += q;
            }
        } else {
            sum += D::Family::sum(block, &p);
        }
    }
    if !M::GRADIENT {
        return Real::constant(sum);
    }
    let mut lift = M::Lift::begin();
    push_parameters::<M, P, D>(d, &parameters, &mut lift);
    lift.finish(sum)
}

/// Σ ln p(x\[i\]) of observations that share their parameters, from statistics of them where they are known.
#[inline]
pub fn score_alike<M: Mode, T: ScalarLatent, const P: usize, D: Univariate<M, P>>(
    d: &D,
    x: &[T],
    reducing: &mut Reducing<'_>,
) -> Real<M> {
    if !D::Family::REDUCES || D::CONSTANT[0] {
        return score_iid::<M, T, P, D>(d, x);
    }
    if M::SYMBOLIC {
        let (reals, mut learner) = (d.reals(), Learner::default());
        for x in x {
            learner.element::<M>(reals[0], reals[P - 1], x.number());
        }
        reducing.learned(learner.finish());
        return Real::constant(0.0);
    }
    let Some(site) = reducing.next(x.len()) else {
        return score_iid::<M, T, P, D>(d, x);
    };
    let p = d.values();
    let columns = p.each_ref().map(std::slice::from_ref);
    let mut partials = [[0.0]; P];
    let mut rows = partials.each_mut().map(|row| &mut row[..]);
    let value = D::Family::reduced(site.block(0), &columns, &mut rows);
    if !M::GRADIENT {
        return Real::constant(value);
    }
    let mut lift = M::Lift::begin();
    push_parameters::<M, P, D>(d, &partials.map(|[by]| by), &mut lift);
    lift.finish(value)
}

/// A value from a source.
#[inline]
pub fn draw<M: Mode, T: ScalarLatent, const P: usize, D: Univariate<M, P>, S: Source<M>>(
    d: &D,
    source: &mut S,
) -> Real<M> {
    if T::DISCRETE {
        let p = d.values();
        Real::constant(source.discrete(|u| D::Family::quantile(u, &p)))
    } else {
        source.scalar(d)
    }
}

/// Puts the scoring of an observation off.
#[inline]
pub fn collect<M: Mode, const P: usize, D: Univariate<M, P>>(
    d: &D,
    x: f64,
    into: &mut impl Collect<M>,
) {
    into.collect_family::<D::Family, P>(x, d.values(), d.reals(), D::CONSTANT);
}

/// Puts the scoring of observations that share their parameters off.
#[inline]
pub fn collect_iid<M: Mode, T: ScalarLatent, const P: usize, D: Univariate<M, P>>(
    d: &D,
    x: &[T],
    into: &mut impl Collect<M>,
) -> bool {
    into.collect_iid::<T, D::Family, P>(x, d.values(), d.reals(), D::CONSTANT)
}

/// Scores the observations of many elements.
#[inline]
pub fn column<M: Mode, const P: usize, D: Univariate<M, P>>(
    d: &D,
    x: impl Fn(usize) -> f64,
    into: &mut impl Column<M>,
) {
    into.column::<D::Family, P>(x, d.values(), d.reals(), D::CONSTANT);
}

/// Looks for invalid constant parameters.
pub fn check<M: Mode, const P: usize, D: Univariate<M, P>>(d: &D, report: &mut Report) {
    let p = d.values();
    if let Err(invalid) = D::Family::check(&p)
        && D::CONSTANT[invalid.parameter]
    {
        report.problem(Problem::Parameter {
            family: D::Family::NAME,
            parameter: D::Family::PARAMETERS[invalid.parameter],
            value: p[invalid.parameter],
            requirement: invalid.requirement,
        });
    }
}

/// Looks at an observation, and for invalid constant parameters.
pub fn check_observation<M: Mode, const P: usize, D: Univariate<M, P>>(
    d: &D,
    x: f64,
    report: &mut Report,
) {
    check::<M, P, D>(d, report);
    let (inside, requirement) = match D::Family::DOMAIN {
        Domain::Real => (x.is_finite(), "a finite number"),
        Domain::Positive => (x.is_finite() && x > 0.0, "positive"),
        Domain::NonNegative => (x.is_finite() && x >= 0.0, "zero or positive"),
        Domain::Unit => (x > 0.0 && x < 1.0, "between 0 and 1"),
        Domain::Count => (x >= 0.0, "a count"),
        Domain::Boolean => (x == 0.0 || x == 1.0, "true or false"),
    };
    if !inside {
        report.problem(Problem::Observation {
            value: x,
            family: D::Family::NAME,
            requirement,
        });
    }
}
