//! Linear regressions on every subset of four covariates.

use super::{draw, plain_model, site};
use nalgebra::{DMatrix, DVector};
use ppl_runtime::dist::{Bernoulli, InverseGamma, Normal, each};
use ppl_runtime::model::{Frame, Interpreter, Model, Site, SiteKind};
use ppl_runtime::real::{Mode, Real};

/// The heat of hardening of 13 cements in calories a gram, and four components of each in per cent (Woods, Steinour &
/// Starke 1932; table in Draper & Smith, "Applied Regression Analysis").
const CEMENT: [[f64; 5]; 13] = [
    [7.0, 26.0, 6.0, 60.0, 78.5],
    [1.0, 29.0, 15.0, 52.0, 74.3],
    [11.0, 56.0, 8.0, 20.0, 104.3],
    [11.0, 31.0, 8.0, 47.0, 87.6],
    [7.0, 52.0, 6.0, 33.0, 95.9],
    [11.0, 55.0, 9.0, 22.0, 109.2],
    [3.0, 71.0, 17.0, 6.0, 102.7],
    [1.0, 31.0, 22.0, 44.0, 72.5],
    [2.0, 54.0, 18.0, 22.0, 93.1],
    [21.0, 47.0, 4.0, 26.0, 115.9],
    [1.0, 40.0, 23.0, 34.0, 83.8],
    [11.0, 66.0, 9.0, 12.0, 113.3],
    [10.0, 68.0, 8.0, 12.0, 109.4],
];

/// σ² ~ InverseGamma(SHAPE, SCALE), each coefficient that is used ~ N(0, WIDTH σ), y ~ N(Σ coefficient x, σ), all
/// standardised.
const SHAPE: f64 = 2.0;
const SCALE: f64 = 0.1;
const WIDTH: f64 = 3.0;

draw!(RegressionDraw { variance: f64, used: Vec<bool>, coefs: Vec<Option<f64>> });

/// Which of the covariates belong in the regression?
pub struct Subsets {
    x: Vec<[f64; 4]>,
    y: Vec<f64>,
}

impl Subsets {
    pub fn new() -> Self {
        let mut columns = CEMENT;
        for j in 0..5 {
            let mean = CEMENT.iter().map(|r| r[j]).sum::<f64>() / 13.0;
            let variance = CEMENT.iter().map(|r| (r[j] - mean).powi(2)).sum::<f64>() / 13.0;
            for (row, raw) in columns.iter_mut().zip(&CEMENT) {
                row[j] = (raw[j] - mean) / variance.sqrt();
            }
        }
        Subsets {
            x: columns.iter().map(|r| [r[0], r[1], r[2], r[3]]).collect(),
            y: columns.iter().map(|r| r[4]).collect(),
        }
    }

    /// ln of the part of the evidence of a subset: the marginal of y is a multivariate Student t.
    pub fn exact(&self, used: &[f64]) -> f64 {
        let n = self.y.len();
        let columns: Vec<usize> = (0..4).filter(|j| used[*j] != 0.0).collect();
        let x = DMatrix::from_fn(n, columns.len(), |i, j| self.x[i][columns[j]]);
        let covariance = DMatrix::identity(n, n) + WIDTH * WIDTH * &x * x.transpose();
        let y = DVector::from_column_slice(&self.y);
        let factor = covariance.cholesky().unwrap();
        let ln_det = 2.0 * factor.l().diagonal().iter().map(|d| d.ln()).sum::<f64>();
        let square = y.dot(&factor.solve(&y));
        let half = n as f64 / 2.0;
        let ln_gamma = statrs::function::gamma::ln_gamma;
        4.0 * 0.5_f64.ln() - half * std::f64::consts::TAU.ln() - 0.5 * ln_det + SHAPE * SCALE.ln()
            - ln_gamma(SHAPE)
            + ln_gamma(SHAPE + half)
            - (SHAPE + half) * (SCALE + 0.5 * square).ln()
    }
}

impl Model for Subsets {
    type Draw = RegressionDraw;
    const NAME: &'static str = "subsets";
    const SITES: &'static [Site] = &[
        site("variance", SiteKind::Sample, true, 1),
        site("covariates", SiteKind::Loop, true, 0),
        site("used", SiteKind::Branch, false, 0),
        site("coef", SiteKind::Sample, false, 1),
        site("y", SiteKind::Observe, true, 0),
    ];
    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
        let variance = i.sample::<f64, _>(0, InverseGamma::new(SHAPE, SCALE));
        let sd = variance.sqrt();
        let mut coefs = [Real::constant(0.0); 4];
        let open = i.enter(1);
        for coef in &mut coefs {
            i.next(open);
            if i.branch::<bool, _>(2, Bernoulli::new(0.5)) {
                *coef = i.sample::<f64, _>(3, Normal::new(0.0, WIDTH * sd));
            }
        }
        i.leave(open);
        let mean = each(&self.x[..], |row: &[f64; 4]| {
            let mut mean = Real::constant(0.0);
            for (c, x) in coefs.iter().zip(row) {
                mean += *c * *x;
            }
            Normal::new(mean, sd)
        });
        i.observe(4, &self.y[..], mean);
    }
    fn decode(frame: Frame<'_>) -> RegressionDraw {
        RegressionDraw {
            variance: frame.one(0),
            used: frame.many(1, |f| f.one(2)),
            coefs: frame.many(1, |f| f.maybe(3)),
        }
    }
    plain_model!();
}
