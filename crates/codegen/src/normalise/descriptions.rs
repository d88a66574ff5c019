//! Descriptions: examples in them are text, not Rust that the documentation tests would run.

use serde_json::Value;

use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, notes: &mut Notes) {
    let mut rewritten = 0_usize;
    walk(document, &mut rewritten);
    if rewritten > 0 {
        notes.add(
            Stage::Normalise,
            "code in descriptions marked as text",
            format!("{rewritten} descriptions"),
        );
    }
}

fn walk(value: &mut Value, rewritten: &mut usize) {
    match value {
        Value::Object(object) => {
            for keyword in ["description", "summary"] {
                if let Some(Value::String(text)) = object.get_mut(keyword) {
                    let safe = safe(text);
                    if *text != safe {
                        *text = safe;
                        *rewritten += 1;
                    }
                }
            }
            object.values_mut().for_each(|inner| walk(inner, rewritten));
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| walk(inner, rewritten)),
        _ => {}
    }
}

/// Marks every fence as text and turns indented code into a fence.
fn safe(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut indented = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| trimmed.starts_with(mark));
        if let Some(open) = fence {
            if mark == Some(open) {
                fence = None;
                lines.push(open.to_owned());
            } else {
                lines.push(line.to_owned());
            }
            continue;
        }
        let is_code = line.starts_with("    ") || line.starts_with('\t');
        if indented && !is_code && !trimmed.is_empty() {
            lines.push("```".to_owned());
            indented = false;
        }
        match mark {
            Some(mark) if !indented => {
                fence = Some(mark);
                lines.push(format!("{mark}text"));
            }
            _ => {
                if is_code && !indented && lines.last().is_none_or(|last| last.trim().is_empty()) {
                    lines.push("```text".to_owned());
                    indented = true;
                }
                lines.push(if indented || !is_code {
                    line.to_owned()
                } else {
                    trimmed.to_owned()
                });
            }
        }
    }
    if indented {
        lines.push("```".to_owned());
    }
    if let Some(open) = fence {
        lines.push(open.to_owned());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn fences_and_indented_code_become_text() {
        assert_eq!(safe("a\n```json\n{}\n```\nb"), "a\n```text\n{}\n```\nb");
        assert_eq!(safe("a\n\n    {}\n\nb"), "a\n\n```text\n    {}\n\n```\nb");
        assert_eq!(safe("```\nleft open"), "```text\nleft open\n```");
        assert_eq!(safe("plain"), "plain");
    }
}
