//! The stages one by one, the expansion as a whole, and that nothing panics.

mod expansions;
mod never_panics;
mod stages;

use crate::model_tokens;
use proc_macro2::TokenStream;

/// The expansion of a function, laid out.
fn expand(function: &str) -> String {
    let item: TokenStream = function.parse().expect("tokens");
    let file = syn::parse2(model_tokens(TokenStream::new(), item)).expect("items");
    prettyplease::unparse(&file)
}

/// The expansion of a guide, laid out.
fn expand_guide(path: &str, function: &str) -> String {
    let (path, item) = (
        path.parse().expect("tokens"),
        function.parse().expect("tokens"),
    );
    let file = syn::parse2(crate::guide_tokens(path, item)).expect("items");
    prettyplease::unparse(&file)
}

/// The messages of a function's errors, without their help.
fn errors(function: &str) -> Vec<String> {
    let parsed = crate::parse::function(function.parse().expect("tokens"), "model");
    let model = crate::lower::model(parsed.unwrap_or_else(|e| panic!("{e}")));
    match crate::check::model(&TokenStream::new(), &model) {
        Ok(()) => Vec::new(),
        Err(error) => error
            .into_iter()
            .map(|e| e.to_string().lines().next().unwrap_or_default().to_string())
            .collect(),
    }
}
