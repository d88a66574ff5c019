//! The data of a scenario.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::expectation::Check;

/// What a scenario leaves behind at the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Nothing but stored operations, such as an echo.
    #[default]
    None,
    /// Receipts are signed, or payments taken from a test terminal.
    Signs,
    /// Something that cannot be taken back, such as the end of a queue.
    Irreversible,
}

/// A sequence of requests and what the answers have to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name, unique in a suite: small letters and hyphens.
    pub name: String,
    /// One sentence: what a server does if it conforms.
    pub about: String,
    /// The section of the fact sheet it rests on.
    pub facts: String,
    /// The profiles it holds for; empty (the default) for all.
    #[serde(default)]
    pub profiles: Vec<String>,
    /// What it leaves behind. Default: nothing.
    #[serde(default)]
    pub effect: Effect,
    /// The requests in order. A step that differs ends the scenario.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// One request and the answer that is expected.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name, unique in the scenario.
    pub name: String,
    /// The HTTP method. Default: `POST`.
    #[serde(default = "post")]
    pub method: String,
    /// The path below the base URL, such as `/sign`.
    pub path: String,
    /// A label for the operation id: the same label is the same id within one run of the scenario.
    /// Default: no header `x-operation-id`.
    pub operation: Option<String>,
    /// Headers beside the credentials, or instead of them.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Headers that are left out, such as `x-cashbox-accesstoken`.
    #[serde(default)]
    pub without: Vec<String>,
    /// The exact text of the body. Default: no body.
    pub body: Option<String>,
    /// How often the request is sent at the same time. Default: 1.
    #[serde(default = "once")]
    pub at_once: u8,
    /// The statuses that conform; each answer has one of them.
    pub status: Vec<u16>,
    /// Checks of the answer, of each one if there are several.
    #[serde(default)]
    pub expect: Vec<Check>,
    /// The body has to be byte for byte that of an earlier step.
    pub same_body_as: Option<String>,
    /// Values to keep for later steps: a name, and a JSON pointer into the body.
    #[serde(default)]
    pub keep: BTreeMap<String, String>,
}

fn post() -> String {
    "POST".to_owned()
}

fn once() -> u8 {
    1
}
