//! Whether everything is there, and is what was written.

use rusqlite::Connection;

use crate::counter::Count;
use crate::failure::Failure;
use crate::meta::Meta;
use crate::{rows, schema};

/// What a sound store has.
#[derive(Debug)]
pub(crate) struct Sound {
    pub(crate) meta: Meta,
    pub(crate) rows: u64,
}

/// Looks at everything: the file, its indexes, each row, the numbers, and the commits against the counter
/// outside, which was read before.
pub(crate) fn check(connection: &Connection, counted: Count) -> Result<Sound, Failure> {
    // One moment for all questions, also beside a process that writes.
    let moment = connection.unchecked_transaction()?;
    schema::check(&moment)?;
    let meta = Meta::read(&moment)?;
    check_count(&meta, counted)?;
    check_database(&moment)?;
    let mut next = meta.first_sequence;
    rows::all(&moment, |row| {
        if row.sequence != next {
            return Err(Failure::damaged(format!(
                "Row {next} is missing: the one found in its place is {}",
                row.sequence
            )));
        }
        next += 1;
        Ok(true)
    })?;
    if Some(next) != meta.last_sequence.checked_add(1) {
        return Err(Failure::damaged(format!(
            "Row {next} is missing, and all up to {}",
            meta.last_sequence
        )));
    }
    let rows = next - meta.first_sequence;
    Ok(Sound { meta, rows })
}

/// Whether the commits that were counted are there.
pub(crate) fn check_count(meta: &Meta, counted: Count) -> Result<(), Failure> {
    if meta.store_id != counted.store_id {
        return Err(Failure::damaged(
            "The database and its file of commits belong to different stores",
        ));
    }
    if meta.commits < counted.commits {
        return Err(Failure::damaged(format!(
            "{} commits were written, and {} of them are gone: the end of the database's log is \
             damaged, or the database is an older copy",
            counted.commits,
            counted.commits - meta.commits
        )));
    }
    Ok(())
}

/// SQLite's own check of the file, with the indexes against the tables.
pub(crate) fn check_database(connection: &Connection) -> Result<(), Failure> {
    let mut statement = connection.prepare("PRAGMA integrity_check(1)")?;
    let mut found = statement.query([])?;
    while let Some(columns) = found.next()? {
        let words: String = columns.get(0)?;
        if words != "ok" {
            return Err(Failure::damaged(format!(
                "The store's database is damaged: {}",
                words.replace('\n', " ")
            )));
        }
    }
    Ok(())
}
