//! Families of vectors and matrices in models: as latents and as data, values and gradients agree in the three modes and
//! with differences, and the map from the cube is that of the prior.

use ppl::dist::*;
use ppl::models::{Evaluator, Layout, Model};
use ppl::prelude::*;

fn gradients<M: Model>(model: &M) {
    let dim = Layout::of(model).unwrap().dim;
    let mut e = Evaluator::new();
    for point in 0..3 {
        let u: Vec<f64> = (0..dim)
            .map(|i| 0.6 * f64::sin((i * 7 + point * 13) as f64))
            .collect();
        let value = e.log_density(model, &u).total();
        assert!(value.is_finite());
        let [mut whole, mut chunks, mut reverse, mut chosen] = [(); 4].map(|()| vec![0.0; dim]);
        let values = [
            e.forward::<48, _>(model, &u, &mut whole),
            e.forward::<3, _>(model, &u, &mut chunks),
            e.reverse(model, &u, &mut reverse),
            model.log_density_and_gradient(&mut e, &u, &mut chosen),
        ];
        for v in values {
            assert!(
                (v - value).abs() <= 1e-12 * value.abs().max(1.0),
                "{v} {value}"
            );
        }
        let size = whole.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
        for i in 0..dim {
            for other in [chunks[i], reverse[i], chosen[i]] {
                assert!(
                    (other - whole[i]).abs() <= 1e-12 * size,
                    "{i}: {other} {}",
                    whole[i]
                );
            }
            let mut at = |step: f64| {
                let mut v = u.clone();
                v[i] += step;
                e.log_density(model, &v).total()
            };
            let h = 1e-4;
            let slope = (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
            assert!(
                (slope - whole[i]).abs() <= 1e-7 * size,
                "{i}: {slope} {}",
                whole[i]
            );
        }
    }
}

#[model]
fn normals(rows: &[[f64; 2]], one: &[f64; 3]) {
    let mean: [f64; 2] = sample(MvNormal::covariance(0.0, [[2.0, 0.0], [0.5, 1.0]]));
    let spread: Covariance<2> = sample(InverseWishart::new(5.0, [[1.0, 0.0], [0.3, 2.0]]));
    let precision: Covariance<3> = sample(Wishart::new(
        6.0,
        [[1.0, 0.0, 0.0], [0.3, 2.0, 0.0], [0.1, 0.2, 1.0]],
    ));
    let factor: Cholesky<2> = sample(Wishart::cholesky(4.0, [[0.5, 0.0], [0.1, 0.7]]));
    let start: [f64; 3] = sample(MvNormal::precision([1.0, 0.0, -1.0], &precision));
    let heavy: [f64; 2] = sample(MultivariateStudentT::cholesky(4.0, &mean, &factor));
    let loadings: [[f64; 2]; 3] = sample(Normal::new(0.0, 1.0).iid().iid());
    let shared: [f64; 3] = sample(LowRankMvNormal::new(&start, loadings, 0.7));
    let weights: [[f64; 2]; 3] =
        sample(MatrixNormal::covariance([[0.0; 2]; 3], &precision, &spread));
    observe(rows, MvNormal::covariance(&mean, &spread).iid());
    observe(
        one,
        LowRankMvNormal::new(&shared, loadings, [0.5, 1.0, 2.0]),
    );
    let first = rows[0];
    observe(
        first,
        MultivariateStudentT::scale_matrix(mean[0].exp() + 1.0, &heavy, &spread),
    );
    let table = [[0.1, 0.2], [0.3, -0.4], [0.0, 1.0]];
    observe(
        table,
        MatrixNormal::cholesky(
            weights,
            [[1.0, 0.0, 0.0], [0.2, 1.0, 0.0], [0.0, 0.3, 1.0]],
            &factor,
        ),
    );
}

#[model]
fn series(path: &[f64], states: &[[f64; 2]], times: &[f64], graph: &Adjacency) {
    let scale: f64 = sample(HalfNormal::new(1.0));
    let memory: f64 = sample(Beta::new(2.0, 2.0));
    let walk: Vec<f64> = sample(GaussianRandomWalk::steps(scale, 4));
    let short: [f64; 3] = sample(GaussianRandomWalk::new(scale));
    let noise: f64 = sample(HalfNormal::new(1.0));
    let field: Vec<f64> = sample(Car::new(0.0, memory, scale + 0.5, graph));
    let ring: [f64; 4] = sample(CirculantNormal::new(
        0.0,
        [1.0 + noise, Real::from(0.3), 0.1 * memory],
    ));
    let hidden: Vec<[f64; 2]> = sample(
        GaussianStateSpace::cholesky(
            [
                [memory, Real::from(0.1)],
                [Real::from(0.0), Real::from(0.5)],
            ],
            [
                [Real::from(1.0), Real::from(0.0)],
                [Real::from(0.2), scale + 0.1],
            ],
        )
        .steps(3),
    );
    let sde = |x: Real, _t: f64| (memory * (walk[0] - x), noise + 0.1 * scale);
    let latent: Vec<f64> = sample(EulerMaruyama::new(times, Normal::new(0.0, 1.0), sde));
    observe(path, GaussianRandomWalk::new(noise));
    observe(
        states,
        GaussianStateSpace::covariance(
            [[memory, Real::from(0.0)], [short[0], Real::from(0.3)]],
            [
                [1.0 + noise, Real::from(0.0)],
                [Real::from(0.3), 1.0 + scale],
            ],
        ),
    );
    let (again, levels, circle) = (path, path, [0.3, -0.2, 0.5, 0.1]);
    observe(
        again,
        EulerMaruyama::new(times, Normal::new(0.0, 1.0), |x: Real, t: f64| {
            (memory * (latent[1] - x) + t, noise)
        }),
    );
    observe(levels, Car::new(&field, memory - 0.5, noise + 0.1, graph));
    observe(
        circle,
        CirculantNormal::spectrum(&ring, [Real::from(2.0), 1.0 + noise, Real::from(0.5)]),
    );
    factor(-0.1 * hidden[2][1] * hidden[0][0]);
}

#[model]
fn directions(wind: &[[f64; 2]], sky: &[UnitVector<3>], turn: &[f64]) {
    let mean: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let axis: UnitVector<3> = sample(ProjectedNormal::new(&mean));
    let concentration: f64 = sample(Gamma::new(2.0, 1.0));
    let pair: [f64; 2] = sample(SineBivariateVonMises::new((0.0, 1.0), (1.0, 2.0), 0.7));
    let skew: f64 = sample(Uniform::new(-1.0, 1.0));
    let angle: f64 = sample(SineSkewed::new(VonMises::new(0.3, concentration), 0.4));
    let both: [f64; 2] = sample(SineSkewed::new(
        SineBivariateVonMises::new((angle, 0.1), (1.0, concentration), 0.2),
        [0.3, 0.2],
    ));
    observe(
        wind,
        SineBivariateVonMises::new((pair[0], both[1]), (concentration, 1.5), skew).iid(),
    );
    observe(
        sky,
        ProjectedNormal::new([axis[0] * 2.0, axis[1] * 2.0, axis[2] * 2.0]).iid(),
    );
    observe(
        turn,
        SineSkewed::new(VonMises::new(pair[1], concentration), skew).iid(),
    );
}

#[model]
fn counts_and_maps(votes: &[[usize; 3]], words: &[usize], times: &[f64], pairs: &[[f64; 2]]) {
    let shares: Simplex<3> = sample(Dirichlet::symmetric(2.0));
    let logits: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let shape: f64 = sample(Gamma::new(3.0, 2.0));
    let location: f64 = sample(Normal::new(0.0, 1.0));
    let scale: f64 = sample(Transformed::new(
        Normal::new(location, 1.0),
        dist_softplus(),
    ));
    let tilted: [f64; 2] = sample(Transformed::new(
        Normal::new(0.0, 1.0).iid(),
        LowerAffine::new(
            location,
            [[scale, Real::from(0.0)], [Real::from(0.3), Real::from(1.0)]],
        ),
    ));
    let mixed: [f64; 2] = sample(Independent::new((
        Normal::new(location, 1.0),
        Exponential::new(shape),
    )));
    let three: [f64; 3] = sample(Independent::new([
        Gamma::new(shape, 1.0),
        Gamma::new(shape + 1.0, 2.0),
        Gamma::new(2.0 * shape, 1.0),
    ]));
    let linked: [f64; 2] = sample(GaussianCopula::new(
        [Gamma::new(shape, 1.0), Gamma::new(scale + 1.0, 2.0)],
        [[1.0, 0.0], [0.6, 1.0]],
    ));
    let wait: f64 = sample(TruncatedPolyaGamma::new(2.5));
    observe(votes, Multinomial::new(10, &shares).iid());
    let (again, more) = (votes, votes);
    observe(again, Multinomial::logits(10, &logits).iid());
    observe(
        more,
        DirichletMultinomial::new(10, [three[0] + 0.1, three[1] + 0.2, mixed[1] + 0.1]).iid(),
    );
    observe(
        words,
        BetaNegativeBinomial::new(shape, scale + 0.5, tilted[0].exp()).iid(),
    );
    observe(
        times,
        Transformed::new(Gamma::new(shape, 1.0), Power { exponent: scale }).iid(),
    );
    observe(
        pairs,
        GaussianCopula::new(
            [
                Gamma::new(linked[0] + 0.5, 1.0),
                Gamma::new(wait + 0.5, 2.0),
            ],
            [[1.0, 0.0], [-0.3, 1.0]],
        )
        .iid(),
    );
    let slow = times;
    observe(
        slow,
        Truncated::new(
            Transformed::new(Normal::new(location, scale + 0.2), Exp),
            0.1,
            9.0,
        )
        .iid(),
    );
}

fn dist_softplus() -> Softplus {
    Softplus
}

#[test]
fn normals_of_vectors_and_matrices() {
    let rows = [[0.1, 0.2], [1.0, -0.5], [2.0, 0.3]];
    gradients(&normals(&rows, &[0.3, 0.1, -0.4]));
}

#[test]
fn series_and_fields() {
    let graph = Adjacency::new(&[
        [0.0, 1.0, 0.0, 1.0],
        [1.0, 0.0, 1.0, 0.0],
        [0.0, 1.0, 0.0, 1.0],
        [1.0, 0.0, 1.0, 0.0],
    ])
    .unwrap();
    let states = [[0.1, 0.4], [0.3, -0.2], [0.5, 0.0]];
    gradients(&series(
        &[0.1, 0.5, -0.3, 0.2],
        &states,
        &[0.0, 0.5, 0.7, 1.5],
        &graph,
    ));
}

#[test]
fn directions_and_angles() {
    let sky = [UnitVector([0.6, 0.8, 0.0]), UnitVector([0.0, -0.6, 0.8])];
    gradients(&directions(
        &[[0.1, 2.0], [-3.0, 1.0]],
        &sky,
        &[0.3, -1.0, 2.9],
    ));
}

#[test]
fn counts_copulas_and_maps() {
    let votes = [[1, 2, 7], [0, 10, 0]];
    gradients(&counts_and_maps(
        &votes,
        &[0, 3, 17],
        &[0.4, 1.2, 3.0],
        &[[0.3, 1.0], [2.0, 0.1]],
    ));
}

/// A constant parameter that is no matrix of its kind is refused by name when the model is bound.
#[test]
fn matrices_that_are_none_are_refused() {
    #[model]
    fn wrong(y: &[f64; 2], m: &[[f64; 2]; 2]) {
        let x: f64 = sample(Normal::new(0.0, 1.0));
        observe(y, MvNormal::covariance(x, m));
    }
    let error = Layout::of(&wrong(&[0.0, 1.0], &[[1.0, 2.0], [2.0, 1.0]])).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("`y`")
            && message.contains("MvNormal: `covariance` must be positive definite"),
        "{message}"
    );
    #[model]
    fn counts(k: &[usize; 3]) {
        let w: Simplex<3> = sample(Dirichlet::symmetric(1.0));
        observe(k, Multinomial::new(4, &w));
    }
    let message = Layout::of(&counts(&[1, 1, 1])).unwrap_err().to_string();
    assert!(message.contains("sum to 3, but n is 4"), "{message}");
}
