//! Where particles start.

use super::*;
use ppl::infer::stein::Svgd;
use ppl::infer::svi::Init;

#[model]
fn starts() {
    let wide: f64 = sample(Normal::new(3.0, 2.0));
    let positive: f64 = sample(HalfNormal::new(2.0));
    let shares: Simplex<3> = sample(Dirichlet::symmetric(2.0));
}

/// The locations where `particles` particles start, coordinate by coordinate.
fn start_columns(init: Init, particles: usize) -> [Vec<f64>; 4] {
    let model = starts();
    let svgd = Svgd::new(&model, Adam::new(0.1), RbfKernel::default())
        .particles(particles)
        .init_at(init);
    let values = svgd.init(5).unwrap().values;
    std::array::from_fn(|c| values.iter().skip(c).step_by(4).copied().collect())
}

#[test]
fn particles_start_where_they_are_told() {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    let n = 4000;
    let [wide, positive, a, b] = start_columns(Init::Sample, n);
    let error = 5.0 * 2.0 / (n as f64).sqrt();
    assert!((mean(&wide) - 3.0).abs() < error, "{}", mean(&wide));
    // The probability that |N(0, 2²)| < 2 is 0.682689.
    let below = positive.iter().filter(|u| u.exp() < 2.0).count() as f64 / n as f64;
    assert!(
        (below - 0.682_689).abs() < 5.0 * 0.47 / (n as f64).sqrt(),
        "{below}"
    );
    assert!(a.iter().chain(&b).all(|u| u.abs() <= 2.0));

    for (init, positive_at) in [
        // The median of |N(0, 2²)| is 1.348980; the mean of its logarithm ln 2 − (γ + ln 2)/2.
        (Init::Median { draws: 2001 }, 1.348_980f64.ln()),
        (
            Init::Mean { draws: 2001 },
            0.5 * (2f64.ln() - 0.577_215_664_9),
        ),
    ] {
        let [wide, positive, ..] = start_columns(init, 3);
        for i in 0..3 {
            assert!((wide[i] - 3.0).abs() < 5.0 * 2.0 * 1.26 / 2001f64.sqrt());
            assert!((positive[i] - positive_at).abs() < 5.0 * 1.4 / 2001f64.sqrt());
        }
        assert!(wide[0] != wide[1] && wide[1] != wide[2]);
    }
    let [wide, ..] = start_columns(Init::median(), 50);
    assert!(wide.iter().any(|u| *u > 3.0) && wide.iter().any(|u| *u < 3.0));
    let [wide, ..] = start_columns(Init::uniform(0.1), 50);
    assert!(wide.iter().all(|u| u.abs() <= 0.1));
    let at = vec![1.0, 2.0, 0.3, -0.4];
    let columns = start_columns(Init::Value(at.clone()), 2);
    for (column, at) in columns.iter().zip(at) {
        assert_eq!(column, &[at, at]);
    }
    let model = starts();
    let none = AutoNormal::new().init(Init::Median { draws: 0 });
    let error = Svi::new(&model, none, Adam::new(0.1))
        .run(1, 0)
        .unwrap_err();
    assert!(error.to_string().contains("prior"), "{error}");
}
