//! A receipt in lines of a fixed number of columns.

use textwrap::WordSplitter;
use textwrap::core::display_width;

use super::qr::Code;

/// Longer receipts are cut: a picture of them would be too large to make.
const MOST_LINES: usize = 4000;

/// One line of a receipt. Texts hold no control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Plain(String),
    Strong(String),
    Qr(Code),
}

/// Where lines are collected.
#[derive(Debug)]
pub(super) struct Paper {
    columns: usize,
    lines: Vec<Line>,
    is_cut: bool,
}

impl Paper {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            columns,
            lines: Vec::new(),
            is_cut: false,
        }
    }

    /// The lines, with the same heading at the end as at the beginning.
    pub(super) fn finish(mut self, heading: &str) -> Vec<Line> {
        if self.is_cut {
            self.lines.truncate(MOST_LINES);
            self.lines
                .push(Line::Plain("(cut here: too long to show)".to_owned()));
        }
        let heading = self.centre(heading);
        self.lines.push(Line::Strong(heading));
        self.lines
    }

    /// A text, broken between words where it is too long.
    pub(super) fn text(&mut self, text: &str) {
        for part in self.wrapped(text) {
            self.push(Line::Plain(part));
        }
    }

    /// A text with a value at the right edge.
    pub(super) fn pair(&mut self, left: &str, right: &str) {
        for line in self.justified(left, right) {
            self.push(Line::Plain(line));
        }
    }

    /// The same, to stand out.
    pub(super) fn strong_pair(&mut self, left: &str, right: &str) {
        for line in self.justified(left, right) {
            self.push(Line::Strong(line));
        }
    }

    /// A short text in the middle, to stand out.
    pub(super) fn heading(&mut self, text: &str) {
        let text = self.centre(text);
        self.push(Line::Strong(text));
    }

    pub(super) fn rule(&mut self) {
        self.push(Line::Plain("-".repeat(self.columns)));
    }

    /// Four cells of a table, the first at the left of its column, the others at the right.
    pub(super) fn row(&mut self, cells: [&str; 4]) {
        let cell = self.columns / 4;
        if cells.iter().any(|text| display_width(text) >= cell) {
            for text in cells {
                self.pair("", text);
            }
            return;
        }
        let [first, rest @ ..] = cells;
        let first_cell = self.columns - rest.len() * cell;
        let mut line = first.to_owned() + &" ".repeat(first_cell - display_width(first));
        for text in rest {
            line.push_str(&" ".repeat(cell - display_width(text)));
            line.push_str(text);
        }
        self.push(Line::Plain(line));
    }

    pub(super) fn qr(&mut self, code: Code) {
        self.push(Line::Qr(code));
    }

    fn push(&mut self, line: Line) {
        if self.lines.len() < MOST_LINES {
            self.lines.push(line);
        } else {
            self.is_cut = true;
        }
    }

    fn centre(&self, text: &str) -> String {
        let indent = self.columns.saturating_sub(display_width(text)) / 2;
        " ".repeat(indent) + text
    }

    /// What does not fit on one line takes further ones.
    fn justified(&self, left: &str, right: &str) -> Vec<String> {
        let mut lines = self.wrapped(left);
        let mut rights = self.wrapped(right).into_iter();
        let (last, right) = (
            lines.pop().unwrap_or_default(),
            rights.next().unwrap_or_default(),
        );
        let used = display_width(&last) + display_width(&right);
        if right.is_empty() {
            lines.push(last);
        } else if used < self.columns {
            lines.push(last + &" ".repeat(self.columns - used) + &right);
        } else {
            lines.extend([last, self.at_the_right(&right)]);
        }
        lines.extend(rights.map(|part| self.at_the_right(&part)));
        lines.retain(|line| !line.is_empty());
        lines
    }

    fn at_the_right(&self, text: &str) -> String {
        " ".repeat(self.columns.saturating_sub(display_width(text))) + text
    }

    /// At least one line. Ids with hyphens stay whole where they fit.
    fn wrapped(&self, text: &str) -> Vec<String> {
        let text: String = text.chars().map(printable).collect();
        let options =
            textwrap::Options::new(self.columns).word_splitter(WordSplitter::NoHyphenation);
        let lines = textwrap::wrap(&text, options);
        lines
            .into_iter()
            .map(|line| line.trim_end().to_owned())
            .collect()
    }
}

/// Control characters move paper and cursors, some others turn the text around.
fn printable(c: char) -> char {
    let turns_text =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if c.is_control() || turns_text { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(write: impl FnOnce(&mut Paper)) -> Vec<String> {
        let mut paper = Paper::new(16);
        write(&mut paper);
        let mut lines = paper.finish("END");
        assert_eq!(lines.pop(), Some(Line::Strong("      END".to_owned())));
        let text = |line| match line {
            Line::Plain(text) | Line::Strong(text) => text,
            Line::Qr(_) => "[QR]".to_owned(),
        };
        lines.into_iter().map(text).collect()
    }

    #[test]
    fn values_stand_at_the_right_edge() {
        assert_eq!(plain(|p| p.pair("Tea", "3.00")), ["Tea         3.00"]);
        assert_eq!(
            plain(|p| p.pair("Tea with lemon and milk", "3.00")),
            ["Tea with lemon", "and milk    3.00"]
        );
        assert_eq!(
            plain(|p| p.pair("Tea and a biscuit", "12345678901.00")),
            ["Tea and a", "biscuit", "  12345678901.00"]
        );
        assert_eq!(
            plain(|p| p.pair("", "12345678901234567890")),
            ["1234567890123456", "            7890"]
        );
    }

    #[test]
    fn a_row_that_does_not_fit_takes_a_line_for_each_cell() {
        assert_eq!(
            plain(|p| p.row(["20", "1", "2", "3"])),
            ["20     1   2   3"]
        );
        assert_eq!(
            plain(|p| p.row(["20", "1000", "2", "3"])),
            [
                "              20",
                "            1000",
                "               2",
                "               3"
            ]
        );
    }

    #[test]
    fn control_characters_are_blanks() {
        assert_eq!(plain(|p| p.text("A\u{1b}[2J\nB\u{202e}C")), ["A [2J B C"]);
        assert_eq!(plain(|p| p.text("  indented")), ["  indented"]);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(plain(|p| p.pair("茶", "3.00")), ["茶          3.00"]);
    }

    #[test]
    fn endless_receipts_are_cut() {
        let lines = plain(|p| (0..5000).for_each(|_| p.rule()));
        assert_eq!(lines.len(), MOST_LINES + 1);
        assert_eq!(lines[MOST_LINES], "(cut here: too long to show)");
    }
}
