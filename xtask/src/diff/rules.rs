//! What `openapi/names.yaml` says about the client: it decides what a caller sees.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use crate::{Error, repository};

/// The parts of the table of names that a comparison needs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Rules {
    /// Headers that the facade sends itself: no caller sees them.
    pub facade_headers: BTreeSet<String>,
    /// Members that are read as a 64-bit code, whatever type is declared.
    pub codes: BTreeMap<String, String>,
    /// Response members that stay required; all others are optional on reading.
    pub indispensable: BTreeSet<String>,
}

impl Rules {
    /// Reads the table of names.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and [`Error::File`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::parse(&repository::read(path)?, &path.display().to_string())
    }

    /// Reads `text`; `origin` names it in messages.
    ///
    /// # Errors
    /// [`Error::Pipeline`] if it is no YAML, [`Error::Table`] if it is no table of names.
    pub fn parse(text: &str, origin: &str) -> Result<Self, Error> {
        let table = pos_system_api_codegen::load_data(text, origin).map_err(Error::pipeline)?;
        let mut rules: Self = serde_json::from_value(table).map_err(|error| Error::Table {
            origin: origin.to_owned(),
            reason: error.to_string(),
        })?;
        rules.facade_headers = rules
            .facade_headers
            .iter()
            .map(|name| name.to_ascii_lowercase())
            .collect();
        Ok(rules)
    }
}
