//! What a run tells, gives up and refuses.

use super::*;
use ppl::infer::sdvi::Settings;

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
