//! Replicated data by site: observed data are replaced, missing ones made up.

use ppl::prelude::*;

#[model]
fn survey(y: &[f64], later: Option<&[f64]>, counts: &[Option<u32>]) {
    let mean: f64 = sample(Normal::new(0.0, 10.0));
    let rate: f64 = sample(Gamma::new(2.0, 0.5));
    observe(y, Normal::new(mean, 1.0).iid());
    observe(later, Normal::new(mean, 1.0).iid_n(4));
    plate(counts.len(), |i| {
        observe(counts[i], Poisson::new(rate));
    });
}

const Y: [f64; 6] = [3.1, 2.4, 3.9, 2.8, 3.3, 2.6];

fn mean(rows: &[Vec<f64>]) -> f64 {
    rows.iter().flatten().sum::<f64>() / rows.iter().map(Vec::len).sum::<usize>() as f64
}

#[test]
fn sites_have_their_names_and_shapes() {
    let counts = [Some(3), None, Some(5)];
    let model = survey(&Y, None, &counts);
    let run = NestedSampler::new(&model).seed(1).run().unwrap();
    let replicated = run.predictive(&model, 500, 2).unwrap();
    for (site, len) in [("y", 6), ("later", 4), ("counts", 3)] {
        let rows = replicated.site(site).expect("a site of that name");
        assert_eq!(rows.len(), 500);
        assert!(rows.iter().all(|r| r.len() == len), "{site}");
    }
    assert!(replicated.site("nothing").is_none());
    // Means of the posterior: 3.0 up to 10² of prior variance, and (2 + 8)/(0.5 + 2) = 4 for the counts. A mean over
    // 500 draws of four numbers is within 0.1 of it.
    assert!((mean(replicated.site("y").unwrap()) - 3.017).abs() < 0.15);
    assert!((mean(replicated.site("later").unwrap()) - 3.017).abs() < 0.15);
    assert!((mean(replicated.site("counts").unwrap()) - 4.0).abs() < 0.4);
}

#[test]
fn the_same_seed_gives_the_same_replicates() {
    let model = survey(&Y, None, &[Some(1)]);
    let run = NestedSampler::new(&model)
        .live_points(100)
        .seed(1)
        .run()
        .unwrap();
    let once = run.predictive(&model, 20, 7).unwrap();
    assert_eq!(once, run.predictive(&model, 20, 7).unwrap());
    assert_ne!(once, run.predictive(&model, 20, 8).unwrap());
}
