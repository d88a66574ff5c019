//! What can go wrong in a chore, each with what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why a chore was not done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried, such as `read`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The table of names has members of another kind.
    #[error("{origin}: {reason}")]
    Table {
        /// The file.
        origin: String,
        /// What is wrong.
        reason: String,
    },
    /// The pipeline refuses the document.
    #[error("{source}\nwhat to do: {advice}")]
    Pipeline {
        /// The pipeline's own words.
        source: pos_system_api_codegen::Error,
        /// What to do.
        advice: &'static str,
    },
    /// A document that would take every call away.
    #[error(
        "{origin} has no operations\nwhat to do: fetch the document again; it may be cut short"
    )]
    Empty {
        /// The file.
        origin: String,
    },
    /// Generated code that does not compile, or cannot be read.
    #[error("{0}")]
    Generated(String),
    /// A program did not do its work.
    #[error("{program}: {reason}")]
    Program {
        /// The program.
        program: String,
        /// What the operating system said.
        reason: String,
    },
    /// The document was not fetched.
    #[error("cannot fetch {address}: {reason}")]
    Fetch {
        /// The address, without credentials and query.
        address: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A file of the repository does not have the expected form.
    #[error("{}: {reason}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is missing, and what to do.
        reason: String,
    },
    /// The committed listing of the public surface is not that of today's document.
    #[error(
        "{} is not what the document generates:\n{difference}\nrun `cargo xtask api` and commit the file",
        path.display()
    )]
    StaleSnapshot {
        /// The listing.
        path: PathBuf,
        /// Lines that differ, with `-` and `+`.
        difference: String,
    },
}

impl Error {
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File {
            action,
            path,
            source,
        }
    }

    /// An error of the pipeline, with advice by its kind.
    pub(crate) fn pipeline(source: pos_system_api_codegen::Error) -> Self {
        use pos_system_api_codegen::Error as Refusal;
        let advice = match &source {
            Refusal::File { .. } => "check the path and that the file is UTF-8 text",
            Refusal::Syntax { .. } => {
                "fetch the document again; a copy cut short or an error page reads like this"
            }
            Refusal::NotOpenApi { .. } => "give an OpenAPI 3.0.x document, as it was published",
            Refusal::Overlay { .. } | Refusal::Table { .. } => {
                "repair openapi/overlay.yaml or openapi/names.yaml, never the document"
            }
            Refusal::Refused { .. } => {
                "add an action for each line to openapi/overlay.yaml, never edit the document"
            }
            Refusal::Facade { .. } => {
                "fetch a whole document, give the members back in openapi/overlay.yaml, or change the calls and \
                 their list in openapi/names.yaml"
            }
            _ => "report it together with the document",
        };
        Self::Pipeline { source, advice }
    }
}
