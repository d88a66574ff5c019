//! The file of an export.

use std::sync::Arc;

use crate::journal::archive::Zip;
use crate::wire::reply::Pieces;

/// A document that is made while it is sent.
pub(crate) struct ExportFile {
    pub(super) media_type: &'static str,
    /// Its name within an archive.
    file_name: &'static str,
    pub(super) pieces: Arc<dyn Pieces>,
}

impl ExportFile {
    pub(crate) fn new(
        media_type: &'static str,
        file_name: &'static str,
        pieces: impl Pieces + 'static,
    ) -> Self {
        Self {
            media_type,
            file_name,
            pieces: Arc::new(pieces),
        }
    }

    pub(super) fn json(pieces: impl Pieces + 'static) -> Self {
        Self::new("application/json", "journal.json", pieces)
    }

    pub(super) fn zipped(self) -> Self {
        let zip = Zip::of(self.file_name, self.pieces);
        Self::new("application/zip", "journal.zip", zip)
    }
}
