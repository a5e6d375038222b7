//! Models without the macro, of one real latent: what it might write, and what it would not.

use ppl::__private::{Site, SiteKind};

/// A site of `len` coordinates; one without need not be met.
pub const fn site(name: &'static str, kind: SiteKind, len: usize) -> Site {
    Site {
        name,
        kind,
        ty: "",
        line: 0,
        argument: None,
        always: len > 0,
        len: Some(len),
        offset: None,
    }
}

macro_rules! written_by_hand {
    ($name:ident, $sites:expr, |$this:ident, $i:ident| $body:block) => {
        impl Model for $name {
            type Draw = f64;
            type Latents = ();
            type Output<'a, M: Mode> = ();
            const NAME: &'static str = stringify!($name);
            const SITES: &'static [Site] = &$sites;
            fn run<'a, M: Mode, I: Interpreter<'a, M>>(&self, $i: &mut I) {
                let $this = self;
                $body
            }
            fn decode(frame: Frame<'_>) -> f64 {
                frame.one::<f64>(0)
            }
            fn check(&self, _: &mut ArgumentReport) {}
            fn log_density_and_gradient(&self, e: &mut Evaluator, u: &[f64], g: &mut [f64]) -> f64 {
                e.reverse(self, u, g)
            }
        }
    };
}
