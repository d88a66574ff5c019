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
    let mut block = Block::Prose;
    for line in text.lines() {
        let mark = fence_mark(line);
        let is_blank = line.trim().is_empty();
        let is_indented = line.starts_with("    ") || line.starts_with('\t');
        match block {
            Block::Fenced(open) => {
                if mark == Some(open) {
                    block = Block::Prose;
                    lines.push(open.to_owned());
                } else {
                    lines.push(line.to_owned());
                }
                continue;
            }
            Block::Indented if is_indented || is_blank => {
                lines.push(line.to_owned());
                continue;
            }
            Block::Indented => {
                lines.push("```".to_owned());
                block = Block::Prose;
            }
            Block::Prose => {}
        }
        let after_blank = lines.last().is_none_or(|last| last.trim().is_empty());
        if let Some(mark) = mark {
            block = Block::Fenced(mark);
            lines.push(format!("{mark}text"));
        } else if is_indented && !is_blank && after_blank {
            block = Block::Indented;
            lines.extend(["```text".to_owned(), line.to_owned()]);
        } else {
            lines.push(without_nested_code(line));
        }
    }
    match block {
        Block::Prose => {}
        Block::Indented => lines.push("```".to_owned()),
        Block::Fenced(open) => lines.push(open.to_owned()),
    }
    lines.join("\n")
}

/// What a line of a description stands in.
#[derive(Clone, Copy)]
enum Block {
    Prose,
    Indented,
    Fenced(&'static str),
}

/// The fence a line opens or closes, inside quotes and lists too.
fn fence_mark(line: &str) -> Option<&'static str> {
    let (_, content) = split_containers(line);
    ["```", "~~~"]
        .into_iter()
        .find(|mark| content.starts_with(mark))
}

/// The line without indentation, and with one space after the marks of quotes and lists: more
/// would make code of what follows.
fn without_nested_code(line: &str) -> String {
    let (marks, content) = split_containers(line);
    let mut words: Vec<&str> = marks.split_whitespace().collect();
    words.push(content);
    words.join(" ")
}

/// The marks of quotes and lists at the start of a line, and the rest of it.
fn split_containers(line: &str) -> (&str, &str) {
    let mut rest = line.trim_start();
    loop {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let after = if digits.len() < rest.len() {
            digits.strip_prefix(['.', ')'])
        } else {
            rest.strip_prefix(['-', '*', '+'])
        };
        // A list mark is followed by a space; `**bold**` and `-1` are text.
        let after_list = after.filter(|after| after.starts_with([' ', '\t']));
        match rest.strip_prefix('>').or(after_list) {
            Some(after) => rest = after.trim_start(),
            None => break,
        }
    }
    line.split_at(line.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fences_and_indented_code_become_text() {
        assert_eq!(safe("a\n```json\n{}\n```\nb"), "a\n```text\n{}\n```\nb");
        assert_eq!(safe("a\n~~~\n{}\n~~~\nb"), "a\n~~~text\n{}\n~~~\nb");
        assert_eq!(safe("a\n\n    {}\n\nb"), "a\n\n```text\n    {}\n\n```\nb");
        assert_eq!(safe("\tlet a = 1;"), "```text\n\tlet a = 1;\n```");
        assert_eq!(safe("```\nleft open"), "```text\nleft open\n```");
        assert_eq!(safe("plain"), "plain");
    }

    #[test]
    fn code_right_after_indented_code_is_text_too() {
        assert_eq!(
            safe("    a\n```\nb\n```"),
            "```text\n    a\n```\n```text\nb\n```"
        );
    }

    #[test]
    fn code_in_quotes_and_lists_is_text() {
        assert_eq!(safe("> ```\n> a\n> ```"), "```text\n> a\n```");
        assert_eq!(safe("- ```json\n  a\n  ```"), "```text\n  a\n```");
        assert_eq!(safe("1.     a"), "1. a");
        assert_eq!(safe(">     a"), "> a");
        assert_eq!(safe(">      -     a"), "> - a");
    }

    #[test]
    fn prose_keeps_its_marks() {
        for text in [
            "**bold** text",
            "-1 is less",
            "- a\n- b",
            "1. a\n2. b",
            "> said",
            "2.1",
        ] {
            assert_eq!(safe(text), text);
        }
        assert_eq!(
            safe("a paragraph\n    that goes on"),
            "a paragraph\nthat goes on"
        );
    }

    #[test]
    fn every_description_of_the_document_is_treated() {
        let mut document = json!({
            "paths": {"/a": {"get": {"summary": "```\na\n```"}}},
            "list": [{"description": "```\na\n```"}, {"description": 5}],
        });
        let mut notes = Notes::default();
        run(&mut document, &mut notes);
        assert_eq!(document["list"][0]["description"], "```text\na\n```");
        assert_eq!(document["paths"]["/a"]["get"]["summary"], "```text\na\n```");
        assert_eq!(notes.into_vec()[0].subject, "2 descriptions");
    }
}
