//! Names, types and the shape of sites.

use super::errors;
use crate::ir::{Model, SiteKind};
use crate::lower::types::text;

fn lowered(function: &str) -> Model {
    let function =
        crate::parse::function(function.parse().expect("tokens"), "model").expect("a function");
    crate::lower::model(function)
}

#[test]
fn the_name_of_the_type_is_in_camel_case() {
    for (function, name) in [
        ("coin", "Coin"),
        ("two_programs", "TwoPrograms"),
        ("_hidden", "Hidden"),
        ("r#match", "Match"),
        ("ar1_x2", "Ar1X2"),
        ("écart", "Écart"),
        ("_1", "Model1"),
        ("__", "Model"),
        ("self_", "ModelSelf"),
    ] {
        let model = lowered(&format!("fn {function}() {{}}"));
        assert_eq!(model.type_name.to_string(), name, "{function}");
    }
}

#[test]
fn types_are_written_as_a_person_writes_them() {
    for ty in [
        "f64",
        "[f64; 3]",
        "Vec<[f64; P]>",
        "ppl::Simplex<{N + 1}>",
        "(f64, [bool; 2])",
        "HashMap<String, Vec<usize>>",
    ] {
        let parsed: syn::Type = syn::parse_str(ty).expect("a type");
        assert_eq!(text(&parsed), ty);
    }
}

#[test]
fn elided_lifetimes_get_a_name() {
    let model =
        lowered("fn m(a: &[f64], b: View<'_, &u8>, c: &'static f64, d: fn(&f64) -> &f64) {}");
    let tokens = |ty: &syn::Type| quote::ToTokens::to_token_stream(ty).to_string();
    let types: Vec<String> = model.arguments.iter().map(|a| tokens(&a.ty)).collect();
    let expected: [syn::Type; 4] = [
        syn::parse_quote!(&'data [f64]),
        syn::parse_quote!(View<'data, &'data u8>),
        syn::parse_quote!(&'static f64),
        syn::parse_quote!(fn(&f64) -> &f64),
    ];
    assert_eq!(types, expected.map(|ty| tokens(&ty)));
    assert_eq!(model.generics.params.len(), 1);
    assert!(lowered("fn m(a: f64) {}").generics.params.is_empty());
}

#[test]
fn sites_are_in_order_of_appearance_with_their_loops() {
    let model = lowered(
        "fn m(n: usize, y: &[f64]) {
            let a = sample(D);
            for i in 0..n {
                let b: bool = sample(D);
                plate(n, |j| {
                    if b { return; }
                    let c: f64 = deterministic(a);
                });
            }
            observe(&y[3], D);
            factor(a);
        }",
    );
    let rows: Vec<_> = model
        .sites
        .iter()
        .map(|s| {
            (
                &s.name[..],
                s.kind,
                s.loops().collect::<Vec<_>>(),
                s.optional,
            )
        })
        .collect();
    let expected = [
        ("a", SiteKind::Sample, vec![], false),
        ("for", SiteKind::Loop, vec![], false),
        ("b", SiteKind::Sample, vec![1], false),
        ("plate", SiteKind::Plate, vec![1], false),
        ("c", SiteKind::Deterministic, vec![1, 3], true),
        ("y", SiteKind::Observe, vec![], false),
        ("factor", SiteKind::Factor, vec![], false),
    ];
    assert_eq!(rows, expected);
    let lines: Vec<usize> = model.sites.iter().map(|s| s.span.start().line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 7, 10, 11]);
    assert_eq!(model.sites[5].argument.as_deref(), Some("y"));
}

#[test]
fn exclusive_branches_share_a_site_and_a_path_does_not() {
    let shared = lowered(
        "fn m(k: usize) {
            match k {
                0 => { let a = sample(D); for _ in 0..2 { let b = sample(D); } }
                1 => { let a = sample(E); for _ in 0..3 { let b = sample(E); } }
                _ => {}
            }
        }",
    );
    let names: Vec<_> = shared.sites.iter().map(|s| &s.name[..]).collect();
    assert_eq!(names, ["a", "for", "b"]);
    assert_eq!(shared.sites[0].places.len(), 2);
    let one_path = "fn m(k: usize) {
        if k > 0 { let a = sample(D); }
        if k > 1 { let a = sample(D); }
    }";
    assert_eq!(
        errors(one_path),
        ["a second site `a` on one path: the first is on line 2"]
    );
    let guard_and_arm = "fn m(k: usize) {
        match k {
            0 if { let a = sample(D); a > 0.0 } => {}
            _ => { let a = sample(D); }
        }
    }";
    assert_eq!(errors(guard_and_arm).len(), 1);
    let thrice = "fn m(k: usize) {
        if k > 0 { let a = sample(D); } else { let a = sample(D); }
        let a = sample(D);
    }";
    assert_eq!(errors(thrice).len(), 1);
}

#[test]
fn what_only_looks_like_a_statement_is_left_alone() {
    let quiet = "fn m(rng: &Rng, y: f64) {
        let a = rng.sample(y);
        let b = stats::sample(y);
        let c = Plate::new(|x| x.observe(y));
        println!(\"{}\", rng.sample(y), stats::factor(y), observe);
        fn draw(rng: &Rng) -> f64 { rng.sample(1.0) }
        #[model] fn inner() { let x = sample(D); }
        while rng.next() { if a { break; } continue; }
    }";
    assert_eq!(errors(quiet), [""; 0]);
    assert!(lowered(quiet).sites.is_empty());
}

#[test]
fn an_exit_that_a_macro_hides_is_seen() {
    let model = lowered(
        "fn m(n: usize) {
            for i in 0..n {
                let a = sample(D);
                skip_if!(i > 1, continue);
                let b = sample(D);
            }
            let c = sample(D);
            ensure!(n > 1, return);
            let d = sample(D);
        }",
    );
    let optional: Vec<_> = model
        .sites
        .iter()
        .map(|s| (&s.name[..], s.optional))
        .collect();
    let expected = [
        ("for", false),
        ("a", false),
        ("b", true),
        ("c", false),
        ("d", true),
    ];
    assert_eq!(optional, expected);
}

#[test]
fn every_error_of_a_function_is_reported() {
    let many = "async fn m(self, (a, b): (f64, f64)) -> Real {
        let x: Real = sample(D);
        let _ = sample(D);
        let [p, q] = deterministic([1.0, 2.0]);
        while true { factor(1.0); }
        observe(1.0, D);
        plate(3, f);
        markov(1);
    }";
    assert_eq!(errors(many).len(), 11, "{:#?}", errors(many));
}

#[test]
fn a_number_of_trials_is_told_from_other_uses_of_a_value() {
    let of = |statement: &str| {
        let model = lowered(&format!(
            "fn m(k: &[usize], x: f64) {{
                let p = sample(Uniform::new(0.0, 1.0));
                #[enumerate]
                let n: usize = sample(DiscreteUniform::new(1.0, 9.0));
                {statement}
            }}"
        ));
        let body = &model.body;
        let text = quote::quote!(#body).to_string();
        [". over_trials (", ". over ("].map(|call| text.contains(call))
    };
    for trials in [
        "observe(k, Binomial::new(n, p).iid());",
        "observe(k[0], Binomial::logit(n, 2.0 * p));",
        "observe(k, dist::Binomial::new(n, p).iid());",
    ] {
        assert_eq!(of(trials), [true, false], "{trials}");
    }
    for other in [
        "observe(k[n], Binomial::new(n, p));",
        "observe(k[0], Binomial::new(2 * n, p));",
        "observe(k[0], Binomial::new(n, p / n as f64));",
        "observe(k[0], binomial(n, p));",
        "observe(k[0], Poisson::new(n));",
        "observe(k, Binomial::new(n, p).iid_n(n));",
        "factor(x * n as f64);",
    ] {
        assert_eq!(of(other), [false, true], "{other}");
    }
}
