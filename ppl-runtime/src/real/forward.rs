//! Forward mode: a number carries its derivatives by `N` parameters, on num-dual's dual numbers.

use super::kernels::{add_rows, plain_sum};
use super::mode::{Blocks, Gather, Lift, Mode, Real};
use nalgebra::{Const, SVector};
use num_dual::{Derivative, DualSVec64};
use std::mem::MaybeUninit;

/// Forward mode with `N` derivatives a pass.
#[derive(Copy, Clone, Debug)]
pub struct Forward<const N: usize>;

type Gradient<const N: usize> = Derivative<f64, Const<N>, nalgebra::U1>;

/// The derivatives of one result, summed as its operands come.
pub struct Sum<const N: usize>([f64; N]);

impl<const N: usize> Lift<Forward<N>> for Sum<N> {
    #[inline]
    fn begin() -> Self {
        Sum([0.0; N])
    }
    #[inline]
    fn push(&mut self, operand: Real<Forward<N>>, partial: f64) {
        if let Some(eps) = &operand.0.eps.0 {
            for (sum, e) in self.0.iter_mut().zip(eps.as_slice()) {
                *sum += e * partial;
            }
        }
    }
    #[inline]
    fn finish(self, value: f64) -> Real<Forward<N>> {
        dual(value, Some(self.0))
    }
}

impl<const N: usize> Blocks<Forward<N>> for Sum<N> {
    #[inline]
    fn begin(_: usize) -> Self {
        Sum([0.0; N])
    }
    #[inline]
    fn computed(&mut self) {}
    #[inline]
    fn push(&mut self, operands: &[Real<Forward<N>>], partials: &[f64]) {
        add_duals(operands, partials, &mut self.0);
    }
    #[inline]
    fn end(&mut self) {}
    #[inline]
    fn finish(self, value: f64) -> Real<Forward<N>> {
        dual(value, Some(self.0))
    }
}

#[inline(always)]
fn add_duals_body<const N: usize>(
    operands: &[Real<Forward<N>>],
    partials: &[f64],
    sum: &mut [f64; N],
) {
    // Two sums, because one would wait for itself.
    let mut sums = [[0.0; N]; 2];
    let n = operands.len().min(partials.len());
    for (i, (operand, partial)) in operands[..n].iter().zip(&partials[..n]).enumerate() {
        if let Some(eps) = &operand.0.eps.0 {
            for (s, e) in sums[i % 2].iter_mut().zip(eps.as_slice()) {
                *s += e * partial;
            }
        }
    }
    for j in 0..N {
        sum[j] += sums[0][j] + sums[1][j];
    }
}

super::kernels::dispatch_plain! {
    fn add_duals<const N: usize> = add_duals_body(
        operands: &[Real<Forward<N>>], partials: &[f64], sum: &mut [f64; N],
    );
}

/// The derivatives of a block's operands, side by side, and of the site so far.
pub struct Rows<const N: usize, const P: usize, const L: usize> {
    rows: [[MaybeUninit<[f64; N]>; L]; P],
    /// The first row, and whether another one differs: while none does no other is written.
    first: [[f64; N]; P],
    differ: [bool; P],
    sum: [f64; N],
}

impl<const N: usize, const P: usize, const L: usize> Rows<N, P, L> {
    /// Whether rows are compared, which costs more than it saves where they are no whole register.
    const COMPARES: bool = N.is_multiple_of(4);
}

impl<const N: usize, const P: usize, const L: usize> Gather<Forward<N>, P, L> for Rows<N, P, L> {
    #[inline]
    fn begin(_: Option<usize>) -> Self {
        Rows {
            rows: [[MaybeUninit::uninit(); L]; P],
            first: [[0.0; N]; P],
            differ: [false; P],
            sum: [0.0; N],
        }
    }
    #[inline(always)]
    fn set(&mut self, parameter: usize, element: usize, operand: Real<Forward<N>>) {
        let row = operand.gradient();
        if !Self::COMPARES || self.differ[parameter] {
            self.rows[parameter][element].write(row);
            return;
        }
        if element == 0 {
            self.first[parameter] = row;
            return;
        }
        let (mut bits, first) = (0, &self.first[parameter]);
        for j in 0..N {
            bits |= row[j].to_bits() ^ first[j].to_bits();
        }
        if bits != 0 {
            for before in &mut self.rows[parameter][..element] {
                before.write(*first);
            }
            self.rows[parameter][element].write(row);
            self.differ[parameter] = true;
        }
    }
    #[inline]
    fn block(&mut self, n: usize, constant: &[bool; P], partials: &[&[f64]; P]) {
        for k in 0..P {
            if constant[k] {
                continue;
            }
            if Self::COMPARES && !self.differ[k] {
                let total = plain_sum(&partials[k][..n]);
                for j in 0..N {
                    self.sum[j] += total * self.first[k][j];
                }
                continue;
            }
            let rows = &self.rows[k][..n];
            // SAFETY: the operands of parameters that are not constants were set for all of the block's elements, and
            // since they differ all of them were written.
            let rows = unsafe { std::slice::from_raw_parts(rows.as_ptr().cast(), n) };
            add_rows(rows, &partials[k][..n], &mut self.sum);
        }
        self.differ = [false; P];
    }
    #[inline]
    fn finish(self, value: f64) -> Real<Forward<N>> {
        dual(value, Some(self.sum))
    }
}

#[inline]
fn dual<const N: usize>(value: f64, gradient: Option<[f64; N]>) -> Real<Forward<N>> {
    Real(DualSVec64::new(
        value,
        Derivative::new(gradient.map(SVector::from)),
    ))
}

impl<const N: usize> Real<Forward<N>> {
    /// The derivatives by the `N` independent variables.
    #[inline]
    pub fn gradient(self) -> [f64; N] {
        let g: Gradient<N> = self.0.eps;
        g.0.map_or([0.0; N], |v| v.into())
    }
}

impl<const N: usize> Mode for Forward<N> {
    type Repr = DualSVec64<N>;
    type Lift = Sum<N>;
    type Blocks = Sum<N>;
    type Gather<const P: usize, const L: usize> = Rows<N, P, L>;
    const GRADIENT: bool = true;
    #[inline]
    fn constant(value: f64) -> DualSVec64<N> {
        DualSVec64::new(value, Derivative::none())
    }
    #[inline]
    fn is_constant(repr: DualSVec64<N>) -> bool {
        repr.eps.0.is_none()
    }
    #[inline]
    fn value(repr: DualSVec64<N>) -> f64 {
        repr.re
    }
    #[inline]
    fn lift<const K: usize>(value: f64, operands: [(Real<Self>, f64); K]) -> Real<Self> {
        let mut gradient = None;
        for (operand, partial) in &operands {
            if let Some(eps) = &operand.0.eps.0 {
                let sum = gradient.get_or_insert([0.0; N]);
                for (s, e) in sum.iter_mut().zip(eps.as_slice()) {
                    *s += e * partial;
                }
            }
        }
        dual(value, gradient)
    }
    #[inline]
    fn variable(value: f64, index: usize) -> Real<Self> {
        let mut gradient = [0.0; N];
        if let Some(g) = gradient.get_mut(index) {
            *g = 1.0;
        }
        dual(value, Some(gradient))
    }
    #[inline]
    fn weighted_sum(x: &[Real<Self>], coefficients: &[f64]) -> Real<Self> {
        let mut sum: Sum<N> = Lift::begin();
        let mut value = 0.0;
        for (x, c) in x.iter().zip(coefficients) {
            value += x.0.re * c;
            Lift::push(&mut sum, *x, *c);
        }
        Lift::finish(sum, value)
    }
}
