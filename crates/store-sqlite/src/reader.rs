//! Looking into a store without taking it over, whatever state it is in.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use pos_system_api::store::{Row, StoreError, StoreErrorKind};
use rusqlite::{Connection, OpenFlags};

use crate::check;
use crate::counter::{Count, Counter, Found};
use crate::failure::Failure;
use crate::files::Files;
use crate::meta::Meta;
use crate::open;
use crate::rows;

/// Reads a store, also while a till works with it, and also when it is damaged. Changes nothing.
pub struct SqliteReader {
    files: Files,
    connection: Connection,
    /// As it was before the database was opened, and so never ahead of it by what is written meanwhile.
    counted: Result<Count, Failure>,
}

/// A row that was written and cannot be given.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LostRow {
    /// Its number.
    pub sequence: u64,
    /// Why it cannot be given, in one sentence.
    pub reason: String,
}

impl SqliteReader {
    /// Opens a store for reading. SQLite needs the right to write in its directory all the same, if the
    /// store is open elsewhere or was not closed.
    ///
    /// # Errors
    /// [`StoreErrorKind::Damaged`] if the file is empty or no database any more, and [`StoreErrorKind::Failed`] if
    /// it cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        Self::start(path).map_err(|failure| failure.opening(path).into())
    }

    fn start(path: &Path) -> Result<Self, Failure> {
        let files = Files::of(path)?;
        let counted = match Counter::read(&files.counter)? {
            Found::Count { count, .. } => Ok(count),
            Found::Nothing | Found::Unreadable => Err(Failure::damaged(format!(
                "The file {} is missing, or not what was written",
                files.counter.display()
            ))),
        };
        if !files.has_database() {
            return Err(Failure::damaged("There is nothing in the database"));
        }
        let connection = open::connect(&files, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Self {
            files,
            connection,
            counted,
        })
    }

    /// Looks at everything that is stored, as [`OperationStore::verify`] does, and gives the number of rows.
    ///
    /// # Errors
    /// [`StoreErrorKind::Damaged`] says what is wrong.
    ///
    /// [`OperationStore::verify`]: pos_system_api::store::OperationStore::verify
    pub fn verify(&self) -> Result<u64, StoreError> {
        let counted = self.counted.clone()?;
        Ok(check::check(&self.connection, counted)?.rows)
    }

    /// Gives every row that is what was written, by number, and every number whose row is not. Returns
    /// what else is wrong with the store, one sentence each: none if it is sound.
    ///
    /// Rows whose numbers cannot be found anywhere are not known to be lost; what is returned says then that
    /// commits are missing.
    ///
    /// # Errors
    /// [`StoreErrorKind::Damaged`] if nothing can be read at all, and [`StoreErrorKind::Failed`] if reading
    /// itself fails.
    pub fn salvage(
        &self,
        mut each: impl FnMut(Result<Row, LostRow>),
    ) -> Result<Vec<String>, StoreError> {
        let moment = self
            .connection
            .unchecked_transaction()
            .map_err(Failure::from)?;
        let (numbers, mut remarks) = self.numbers(&moment)?;
        for sequence in numbers {
            each(match rows::by_sequence(&moment, sequence) {
                Ok(Some(row)) => Ok(row),
                Ok(None) => Err(LostRow {
                    sequence,
                    reason: format!("Row {sequence} is missing"),
                }),
                Err(failure) if failure.kind == StoreErrorKind::Damaged => Err(LostRow {
                    sequence,
                    reason: failure.message,
                }),
                Err(failure) => return Err(failure.into()),
            });
        }
        if let Err(failure) = check::check_database(&moment) {
            remarks.push(failure.message);
        }
        Ok(remarks)
    }

    /// The numbers of all rows that there should be, as far as anything says so, and what does not say it.
    fn numbers(&self, moment: &Connection) -> Result<(BTreeSet<u64>, Vec<String>), Failure> {
        let mut numbers = BTreeSet::new();
        let mut remarks = Vec::new();
        match (Meta::read(moment), &self.counted) {
            (Ok(meta), counted) => {
                numbers.extend(meta.first_sequence..=meta.last_sequence);
                let counted = counted.clone();
                let checked = counted.and_then(|counted| check::check_count(&meta, counted));
                remarks.extend(checked.err().map(|failure| failure.message));
            }
            (Err(failure), _) => remarks.push(failure.message),
        }
        let sources = ["NOT INDEXED", "INDEXED BY operation_ids"];
        let unread: Vec<Failure> = sources
            .into_iter()
            .filter_map(|from| {
                rows::numbers(moment, from, |number| {
                    numbers.insert(number);
                })
                .err()
            })
            .collect();
        match unread.into_iter().next_back() {
            Some(failure) if numbers.is_empty() => Err(failure),
            _ => Ok((numbers, remarks)),
        }
    }
}

impl fmt::Debug for SqliteReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteReader")
            .field("path", &self.files.database)
            .finish_non_exhaustive()
    }
}
