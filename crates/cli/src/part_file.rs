//! A file that has its name only once it is whole.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use crate::exit::{Exit, Stop};

/// A file on its way: `NAME.part` until it is finished.
#[derive(Debug)]
pub(crate) struct PartFile {
    path: PathBuf,
    part: PathBuf,
    pub(crate) file: File,
}

impl PartFile {
    /// Begins it, before anything is sent. What was left of an earlier attempt is overwritten.
    pub(crate) async fn begun(path: &Path) -> Result<Self, Stop> {
        let unusable = |path: &Path, why: &str| {
            Stop::usage(format!(
                "{} cannot be written: {why}; nothing was sent",
                path.display()
            ))
        };
        if path.is_dir() {
            return Err(unusable(path, "it is a folder"));
        }
        let mut part = OsString::from(path);
        part.push(".part");
        let part = PathBuf::from(part);
        let file = File::create(&part).await;
        let file = file.map_err(|error| unusable(&part, &error.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            part,
            file,
        })
    }

    /// Where what came so far is.
    pub(crate) fn part(&self) -> String {
        self.part.display().to_string()
    }

    /// Gives it its name.
    pub(crate) async fn finish(mut self) -> Result<(), Stop> {
        let named = async {
            self.file.flush().await?;
            self.file.sync_all().await?;
            tokio::fs::rename(&self.part, &self.path).await
        };
        let named: io::Result<()> = named.await;
        named.map_err(|error| {
            Stop::new(
                Exit::Refused,
                format!(
                    "{} cannot be finished: {error}; what came is in {}",
                    self.path.display(),
                    self.part.display()
                ),
            )
        })
    }

    /// Takes it away again: nothing came.
    pub(crate) async fn discard(self) {
        // One that cannot be removed is empty.
        let _ = tokio::fs::remove_file(&self.part).await;
    }
}
