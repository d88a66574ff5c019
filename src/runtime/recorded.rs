//! What the server has recorded about an operation that it failed at.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::attempt::{Answer, Attempt};
use super::engine::Engine;
use super::operation::{CallOptions, Operation};
use super::spec::{Class, OperationSpec};
use super::standing::{Progress, Standing};
use super::watch::RunWatch;
use crate::json::Json;
use crate::problem::Problem;
use crate::raw::operations;

/// The path of the call that shows an operation's record.
const PATH: &str = "/journal/OperationItem/{OperationId}";

/// What the record says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Recorded {
    /// The operation is done: sent once more, it gives its answer.
    Done,
    /// The operation failed for good, as this answer says.
    Failed(Answer),
    /// Another request failed under the operation's id.
    FailedOther,
    /// Nothing that settles it, in a word.
    Open(&'static str),
}

/// The word for an operation that goes on.
const IN_PROGRESS: &str = "still in progress";

impl Recorded {
    /// Whether the operation goes on.
    pub(crate) fn is_in_progress(&self) -> bool {
        *self == Self::Open(IN_PROGRESS)
    }

    /// A word for logs.
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::FailedOther => "failed, of another request",
            Self::Open(word) => word,
        }
    }
}

/// Asks once; whatever goes wrong leaves the operation as open as it was.
pub(crate) async fn ask(
    engine: &Engine,
    operation: &Operation,
    token: &HeaderValue,
    timeout: std::time::Duration,
) -> Recorded {
    let spec = operations::ALL
        .iter()
        .find(|spec| spec.method == "GET" && spec.path == PATH);
    let Some(spec) = spec else {
        return Recorded::Open("cannot be asked for");
    };
    let question = question(spec, operation.id, engine.chance.operation_id());
    let watch = RunWatch::begin(engine, &question);
    let attempt = watch.span.around(watch.attempt(token, timeout)).await;
    let recorded = match &attempt {
        Attempt::Answered(answer) => read(answer, operation.id, operation.body()),
        _ => Recorded::Open("cannot be reached"),
    };
    watch.end(&match attempt {
        Attempt::Answered(answer) if answer.status.is_success() => {
            super::run::Ending::Done { value: (), answer }
        }
        last => super::run::Ending::Open { last: Some(last) },
    });
    recorded
}

/// The question for the record of the operation `about`.
fn question(spec: &OperationSpec, about: Uuid, id: Uuid) -> Operation {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    Operation {
        id,
        name: spec.id.into(),
        class: Class::Query,
        answer: spec.answer,
        method: http::Method::GET,
        template: spec.path,
        target: PATH.replace("{OperationId}", &about.to_string()),
        headers,
        body: None,
        options: CallOptions::default(),
        progress: Progress::new(Standing::NotSent),
    }
}

/// The members that matter. Read apart from the generated type: any revision of the document will do.
#[derive(Deserialize)]
struct Item {
    #[serde(rename = "cbOperationItemID", default)]
    id: Option<String>,
    #[serde(rename = "Request", default)]
    request: Option<Json>,
    #[serde(rename = "LastState")]
    state: String,
    #[serde(rename = "ResponseCode", default)]
    code: Option<u16>,
    #[serde(rename = "Response", default)]
    response: Option<String>,
}

/// What an answer says of the operation with this id and this body.
fn read(answer: &Answer, id: Uuid, body: &[u8]) -> Recorded {
    match answer.status.as_u16() {
        200..=299 if answer.whole => {}
        404 => return Recorded::Open("unknown"),
        _ => return Recorded::Open("not shown"),
    }
    let Ok(item) = serde_json::from_slice::<Item>(&answer.body) else {
        return Recorded::Open("unreadable");
    };
    let is_another = item
        .id
        .is_some_and(|item| Uuid::try_parse(&item).is_ok_and(|item| item != id));
    if is_another {
        return Recorded::Open("another operation's");
    }
    match item.state.to_ascii_lowercase().as_str() {
        // Sent once more, it is compared by the server.
        "done" => Recorded::Done,
        "failed" if item.request.is_some_and(|request| is_other(request, body)) => {
            Recorded::FailedOther
        }
        "failed" => Recorded::Failed(failure(item.code, item.response)),
        "pending" | "processing" => Recorded::Open(IN_PROGRESS),
        _ => Recorded::Open("of no known state"),
    }
}

/// Whether a recorded request, the document itself or a text that holds it, is another one than was sent.
/// What is no document, such as a text that was cut, proves nothing.
fn is_other(request: Json, sent: &[u8]) -> bool {
    let document = |text: &str| text.parse::<Json>().ok();
    let recorded = match request.as_string() {
        Some(text) => document(&text),
        None => Some(request),
    };
    let sent = std::str::from_utf8(sent).ok().and_then(document);
    recorded.is_some_and(|recorded| sent.as_ref() != Some(&recorded))
}

/// The stored failure as the answer it was.
fn failure(code: Option<u16>, response: Option<String>) -> Answer {
    let status = code
        .and_then(|code| StatusCode::from_u16(code).ok())
        .filter(|status| status.is_client_error() || status.is_server_error())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let response = response.unwrap_or_default();
    let body = if Problem::is_one(response.as_bytes()) {
        Bytes::from(response)
    } else {
        // A stored failure is its detail, encoded as a JSON text (API facts, section 6.1).
        let problem: Value = json!({
            "title": "The operation failed",
            "status": status.as_u16(),
            "detail": response,
        });
        Bytes::from(problem.to_string())
    };
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    Answer {
        status,
        headers,
        body,
        whole: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(7);

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::copy_from_slice(body.as_bytes()),
            whole: true,
        }
    }

    /// What was sent.
    const SENT: &[u8] = br#"{"a": 1}"#;

    fn word(status: u16, body: &str) -> &'static str {
        read(&answer(status, body), ID, SENT).as_str()
    }

    #[test]
    fn each_state_has_its_meaning_whatever_its_case() {
        let table = [
            (200, r#"{"LastState":"done"}"#, "done"),
            (200, r#"{"LastState":"Done"}"#, "done"),
            (201, r#"{"LastState":"done"}"#, "done"),
            (200, r#"{"LastState":"FAILED"}"#, "failed"),
            (200, r#"{"LastState":"pending"}"#, "still in progress"),
            (200, r#"{"LastState":"processing"}"#, "still in progress"),
            (200, r#"{"LastState":"unknown"}"#, "of no known state"),
            (200, r#"{"LastState":"new"}"#, "of no known state"),
            (200, r#"{}"#, "unreadable"),
            (200, "null", "unreadable"),
            (200, "<html></html>", "unreadable"),
            (404, r#"{"LastState":"done"}"#, "unknown"),
            (500, r#"{"LastState":"done"}"#, "not shown"),
            (302, r#"{"LastState":"done"}"#, "not shown"),
        ];
        for (status, body, expected) in table {
            assert_eq!(word(status, body), expected, "{status} {body}");
        }
        let mut cut = answer(200, r#"{"LastState":"done"}"#);
        cut.whole = false;
        assert_eq!(read(&cut, ID, SENT).as_str(), "not shown");
    }

    #[test]
    fn a_record_of_another_operation_says_nothing_about_this_one() {
        let of = |id: &str| format!(r#"{{"cbOperationItemID":"{id}","LastState":"done"}}"#);
        assert_eq!(word(200, &of(&ID.to_string().to_uppercase())), "done");
        assert_eq!(
            word(200, &of("6f1c2d5e-0000-4000-8000-0000000000c1")),
            "another operation's"
        );
        // Not an id: nothing is known against it.
        assert_eq!(word(200, &of("?")), "done");
    }

    #[test]
    fn a_stored_failure_becomes_the_answer_it_was() {
        let failed = |rest: &str| {
            let body = format!(r#"{{"LastState":"failed"{rest}}}"#);
            match read(&answer(200, &body), ID, SENT) {
                Recorded::Failed(answer) => Problem::read(answer.status, &answer.body).to_string(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(
            failed(r#","ResponseCode":400,"Response":"\"No VAT\"""#),
            "400 The operation failed: No VAT"
        );
        assert_eq!(
            failed(r#","ResponseCode":422,"Response":"{\"title\":\"No\",\"detail\":\"Why\"}""#),
            "422 No: Why"
        );
        assert_eq!(failed(""), "500 The operation failed");
        // A status that is none of a failure.
        for code in [99, 201, 302, 1000] {
            let shown = failed(&format!(r#","ResponseCode":{code},"Response":"x""#));
            assert_eq!(shown, "500 The operation failed: x", "{code}");
        }
    }

    #[test]
    fn the_question_names_the_operation_it_is_about() {
        let spec = OperationSpec::new(
            "x",
            "GET",
            PATH,
            Class::Query,
            super::super::AnswerKind::Json,
        );
        let question = question(&spec, ID, Uuid::from_u128(8));
        assert_eq!(question.path(), format!("/journal/OperationItem/{ID}"));
        assert_eq!(question.id(), Uuid::from_u128(8));
        assert_eq!(question.method(), "GET");
        assert!(question.body().is_empty());
        assert_eq!(question.headers[header::ACCEPT], "application/json");
    }
}
