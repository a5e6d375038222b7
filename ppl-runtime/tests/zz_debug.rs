mod nested_problems;
use ppl_runtime::infer::nested::{Settings, run};
#[test]
#[ignore]
fn debug() {
    let name = std::env::var("NAME").unwrap();
    let p = nested_problems::named(&name);
    let t = std::time::Instant::now();
    let r = run(
        &p,
        &Settings {
            seed: 1,
            ..Settings::default()
        },
        &mut |s| println!("{s:?}"),
    )
    .unwrap();
    println!("{:?}", t.elapsed());
    let t = std::time::Instant::now();
    println!("{:?} {:?} {}", r.evidence(), t.elapsed(), r.len());
}
