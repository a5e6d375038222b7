//! Kernels made of others.

use super::*;

#[test]
fn mixtures() {
    let h = bandwidth(0..DIM);
    let rbf = |x: &[f64], y: &[f64]| (-squared(x, y) / h).exp();
    let kernel = MixtureKernel::<AnyKernel>::new()
        .with(0.3, RbfKernel::default())
        .with(1.7, LinearKernel);
    closed_form(
        "mixture",
        &kernel,
        |x, y| {
            let line = 1.0 + x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
            [0.3 * rbf(x, y) + 1.7 * line; DIM]
        },
        |x, y| std::array::from_fn(|c| -0.6 * (x[c] - y[c]) / h * rbf(x, y) + 1.7 * y[c]),
    );
    let none = MixtureKernel::<RbfKernel>::new();
    assert!(begin(&none).is_err());
    assert!(begin(&none.with(-1.0, RbfKernel::default())).is_err());
}

#[test]
fn graphical() {
    let kernel =
        GraphicalKernel::<AnyKernel>::new(RbfKernel::default()).parameter("b_loc", LinearKernel);
    let (h_a, h_scale) = (bandwidth(0..1), bandwidth(2..4));
    let value = |x: &[f64], y: &[f64]| {
        let a = (-squared(&x[..1], &y[..1]) / h_a).exp();
        let scale = (-squared(&x[2..], &y[2..]) / h_scale).exp();
        [a, x[1] * y[1] + 1.0, scale, scale]
    };
    closed_form("graphical", &kernel, value, |x, y| {
        let k = value(x, y);
        let rbf = |c: usize, h: f64| -2.0 * (x[c] - y[c]) / h * k[c];
        [rbf(0, h_a), y[1], rbf(2, h_scale), rbf(3, h_scale)]
    });
    let wrong = GraphicalKernel::<AnyKernel>::new(LinearKernel).parameter("c_loc", LinearKernel);
    let error = begin(&wrong).unwrap_err().to_string();
    assert!(
        error.contains("`c_loc`") && error.contains("`ab_scale`"),
        "{error}"
    );
}
