//! Second derivatives of a log density on R^n, from its exact gradients.

use super::{Evaluator, Model};
use nalgebra::DMatrix;

/// The step of the differences, relative to the size of the coordinates: for the stencil of fourth order it leaves an
/// error of about 10⁻¹² of the derivatives' size, half from rounding and half from what the stencil cuts off.
const STEP: f64 = 1e-3;

impl Evaluator {
    /// The log density without the Jacobian of the bijections, that is of the latents themselves, and its gradient by
    /// the coordinates on R^n.
    pub fn density_of_latents<Md: Model>(
        &mut self,
        model: &Md,
        u: &[f64],
        gradient: &mut [f64],
    ) -> f64 {
        self.reverse_at(model, u.into(), gradient, false)
    }

    /// The Hessian of the log density on R^n times a direction, at `u`: the derivative of the gradient along it, by
    /// the symmetric difference of fourth order of four exact gradients (Fornberg 1988, table 1). Both slices have as
    /// many elements as the model has coordinates.
    ///
    /// Families give analytic first derivatives in plain numbers, which are what a gradient needs; see
    /// `docs/decisions/090-second-order.md` for why not the second ones too.
    ///
    /// ```
    /// # use ppl_runtime::model::*;
    /// # use ppl_runtime::real::Mode;
    /// # use ppl_runtime::dist::Normal;
    /// # struct Two;
    /// # const fn site(name: &'static str) -> Site {
    /// #     Site { name, kind: SiteKind::Sample, ty: "f64", line: 0, argument: None, always: true, len: Some(1), offset: None }
    /// # }
    /// # impl Model for Two {
    /// #     type Draw = f64;
    /// #     type Latents = ();
    /// #     type Output<'a, M: Mode> = ();
    /// #     const NAME: &'static str = "two";
    /// #     const SITES: &'static [Site] = &[site("x"), site("y")];
    /// #     fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
    /// #         let x = i.sample::<f64, _>(0, Normal::new(0.0, 1.0));
    /// #         i.sample::<f64, _>(1, Normal::new(x, 0.5));
    /// #     }
    /// #     fn decode(frame: Frame<'_>) -> f64 { frame.one::<f64>(0) }
    /// #     fn check(&self, _: &mut ArgumentReport) {}
    /// #     fn log_density_and_gradient(&self, e: &mut Evaluator, u: &[f64], g: &mut [f64]) -> f64 { e.forward::<2, _>(self, u, g) }
    /// # }
    /// // x ~ Normal(0, 1), y ~ Normal(x, 0.5)
    /// let mut product = [0.0; 2];
    /// Evaluator::new().hessian_vector(&Two, &[0.3, -0.2], &[1.0, 0.0], &mut product);
    /// assert!((product[0] + 5.0).abs() < 1e-10 && (product[1] - 4.0).abs() < 1e-10);
    /// ```
    pub fn hessian_vector<Md: Model>(
        &mut self,
        model: &Md,
        u: &[f64],
        direction: &[f64],
        product: &mut [f64],
    ) {
        product.fill(0.0);
        let n = product.len();
        // So long a step that no coordinate moves by more than its share.
        let step = direction
            .iter()
            .zip(u)
            .map(|(d, u)| STEP * u.abs().max(1.0) / d.abs())
            .fold(f64::INFINITY, f64::min);
        if !step.is_finite() {
            return;
        }
        let (mut at, mut gradient) = (vec![0.0; n], vec![0.0; n]);
        for (steps, weight) in [(1.0, 8.0), (-1.0, -8.0), (2.0, -1.0), (-2.0, 1.0)] {
            for ((at, u), d) in at.iter_mut().zip(u).zip(direction) {
                *at = u + steps * step * d;
            }
            model.log_density_and_gradient(self, &at, &mut gradient);
            for (p, g) in product.iter_mut().zip(&gradient) {
                *p += weight * g / (12.0 * step);
            }
        }
    }

    /// The Hessian of the log density on R^n at `u`, made symmetric.
    pub fn hessian<Md: Model>(&mut self, model: &Md, u: &[f64]) -> DMatrix<f64> {
        let n = u.len();
        let mut hessian = DMatrix::zeros(n, n);
        let (mut direction, mut column) = (vec![0.0; n], vec![0.0; n]);
        for j in 0..n {
            direction[j] = 1.0;
            self.hessian_vector(model, u, &direction, &mut column);
            direction[j] = 0.0;
            for (i, x) in column.iter().enumerate() {
                hessian[(i, j)] += 0.5 * x;
                hessian[(j, i)] += 0.5 * x;
            }
        }
        hessian
    }
}
