//! What can be wrong with a document, an overlay or a table of names.

use std::path::PathBuf;

/// Why no code was generated.
///
/// Each message names the file, the place in it where one is known, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried: `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The text is neither YAML nor JSON. The message carries line and column.
    #[error("{origin} is not readable YAML or JSON: {message}")]
    Syntax {
        /// The file the text came from.
        origin: String,
        /// The parser's message, with line and column.
        message: String,
    },
    /// The text is data, but not an OpenAPI 3.0 document.
    #[error("{origin} is not an OpenAPI 3.0 document: {reason}")]
    NotOpenApi {
        /// The file the text came from.
        origin: String,
        /// What is missing or of another kind, and what to do.
        reason: String,
    },
    /// The overlay cannot be applied.
    #[error("{origin}: action {number} ({target}): {reason}")]
    Overlay {
        /// The file of the overlay.
        origin: String,
        /// Position of the action in the file, from 1.
        number: usize,
        /// The action's JSONPath.
        target: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Overlay or names are readable, but do not have the expected members.
    #[error("{origin}: {reason}")]
    Table {
        /// The file.
        origin: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The generator cannot take these parts of the document.
    #[error("{origin}: the generator cannot take these parts of it:\n{}", findings.join("\n"))]
    Refused {
        /// The file.
        origin: String,
        /// One line each: `METHOD /path at #/pointer: what is unsupported`.
        findings: Vec<String>,
    },
    /// The document has lost members that hand-written calls are made of, see
    /// [`Pipeline::with_facade`](crate::Pipeline::with_facade).
    #[error(
        "{origin}: members are gone that the crate's own calls need:\n{}\n\
         is the file cut short? If the publisher renamed or moved them, give them back by an action in \
         the overlay",
        findings.join("\n")
    )]
    Facade {
        /// The file.
        origin: String,
        /// One line each: `Schema.member: needed by …`.
        findings: Vec<String>,
    },
    /// The generator failed on a document that passed the preflight.
    #[error("{origin}: the generator failed ({message}); please report this with the document")]
    Generator {
        /// The file.
        origin: String,
        /// The generator's own words.
        message: String,
    },
}
