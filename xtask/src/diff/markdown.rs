//! The changes as a section of a changelog.

use std::fmt::Write as _;

use super::{Changes, Direction, Verdict};

impl Changes {
    /// Bullets under a heading for each verdict, and the verdict as the last line.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        for (verdict, heading) in [
            (Verdict::Breaking, "Breaking"),
            (Verdict::Additive, "Added"),
            (Verdict::None, "No effect on callers"),
        ] {
            let changes: Vec<_> = self
                .iter()
                .filter(|change| change.verdict == verdict)
                .collect();
            if changes.is_empty() {
                continue;
            }
            let _ = writeln!(text, "#### {heading}\n");
            for change in changes {
                let direction = match change.direction {
                    Direction::Call => "",
                    Direction::Request => " (request)",
                    Direction::Response => " (response)",
                };
                let place = change.place.replace('`', "'");
                let _ = writeln!(text, "- `{place}`{direction}: {}", change.what);
            }
            text.push('\n');
        }
        let _ = write!(text, "verdict: {}", self.verdict());
        text
    }
}
