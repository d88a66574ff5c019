//! How far a batch has come, for a person at a terminal: in receipts, wherever they come from.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::exit::Exit;

/// How many of the receipts, and how long it takes.
const OF_MANY: &str = "{bar:30} {pos}/{len} receipts{msg}, {elapsed}";

/// The same of a stream, which ends when it ends.
const OF_A_STREAM: &str = "{pos} receipts{msg}, {elapsed}";

/// A bar on standard error. Nothing is drawn where standard error is no terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    unsigned: u64,
}

impl Progress {
    /// Of this many receipts, or of a stream of them.
    pub(super) fn of(receipts: Option<u64>) -> Self {
        Self::drawn(receipts, ProgressDrawTarget::stderr())
    }

    /// For a single receipt, or where a person is typing.
    pub(super) fn hidden() -> Self {
        Self::drawn(None, ProgressDrawTarget::hidden())
    }

    fn drawn(receipts: Option<u64>, target: ProgressDrawTarget) -> Self {
        let bar = ProgressBar::with_draw_target(receipts, target);
        let template = match receipts {
            Some(_) => OF_MANY,
            None => OF_A_STREAM,
        };
        // A bar without a style of its own is as good.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.tick();
        Self { bar, unsigned: 0 }
    }

    /// Writes something else to the terminal, with the bar out of its way.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// One more receipt has met its fate.
    pub(super) fn advance(&mut self, fate: Exit) {
        if fate != Exit::Good {
            self.unsigned += 1;
            self.bar
                .set_message(format!(" ({} not signed)", self.unsigned));
        }
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use indicatif::TermLike;

    use super::*;

    /// A terminal that keeps what is written to it.
    #[derive(Debug, Clone, Default)]
    struct Terminal(Arc<Mutex<String>>);

    impl Terminal {
        /// What was written since it was last asked.
        fn shown(&self) -> String {
            std::mem::take(&mut self.0.lock().unwrap())
        }
    }

    impl TermLike for Terminal {
        fn width(&self) -> u16 {
            80
        }

        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }

        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is drawn after each of these fates.
    fn drawn(receipts: Option<u64>, fates: &[Exit]) -> Vec<String> {
        let terminal = Terminal::default();
        let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
        let mut progress = Progress::drawn(receipts, target);
        let after = fates.iter().map(|fate| {
            progress.advance(*fate);
            terminal.shown();
            // Drawn anew, however little time has passed.
            progress.aside(|| ());
            terminal.shown()
        });
        after.collect()
    }

    #[test]
    fn receipts_are_counted_and_those_that_are_not_signed() {
        let fates = [Exit::Good, Exit::Refused, Exit::Open];
        let known = drawn(Some(3), &fates);
        for (drawn, expected) in known.iter().zip([
            " 1/3 receipts, ",
            " 2/3 receipts (1 not signed), ",
            " 3/3 receipts (2 not signed), ",
        ]) {
            assert!(drawn.contains(expected), "{drawn:?}");
        }
        let stream = drawn(None, &fates);
        assert!(stream[0].starts_with("1 receipts, "), "{stream:?}");
        assert!(
            stream[2].starts_with("3 receipts (2 not signed)"),
            "{stream:?}"
        );
    }
}
