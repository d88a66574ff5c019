//! Reading a document for comparison, and following its references.

use std::path::Path;

use serde_json::Value;

use crate::{Error, repository};

/// References followed in a row before a circle is assumed.
const MOST_HOPS: usize = 64;
/// Levels of nesting; published documents have about 20.
const MOST_LEVELS: usize = 64;

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
    /// [`Error::File`] or [`Error::Document`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::parse(&repository::read(path)?, &path.display().to_string())
    }

    /// Reads `text`, YAML or JSON. `origin` names it in messages.
    ///
    /// # Errors
    /// [`Error::Document`] if it is not an OpenAPI document with paths.
    pub fn parse(text: &str, origin: &str) -> Result<Self, Error> {
        let refuse = |reason: &str| Error::Document {
            origin: origin.to_owned(),
            reason: reason.to_owned(),
        };
        let root = yaml(text).map_err(|message| {
            refuse(&format!(
                "is not readable YAML or JSON: {message}; fetch it again"
            ))
        })?;
        if is_deeper_than(&root, MOST_LEVELS) {
            return Err(refuse(&format!(
                "is nested deeper than {MOST_LEVELS} levels"
            )));
        }
        if !root.is_object() {
            return Err(refuse(
                "holds no mapping; was an error page saved in its place? Fetch it again",
            ));
        }
        let version = root.get("openapi").map(|version| match version {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        match version {
            Some(version) if version.starts_with("3.0") => {}
            Some(version) => {
                return Err(refuse(&format!(
                    "is OpenAPI {version}; convert it to 3.0 first"
                )));
            }
            None => {
                return Err(refuse(
                    "is not OpenAPI 3.0: the member `openapi` is missing",
                ));
            }
        }
        if !root.get("paths").is_some_and(Value::is_object) {
            return Err(refuse("has no `paths`; is the file cut short?"));
        }
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

/// YAML 1.2 or JSON; duplicate keys are refused.
///
/// The one place to change when the codegen crate shows its loader.
pub(crate) fn yaml(text: &str) -> Result<Value, String> {
    let mut options = serde_saphyr::Options::default();
    // `NO` is a country, not a boolean.
    options.strict_booleans = true;
    serde_saphyr::from_str_with_options(text, options).map_err(|error| error.to_string())
}

/// The target of a `$ref`.
pub(crate) fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

fn is_deeper_than(value: &Value, levels: usize) -> bool {
    let deeper = |inner: &Value| levels == 0 || is_deeper_than(inner, levels - 1);
    match value {
        Value::Object(object) => object.values().any(deeper),
        Value::Array(list) => list.iter().any(deeper),
        _ => false,
    }
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
