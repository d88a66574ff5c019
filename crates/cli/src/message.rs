//! What the program says: to people on standard error, to programs on standard output.

use std::io::{self, ErrorKind, Write};

use crate::exit::{Exit, Stop};

/// The longest message in bytes: a help desk reads a line, not a page.
const LONGEST: usize = 800;

/// A text of unknown origin as one line: no control characters, no page-long quotes.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = printable(text.trim());
    if line.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|end| line.is_char_boundary(*end));
        line.truncate(end.unwrap_or_default());
        line.push('…');
    }
    line
}

/// An error with what led to it, each said once: some repeat their cause.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        next = cause.source();
    }
    text
}

/// The text without characters that could steer a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

/// One line on standard error.
pub(crate) fn notice(text: &str) {
    // Where nobody listens there is nobody to tell.
    let _ = writeln!(io::stderr(), "pos-system-api: {}", one_line(text));
}

/// Text on standard output, at once.
pub(crate) fn say(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.write_all(b"\n")?;
    stdout.flush()
}

/// Text on standard output; a reader that has gone, such as `head`, has seen enough.
pub(crate) fn say_to_who_listens(text: &str) -> Result<(), Stop> {
    match say(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Stop::new(
            Exit::Refused,
            format!("Standard output cannot be written: {error}"),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_was_said_is_not_repeated() {
        let cause = io::Error::other("no room");
        let error = io::Error::other(Repeats(cause));
        assert_eq!(with_causes(&error), "cannot write: no room");
    }

    /// An error that says its cause.
    #[derive(Debug)]
    struct Repeats(io::Error);

    impl std::fmt::Display for Repeats {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "cannot write: {}", self.0)
        }
    }

    impl std::error::Error for Repeats {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn a_message_is_one_short_line() {
        assert_eq!(one_line(" a\nb\u{1b}[31m\r\n"), "a b [31m");
        let long = one_line(&"ä".repeat(10_000));
        assert!(long.len() < 1000 && long.ends_with("ä…"));
    }
}
