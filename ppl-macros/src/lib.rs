//! The `#[model]` attribute of `ppl`.
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
/// and `LogisticRegressionLatents`.
///
/// # Statements
///
/// | statement | meaning |
/// |---|---|
/// | `let name: Type = sample(distribution);` | a latent; `f64` without an annotation |
/// | `let name: Type = deterministic(value);` | a named value that is recorded with the draw |
/// | `observe(data, distribution);` | data, named by their variable: `y`, `y[i]` and `data.y` are site `y` |
/// | `factor(term);` | a term of the log likelihood |
/// | `plate(n, \|i\| { .. });` | conditionally independent elements |
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

fn model_tokens(
    attribute: proc_macro2::TokenStream,
    item: proc_macro2::TokenStream,
) -> proc_macro2::TokenStream {
    let function = match parse::function(item.clone()) {
        Ok(function) => function,
        Err(error) => return expand::unchanged(item, &error),
    };
    let model = lower::model(function);
    match check::model(&attribute, &model) {
        Ok(()) => expand::model(&model),
        Err(error) => expand::outline(&model, &error),
    }
}
