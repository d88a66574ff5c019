//! JSON documents in a stream: one a line, or one after the other.

use serde_json::value::RawValue;

use super::receipt_text::{LONGEST_RECEIPT, Place, ReceiptText, without_mark};
use crate::input::STANDARD_INPUT;

/// Finds documents as lines arrive.
///
/// What is no JSON is handed on as it is, to be refused by name, and the search goes on at the next
/// line that begins at its left edge with something else than the end of an object. So a broken line
/// costs one receipt, and the rest of a broken receipt is not taken for receipts.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// Lines that are not used up.
    held: Vec<u8>,
    /// How many lines came before them.
    lines_before: u64,
    /// Whether the rest of something broken is passed over.
    skipping: bool,
    /// Whether the last piece of input did not end its line.
    within_line: bool,
}

/// What begins a stretch of text.
enum Next {
    /// Nothing but space.
    Nothing,
    /// A document from `start` to `end`.
    Document { start: usize, end: usize },
    /// The beginning of one.
    Unfinished { start: usize },
    /// No JSON.
    Broken { start: usize },
}

impl Documents {
    /// Takes a line with its end, or a piece of a very long one; gives the documents that are complete now.
    pub(super) fn add_line(&mut self, line: &[u8]) -> Vec<ReceiptText> {
        let line = if self.lines_before == 0 && self.held.is_empty() {
            without_mark(line)
        } else {
            line
        };
        let begins_line = !std::mem::replace(&mut self.within_line, !line.ends_with(b"\n"));
        if self.skipping && !(begins_line && begins_anew(line)) {
            self.lines_before += newlines(line);
            return Vec::new();
        }
        self.skipping = false;
        self.held.extend_from_slice(line);
        // An object ends with a brace: other lines need no look at what is held.
        let may_end = line.trim_ascii_end().ends_with(b"}");
        let is_object = self.held.trim_ascii_start().starts_with(b"{");
        if may_end || !is_object || self.held.len() > LONGEST_RECEIPT {
            self.take(false)
        } else {
            Vec::new()
        }
    }

    /// What is left when nothing more comes.
    pub(super) fn end(mut self) -> Vec<ReceiptText> {
        self.take(true)
    }

    fn take(&mut self, at_end: bool) -> Vec<ReceiptText> {
        let mut found = Vec::new();
        let mut used = 0;
        loop {
            match next(&self.held, used) {
                Next::Nothing => {
                    used = self.held.len();
                    break;
                }
                Next::Document { start, end } => {
                    found.push(self.text(start, end));
                    used = end;
                }
                Next::Unfinished { .. } if !at_end && self.held.len() - used <= LONGEST_RECEIPT => {
                    break;
                }
                Next::Unfinished { start } | Next::Broken { start } => {
                    let anew = next_beginning(&self.held, start);
                    found.push(self.text(start, anew.unwrap_or(self.held.len())));
                    used = anew.unwrap_or(self.held.len());
                    if anew.is_none() {
                        self.skipping = true;
                        break;
                    }
                }
            }
        }
        self.drop_lines(used);
        found
    }

    fn text(&self, start: usize, end: usize) -> ReceiptText {
        let before = &self.held[..start];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        ReceiptText {
            place: Place {
                file: STANDARD_INPUT.to_owned(),
                line: Some(self.lines_before + newlines(before) + 1),
                column: (start - line_start) as u64 + 1,
            },
            bytes: self.held[start..end].to_vec(),
        }
    }

    /// Drops what is used, up to the beginning of the line where the rest begins.
    fn drop_lines(&mut self, used: usize) {
        let whole = if used == self.held.len() {
            used
        } else {
            let last = self.held[..used].iter().rposition(|byte| *byte == b'\n');
            last.map_or(0, |at| at + 1)
        };
        self.lines_before += newlines(&self.held[..whole]);
        self.held.drain(..whole);
        // Used documents on a line whose rest is not complete must not be found twice.
        self.held[..used - whole].fill(b' ');
    }
}

fn next(held: &[u8], from: usize) -> Next {
    let rest = &held[from..];
    let Some(space) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) else {
        return Next::Nothing;
    };
    let start = from + space;
    let mut stream = serde_json::Deserializer::from_slice(&held[start..]).into_iter::<&RawValue>();
    match stream.next() {
        None => Next::Nothing,
        Some(Ok(_)) => Next::Document {
            start,
            end: start + stream.byte_offset(),
        },
        Some(Err(error)) if error.is_eof() => Next::Unfinished { start },
        Some(Err(_)) => Next::Broken { start },
    }
}

/// The first line after the one at `start` that begins a document.
fn next_beginning(held: &[u8], start: usize) -> Option<usize> {
    let mut from = start;
    while let Some(newline) = held[from..].iter().position(|byte| *byte == b'\n') {
        from += newline + 1;
        if begins_anew(&held[from..]) {
            return Some(from);
        }
    }
    None
}

/// Whether a line begins a document of its own.
fn begins_anew(line: &[u8]) -> bool {
    line.first()
        .is_some_and(|first| !first.is_ascii_whitespace() && !b"}],".contains(first))
}

fn newlines(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each document with its line and column, fed line by line.
    fn found(input: &str) -> Vec<(u64, u64, String)> {
        let mut documents = Documents::default();
        let mut texts: Vec<ReceiptText> = input
            .split_inclusive('\n')
            .flat_map(|line| documents.add_line(line.as_bytes()))
            .collect();
        texts.extend(documents.end());
        texts
            .into_iter()
            .map(|text| {
                let bytes = String::from_utf8_lossy(&text.bytes).trim_end().to_owned();
                (text.place.line.unwrap_or(0), text.place.column, bytes)
            })
            .collect()
    }

    fn at(line: u64, column: u64, text: &str) -> (u64, u64, String) {
        (line, column, text.to_owned())
    }

    #[test]
    fn one_a_line_or_one_after_the_other() {
        let two = [at(1, 1, r#"{"a":1}"#), at(2, 1, r#"{"b":2}"#)];
        assert_eq!(found("{\"a\":1}\n{\"b\":2}\n"), two);
        assert_eq!(found("\u{feff}{\"a\":1}\r\n{\"b\":2}"), two);
        assert_eq!(
            found("\n{\n  \"a\": [\n1]\n}\n\n{\"b\":2} {\n\"c\":3}"),
            [
                at(2, 1, "{\n  \"a\": [\n1]\n}"),
                at(7, 1, r#"{"b":2}"#),
                at(7, 9, "{\n\"c\":3}"),
            ]
        );
        assert_eq!(found(" \n\n"), []);
    }

    #[test]
    fn a_document_is_there_with_its_last_line() {
        let mut documents = Documents::default();
        assert_eq!(documents.add_line(b"{\n"), []);
        assert_eq!(documents.add_line(b"\"a\":{}}\n").len(), 1);
        assert_eq!(documents.end(), []);
    }

    #[test]
    fn a_broken_line_costs_one_receipt() {
        assert_eq!(
            found("{\"a\":1}\nno receipt\n{\"b\":\n{\"c\":3}\n{\"d\":4}\n"),
            [
                at(1, 1, r#"{"a":1}"#),
                at(2, 1, "no receipt"),
                at(3, 1, r#"{"b":"#),
                at(4, 1, r#"{"c":3}"#),
                at(5, 1, r#"{"d":4}"#),
            ]
        );
    }

    #[test]
    fn the_rest_of_a_broken_receipt_is_not_taken_for_receipts() {
        let broken = "{\n  \"a\" 1,\n  \"b\":\n  {\n    \"c\": 1\n  }";
        assert_eq!(
            found(&format!("{broken}\n}}\n{{\"d\":4}}\n")),
            [at(1, 1, broken), at(8, 1, r#"{"d":4}"#)]
        );
    }

    #[test]
    fn an_end_in_the_middle_is_handed_on() {
        assert_eq!(found("{\"a\":"), [at(1, 1, r#"{"a":"#)]);
    }
}
