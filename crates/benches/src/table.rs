//! Tables in Markdown.

use std::fmt;

/// A section: heading, what was done, the table, the bars.
#[derive(Debug, Default)]
pub struct Section {
    text: String,
}

impl Section {
    /// Begins with a heading and a paragraph that says what was done.
    #[must_use]
    pub fn new(heading: &str, done: &str) -> Self {
        Self {
            text: format!("### {heading}\n\n{done}\n"),
        }
    }

    /// Adds a table; the first column names the row.
    #[must_use]
    pub fn table<const COLUMNS: usize>(
        mut self,
        head: [&str; COLUMNS],
        rows: impl IntoIterator<Item = [String; COLUMNS]>,
    ) -> Self {
        self.text.push('\n');
        self.line(&head);
        self.line(&["---"; COLUMNS]);
        for row in rows {
            self.line(&row.each_ref().map(String::as_str));
        }
        self
    }

    /// Adds what was aimed at, and whether it was reached.
    #[must_use]
    pub fn bar(mut self, bar: &str, measured: &str, reached: bool) -> Self {
        let verdict = if reached { "reached" } else { "missed" };
        self.text.push_str(&format!(
            "\nBar: {bar}. Measured: {measured}, **{verdict}**.\n"
        ));
        self
    }

    fn line(&mut self, cells: &[&str]) {
        self.text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A whole number with separators, such as `1,073,741,824`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_markdown() {
        let section = Section::new("Signs", "Many.")
            .table(["", "p50"], [["ours".to_owned(), "7".to_owned()]])
            .bar("at most 5", "7", false);
        assert_eq!(
            section.to_string(),
            "### Signs\n\nMany.\n\n|  | p50 |\n| --- | --- |\n| ours | 7 |\n\n\
             Bar: at most 5. Measured: 7, **missed**.\n"
        );
    }

    #[test]
    fn digits_are_grouped_by_three() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1 << 30, "1,073,741,824"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
