//! The statements of `#[model]` as functions that nothing can call: so that an editor knows them, and so that one
//! used outside a model is told so.

/// What only the body of a `#[model]` function has.
#[diagnostic::on_unimplemented(
    message = "`sample`, `impute`, `observe`, `factor`, `deterministic`, `plate`, `markov` and `submodel` are statements of `#[model]`, `param` of `#[guide]`",
    label = "outside a model",
    note = "annotate the function with `#[model]`; a helper function takes and returns values: `fn softplus<M: Mode>(x: Real<M>) -> Real<M>`"
)]
pub trait InsideModel {}

/// `let name: Type = sample(distribution);` A latent, named by its variable; `f64` without an annotation.
pub fn sample<D, T>(_distribution: D) -> T
where
    (D, T): InsideModel,
{
    unreachable!("`sample` is a statement of `#[model]`")
}

/// `let name: Vec<f64> = impute(data, distribution);` Data whose missing elements are latents: what is `Some` is
/// observed, what is `None` is sampled, and the value is the whole.
pub fn impute<X, D, T>(_data: X, _distribution: D) -> T
where
    (X, D, T): InsideModel,
{
    unreachable!("`impute` is a statement of `#[model]`")
}

/// `observe(data, distribution);` Data, named by their variable. A `None` adds nothing to the density and is
/// simulated in prediction.
pub fn observe<T, D>(_data: T, _distribution: D)
where
    (T, D): InsideModel,
{
}

/// `factor(term);` A term of the log likelihood.
pub fn factor<T>(_term: T)
where
    (T,): InsideModel,
{
}

/// `let name: Type = deterministic(value);` A named value that is recorded with the draw.
pub fn deterministic<T, U>(_value: T) -> U
where
    (T, U): InsideModel,
{
    unreachable!("`deterministic` is a statement of `#[model]`")
}

/// `plate(n, |i| { .. });` Conditionally independent elements; sites inside become vectors of the draw.
pub fn plate<F, R>(_n: usize, _element: F) -> R
where
    (F, R): InsideModel,
{
    unreachable!("`plate` is a statement of `#[model]`")
}

/// `markov(n, init, |t, prev| { .. next });` A chain of `n` steps. Enumerated states are summed by forward recursion;
/// sites inside become vectors of the draw.
pub fn markov<S, F>(_n: usize, _init: S, _step: F)
where
    (S, F): InsideModel,
{
}

/// `let name = submodel(model(..));` A model inside the model: its draw is the field `name`, its value what its
/// function returns.
pub fn submodel<P, R>(_program: P) -> R
where
    (P, R): InsideModel,
{
    unreachable!("`submodel` is a statement of `#[model]`")
}

/// `let name: Type = param(init, constraint);` A parameter of a guide: where it starts, or [`init`](crate::models::init)
/// with a distribution, and where its values lie (the real line if nothing is said).
pub fn param<I, C, T>(_init: I, _constraint: C) -> T
where
    (I, C, T): InsideModel,
{
    unreachable!("`param` is a statement of `#[guide]`")
}
