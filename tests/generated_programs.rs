//! Two hundred random programs, written as models and as plain functions, compiled and compared.

use std::path::Path;
use std::process::Command;

const PROGRAMS: &str = "200";
const SEED: &str = "2026";

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

#[test]
#[ignore = "compiles two hundred models; needs Python"]
fn two_hundred_programs_are_as_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated_programs");
    // What another version wrote there would be compiled too.
    std::fs::remove_dir_all(home.join("src")).ok();
    std::fs::create_dir_all(home.join("src")).expect("a folder");
    let written = Command::new("python3")
        .arg(root.join("tests/language/generated.py"))
        .args([SEED, PROGRAMS])
        .arg(home.join("src/generated"))
        .output()
        .expect("Python runs");
    assert!(
        written.status.success(),
        "{}",
        String::from_utf8_lossy(&written.stderr)
    );
    let checks = root.join("tests/language/checks.rs");
    let library = format!(
        "#![cfg(test)]\n#[path = {checks:?}]\nmod checks;\nuse checks::{{check_density, normal}};\nmod generated;\n"
    );
    write(&home.join("src/lib.rs"), &library);
    let manifest = format!(
        "[package]\nname = \"generated_programs\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nppl = {{ path = {root:?} }}\n\n[profile.dev]\nopt-level = 0\ndebug = false\n"
    );
    write(&home.join("Cargo.toml"), &manifest);
    std::fs::copy(root.join("Cargo.lock"), home.join("Cargo.lock")).ok();
    let run = Command::new(env!("CARGO"))
        .args(["test", "--lib", "--manifest-path"])
        .arg(home.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", home.join("target"))
        .output()
        .expect("cargo runs");
    let (words, errors) = (
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr),
    );
    assert!(run.status.success(), "{errors}\n{words}");
    assert!(
        words.contains(&format!("test result: ok. {PROGRAMS} passed")),
        "{words}"
    );
}
