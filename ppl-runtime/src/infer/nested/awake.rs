//! Short work of one thread between the work of all.

use rayon::Yield;
use rayon::prelude::*;
use std::hint::spin_loop;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// How often in a row a thread that waits looks in vain whether there is something to do before it goes to sleep: a fraction of a
/// millisecond. What takes longer is worth the time that waking takes.
const LOOKS: usize = 5000;

/// Cores that there are for threads. Of more threads than that, those that wait would take them from those that work.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Calls `work`. Meanwhile a thread of the pool that has nothing to do calls `aside`, and those that have nothing to do then take
/// their share of what `work` does at once, and stay awake where it does not: to wake one takes as long as much of what is done
/// between two batches.
pub(super) fn awake<R: Send>(work: impl FnOnce() -> R + Send, aside: impl FnOnce() + Send) -> R {
    let others = rayon::current_num_threads().min(cores()) - 1;
    let done = AtomicBool::new(false);
    let wait = || {
        // Bounded, so that no thread ever depends on another here.
        let mut left = LOOKS;
        while left > 0 && !done.load(Ordering::Acquire) {
            match rayon::yield_now() {
                Some(Yield::Executed) => left = LOOKS,
                _ => left -= 1,
            }
            spin_loop();
        }
    };
    let run = || {
        let result = work();
        done.store(true, Ordering::Release);
        result
    };
    let stand_by = || {
        aside();
        (0..others).into_par_iter().for_each(|_| wait());
    };
    rayon::join(run, stand_by).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// With one thread, with several, and with work that outlasts all looks.
    #[test]
    fn both_are_done_once() {
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let pool = pool.build().unwrap();
            for pause in [0, 20] {
                let mut asides = 0;
                let result = pool.install(|| {
                    let work = || {
                        std::thread::sleep(Duration::from_millis(pause));
                        // Work may be parallel itself.
                        (0..100u64).into_par_iter().sum::<u64>()
                    };
                    awake(work, || asides += 1)
                });
                assert_eq!((result, asides), (4950, 1));
            }
        }
    }
}
