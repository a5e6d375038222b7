//! A line that says how far a run is.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// A progress line on stderr, for the runs that were asked for one. It shows only on a terminal, unless
/// [`Progress::forced`]: then a line of text at most once a second. Nothing that a run computes depends on it.
///
/// ```
/// use ppl_runtime::output::Progress;
/// let mut progress = Progress::new(false);
/// progress.update("warm-up 100/1000");
/// progress.finish();
/// ```
#[derive(Debug)]
pub struct Progress(Shown);

#[derive(Debug)]
enum Shown {
    Nothing,
    Spinner(ProgressBar),
    Lines { last: Option<Instant> },
}

/// The least time between two lines where there is no terminal to overwrite them.
const LINE_EVERY: Duration = Duration::from_secs(1);

impl Progress {
    /// A progress line if it is wanted and stderr is a terminal; else one that shows nothing.
    pub fn new(enabled: bool) -> Self {
        if !enabled || !std::io::stderr().is_terminal() {
            return Self(Shown::Nothing);
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise} {msg}") {
            bar.set_style(style);
        }
        Self(Shown::Spinner(bar))
    }

    /// A progress line whether or not stderr is a terminal.
    pub fn forced() -> Self {
        match Self::new(true) {
            Self(Shown::Nothing) => Self(Shown::Lines { last: None }),
            terminal => terminal,
        }
    }

    /// Shows `message` in place of the one before.
    pub fn update(&mut self, message: &str) {
        match &mut self.0 {
            Shown::Nothing => {}
            Shown::Spinner(bar) => {
                bar.set_message(message.to_owned());
                bar.tick();
            }
            Shown::Lines { last } => {
                if last.is_none_or(|t| t.elapsed() >= LINE_EVERY) {
                    eprintln!("{message}");
                    *last = Some(Instant::now());
                }
            }
        }
    }

    /// Takes the line away.
    pub fn finish(self) {
        if let Shown::Spinner(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// A run that ends in an error leaves no half line behind.
impl Drop for Progress {
    fn drop(&mut self) {
        if let Shown::Spinner(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unasked_shows_nothing() {
        assert!(matches!(Progress::new(false).0, Shown::Nothing));
    }

    #[test]
    fn forced_shows_something() {
        let mut progress = Progress::forced();
        assert!(!matches!(progress.0, Shown::Nothing));
        progress.update("half way");
        progress.finish();
    }
}
