//! Checkpoints: an interrupted run ends with the bits of one that was not; files that are damaged or foreign are
//! refused and left alone.

use ppl_runtime::infer::nested::{
    Allocation, Checkpoint, Condition, Control, Likelihood, NestedError, Record, Settings,
    Termination, run, run_with,
};
use ppl_runtime::random::{Purpose, keyed};
use rand::RngExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// A ring in three dimensions; with a pause it costs what a slow model does.
struct Ring {
    pause: Duration,
    width: f64,
}

impl Likelihood for Ring {
    type Worker = ();
    fn dim(&self) -> usize {
        3
    }
    fn worker(&self) {}
    fn log_likelihood(&self, _: &mut (), u: &[f64]) -> f64 {
        if !self.pause.is_zero() {
            std::thread::sleep(self.pause);
        }
        let r = u.iter().map(|u| (u - 0.5).powi(2)).sum::<f64>().sqrt();
        -0.5 * ((r - 0.3) / self.width).powi(2)
    }
    fn name(&self) -> &str {
        "ring"
    }
}

const RING: Ring = Ring {
    pause: Duration::ZERO,
    width: 0.02,
};

fn settings() -> Settings {
    Settings {
        seed: 5,
        live_points: Some(80),
        ..Settings::default()
    }
}

/// With a climb on top of the first, so that both kinds of state are met.
fn dynamic() -> Settings {
    let first = run(&RING, &settings(), &mut |_| ()).unwrap();
    Settings {
        stop: Some(Condition::EffectiveSamples(1.5 * first.effective_samples())),
        allocation: Allocation::Dynamic { posterior: 0.7 },
        ..settings()
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("nested-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The record as its file has it: every bit of it.
fn bytes(record: &Record, folder: &Path) -> Vec<u8> {
    let path = folder.join("bytes");
    record.save(&RING, &path).unwrap();
    std::fs::read(path).unwrap()
}

/// A ring that asks the run to stop once it has been evaluated so often.
struct Stops {
    left: AtomicU64,
    flag: AtomicBool,
}

impl Likelihood for Stops {
    type Worker = ();
    fn dim(&self) -> usize {
        3
    }
    fn worker(&self) {}
    fn log_likelihood(&self, _: &mut (), u: &[f64]) -> f64 {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.flag.store(true, Ordering::Relaxed);
        }
        RING.log_likelihood(&mut (), u)
    }
    fn name(&self) -> &str {
        "ring"
    }
}

fn control<'a>(path: &Path, stop: Option<&'a AtomicBool>) -> Control<'a> {
    Control {
        checkpoint: Some(Checkpoint::new(path).every(1000)),
        stop,
    }
}

#[test]
fn stopped_and_resumed_runs_have_the_bits_of_an_uninterrupted_one() {
    let folder = folder("stopped");
    // In small batches the bound is made beside the batch before.
    let small = Settings {
        batch_fraction: 0.1,
        ..settings()
    };
    for (k, settings) in [settings(), dynamic(), small].into_iter().enumerate() {
        let whole = bytes(&run(&RING, &settings, &mut |_| ()).unwrap(), &folder);
        let path = folder.join(format!("checkpoint-{k}"));
        let mut stops = 0;
        loop {
            let likelihood = Stops {
                left: AtomicU64::new(4000),
                flag: AtomicBool::new(false),
            };
            let stop = Some(&likelihood.flag);
            let record =
                run_with(&likelihood, &settings, &control(&path, stop), &mut |_| ()).unwrap();
            if record.termination != Termination::Stopped {
                assert!(bytes(&record, &folder) == whole, "settings {k}");
                break;
            }
            // What a stopped run has so far is a record like any other.
            assert!(record.evidence().mean.is_finite());
            stops += 1;
        }
        assert!(stops >= 3, "{stops}");
        // The checkpoint of a finished run is the finished run.
        let again = run_with(&RING, &settings, &control(&path, None), &mut |_| {
            panic!("nothing is left to do")
        });
        assert!(bytes(&again.unwrap(), &folder) == whole);
    }
}

#[test]
fn a_finished_run_goes_on_when_more_is_asked() {
    let folder = folder("more");
    let path = folder.join("checkpoint");
    let more = dynamic();
    run_with(&RING, &settings(), &control(&path, None), &mut |_| ()).unwrap();
    let extended = run_with(&RING, &more, &control(&path, None), &mut |_| ()).unwrap();
    let at_once = run(&RING, &more, &mut |_| ()).unwrap();
    assert!(bytes(&extended, &folder) == bytes(&at_once, &folder));
}

fn refusal(path: &Path, likelihood: &impl Likelihood, settings: &Settings) -> String {
    let before = std::fs::read(path).unwrap();
    let error = run_with(likelihood, settings, &control(path, None), &mut |_| ()).unwrap_err();
    assert!(matches!(error, NestedError::Checkpoint { .. }), "{error}");
    assert!(std::fs::read(path).unwrap() == before, "it was overwritten");
    error.to_string()
}

#[test]
fn damaged_and_foreign_checkpoints_are_refused_and_left_alone() {
    let folder = folder("refused");
    let path = folder.join("checkpoint");
    run_with(&RING, &settings(), &control(&path, None), &mut |_| ()).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let damaged = folder.join("damaged");
    for keep in [0, 7, 20, 32, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&damaged, &whole[..keep]).unwrap();
        let message = refusal(&damaged, &RING, &settings());
        assert!(
            message.contains("damaged") || message.contains("no file of"),
            "{message}"
        );
    }
    for at in [40, whole.len() / 3, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[at] ^= 4;
        std::fs::write(&damaged, &flipped).unwrap();
        assert!(refusal(&damaged, &RING, &settings()).contains("checksum"));
    }
    let mut newer = whole.clone();
    newer[8] += 1;
    std::fs::write(&damaged, &newer).unwrap();
    assert!(refusal(&damaged, &RING, &settings()).contains("version"));
    std::fs::write(&damaged, "my thesis, which is no checkpoint").unwrap();
    assert!(refusal(&damaged, &RING, &settings()).contains("no file of a nested-sampling run"));

    let other_data = Ring {
        width: 0.03,
        ..RING
    };
    assert!(refusal(&path, &other_data, &settings()).contains("likelihood was another one"));
    let other_seed = Settings {
        seed: 6,
        ..settings()
    };
    assert!(refusal(&path, &RING, &other_seed).contains("`seed`"));
    let record = run(&RING, &settings(), &mut |_| ()).unwrap();
    record.save(&RING, &damaged).unwrap();
    assert!(refusal(&damaged, &RING, &settings()).contains("finished run"));
}

#[test]
fn a_checkpoint_that_cannot_be_written_is_an_error() {
    let path = folder("nowhere").join("missing").join("checkpoint");
    let error = run_with(&RING, &settings(), &control(&path, None), &mut |_| ()).unwrap_err();
    assert!(error.to_string().contains("missing"), "{error}");
}

#[test]
fn saved_runs_load_with_every_bit() {
    let folder = folder("saved");
    let path = folder.join("run");
    let record = run(&RING, &settings(), &mut |_| ()).unwrap();
    record.save(&RING, &path).unwrap();
    let loaded = Record::load(&RING, &path).unwrap();
    assert!(bytes(&loaded, &folder) == bytes(&record, &folder));
    assert_eq!(loaded.evidence(), record.evidence());
    let other = Ring {
        width: 0.03,
        ..RING
    };
    assert!(matches!(
        Record::load(&other, &path),
        Err(NestedError::File { .. })
    ));
    assert!(Record::load(&RING, folder.join("none")).is_err());
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    assert!(
        Record::load(&RING, &path)
            .unwrap_err()
            .to_string()
            .contains("damaged")
    );
}

const FOLDER: &str = "NESTED_CHECKPOINT_FOLDER";

/// The process that is killed.
#[test]
#[ignore = "run by the test below as a process of its own"]
fn child() {
    let folder = PathBuf::from(std::env::var(FOLDER).unwrap());
    let slow = Ring {
        pause: Duration::from_micros(20),
        ..RING
    };
    let control = Control {
        checkpoint: Some(Checkpoint::new(folder.join("checkpoint")).every(100)),
        stop: None,
    };
    let record = run_with(&slow, &settings(), &control, &mut |_| ()).unwrap();
    record.save(&RING, folder.join("result")).unwrap();
}

#[test]
fn killed_ten_times_it_still_ends_with_the_same_bits() {
    let folder = folder("killed");
    let start = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "child"])
            .env(FOLDER, &folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut rng = keyed(1, Purpose::User, 0, 0);
    let (mut kills, mut sizes) = (0, Vec::new());
    while kills < 10 {
        let mut process = start();
        std::thread::sleep(Duration::from_millis(rng.random_range(20..100)));
        if process.try_wait().unwrap().is_some() {
            break;
        }
        // SIGKILL.
        process.kill().unwrap();
        process.wait().unwrap();
        kills += 1;
        sizes.push(std::fs::metadata(folder.join("checkpoint")).map_or(0, |m| m.len()));
    }
    assert_eq!(kills, 10, "it ended before it was killed often enough");
    assert!(
        sizes.last() > sizes.first(),
        "no progress between kills: {sizes:?}"
    );
    assert!(start().wait().unwrap().success());
    let whole = run(&RING, &settings(), &mut |_| ()).unwrap();
    assert!(std::fs::read(folder.join("result")).unwrap() == bytes(&whole, &folder));
}
