//! What a commit waits for.

use pos_system_api::store::{Claim, Durability, OperationStore, Stage, Write};

use pos_system_api_store_postgres::{PostgresConfig, PostgresStore};

use crate::database::{Database, insert, later, row, settle, url};

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
    let store = database.open().await;
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

#[tokio::test]
async fn it_waits_for_the_disk_also_where_the_user_or_the_database_is_set_not_to() {
    let Some(database) = Database::new().await else {
        return;
    };
    let mut postgres: tokio_postgres::Config = url().unwrap().parse().unwrap();
    postgres.options("-c synchronous_commit=off");
    let config = PostgresConfig::new(postgres).with_schema(&database.schema);
    let store = PostgresStore::connect(config).await.unwrap();
    database.run(NOTE).await;
    insert(&store, row(1)).await.unwrap();
    let noted: String = database
        .one("SELECT string_agg(setting, ' ') FROM {s}.noted")
        .await;
    assert_eq!(noted, "on");
}
