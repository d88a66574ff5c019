//! Where the store of the till is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pos_system_api::store::{OperationStore, StoreError};
use pos_system_api_store_postgres::{PostgresConfig, PostgresStore};
use pos_system_api_store_sqlite::SqliteStore;

/// How long what a killed till held stays held: each restart waits for it.
const LEASE: Duration = Duration::from_millis(500);

/// Where the store of the till is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a SQLite file.
    Sqlite(PathBuf),
    /// In a schema of a PostgreSQL database.
    Postgres {
        /// The database, as a URL.
        url: String,
        /// The schema.
        schema: String,
    },
}

impl Place {
    /// The arguments by which the till is told.
    #[must_use]
    pub fn to_arguments(&self) -> [String; 3] {
        match self {
            Self::Sqlite(path) => [
                "sqlite".to_owned(),
                path.display().to_string(),
                String::new(),
            ],
            Self::Postgres { url, schema } => ["postgres".to_owned(), url.clone(), schema.clone()],
        }
    }

    /// What the arguments say; `None` if they name no store.
    #[must_use]
    pub fn from_arguments([kind, place, schema]: [String; 3]) -> Option<Self> {
        match kind.as_str() {
            "sqlite" => Some(Self::Sqlite(place.into())),
            "postgres" => Some(Self::Postgres { url: place, schema }),
            _ => None,
        }
    }

    /// Opens the store, and makes it if it is not there.
    ///
    /// # Errors
    /// What the store says.
    pub async fn open(&self) -> Result<Arc<dyn OperationStore>, StoreError> {
        Ok(match self {
            Self::Sqlite(path) => Arc::new(SqliteStore::open(path)?),
            Self::Postgres { url, schema } => {
                let config: PostgresConfig = url.parse()?;
                let config = config.with_schema(schema).with_lease(LEASE);
                Arc::new(PostgresStore::connect(config).await?)
            }
        })
    }
}
