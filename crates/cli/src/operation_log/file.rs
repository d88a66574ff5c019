//! The file of an operation log, read without taking it over: also while a till works with it.

use std::path::{Path, PathBuf};

use pos_system_api::durable::Record;
use pos_system_api::store::StoreError;
use pos_system_api_store_sqlite::SqliteReader;
use uuid::Uuid;

use super::is_there;
use crate::exit::{Exit, Stop};
use crate::message::notice;

/// The file of an operation log.
#[derive(Debug)]
pub(crate) struct LogFile {
    path: PathBuf,
    reader: SqliteReader,
}

impl LogFile {
    /// Opens a log that has to be there: a mistyped name makes no file, and hides nothing.
    pub(crate) fn open(path: &Path) -> Result<Self, Stop> {
        is_there(path)?;
        let reader = SqliteReader::open(path)
            .map_err(|error| Stop::new(Exit::Refused, error.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            reader,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The number of records, once every one is known to be what was written.
    pub(crate) fn verified(&self) -> Result<u64, Stop> {
        self.reader
            .verify()
            .map_err(|error| damaged(&self.path, &error))
    }

    /// What is in it of an operation.
    pub(crate) fn record(&self, operation_id: Uuid) -> Result<Record, Stop> {
        let mut found = None;
        self.for_each(|record| {
            if record.operation_id() == operation_id {
                found = Some(record.clone());
            }
            Ok(())
        })?;
        found.ok_or_else(|| not_in_the_log(operation_id))
    }

    /// Calls `each` with all records, by their numbers. What is damaged is said and left out, and makes
    /// the result [`Exit::Refused`].
    pub(crate) fn for_each(
        &self,
        mut each: impl FnMut(&Record) -> Result<(), Stop>,
    ) -> Result<Exit, Stop> {
        let mut exit = Exit::Good;
        let mut stop = None;
        let remarks = self.reader.salvage(|row| {
            if stop.is_some() {
                return;
            }
            match row.map(Record::from_row) {
                Ok(Ok(record)) => stop = each(&record).err(),
                Ok(Err(error)) => {
                    exit = Exit::Refused;
                    notice(&error.to_string());
                }
                Err(lost) => {
                    exit = Exit::Refused;
                    notice(&lost.reason);
                }
            }
        });
        if let Some(stop) = stop {
            return Err(stop);
        }
        for remark in remarks.map_err(|error| damaged(&self.path, &error))? {
            exit = Exit::Refused;
            notice(&remark);
        }
        Ok(exit)
    }
}

/// Nothing is known of an operation.
pub(crate) fn not_in_the_log(operation_id: Uuid) -> Stop {
    Stop::new(
        Exit::Refused,
        format!("There is no operation {operation_id} in the operation log"),
    )
}

fn damaged(path: &Path, error: &StoreError) -> Stop {
    Stop::new(Exit::Refused, format!("{}: {error}", path.display()))
}
