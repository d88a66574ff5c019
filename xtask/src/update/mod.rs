//! Replacing the document by another revision, with everything that follows from it, or not at all.

mod changelog;
mod provenance;
mod replace;
mod source;

use std::fmt;
use std::fs;
use std::path::PathBuf;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::check::{Checked, Compiler, check};
use crate::diff::{Changes, Rules, diff};
use crate::document::Document;
use crate::repository::{Repository, read};
use crate::{Error, api};

pub use source::{Curl, Source};

/// How an update is done.
#[derive(Clone, Copy)]
pub struct Update<'a> {
    /// Where.
    pub repository: &'a Repository,
    /// What tries the new client.
    pub compiler: &'a dyn Compiler,
    /// What fetches addresses.
    pub curl: &'a Curl,
    /// The date for PROVENANCE.md and the changelog.
    pub today: NaiveDate,
    /// Whether an overlay target that matches nothing is an error.
    pub strict: bool,
    /// Whether nothing is written in the end.
    pub dry_run: bool,
}

/// What an update led to.
#[derive(Debug)]
#[non_exhaustive]
pub enum Updated {
    /// The document is the one that is in place, byte for byte.
    Unchanged {
        /// What was done besides.
        reminders: Vec<String>,
    },
    /// The document was replaced, or would have been.
    Replaced(Box<Replaced>),
}

/// A document that replaces the one before.
#[derive(Debug)]
#[non_exhaustive]
pub struct Replaced {
    /// What the pipeline did with it.
    pub checked: Checked,
    /// What callers see of it.
    pub changes: Changes,
    /// Lines of the public surface that went and came.
    pub surface: String,
    /// What the command did besides, or cannot do.
    pub reminders: Vec<String>,
}

impl Update<'_> {
    /// Fetches or reads `source`, checks and compares it, and replaces the document, its
    /// provenance, the listing of the public surface and the draft of the changelog. The copies of
    /// overlay and names that the codegen package carries are renewed in any case.
    ///
    /// # Errors
    /// Any [`Error`]; then every file is as it was.
    pub fn run(&self, source: &Source) -> Result<Updated, Error> {
        let repository = self.repository;
        let text = source.read(self.curl)?;
        let before = read(&repository.document())?;
        let (mut files, mut reminders) = self.stale_copies()?;
        if text == before {
            self.replace(&files)?;
            return Ok(Updated::Unchanged { reminders });
        }
        let checked = check(repository, &text, &source.to_string(), self.strict)?;
        if checked.generated.operation_ids.is_empty() {
            return Err(Error::Empty {
                origin: source.to_string(),
            });
        }
        let warnings = self.compile(&text)?;
        if !warnings.is_empty() {
            reminders.push(format!("the compiler warns:\n{warnings}"));
        }
        let rules = Rules::read(&repository.names())?;
        let old = Document::parse(&before, &repository.document().display().to_string())?;
        let changes = diff(&old, &checked.document, &rules);

        let listing = api::listing(&checked.generated)?;
        let listing_before = fs::read_to_string(repository.snapshot()).unwrap_or_default();
        let surface = api::difference(&listing_before, &listing);
        let revision = Revision {
            source: source.name(),
            version: checked.document.version(),
            date: self.today,
            sha256: sha256(&text),
        };
        let provenance_before = read(&repository.provenance())?;
        let provenance = provenance::updated(&provenance_before, &revision)
            .map_err(|reason| form(repository.provenance(), reason))?;
        let changelog = changelog::updated(&read(&repository.changelog())?, &revision, &changes)
            .map_err(|reason| form(repository.changelog(), reason))?;
        if provenance.contains("transcription") {
            reminders.push(
                "openapi/PROVENANCE.md still speaks of a transcription: rewrite it if this is the published document".to_owned(),
            );
        }
        files.extend([
            (repository.document(), text),
            (repository.provenance(), provenance),
            (repository.changelog(), changelog),
            (repository.snapshot(), listing),
        ]);
        self.replace(&files)?;
        Ok(Updated::Replaced(Box::new(Replaced {
            checked,
            changes,
            surface,
            reminders,
        })))
    }

    /// What the copies of overlay and names have to be, and a line for each that is something else.
    fn stale_copies(&self) -> Result<(Files, Vec<String>), Error> {
        let (mut files, mut reminders) = (Files::new(), Vec::new());
        for (original, copy) in self.repository.carried() {
            let text = read(&original)?;
            if !fs::read_to_string(&copy).is_ok_and(|carried| carried == text) {
                reminders.push(format!(
                    "{} is renewed from {}",
                    copy.display(),
                    original.display()
                ));
                files.push((copy, text));
            }
        }
        Ok((files, reminders))
    }

    fn replace(&self, files: &[(PathBuf, String)]) -> Result<(), Error> {
        if self.dry_run {
            return Ok(());
        }
        replace::all(files)
    }

    fn compile(&self, text: &str) -> Result<String, Error> {
        let directory =
            tempfile::tempdir().map_err(Error::file("create", &std::env::temp_dir()))?;
        let path = directory.path().join("pos-system-api.yaml");
        fs::write(&path, text).map_err(Error::file("write", &path))?;
        self.compiler.compile(&path)
    }
}

/// Files to be replaced, each with its new text.
type Files = Vec<(PathBuf, String)>;

/// What is recorded about a document.
struct Revision {
    source: String,
    version: String,
    date: NaiveDate,
    sha256: String,
}

fn form(path: PathBuf, reason: String) -> Error {
    Error::Form { path, reason }
}

/// The digest as it stands in PROVENANCE.md.
#[must_use]
pub fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text.as_bytes()))
}

/// The summary, the changes and the surface; the verdict as the last line.
impl fmt::Display for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.checked)?;
        for reminder in &self.reminders {
            writeln!(f, "reminder: {reminder}")?;
        }
        for line in self.surface.lines() {
            writeln!(f, "surface  {line}")?;
        }
        write!(f, "{}", self.changes)
    }
}
