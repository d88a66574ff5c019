//! The table of canonical names, `names.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::normalise::{AMOUNT, ID, MOMENT, SECRET};
use crate::{Error, load, rust_name};

/// What the facade calls things, whatever the publisher calls them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    /// `POST /sign` to the name of the operation.
    #[serde(default)]
    pub(crate) operations: BTreeMap<String, String>,
    /// A role to the name of the schema that plays it, applied in order of the file's text:
    /// `POST /sign request`, `POST /sign response`, or `ReceiptRequest.cbChargeItems`.
    #[serde(default)]
    pub(crate) schemas: Vec<Role>,
    /// A member to the code type it carries, wherever it occurs.
    #[serde(default)]
    pub(crate) codes: BTreeMap<String, String>,
    /// Members that carry a secret, wherever they occur: never shown by `Debug`.
    #[serde(default)]
    pub(crate) secrets: Vec<String>,
    /// Headers that the facade sends itself, in lower case.
    #[serde(default)]
    pub(crate) facade_headers: Vec<String>,
    /// Members that a response cannot do without; all others are optional on reading.
    #[serde(default)]
    pub(crate) indispensable: Vec<String>,
    /// Members that may be absent whatever the document says, as `Schema.member` by canonical names.
    #[serde(default)]
    pub(crate) optional: Vec<String>,
    /// Members that hand-written calls are made of.
    #[serde(default)]
    pub(crate) facade: Vec<Need>,
    /// `POST /PayResponse` to its class, where the method says too little.
    #[serde(default)]
    pub(crate) classes: BTreeMap<String, Class>,
}

/// One line of the schema names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) role: String,
    pub(crate) name: String,
}

/// What one hand-written part needs of the document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Need {
    /// The id of the operation without which the part is left out.
    pub(crate) operation: String,
    /// The part, as its users call it.
    pub(crate) needed_by: String,
    /// As `Schema.member` by canonical names.
    pub(crate) members: Vec<String>,
}

/// What a call does at the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Class {
    Effect,
    Query,
    Stream,
    Secret,
}

impl Class {
    /// Reads `x-pos-class`.
    pub(crate) fn of(text: &serde_json::Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(text)
    }
}

impl Names {
    pub(crate) fn parse(text: &str, origin: &str) -> Result<Self, Error> {
        let table = |reason: String| Error::Table {
            origin: origin.to_owned(),
            reason,
        };
        let mut names: Self = serde_json::from_value(load::load_data(text, origin)?)
            .map_err(|error| table(error.to_string()))?;
        names.check().map_err(table)?;
        for header in &mut names.facade_headers {
            header.make_ascii_lowercase();
        }
        Ok(names)
    }

    /// Whether `name` is a scalar of ours: an amount, a moment, an id or a code.
    pub(crate) fn is_scalar(&self, name: &str) -> bool {
        [AMOUNT, MOMENT, ID, SECRET].contains(&name) || self.codes.values().any(|code| code == name)
    }

    /// Names end in code, so they have to be names there.
    fn check(&self) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        for (endpoint, name) in &self.operations {
            if rust_name::snake(name).as_ref() != Some(name) {
                return Err(format!("`{name}` for {endpoint} is no name of a function"));
            }
            if !seen.insert(name) {
                return Err(format!("`{name}` names two operations"));
            }
        }
        let needed = self.facade.iter().flat_map(|need| &need.members);
        let mut paths = self.optional.iter().chain(needed);
        if let Some(path) = paths.find(|path| !path.contains('.')) {
            return Err(format!("`{path}` is no `Schema.member`"));
        }
        let types = self.schemas.iter().map(|role| (&role.role, &role.name));
        for (place, name) in types.chain(&self.codes) {
            if rust_name::pascal(name).as_ref() != Some(name) {
                return Err(format!("`{name}` for {place} is no name of a type"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_none_in_rust_are_refused_with_their_place() {
        for (text, expected) in [
            ("operations: {POST /a: type}", "`type` for POST /a"),
            ("operations: {POST /a: DoIt}", "`DoIt` for POST /a"),
            (
                "operations: {POST /a: do_it, POST /b: do_it}",
                "two operations",
            ),
            (
                "schemas: [{role: POST /a request, name: do_it}]",
                "`do_it` for POST /a request",
            ),
            ("codes: {ftState: ''}", "`` for ftState"),
            ("classes: {POST /a: efect}", "unknown variant `efect`"),
            ("operation: {}", "unknown field `operation`"),
            ("optional: [Pay]", "`Pay` is no `Schema.member`"),
            (
                "facade: [{operation: pay, needed_by: Client::pay, members: [Pay]}]",
                "`Pay` is no `Schema.member`",
            ),
        ] {
            let message = Names::parse(text, "names.yaml").unwrap_err().to_string();
            assert!(message.starts_with("names.yaml: "), "{message}");
            assert!(message.contains(expected), "{expected}: {message}");
        }
    }
}
