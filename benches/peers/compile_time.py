"""How long a user's crate with one model takes to build: clean, and after an edit of the model.

    python benches/peers/compile_time.py [--release]

Makes a crate in a temporary folder that depends on this repository. Beside the time on the clock it gives that of all processors together,
which other work on the machine changes less.
"""
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

MODEL = """use ppl::prelude::*;

#[model]
fn wells(x: &[[f64; 3]], switched: &[bool]) {
    let intercept: f64 = sample(Normal::new(0.0, WIDTH));
    let slopes: [f64; 3] = sample(Normal::new(0.0, 2.5).iid());
    observe(switched, each(x, |row| Bernoulli::logit(dot(&slopes, row) + intercept)));
}

fn main() -> Result<(), ppl::Error> {
    let (x, switched) = ([[0.1, 0.2, 0.3], [1.0, -1.0, 0.5]], [true, false]);
    let model = wells(&x, &switched);
    println!("{}", Nuts::new(&model).chains(2).seed(1).run()?);
    Ok(())
}
"""


def processors():
    """Seconds that processes started here have taken, once they ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    flags = [a for a in sys.argv[1:] if a == "--release"]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "src").mkdir()
        (folder / "src" / "main.rs").write_text(MODEL)
        (folder / "Cargo.toml").write_text(
            f'[package]\nname = "one_model"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\nppl = {{ path = "{root}" }}\n')
        environment = dict(os.environ, CARGO_TARGET_DIR=str(folder / "target"))

        def build(width):
            (folder / "src" / "main.rs").write_text(MODEL.replace("WIDTH", width))
            start, before = time.perf_counter(), processors()
            subprocess.run(["cargo", "build", "--quiet", *flags], cwd=folder, env=environment, check=True)
            return time.perf_counter() - start, processors() - before
        subprocess.run(["cargo", "fetch", "--quiet"], cwd=folder, env=environment, check=True)
        clean = build("2.5")
        edits = sorted(build(w) for w in ("2.0", "3.0", "4.0"))
        profile = "release" if flags else "debug"
        print(f"{profile}: clean {clean[0]:.1f} s ({clean[1]:.1f} s of processors), "
              f"after an edit {edits[1][0]:.1f} s ({edits[1][1]:.1f}), on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
