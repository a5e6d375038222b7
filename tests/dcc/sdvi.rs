//! Support Decomposition Variational Inference against exact weights.

mod guides;
mod results;

use super::models::*;
use ppl::infer::sdvi::{Sdvi, SdviRun, WeightBy};
use ppl::infer::svi::{Elbo, GuideFor};
use ppl::prelude::*;

/// Standard errors that an estimate may be off: one in 147,000.
const LIMIT: f64 = 4.5;

/// A rate that falls to a thousandth.
fn falling(steps: u64) -> Adam<ExponentialDecay> {
    Adam::new(ExponentialDecay {
        initial: 0.1,
        factor: 1e-3,
        steps,
    })
}

fn names(exact: [f64; 2]) -> [(&'static str, f64); 2] {
    [("second=false", exact[0]), ("second=true", exact[1])]
}

/// The largest errors of ln Z_k and of a weight.
fn errors<D: Clone>(run: &SdviRun<D>, exact: &[(&str, f64)]) -> (f64, f64) {
    assert_eq!(run.programs().len(), exact.len());
    let all = ln_sum(&exact.iter().map(|e| e.1).collect::<Vec<_>>());
    let mut worst = (0.0_f64, 0.0_f64);
    for (name, ln) in exact {
        let p = run.program(name).expect(name);
        worst.0 = worst.0.max((p.log_evidence().mean - ln).abs());
        worst.1 = worst.1.max((p.weight().mean - (ln - all).exp()).abs());
    }
    worst
}

/// Where the guide holds the posterior the bound is the evidence: with a gradient that has no noise there, to many digits.
#[test]
fn exact_where_the_guide_holds_the_posterior() {
    fn check<M: Model + Sync, G: GuideFor<M> + Sync>(model: &M, guide: G, exact: &[(&str, f64)]) {
        let sdvi = Sdvi::new(model, guide, falling(2000)).seed(1).steps(2000);
        let run = sdvi.elbo(Elbo::Path).run().unwrap();
        let (evidence, weight) = errors(&run, exact);
        println!("{}: {evidence:.1e} {weight:.1e}", M::NAME);
        assert!(
            evidence < 1e-3 && weight < 1e-3,
            "{evidence} {weight} {run}"
        );
    }
    let two = names(two_programs_exact(0.2));
    check(&two_programs(0.2), AutoNormal::new(), &two);
    check(&two_programs(0.2), AutoDiagonalNormal::new(), &two);
    check(&two_programs(0.2), AutoLaplaceApproximation::new(), &two);
    let y = [0.7, 1.9, 1.1];
    check(&nested(&y), AutoNormal::new(), &nested_exact(&y));
    let pairs = pairs();
    let exact = names(two_scales_of_pairs_exact(&pairs));
    check(&two_scales_of_pairs(&pairs), AutoNormal::new(), &exact);
    check(
        &two_scales_of_pairs(&pairs),
        AutoMultivariateNormal::new(),
        &exact,
    );
    check(
        &two_scales_of_pairs(&pairs),
        AutoLowRankMultivariateNormal::new(),
        &exact,
    );
}

#[test]
fn every_bound_fits() {
    let model = two_programs(0.2);
    let exact = names(two_programs_exact(0.2));
    for elbo in [
        Elbo::Trace,
        Elbo::Path,
        Elbo::MeanField,
        Elbo::Renyi { alpha: 0.5 },
    ] {
        let sdvi = Sdvi::new(&model, AutoNormal::new(), falling(2000))
            .seed(2)
            .steps(2000);
        let run = sdvi.elbo(elbo).elbo_draws(4).run().unwrap();
        let (evidence, weight) = errors(&run, &exact);
        assert!(
            evidence < 0.01 && weight < 0.005,
            "{elbo:?} {evidence} {weight}"
        );
    }
}

/// k effects whose sum the data know: they are strongly correlated, which independent normals can't follow.
#[test]
fn bounds_lack_the_divergence_of_the_guide() {
    let y = [2.1, 3.0, 2.6, 3.4, 1.9];
    let model = components(&y);
    let exact: Vec<f64> = (0..8).map(|k| components_exact(&y, k)).collect();
    let sdvi = |guide| {
        Sdvi::new(&model, guide, falling(3000))
            .seed(3)
            .steps(3000)
            .max_programs(8)
    };
    let run = sdvi(AutoNormal::new()).weight_draws(20_000).run().unwrap();
    for (k, exact) in exact.iter().enumerate().skip(2) {
        let p = run.program(&format!("k={k}")).unwrap();
        // Kullback–Leibler divergence of the best independent normals, ½ (ln ∏ P_ii − ln |P|), P = I + 5·11ᵀ the precision.
        let gap = 0.5 * (k as f64 * 6_f64.ln() - (1.0 + 5.0 * k as f64).ln());
        let found = exact - p.log_evidence().mean;
        assert!((found - gap).abs() < 0.05, "{k}: {found} {gap}");
    }
    // Across the sum the posterior has variance 1 and the guide 1/6: the tail of the weights has the shape 1 − 1/6.
    for k in 2..8 {
        let p = run.program(&format!("k={k}")).unwrap();
        let k_hat = p.importance().unwrap().pareto_k;
        assert!(k_hat > 0.7, "{k} {k_hat}");
        let warned = format!("`k={k}`: the guide does not cover the posterior");
        assert_eq!(
            run.to_string().contains(&warned),
            p.weight().mean > 1e-3,
            "{run}"
        );
    }
    // With covariances the bound is tight.
    let tight = |run: SdviRun<ComponentsDraw>| {
        let all = ln_sum(&exact[..run.programs().len()]);
        for (k, exact) in exact.iter().enumerate().take(run.programs().len()) {
            let p = run.program(&format!("k={k}")).unwrap();
            let off = p.log_evidence().mean - exact;
            assert!(off.abs() < 0.01, "{k} {off}");
            assert!((p.weight().mean - (exact - all).exp()).abs() < 0.005, "{k}");
            assert!(p.draws().iter().all(|d| d.effect.len() == k));
        }
    };
    let laplace = Sdvi::new(&model, AutoLaplaceApproximation::new(), falling(3000));
    tight(laplace.seed(3).steps(3000).max_programs(8).run().unwrap());
    let normal = Sdvi::new(&model, AutoMultivariateNormal::new(), falling(4000));
    let normal = normal.seed(3).steps(4000).max_programs(4);
    tight(normal.elbo(Elbo::Path).elbo_draws(4).run().unwrap());
}

/// Two priors of a scale.
#[model]
fn scale_priors(y: &[f64]) {
    #[branch]
    let heavy: bool = sample(Bernoulli::new(0.5));
    let scale = if heavy {
        let a: f64 = sample(HalfCauchy::new(1.0));
        a
    } else {
        let b: f64 = sample(Exponential::new(1.0));
        b
    };
    observe(y, Normal::new(0.0, scale).iid());
}

#[test]
fn importance_corrects_what_the_guide_lacks() {
    let y = [0.7, -1.9, 2.4];
    let squares: f64 = y.iter().map(|y| y * y).sum();
    let ln_likelihood =
        |s: f64| -1.5 * std::f64::consts::TAU.ln() - 3.0 * s.ln() - 0.5 * squares / s / s;
    // Over ln s, by the trapezoid rule, which is exact to rounding for a density that vanishes at both ends.
    let integral = |prior: &dyn Fn(f64) -> f64| {
        let at = |i: i32| {
            let s = (f64::from(i) * 1e-3).exp();
            (ln_likelihood(s) + s.ln()).exp() * prior(s) * 1e-3
        };
        (0.5 * (-12_000..20_000).map(at).sum::<f64>()).ln()
    };
    let exact = [
        ("heavy=false", integral(&|s| (-s).exp())),
        (
            "heavy=true",
            integral(&|s| 2.0 / std::f64::consts::PI / (1.0 + s * s)),
        ),
    ];
    let all = ln_sum(&[exact[0].1, exact[1].1]);
    let model = scale_priors(&y);
    let guide = AutoNormal::new();
    let sdvi = Sdvi::new(&model, guide, falling(3000))
        .seed(9)
        .steps(3000)
        .weight_draws(20_000);
    let bounds = sdvi.clone().run().unwrap();
    let run = sdvi.weights(WeightBy::Importance).run().unwrap();
    for (name, ln) in exact {
        let p = run.program(name).unwrap();
        let (found, k_hat) = (p.log_evidence(), p.importance().unwrap().pareto_k);
        println!(
            "{name}: {found} {ln:.5}, bound {}, Pareto k {k_hat:.2}",
            p.bound()
        );
        assert_eq!(p.bound(), bounds.program(name).unwrap().log_evidence());
        // The divergence is there, beyond noise, and importance makes up for it.
        assert!(p.bound().mean < ln - LIMIT * p.bound().sd);
        assert!(((found.mean - ln) / found.sd).abs() < LIMIT && found.sd < 0.01);
        assert!((p.weight().mean - (ln - all).exp()).abs() < 0.005);
    }
}
