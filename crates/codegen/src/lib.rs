//! From a published fiskaltrust POS System API document to a Rust client.
//!
//! The stages, in order: **load** (YAML or JSON, or a clear refusal), **overlay** (OpenAPI Overlay
//! 1.x actions), **normalise** (by rule, never by endpoint), **name** (canonical names, so that code
//! on top does not move) and **generate** (progenitor, split into types, client and a table of
//! operations). Every change a stage makes is kept as a [`Note`].
//!
//! ```
//! let generated = pos_system_api_codegen::Pipeline::new("openapi: 3.0.1\npaths: {}\n", "api.yaml")
//!     .generate()?;
//! assert!(generated.client.contains("pub struct Client"));
//! # Ok::<(), pos_system_api_codegen::Error>(())
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::panic,
        clippy::unwrap_used,
        reason = "tests"
    )
)]

pub mod build_script;
mod defaults;
mod document;
mod error;
mod facade;
mod generate;
mod load;
mod name;
mod names;
mod normalise;
mod note;
mod overlay;
mod preflight;
mod rust_name;
mod targets;

use std::fs;
use std::path::Path;

pub use defaults::{DEFAULT_NAMES, DEFAULT_OVERLAY};
pub use error::Error;
pub use load::{load, load_data};
pub use note::{Note, Stage};
pub use targets::Targets;

use names::Names;
use note::Notes;
use overlay::Overlay;

/// One run of the pipeline over one document.
#[derive(Debug)]
#[must_use = "nothing happens before `generate`"]
pub struct Pipeline<'a> {
    document: Source<'a>,
    overlay: Option<Source<'a>>,
    names: Option<Source<'a>>,
    targets: Targets,
    strict: bool,
    facade: bool,
    mock: bool,
}

/// A text and where it came from, for messages.
#[derive(Debug, Clone, Copy)]
struct Source<'a> {
    text: &'a str,
    origin: &'a str,
}

/// Source text for the three parts of a client.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Generated {
    /// The contents of the module [`Targets::types`] points at.
    pub types: String,
    /// The client, its request builders and its hooks. Expects the modules `types` and `operations`
    /// beside it: in scope by these names where the text is included.
    pub client: String,
    /// The contents of a module `operations`: the table that the client's hooks look calls up in.
    pub operations: String,
    /// Typed helpers for the mock server of `httpmock` 0.9, on the types [`Targets::types`] points at.
    /// They refer to the crates `httpmock`, `regex`, `serde_json` and `uuid`. `None` without
    /// [`Pipeline::with_mock`].
    pub mock: Option<String>,
    /// The id of every operation in the table, in snake case.
    pub operation_ids: Vec<String>,
    /// What each stage changed.
    pub notes: Vec<Note>,
}

impl<'a> Pipeline<'a> {
    /// A run over `document`, YAML or JSON. `origin` names it in messages.
    pub fn new(document: &'a str, origin: &'a str) -> Self {
        Self {
            document: Source {
                text: document,
                origin,
            },
            overlay: None,
            names: None,
            targets: Targets::default(),
            strict: false,
            facade: false,
            mock: false,
        }
    }

    /// Applies these OpenAPI Overlay actions first. Default: none.
    pub fn with_overlay(mut self, text: &'a str, origin: &'a str) -> Self {
        self.overlay = Some(Source { text, origin });
        self
    }

    /// Uses this table of canonical names. Default: names made from the document alone.
    pub fn with_names(mut self, text: &'a str, origin: &'a str) -> Self {
        self.names = Some(Source { text, origin });
        self
    }

    /// Refers to these types and modules. Default: those of the crate `pos-system-api`.
    pub fn with_targets(mut self, targets: Targets) -> Self {
        self.targets = targets;
        self
    }

    /// Makes an overlay target that matches nothing an error. Default: it is only noted.
    pub fn with_strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Holds the document to what the table's `facade` lists, the members that calls written by hand are
    /// made of: without one of them it is refused, and other members of the same objects are optional.
    /// Default: a client of its own needs none of that.
    pub fn with_facade(mut self, facade: bool) -> Self {
        self.facade = facade;
        self
    }

    /// Makes the helpers for a mock server too, see [`Generated::mock`]. Default: not made.
    pub fn with_mock(mut self, mock: bool) -> Self {
        self.mock = mock;
        self
    }

    /// Runs all stages.
    ///
    /// # Errors
    /// [`Error`] says which file is at fault, where, and what to do. There is no panic; should the
    /// generator underneath panic, that becomes [`Error::Generator`], after the panic hook of the
    /// program has had its say on standard error.
    pub fn generate(self) -> Result<Generated, Error> {
        let mut notes = Notes::default();
        let mut document = load::document(self.document.text, self.document.origin)?;
        if let Some(Source { text, origin }) = self.overlay {
            let unmatched = Overlay::parse(text, origin)?.apply(&mut document, &mut notes)?;
            if self.strict && !unmatched.is_empty() {
                return Err(Error::Table {
                    origin: origin.to_owned(),
                    reason: format!("these targets match nothing: {}", unmatched.join(", ")),
                });
            }
        }
        let names = match self.names {
            Some(Source { text, origin }) => Names::parse(text, origin)?,
            None => Names::default(),
        };
        normalise::operations(&mut document, &mut notes);
        name::operations(&mut document, &names, &mut notes);
        normalise::run(&mut document, &names, &mut notes);
        name::schemas(&mut document, &names, &mut notes);
        name::optional_members(&mut document, &names, &mut notes);
        if self.facade {
            facade::relax(&mut document, &names, &mut notes);
        }
        name::idle_roles(&document, &names, &mut notes);
        let origin = self.document.origin;
        let findings = preflight::findings(&document);
        if !findings.is_empty() {
            return Err(Error::Refused {
                origin: origin.to_owned(),
                findings,
            });
        }
        if self.facade {
            let findings = facade::lost_members(&document, &names);
            if !findings.is_empty() {
                return Err(Error::Facade {
                    origin: origin.to_owned(),
                    findings,
                });
            }
        }
        generate::run(&document, &names, &self.targets, self.mock, notes)
            .map_err(|failure| failure.of(origin))
    }
}

impl Generated {
    /// Writes `types.rs`, `client.rs`, `operations.rs` and, if there are any, the helpers for a mock
    /// server as `mock.rs` into `directory`, such as `OUT_DIR`.
    ///
    /// # Errors
    /// [`Error::File`] if a file cannot be written.
    pub fn write_to(&self, directory: &Path) -> Result<(), Error> {
        let files = [
            ("types.rs", Some(&self.types)),
            ("client.rs", Some(&self.client)),
            ("operations.rs", Some(&self.operations)),
            ("mock.rs", self.mock.as_ref()),
        ];
        for (name, text) in files {
            let Some(text) = text else { continue };
            let path = directory.join(name);
            fs::write(&path, text).map_err(|source| Error::File {
                action: "write",
                path,
                source,
            })?;
        }
        Ok(())
    }
}

/// Reads a file of the pipeline, with its name in the error.
///
/// # Errors
/// [`Error::File`] if it is missing or not UTF-8.
pub fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::File {
        action: "read",
        path: path.to_owned(),
        source,
    })
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
