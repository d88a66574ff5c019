//! Several servers, of which one is of use.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use pos_system_api::store::{OperationStore, StoreErrorKind};
use pos_system_api_store_postgres::{PostgresConfig, PostgresStore};
use tokio::net::TcpListener;

use crate::database::{Database, insert, kind, next, row};
use crate::proxy::Proxy;

/// A host that takes connections and never says anything.
async fn silent() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[tokio::test]
async fn one_that_is_silent_does_not_keep_the_next_from_being_tried() {
    let Some(database) = Database::new().await else {
        return;
    };
    let proxy = Proxy::start().await;
    let (_one, first) = silent().await;
    let config = PostgresConfig::new(proxy.postgres(&[first]))
        .with_schema(&database.schema)
        .with_timeout(Duration::from_secs(6));
    let store = PostgresStore::connect(config).await.unwrap();
    assert_eq!(insert(&store, row(1)).await.unwrap().sequence, 1);
    // The connection that reads finds its way too.
    let id = row(1).operation_id;
    assert!(store.row(id).await.unwrap().is_some());
    // And both do so again.
    database.terminate(&store).await;
    assert_eq!(insert(&store, row(2)).await.unwrap().sequence, 2);
}

#[tokio::test]
async fn the_connect_timeout_of_the_configuration_is_kept_to_if_it_is_shorter() {
    let Some(database) = Database::new().await else {
        return;
    };
    let proxy = Proxy::start().await;
    let (_one, first) = silent().await;
    let mut postgres = proxy.postgres(&[first]);
    postgres.connect_timeout(Duration::from_secs(2));
    let config = PostgresConfig::new(postgres)
        .with_schema(&database.schema)
        .with_timeout(Duration::from_secs(60));
    let start = Instant::now();
    PostgresStore::connect(config).await.unwrap();
    // Without it the first would have had a third of the minute.
    assert!(start.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn silent_ones_alone_are_given_up_after_the_timeout() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (_one, first) = silent().await;
    let config: PostgresConfig = format!("host={} port={} user=till", first.ip(), first.port())
        .parse()
        .unwrap();
    let config = config
        .with_schema(&database.schema)
        .with_timeout(Duration::from_secs(1));
    assert_eq!(
        kind(PostgresStore::connect(config).await),
        StoreErrorKind::Unavailable
    );
}

/// Refuses to write in the sessions that are noted, as a server does that became a standby.
const DEMOTION: &str = "CREATE TABLE {s}.demoted AS SELECT pid FROM pg_stat_activity \
     WHERE application_name = 'pos-system-api {holder}'; \
     CREATE FUNCTION {s}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     IF EXISTS (SELECT 1 FROM {s}.demoted WHERE pid = pg_backend_pid()) THEN \
     RAISE EXCEPTION 'cannot execute this in a read-only transaction' USING ERRCODE = '25006'; \
     END IF; RETURN NULL; END $$; \
     CREATE TRIGGER refuse AFTER INSERT OR UPDATE ON {s}.operation \
     FOR EACH STATEMENT EXECUTE FUNCTION {s}.refuse()";

#[tokio::test]
async fn a_server_that_became_a_standby_is_left_for_the_one_that_writes() {
    let Some(database) = Database::new().await else {
        return;
    };
    let config = database.config().with_lease(Duration::from_millis(600));
    let store = PostgresStore::connect(config).await.unwrap();
    let stored = insert(&store, row(1)).await.unwrap();
    let id = stored.operation_id;
    // Both connections are there.
    assert!(store.row(id).await.unwrap().is_some());
    let demotion = DEMOTION.replace("{holder}", &store.holder().to_string());
    database.run(&demotion).await;
    assert_eq!(
        database
            .one::<i64>("SELECT count(*) FROM {s}.demoted")
            .await,
        2
    );
    assert_eq!(insert(&store, row(2)).await.unwrap().sequence, 2);
    store.release(id);
    store.release(row(2).operation_id);
    assert_eq!(store.claim(next()).await.unwrap(), Some(stored));
    // What is held goes on being renewed.
    database
        .run("CREATE TABLE {s}.seen AS SELECT lease_until FROM {s}.operation WHERE sequence = 1")
        .await;
    let is_renewed = "SELECT o.lease_until > s.lease_until FROM {s}.operation o, {s}.seen s \
         WHERE o.sequence = 1";
    let mut tries = 0;
    while !database.one::<bool>(is_renewed).await {
        tries += 1;
        assert!(
            tries < 100_000,
            "a hundred thousand questions, and no renewal"
        );
    }
}
