//! Support Decomposition Variational Inference against exact weights.

#[path = "dcc/models.rs"]
mod models;

use models::*;
use ppl::infer::sdvi::{Sdvi, SdviRun, Settings, WeightBy};
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

#[test]
fn results_are_typed_and_named() {
    let model = two_programs(4.0);
    let sdvi = Sdvi::new(&model, AutoNormal::new(), falling(2000))
        .seed(4)
        .steps(2000);
    let run = sdvi.elbo(Elbo::Path).draws(4000).run().unwrap();
    let exact = two_programs_exact(4.0);
    let weight = (exact[1] - ln_sum(&exact)).exp();
    let second = run.program("second=true").unwrap();
    assert_eq!(run.programs()[0].name(), "second=true");
    assert!((second.draws().mean(|d| d.b.unwrap()) - 2.5).abs() < 0.05);
    assert!((second.draws().sd(|d| d.b.unwrap()) - 0.5_f64.sqrt()).abs() < 0.05);
    assert_eq!((second.values(), second.losses().len()), (&[1.0][..], 2000));
    let location = second
        .params()
        .iter()
        .find(|p| p.name.ends_with("_loc"))
        .unwrap();
    assert!((location.values[0][0] - 2.5).abs() < 0.01, "{location:?}");
    let draws = run.draws(50_000, 1).unwrap();
    assert!((draws.mean(|d| d.second) - weight).abs() < 2e-3);
    let replicated = run.predictive(&model, 20_000, 3).unwrap();
    let y = replicated.site("y").unwrap();
    let mean = y.iter().map(|row| row[0]).sum::<f64>() / y.len() as f64;
    let expected = 2.5 * weight + 2.0 * (1.0 - weight);
    assert!((mean - expected).abs() < 0.05, "{mean} {expected}");
    let factor = run.log_bayes_factor("second=true", "second=false").unwrap();
    assert!((factor.mean - (exact[1] - exact[0])).abs() < 0.01);
    assert!((run.log_evidence().mean - ln_sum(&exact)).abs() < 0.01);
    let text = run.to_string();
    for part in [
        "second=true",
        "weights by bounds",
        "steps         4000",
        "nothing: all programs",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn half_of_the_programs_are_given_up_in_each_round() {
    let y = [2.1, 3.0, 2.6, 3.4, 1.9];
    let model = components(&y);
    let run = Sdvi::new(&model, AutoMultivariateNormal::new(), falling(3000))
        .seed(5)
        .steps(600)
        .max_programs(9)
        .finalists(2)
        .run()
        .unwrap();
    // Eight with latents: rounds of 8, 4, 2, each a third of 4,800 steps.
    let mut steps: Vec<usize> = run.programs().iter().map(|p| p.losses().len()).collect();
    steps.sort_unstable();
    assert_eq!(steps, [0, 200, 200, 200, 200, 600, 600, 1400, 1400]);
    // Those that go on are the best.
    let best = |k: usize| components_exact(&y, k);
    let mut ranked: Vec<usize> = (1..9).collect();
    ranked.sort_by(|a, b| best(*b).total_cmp(&best(*a)));
    for k in &ranked[..2] {
        let p = run.program(&format!("k={k}")).unwrap();
        assert_eq!(p.losses().len(), 1400, "{k} {ranked:?}");
    }
    let equal = Settings {
        halving: None,
        steps: 100,
        max_programs: 9,
        ..Settings::default()
    };
    let run = Sdvi::new(&model, AutoNormal::new(), Adam::new(0.05))
        .settings(equal)
        .run()
        .unwrap();
    assert!(
        run.programs()
            .iter()
            .all(|p| [0, 100].contains(&p.losses().len()))
    );
}

#[test]
fn programs_that_fail_are_reported() {
    let run = Sdvi::new(&failing(), AutoNormal::new(), falling(1000))
        .seed(6)
        .run()
        .unwrap();
    let failed: Vec<&str> = run.failed().iter().map(|f| f.name.as_str()).collect();
    // The flat one has a guide, which grows without end.
    for name in ["kind=1", "kind=2", "kind=4"] {
        assert!(failed.contains(&name), "{failed:?}");
        assert!(
            run.to_string().contains(&format!("FAILED `{name}`")),
            "{run}"
        );
    }
    assert!(run.program("kind=0").is_some());
}

#[test]
fn a_point_is_no_evidence() {
    let model = two_programs(0.2);
    let sdvi = Sdvi::new(&model, AutoDelta::new(), falling(1000)).seed(8);
    let run = sdvi.clone().run().unwrap();
    assert!(run.to_string().contains("the guide is a point"), "{run}");
    let b = run.program("second=true").unwrap();
    assert!((b.draws()[0].b.unwrap() - 0.6).abs() < 1e-3 && b.importance().is_none());
    let refused = sdvi
        .weights(WeightBy::Importance)
        .run()
        .unwrap_err()
        .to_string();
    assert!(refused.contains("a point has no density"), "{refused}");
}

#[test]
fn settings_out_of_range_are_refused() {
    let model = two_programs(0.2);
    let sdvi = || Sdvi::new(&model, AutoNormal::new(), Adam::new(0.01));
    let message = |s: Sdvi<'_, _, _, _>| s.run().unwrap_err().to_string();
    assert!(message(sdvi().steps(0)).contains("`steps`"));
    assert!(message(sdvi().elbo_draws(0)).contains("`elbo_draws`"));
    assert!(message(sdvi().weight_draws(3)).contains("`weight_draws`"));
    assert!(message(sdvi().draws(0)).contains("`draws`"));
    assert!(message(sdvi().finalists(0)).contains("`finalists`"));
    assert!(message(sdvi().max_programs(0)).contains("`max_programs`"));
    assert!(message(sdvi().prior_draws(0)).contains("`prior_draws`"));
    assert!(message(sdvi().elbo(Elbo::Renyi { alpha: f64::NAN })).contains("`elbo`"));
}

/// A guide has the shape of its model. What a `#[branch]` says there does not count: the program gives its value.
#[guide(two_programs)]
fn two_programs_guide() {
    #[branch]
    let second: bool = sample(Bernoulli::new(0.9));
    if second {
        let at: f64 = param(0.5);
        let width: f64 = param(1.0, Positive);
        let b: f64 = sample(Normal::new(at, width));
    } else {
        let centre: f64 = param(0.5);
        let spread: f64 = param(1.0, Positive);
        let a: f64 = sample(Normal::new(centre, spread));
    }
}

#[guide(nested)]
fn nested_guide(start: f64) {
    #[branch]
    let deep: bool = sample(Bernoulli::new(0.5));
    let at: f64 = param(start);
    let width: f64 = param(1.0, Positive);
    if deep {
        #[branch]
        let kind: usize = sample(Categorical::new([1.0 / 3.0; 3]));
        if kind == 2 {
            let wide: f64 = sample(Normal::new(at, width));
        } else {
            let near: f64 = sample(Normal::new(at, width));
        }
    } else {
        let flat: f64 = sample(Normal::new(at, width));
    }
}

#[test]
fn written_guides_of_programs() {
    let model = two_programs(0.2);
    let sdvi = Sdvi::new(&model, two_programs_guide(), falling(2000))
        .seed(10)
        .steps(2000);
    let run = sdvi.clone().elbo(Elbo::Path).run().unwrap();
    let (evidence, weight) = errors(&run, &names(two_programs_exact(0.2)));
    assert!(
        evidence < 1e-3 && weight < 1e-3,
        "{evidence} {weight} {run}"
    );
    let second = run.program("second=true").unwrap();
    let params: Vec<&str> = second.params().iter().map(|p| p.name.as_str()).collect();
    assert_eq!(params, ["at", "width"]);
    assert!((second.params()[0].values[0][0] - 0.6).abs() < 1e-3);
    assert!((second.params()[1].values[0][0] - 0.5_f64.sqrt()).abs() < 1e-3);
    assert!((second.draws().mean(|d| d.b.unwrap()) - 0.6).abs() < 0.1);
    // It has no entropy in closed form, and the whole gradient has noise.
    let refused = sdvi
        .clone()
        .elbo(Elbo::MeanField)
        .run()
        .unwrap_err()
        .to_string();
    assert!(refused.contains("`elbo`"), "{refused}");
    let run = sdvi.elbo_draws(8).run().unwrap();
    let (evidence, weight) = errors(&run, &names(two_programs_exact(0.2)));
    assert!(
        evidence < 0.01 && weight < 0.005,
        "{evidence} {weight} {run}"
    );

    let y = [0.7, 1.9, 1.1];
    let model = nested(&y);
    let sdvi = Sdvi::new(&model, nested_guide(0.3), falling(2000))
        .seed(11)
        .steps(2000);
    let run = sdvi.elbo(Elbo::Path).run().unwrap();
    let (evidence, weight) = errors(&run, &nested_exact(&y));
    assert!(
        evidence < 1e-3 && weight < 1e-3,
        "{evidence} {weight} {run}"
    );
    // Another engine refuses the model, as before.
    let refused = Svi::new(&model, nested_guide(0.3), Adam::new(0.01)).run(10, 1);
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("decides which sites run")
    );
}

/// A summed site in both programs, and nothing continuous in one.
#[model]
fn summed(y: f64) {
    #[branch]
    let wide: bool = sample(Bernoulli::new(0.25));
    let mut mean = Real::from(0.0);
    if wide {
        let x: f64 = sample(Normal::new(0.0, 2.0));
        mean += x;
    }
    #[enumerate]
    let heads: bool = sample(Bernoulli::new(0.3));
    observe(y, Normal::new(if heads { mean + 2.0 } else { mean }, 1.0));
}

#[guide(summed)]
fn summed_guide() {
    #[branch]
    let wide: bool = sample(Bernoulli::new(0.5));
    if wide {
        let at: f64 = param(0.0);
        let width: f64 = param(1.0, Positive);
        let x: f64 = sample(Normal::new(at, width));
    }
}

#[test]
fn summed_sites_are_drawn_given_the_rest() {
    let y = 1.5;
    let of = |spread: f64, heads: bool| {
        let (p, mean) = if heads { (0.3_f64, 2.0) } else { (0.7, 0.0) };
        p.ln() + ln_evidence(&[y], mean, spread, 1.0)
    };
    let part = |p: f64, spread| p.ln() + ln_sum(&[of(spread, false), of(spread, true)]);
    let exact = [
        ("wide=false", part(0.75, 0.0)),
        ("wide=true", part(0.25, 2.0)),
    ];
    let model = summed(y);
    fn check<G: GuideFor<Summed> + Sync>(
        sdvi: Sdvi<'_, Summed, G, Adam<ExponentialDecay>>,
        exact: [(&str, f64); 2],
    ) -> SdviRun<SummedDraw> {
        let sdvi = sdvi
            .seed(12)
            .steps(2000)
            .elbo_draws(4)
            .weights(WeightBy::Importance);
        let run = sdvi.draws(10_000).run().unwrap();
        let wide = run.program("wide=true").unwrap().log_evidence();
        assert!(
            ((wide.mean - exact[1].1) / wide.sd).abs() < LIMIT && wide.sd < 0.05,
            "{wide}"
        );
        let (evidence, weight) = errors(&run, &exact);
        assert!(
            evidence < LIMIT * wide.sd && weight < LIMIT * wide.sd,
            "{run}"
        );
        run
    }
    check(Sdvi::new(&model, AutoNormal::new(), falling(2000)), exact);
    let run = check(Sdvi::new(&model, summed_guide(), falling(2000)), exact);
    let narrow = run.program("wide=false").unwrap();
    assert!((narrow.log_evidence().mean - exact[0].1).abs() < 1e-12);
    let heads = 1.0 / (1.0 + (of(0.0, false) - of(0.0, true)).exp());
    let found = narrow.draws().mean(|d| d.heads);
    assert!(
        (found - heads).abs() < LIMIT * 0.5 / 100.0,
        "{found} {heads}"
    );
}

#[model]
fn box_or_normal(y: f64) {
    #[branch]
    let boxed: bool = sample(Bernoulli::new(0.5));
    let mean = if boxed {
        let b: f64 = sample(Uniform::new(0.0, 1.0));
        b
    } else {
        let a: f64 = sample(Normal::new(0.0, 1.0));
        a
    };
    observe(y, Normal::new(mean, 1.0));
}

/// A guide that draws half of its points where the box has no density.
#[guide(box_or_normal)]
fn box_or_normal_guide() {
    #[branch]
    let boxed: bool = sample(Bernoulli::new(0.5));
    if boxed {
        let edge: f64 = param(1.0);
        let b: f64 = sample(Normal::new(edge, 0.2));
    } else {
        let centre: f64 = param(0.0);
        let a: f64 = sample(Normal::new(centre, 1.0));
    }
}

#[test]
fn rejected_draws_are_counted_and_shown() {
    let model = box_or_normal(0.3);
    let sdvi = Sdvi::new(&model, box_or_normal_guide(), Adam::new(1e-9)).elbo_draws(4);
    let run = sdvi.seed(1).steps(500).weights(WeightBy::Importance);
    let run = run.run().unwrap();
    let rejected: Vec<(&str, u64)> = run
        .programs()
        .iter()
        .map(|p| (p.name(), p.rejected()))
        .collect();
    for (name, rejected) in &rejected {
        // 2,000 draws, of which half lie outside of the box.
        let expected = if *name == "boxed=true" {
            900..=1100
        } else {
            0..=0
        };
        assert!(expected.contains(rejected), "{name}: {rejected}");
    }
    assert_eq!(rejected.len(), 2);
    let shown = format!("  rejected      {} draws", run.rejected());
    assert!(run.to_string().contains(&shown), "{run}");
}
