//! The request of an operation in a form that can be stored.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::operation::{CallOptions, Operation};
use super::spec::{AnswerKind, Class};
use super::standing::{Progress, Standing};
use crate::raw::operations;

/// Everything of a request but its id and its body. It holds no credentials: those belong to an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredRequest {
    pub(crate) name: String,
    method: String,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    lifetime_ms: Option<u64>,
    terminal: Option<String>,
}

/// Why a request cannot be stored, or a stored one not be read.
#[derive(Debug)]
pub(crate) struct NotStorable(String);

impl std::fmt::Display for NotStorable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotStorable {}

fn because(reason: impl ToString) -> NotStorable {
    NotStorable(reason.to_string())
}

impl StoredRequest {
    /// # Errors
    /// For an operation that carries a secret, such as pairing; and for a header that is not UTF-8, of
    /// which this crate makes none.
    pub(crate) fn of(operation: &Operation) -> Result<Self, NotStorable> {
        if operation.class == Class::Secret {
            return Err(because("an operation that carries a secret is not stored"));
        }
        let text = |value: &HeaderValue| value.to_str().map(str::to_owned).map_err(because);
        let headers = operation.headers.iter().map(|(name, value)| {
            let value = text(value)?;
            Ok((name.to_string(), value))
        });
        let options = &operation.options;
        let lifetime = options.lifetime.map(|lifetime| lifetime.as_millis());
        Ok(Self {
            name: operation.name.clone().into_owned(),
            method: operation.method.to_string(),
            path: operation.target.clone(),
            headers: headers.collect::<Result<_, NotStorable>>()?,
            lifetime_ms: lifetime.and_then(|lifetime| u64::try_from(lifetime).ok()),
            terminal: options.terminal.as_ref().map(text).transpose()?,
        })
    }

    /// The operation of this request.
    ///
    /// A name that is in no table of this crate is a call of a client generated elsewhere: it is an
    /// operation like any other.
    ///
    /// # Errors
    /// For a request that cannot be sent: a method, a path or a header that is none.
    pub(crate) fn operation(
        self,
        id: Uuid,
        body: Option<Bytes>,
        standing: Standing,
    ) -> Result<Operation, NotStorable> {
        if !self.path.starts_with('/') {
            return Err(because("the path of an operation begins with a slash"));
        }
        let spec = operations::ALL
            .iter()
            .find(|spec| spec.id == self.name && spec.method == self.method);
        let mut headers = HeaderMap::with_capacity(self.headers.len());
        for (name, value) in &self.headers {
            headers.append(
                HeaderName::try_from(name).map_err(because)?,
                HeaderValue::try_from(value).map_err(because)?,
            );
        }
        let terminal = self.terminal.map(HeaderValue::try_from).transpose();
        Ok(Operation {
            id,
            name: spec.map_or(Cow::Owned(self.name), |spec| Cow::Borrowed(spec.id)),
            class: spec.map_or(Class::Effect, |spec| spec.class),
            answer: spec.map_or(AnswerKind::Bytes, |spec| spec.answer),
            method: Method::try_from(self.method.as_str()).map_err(because)?,
            template: spec.map_or("", |spec| spec.path),
            target: self.path,
            headers,
            body,
            options: CallOptions {
                lifetime: self.lifetime_ms.map(Duration::from_millis),
                terminal: terminal.map_err(because)?,
                ..CallOptions::default()
            },
            progress: Progress::new(standing),
        })
    }
}
