//! TLS between the store and the server.

use pos_system_api::store::{OperationStore, Stage, StoreError, StoreErrorKind};
use pos_system_api_store_postgres::{PostgresConfig, PostgresStore};
use tokio_postgres::config::SslMode;

use crate::database::{Database, insert, later, row, update};
use crate::proxy::by_way_of;
use crate::tls_server::{Authority, TlsServer};

fn config(database: &Database, server: &TlsServer, mode: SslMode) -> PostgresConfig {
    let mut config = by_way_of("localhost", server.port);
    config.ssl_mode(mode);
    PostgresConfig::new(config).with_schema(&database.schema)
}

/// Why a server is refused. Whoever is refused was sent nothing that could be read.
async fn refusal(connecting: Result<PostgresStore, StoreError>, server: &TlsServer) -> String {
    let refused = connecting.unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Unavailable);
    assert_eq!(server.plain(), 0);
    refused.to_string()
}

#[tokio::test]
async fn operations_are_kept_over_tls() {
    let Some(database) = Database::new().await else {
        return;
    };
    let authority = Authority::new();
    let server = TlsServer::start(&authority, "localhost").await;
    let config = config(&database, &server, SslMode::Require);
    let store = PostgresStore::connect_with_tls(config, authority.connector())
        .await
        .unwrap();
    assert_eq!(server.handshakes(), 1);
    let stored = insert(&store, row(1)).await.unwrap();
    assert_eq!(store.verify().await.unwrap(), 1);
    // One for each connection, and for each that is made anew.
    assert_eq!(server.handshakes(), 2);
    database.terminate(&store).await;
    update(&store, later(&stored, Stage::Final)).await.unwrap();
    assert_eq!(server.handshakes(), 3);
    assert_eq!(server.plain(), 0);
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_refused() {
    let Some(database) = Database::new().await else {
        return;
    };
    let server = TlsServer::start(&Authority::new(), "localhost").await;
    for mode in [SslMode::Prefer, SslMode::Require] {
        let config = config(&database, &server, mode);
        let another = Authority::new().connector();
        let connecting = PostgresStore::connect_with_tls(config, another).await;
        let refusal = refusal(connecting, &server).await;
        assert!(refusal.contains("invalid peer certificate"), "{refusal}");
    }
    assert_eq!(server.handshakes(), 0);
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let Some(database) = Database::new().await else {
        return;
    };
    let authority = Authority::new();
    let server = TlsServer::start(&authority, "db.example.org").await;
    let config = config(&database, &server, SslMode::Require);
    let connecting = PostgresStore::connect_with_tls(config, authority.connector()).await;
    let refusal = refusal(connecting, &server).await;
    assert!(refusal.contains("db.example.org"), "{refusal}");
}

#[tokio::test]
async fn what_requires_tls_is_never_sent_in_plain_text() {
    let Some(database) = Database::new().await else {
        return;
    };
    let authority = Authority::new();
    let server = TlsServer::start(&authority, "localhost").await;
    let config = config(&database, &server, SslMode::Require);
    // Without a connector for TLS.
    let connecting = PostgresStore::connect(config.clone()).await;
    let without = refusal(connecting, &server).await;
    assert!(without.contains("TLS"), "{without}");

    let store = PostgresStore::connect_with_tls(config.clone(), authority.connector())
        .await
        .unwrap();
    insert(&store, row(1)).await.unwrap();
    server.stop_speaking_tls();
    let connecting = PostgresStore::connect_with_tls(config, authority.connector()).await;
    let again = refusal(connecting, &server).await;
    assert!(again.contains("does not support TLS"), "{again}");
    // A store that is open does not fall back either.
    database.terminate(&store).await;
    let lost = insert(&store, row(2)).await.unwrap_err();
    assert_eq!(lost.kind(), StoreErrorKind::Unavailable);
    assert!(lost.to_string().contains("does not support TLS"), "{lost}");
    assert_eq!(server.plain(), 0);
}

#[tokio::test]
async fn plain_text_on_this_machine_is_for_the_mode_to_allow() {
    let Some(database) = Database::new().await else {
        return;
    };
    let authority = Authority::new();
    let server = TlsServer::start(&authority, "localhost").await;
    let preferred = config(&database, &server, SslMode::Prefer);
    let disabled = config(&database, &server, SslMode::Disable);
    let open = |config| PostgresStore::connect_with_tls(config, authority.connector());
    drop(open(preferred.clone()).await.unwrap());
    assert_eq!((server.handshakes(), server.plain()), (1, 0));
    drop(open(disabled).await.unwrap());
    assert_eq!((server.handshakes(), server.plain()), (1, 1));
    server.stop_speaking_tls();
    drop(open(preferred).await.unwrap());
    assert_eq!((server.handshakes(), server.plain()), (1, 2));
}
