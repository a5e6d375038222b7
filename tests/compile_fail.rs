//! Every error of `#[model]`, at its token and with its help.

#[test]
fn errors_are_worded_and_placed() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
