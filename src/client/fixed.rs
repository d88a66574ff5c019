//! Operations written from the table of the document: where only the path and a body of our own are
//! needed, a revision can rename its parameters and schemas without moving the facade.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use uuid::Uuid;

use super::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::runtime::{CallOptions, Operation, OperationSpec, Progress, Standing};

impl Client {
    /// The operation of `spec`, under a fresh id: `parameters` stand in the path in the order of its
    /// placeholders.
    pub(super) fn fixed(
        &self,
        spec: &'static OperationSpec,
        parameters: &[&str],
        accept: &str,
        body: Option<Bytes>,
    ) -> Result<Operation> {
        fixed(
            spec,
            parameters,
            accept,
            body,
            self.engine.chance.operation_id(),
        )
    }
}

/// The operation of `spec` under `id`.
pub(super) fn fixed(
    spec: &'static OperationSpec,
    parameters: &[&str],
    accept: &str,
    body: Option<Bytes>,
    id: Uuid,
) -> Result<Operation> {
    let unwritable = |what: &str| {
        Error::new(
            ErrorKind::Invalid,
            format!("The call cannot be written as a request: {what}"),
        )
    };
    let target = filled(spec.path, parameters).ok_or_else(|| {
        unwritable(
            "a part of its path is empty or has other characters than letters, digits, `-` and `_`",
        )
    })?;
    let mut headers = HeaderMap::with_capacity(2);
    let accept = HeaderValue::from_str(accept)
        .map_err(|source| unwritable("its Accept is no header").with_source(source))?;
    headers.insert(header::ACCEPT, accept);
    if body.is_some() {
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
    }
    let method = Method::from_bytes(spec.method.as_bytes())
        .map_err(|source| unwritable("its method is none").with_source(source))?;
    Ok(Operation {
        id,
        name: spec.id.into(),
        class: spec.class,
        answer: spec.answer,
        method,
        template: spec.path,
        target,
        headers,
        body,
        options: CallOptions::default(),
        progress: Progress::new(Standing::NotSent),
    })
}

/// The path with its placeholders filled. `None` for a parameter that would need escaping, or for
/// another number of them.
fn filled(template: &str, parameters: &[&str]) -> Option<String> {
    let mut parameters = parameters.iter();
    let mut path = String::with_capacity(template.len() + 72);
    for segment in template.split('/').skip(1) {
        path.push('/');
        if segment.contains('{') {
            let parameter = parameters.next()?;
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            if parameter.is_empty() || !parameter.bytes().all(is_plain) {
                return None;
            }
            path.push_str(parameter);
        } else {
            path.push_str(segment);
        }
    }
    parameters.next().is_none().then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_takes_as_many_plain_parameters_as_it_has_places() {
        let filled = |parameters: &[&str]| filled("/a/{B}/c/{D}", parameters);
        assert_eq!(filled(&["1", "x-_Z"]).as_deref(), Some("/a/1/c/x-_Z"));
        for wrong in [
            &["1"][..],
            &["1", "2", "3"],
            &["1", ""],
            &["1", ".."],
            &["1", "2/3"],
            &["1", "ä"],
            &["1", "2?x"],
        ] {
            assert_eq!(filled(wrong), None, "{wrong:?}");
        }
    }
}
