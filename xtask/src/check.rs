//! Whether a document can become a client: the pipeline runs, and the result compiles.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use pos_system_api_codegen::{Generated, Note, Pipeline, Stage};

use crate::document::Document;
use crate::repository::{Repository, read};
use crate::{Error, diff};

/// A document that went through the pipeline.
#[derive(Debug)]
#[non_exhaustive]
pub struct Checked {
    /// The document.
    pub document: Document,
    /// What the pipeline made of it.
    pub generated: Generated,
}

/// Runs the pipeline over `text` with the overlay and the names of `repository`. `origin` names the
/// document in messages.
///
/// # Errors
/// [`Error::Pipeline`] if it is refused, [`Error::File`] if overlay or names
/// cannot be read. With `strict`, an overlay target that matches nothing is an error.
pub fn check(
    repository: &Repository,
    text: &str,
    origin: &str,
    strict: bool,
) -> Result<Checked, Error> {
    let overlay = repository.overlay();
    let names = repository.names();
    let generated = Pipeline::new(text, origin)
        .with_overlay(&read(&overlay)?, &overlay.display().to_string())
        .with_names(&read(&names)?, &names.display().to_string())
        .with_strict(strict)
        .with_facade(true)
        .generate()
        .map_err(Error::pipeline)?;
    Ok(Checked {
        document: Document::parse(text, origin)?,
        generated,
    })
}

impl Checked {
    /// Notes that ask for a repair of overlay or names.
    pub fn warnings(&self) -> impl Iterator<Item = &Note> {
        self.generated.notes.iter().filter(|note| note.is_warning())
    }
}

/// Sizes, and how often each rule of each stage changed something.
impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schemas = self.document.root().pointer("/components/schemas");
        let schemas = schemas.and_then(serde_json::Value::as_object);
        let operations = diff::operation_count(&self.document);
        writeln!(f, "version     {}", self.document.version())?;
        writeln!(f, "operations  {operations}")?;
        writeln!(f, "schemas     {}", schemas.map_or(0, serde_json::Map::len))?;
        let mut counts: BTreeMap<(Stage, &str), usize> = BTreeMap::new();
        for note in &self.generated.notes {
            *counts.entry((note.stage, note.rule)).or_default() += 1;
        }
        for ((stage, rule), count) in counts {
            writeln!(f, "{:<10}  {count:>4}  {rule}", stage.to_string())?;
        }
        for note in self.warnings() {
            writeln!(f, "warning: {note}")?;
        }
        Ok(())
    }
}

/// What tries the generated code.
pub trait Compiler {
    /// Compiles the client that `document` generates. Returns the warnings, as the compiler wrote them.
    ///
    /// # Errors
    /// [`Error::Generated`] with the compiler's errors.
    fn compile(&self, document: &Path) -> Result<String, Error>;
}

/// Nothing is compiled.
#[derive(Debug, Clone, Copy)]
pub struct NoCompiler;

impl Compiler for NoCompiler {
    fn compile(&self, _: &Path) -> Result<String, Error> {
        Ok(String::new())
    }
}

/// `cargo check` of the client and the facade, in a target directory of its own.
#[derive(Debug, Clone)]
pub struct Cargo {
    root: PathBuf,
    program: OsString,
    target: PathBuf,
}

impl Cargo {
    /// Checks in `repository`.
    #[must_use]
    pub fn of(repository: &Repository) -> Self {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| repository.root().join("target"), PathBuf::from);
        Self {
            root: repository.root().to_owned(),
            program: std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            // The usual build stays fresh.
            target: target.join("spec-check"),
        }
    }
}

impl Compiler for Cargo {
    fn compile(&self, document: &Path) -> Result<String, Error> {
        let document = std::path::absolute(document).map_err(Error::file("find", document))?;
        let output = Command::new(&self.program)
            .args(["check", "--quiet", "--color", "never"])
            .args([
                "--package",
                "pos-system-api",
                "--all-features",
                "--target-dir",
            ])
            .arg(&self.target)
            .current_dir(&self.root)
            .env("POS_SYSTEM_API_SPEC", document)
            .output()
            .map_err(|error| Error::Generated(format!("cargo cannot be started: {error}")))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim();
        if output.status.success() {
            return Ok(said.to_owned());
        }
        Err(Error::Generated(format!(
            "the document generates, but the client or the facade does not compile against it:\n\
             {said}\n\
             what to do: repair openapi/names.yaml, or the facade where a call is gone"
        )))
    }
}
