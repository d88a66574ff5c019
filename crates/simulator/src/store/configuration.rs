//! Which world a store belongs to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The only format that is written and read.
pub(super) const FORMAT: u64 = 1;

/// Everything the world follows from besides its inputs. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Configuration {
    members: BTreeMap<String, String>,
}

impl Configuration {
    pub(crate) fn new<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let members = members.into_iter();
        Self {
            members: members
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        }
    }

    /// The first member that `stored` has otherwise: its name, its value there and here.
    pub(super) fn difference(&self, stored: &Self) -> Option<(String, String, String)> {
        let unset = || "unset".to_owned();
        let value = |of: &Self, name| of.members.get(name).cloned().unwrap_or_else(unset);
        let names = self.members.keys().chain(stored.members.keys());
        names
            .map(|name| (name.clone(), value(stored, name), value(self, name)))
            .find(|(_, stored, wanted)| stored != wanted)
    }
}

/// The first line of a store.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: u64,
    pub(super) configuration: Configuration,
}

/// The part of a header that every format has.
#[derive(Debug, Deserialize)]
pub(super) struct AnyHeader {
    pub(super) format: u64,
}
