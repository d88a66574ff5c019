//! The tables, by migrations.

use pos_system_api::store::{StoreError, StoreErrorKind};
use tokio_postgres::Client;

use crate::fault::unreachable;
use crate::meta::Meta;
use crate::statements::{ended_stages, open_stages};

/// What is put before the name of the schema, so that the lock is no other program's.
const LOCK_CLASS: i32 = 0x0070_6f73;

/// The steps from each version to the next, with `{schema}` where its name belongs. The first one makes
/// version 1 of nothing. Steps that were published never change.
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
    let wanted = steps.len();
    let from = usize::try_from(found.unwrap_or(0)).unwrap_or(usize::MAX);
    if from > wanted {
        return Err(StoreError::new(
            StoreErrorKind::TooNew,
            format!("The store is of version {from}; this program knows it up to version {wanted}"),
        ));
    }
    if from == wanted {
        return Ok(());
    }
    if found.is_none() {
        create(client, schema).await.map_err(unreachable)?;
    }
    for step in steps.iter().skip(from) {
        let step = step.replace("{schema}", &format!("\"{schema}\""));
        client.batch_execute(&step).await.map_err(unreachable)?;
    }
    let set = format!("UPDATE \"{schema}\".version SET version = {wanted}");
    client.batch_execute(&set).await.map_err(unreachable)
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

    /// What a step finds is what the steps before it left, once.
    #[tokio::test]
    async fn an_older_store_goes_through_the_steps_it_lacks() {
        let Ok(url) = std::env::var("TEST_POSTGRES_URL") else {
            return;
        };
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls)
            .await
            .expect("a server");
        tokio::spawn(connection);
        let schema = format!("test_steps_{}", uuid::Uuid::new_v4().simple());
        let mut steps = migrations();
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
}
