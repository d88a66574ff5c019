//! Error bodies: RFC 9457, the other shapes seen, and plain text.

use std::fmt;

use http::StatusCode;
use serde_json::{Map, Value};

/// How much of an error body is kept as text, in bytes.
const EXCERPT: usize = 8 * 1024;

/// The longest text of an error in characters.
const LONGEST_LINE: usize = 500;

/// How often a `detail` may be JSON inside a string (API facts, section 7, row 9).
const NESTED_DETAILS: usize = 2;

/// What an error answer says, in whatever shape it came.
///
/// Members follow RFC 9457. The body is read by its content: `application/problem+json`,
/// `application/json`, `{error, message, details}` and capitalised spellings are understood, anything
/// else becomes the title (API facts, sections 4.15 and 7, row 7).
///
/// `Display` says what the server said, in one line. `Debug` shows no part of the body: it may repeat the
/// request.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Problem {
    /// The HTTP status of the answer.
    pub status: StatusCode,
    /// `type`: a URI that names the kind of problem.
    pub kind: Option<String>,
    /// `title`: a short summary.
    pub title: Option<String>,
    /// `detail`: what went wrong this time. Text inside text is taken out.
    pub detail: Option<String>,
    /// `instance`: a URI of this occurrence.
    pub instance: Option<String>,
    /// `errors`: messages for each member, as an object or a list.
    pub errors: Option<Value>,
    /// All other members.
    pub extra: Map<String, Value>,
    /// The beginning of the body as text, at most 8 KiB.
    pub raw: String,
}

impl Problem {
    /// Whether a body says what an error of the API says; other JSON comes from something in between.
    pub(crate) fn is_one(body: &[u8]) -> bool {
        serde_json::from_slice::<Map<String, Value>>(body).is_ok_and(|members| {
            members.keys().any(|name| {
                ["title", "detail", "errors", "error"]
                    .iter()
                    .any(|known| name.eq_ignore_ascii_case(known))
            })
        })
    }

    /// Whether a body names errors of single members.
    pub(crate) fn has_errors(body: &[u8]) -> bool {
        serde_json::from_slice::<Map<String, Value>>(body)
            .ok()
            .and_then(|mut members| take(&mut members, "errors"))
            .is_some_and(|errors| match errors {
                Value::Array(list) => !list.is_empty(),
                Value::Object(object) => !object.is_empty(),
                _ => false,
            })
    }

    /// Reads any error body. Texts are cut: a secret has to be taken out of the body before.
    pub(crate) fn read(status: StatusCode, body: &[u8]) -> Self {
        let raw = excerpt(body);
        let mut problem = Self {
            status,
            kind: None,
            title: None,
            detail: None,
            instance: None,
            errors: None,
            extra: Map::new(),
            raw,
        };
        let Ok(mut members) = serde_json::from_slice::<Map<String, Value>>(body) else {
            problem.title = title_of_page(&problem.raw);
            return problem;
        };
        problem.kind = take(&mut members, "type").and_then(text);
        problem.title = take(&mut members, "title")
            .or_else(|| take(&mut members, "error"))
            .and_then(text);
        problem.detail = take(&mut members, "detail")
            .or_else(|| take(&mut members, "message"))
            .and_then(text)
            .map(unnested);
        problem.instance = take(&mut members, "instance").and_then(text);
        problem.errors = take(&mut members, "errors").or_else(|| {
            take(&mut members, "details").map(|details| match details {
                Value::Array(_) => details,
                other => Value::Array(vec![other]),
            })
        });
        take(&mut members, "status");
        problem.extra = members;
        problem
    }

    /// As a problem document.
    pub(crate) fn to_json(&self) -> Vec<u8> {
        Value::Object(self.members()).to_string().into_bytes()
    }

    fn members(&self) -> Map<String, Value> {
        let mut members = self.extra.clone();
        members.insert("status".into(), self.status.as_u16().into());
        for (name, value) in [
            ("type", &self.kind),
            ("title", &self.title),
            ("detail", &self.detail),
            ("instance", &self.instance),
        ] {
            if let Some(value) = value {
                members.insert(name.into(), value.clone().into());
            }
        }
        if let Some(errors) = &self.errors {
            members.insert("errors".into(), errors.clone());
        }
        members
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("status", &self.status)
            .field("raw_length", &self.raw.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Problem {
    /// `400 Validation error: cbReceiptReference must not be empty`. One line of at most 500
    /// characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = self.status.as_u16().to_string();
        let reason = self.status.canonical_reason();
        if let Some(title) = self.title.as_deref().or(reason) {
            line.push(' ');
            line.push_str(title);
        }
        if let Some(detail) = self.detail.as_ref().filter(|detail| !detail.is_empty()) {
            line.push_str(": ");
            line.push_str(detail);
        }
        match &self.errors {
            Some(Value::Object(members)) => {
                for (member, messages) in members {
                    line.push_str(&format!("; {member}: {}", plain(messages)));
                }
            }
            Some(Value::Array(list)) => {
                for entry in list {
                    line.push_str(&format!("; {}", plain(entry)));
                }
            }
            _ => {}
        }
        f.write_str(&one_line(&line))
    }
}

/// A server's text as one line that can stand in a log: no control characters, at most 500
/// characters.
pub(crate) fn one_line(text: &str) -> String {
    let mut line: String = text
        .chars()
        .take(LONGEST_LINE)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(LONGEST_LINE).is_some() {
        line.push('…');
    }
    line
}

/// A member by name, whatever its case.
fn take(members: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let key = members
        .keys()
        .find(|key| key.eq_ignore_ascii_case(name))?
        .clone();
    members.remove(&key).filter(|value| !value.is_null())
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// Takes a JSON text out of the text it was put in.
fn unnested(detail: String) -> String {
    let mut detail = detail;
    for _ in 0..NESTED_DETAILS {
        match serde_json::from_str::<Value>(&detail) {
            Ok(Value::String(inner)) => detail = inner,
            Ok(Value::Object(members)) => return plain(&Value::Object(members)),
            _ => break,
        }
    }
    detail
}

/// JSON as a person would say it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| format!("{name}: {}", plain(value)))
            .collect::<Vec<_>>()
            .join(", "),
        other => other.to_string(),
    }
}

/// The beginning of a body as text.
fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(EXCERPT)]).into_owned()
}

/// One line for a body that is no JSON: the title of a page, or its first line.
fn title_of_page(raw: &str) -> Option<String> {
    let lower = raw.to_ascii_lowercase();
    let title = lower.find("<title>").and_then(|start| {
        let start = start + "<title>".len();
        let end = start + lower.get(start..)?.find("</title>")?;
        raw.get(start..end)
    });
    let line = title
        .or_else(|| raw.lines().find(|line| !line.trim().is_empty()))?
        .trim();
    let short: String = line.chars().take(200).collect();
    (!short.is_empty()).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(status: u16, body: &str) -> String {
        Problem::read(StatusCode::from_u16(status).unwrap(), body.as_bytes()).to_string()
    }

    #[test]
    fn every_shape_that_was_seen_gives_one_line() {
        let table = [
            (
                401,
                r#"{"type":"about:blank","title":"Unauthorized","status":401,"detail":"No token."}"#,
                "401 Unauthorized: No token.",
            ),
            (
                400,
                r#"{"title":"Validation error","errors":{"cbReceiptReference":["must not be empty"]}}"#,
                "400 Validation error; cbReceiptReference: must not be empty",
            ),
            (
                400,
                r#"{"title":"Validation error","errors":[{"field":"a","message":"b"}]}"#,
                "400 Validation error; field: a, message: b",
            ),
            (
                400,
                r#"{"title":"Error","detail":"\"{\\u0022cbChargeItems\\u0022:[\\u0022must not be empty\\u0022]}\""}"#,
                "400 Error: cbChargeItems: must not be empty",
            ),
            (
                400,
                r#"{"error":"invalid_request","message":"missing","details":{"field":"f"}}"#,
                "400 invalid_request: missing; field: f",
            ),
            (400, r#"{"Error":"X","Message":"y"}"#, "400 X: y"),
            (
                502,
                "<html><head><TITLE>Bad Gateway (proxy)</TITLE></head></html>",
                "502 Bad Gateway (proxy)",
            ),
            (500, "\n  plain text\nmore", "500 plain text"),
            (503, "", "503 Service Unavailable"),
            (500, "null", "500 null"),
        ];
        for (status, body, expected) in table {
            assert_eq!(shown(status, body), expected, "{body}");
        }
    }

    #[test]
    fn unknown_members_and_the_raw_text_are_kept() {
        let problem = Problem::read(StatusCode::BAD_REQUEST, br#"{"title":"t","traceId":"7"}"#);
        assert_eq!(problem.extra["traceId"], "7");
        assert_eq!(problem.raw, r#"{"title":"t","traceId":"7"}"#);
        assert!(Problem::is_one(&problem.to_json()));
    }

    #[test]
    fn control_characters_do_not_reach_a_log() {
        let problem = Problem::read(StatusCode::BAD_REQUEST, br#"{"title":"a\n\u001b[31mb"}"#);
        assert_eq!(problem.to_string(), "400 a  [31mb");
    }

    #[test]
    fn only_what_the_api_says_is_a_problem() {
        for body in [r#"{"title":""}"#, r#"{"Error":"x"}"#, r#"{"errors":[]}"#] {
            assert!(Problem::is_one(body.as_bytes()), "{body}");
        }
        for body in ["{}", r#"{"message":"x"}"#, "[]", "", "<html>"] {
            assert!(!Problem::is_one(body.as_bytes()), "{body}");
        }
    }

    #[test]
    fn a_huge_page_is_kept_in_part() {
        let page = "x".repeat(10 * 1024 * 1024);
        let problem = Problem::read(StatusCode::BAD_GATEWAY, page.as_bytes());
        assert_eq!(problem.raw.len(), EXCERPT);
        assert!(problem.to_string().len() < 600);
    }

    proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let problem = Problem::read(StatusCode::INTERNAL_SERVER_ERROR, &body);
            let _ = problem.to_string();
            let _ = Problem::has_errors(&body);
        }
    }
}
