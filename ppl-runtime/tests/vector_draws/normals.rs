//! Normals and their like.

use super::*;

#[test]
fn normals_of_vectors() {
    let at = [1.0, -2.0, 0.5];
    moments::<[f64; 3]>("covariance", &MvNormal::covariance(at, S), &at, &rows(S));
    moments::<[f64; 3]>(
        "precision",
        &MvNormal::precision(at, inverse(S)),
        &at,
        &rows(S),
    );
    let w = [[1.0, 0.3], [-0.5, 0.8], [0.2, 0.0]];
    let low: [[f64; 3]; 3] = std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            (0..2).map(|k| w[i][k] * w[j][k]).sum::<f64>() + if i == j { 0.4 } else { 0.0 }
        })
    });
    moments::<[f64; 3]>(
        "low rank",
        &LowRankMvNormal::new(at, w, 0.4),
        &at,
        &rows(low),
    );
    let t = MultivariateStudentT::scale_matrix(9.0, at, S);
    moments::<[f64; 3]>(
        "student t",
        &t,
        &at,
        &rows(S.map(|r| r.map(|x| x * 9.0 / 7.0))),
    );
    // A heavy tail along a direction is a t of its own.
    let heavy = MultivariateStudentT::scale_matrix(1.5, at, S);
    let scale = (S[0][0] + S[2][2] + 2.0 * S[0][2]).sqrt();
    follows::<[f64; 3]>(
        "student t",
        &heavy,
        |x| x[0] + x[2],
        |x| <StudentT as family::Family<3>>::cdf(x, &[1.5, 1.5, scale]),
    );
}

#[test]
fn normals_with_structure() {
    let walk: Vec<Vec<f64>> = (0..4)
        .map(|s| {
            (0..4)
                .map(|t| 0.25 * (1 + usize::min(s, t)) as f64)
                .collect()
        })
        .collect();
    moments::<[f64; 4]>(
        "random walk",
        &GaussianRandomWalk::new(0.5),
        &[0.0; 4],
        &walk,
    );
    let ring: [[f64; 5]; 5] = std::array::from_fn(|i| {
        std::array::from_fn(|j| [2.0, 0.7, -0.2][i.abs_diff(j).min(5 - i.abs_diff(j))])
    });
    let at = [1.0, 2.0, 3.0, 4.0, 5.0];
    moments::<[f64; 5]>(
        "circulant",
        &CirculantNormal::new(at, [2.0, 0.7, -0.2]),
        &at,
        &rows(ring),
    );
    let graph = Adjacency::new(&[[0.0, 1.0, 2.0], [1.0, 0.0, 0.5], [2.0, 0.5, 0.0]]).unwrap();
    let (a, tau) = (0.7, 2.0);
    let precision = [
        [tau * 3.0, -tau * a, -tau * a * 2.0],
        [-tau * a, tau * 1.5, -tau * a * 0.5],
        [-tau * a * 2.0, -tau * a * 0.5, tau * 2.5],
    ];
    moments::<[f64; 3]>(
        "car",
        &Car::new(at[0], a, tau, &graph),
        &[1.0; 3],
        &rows(inverse(precision)),
    );
    // Covariances of rows times covariances of columns.
    let (r, c) = ([[1.0, 0.6], [0.6, 2.0]], [[0.5, -0.2], [-0.2, 0.9]]);
    let both: [[f64; 4]; 4] =
        std::array::from_fn(|p| std::array::from_fn(|q| r[p / 2][q / 2] * c[p % 2][q % 2]));
    moments::<[[f64; 2]; 2]>(
        "matrix",
        &MatrixNormal::covariance([[1.0, 2.0], [3.0, 4.0]], r, c),
        &at[..4],
        &rows(both),
    );
    // x₀ = ε₀, x₁ = A ε₀ + ε₁.
    let t = [[0.8, 0.3], [-0.1, 0.5]];
    let states = GaussianStateSpace::covariance(t, c);
    let noise = |i: usize, j: usize| c[i][j];
    let image = |i: usize, j: usize| (0..2).map(|k| t[i][k] * noise(k, j)).sum::<f64>();
    let after =
        |i: usize, j: usize| noise(i, j) + (0..2).map(|k| image(i, k) * t[j][k]).sum::<f64>();
    let both: [[f64; 4]; 4] = std::array::from_fn(|p| {
        std::array::from_fn(|q| match (p / 2, q / 2) {
            (0, 0) => noise(p, q),
            (1, 0) => image(p - 2, q),
            (0, 1) => image(q - 2, p),
            _ => after(p - 2, q - 2),
        })
    });
    moments::<[[f64; 2]; 2]>("state space", &states, &[0.0; 4], &rows(both));
    // dx = −x dt + 2 dW over one step of 0.5 halves the start.
    let path = EulerMaruyama::new(
        &[0.0, 0.5],
        Normal::new(1.0, 1.0),
        |x: Real<Value>, _: f64| (-x, Real::from(2.0)),
    );
    moments::<[f64; 2]>(
        "euler",
        &path,
        &[1.0, 0.5],
        &[vec![1.0, 0.5], vec![0.5, 0.25 + 2.0]],
    );
}
