//! Guides that are taken apart against the same guides run statement by statement.

use super::*;
use ppl::models::Guide;

#[model]
fn several(y: &[f64]) {
    let shares: [f64; 2] = sample(Beta::new(2.0, 3.0).iid());
    let scale: f64 = sample(Gamma::new(2.0, 1.0));
    let centres: [f64; 3] = sample(Normal::new(0.0, 2.0).iid());
    let shifts: Vec<f64> = sample(Normal::new(0.0, 1.0).iid_n(y.len()));
    observe(
        y,
        each(0..y.len(), |i| {
            Normal::new(centres[i % 3] + shares[0] * shares[1] * shifts[i], scale)
        }),
    );
}

/// Its latents in another order than the model has them, none of them read.
#[guide(several)]
fn several_apart(y: &[f64]) {
    let centre: [f64; 3] = param(init(Normal::new(0.0, 1.0).iid()));
    let width: f64 = param(init(Uniform::new(0.2, 0.9)), Positive);
    let shape: f64 = param(init(Uniform::new(1.5, 3.0)), Positive);
    let left: f64 = param(init(Uniform::new(0.7, 20.0)), Positive);
    let shifts: Vec<f64> = sample(Normal::new(centre[0], width).iid_n(y.len()));
    let centres: [f64; 3] = sample(Normal::new(&centre, 2.0 * width));
    let scale: f64 = sample(Gamma::new(shape + width, 10.0));
    let shares: [f64; 2] = sample(each([left, shape], |a| Beta::new(a, shape * width)));
}

/// The same, but one is read.
#[guide(several)]
fn several_together(y: &[f64]) {
    let centre: [f64; 3] = param(init(Normal::new(0.0, 1.0).iid()));
    let width: f64 = param(init(Uniform::new(0.2, 0.9)), Positive);
    let shape: f64 = param(init(Uniform::new(1.5, 3.0)), Positive);
    let left: f64 = param(init(Uniform::new(0.7, 20.0)), Positive);
    let shifts: Vec<f64> = sample(Normal::new(centre[0], width).iid_n(y.len()));
    let centres: [f64; 3] = sample(Normal::new(&centre, 2.0 * width));
    let scale: f64 = sample(Gamma::new(shape + width, 10.0));
    let shares: [f64; 2] = sample(each([left, shape], |a| Beta::new(a, shape * width)));
    let _unused = scale;
}

/// A guide that reads none of its latents is taken apart into univariate distributions; the same one run statement by
/// statement gives the same draws and gradients.
#[test]
fn guides_taken_apart() {
    const { assert!(CoinGuide::INDEPENDENT && SeveralApart::INDEPENDENT) };
    const { assert!(!SeveralTogether::INDEPENDENT) };
    let y = [0.3, -1.2, 0.8, 2.0];
    let model = several(&y);
    fn states<'m, G>(model: &'m Several<'m>, guide: G) -> [Vec<f64>; 4]
    where
        G: Guide<Latents = SeveralLatents> + 'm,
    {
        let adam = Adam::new(0.02);
        let stein = SteinVi::new(model, guide.clone(), adam, RbfKernel::default());
        let fit = stein.particles(4).elbo_draws(3).run(60, 1).unwrap();
        let svi = |elbo| {
            let svi = Svi::new(model, guide.clone(), adam)
                .elbo(elbo)
                .elbo_draws(3);
            svi.run(60, 1).unwrap().state().values.clone()
        };
        let draws = fit.draws(5, 2).unwrap();
        let drawn = draws
            .iter()
            .flat_map(|d| [d.shares[1], d.centres[2], d.scale]);
        let at = fit.log_density(&[0.2, 0.4, 1.5, 0.3, -0.4, 0.5, 0.1, 0.2, 0.3, 0.4]);
        [
            fit.state().values.clone(),
            svi(Elbo::Trace),
            svi(Elbo::Renyi { alpha: 0.5 }),
            drawn.chain([at]).collect(),
        ]
    }
    let (apart, together) = (
        states(&model, several_apart(&y)),
        states(&model, several_together(&y)),
    );
    for (apart, together) in apart.iter().zip(together) {
        assert_eq!(apart.len(), together.len());
        for (a, b) in apart.iter().zip(together) {
            // Beta's derivatives are quadratures, good to 1e-9; 60 steps add up.
            assert!((a - b).abs() < 1e-6 * b.abs().max(1.0), "{a} {b}");
        }
    }
}
