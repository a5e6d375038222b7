//! What a model returns, seen by an interpreter of our own.

use ppl::dist::datum::Datum;
use ppl::dist::distribution::{Distribution, Finite};
use ppl::dist::impute::Incomplete;
use ppl::models::{Elements, Has, Interpreter, Loop, Model, PerElement, Pins, Program};
use ppl::prelude::*;
use ppl::real::Value;
use ppl::support::{Latent, Reader, Seq};

/// Gives every latent the next numbers; has no loops.
struct Given<'n>(Reader<'n>, bumpalo::Bump);

impl<'a> Interpreter<'a, Value> for &'a Given<'_> {
    fn sample<T: Latent, D: Distribution<Value, T>>(
        &mut self,
        site: u32,
        _: D,
    ) -> T::At<'a, Value> {
        let mut rest = Reader(&self.0.0[site as usize..]);
        T::read(&mut rest).constant(&self.1)
    }
    fn observe<T: Datum<Value, D> + ?Sized, D>(&mut self, _: u32, _: &T, _: D) {}
    fn factor(&mut self, _: u32, _: impl Into<Real<Value>>) {}
    fn deterministic<T: Latent>(
        &mut self,
        _: u32,
        x: impl Into<T::At<'a, Value>>,
    ) -> T::At<'a, Value> {
        x.into()
    }
    fn plate<R: Copy + 'a>(
        &mut self,
        _: u32,
        n: usize,
        f: impl Fn(&mut Self, usize) -> R,
    ) -> Seq<'a, R> {
        Seq(self.1.alloc_slice_fill_with(n, |i| f(self, i)))
    }
    fn enumerate<T: Latent<At<'a, Value> = T>, D: Finite<Value, T>>(&mut self, _: u32, _: D) -> T {
        unimplemented!("no enumerated sites")
    }
    fn branch<T: Latent, D: Distribution<Value, T>>(
        &mut self,
        site: u32,
        d: D,
    ) -> T::At<'a, Value> {
        self.sample(site, d)
    }
    fn plate_enumerated(&mut self, _: u32, _: usize, _: impl Fn(&mut Self, usize)) {
        unimplemented!("no enumerated sites")
    }
    fn plate_of<W: PerElement<f64>, K: PerElement<bool>, R>(
        &mut self,
        _: u32,
        _: usize,
        _: Elements<W, K>,
        _: Has,
        _: impl Fn(&mut Self, usize) -> R,
    ) {
        unimplemented!("no weighted plates")
    }
    fn impute<T: Latent, X: Incomplete<Value, T, D> + ?Sized, D>(
        &mut self,
        _: u32,
        _: &X,
        _: D,
    ) -> T::At<'a, Value> {
        unimplemented!("no missing data")
    }
    fn given<R>(&mut self, _: &Pins, _: impl FnOnce(&mut Self) -> R) -> R {
        unimplemented!("nothing is given")
    }
    fn markov<S: Copy + PartialEq + 'a>(
        &mut self,
        _: u32,
        _: usize,
        _: S,
        _: impl Fn(&mut Self, usize, S) -> S,
    ) {
        unimplemented!("no chains")
    }
    fn submodel<P: Program<Value>>(&mut self, _: u32, _: &P) -> P::Output<'a> {
        unimplemented!("no submodels")
    }
    fn enter(&mut self, _: u32) -> Loop {
        unimplemented!("no loops")
    }
    fn next(&mut self, _: Loop) {}
    fn leave(&mut self, _: Loop) {}
}

fn run<'a, M: Model>(model: &M, given: &'a Given<'_>) -> M::Output<'a, Value> {
    model.run::<Value, _>(&mut { given })
}

#[model]
fn scalar() -> f64 {
    let a: f64 = sample(Normal::new(0.0, 1.0));
    2.0 * a
}

#[model]
fn tuple(early: bool) -> (f64, ([f64; 2], usize)) {
    let a: f64 = sample(Normal::new(0.0, 1.0));
    if early {
        return (a, ([a, a], 0));
    }
    let k: usize = sample(Poisson::new(1.0));
    (a, ([a + 1.0, a * a], k))
}

#[model]
fn vector(n: usize) -> Vec<f64> {
    plate(n, |i| {
        let x: f64 = sample(Normal::new(i as f64, 1.0));
        x + i as f64
    })
}

#[test]
fn a_return_type_is_the_form_of_a_plain_type() {
    let given = Given(Reader(&[1.5, 4.0]), bumpalo::Bump::new());
    assert_eq!(run(&scalar(), &given).value(), 3.0);
    let (a, ([b, c], k)) = run(&tuple(false), &given);
    assert_eq!((a.value(), b.value(), c.value(), k), (1.5, 2.5, 2.25, 4));
    assert_eq!(run(&tuple(true), &given).1.1, 0);
    let xs: Vec<f64> = run(&vector(3), &given).iter().map(|x| x.value()).collect();
    assert_eq!(xs, [4.0, 5.0, 6.0]);
}
