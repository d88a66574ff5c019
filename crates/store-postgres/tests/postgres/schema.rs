//! Making, upgrading and refusing tables.

use futures_util::future::join_all;
use pos_system_api::store::{OperationStore, Selection, Stage, StoreErrorKind};
use pos_system_api_store_postgres::PostgresStore;

use crate::database::{Database, insert, kind, later, next, row, update};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_may_make_it_at_once() {
    let Some(database) = Database::new().await else {
        return;
    };
    let stores = join_all((0..6).map(|_| database.open())).await;
    insert(&stores[0], row(1)).await.unwrap();
    for store in &stores {
        assert_eq!(store.verify().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn one_of_a_later_version_is_refused_and_left_alone() {
    let Some(database) = Database::new().await else {
        return;
    };
    database.open().await.close().await;
    database
        .run("UPDATE {s}.version SET version = version + 1")
        .await;
    let version: i32 = database.one("SELECT version FROM {s}.version").await;
    let refused = PostgresStore::connect(database.config()).await.unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::TooNew);
    assert!(
        refused.to_string().contains(&version.to_string()),
        "{refused}"
    );
    assert_eq!(
        database.one::<i32>("SELECT version FROM {s}.version").await,
        version
    );
}

#[tokio::test]
async fn one_that_is_upgraded_meanwhile_is_refused_at_the_next_connection() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    database
        .run("UPDATE {s}.version SET version = version + 1")
        .await;
    database.terminate(&store).await;
    assert_eq!(kind(insert(&store, row(1)).await), StoreErrorKind::TooNew);
}

#[tokio::test]
async fn a_worker_that_is_connected_stops_when_the_tables_are_upgraded() {
    let Some(database) = Database::new().await else {
        return;
    };
    let filler = database.open().await;
    let mut purged = row(1);
    purged.stage = Stage::Purged;
    purged.body = None;
    insert(&filler, purged).await.unwrap();
    let stored = insert(&filler, row(2)).await.unwrap();
    filler.close().await;
    // Each would be refused anyway once it connects again.
    let (inserting, updating) = (database.open().await, database.open().await);
    let (claiming, trimming) = (database.open().await, database.open().await);
    database
        .run("UPDATE {s}.version SET version = version + 1")
        .await;
    let written = later(&stored, Stage::Final);
    let calls = [
        kind(insert(&inserting, row(3)).await),
        kind(update(&updating, written).await),
        kind(claiming.claim(next()).await),
        kind(trimming.trim(i64::MAX).await),
    ];
    assert_eq!(calls, [StoreErrorKind::TooNew; 4]);
    let is_as_it_was: bool = database
        .one(
            "SELECT count(*) = 2 AND bool_and(revision = 1 AND holder IS NULL) \
             FROM {s}.operation",
        )
        .await;
    assert!(is_as_it_was);
}

#[tokio::test]
async fn one_of_version_1_opens() {
    let Some(database) = Database::new().await else {
        return;
    };
    database.run(include_str!("version-1.sql")).await;
    let store = database.open().await;
    assert_eq!(store.verify().await.unwrap(), 2);
    let mut settled = row(1);
    settled.stage = pos_system_api::store::Stage::Final;
    settled.revision = 2;
    settled.answer = Some(vec![0, 255].into());
    let mut open = row(2);
    open.body = None;
    open.parked = true;
    let rows = store.page(Selection::All, 0, 10).await.unwrap();
    assert_eq!(rows, [settled.sealed(3), open.sealed(4)]);
    assert_eq!(insert(&store, row(3)).await.unwrap().sequence, 5);
    assert_eq!(store.claim(next()).await.unwrap(), None);
}

/// The columns, indexes and constraints of a schema, as text.
const TABLES: &str = "SELECT string_agg(line, E'\\n' ORDER BY line) FROM (\
     SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) AS line \
     FROM information_schema.columns WHERE table_schema = '{s}' \
     UNION ALL SELECT replace(indexdef, '{s}', '') FROM pg_indexes WHERE schemaname = '{s}' \
     UNION ALL SELECT conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint \
     WHERE connamespace = '{s}'::regnamespace) AS lines";

#[tokio::test]
async fn a_new_store_has_the_tables_of_one_that_was_upgraded() {
    let (Some(old), Some(new)) = (Database::new().await, Database::new().await) else {
        return;
    };
    old.run(include_str!("version-1.sql")).await;
    old.open().await.close().await;
    new.open().await.close().await;
    let tables = |text: String, schema: &str| text.replace(schema, "");
    let old_tables = tables(old.one(TABLES).await, &old.schema);
    assert!(old_tables.contains("operation_open"), "{old_tables}");
    assert_eq!(old_tables, tables(new.one(TABLES).await, &new.schema));
}

#[tokio::test]
async fn a_worker_without_the_right_to_make_tables_uses_those_there_are() {
    let Some(database) = Database::new().await else {
        return;
    };
    database.open().await.close().await;
    let role = format!("{}_role", database.schema);
    database
        .run(&format!(
            "CREATE ROLE {role}; GRANT USAGE ON SCHEMA {{s}} TO {role}; \
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {{s}} TO {role}"
        ))
        .await;
    let mut postgres: tokio_postgres::Config = crate::database::url().unwrap().parse().unwrap();
    postgres.options(format!("-c role={role}"));
    let config = pos_system_api_store_postgres::PostgresConfig::new(postgres);
    let store = PostgresStore::connect(config.clone().with_schema(&database.schema))
        .await
        .unwrap();
    insert(&store, row(1)).await.unwrap();
    assert_eq!(store.verify().await.unwrap(), 1);
    // Where there are none, it says what it lacks.
    let elsewhere = config.with_schema(format!("{}_b", database.schema));
    assert_eq!(
        kind(PostgresStore::connect(elsewhere).await),
        StoreErrorKind::Full
    );
    // Writing without the right to is refused, and nothing is broken by it.
    database
        .run(&format!("REVOKE INSERT ON {{s}}.operation FROM {role}"))
        .await;
    assert_eq!(kind(insert(&store, row(2)).await), StoreErrorKind::Full);
    database
        .run(&format!("GRANT INSERT ON {{s}}.operation TO {role}"))
        .await;
    assert_eq!(insert(&store, row(2)).await.unwrap().sequence, 2);
    store.close().await;
    database
        .run(&format!("DROP OWNED BY {role}; DROP ROLE {role}"))
        .await;
}
