//! The `#[model]` and `#[guide]` attributes of `ppl`.
//!
//! The stages: `parse` (attribute, signature, body), `lower` (to the typed representation in `ir`), `check` (one
//! function a rule, all errors at once), `expand` (the generated code).

use proc_macro::TokenStream;

mod check;
mod expand;
mod ir;
mod lower;
mod parse;
#[cfg(test)]
mod tests;

/// Makes a model of a function: a type that holds its arguments, a constructor of the function's name, the plain
/// types of its draws, and an implementation of `ppl::models::Model`.
///
/// ```ignore
/// use ppl::prelude::*;
///
/// #[model]
/// fn logistic_regression(x: &[[f64; 3]], y: &[bool]) {
///     let coefs: [f64; 3] = sample(Normal::new(0.0, 1.0).iid());
///     let intercept: f64 = sample(Normal::new(0.0, 10.0));
///     observe(y, each(x, |row| Bernoulli::logit(dot(&coefs, row) + intercept)));
/// }
/// ```
///
/// gives `LogisticRegression<'data>`, `logistic_regression(&x, &y)`, `LogisticRegressionDraw { coefs, intercept }`
/// and `LogisticRegressionLatents`; and `LogisticRegressionPartial`, every field of which is optional, for
/// `model.condition(..)` (observed: the density of the values counts) and `model.fix(..)` (given: it does not).
///
/// # Statements
///
/// | statement | meaning |
/// |---|---|
/// | `let name: Type = sample(distribution);` | a latent; `f64` without an annotation |
/// | `let name: Type = deterministic(value);` | a named value that is recorded with the draw, and, if nothing reads it, computed for draws alone |
/// | `observe(data, distribution);` | data, named by their variable: `y`, `y[i]` and `data.y` are site `y` |
/// | `let name: Vec<f64> = impute(data, distribution);` | data whose missing elements are latents |
/// | `factor(term);` | a term of the log likelihood |
/// | `plate(n, \|i\| { .. });` | conditionally independent elements; `.minibatch(b)`, `.scale(&weights)`, `.mask(&kept)` may follow |
/// | `markov(n, init, \|t, prev\| { .. next });` | a chain; each step gives the state of the next |
/// | `let name = submodel(model(..));` | a model inside the model: its draw is a field, its value what it returns |
///
/// `#[enumerate]` on a `sample` of finitely many values sums it out: element by element in a plate, by forward
/// recursion in `markov`. Draws have it all the same, drawn given the rest. `#[branch]` is for a discrete latent that
/// decides which sites run. An argument of type `Real` is a latent of the caller: such a model can only be a
/// `submodel`.
///
/// Everything else is Rust. A site in a branch, or after an early `return`, `break` or `continue`, is an `Option`
/// of the draw; one in a plate or a `for` a `Vec`; the two nest. One name in two exclusive branches is one field.
/// `Real` in the body is the scalar of the mode that the body runs in.
#[proc_macro_attribute]
pub fn model(attribute: TokenStream, item: TokenStream) -> TokenStream {
    model_tokens(attribute.into(), item.into()).into()
}

/// Makes a guide of a model: a distribution of its latents, with parameters that an engine fits.
///
/// ```ignore
/// use ppl::prelude::*;
///
/// #[model]
/// fn coin(flips: &[bool]) {
///     let fairness: f64 = sample(Beta::new(10.0, 10.0));
///     observe(flips, Bernoulli::new(fairness).iid());
/// }
///
/// #[guide(coin)]
/// fn coin_guide() {
///     let alpha: f64 = param(15.0, Positive);
///     let beta: f64 = param(init(Exponential::new(0.1)), Positive);
///     let fairness: f64 = sample(Beta::new(alpha, beta));
/// }
/// ```
///
/// gives `CoinGuide`, `coin_guide()` and `CoinGuideParams { alpha, beta }`. A guide that misses a latent of the model,
/// misnames one or gives it another type does not compile. A `Vec` of the guide may stand for what a plate of the model
/// samples element by element.
///
/// # Statements
///
/// | statement | meaning |
/// |---|---|
/// | `let name: Type = param(init, constraint);` | a parameter by where it starts and where it lies; `f64`, `[f64; N]` or `Vec<f64>`; the real line without a constraint |
/// | `let name: Type = sample(distribution);` | a latent of the model |
/// | `plate(n, \|i\| { .. });` | as in a model |
#[proc_macro_attribute]
pub fn guide(attribute: TokenStream, item: TokenStream) -> TokenStream {
    guide_tokens(attribute.into(), item.into()).into()
}

fn guide_tokens(
    attribute: proc_macro2::TokenStream,
    item: proc_macro2::TokenStream,
) -> proc_macro2::TokenStream {
    let function = match parse::function(item.clone(), "guide") {
        Ok(function) => function,
        Err(error) => return expand::unchanged(item, &error),
    };
    let guide = lower::guide(function, parse::path(attribute.clone()));
    match check::model(&attribute, &guide) {
        Ok(()) => expand::model(&guide),
        Err(error) => expand::outline(&guide, &error),
    }
}

fn model_tokens(
    attribute: proc_macro2::TokenStream,
    item: proc_macro2::TokenStream,
) -> proc_macro2::TokenStream {
    let function = match parse::function(item.clone(), "model") {
        Ok(function) => function,
        Err(error) => return expand::unchanged(item, &error),
    };
    let model = lower::model(function);
    match check::model(&attribute, &model) {
        Ok(()) => expand::model(&model),
        Err(error) => expand::outline(&model, &error),
    }
}
