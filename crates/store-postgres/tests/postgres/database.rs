//! A schema for one test, and rows to put into it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use pos_system_api::store::{
    Claim, Durability, OperationStore, Row, Stage, StoreError, StoreErrorKind, Write,
};
use pos_system_api_store_postgres::{PostgresConfig, PostgresStore};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// The server of the tests, if there is one.
pub(crate) fn url() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

/// A schema that is removed with the test.
pub(crate) struct Database {
    pub(crate) sql: Client,
    pub(crate) schema: String,
    url: String,
}

impl Database {
    /// A schema without tables; `None` without a server.
    pub(crate) async fn new() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let url = url()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let schema = format!("test_{}_{}_{number}", now.as_nanos(), std::process::id());
        let sql = sql(&url).await;
        Some(Self { sql, schema, url })
    }

    pub(crate) fn config(&self) -> PostgresConfig {
        let config: PostgresConfig = self.url.parse().unwrap();
        config.with_schema(&self.schema)
    }

    /// The same with settings of its sessions, in the form `-c name=value`.
    pub(crate) fn config_with(&self, options: &str) -> PostgresConfig {
        let mut postgres: tokio_postgres::Config = self.url.parse().unwrap();
        postgres.options(options);
        PostgresConfig::new(postgres).with_schema(&self.schema)
    }

    pub(crate) async fn open(&self) -> PostgresStore {
        PostgresStore::connect(self.config()).await.unwrap()
    }

    /// Another connection beside `sql`.
    pub(crate) async fn another_sql(&self) -> Client {
        sql(&self.url).await
    }

    /// Runs statements, with `{s}` where the name of the schema belongs.
    pub(crate) async fn run(&self, text: &str) {
        let text = text.replace("{s}", &self.schema);
        self.sql.batch_execute(&text).await.unwrap();
    }

    /// One value that a query gives.
    pub(crate) async fn one<T: for<'a> tokio_postgres::types::FromSql<'a>>(&self, text: &str) -> T {
        let text = text.replace("{s}", &self.schema);
        self.sql.query_one(&text, &[]).await.unwrap().get(0)
    }

    /// Ends the connections of a store from the side of the server, and waits until they are gone.
    pub(crate) async fn terminate(&self, store: &PostgresStore) -> i64 {
        let name = format!("pos-system-api {}", store.holder());
        let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
             WHERE application_name = $1";
        let ended = self.sql.query_one(end, &[&name]).await.unwrap().get(0);
        let left = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1";
        while self
            .sql
            .query_one(left, &[&name])
            .await
            .unwrap()
            .get::<_, i64>(0)
            > 0
        {}
        ended
    }

    /// Lets all leases expire.
    pub(crate) async fn expire_leases(&self) {
        self.run(
            "UPDATE {s}.operation SET lease_until = clock_timestamp() - interval '1 second' \
             WHERE lease_until IS NOT NULL",
        )
        .await;
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A test that panics leaves its schema too: there is no runtime left to wait in.
        let (url, schema) = (self.url.clone(), self.schema.clone());
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let drop = format!(
                    "SET client_min_messages = warning; SET lock_timeout = '5s'; \
                     DROP SCHEMA IF EXISTS \"{schema}\" CASCADE"
                );
                // Whatever holds a lock yet is the test's own failure.
                let _ = sql(&url).await.batch_execute(&drop).await;
            });
        });
        let _ = dropped.join();
    }
}

async fn sql(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// A new row.
pub(crate) fn row(number: u128) -> Row {
    Row {
        sequence: 0,
        operation_id: Uuid::from_u128(number),
        queue: "till".to_owned(),
        stage: Stage::SendStarted,
        parked: false,
        revision: 1,
        changed_unix_ms: 1_700_000_000_000,
        details: format!("{{\"number\":{number}}}"),
        body: Some("{\"ftReceiptCase\":1}".into()),
        answer: None,
        checksum: [0; 32],
    }
}

/// That row, one revision later, in another stage.
pub(crate) fn later(row: &Row, stage: Stage) -> Row {
    let mut row = row.clone();
    row.stage = stage;
    row.revision += 1;
    row.changed_unix_ms += 5;
    row
}

pub(crate) fn next() -> Claim {
    Claim::Next {
        queue: "till".to_owned(),
        before: None,
    }
}

/// Inserts a row, and gives it as it is stored.
pub(crate) async fn insert(store: &PostgresStore, row: Row) -> Result<Row, StoreError> {
    one(store, Write::Insert(row)).await
}

/// Updates a row, and gives it as it is stored.
pub(crate) async fn update(store: &PostgresStore, row: Row) -> Result<Row, StoreError> {
    one(store, Write::Update(row)).await
}

async fn one(store: &PostgresStore, write: Write) -> Result<Row, StoreError> {
    let mut rows = store.commit(vec![write], Durability::Synced).await?;
    assert_eq!(rows.len(), 1);
    Ok(rows.remove(0))
}

/// Waits until what was let go of is.
pub(crate) async fn settle(store: &PostgresStore) {
    store.trim(i64::MAX).await.unwrap();
}

/// What went wrong.
pub(crate) fn kind<T: std::fmt::Debug>(result: Result<T, StoreError>) -> StoreErrorKind {
    result.unwrap_err().kind()
}
