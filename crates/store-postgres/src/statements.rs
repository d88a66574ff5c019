//! What is asked of the database, prepared once for each connection.

use pos_system_api::store::Stage;
use tokio_postgres::{Client, Error, Statement};

use crate::schema::VERSION;
use crate::stored::COLUMNS;

/// The statements of the connection that writes.
pub(crate) struct Writing {
    pub(crate) version: Statement,
    pub(crate) lock_meta: Statement,
    pub(crate) lock_rows: Statement,
    pub(crate) insert: Statement,
    pub(crate) update: Statement,
    pub(crate) hold: Statement,
    pub(crate) release: Statement,
    pub(crate) regain: Statement,
    pub(crate) set_meta: Statement,
    pub(crate) head: Statement,
    pub(crate) place: Statement,
    pub(crate) take: Statement,
    pub(crate) first_kept: Statement,
    pub(crate) remove: Statement,
}

/// The statements of the connection that reads and renews.
pub(crate) struct Reading {
    pub(crate) row: Statement,
    pub(crate) renew: Statement,
    pub(crate) all: Statement,
    pub(crate) open: Statement,
    pub(crate) untaken: Statement,
    pub(crate) ended: Statement,
}

/// The stages for which something holds, as a list of SQL.
fn stages(wanted: impl Fn(Stage) -> bool) -> String {
    let words: Vec<_> = Stage::ALL
        .into_iter()
        .filter(|stage| wanted(*stage))
        .map(|stage| format!("'{stage}'"))
        .collect();
    words.join(", ")
}

/// The stages of rows that are open, as a list of SQL.
pub(crate) fn open_stages() -> String {
    stages(Stage::is_open)
}

/// The stages of rows that ended and have their content, as a list of SQL.
pub(crate) fn ended_stages() -> String {
    stages(|stage| stage.is_ended() && stage != Stage::Purged)
}

/// Whether another holder than `$n` has a row, by the clock of the database.
fn held_by_another(holder: &str) -> String {
    format!("coalesce(holder <> {holder} AND lease_until > clock_timestamp(), false)")
}

/// The end of a lease of `$n` seconds that begins now.
fn lease_end(seconds: &str) -> String {
    format!("clock_timestamp() + make_interval(secs => {seconds})")
}

impl Writing {
    /// All of them, for a schema.
    pub(crate) async fn prepare(client: &Client, schema: &str) -> Result<Self, Error> {
        let open = open_stages();
        let operation = format!("\"{schema}\".operation");
        let meta = format!("\"{schema}\".meta");
        let version = format!("\"{schema}\".version");
        let another = |holder| held_by_another(holder);
        let prepare = |text: String| async move { client.prepare(&text).await };
        Ok(Self {
            // The first of each transaction: an upgrade waits for all who have read it.
            version: prepare(format!("SELECT version FROM {version}")).await?,
            lock_meta: prepare(format!(
                "SELECT first_sequence, last_sequence, changes, checksum FROM {meta} FOR UPDATE"
            ))
            .await?,
            // In one order everywhere, so that no two transactions wait for each other.
            lock_rows: prepare(format!(
                "SELECT {COLUMNS}, {held} FROM {operation} WHERE operation_id = ANY($1) \
                 ORDER BY sequence FOR UPDATE",
                held = another("$2")
            ))
            .await?,
            insert: prepare(format!(
                "INSERT INTO {operation} ({COLUMNS}, holder, lease_until) VALUES \
                 ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, {until})",
                until = lease_end("$13")
            ))
            .await?,
            // A body that did not change is not sent again.
            update: prepare(format!(
                "UPDATE {operation} SET queue = $2, stage = $3, parked = $4, revision = $5, \
                 changed_unix_ms = $6, details = $7, body = CASE WHEN $8 THEN $9 ELSE body END, \
                 answer = $10, checksum = $11, \
                 holder = CASE WHEN $12 THEN $13 ELSE holder END, \
                 lease_until = CASE WHEN $12 THEN {until} ELSE lease_until END \
                 WHERE operation_id = $1",
                until = lease_end("$14")
            ))
            .await?,
            hold: prepare(format!(
                "UPDATE {operation} SET holder = $2, lease_until = {until} WHERE operation_id = $1",
                until = lease_end("$3")
            ))
            .await?,
            release: prepare(format!(
                "UPDATE {operation} SET holder = NULL, lease_until = NULL \
                 WHERE operation_id = ANY($1) AND holder = $2"
            ))
            .await?,
            // What is worked on is taken like a free row too: a crash of the server may have undone a hold.
            regain: prepare(format!(
                "WITH mine AS (SELECT sequence AS number FROM {operation} WHERE holder = $2 \
                 OR operation_id = ANY($1) AND NOT {held} ORDER BY sequence FOR UPDATE) \
                 UPDATE {operation} SET \
                 holder = CASE WHEN operation_id = ANY($1) THEN $2 END, \
                 lease_until = CASE WHEN operation_id = ANY($1) THEN {until} END \
                 FROM mine WHERE sequence = number",
                held = another("$2"),
                until = lease_end("$3")
            ))
            .await?,
            set_meta: prepare(format!(
                "UPDATE {meta} SET first_sequence = $1, last_sequence = $2, changes = $3, \
                 checksum = $4"
            ))
            .await?,
            head: prepare(format!(
                "SELECT sequence, {held} FROM {operation} \
                 WHERE queue = $1 AND stage IN ({open}) AND NOT parked AND sequence < $4 \
                 AND NOT (operation_id = ANY($3) AND NOT {held}) ORDER BY sequence LIMIT 1",
                held = another("$2")
            ))
            .await?,
            place: prepare(format!(
                "SELECT sequence, {held} FROM {operation} \
                 WHERE operation_id = $1 AND stage IN ({open})",
                held = another("$2")
            ))
            .await?,
            // One that another transaction is at is left alone rather than waited for.
            take: prepare(format!(
                "WITH free AS (SELECT sequence AS number FROM {operation} \
                 WHERE sequence = $1 AND stage IN ({open}) AND ($4 OR NOT parked) \
                 AND NOT {held} AND (SELECT version FROM {version}) <= {VERSION} \
                 FOR UPDATE SKIP LOCKED) \
                 UPDATE {operation} SET holder = $2, lease_until = {until} \
                 FROM free WHERE sequence = number RETURNING {COLUMNS}",
                held = another("$2"),
                until = lease_end("$3")
            ))
            .await?,
            // Among those of one part, as the row of the numbers is locked meanwhile. Numbers begin with 1: with two
            // bounds the index is used, also where the server has yet to count the rows.
            first_kept: prepare(format!(
                "SELECT min(sequence) FROM {operation} WHERE sequence > 0 AND sequence < $2 \
                 AND (stage <> '{}' OR changed_unix_ms >= $1)",
                Stage::Purged
            ))
            .await?,
            remove: prepare(format!(
                "DELETE FROM {operation} WHERE sequence > 0 AND sequence < $1 \
                 RETURNING {COLUMNS}"
            ))
            .await?,
        })
    }
}

impl Reading {
    /// All of them, for a schema.
    pub(crate) async fn prepare(client: &Client, schema: &str) -> Result<Self, Error> {
        let operation = format!("\"{schema}\".operation");
        let page = |condition: &str| {
            let text = format!(
                "SELECT {COLUMNS} FROM {operation} WHERE sequence > $1 {condition} \
                 ORDER BY sequence LIMIT $2"
            );
            async move { client.prepare(&text).await }
        };
        Ok(Self {
            row: client
                .prepare(&format!(
                    "SELECT {COLUMNS} FROM {operation} WHERE operation_id = $1"
                ))
                .await?,
            renew: client
                .prepare(&format!(
                    "WITH mine AS (SELECT sequence AS number FROM {operation} \
                     WHERE operation_id = ANY($1) AND holder = $2 FOR UPDATE SKIP LOCKED) \
                     UPDATE {operation} SET lease_until = {until} FROM mine \
                     WHERE sequence = number",
                    until = lease_end("$3")
                ))
                .await?,
            all: page("").await?,
            open: page(&format!(
                "AND stage IN ({}) AND ($3::text IS NULL OR queue = $3)",
                open_stages()
            ))
            .await?,
            untaken: page(&format!(
                "AND stage = '{}' AND ($3::text IS NULL OR queue = $3)",
                Stage::Final
            ))
            .await?,
            ended: page(&format!(
                "AND stage IN ({}) AND changed_unix_ms < $3",
                ended_stages()
            ))
            .await?,
        })
    }
}
