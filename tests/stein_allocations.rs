//! A step of a variational engine allocates nothing once it runs.

use ppl::infer::stein::{
    AnyKernel, GraphicalKernel, ImqKernel, Kernel, MixtureKernel, ProbabilityProductKernel,
    RadialGaussNewtonKernel, RandomFeatureKernel, RbfKernel, SteinVi, Svgd,
};
use ppl::infer::svi::{
    Adam, AutoLowRankMultivariateNormal, AutoMultivariateNormal, AutoNormal, Elbo, GuideFor, Svi,
};
use ppl::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

struct Counting;
static COUNT: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[model]
fn line(x: &[f64], y: &[f64]) {
    let slopes: [f64; 2] = sample(Normal::new(0.0, 1.0).iid());
    let scale: f64 = sample(HalfNormal::new(1.0));
    observe(
        y,
        each(x, |x| Normal::new(slopes[0] + slopes[1] * x, scale)),
    );
}

#[guide(line)]
fn line_guide() {
    let centre: [f64; 2] = param([0.1, 0.2], Unconstrained);
    let width: f64 = param(0.1, Positive);
    let shape: f64 = param(init(Uniform::new(1.5, 3.0)), Positive);
    let slopes: [f64; 2] = sample(each(centre, |c| Normal::new(c, width)));
    let scale: f64 = sample(Gamma::new(shape, 10.0));
}

/// Allocations that 1,000 more steps add; threads may take a few to start.
fn more(name: &str, run: impl Fn(u64)) {
    let count = |steps| {
        let before = COUNT.load(Ordering::Relaxed);
        run(steps);
        COUNT.load(Ordering::Relaxed) - before
    };
    count(10);
    let (few, many) = (count(10), count(1010));
    assert!(
        many < few + 100,
        "{name}: {few} in 10 steps, {many} in 1010"
    );
}

#[test]
fn steps_allocate_nothing() {
    let x: Vec<f64> = (0..20).map(|i| 0.1 * f64::from(i)).collect();
    let y: Vec<f64> = x.iter().map(|x| 0.5 - x).collect();
    let model = line(&x, &y);
    fn stein<K: Kernel>(name: &str, model: &Line<'_>, kernel: K) {
        let stein = SteinVi::new(model, AutoNormal::new(), Adam::new(1e-3), kernel);
        more(name, |steps| {
            stein.run(steps, 1).unwrap();
        });
    }
    stein("rbf", &model, RbfKernel::default());
    stein("imq", &model, ImqKernel::default());
    stein(
        "features",
        &model,
        RandomFeatureKernel::default().bandwidth_subset(5),
    );
    stein("product", &model, ProbabilityProductKernel::default());
    stein("gauss-newton", &model, RadialGaussNewtonKernel);
    let two = MixtureKernel::<AnyKernel>::new()
        .with(0.5, RbfKernel::default())
        .with(0.5, ImqKernel::default());
    stein(
        "graphical",
        &model,
        GraphicalKernel::<MixtureKernel<AnyKernel>>::new(two),
    );

    let written = SteinVi::new(&model, line_guide(), Adam::new(1e-3), RbfKernel::default());
    let written = written.particles(4).elbo_draws(3);
    more("a written guide", |steps| {
        written.run(steps, 1).unwrap();
    });

    let svgd = Svgd::new(&model, Adam::new(1e-3), RbfKernel::default()).particles(70);
    more("svgd", |steps| {
        svgd.run(steps, 1).unwrap();
    });
    fn svi<'m, G: GuideFor<Line<'m>>>(name: &str, model: &'m Line<'m>, guide: G)
    where
        G::Guide: 'm,
    {
        let svi = Svi::new(model, guide, Adam::new(1e-3))
            .elbo(Elbo::Renyi { alpha: 0.5 })
            .elbo_draws(5);
        more(name, |steps| {
            svi.run(steps, 1).unwrap();
        });
    }
    svi("full rank", &model, AutoMultivariateNormal::new());
    svi("low rank", &model, AutoLowRankMultivariateNormal::new());
}
