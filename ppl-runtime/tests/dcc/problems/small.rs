//! Models of two or three programs.

use super::{draw, ln_normal, plain_model, site};
use ppl_runtime::dist::{Bernoulli, Beta, Categorical, Normal};
use ppl_runtime::model::{Frame, Interpreter, Model, Site, SiteKind};
use ppl_runtime::real::Mode;

draw!(TwoDraw { second: bool, b: Option<f64>, a: Option<f64> });

/// second ~ Bernoulli(p); mean ~ N(at, 1) if second, else N(0, 1); y ~ N(mean, 1).
pub struct TwoPrograms {
    pub y: f64,
    pub p: f64,
    pub at: f64,
}

impl TwoPrograms {
    /// NumPyro's documented model.
    pub fn documented() -> Self {
        TwoPrograms {
            y: 0.2,
            p: 0.5,
            at: 1.0,
        }
    }
    /// ln of the parts of the evidence: not second, second.
    pub fn exact(&self) -> [f64; 2] {
        let sd = 2_f64.sqrt();
        [
            (1.0 - self.p).ln() + ln_normal(self.y, 0.0, sd),
            self.p.ln() + ln_normal(self.y, self.at, sd),
        ]
    }
}

impl Model for TwoPrograms {
    type Draw = TwoDraw;
    const NAME: &'static str = "two_programs";
    const SITES: &'static [Site] = &[
        site("second", SiteKind::Branch, true, 0),
        site("b", SiteKind::Sample, false, 1),
        site("a", SiteKind::Sample, false, 1),
        site("y", SiteKind::Observe, true, 0),
    ];
    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
        let mean = if i.branch::<bool, _>(0, Bernoulli::new(self.p)) {
            i.sample::<f64, _>(1, Normal::new(self.at, 1.0))
        } else {
            i.sample::<f64, _>(2, Normal::new(0.0, 1.0))
        };
        i.observe(3, &self.y, Normal::new(mean, 1.0));
    }
    fn decode(frame: Frame<'_>) -> TwoDraw {
        TwoDraw {
            second: frame.one(0),
            b: frame.maybe(1),
            a: frame.maybe(2),
        }
    }
    plain_model!();
}

draw!(KindDraw { rare: bool, kind: Option<usize> });

/// No continuous latent anywhere, and a branch within a branch: rare ~ Bernoulli(0.3); if so, kind ~ (0.2, 0.5, 0.3);
/// y ~ N(kind or −1, 1).
pub struct DiscreteOnly(pub f64);

impl DiscreteOnly {
    pub const KINDS: [f64; 3] = [0.2, 0.5, 0.3];
    /// By name.
    pub fn exact(&self) -> Vec<(String, f64)> {
        let mut all = vec![(
            "rare=false".to_string(),
            0.7_f64.ln() + ln_normal(self.0, -1.0, 1.0),
        )];
        for (k, p) in Self::KINDS.iter().enumerate() {
            let ln = (0.3 * p).ln() + ln_normal(self.0, k as f64, 1.0);
            all.push((format!("rare=true, kind={k}"), ln));
        }
        all
    }
}

impl Model for DiscreteOnly {
    type Draw = KindDraw;
    const NAME: &'static str = "discrete_only";
    const SITES: &'static [Site] = &[
        site("rare", SiteKind::Branch, true, 0),
        site("kind", SiteKind::Branch, false, 0),
        site("y", SiteKind::Observe, true, 0),
    ];
    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
        let mean = if i.branch::<bool, _>(0, Bernoulli::new(0.3)) {
            i.branch::<usize, _>(1, Categorical::new(Self::KINDS)) as f64
        } else {
            -1.0
        };
        i.observe(2, &self.0, Normal::new(mean, 1.0));
    }
    fn decode(frame: Frame<'_>) -> KindDraw {
        KindDraw {
            rare: frame.one(0),
            kind: frame.maybe(1),
        }
    }
    plain_model!();
}

draw!(BrokenDraw {
    kind: usize,
    x: f64
});

/// Three kinds, of which one has a density that is nowhere finite and another a discrete latent.
pub struct Broken;

impl Model for Broken {
    type Draw = BrokenDraw;
    const NAME: &'static str = "broken";
    const SITES: &'static [Site] = &[
        site("kind", SiteKind::Branch, true, 0),
        site("x", SiteKind::Sample, true, 1),
        site("nowhere", SiteKind::Factor, false, 0),
        site("heads", SiteKind::Sample, false, 0),
    ];
    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
        let kind = i.branch::<usize, _>(0, Categorical::new([0.5, 0.25, 0.25]));
        i.sample::<f64, _>(1, Normal::new(0.0, 1.0));
        if kind == 1 {
            i.factor(2, f64::NEG_INFINITY);
        }
        if kind == 2 {
            i.sample::<bool, _>(3, Bernoulli::new(0.5));
        }
    }
    fn decode(frame: Frame<'_>) -> BrokenDraw {
        BrokenDraw {
            kind: frame.one(0),
            x: frame.one(1),
        }
    }
    plain_model!();
}

draw!(SummedDraw { p: f64, wide: bool, x: Option<f64>, heads: bool });

/// The branch's probability is a latent, and both programs have an enumerated site: p ~ Beta(1, 3), wide ~ Bernoulli(p),
/// heads ~ Bernoulli(0.3) summed out, y ~ N(x + 2 heads, 1) where wide, x ~ N(0, 2), else y ~ N(2 heads, 1).
pub struct Summed(pub f64);

impl Summed {
    /// ln of the parts: not wide, wide.
    pub fn exact(&self) -> [f64; 2] {
        let y = |sd: f64| {
            0.7 * ln_normal(self.0, 0.0, sd).exp() + 0.3 * ln_normal(self.0, 2.0, sd).exp()
        };
        [(0.75 * y(1.0)).ln(), (0.25 * y(5_f64.sqrt())).ln()]
    }
}

impl Model for Summed {
    type Draw = SummedDraw;
    const NAME: &'static str = "summed";
    const SITES: &'static [Site] = &[
        site("p", SiteKind::Sample, true, 1),
        site("wide", SiteKind::Branch, true, 0),
        site("x", SiteKind::Sample, false, 1),
        site("heads", SiteKind::Enumerate, true, 0),
        site("y", SiteKind::Observe, true, 0),
    ];
    fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, i: &mut I) {
        let p = i.sample::<f64, _>(0, Beta::new(1.0, 3.0));
        let mut mean = ppl_runtime::real::Real::constant(0.0);
        if i.branch::<bool, _>(1, Bernoulli::new(p)) {
            mean += i.sample::<f64, _>(2, Normal::new(0.0, 2.0));
        }
        if i.enumerate::<bool, _>(3, Bernoulli::new(0.3)) {
            mean += ppl_runtime::real::Real::constant(2.0);
        }
        i.observe(4, &self.0, Normal::new(mean, 1.0));
    }
    fn decode(frame: Frame<'_>) -> SummedDraw {
        SummedDraw {
            p: frame.one(0),
            wide: frame.one(1),
            x: frame.maybe(2),
            heads: frame.one(3),
        }
    }
    plain_model!();
}
