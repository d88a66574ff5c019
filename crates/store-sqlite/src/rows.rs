//! Rows of the table `operations`.

use pos_system_api::bytes::Bytes;
use pos_system_api::store::{Row, Selection, Stage};
use rusqlite::types::{FromSqlError, ValueRef};
use rusqlite::{Connection, Params, named_params};
use uuid::Uuid;

use crate::failure::Failure;

const COLUMNS: &str = "sequence, operation_id, queue, stage, parked, revision, changed_unix_ms, \
                       details, body, answer, checksum";

/// The stages of open rows, as the index `open_operations` has them.
const IS_OPEN: &str = "stage IN ('prepared', 'send-started', 'unknown')";

fn damaged(sequence: u64, why: impl std::fmt::Display) -> Failure {
    Failure::damaged(format!("Row {sequence} is not what was written: {why}"))
}

/// A row as it stands there, intact.
fn read(columns: &rusqlite::Row<'_>) -> Result<Row, Failure> {
    let sequence = columns.get(0)?;
    let row = decode(columns, sequence).map_err(|error| match Failure::from(error) {
        failure if failure.kind == pos_system_api::store::StoreErrorKind::Damaged => {
            damaged(sequence, failure.message)
        }
        failure => failure,
    })?;
    if row.is_intact() {
        Ok(row)
    } else {
        Err(damaged(sequence, "its checksum differs"))
    }
}

fn decode(columns: &rusqlite::Row<'_>, sequence: u64) -> rusqlite::Result<Row> {
    let stage = columns.get_ref(3)?.as_str()?;
    Ok(Row {
        sequence,
        operation_id: Uuid::from_bytes(columns.get(1)?),
        queue: columns.get(2)?,
        stage: Stage::from_stored(stage).ok_or(FromSqlError::InvalidType)?,
        parked: match columns.get_ref(4)? {
            ValueRef::Integer(0) => false,
            ValueRef::Integer(1) => true,
            _ => return Err(FromSqlError::InvalidType.into()),
        },
        revision: columns.get(5)?,
        changed_unix_ms: columns.get(6)?,
        details: columns.get(7)?,
        body: columns.get::<_, Option<Vec<u8>>>(8)?.map(Bytes::from),
        answer: columns.get::<_, Option<Vec<u8>>>(9)?.map(Bytes::from),
        checksum: columns.get(10)?,
    })
}

/// Gives each row of a query, until one is not wanted any more.
fn each(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut row: impl FnMut(Row) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = statement.query(params)?;
    while let Some(columns) = found.next()? {
        if !row(read(columns)?)? {
            break;
        }
    }
    Ok(())
}

/// The row of an operation.
pub(crate) fn by_id(connection: &Connection, id: Uuid) -> Result<Option<Row>, Failure> {
    let mut found = None;
    let sql = format!("SELECT {COLUMNS} FROM operations WHERE operation_id = :id");
    each(
        connection,
        &sql,
        named_params! {":id": id.as_bytes()},
        |row| {
            found = Some(row);
            Ok(false)
        },
    )?;
    match found {
        Some(row) if row.operation_id != id => Err(damaged(row.sequence, "it has another id")),
        found => Ok(found),
    }
}

/// The row with a number.
pub(crate) fn by_sequence(connection: &Connection, sequence: u64) -> Result<Option<Row>, Failure> {
    let mut found = None;
    let sql = format!("SELECT {COLUMNS} FROM operations WHERE sequence = :sequence");
    each(
        connection,
        &sql,
        named_params! {":sequence": sequence},
        |row| {
            found = Some(row);
            Ok(false)
        },
    )?;
    Ok(found)
}

/// The first row of a queue, up to a number, that is open, not set aside, and wanted.
pub(crate) fn next_open(
    connection: &Connection,
    queue: &str,
    before: Option<u64>,
    mut is_wanted: impl FnMut(Uuid) -> bool,
) -> Result<Option<Row>, Failure> {
    let sql = format!(
        "SELECT sequence, operation_id FROM operations INDEXED BY open_operations \
         WHERE {IS_OPEN} AND queue = :queue AND parked = 0 AND sequence < :before ORDER BY sequence"
    );
    // There are no larger numbers in SQLite.
    let before = before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX));
    let mut statement = connection.prepare_cached(&sql)?;
    let mut found = statement.query(named_params! {":queue": queue, ":before": before})?;
    while let Some(columns) = found.next()? {
        let sequence = columns.get(0)?;
        if is_wanted(Uuid::from_bytes(columns.get(1)?)) {
            return by_sequence(connection, sequence);
        }
    }
    Ok(None)
}

/// The first rows of a selection behind a number.
pub(crate) fn page(
    connection: &Connection,
    selection: &Selection,
    after: u64,
    limit: u32,
) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    let add = |row| {
        rows.push(row);
        Ok(true)
    };
    // There are no larger numbers in SQLite.
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let sql = |from: &str, and: &str| {
        format!(
            "SELECT {COLUMNS} FROM operations {from} WHERE sequence > :after {and} \
             ORDER BY sequence LIMIT :limit"
        )
    };
    let of_queue = "AND (:queue IS NULL OR queue = :queue)";
    match selection {
        Selection::All => each(
            connection,
            &sql("", ""),
            named_params! {":after": after, ":limit": limit},
            add,
        ),
        Selection::Open { queue } => each(
            connection,
            &sql(
                "INDEXED BY open_operations",
                &format!("AND {IS_OPEN} {of_queue}"),
            ),
            named_params! {":after": after, ":limit": limit, ":queue": queue},
            add,
        ),
        Selection::Untaken { queue } => each(
            connection,
            &sql(
                "INDEXED BY untaken_operations",
                &format!("AND stage = 'final' {of_queue}"),
            ),
            named_params! {":after": after, ":limit": limit, ":queue": queue},
            add,
        ),
        Selection::EndedBefore { unix_ms } => each(
            connection,
            &sql(
                "INDEXED BY ended_operations",
                "AND stage IN ('acknowledged', 'abandoned', 'replaced') \
                 AND changed_unix_ms < :before",
            ),
            named_params! {":after": after, ":limit": limit, ":before": unix_ms},
            add,
        ),
    }?;
    Ok(rows)
}

/// Gives all rows by their numbers.
pub(crate) fn all(
    connection: &Connection,
    row: impl FnMut(Row) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let sql = format!("SELECT {COLUMNS} FROM operations ORDER BY sequence");
    each(connection, &sql, [], row)
}

/// Writes a sealed row that is not there.
pub(crate) fn insert(connection: &Connection, row: &Row) -> Result<(), Failure> {
    let sql = format!(
        "INSERT INTO operations ({COLUMNS}) VALUES (:sequence, :operation_id, :queue, :stage, \
         :parked, :revision, :changed_unix_ms, :details, :body, :answer, :checksum)"
    );
    put(connection, &sql, row)
}

/// Writes a sealed row in the place of the one with its number.
pub(crate) fn update(connection: &Connection, row: &Row) -> Result<(), Failure> {
    put(
        connection,
        "UPDATE operations SET operation_id = :operation_id, queue = :queue, stage = :stage, \
         parked = :parked, revision = :revision, changed_unix_ms = :changed_unix_ms, \
         details = :details, body = :body, answer = :answer, checksum = :checksum \
         WHERE sequence = :sequence",
        row,
    )
}

fn put(connection: &Connection, sql: &str, row: &Row) -> Result<(), Failure> {
    let changed = connection.prepare_cached(sql)?.execute(named_params! {
        ":sequence": row.sequence,
        ":operation_id": row.operation_id.as_bytes(),
        ":queue": row.queue,
        ":stage": row.stage.as_str(),
        ":parked": row.parked,
        ":revision": row.revision,
        ":changed_unix_ms": row.changed_unix_ms,
        ":details": row.details,
        ":body": row.body.as_deref(),
        ":answer": row.answer.as_deref(),
        ":checksum": row.checksum,
    })?;
    if changed == 1 {
        Ok(())
    } else {
        Err(damaged(row.sequence, "it is gone"))
    }
}

/// The number of the first row that still has content, or had it at a moment, if there is one.
pub(crate) fn first_kept(
    connection: &Connection,
    purged_before_unix_ms: i64,
) -> Result<Option<u64>, Failure> {
    let mut first = None;
    all(connection, |row| {
        if row.stage == Stage::Purged && row.changed_unix_ms < purged_before_unix_ms {
            return Ok(true);
        }
        first = Some(row.sequence);
        Ok(false)
    })?;
    Ok(first)
}

/// Removes the rows before a number.
pub(crate) fn delete_before(connection: &Connection, sequence: u64) -> Result<(), Failure> {
    connection.execute("DELETE FROM operations WHERE sequence < ?1", [sequence])?;
    Ok(())
}

/// The numbers that an index or the table itself has, as far as they can be read.
pub(crate) fn numbers(
    connection: &Connection,
    from: &str,
    mut number: impl FnMut(u64),
) -> Result<(), Failure> {
    let sql = format!("SELECT sequence FROM operations {from}");
    let mut statement = connection.prepare(&sql)?;
    let mut found = statement.query([])?;
    while let Some(columns) = found.next()? {
        number(columns.get(0)?);
    }
    Ok(())
}
