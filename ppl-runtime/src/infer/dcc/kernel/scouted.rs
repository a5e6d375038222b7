//! Starts that were looked for.

use super::{LocalKernel, NoUTurn};
use crate::error::Error;
use crate::infer::dcc::ProgramError;
use crate::infer::dcc::settings::rule;
use crate::infer::nuts::{Chain, LogDensity, Settings};
use crate::random::{Purpose, keyed};
use rand::RngExt;

/// Another kernel, its chains started where a program's density is large: each at one of many points of a cube of R^n, drawn
/// by density. For programs with modes that chains do not leave; which modes are found is left to the number of points.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Scouted<K = NoUTurn> {
    /// Points looked at; 1,000 by default.
    pub points: usize,
    /// The points are uniform in (−radius, radius)^n; 2 by default.
    pub radius: f64,
    /// What draws.
    pub kernel: K,
}

impl<K: Default> Default for Scouted<K> {
    fn default() -> Self {
        Scouted {
            points: 1000,
            radius: 2.0,
            kernel: K::default(),
        }
    }
}

impl<K: LocalKernel> LocalKernel for Scouted<K> {
    const NAME: &'static str = K::NAME;
    fn check(&self) -> Result<(), Error> {
        rule("points", self.points > 0, "is 0: no start would be found")?;
        let usable = self.radius > 0.0 && self.radius.is_finite();
        rule("radius", usable, "must be positive")?;
        self.kernel.check()
    }
    fn chains<L: LogDensity>(
        &self,
        density: &L,
        settings: &Settings,
    ) -> Result<Vec<Chain>, ProgramError> {
        let dim = density.dim();
        let (mut worker, mut gradient) = (density.worker(), vec![0.0; dim]);
        let rng = &mut keyed(settings.seed, Purpose::Scout, 0, 0);
        let mut found: Vec<(Vec<f64>, f64)> = Vec::new();
        for _ in 0..self.points {
            let u: Vec<f64> = (0..dim)
                .map(|_| self.radius * rng.random_range(-1.0..1.0))
                .collect();
            let value = density.value_and_gradient(&mut worker, &u, &mut gradient);
            if value.is_finite() && gradient.iter().all(|g| g.is_finite()) {
                found.push((u, value));
            }
        }
        let most = found.iter().map(|f| f.1).fold(f64::NEG_INFINITY, f64::max);
        let all: f64 = found.iter().map(|f| (f.1 - most).exp()).sum();
        let mut start = || {
            let mut rest = all * rng.random::<f64>();
            let at = found.iter().position(|f| {
                rest -= (f.1 - most).exp();
                rest <= 0.0
            });
            Some(found.get(at.unwrap_or(0))?.0.clone())
        };
        let initial: Option<Vec<Vec<f64>>> = (0..settings.chains).map(|_| start()).collect();
        let Some(initial) = initial else {
            return Err(ProgramError::Chains(
                "none of the points has a finite density and gradient",
            ));
        };
        let settings = Settings {
            initial: Some(initial),
            ..settings.clone()
        };
        let mut chains = self.kernel.chains(density, &settings)?;
        if let Some(first) = chains.first_mut() {
            first.gradients += self.points as u64;
        }
        Ok(chains)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two narrow normals, one a hundred times lighter.
    struct TwoModes;
    impl LogDensity for TwoModes {
        type Worker = ();
        fn dim(&self) -> usize {
            1
        }
        fn worker(&self) {}
        fn value_and_gradient(&self, (): &mut (), u: &[f64], gradient: &mut [f64]) -> f64 {
            let mode = if u[0] > 0.0 { 5.0 } else { -1.0 };
            let z = (u[0] - mode) / 0.1;
            gradient[0] = -z / 0.1;
            -0.5 * z * z - if mode < 0.0 { 100_f64.ln() } else { 0.0 }
        }
    }

    #[test]
    fn chains_start_in_the_heavier_mode() {
        let settings = Settings {
            warmup: 100,
            draws: 10,
            ..Settings::default()
        };
        let of = |kernel: &dyn Fn() -> Result<Vec<Chain>, ProgramError>| {
            let chains = kernel().unwrap();
            let right = |c: &Chain| c.positions().all(|u| u[0] > 0.0);
            chains.iter().filter(|c| right(c)).count()
        };
        let scouted = Scouted {
            radius: 6.0,
            ..Scouted::<NoUTurn>::default()
        };
        assert_eq!(of(&|| scouted.chains(&TwoModes, &settings)), 4);
        let seeds = (0..8).map(|seed| Settings {
            seed,
            ..settings.clone()
        });
        let blind: usize = seeds.map(|s| of(&|| NoUTurn.chains(&TwoModes, &s))).sum();
        assert!(blind < 28, "{blind} of 32");
    }
}
