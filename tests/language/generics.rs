//! Generic models and lifetimes.

use super::{check_density, draw, draw_at_cube, normal};
use ppl::models::Model;
use ppl::prelude::*;

#[model]
fn regression<const P: usize>(x: &[[f64; P]], y: &[f64]) {
    let beta: [f64; P] = sample(Normal::new(0.0, 1.0).iid());
    let alpha: f64 = sample(Normal::new(0.0, 1.0));
    observe(y, each(x, |row| Normal::new(dot(&beta, row) + alpha, 1.0)));
}

#[test]
fn a_const_generic_model_has_its_length_from_its_data() {
    let x = [[1.0, 2.0], [3.0, 4.0]];
    let u = [0.5, -0.5, 0.1];
    let prior: f64 = u.iter().map(|u| normal(*u, 0.0, 1.0)).sum();
    let likelihood = normal(1.0, -0.4, 1.0) + normal(2.0, -0.4, 1.0);
    check_density(&regression(&x, &[1.0, 2.0]), &u, prior + likelihood);
    let d: RegressionDraw<2> = draw(&regression(&x, &[1.0, 2.0]), &u);
    assert_eq!(d.beta, [0.5, -0.5]);
    assert_eq!(Regression::<'static, 5>::DIM, Some(6));
    let wide = [[0.5; 12]];
    let u = [0.1; 13];
    let prior: f64 = u.iter().map(|u| normal(*u, 0.0, 1.0)).sum();
    check_density(
        &regression(&wide, &[1.0]),
        &u,
        prior + normal(1.0, 0.7, 1.0),
    );
}

/// Something with numbers in it.
trait Table {
    fn column(&self) -> &[f64];
}
struct Owned(Vec<f64>);
impl Table for Owned {
    fn column(&self) -> &[f64] {
        &self.0
    }
}

#[model]
fn any_table<'t, T, const UNUSED: bool>(table: &'t T, scale: &'_ f64)
where
    T: Table + ?Sized,
{
    let mu: f64 = sample(Normal::new(0.0, *scale));
    let y = table.column();
    observe(y, Normal::new(mu, 1.0).iid());
}

#[test]
fn type_parameters_bounds_and_named_lifetimes_carry_over() {
    let table = Owned(vec![1.0]);
    let model: AnyTable<'_, '_, Owned, true> = any_table(&table, &2.0);
    check_density(
        &model,
        &[0.5],
        normal(0.5, 0.0, 2.0) + normal(1.0, 0.5, 1.0),
    );
    let d: AnyTableDraw = draw(&model, &[0.5]);
    assert_eq!(d.mu, 0.5);
}

struct View<'a> {
    y: &'a [f64],
}

#[model]
fn views(view: &View<'_>, transform: fn(&f64) -> f64, other: &dyn Fn(&f64) -> f64) {
    let mu: f64 = sample(Normal::new(0.0, 1.0));
    for v in view.y {
        let t = transform(v) + other(v);
        observe(t, Normal::new(mu, 1.0));
    }
}

#[test]
fn elided_lifetimes_inside_types_are_found() {
    let y = [1.0, 2.0];
    let offset = 0.5;
    let shift = |_: &f64| offset;
    let view = View { y: &y };
    let model = views(&view, |v| v * 10.0, &shift);
    let expected = normal(0.1, 0.0, 1.0) + normal(10.5, 0.1, 1.0) + normal(20.5, 0.1, 1.0);
    check_density(&model, &[0.1], expected);
}

#[model]
fn data<'data>(y: &'data [f64], z: &f64) {
    let mu: f64 = sample(Normal::new(*z, 1.0));
    observe(y, Normal::new(mu, 1.0).iid());
}

#[test]
fn a_lifetime_named_data_is_the_users() {
    let y = [1.0];
    let model = {
        let z = 2.0;
        check_density(
            &data(&y, &z),
            &[0.0],
            normal(0.0, 2.0, 1.0) + normal(1.0, 0.0, 1.0),
        );
        data(&y, &3.0).y
    };
    assert_eq!(model, y);
}

#[model]
fn typed<T>(_unused: core::marker::PhantomData<T>)
where
    T: ppl::support::ScalarLatent,
    Bernoulli<f64>: for<'x> MaybeOver<T>,
{
    let n: usize = sample(Poisson::new(2.0));
    let fixed: [f64; 2] = deterministic([Real::from(1.0), Real::from(n as f64)]);
}

trait MaybeOver<T> {}
impl<T> MaybeOver<T> for Bernoulli<f64> {}

#[test]
fn a_parameter_that_no_site_uses_is_none_of_the_draws() {
    let model = typed(core::marker::PhantomData::<bool>);
    let d: TypedDraw = draw_at_cube(&model, &[0.5]);
    assert_eq!(d.fixed, [1.0, d.n as f64]);
}
