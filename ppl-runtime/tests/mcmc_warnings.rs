//! What the summary of chains says about transitions that failed.

use ppl_runtime::output::{McmcSummary, Table};

/// Two columns: a counts up and down through 0..100, b the same out of step.
fn chain(start: u32) -> Table {
    let mut table = Table::new(vec!["a".into(), "b[0]".into()]).unwrap();
    for t in 0..500 {
        let at = |shift: u32| f64::from((start + 37 * t + shift) % 101);
        table.push(&[at(0), at(50)]).unwrap();
    }
    table
}

fn places(rows: &[[f64; 2]]) -> Table {
    let mut table = Table::new(vec!["a".into(), "b[0]".into()]).unwrap();
    for row in rows {
        table.push(row).unwrap();
    }
    table
}

fn divergences(rows: &[[f64; 2]]) -> String {
    let (first, second) = (chain(0), chain(60));
    let chains = [&first, &second];
    let summary = McmcSummary::new(&chains).unwrap();
    let summary = summary.with_divergences(rows.len());
    let summary = summary.with_divergent_places(&places(rows), &chains);
    summary.warnings().join("\n")
}

#[test]
fn divergences_name_the_column_that_is_to_blame() {
    let low: Vec<[f64; 2]> = (0..9)
        .map(|i| [f64::from(i), 12.0 * f64::from(i)])
        .collect();
    let text = divergences(&low);
    assert!(
        text.contains(
            "9 of 1000 transitions diverged, mostly where `a` is small (half among its lowest 4 %):"
        ),
        "{text}"
    );
    let high: Vec<[f64; 2]> = (0..9).map(|i| [50.0, 92.0 + f64::from(i)]).collect();
    assert!(divergences(&high).contains("mostly where `b[0]` is large"));
}

#[test]
fn divergences_all_over_the_place_or_too_few_name_none() {
    let all_over: Vec<[f64; 2]> = (0..9).map(|i| [12.0 * f64::from(i); 2]).collect();
    assert!(divergences(&all_over).contains("9 of 1000 transitions diverged:"));
    assert!(divergences(&[[0.0, 0.0]; 4]).contains("4 of 1000 transitions diverged:"));
}

#[test]
fn trajectories_cut_short_are_told_of() {
    let chain = chain(0);
    let summary = McmcSummary::new(&[&chain]).unwrap();
    let says = |n| summary.clone().with_cut_short(n, 10).warnings().join("\n");
    assert!(says(3).contains("3 of 500 transitions were cut short after 10 doublings"));
    assert!(!says(0).contains("cut short"));
}
