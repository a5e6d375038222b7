//! Models whose latents differ from program to program, written by hand, with their exact evidences.

pub mod components;
pub mod regression;
pub mod small;

use ppl_runtime::model::{Site, SiteKind};

pub const fn site(name: &'static str, kind: SiteKind, always: bool, len: usize) -> Site {
    Site {
        name,
        kind,
        ty: "",
        line: 0,
        argument: None,
        always,
        len: Some(len),
        offset: None,
    }
}

/// ln N(x; mean, sd).
pub fn ln_normal(x: f64, mean: f64, sd: f64) -> f64 {
    let z = (x - mean) / sd;
    -0.5 * z * z - sd.ln() - 0.5 * std::f64::consts::TAU.ln()
}

/// ln Σ exp.
pub fn ln_sum(terms: &[f64]) -> f64 {
    let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    most + terms.iter().map(|t| (t - most).exp()).sum::<f64>().ln()
}

/// The rest of a hand-written `Model`, which says nothing of its own here.
macro_rules! plain_model {
    () => {
        type Latents = ();
        type Output<'a, M: ppl_runtime::real::Mode> = ();
        fn check(&self, _: &mut ppl_runtime::model::ArgumentReport) {}
        fn log_density_and_gradient(
            &self,
            e: &mut ppl_runtime::model::Evaluator,
            u: &[f64],
            g: &mut [f64],
        ) -> f64 {
            e.reverse(self, u, g)
        }
    };
}
pub(crate) use plain_model;

/// A draw whose fields are exported under their names.
macro_rules! draw {
    ($name:ident { $($field:ident: $type:ty),* }) => {
        #[derive(Clone, Debug)]
        pub struct $name { $(pub $field: $type),* }
        impl ppl_runtime::support::Export for $name {
            fn export(&self, sink: &mut impl ppl_runtime::support::Sink) {
                $(sink.field(stringify!($field), |s| self.$field.export(s));)*
            }
        }
    };
}
pub(crate) use draw;
