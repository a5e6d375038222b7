//! What is made of distributions: densities integrate to one, gradients are those of differences, and the map from
//! the cube has the density.

use bumpalo::Bump;
use ppl_runtime::dist::datum::Score;
use ppl_runtime::dist::source::Source;
use ppl_runtime::dist::univariate::Univariate;
use ppl_runtime::dist::*;
use ppl_runtime::real::{Forward, Mode, Real, Value};

/// One coordinate of the cube.
struct At(f64);

impl<M: Mode> Source<M> for At {
    const UNCONSTRAINED: bool = false;
    const PRIOR: bool = false;
    const SIMULATES: bool = false;
    type Mark = ();
    fn scalar<const P: usize>(&mut self, d: &impl Univariate<M, P>) -> Real<M> {
        let _ = d;
        Real::constant(f64::NAN)
    }
    fn discrete(&mut self, quantile: impl FnOnce(f64) -> f64) -> f64 {
        quantile(self.0)
    }
    fn branch(&mut self, quantile: impl FnOnce(f64) -> f64) -> f64 {
        quantile(self.0)
    }
    fn mark(&self) {}
    fn rewind(&mut self, _: ()) {}
    fn jacobian(&self) -> Option<Real<M>> {
        None
    }
    fn uniform(&mut self) -> f64 {
        self.0
    }
    fn coordinate(&mut self) -> Real<M> {
        Real::constant(f64::NAN)
    }
    fn add_jacobian(&mut self, _: Real<M>) {}
}

const K: usize = 4;
type G = Forward<K>;

/// Gradients by the point and the parameters against central differences of the plain value.
fn gradient(
    name: &str,
    x: f64,
    p: [f64; K],
    plain: impl Fn(Real<Value>, [Real<Value>; K]) -> Real<Value>,
    forward: impl Fn(Real<G>, [Real<G>; K]) -> Real<G>,
) {
    let value = |x: f64, p: [f64; K]| plain(Real::from(x), p.map(Real::from)).value();
    let variables: [Real<G>; K] = std::array::from_fn(|i| G::variable(p[i], i));
    let found = forward(Real::constant(x), variables);
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs().max(1.0);
    assert!(close(found.value(), value(x, p)), "{name}: modes differ");
    let check = |what: &str, found: f64, difference: &dyn Fn(f64) -> f64| {
        let h = 1e-4;
        let slope = |h: f64| (difference(h) - difference(-h)) / (2.0 * h);
        let wanted = (4.0 * slope(h) - slope(2.0 * h)) / 3.0;
        let good = (found - wanted).abs() <= 1e-7 * wanted.abs().max(1.0);
        assert!(
            good,
            "{name} d/d{what} at {x}: {found}, by differences {wanted}"
        );
    };
    for i in 0..K {
        let moved = |h: f64| {
            let mut q = p;
            q[i] += h;
            value(x, q)
        };
        check(&i.to_string(), found.gradient()[i], &moved);
    }
    let by_x = forward(G::variable(x, 0), p.map(Real::constant)).gradient()[0];
    check("x", by_x, &|h| value(x + h, p));
}

macro_rules! continuous {
    ($name:ident, $p:expr, points: $points:expr, |$v:ident| $d:expr) => {
        #[test]
        fn $name() {
            fn log_prob<M: Mode>(x: Real<M>, $v: [Real<M>; K]) -> Real<M> {
                Distribution::<M, f64>::log_prob(&$d, &x)
            }
            fn quantile(u: f64, $v: [Real<Value>; K]) -> f64 {
                Distribution::<Value, f64>::draw(&$d, &mut At(u), &Bump::new()).value()
            }
            let p = $p;
            for x in $points {
                gradient(stringify!($name), x, p, log_prob::<Value>, log_prob::<G>);
            }
            // The map from the cube rises with slope 1/p(x).
            let (mut last, h) = (f64::NEG_INFINITY, 1e-6);
            for i in 1..200 {
                let u = f64::from(i) / 200.0;
                let v = p.map(Real::from);
                let x = quantile(u, v);
                assert!(x >= last, "{u}: {x} after {last}");
                last = x;
                let width = quantile(u + h, v) - quantile(u - h, v);
                let ln_p = log_prob::<Value>(Real::from(x), v).value();
                let product = ln_p.exp() * width / (2.0 * h);
                assert!((product - 1.0).abs() < 1e-4, "u = {u}, x = {x}: {product}");
            }
        }
    };
}

continuous!(truncated_both_sides, [0.3, 1.5, -1.0, 2.0], points: [-0.9, 0.0, 1.9],
    |v| Truncated::new(Normal::new(v[0], v[1]), v[2], v[3]));
continuous!(truncated_in_the_upper_tail, [0.0, 1.0, 9.0, 0.0], points: [9.01, 9.5, 12.0],
    |v| Truncated::new(Normal::new(v[0], v[1]), v[2], f64::INFINITY));
continuous!(truncated_gamma, [2.5, 1.5, 1.0, 6.0], points: [1.1, 3.0, 5.5],
    |v| Truncated::new(Gamma::new(v[0], v[1]), v[2], v[3]));
continuous!(truncated_student_t, [3.0, 0.5, 2.0, 1.0], points: [-20.0, 0.0, 0.9],
    |v| Truncated::new(StudentT::new(v[0], v[1], v[2]), f64::NEG_INFINITY, v[3]));
continuous!(truncated_beta, [2.0, 5.0, 0.1, 0.5], points: [0.11, 0.3, 0.49],
    |v| Truncated::new(Beta::new(v[0], v[1]), v[2], v[3]));
continuous!(folded_normal, [0.7, 1.5, 0.0, 0.0], points: [0.01, 1.0, 4.0],
    |v| Folded::new(Normal::new(v[0], v[1])));
continuous!(folded_gumbel, [0.7, 1.5, 0.0, 0.0], points: [0.01, 1.0, 4.0],
    |v| Folded::new(Gumbel::new(v[0], v[1])));
continuous!(mixture_of_one_family, [0.5, 1.5, -1.0, 0.7], points: [-3.0, 0.0, 2.0],
    |v| Mixture::new([v[0], v[1]], [Normal::new(v[2], v[3]), Normal::new(v[1], v[0])]));
continuous!(mixture_of_two_families, [0.4, 3.0, 2.0, 0.7], points: [0.3, 1.0, 5.0],
    |v| MixtureOf::new(v[0], Gamma::new(v[1], v[2]), LogNormal::new(1.0, v[3])));

#[test]
fn far_truncations_keep_their_digits() {
    // ln φ(9.5) − ln(1 − Φ(9)), by mpmath at 30 digits.
    let d = Truncated::new(Normal::new(0.0, 1.0), 9.0, f64::INFINITY);
    let p = Distribution::<Value, f64>::log_prob(&d, &Real::from(9.5)).value();
    assert!((p - -2.415_789_419_872_557).abs() < 1e-12, "{p}");
    for u in [1e-300, 0.5, 1.0 - 1e-16] {
        let x = Distribution::<Value, f64>::draw(&d, &mut At(u), &Bump::new()).value();
        assert!((9.0..15.0).contains(&x), "{u}: {x}");
    }
}

#[test]
fn censored_probabilities_and_gradients() {
    fn log_prob<M: Mode>(x: Real<M>, v: [Real<M>; K]) -> Real<M> {
        let d = Censored::new(Weibull::new(v[0], v[1]), v[2], v[3]);
        Distribution::<M, f64>::log_prob(&d, &x)
    }
    let p = [1.5, 2.0, 0.5, 3.0];
    for x in [0.4, 1.0, 2.9, 3.1] {
        gradient("censored", x, p, log_prob::<Value>, log_prob::<G>);
    }
    let value = |x: f64| {
        log_prob::<Value>(Real::from(x), p.map(Real::from))
            .value()
            .exp()
    };
    let n = 200_000;
    let h = 2.5 / f64::from(n);
    let inside: f64 = (0..n)
        .map(|i| value(0.5 + h * (f64::from(i) + 0.5)) * h)
        .sum();
    assert!((value(0.0) + inside + value(4.0) - 1.0).abs() < 1e-9);
}

#[test]
fn intervals_add_up() {
    let d = IntervalCensored::new(StudentT::new(3.0, 0.0, 1.0));
    let p = |x: [f64; 2]| {
        Score::<Value, [f64; 2]>::score(&d, &x, &Bump::new())
            .value()
            .exp()
    };
    let cuts = [f64::NEG_INFINITY, -50.0, -1.0, 0.2, 8.0, f64::INFINITY];
    let sum: f64 = cuts.windows(2).map(|w| p([w[0], w[1]])).sum();
    assert!((sum - 1.0).abs() < 1e-14);
}

macro_rules! counts {
    ($name:ident, $p:expr, |$v:ident| $d:expr) => {
        #[test]
        fn $name() {
            fn log_prob<M: Mode>(k: usize, $v: [Real<M>; K]) -> Real<M> {
                Distribution::<M, usize>::log_prob(&$d, &k)
            }
            fn quantile(u: f64, $v: [Real<Value>; K]) -> usize {
                Distribution::<Value, usize>::draw(&$d, &mut At(u), &Bump::new())
            }
            let (p, v) = ($p, $p.map(Real::from));
            for k in [0, 1, 4] {
                gradient(
                    stringify!($name),
                    1.0,
                    p,
                    |_, v| log_prob::<Value>(k, v),
                    |_, v| log_prob::<G>(k, v),
                );
            }
            // The quantile steps where the sum of probabilities does.
            let mut sum = 0.0;
            for k in 0..60 {
                let next = sum + log_prob::<Value>(k, v).value().exp();
                if next - sum > 1e-9 {
                    assert_eq!(quantile(sum + 1e-3 * (next - sum), v), k);
                    assert_eq!(quantile(next - 1e-3 * (next - sum), v), k);
                }
                sum = next;
            }
            assert!((sum - 1.0).abs() < 1e-12, "{sum}");
        }
    };
}

counts!(zero_inflated_poisson, [0.3, 2.0, 0.0, 0.0], |v| {
    ZeroInflated::new(v[0], Poisson::new(v[1]))
});
counts!(hurdle_negative_binomial, [0.3, 2.0, 6.0, 0.0], |v| {
    Hurdle::new(v[0], NegativeBinomial::mean(v[1], v[2]))
});

counts!(ordered_logistic, [0.3, -1.0, 0.5, 2.0], |v| {
    OrderedLogistic::new(v[0], [v[1], v[2], v[3], v[3] + 0.5])
});

#[test]
fn ordered_logistic_keeps_its_digits_in_the_tails() {
    let ln_p = |k: usize, eta: f64, cuts: [f64; 2]| {
        Distribution::<Value, usize>::log_prob(&OrderedLogistic::new(eta, cuts), &k).value()
    };
    // mpmath at 50 digits.
    for (found, wanted) in [
        (ln_p(1, 0.0, [40.0, 41.0]), -40.458_675_145_387_08),
        (ln_p(1, 700.0, [0.0, 1.0]), -699.458_675_145_387_1),
        (ln_p(1, 0.0, [1.0, 1.0 + 1e-10]), -24.652_374_222_259_64),
        (ln_p(2, 700.0, [0.0, 1.0]), -(-699f64).exp()),
    ] {
        assert!(
            (found - wanted).abs() <= 1e-12 * wanted.abs(),
            "{found}, not {wanted}"
        );
    }
}

#[test]
fn weights_and_masks() {
    let x = Real::<Value>::from(0.7);
    let one = Distribution::<Value, f64>::log_prob(&Normal::new(0.0, 1.0), &x).value();
    let d = Normal::new(0.0, 1.0);
    let twice = Distribution::<Value, f64>::log_prob(&d.scaled(2.0), &x).value();
    assert_eq!(twice, 2.0 * one);
    assert_eq!(
        Distribution::<Value, f64>::log_prob(&d.masked(false), &x).value(),
        0.0
    );
    assert_eq!(
        Distribution::<Value, f64>::log_prob(&d.masked(true), &x).value(),
        one
    );
    let mut report = report::Report::default();
    Distribution::<Value, f64>::check(&d.scaled(2.0), &mut report);
    assert!(report.is_done());
    let mut report = report::Report::default();
    Distribution::<Value, f64>::check_observation(&d.scaled(-1.0), &0.0, &mut report);
    assert!(report.is_done());
}

#[test]
fn improper_priors_say_so() {
    let mut report = report::Report::default();
    Distribution::<Value, f64>::check(&ImproperUniform::above(1.0), &mut report);
    assert_eq!(
        (report.is_done(), report.is_improper()),
        (false, Some("ImproperUniform"))
    );
    let x =
        Distribution::<Value, f64>::draw(&ImproperUniform::above(1.0), &mut At(0.3), &Bump::new());
    assert!(x.value() > 1.0);
}
