//! Failures and the shapes in which the servers report them.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::profile::Profile;
use crate::store::StoreError;
use crate::wire::reply::Reply;

/// What is wrong with one member of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    pub(crate) field: String,
    pub(crate) message: String,
}

impl FieldError {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// A request that was refused, before it takes the shape of one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    title: &'static str,
    detail: Option<String>,
    errors: Vec<FieldError>,
}

impl Failure {
    pub(crate) fn new(status: u16, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            title,
            detail: Some(detail.into()),
            errors: Vec::new(),
        }
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(400, "Bad Request", detail)
    }

    pub(crate) fn validation(errors: Vec<FieldError>) -> Self {
        Self {
            status: 400,
            title: "Validation error",
            detail: None,
            errors,
        }
    }

    /// The operation of an id goes on.
    pub(crate) fn still_in_process() -> Self {
        let detail = "The operation is still in process.";
        Self::new(422, "Unprocessable Content", detail)
    }

    /// What was asked for could not be written to the store, so it did not happen.
    pub(crate) fn not_committed(error: &StoreError) -> Self {
        let detail = format!("Nothing was done: {error}.");
        Self::new(503, "Service Unavailable", detail)
    }

    /// An operation id came back with another body.
    pub(crate) fn conflict(profile: Profile) -> Self {
        let detail = "Another body is stored for this operation id.";
        match profile {
            Profile::Draft => Self::new(422, "Unprocessable Content", detail),
            _ => Self::new(409, "Conflict", detail),
        }
    }

    /// The failure of a request that left no stored operation.
    pub(crate) fn reply(&self, profile: Profile) -> Reply {
        self.encode(profile, self.problem(profile))
    }

    /// The failure of a stored operation, told the first time or again.
    pub(crate) fn stored_reply(&self, profile: Profile, repeated: bool) -> Reply {
        let mut problem = self.problem(profile);
        if profile == Profile::Local {
            problem.insert("title".into(), json!("Error"));
            problem.insert("detail".into(), json!(self.twice_encoded_detail()));
            problem.remove("type");
            if repeated {
                problem.remove("errors");
            }
        }
        self.encode(profile, problem)
    }

    fn problem(&self, profile: Profile) -> Map<String, Value> {
        if profile == Profile::Draft {
            return self.draft_problem();
        }
        let mut problem = Map::new();
        problem.insert("type".into(), json!("about:blank"));
        problem.insert("title".into(), json!(self.title));
        problem.insert("status".into(), json!(self.status));
        if let Some(detail) = &self.detail {
            problem.insert("detail".into(), json!(detail));
        }
        if !self.errors.is_empty() {
            let errors = match profile {
                Profile::Local => self.errors_by_field(),
                _ => self
                    .errors
                    .iter()
                    .map(|error| json!({"field": error.field, "message": error.message}))
                    .collect(),
            };
            problem.insert("errors".into(), errors);
        }
        problem
    }

    /// `{error, message, details}`, with the first of the errors.
    fn draft_problem(&self) -> Map<String, Value> {
        let mut problem = Map::new();
        let error = self.title.to_ascii_lowercase().replace(' ', "_");
        let first = self.errors.first();
        let message = match (&self.detail, first) {
            (Some(detail), _) => detail.clone(),
            (None, Some(error)) => format!("{} {}", error.field, error.message),
            (None, None) => self.title.to_owned(),
        };
        problem.insert("error".into(), json!(error));
        problem.insert("message".into(), json!(message));
        if let Some(first) = first {
            let details = json!({"field": first.field, "reason": first.message});
            problem.insert("details".into(), details);
        }
        problem
    }

    fn errors_by_field(&self) -> Value {
        let mut fields = Map::new();
        for error in &self.errors {
            if let Value::Array(messages) = fields
                .entry(error.field.clone())
                .or_insert_with(|| json!([]))
            {
                messages.push(json!(error.message));
            }
        }
        Value::Object(fields)
    }

    /// The detail as a JSON string literal, with the quotes inside it written as `\u0022`.
    pub(crate) fn twice_encoded_detail(&self) -> String {
        let inner = match &self.detail {
            Some(detail) => detail.clone(),
            None => self.errors_by_field().to_string(),
        };
        let parts: Vec<String> = inner
            .split('"')
            .map(|part| json!(part).to_string().trim_matches('"').to_owned())
            .collect();
        format!("\"{}\"", parts.join("\\u0022"))
    }

    fn encode(&self, profile: Profile, problem: Map<String, Value>) -> Reply {
        let content_type = match profile {
            Profile::Local | Profile::Draft => "application/json",
            Profile::Cloud21 | Profile::Spec20 => "application/problem+json",
        };
        let body = Bytes::from(Value::Object(problem).to_string());
        Reply::new(self.status, content_type, body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_survive_double_encoding() {
        for text in [
            r#"a\"b"#,
            r"ends with \",
            r#"{"a":["b"]}"#,
            "\"\"",
            "line\n",
        ] {
            let literal = Failure::bad_request(text).twice_encoded_detail();
            let decoded: String = serde_json::from_str(&literal).unwrap();
            assert_eq!(decoded, text);
            assert_eq!(literal.matches('"').count(), 2, "{literal}");
        }
    }
}
