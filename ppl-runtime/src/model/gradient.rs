//! Gradients of log densities, in the mode that suits the number of coordinates.

use super::evaluator::Evaluator;
use super::{Model, Place};
use crate::real::kernels::{Level, level};
use crate::real::{Forward, Mode, Real, Reverse, tape};

impl Evaluator {
    /// The log density and its gradient in forward mode, `N` derivatives a pass.
    pub fn forward<const N: usize, Md: Model>(
        &mut self,
        model: &Md,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        self.forward_at::<N, Md>(model, u.into(), gradient)
    }

    fn forward_at<const N: usize, Md: Model>(
        &mut self,
        model: &Md,
        at: Place<'_>,
        gradient: &mut [f64],
    ) -> f64 {
        if self.divides::<Md>() {
            let [value, ..] = self.divided(model, gradient, |model, e, gradient| {
                [e.forward_at::<N, Md>(model, at, gradient), 0.0, 0.0]
            });
            return value;
        }
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
            fn avx512<const N: usize, Md: Model>(
                e: &mut Evaluator,
                model: &Md,
                at: Place<'_>,
                gradient: &mut [f64],
            ) -> f64 {
                e.forward_passes::<N, Md, 2>(model, at, gradient)
            }
            #[target_feature(enable = "avx2,fma")]
            fn avx2<const N: usize, Md: Model>(
                e: &mut Evaluator,
                model: &Md,
                at: Place<'_>,
                gradient: &mut [f64],
            ) -> f64 {
                e.forward_passes::<N, Md, 1>(model, at, gradient)
            }
            match level() {
                // SAFETY: the machine has every feature that the function is compiled for.
                Level::Avx512 => return unsafe { avx512::<N, Md>(self, model, at, gradient) },
                // SAFETY: as above.
                Level::Avx2 => return unsafe { avx2::<N, Md>(self, model, at, gradient) },
                Level::Baseline => {}
            }
        }
        self.forward_passes::<N, Md, 0>(model, at, gradient)
    }

    #[inline(always)]
    fn forward_passes<const N: usize, Md: Model, const LEVEL: u8>(
        &mut self,
        model: &Md,
        at: Place<'_>,
        gradient: &mut [f64],
    ) -> f64 {
        let mut value = f64::NAN;
        for first in (0..at.point.u.len().max(1)).step_by(N.max(1)) {
            let [prior, likelihood, jacobian] =
                self.line::<Forward<N>, Md, LEVEL>(model, at, first);
            let total = prior + likelihood + jacobian;
            value = total.value();
            for (g, d) in gradient.iter_mut().skip(first).zip(total.gradient()) {
                *g = d;
            }
        }
        value
    }

    /// The log density and its gradient in reverse mode.
    pub fn reverse<Md: Model>(&mut self, model: &Md, u: &[f64], gradient: &mut [f64]) -> f64 {
        self.reverse_at(model, u.into(), gradient, true)
    }

    /// The log density of a straight-line program and its gradient, in the mode that suits its size.
    pub fn gradient_at<'u, Md: Model>(
        &mut self,
        model: &Md,
        at: impl Into<Place<'u>>,
        gradient: &mut [f64],
    ) -> f64 {
        let at = at.into();
        match at.point.u.len() {
            _ if Md::SUMS => self.reverse_at(model, at, gradient, true),
            0..=2 => self.forward_at::<2, Md>(model, at, gradient),
            3..=4 => self.forward_at::<4, Md>(model, at, gradient),
            5..=8 => self.forward_at::<8, Md>(model, at, gradient),
            _ => self.reverse_at(model, at, gradient, true),
        }
    }

    pub(super) fn reverse_at<Md: Model>(
        &mut self,
        model: &Md,
        at: Place<'_>,
        gradient: &mut [f64],
        with_jacobian: bool,
    ) -> f64 {
        if self.divides::<Md>() {
            let [value, ..] = self.divided(model, gradient, |model, e, gradient| {
                let value = e.reverse_at(model, at, gradient, with_jacobian);
                [value, 0.0, 0.0]
            });
            return value;
        }
        loop {
            tape::keep_all(self.keep_all);
            tape::begin(at.point.u.len());
            let mut terms = self.line::<Reverse, Md, 0>(model, at, 0);
            if !with_jacobian {
                terms[2] = Real::constant(0.0);
            }
            tape::gradient_of_sum(terms, gradient);
            if !tape::carried() || self.keep_all {
                let [prior, likelihood, jacobian] = terms.map(Real::value);
                return prior + likelihood + jacobian;
            }
            // The elements of some `each` are not independent: from now on the whole tape is kept.
            self.keep_all = true;
        }
    }
}

/// A mode that gives a whole gradient.
pub trait GradientMode: Mode {
    /// The log density on R^n and its gradient.
    fn log_density_and_gradient<Md: Model>(
        e: &mut Evaluator,
        model: &Md,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64;
}

impl<const N: usize> GradientMode for Forward<N> {
    fn log_density_and_gradient<Md: Model>(
        e: &mut Evaluator,
        model: &Md,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        if Md::SUMS {
            return e.reverse(model, u, gradient);
        }
        e.forward::<N, Md>(model, u, gradient)
    }
}

impl GradientMode for Reverse {
    fn log_density_and_gradient<Md: Model>(
        e: &mut Evaluator,
        model: &Md,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        e.reverse(model, u, gradient)
    }
}

/// Chooses the mode of the gradient from the number of coordinates: `<Pick<{ gradient_width(DIM) }> as Choose>::Mode`.
pub struct Pick<const N: usize>;

/// The choice of [`Pick`].
pub trait Choose {
    /// The mode.
    type Mode: GradientMode;
}

macro_rules! choose {
    ($($n:literal)*) => { $(impl Choose for Pick<$n> { type Mode = Forward<$n>; })* };
}
choose!(1 2 3 4 5 6 7 8);
impl Choose for Pick<0> {
    type Mode = Reverse;
}

/// One forward pass to eight coordinates; 0, which is reverse mode, above and where the number is not constant.
/// A model with sums over discrete sites takes reverse mode at any width: their terms have a derivative by each
/// operand, not by each coordinate.
pub const fn gradient_width(dim: Option<usize>) -> usize {
    match dim {
        Some(n) if n >= 1 && n <= 8 => n,
        _ => 0,
    }
}

/// The log density and its gradient where the number of coordinates is known only when the model is
/// instantiated (const generics): a few widths of forward mode, else reverse mode.
pub fn gradient_by_width<Md: Model>(
    model: &Md,
    e: &mut Evaluator,
    u: &[f64],
    gradient: &mut [f64],
) -> f64 {
    match gradient_width(Md::DIM) {
        0 => e.reverse(model, u, gradient),
        _ if Md::SUMS => e.reverse(model, u, gradient),
        1 | 2 => e.forward::<2, Md>(model, u, gradient),
        3 | 4 => e.forward::<4, Md>(model, u, gradient),
        _ => e.forward::<8, Md>(model, u, gradient),
    }
}
