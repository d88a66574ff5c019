//! What a commit waits for.

use pos_system_api::store::{Claim, Durability, OperationStore, Stage, StoreErrorKind, Write};
use pos_system_api_store_postgres::PostgresStore;

use crate::database::{Database, insert, kind, later, next, row, settle, update};

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

/// Warns during a commit, as the server does when the wait for its synchronous standbys is cancelled.
const WARN: &str = "CREATE FUNCTION {s}.warn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     RAISE WARNING 'canceling wait for synchronous replication due to user request'; \
     RETURN NULL; END $$; \
     CREATE CONSTRAINT TRIGGER warn AFTER INSERT ON {s}.operation \
     DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {s}.warn()";

#[tokio::test]
async fn a_commit_that_the_server_warns_of_is_in_doubt() {
    let Some(database) = Database::new().await else {
        return;
    };
    // Warnings come though somebody set otherwise.
    let config = database.config_with("-c client_min_messages=error");
    let store = PostgresStore::connect(config).await.unwrap();
    let stored = insert(&store, row(1)).await.unwrap();
    database.run(WARN).await;
    let in_doubt = insert(&store, row(2)).await.unwrap_err();
    assert_eq!(in_doubt.kind(), StoreErrorKind::InDoubt);
    assert!(in_doubt.to_string().contains("standby"), "{in_doubt}");
    // What does not wait for standbys has nothing to be warned of.
    let lazy = vec![Write::Insert(row(3))];
    store.commit(lazy, Durability::Lazy).await.unwrap();
    update(&store, later(&stored, Stage::Final)).await.unwrap();
    // Whoever was told of the doubt does not work on it.
    let other = database.open().await;
    let claimed = other.claim(next()).await.unwrap();
    assert_eq!(claimed, Some(row(2).sealed(2)));
}

/// Waits for a standby that does not exist, and so stops whoever else commits on the server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "changes the settings of the server"]
async fn a_cancelled_wait_for_a_standby_leaves_the_commit_in_doubt() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    insert(&store, row(1)).await.unwrap();
    database.run("SET synchronous_commit = local").await;
    database
        .run("ALTER SYSTEM SET synchronous_standby_names = '*'")
        .await;
    database.run("SELECT pg_reload_conf()").await;
    let cancelled = async {
        let cancel = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity \
             WHERE wait_event = 'SyncRep'";
        while database.one::<i64>(cancel).await == 0 {}
    };
    // The setting may arrive after some commits.
    let in_doubt = async {
        for number in 2.. {
            if let Err(error) = insert(&store, row(number)).await {
                return error;
            }
        }
        unreachable!("there are numbers enough")
    };
    let (in_doubt, ()) = tokio::join!(in_doubt, cancelled);
    database
        .run("ALTER SYSTEM RESET synchronous_standby_names")
        .await;
    database.run("SELECT pg_reload_conf()").await;
    assert_eq!(in_doubt.kind(), StoreErrorKind::InDoubt);
    assert!(in_doubt.to_string().contains("standby"), "{in_doubt}");
    assert_eq!(kind(insert(&store, row(1)).await), StoreErrorKind::Held);
}
