//! The tables, by migrations.

use pos_system_api::store::{StoreError, StoreErrorKind};
use tokio_postgres::Client;

use crate::fault::unreachable;
use crate::meta::Meta;
use crate::statements::{ended_stages, open_stages};

/// What is put before the name of the schema, so that the lock is no other program's.
const LOCK_CLASS: i32 = 0x0070_6f73;

/// The version of the tables that this program writes.
pub(crate) const VERSION: i32 = 1;

/// The steps from each version to the next, with `{schema}` where its name belongs. The first one makes
/// version 1 of nothing. Steps that were published never change.
///
/// Workers of the older version may be connected meanwhile. They read the version in each transaction that
/// writes, and write nothing any more once it is a later one. What they read is not stopped: a step leaves
/// them rows that they can read, or find damaged.
fn migrations() -> Vec<String> {
    vec![format!(
        "CREATE TABLE {{schema}}.meta (
             only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
             first_sequence bigint NOT NULL,
             last_sequence bigint NOT NULL,
             changes bigint NOT NULL,
             checksum bytea NOT NULL
         );
         INSERT INTO {{schema}}.meta (first_sequence, last_sequence, changes, checksum)
             VALUES ({first}, {last}, {changes}, '\\x{checksum}');
         CREATE TABLE {{schema}}.operation (
             sequence bigint PRIMARY KEY,
             operation_id uuid NOT NULL UNIQUE,
             queue text NOT NULL,
             stage text NOT NULL,
             parked boolean NOT NULL,
             revision bigint NOT NULL,
             changed_unix_ms bigint NOT NULL,
             details text NOT NULL,
             body bytea,
             answer bytea,
             checksum bytea NOT NULL,
             holder uuid,
             lease_until timestamptz
         );
         CREATE INDEX operation_open ON {{schema}}.operation (queue, sequence)
             WHERE stage IN ({open});
         CREATE INDEX operation_untaken ON {{schema}}.operation (queue, sequence)
             WHERE stage = 'final';
         CREATE INDEX operation_ended ON {{schema}}.operation (changed_unix_ms)
             WHERE stage IN ({ended});
         CREATE INDEX operation_held ON {{schema}}.operation (holder) WHERE holder IS NOT NULL;",
        first = Meta::EMPTY.first_sequence,
        last = Meta::EMPTY.last_sequence,
        changes = Meta::EMPTY.changes,
        checksum = hex(&Meta::EMPTY.checksum()),
        open = open_stages(),
        ended = ended_stages(),
    )]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Brings a schema to this program's version, creating it if it is not there. Several programs may do so at
/// once: one works, the others wait for it.
pub(crate) async fn prepare(client: &Client, schema: &str) -> Result<(), StoreError> {
    migrate(client, schema, &migrations()).await
}

async fn migrate(client: &Client, schema: &str, steps: &[String]) -> Result<(), StoreError> {
    client.batch_execute("BEGIN").await.map_err(unreachable)?;
    let migrated = migrate_in_transaction(client, schema, steps).await;
    let end = if migrated.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    };
    let ended = client.batch_execute(end).await;
    migrated?;
    ended.map_err(unreachable)
}

async fn migrate_in_transaction(
    client: &Client,
    schema: &str,
    steps: &[String],
) -> Result<(), StoreError> {
    let lock = "SELECT pg_advisory_xact_lock($1, hashtext($2))";
    client
        .execute(lock, &[&LOCK_CLASS, &schema])
        .await
        .map_err(unreachable)?;
    let found = version(client, schema).await.map_err(unreachable)?;
    let wanted = i32::try_from(steps.len()).unwrap_or(i32::MAX);
    check_against(found.unwrap_or(0), wanted)?;
    if found == Some(wanted) {
        return Ok(());
    }
    match found {
        None => create(client, schema).await,
        // Waits for the transactions of those who have read the older version, and lets nobody begin another.
        Some(_) => {
            let lock = format!("LOCK TABLE \"{schema}\".version IN ACCESS EXCLUSIVE MODE");
            client.batch_execute(&lock).await
        }
    }
    .map_err(unreachable)?;
    let from = usize::try_from(found.unwrap_or(0)).unwrap_or(0);
    for step in steps.iter().skip(from) {
        let step = step.replace("{schema}", &format!("\"{schema}\""));
        client.batch_execute(&step).await.map_err(unreachable)?;
    }
    let set = format!("UPDATE \"{schema}\".version SET version = {wanted}");
    client.batch_execute(&set).await.map_err(unreachable)
}

/// Refuses a store of a later version than this program's.
pub(crate) fn check(found: i32) -> Result<(), StoreError> {
    check_against(found, VERSION)
}

fn check_against(found: i32, known: i32) -> Result<(), StoreError> {
    if found <= known {
        return Ok(());
    }
    Err(StoreError::new(
        StoreErrorKind::TooNew,
        format!("The store is of version {found}; this program knows it up to version {known}"),
    ))
}

/// The version of a store; `None` if there is none.
async fn version(client: &Client, schema: &str) -> Result<Option<i32>, tokio_postgres::Error> {
    let table = format!("\"{schema}\".version");
    let is_there = client
        .query_one("SELECT to_regclass($1) IS NOT NULL", &[&table])
        .await?
        .try_get(0)?;
    if is_there {
        let text = format!("SELECT version FROM {table}");
        client.query_one(&text, &[]).await?.try_get(0).map(Some)
    } else {
        Ok(None)
    }
}

/// A schema with a table of its version, which is 0.
async fn create(client: &Client, schema: &str) -> Result<(), tokio_postgres::Error> {
    let known = "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)";
    let is_there: bool = client.query_one(known, &[&schema]).await?.try_get(0)?;
    if !is_there {
        // The right to create schemas is not asked for where one was prepared.
        client
            .batch_execute(&format!("CREATE SCHEMA \"{schema}\""))
            .await?;
    }
    client
        .batch_execute(&format!(
            "CREATE TABLE \"{schema}\".version (
                 only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
                 version integer NOT NULL
             );
             INSERT INTO \"{schema}\".version (version) VALUES (0)"
        ))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn client(url: &str) -> Client {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
            .await
            .expect("a server");
        tokio::spawn(connection);
        client
    }

    /// What a step finds is what the steps before it left, once.
    #[tokio::test]
    async fn an_older_store_goes_through_the_steps_it_lacks() {
        let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
            return;
        };
        let client = client(&url).await;
        let schema = format!("test_steps_{}", uuid::Uuid::new_v4().simple());
        let mut steps = migrations();
        assert_eq!(usize::try_from(VERSION).ok(), Some(steps.len()));
        migrate(&client, &schema, &steps).await.expect("version 1");
        steps.push("ALTER TABLE {schema}.meta ADD COLUMN second text DEFAULT 'two'".to_owned());
        steps.push("ALTER TABLE {schema}.meta RENAME COLUMN second TO third".to_owned());
        for _ in 0..2 {
            migrate(&client, &schema, &steps).await.expect("version 3");
        }
        assert_eq!(version(&client, &schema).await.expect("a version"), Some(3));
        let third = format!("SELECT third FROM \"{schema}\".meta");
        let third: String = client
            .query_one(&third, &[])
            .await
            .expect("a column")
            .get(0);
        assert_eq!(third, "two");

        // A step that fails leaves the store as it was.
        steps.push("ALTER TABLE {schema}.meta DROP COLUMN third; SELECT 1 / 0".to_owned());
        assert!(migrate(&client, &schema, &steps).await.is_err());
        assert_eq!(version(&client, &schema).await.expect("a version"), Some(3));
        steps.truncate(2);
        let newer = migrate(&client, &schema, &steps).await.expect_err("newer");
        assert_eq!(newer.kind(), StoreErrorKind::TooNew);
        let drop = format!("DROP SCHEMA \"{schema}\" CASCADE");
        client.batch_execute(&drop).await.expect("removed");
    }

    /// Whoever writes has read the version before, and finds it unchanged until it is done.
    #[tokio::test]
    async fn an_upgrade_waits_for_the_transactions_of_older_workers() {
        let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
            return;
        };
        let (upgrading, older) = (client(&url).await, client(&url).await);
        let schema = format!("test_upgrade_{}", uuid::Uuid::new_v4().simple());
        let mut steps = migrations();
        migrate(&upgrading, &schema, &steps).await.expect("made");
        steps.push("UPDATE {schema}.meta SET changes = changes".to_owned());
        let writing = format!("BEGIN; SELECT version FROM \"{schema}\".version");
        older.batch_execute(&writing).await.expect("begun");
        let patience = "SET lock_timeout = '100ms'";
        upgrading.batch_execute(patience).await.expect("set");
        assert!(migrate(&upgrading, &schema, &steps).await.is_err());
        older.batch_execute("COMMIT").await.expect("ended");
        migrate(&upgrading, &schema, &steps)
            .await
            .expect("version 2");
        let drop = format!("DROP SCHEMA \"{schema}\" CASCADE");
        upgrading.batch_execute(&drop).await.expect("removed");
    }
}
