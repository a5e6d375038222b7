//! Small functions out of statements, right and wrong: the macro gives items, whatever it is given.

use crate::{guide_tokens, model_tokens};
use proc_macro2::TokenStream;
use proptest::prelude::*;

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "x",
        "y",
        "y[i]",
        "data.y",
        "data.0",
        "1.0",
        "()",
        "Real::from(0.0)",
        "self",
        "_",
        "Normal::new(0.0, 1.0)",
        "vec![sample(D); 2]",
        "matches!(x, return)",
        "continue",
        "break",
        "break 'a",
        "break 'b x",
        "return",
        "return x",
        "y?",
        "'b'",
        "markov(1)",
        "submodel(m(1.0))",
        "submodel((f)(1))",
        "param(init(D), Positive)",
        "|| x",
    ]);
    leaf.prop_map(str::to_string)
        .prop_recursive(2, 8, 3, |inner| {
            let one = inner.clone();
            prop_oneof![
                (word(), prop::collection::vec(inner.clone(), 0..4))
                    .prop_map(|(w, a)| format!("{w}({})", a.join(", "))),
                (word(), one.clone()).prop_map(|(w, e)| format!("{w}::<f64>({e})")),
                one.clone().prop_map(|e| format!("plate(n, |i| {e})")),
                one.clone()
                    .prop_map(|e| format!("plate(n, move |i: usize| -> f64 {{ {e} }})")),
                one.clone()
                    .prop_map(|e| format!("markov(n, {e}, |t, (a, b): (usize, f64)| {e})")),
                one.clone()
                    .prop_map(|e| format!("submodel(&models::m::<3, _>({e}))")),
                one.clone().prop_map(|e| format!("each(y, |v| {e})")),
                one.clone().prop_map(|e| format!("(&*{e}, -{e})")),
                one.clone().prop_map(|e| format!("x && {e}")),
                one.clone().prop_map(|e| format!("async {{ {e} }}")),
                one.prop_map(|e| format!("unsafe {{ const {{ {e} }} }}")),
            ]
        })
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "sample",
        "observe",
        "factor",
        "deterministic",
        "plate",
        "submodel",
        "markov",
        "param",
        "impute",
        "m",
        "f",
    ])
}

fn statement() -> impl Strategy<Value = String> {
    let pattern = prop::sample::select(vec![
        "a",
        "b",
        "mut a",
        "ref a",
        "_",
        "(a, b)",
        "a @ 1",
        "a: f64",
        "b: [f64; 3]",
        "a: Real",
        "b: Vec<Real>",
        "c: &f64",
        "d: [f64; _]",
        "r#type",
        "Some(a)",
    ]);
    let attribute = prop::sample::select(vec![
        "",
        "",
        "",
        "#[branch]",
        "#[enumerate]",
        "#[branch] #[enumerate]",
        "#[cfg(unix)]",
        "#[allow(unused)]",
    ]);
    let simple = (attribute, pattern, expression(), 0..4).prop_map(|(a, p, e, kind)| match kind {
        0 => format!("{a} let {p} = {e};"),
        1 => format!("let {p} = {e} else {{ {e} }};"),
        2 => format!("fn inner() {{ {e}; }}"),
        _ => format!("{a} {e};"),
    });
    simple.prop_recursive(3, 12, 3, |inner| {
        let block = prop::collection::vec(inner, 0..4).prop_map(|s| s.join(" "));
        (block.clone(), block, expression(), 0..12).prop_map(|(s, t, e, kind)| match kind {
            0 => format!("if {e} {{ {s} }} else if let Some(q) = {e} {{ {t} }}"),
            1 => format!("match {e} {{ 0 if {e} => {{ {s} }} 1 => {e}, _ => {{ {t} }} }}"),
            2 => format!("for i in {e} {{ {s} }}"),
            3 => format!("'a: for i in 0..n {{ {s} for j in {e} {{ {t} }} }}"),
            4 => format!("'b: {{ {s} {t} }};"),
            5 => format!("while {e} {{ {s} }}"),
            6 => format!("loop {{ {s} }}"),
            7 => format!("plate(n, |i| {{ {s} {t} }});"),
            8 => format!("markov(n, 0, |t, s| {{ {s} {t} {e} }});"),
            9 => format!("plate(n, |i| {{ {s} }}).minibatch({e}).scale(w).mask({e}, {e});"),
            10 => format!("let v = plate(n, |i| {{ {s} }}).other().scale();"),
            _ => format!("let v = plate(n, |_| {{ {s} {e} }});"),
        })
    })
}

fn function() -> impl Strategy<Value = String> {
    let head = prop::sample::select(vec![
        "fn m(y: &[f64])",
        "pub fn m<'a, const P: usize, T: Clone>(y: &'a T, x: View<'_>) -> f64 where T: Copy",
        "async fn M(self, (a, b): (f64, f64)) -> Real",
        "unsafe extern \"C\" fn __(x: impl Into<f64>, ...) -> (f64, (bool, [f64; 2]))",
        "const fn r#fn(&mut self, z: Vec<Real>) -> &'static [f64]",
        "fn m(scale: Real, y: &[Real], z: [[Real; 2]; 3]) -> [f64; 3]",
        "fn m(mut y: f64, _: f64, #[cfg(x)] y: f64) -> _",
    ]);
    (
        head,
        prop::collection::vec(statement(), 0..5),
        prop::option::of(expression()),
    )
        .prop_map(|(head, body, tail)| {
            format!(
                "{head} {{ {} {} }}",
                body.join(" "),
                tail.unwrap_or_default()
            )
        })
}

/// As many as `PPL_FUZZ_CASES` says.
fn cases() -> u32 {
    let set = std::env::var("PPL_FUZZ_CASES").ok();
    set.and_then(|n| n.parse().ok()).unwrap_or(3000)
}

fn attribute() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "m",
        "models::m",
        "m::<P>",
        "<T as U>::m",
        "m()",
        "1",
        "m, n",
        "::m",
    ])
}

/// Whether an expansion is what can stand where the function stood.
fn are_items(expansion: &TokenStream) -> bool {
    syn::parse2::<syn::File>(expansion.clone()).is_ok()
        || syn::parse2::<syn::ItemImpl>(quote::quote!(impl Holder { #expansion })).is_ok()
}

/// What a function becomes can stand where it stood, as a model and as a guide.
fn check(function: &str, attribute: &str) -> Result<(), TestCaseError> {
    let Ok(item) = function.parse::<TokenStream>() else {
        return Ok(());
    };
    let expansion = model_tokens(TokenStream::new(), item.clone());
    prop_assert!(are_items(&expansion), "{function}\n{expansion}");
    let path = attribute.parse().expect("tokens");
    let expansion = guide_tokens(path, item);
    prop_assert!(
        are_items(&expansion),
        "#[guide({attribute})] {function}\n{expansion}"
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000_000, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "minutes; `cargo test --release -p ppl-macros a_million -- --ignored`"]
    fn a_million_functions_give_items(function in function(), attribute in attribute()) {
        check(&function, attribute)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn small_functions_give_items(function in function(), attribute in attribute()) {
        check(&function, attribute)?;
    }
}
