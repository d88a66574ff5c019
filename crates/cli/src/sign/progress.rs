//! How far a batch of files has come, for a person at a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is drawn: how many of the files, and how long it takes.
const TEMPLATE: &str = "{bar:30} {pos}/{len} files, {elapsed}";

/// A bar on standard error. Nothing is drawn where standard error is no terminal, or for a single file.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn of(files: usize) -> Self {
        if files < 2 {
            return Self(ProgressBar::hidden());
        }
        let target = ProgressDrawTarget::stderr();
        let bar = ProgressBar::with_draw_target(u64::try_from(files).ok(), target);
        // A bar without a style of its own is as good.
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        bar.tick();
        Self(bar)
    }

    /// Writes something else to the terminal, with the bar out of its way.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }

    /// One more file is finished.
    pub(super) fn advance(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
