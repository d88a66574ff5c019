//! The rows of PROVENANCE.md that say which document is in place.

use super::Revision;

/// The text with the rows of date, source, version and sha256 renewed.
pub(super) fn updated(text: &str, revision: &Revision) -> Result<String, String> {
    let rows = [
        // The first name is the one that is written.
        (&["Fetched", "Written"][..], revision.date.to_string()),
        (&["From"], escaped(&revision.source)),
        (&["sha256"], format!("`{}`", revision.sha256)),
    ];
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (names, value) in rows {
        let position = position(&lines, names)
            .ok_or_else(|| format!("the row `| {} | … |` is missing; add it", names[0]))?;
        lines[position] = row(names[0], &value);
    }
    let version = row("Version", &escaped(&revision.version));
    match position(&lines, &["Version"]) {
        Some(position) => lines[position] = version,
        None => {
            let from = position(&lines, &["From"]).unwrap_or_default();
            lines.insert(from + 1, version);
        }
    }
    Ok(lines.join("\n") + "\n")
}

fn position(lines: &[String], names: &[&str]) -> Option<usize> {
    lines.iter().position(|line| {
        let name = line
            .strip_prefix('|')
            .and_then(|rest| rest.split('|').next());
        name.is_some_and(|name| names.contains(&name.trim()))
    })
}

fn row(name: &str, value: &str) -> String {
    format!("| {name} | {value} |")
}

/// A text from outside, as the one cell it has to be.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace(char::is_control, " ")
}
