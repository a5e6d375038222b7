//! Statistics of a model's data.

use crate::ir::{Model, SiteKind};
use crate::lower::options::PARALLEL;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// Whether a model keeps some. It costs an execution more to be compiled, so only a model does that seems to have sites for them; whether
/// they serve is found when it runs.
fn wanted(model: &Model) -> bool {
    let sums = model.sites.iter().any(|s| {
        matches!(
            s.kind,
            SiteKind::Enumerate | SiteKind::Branch | SiteKind::Markov
        ) || s.has_option(PARALLEL)
    });
    let tokens = model.body.to_token_stream();
    !sums && !model.is_guide && !model.is_submodel() && observes(tokens)
}

fn observes(tokens: TokenStream) -> bool {
    let mut after = false;
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => {
            after = ident.to_string().starts_with("observe");
            false
        }
        TokenTree::Group(group) => {
            let inside = group.stream();
            std::mem::take(&mut after) && mentions(inside.clone()) || observes(inside)
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

fn mentions(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "Normal" || ident == "each",
        TokenTree::Group(group) => mentions(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// The field that holds them, and its first value.
pub fn field(model: &Model) -> (TokenStream, TokenStream) {
    if !wanted(model) {
        return Default::default();
    }
    (
        quote!(#[doc(hidden)] __statistics: ::ppl::__private::Bound,),
        quote!(__statistics: ::ppl::__private::Bound::new(),),
    )
}

/// The method that gives them.
pub fn method(model: &Model) -> TokenStream {
    if !wanted(model) {
        return TokenStream::new();
    }
    let names: Vec<&Ident> = model.arguments.iter().map(|a| &a.name).collect();
    quote! {
        #[inline]
        fn statistics(
            &self,
        ) -> ::core::option::Option<
            &[::core::option::Option<::ppl::__private::Reduction>],
        > {
            #[allow(unused_imports, reason = "an argument stays as it is or not")]
            use ::ppl::__private::{Fixed as _, NotFixed as _};
            self.__statistics.statistics(
                self,
                [#((&::ppl::__private::Probe(&self.#names)).__token()),*],
            )
        }
    }
}
