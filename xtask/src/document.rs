//! Reading a document for comparison, and following its references.

use std::path::Path;

use serde_json::Value;

use crate::{Error, repository};

/// References followed in a row before a circle is assumed.
const MOST_HOPS: usize = 64;

/// An OpenAPI document as it was published.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    root: Value,
}

/// What a reference leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resolved<'a> {
    /// The value, or the reference itself if it leads nowhere.
    pub(crate) value: &'a Value,
    /// The name of the last component that was gone through.
    pub(crate) name: Option<&'a str>,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::File`] or [`Error::Pipeline`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::parse(&repository::read(path)?, &path.display().to_string())
    }

    /// Reads `text`, YAML or JSON, with the refusals of the pipeline. `origin` names it in messages.
    ///
    /// # Errors
    /// [`Error::Pipeline`] if it is not an OpenAPI 3.0 document with paths.
    pub fn parse(text: &str, origin: &str) -> Result<Self, Error> {
        let root = pos_system_api_codegen::load(text, origin).map_err(Error::pipeline)?;
        Ok(Self { root })
    }

    /// The whole document.
    #[must_use]
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// `info.version`, or `unknown`.
    #[must_use]
    pub fn version(&self) -> String {
        match self.root.pointer("/info/version") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::from("unknown"),
        }
    }

    /// Follows `$ref` until something else stands there.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> Resolved<'a> {
        let mut resolved = Resolved { value, name: None };
        for _ in 0..MOST_HOPS {
            let Some(reference) = reference(resolved.value) else {
                break;
            };
            let Some(target) = self.at(reference) else {
                break;
            };
            resolved = Resolved {
                value: target,
                name: reference.rsplit('/').next(),
            };
        }
        resolved
    }

    fn at(&self, reference: &str) -> Option<&Value> {
        let pointer = reference.strip_prefix('#')?;
        self.root
            .pointer(pointer)
            // Names with spaces and braces are often escaped as in a URL.
            .or_else(|| self.root.pointer(&percent_decoded(pointer)?))
    }
}

/// The target of a `$ref`.
pub(crate) fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = rest.get(2..)?;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}
