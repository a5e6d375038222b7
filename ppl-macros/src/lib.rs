//! The `#[model]` attribute.

use proc_macro::TokenStream;

/// Makes a model of a function.
#[proc_macro_attribute]
pub fn model(_attribute: TokenStream, item: TokenStream) -> TokenStream {
    item
}
