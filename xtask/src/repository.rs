//! Where things are in this repository.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Error;

/// A checkout, or a copy of the files that the chores use.
#[derive(Debug, Clone)]
pub struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The repository at `root`.
    #[must_use]
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The repository that this program belongs to.
    #[must_use]
    pub fn here() -> Self {
        let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self::at(crate_root.parent().unwrap_or(crate_root))
    }

    /// Its directory.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> PathBuf {
        self.root.join("openapi/pos-system-api.yaml")
    }

    /// The overlay.
    #[must_use]
    pub fn overlay(&self) -> PathBuf {
        self.root.join("openapi/overlay.yaml")
    }

    /// The table of canonical names.
    #[must_use]
    pub fn names(&self) -> PathBuf {
        self.root.join("openapi/names.yaml")
    }

    /// The overlay and the names, each with the copy that the codegen package carries.
    #[must_use]
    pub fn carried(&self) -> [(PathBuf, PathBuf); 2] {
        [self.overlay(), self.names()].map(|file| {
            let name = file.file_name().unwrap_or_default();
            let copy = self.root.join("crates/codegen/defaults").join(name);
            (file, copy)
        })
    }

    /// Where the document came from.
    #[must_use]
    pub fn provenance(&self) -> PathBuf {
        self.root.join("openapi/PROVENANCE.md")
    }

    /// The changelog.
    #[must_use]
    pub fn changelog(&self) -> PathBuf {
        self.root.join("CHANGELOG.md")
    }

    /// The page that holds the tables of the benchmarks.
    #[must_use]
    pub fn performance(&self) -> PathBuf {
        self.root.join("docs/performance.md")
    }

    /// The listing of the generated public surface.
    #[must_use]
    pub fn snapshot(&self) -> PathBuf {
        self.root.join("api/client.txt")
    }
}

/// Reads a text file, with its name in the error.
///
/// # Errors
/// [`Error::File`] if it is missing or not UTF-8.
pub fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(Error::file("read", path))
}
