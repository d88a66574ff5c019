//! The operations of a document, as the generated table describes them.

/// What a call does at the server, and so how it may be handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// Changes something: made once, resent under the same id, logged when durable.
    Effect,
    /// Changes nothing and is safe to repeat. It may take the caller's id.
    Query,
    /// An answer of any size: passed through unread, never buffered or logged.
    Stream,
    /// Carries a secret in its answer: never logged.
    Secret,
}

/// What a successful answer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnswerKind {
    /// A JSON document.
    Json,
    /// Bytes of any type, or nothing.
    Bytes,
    /// Nothing.
    Nothing,
}

/// One operation of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct OperationSpec {
    /// The canonical name, such as `sign`; also the name of the generated call.
    pub id: &'static str,
    /// The HTTP method, upper case.
    pub method: &'static str,
    /// The path with its placeholders, such as `/sign`.
    pub path: &'static str,
    /// What the call does at the server.
    pub class: Class,
    /// What a successful answer carries.
    pub answer: AnswerKind,
}

impl OperationSpec {
    /// A line of the table.
    #[must_use]
    pub const fn new(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        class: Class,
        answer: AnswerKind,
    ) -> Self {
        Self {
            id,
            method,
            path,
            class,
            answer,
        }
    }
}
