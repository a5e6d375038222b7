//! Vector and matrix families in the three modes against 60-digit values (`reference/make_families_reference.py`): log densities
//! and partials by the point and by every parameter.

use ppl_runtime::dist::datum::Score;
use ppl_runtime::dist::*;
use ppl_runtime::real::{Forward, Mode, Real, Reverse, Value, tape};
use ppl_runtime::support::{
    Cholesky, CholeskyAt, Covariance, CovarianceAt, UnitVectorAt, ZeroSumAt,
};
use serde_json::Value as Json;

fn number(v: &Json) -> f64 {
    v.as_str().unwrap().parse().unwrap()
}

fn numbers(v: &Json) -> Vec<f64> {
    v.as_array().unwrap().iter().map(number).collect()
}

fn slice<M: Mode, const A: usize, const N: usize>(v: &[Real<M>; A], from: usize) -> [Real<M>; N] {
    std::array::from_fn(|i| v[from + i])
}

/// N rows of a lower triangle; NaN above the diagonal, which must not be read.
fn lower<M: Mode, const A: usize, const N: usize>(
    v: &[Real<M>; A],
    from: usize,
) -> [[Real<M>; N]; N] {
    std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            if j <= i {
                v[from + i * (i + 1) / 2 + j]
            } else {
                Real::constant(f64::NAN)
            }
        })
    })
}

/// N rows of C numbers.
fn table<M: Mode, const A: usize, const N: usize, const C: usize>(
    v: &[Real<M>; A],
    from: usize,
) -> [[Real<M>; C]; N] {
    std::array::from_fn(|i| std::array::from_fn(|j| v[from + i * C + j]))
}

/// The factor of a latent matrix has zeros above its diagonal.
fn point<M: Mode, const A: usize>(v: &[Real<M>; A]) -> [[Real<M>; 3]; 3] {
    let mut l = lower(v, 0);
    for (i, row) in l.iter_mut().enumerate() {
        row[i + 1..].fill(Real::constant(0.0));
    }
    l
}

fn compare(name: &str, row: &Json, value: f64, by: &[f64], faults: &mut Vec<String>) {
    let wanted = number(&row["value"]);
    let close = |a: f64, b: f64, scale: f64| (a - b).abs() <= scale * b.abs().max(1.0);
    if !close(value, wanted, 1e-12) {
        faults.push(format!("{name}: {value:e}, not {wanted:e}, in {row}"));
    }
    for (i, (found, wanted)) in by.iter().zip(numbers(&row["by"])).enumerate() {
        if !close(*found, wanted, 1e-10) {
            faults.push(format!(
                "{name} d/d{i}: {found:e}, not {wanted:e}, in {row}"
            ));
        }
    }
}

macro_rules! families {
    ($($name:ident, $n:literal, |$v:ident, $k:ident| $ln_p:expr;)*) => { $(
        #[test]
        fn $name() {
            fn ln_p<M: Mode>($v: [Real<M>; $n], $k: &[usize]) -> Real<M> {
                let _ = $k;
                $ln_p
            }
            let all: Json = serde_json::from_str(include_str!("reference/families.json")).unwrap();
            let rows = all[stringify!($name)].as_array().unwrap();
            assert!(rows.len() >= 12);
            let mut faults = Vec::new();
            for row in rows {
                let at: [f64; $n] = numbers(&row["in"]).try_into().unwrap();
                let k: Vec<usize> = row["k"].as_array().unwrap().iter().map(|k| k.as_u64().unwrap() as usize).collect();
                let plain = ln_p::<Value>(at.map(Real::from), &k).value();
                compare("plain", row, plain, &[], &mut faults);
                let mut i = 0;
                let forward = ln_p::<Forward<$n>>(at.map(|x| { i += 1; <Forward<$n> as Mode>::variable(x, i - 1) }), &k);
                compare("forward", row, forward.value(), &forward.gradient(), &mut faults);
                tape::begin($n);
                let mut i = 0;
                let reverse = ln_p::<Reverse>(at.map(|x| { i += 1; <Reverse as Mode>::variable(x, i - 1) }), &k);
                let value = reverse.value();
                let mut by = [0.0; $n];
                tape::gradient(reverse, &mut by);
                compare("reverse", row, value, &by, &mut faults);
            }
            assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
        }
    )* };
}

fn graph() -> Adjacency {
    Adjacency::new(&[
        [0.0, 1.0, 0.0, 2.0],
        [1.0, 0.0, 1.0, 0.5],
        [0.0, 1.0, 0.0, 1.0],
        [2.0, 0.5, 1.0, 0.0],
    ])
    .unwrap()
}

families! {
    mv_normal_covariance, 12, |v, k|
        MvNormal::covariance(slice::<_, 12, 3>(&v, 3), lower::<_, 12, 3>(&v, 6)).log_prob(&slice::<_, 12, 3>(&v, 0));
    mv_normal_precision, 12, |v, k|
        MvNormal::precision(slice::<_, 12, 3>(&v, 3), lower::<_, 12, 3>(&v, 6)).log_prob(&slice::<_, 12, 3>(&v, 0));
    multivariate_student_t, 13, |v, k|
        MultivariateStudentT::cholesky(v[3], slice::<_, 13, 3>(&v, 4), lower::<_, 13, 3>(&v, 7)).log_prob(&slice::<_, 13, 3>(&v, 0));
    low_rank, 20, |v, k|
        LowRankMvNormal::new(slice::<_, 20, 4>(&v, 4), table::<_, 20, 4, 2>(&v, 8), slice::<_, 20, 4>(&v, 16)).log_prob(&slice::<_, 20, 4>(&v, 0));
    wishart, 13, |v, k| Distribution::<M, Covariance<3>>::log_prob(&Wishart::new(v[6], lower::<_, 13, 3>(&v, 7)), &CovarianceAt::of_factor(point(&v)));
    wishart_cholesky, 13, |v, k| Distribution::<M, Cholesky<3>>::log_prob(&Wishart::new(v[6], lower::<_, 13, 3>(&v, 7)), &CholeskyAt(point(&v)));
    inverse_wishart, 13, |v, k| Distribution::<M, Covariance<3>>::log_prob(&InverseWishart::new(v[6], lower::<_, 13, 3>(&v, 7)), &CovarianceAt::of_factor(point(&v)));
    inverse_wishart_cholesky, 13, |v, k| Distribution::<M, Cholesky<3>>::log_prob(&InverseWishart::new(v[6], lower::<_, 13, 3>(&v, 7)), &CholeskyAt(point(&v)));
    matrix_normal, 21, |v, k|
        MatrixNormal::cholesky(table::<_, 21, 2, 3>(&v, 6), lower::<_, 21, 2>(&v, 12), lower::<_, 21, 3>(&v, 15)).log_prob(&table::<_, 21, 2, 3>(&v, 0));
    gaussian_random_walk, 6, |v, k| Distribution::<M, [f64; 5]>::log_prob(&GaussianRandomWalk::new(v[5]), &slice::<_, 6, 5>(&v, 0));
    car, 10, |v, k| Distribution::<M, [f64; 4]>::log_prob(&Car::new(slice::<_, 10, 4>(&v, 4), v[8], v[9], &graph()), &slice::<_, 10, 4>(&v, 0));
    circulant, 13, |v, k| CirculantNormal::new(slice::<_, 13, 5>(&v, 5), slice::<_, 13, 3>(&v, 10)).log_prob(&slice::<_, 13, 5>(&v, 0));
    circulant_spectrum, 11, |v, k| CirculantNormal::spectrum(slice::<_, 11, 4>(&v, 4), slice::<_, 11, 3>(&v, 8)).log_prob(&slice::<_, 11, 4>(&v, 0));
    gaussian_copula, 9, |v, k|
        GaussianCopula::cholesky([Weibull::new(v[2], v[3]), Weibull::new(v[4], v[5])], lower::<_, 9, 2>(&v, 6)).log_prob(&slice::<_, 9, 2>(&v, 0));
    projected_normal_2, 4, |v, k| ProjectedNormal::new(slice::<_, 4, 2>(&v, 2)).log_prob(&UnitVectorAt(slice::<_, 4, 2>(&v, 0)));
    projected_normal_3, 6, |v, k| ProjectedNormal::new(slice::<_, 6, 3>(&v, 3)).log_prob(&UnitVectorAt(slice::<_, 6, 3>(&v, 0)));
    projected_normal_5, 10, |v, k| ProjectedNormal::new(slice::<_, 10, 5>(&v, 5)).log_prob(&UnitVectorAt(slice::<_, 10, 5>(&v, 0)));
    sine_bivariate_von_mises, 7, |v, k|
        SineBivariateVonMises::new((v[2], v[3]), (v[4], v[5]), v[6]).log_prob(&[v[0], v[1]]);
    sine_skewed, 4, |v, k| SineSkewed::new(VonMises::new(v[1], v[2]), v[3]).log_prob(&v[0]);
    sine_skewed_pair, 9, |v, k|
        SineSkewed::new(SineBivariateVonMises::new((v[2], v[3]), (v[4], v[5]), v[6]), [v[7], v[8]]).log_prob(&[v[0], v[1]]);
    gaussian_state_space, 13, |v, k|
        Distribution::<M, [[f64; 2]; 3]>::log_prob(&GaussianStateSpace::cholesky(table::<_, 13, 2, 2>(&v, 6), lower::<_, 13, 2>(&v, 10)), &table::<_, 13, 3, 2>(&v, 0));
    euler_maruyama, 7, |v, k| {
        let sde = |x: Real<M>, _: f64| (v[4] * (v[5] - x), v[6] * (x * x + 1.0));
        Distribution::<M, [f64; 4]>::log_prob(&EulerMaruyama::new(&[0.0, 0.1, 0.5, 2.0], Normal::new(0.0, 1.0), sde), &slice::<_, 7, 4>(&v, 0))
    };
    transformed, 5, |v, k| {
        let bijection = Then(transformed::Softplus, Affine { shift: v[3], scale: v[4] });
        Distribution::<M, f64>::log_prob(&Transformed::new(Normal::new(v[1], v[2]), bijection), &v[0])
    };
    transformed_vector, 12, |v, k| {
        // −ln of an exponential variable.
        let inner = Transformed::new(Exponential::new(1.0), transformed::Ln).iid();
        let bijection = LowerAffine::new(slice::<_, 12, 3>(&v, 3), lower::<_, 12, 3>(&v, 6));
        Distribution::<M, [f64; 3]>::log_prob(&Transformed::new(inner, bijection), &slice::<_, 12, 3>(&v, 0))
    };
    zero_sum_normal, 5, |v, k| ZeroSumNormal::new(v[4]).log_prob(&ZeroSumAt(slice::<_, 5, 4>(&v, 0)));
    multinomial, 3, |v, k| Score::<M, [usize]>::score(&Multinomial::new(k.iter().sum::<usize>(), v), k, &bumpalo::Bump::new());
    multinomial_logits, 3, |v, k| Score::<M, [usize]>::score(&Multinomial::logits(k.iter().sum::<usize>(), v), k, &bumpalo::Bump::new());
    dirichlet_multinomial, 3, |v, k| Score::<M, [usize]>::score(&DirichletMultinomial::new(k.iter().sum::<usize>(), v), k, &bumpalo::Bump::new());
}
