//! The draft of the changelog: what changed, under "Unreleased".

use super::Revision;
use crate::diff::Changes;

const UNRELEASED: &str = "## Unreleased";
const SPEC: &str = "### Spec";

/// The text with the changes at the end of the section "Spec" of "Unreleased".
pub(super) fn updated(
    text: &str,
    revision: &Revision,
    changes: &Changes,
) -> Result<String, String> {
    let lines: Vec<&str> = text.lines().collect();
    let is_heading = |line: &str, level: &str| line.starts_with(level);
    let unreleased = lines
        .iter()
        .position(|line| line.trim_end() == UNRELEASED)
        .ok_or_else(|| format!("the heading `{UNRELEASED}` is missing; add it"))?;
    let end_of = |start: usize, levels: &[&str]| {
        lines
            .iter()
            .enumerate()
            .skip(start + 1)
            .find(|(_, line)| levels.iter().any(|level| is_heading(line, level)))
            .map_or(lines.len(), |(index, _)| index)
    };
    let end = end_of(unreleased, &["## "]);
    let spec = (unreleased..end).find(|index| lines[*index].trim_end() == SPEC);
    let insertion = spec.map_or(end, |spec| end_of(spec, &["## ", "### "]));

    let (head, tail) = lines.split_at(insertion);
    let mut result = head.join("\n").trim_end().to_owned();
    result.push_str("\n\n");
    if spec.is_none() {
        result.push_str(SPEC);
        result.push_str("\n\n");
    }
    let short = revision.sha256.get(..12).unwrap_or(&revision.sha256);
    result.push_str(&format!(
        "Document version {} of {}, from {} (sha256 `{short}`):\n\n{}\n",
        revision.version.replace(char::is_control, " "),
        revision.date,
        revision.source,
        changes.to_markdown()
    ));
    if !tail.is_empty() {
        result.push('\n');
        result.push_str(&tail.join("\n"));
        result.push('\n');
    }
    Ok(result)
}
