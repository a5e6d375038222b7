//! Evaluations allocate nothing: never for models of constant shape, and not once warm for data-sized ones.

use ppl::models::{Evaluator, Layout, Model};
use ppl::prelude::*;
use std::alloc::{GlobalAlloc, Layout as Memory, System};
use std::cell::Cell;

/// Counts the allocations of the thread that makes them.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Memory) -> *mut u8 {
        ALLOCATIONS.with(|n| n.set(n.get() + 1));
        // SAFETY: the caller's obligations are those of the system's allocator.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Memory) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[model]
fn constant_shape(x: &[[f64; 3]], y: &[bool]) {
    let coefs: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
    let shares: Simplex<3> = sample(Dirichlet::symmetric(2.0));
    let cuts: Ordered<2> = sample(Normal::new(0.0, 1.0).iid().ordered());
    observe(
        y,
        each(x, |row| {
            Bernoulli::logit(dot(&coefs, row) + shares[0] * cuts[1])
        }),
    );
}

#[model]
fn data_sized(y: &[f64], group: &[usize], groups: usize) {
    let spread: f64 = sample(HalfNormal::new(1.0));
    let effects: Vec<f64> = sample(Normal::new(0.0, spread).iid_n(groups));
    let errors = plate(y.len(), |i| {
        let error: f64 = sample(StudentT::new(4.0, 0.0, 1.0));
        observe(y[i], Normal::new(effects[group[i]] + error, 0.5));
        error * error
    });
    for e in errors {
        factor(-0.01 * e);
    }
}

#[model]
fn divided(y: &[f64]) {
    let mu: f64 = sample(Normal::new(0.0, 1.0));
    plate(y.len(), |i| {
        let error: f64 = sample(StudentT::new(4.0, 0.0, 1.0));
        observe(y[i], Normal::new(mu + error, 0.5));
    })
    .parallel();
}

fn allocations(mut f: impl FnMut()) -> usize {
    let before = ALLOCATIONS.with(Cell::get);
    f();
    ALLOCATIONS.with(Cell::get) - before
}

/// Allocations of 100 evaluations in each mode, after `warm` of them.
fn counts<M: Model>(model: &M, warm: usize) -> [(&'static str, usize); 4] {
    let layout = Layout::of(model).unwrap();
    let u = vec![0.1; layout.dim];
    let cube = vec![0.4; layout.cube_dim];
    let mut gradient = vec![0.0; layout.dim];
    let mut e = Evaluator::new();
    let mut sum = 0.0;
    let mut hundred = |f: &mut dyn FnMut() -> f64| {
        for _ in 0..warm {
            sum += f();
        }
        allocations(|| {
            for _ in 0..100 {
                sum += f();
            }
        })
    };
    let counts = [
        ("value", hundred(&mut || e.log_density(model, &u).total())),
        ("cube", hundred(&mut || e.log_likelihood(model, &cube))),
        (
            "forward",
            hundred(&mut || e.forward::<8, _>(model, &u, &mut gradient)),
        ),
        (
            "reverse",
            hundred(&mut || e.reverse(model, &u, &mut gradient)),
        ),
    ];
    assert!(sum.is_finite());
    counts
}

#[test]
fn none_for_constant_shapes() {
    let x: Vec<[f64; 3]> = (0..200).map(|i| [f64::from(i).sin(), 1.0, 0.5]).collect();
    let y: Vec<bool> = (0..200).map(|i| i % 3 == 0).collect();
    let model = constant_shape(&x, &y);
    for (mode, n) in counts(&model, 0) {
        // The tape of reverse mode belongs to the thread and grows once.
        let once = if mode == "reverse" { 64 } else { 0 };
        assert!(n <= once, "{mode}: {n} allocations");
    }
    for (mode, n) in counts(&model, 1) {
        assert_eq!(n, 0, "{mode}");
    }
}

#[test]
fn none_once_warm_for_data_sized_models() {
    let y: Vec<f64> = (0..300).map(|i| f64::from(i).cos()).collect();
    let group: Vec<usize> = (0..300).map(|i| i % 12).collect();
    for (mode, n) in counts(&data_sized(&y, &group, 12), 3) {
        assert_eq!(n, 0, "{mode}");
    }
}

/// The parts of an evaluation keep their memory, as the whole does.
#[test]
fn parts_allocate_nothing_once_warm() {
    let y = [0.3; 100];
    let model = divided(&y);
    let u = vec![0.1; Layout::of(&model).unwrap().dim];
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.unwrap().install(|| {
        let mut e = Evaluator::new();
        let mut gradient = vec![0.0; u.len()];
        let mut evaluate = || {
            model.log_density_and_gradient(&mut e, &u, &mut gradient);
            e.log_likelihood(&model, &[0.3; 101]);
        };
        (0..3).for_each(|_| evaluate());
        assert_eq!(allocations(evaluate), 0);
    });
}
