//! The table of canonical names, `names.yaml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{Error, load};

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
    /// Headers that the facade sends itself, in lower case.
    #[serde(default)]
    pub(crate) facade_headers: Vec<String>,
    /// Members that a response cannot do without; all others are optional on reading.
    #[serde(default)]
    pub(crate) indispensable: Vec<String>,
    /// `POST /PayResponse` to its class, where method and media type say too little.
    #[serde(default)]
    pub(crate) classes: BTreeMap<String, String>,
}

/// One line of the schema names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    pub(crate) role: String,
    pub(crate) name: String,
}

impl Names {
    pub(crate) fn parse(text: &str, origin: &str) -> Result<Self, Error> {
        serde_json::from_value(load::yaml(text, origin)?).map_err(|error| Error::Table {
            origin: origin.to_owned(),
            reason: error.to_string(),
        })
    }
}
