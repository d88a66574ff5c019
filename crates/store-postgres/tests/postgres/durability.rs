//! What a commit waits for.

use pos_system_api::store::{Claim, Durability, OperationStore, Stage, StoreErrorKind, Write};
use pos_system_api_store_postgres::PostgresStore;

use crate::database::{Database, insert, later, row, settle};

/// Notes which setting each change of a row is committed with.
const NOTE: &str = "CREATE TABLE {s}.noted (number serial, setting text); \
     CREATE FUNCTION {s}.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     INSERT INTO {s}.noted (setting) VALUES (current_setting('synchronous_commit')); \
     RETURN NULL; END $$; \
     CREATE TRIGGER note AFTER INSERT OR UPDATE ON {s}.operation \
     FOR EACH STATEMENT EXECUTE FUNCTION {s}.note()";

#[tokio::test]
async fn what_has_to_last_waits_for_the_disk_and_nothing_else_does() {
    let Some(database) = Database::new().await else {
        return;
    };
    // What is set for the user or the database is not what counts.
    let config = database.config_with("-c synchronous_commit=off");
    let store = PostgresStore::connect(config).await.unwrap();
    database.run(NOTE).await;
    // An operation as it is without others: two commits that wait.
    let stored = insert(&store, row(1)).await.unwrap();
    let settled = later(&stored, Stage::Final);
    let write = vec![Write::Update(settled.clone())];
    store.commit(write, Durability::Synced).await.unwrap();
    store.release(stored.operation_id);
    settle(&store).await;
    let taken = vec![Write::Update(later(&settled, Stage::Acknowledged))];
    store.commit(taken, Durability::Lazy).await.unwrap();
    let lazy = vec![Write::Insert(row(2))];
    store.commit(lazy, Durability::Lazy).await.unwrap();
    store.release(row(2).operation_id);
    let claim = Claim::Operation(row(2).operation_id);
    assert!(store.claim(claim).await.unwrap().is_some());
    let noted: String = database
        .one("SELECT string_agg(setting, ' ' ORDER BY number) FROM {s}.noted")
        .await;
    assert_eq!(noted, "on on off off off off off");
}

/// A function of that name that stands before the server's own, and says of one setting that it is off.
const SETTINGS: &str = "CREATE SCHEMA {s}; CREATE FUNCTION {s}.current_setting(name text) \
     RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN name = '{off}' THEN 'off' \
     ELSE pg_catalog.current_setting(name) END $$";

#[tokio::test]
async fn a_server_that_does_not_sync_is_refused_unless_that_is_allowed() {
    for off in ["fsync", "full_page_writes"] {
        let Some(database) = Database::new().await else {
            return;
        };
        database.run(&SETTINGS.replace("{off}", off)).await;
        let path = format!("-c search_path={},pg_catalog", database.schema);
        let config = database.config_with(&path);
        let refused = PostgresStore::connect(config.clone()).await.unwrap_err();
        assert_eq!(refused.kind(), StoreErrorKind::Unavailable, "{off}");
        assert!(refused.to_string().contains(off), "{refused}");
        let allowed = config.with_unsafe_server_allowed(true);
        let store = PostgresStore::connect(allowed).await.unwrap();
        insert(&store, row(1)).await.unwrap();
        assert_eq!(store.verify().await.unwrap(), 1);
    }
}
