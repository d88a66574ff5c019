//! The parameters of a control call.

use uuid::Uuid;

use crate::control::refusal::Refusal;
use crate::ledger::{Kind, Selection};

/// Names and values of a query. They are words, numbers and uuids: nothing in them is encoded.
#[derive(Debug)]
pub(super) struct Query<'a> {
    parameters: Vec<(&'a str, &'a str)>,
}

impl<'a> Query<'a> {
    /// Takes these names only, each at most once.
    pub(super) fn read(query: Option<&'a str>, known: &[&str]) -> Result<Self, Refusal> {
        let query = query.unwrap_or_default();
        let mut parameters: Vec<(&str, &str)> = Vec::new();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            if !known.contains(&name) {
                return Err(Refusal::new(
                    400,
                    format!("There is no parameter {name:?}."),
                ));
            }
            if parameters.iter().any(|(earlier, _)| *earlier == name) {
                return Err(Refusal::new(400, format!("{name} is given twice.")));
            }
            parameters.push((name, value));
        }
        Ok(Self { parameters })
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        let found = self.parameters.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }

    /// A switch: there, or `true`.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.get(name) {
            None | Some("false") => Ok(false),
            Some("" | "true") => Ok(true),
            Some(_) => Err(Refusal::new(400, format!("{name} is true or false."))),
        }
    }

    /// What of the ledger is wanted.
    pub(super) fn selection(&self) -> Result<Selection, Refusal> {
        let refuse = |text: &str| Refusal::new(400, text);
        Ok(Selection {
            operation: self
                .get("operation")
                .map(|id| Uuid::try_parse(id).map_err(|_| refuse("operation is a uuid.")))
                .transpose()?,
            kind: self
                .get("kind")
                .map(|kind| {
                    let known = "kind is requests, receipts, payments, issues or issue_updates.";
                    Kind::parse(kind).ok_or_else(|| refuse(known))
                })
                .transpose()?,
            last: self
                .get("last")
                .map(|last| last.parse().map_err(|_| refuse("last is a number.")))
                .transpose()?,
        })
    }
}
