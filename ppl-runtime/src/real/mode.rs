//! What a mode is, the plain mode, and the scalar itself.

use std::fmt::Debug;

/// How a number is represented while a body runs, and what is kept for its derivatives.
pub trait Mode: Copy + Debug + Send + Sync + 'static {
    /// A number in this mode.
    type Repr: Copy + Debug;
    /// Collects partial derivatives of one result; see [`Lift`].
    type Lift: Lift<Self>;
    /// Collects partial derivatives of a site of many elements, in blocks; see [`Gather`].
    type Gather<const P: usize, const L: usize>: Gather<Self, P, L>;
    /// Collects partial derivatives of results that are computed in blocks; see [`Blocks`].
    type Blocks: Blocks<Self>;
    /// Whether partial derivatives are wanted at all.
    const GRADIENT: bool;
    /// A number with no derivatives.
    fn constant(value: f64) -> Self::Repr;
    /// Whether a number is known to have no derivatives.
    fn is_constant(repr: Self::Repr) -> bool;
    /// The number itself, for arithmetic. Code that goes on differently for another value takes [`Real::value`], so that it is
    /// noticed ([`Mode::read`]).
    fn value(repr: Self::Repr) -> f64;
    /// Whether two numbers are known to be one: the same value with the same derivatives.
    #[inline]
    fn same(_: Self::Repr, _: Self::Repr) -> bool {
        false
    }
    /// A result of `K` operands from its value and its partial derivatives: the chain rule.
    fn lift<const K: usize>(value: f64, operands: [(Real<Self>, f64); K]) -> Real<Self>;
    /// The same, where partial derivatives may be data: a factor of 1 is written down as any other is, so that the elements
    /// of a site write alike.
    #[inline]
    fn lift_product<const K: usize>(value: f64, operands: [(Real<Self>, f64); K]) -> Real<Self> {
        Self::lift(value, operands)
    }
    /// operand·slope + a constant; see [`Symbolic`](super::Symbolic), which alone reads the constant.
    #[inline(always)]
    fn lift_shifted(value: f64, operand: Real<Self>, slope: f64, _shift: f64) -> Real<Self> {
        Self::lift(value, [(operand, slope)])
    }
    /// operand·factor.
    #[inline(always)]
    fn lift_scaled(value: f64, operand: Real<Self>, factor: f64) -> Real<Self> {
        Self::lift_product(value, [(operand, factor)])
    }
    /// A function of one operand that is not affine.
    #[inline(always)]
    fn lift_bent(value: f64, operand: Real<Self>, slope: f64) -> Real<Self> {
        Self::lift_product(value, [(operand, slope)])
    }
    /// a + sign·b.
    #[inline(always)]
    fn lift_sum(value: f64, operands: [(Real<Self>, f64); 2]) -> Real<Self> {
        Self::lift(value, operands)
    }
    /// a·b, each with the other's value.
    #[inline(always)]
    fn lift_times(value: f64, operands: [(Real<Self>, f64); 2]) -> Real<Self> {
        Self::lift_product(value, operands)
    }
    /// Whether it is [`Symbolic`](super::Symbolic); what follows is for that mode alone.
    const SYMBOLIC: bool = false;
    /// The value, for whoever may go on differently for a different one.
    #[inline(always)]
    fn read(repr: Self::Repr) -> f64 {
        Self::value(repr)
    }
    /// One of several numbers, chosen by their values.
    #[inline(always)]
    fn chosen(one: Real<Self>) -> Real<Self> {
        one
    }
    /// Whether the library's own code runs from here on, not the body's; what was so before.
    #[inline(always)]
    fn library(_on: bool) -> bool {
        false
    }
    /// Goes through what the body computes one by one. Only in symbolic mode: elsewhere it would be a second copy of the code that
    /// computes them, and neither would be compiled into its loop.
    #[inline(always)]
    fn follow<D>(_items: impl Iterator<Item = D>, _f: impl FnMut(D)) {}
    /// The execution depends on more than data.
    #[inline(always)]
    fn spoil() {}
    /// The number as an affine form: appends its symbols with their coefficients, and returns the constant.
    #[inline(always)]
    fn affine(_repr: Self::Repr, _terms: &mut Vec<(u32, f64)>) -> f64 {
        f64::NAN
    }
    /// Which number it is: the same for copies of one, and for constants of equal bits.
    #[inline(always)]
    fn identity(_repr: Self::Repr) -> (bool, u64) {
        (false, 0)
    }
    /// The `index`-th independent variable. In reverse mode the tape must have been begun with
    /// [`tape::begin`](super::tape::begin); in forward mode an index of `N` or more has no derivatives.
    fn variable(value: f64, index: usize) -> Real<Self>;
    /// Σ coefficients\[i\]·x\[i\] as one operation.
    fn weighted_sum(x: &[Real<Self>], coefficients: &[f64]) -> Real<Self>;
    /// Σ x\[i\]·y\[i\] as one operation.
    #[inline]
    fn product(x: &[Real<Self>], y: &[Real<Self>]) -> Real<Self> {
        let n = x.len().min(y.len());
        let (x, y) = (&x[..n], &y[..n]);
        let value = super::dot::sum_of_products(n, |i| x[i].value(), |i| y[i].value());
        let mut lift = Self::Lift::begin();
        for (x, y) in x.iter().zip(y) {
            lift.push(*x, y.value());
            lift.push(*y, x.value());
        }
        lift.finish(value)
    }
    /// Results of these values, with these derivatives by the elements of `x`, one each.
    #[inline]
    fn map<const N: usize>(
        x: &[Real<Self>; N],
        values: [f64; N],
        slopes: [f64; N],
    ) -> [Real<Self>; N] {
        std::array::from_fn(|i| Self::lift(values[i], [(x[i], slopes[i])]))
    }
    /// Results of these values of an operand each from `x`, all with the same partial derivative, and one that they
    /// share.
    #[inline]
    fn group<const N: usize>(
        x: &[Real<Self>; N],
        by_x: f64,
        shared: Real<Self>,
        by_shared: impl Fn(usize) -> f64,
        value: impl Fn(usize) -> f64,
    ) -> [Real<Self>; N] {
        std::array::from_fn(|i| Self::lift(value(i), [(x[i], by_x), (shared, by_shared(i))]))
    }
    /// How many numbers there are so far, where they are counted.
    #[inline]
    fn count() -> u32 {
        0
    }
    /// sum + term, where nobody else has `term` if it was computed after [`Mode::count`] gave `since`.
    #[inline]
    fn add_term(sum: Real<Self>, term: Real<Self>, _since: u32) -> Real<Self> {
        sum + term
    }
    /// weights·x + bias as one operation.
    #[inline]
    fn layer<const H: usize, const K: usize>(
        weights: &[[Real<Self>; K]; H],
        x: &[f64; K],
        bias: &[Real<Self>; H],
    ) -> [Real<Self>; H] {
        std::array::from_fn(|j| {
            let mut value = bias[j].value();
            for (w, x) in weights[j].iter().zip(x) {
                value += w.value() * x;
            }
            let mut lift = Self::Lift::begin();
            lift.push_all(&weights[j], x);
            lift.push(bias[j], 1.0);
            lift.finish(value)
        })
    }
}

/// Builds one result from any number of operands.
pub trait Lift<M: Mode> {
    /// Begins a result. Two results are never under way at once.
    fn begin() -> Self;
    /// Adds an operand with the partial derivative by it.
    fn push(&mut self, operand: Real<M>, partial: f64);
    /// Adds many operands.
    #[inline]
    fn push_all(&mut self, operands: &[Real<M>], partials: &[f64]) {
        for (operand, partial) in operands.iter().zip(partials) {
            self.push(*operand, *partial);
        }
    }
    /// The result.
    fn finish(self, value: f64) -> Real<M>;
    /// The result, where it is the sum of the operands times the partial derivatives.
    #[inline]
    fn finish_sum(self, value: f64) -> Real<M>
    where
        Self: Sized,
    {
        self.finish(value)
    }
}

/// Builds the one result of many computations, which come in blocks. Within a block, numbers are computed from
/// those older than the first block and from each other; then each result of the block is given once with the
/// partial derivative by it.
pub trait Blocks<M: Mode> {
    /// Begins a result of at most so many computations.
    fn begin(computations: usize) -> Self;
    /// All numbers of the block are computed.
    fn computed(&mut self);
    /// Adds results of the block with the partial derivatives by them.
    fn push(&mut self, operands: &[Real<M>], partials: &[f64]);
    /// Ends the block.
    fn end(&mut self);
    /// The result.
    fn finish(self, value: f64) -> Real<M>;
}

/// Builds the one result of a site of many elements, whose operands (`P` an element) come in blocks of up to `L`.
pub trait Gather<M: Mode, const P: usize, const L: usize> {
    /// Begins a site of at most so many elements, where that is known. Sites do not nest.
    fn begin(elements: Option<usize>) -> Self;
    /// An operand of an element of the block under way.
    fn set(&mut self, parameter: usize, element: usize, operand: Real<M>);
    /// An element of the block is computed, and its operands are set; those before it are. Whether it must be said of the
    /// next one too.
    #[inline(always)]
    fn computed(&mut self, _element: usize) -> bool {
        false
    }
    /// Ends a block of `n` elements, with the partial derivatives by all operands that are not constants. Operands
    /// were computed from numbers older than the site, and from each other within the block.
    fn block(&mut self, n: usize, constant: &[bool; P], partials: &[&[f64]; P]);
    /// The result.
    fn finish(self, value: f64) -> Real<M>;
}

/// A number of a model in mode `M`. Has the methods of `f64`; comparisons are by value.
///
/// There is no default for `M`: a `Real` that a macro failed to rewrite is a plain error, not a plain number.
///
/// ```
/// use ppl_runtime::real::{Mode, Real, Value};
/// fn softplus<M: Mode>(x: Real<M>) -> Real<M> { (2.0 * x).exp().ln_1p() / 2.0 }
/// assert!((softplus(Real::<Value>::from(0.0)).value() - 0.5 * 2f64.ln()).abs() < 1e-15);
/// ```
///
/// A number and an array `[Real<M>; N]` make an array, element by element; in reverse mode that is one operation.
///
/// ```
/// # use ppl_runtime::real::{Real, Value};
/// let (mean, spread) = (Real::<Value>::from(0.5), Real::<Value>::from(2.0));
/// let raw = [1.0, -2.0].map(Real::<Value>::from);
/// assert_eq!((mean + spread * raw).map(Real::value), [2.5, -3.5]);
/// ```
#[derive(Copy, Clone, Debug)]
#[repr(transparent)]
pub struct Real<M: Mode>(pub M::Repr);

impl<M: Mode> Real<M> {
    /// A number with no derivatives.
    #[inline]
    pub fn constant(value: f64) -> Self {
        Real(M::constant(value))
    }
    /// The number itself.
    #[inline]
    pub fn value(self) -> f64 {
        M::read(self.0)
    }
    /// A result of `K` operands from its value and its partial derivatives.
    #[inline]
    pub fn lift<const K: usize>(value: f64, operands: [(Real<M>, f64); K]) -> Self {
        M::lift(value, operands)
    }
}

/// Plain evaluation: a number is an `f64`.
#[derive(Copy, Clone, Debug)]
pub struct Value;

/// Nothing to collect.
pub struct NoLift;

impl Lift<Value> for NoLift {
    #[inline]
    fn begin() -> Self {
        NoLift
    }
    #[inline]
    fn push(&mut self, _: Real<Value>, _: f64) {}
    #[inline]
    fn push_all(&mut self, _: &[Real<Value>], _: &[f64]) {}
    #[inline]
    fn finish(self, value: f64) -> Real<Value> {
        Real(value)
    }
}

impl<const P: usize, const L: usize> Gather<Value, P, L> for NoLift {
    #[inline]
    fn begin(_: Option<usize>) -> Self {
        NoLift
    }
    #[inline]
    fn set(&mut self, _: usize, _: usize, _: Real<Value>) {}
    #[inline]
    fn block(&mut self, _: usize, _: &[bool; P], _: &[&[f64]; P]) {}
    #[inline]
    fn finish(self, value: f64) -> Real<Value> {
        Real(value)
    }
}

impl Blocks<Value> for NoLift {
    #[inline]
    fn begin(_: usize) -> Self {
        NoLift
    }
    #[inline]
    fn computed(&mut self) {}
    #[inline]
    fn push(&mut self, _: &[Real<Value>], _: &[f64]) {}
    #[inline]
    fn end(&mut self) {}
    #[inline]
    fn finish(self, value: f64) -> Real<Value> {
        Real(value)
    }
}

impl Mode for Value {
    type Repr = f64;
    type Blocks = NoLift;
    type Lift = NoLift;
    type Gather<const P: usize, const L: usize> = NoLift;
    const GRADIENT: bool = false;
    #[inline]
    fn constant(value: f64) -> f64 {
        value
    }
    #[inline]
    fn is_constant(_: f64) -> bool {
        true
    }
    #[inline]
    fn value(repr: f64) -> f64 {
        repr
    }
    #[inline]
    fn lift<const K: usize>(value: f64, _: [(Real<Value>, f64); K]) -> Real<Value> {
        Real(value)
    }
    #[inline]
    fn variable(value: f64, _: usize) -> Real<Value> {
        Real(value)
    }
    #[inline]
    fn weighted_sum(x: &[Real<Value>], coefficients: &[f64]) -> Real<Value> {
        let n = x.len().min(coefficients.len());
        let (x, coefficients) = (&x[..n], &coefficients[..n]);
        Real(super::dot::sum_of_products(
            n,
            |i| x[i].0,
            |i| coefficients[i],
        ))
    }
}
