//! The log density of a model at given latents, without any bijection.

use bumpalo::Bump;
use ppl::dist::datum::Datum;
use ppl::dist::distribution::{Distribution, Finite};
use ppl::models::{Elements, Has, Interpreter, Loop, Model, PerElement, Pins, Program};
use ppl::real::{Real, Value};
use ppl::support::{Latent, Reader, Seq};

/// Log prior and log likelihood at latents in order of appearance.
pub fn density_at<M: Model>(model: &M, latents: &[f64]) -> (f64, f64) {
    let arena = Bump::new();
    let mut at = AtLatents {
        rest: Reader(latents),
        arena: &arena,
        prior: 0.0,
        likelihood: 0.0,
    };
    model.run::<Value, _>(&mut at);
    assert!(at.rest.0.is_empty(), "{} numbers too many", at.rest.0.len());
    (at.prior, at.likelihood)
}

struct AtLatents<'n, 'a> {
    rest: Reader<'n>,
    arena: &'a Bump,
    prior: f64,
    likelihood: f64,
}

impl<'a> Interpreter<'a, Value> for AtLatents<'_, 'a> {
    fn sample<T: Latent, D: Distribution<Value, T>>(&mut self, _: u32, d: D) -> T::At<'a, Value> {
        let x = T::read(&mut self.rest).constant(self.arena);
        self.prior += d.log_prob(&x).value();
        x
    }
    fn observe<T: Datum<Value, D> + ?Sized, D>(&mut self, _: u32, data: &T, d: D) {
        self.likelihood += data.score(&d, self.arena).value();
    }
    fn factor(&mut self, _: u32, term: impl Into<Real<Value>>) {
        self.likelihood += term.into().value();
    }
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
        let arena = self.arena;
        Seq(arena.alloc_slice_fill_with(n, |i| f(self, i)))
    }
    fn enumerate<T: Latent<At<'a, Value> = T>, D: Finite<Value, T>>(&mut self, _: u32, _: D) -> T {
        unimplemented!("these models sum their discrete latents by hand")
    }
    fn branch<T: Latent, D: Distribution<Value, T>>(
        &mut self,
        site: u32,
        d: D,
    ) -> T::At<'a, Value> {
        self.sample(site, d)
    }
    fn plate_enumerated(&mut self, _: u32, _: usize, _: impl Fn(&mut Self, usize)) {
        unimplemented!("these models sum their discrete latents by hand")
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
        unimplemented!("these models sum their discrete latents by hand")
    }
    fn submodel<P: Program<Value>>(&mut self, _: u32, program: &P) -> P::Output<'a> {
        program.run(self)
    }
    fn enter(&mut self, _: u32) -> Loop {
        Loop::default()
    }
    fn next(&mut self, _: Loop) {}
    fn leave(&mut self, _: Loop) {}
}
