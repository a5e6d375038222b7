//! Written guides of programs.

use super::*;

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
