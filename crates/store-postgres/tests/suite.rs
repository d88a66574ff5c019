//! The store in PostgreSQL, by the suite of all stores.
#![allow(clippy::unwrap_used)]

// The suite needs less of it than the tests of this store.
#[allow(dead_code)]
#[path = "postgres/database.rs"]
mod database;

use std::sync::{Arc, Mutex};

use database::Database;
use pos_system_api::store::{OperationStore, StoreError};
use pos_system_api_store_postgres::PostgresStore;
use pos_system_api_store_suite::{Holders, Place, behaviours};

struct Postgres {
    database: Database,
    opened: Mutex<Vec<Arc<PostgresStore>>>,
}

impl Place for Postgres {
    fn holders(&self) -> Holders {
        Holders::Several
    }

    async fn open(&self) -> Result<Arc<dyn OperationStore>, StoreError> {
        let store = Arc::new(PostgresStore::connect(self.database.config()).await?);
        self.opened.lock().unwrap().push(Arc::clone(&store));
        Ok(store)
    }

    async fn end(&self, store: Arc<dyn OperationStore>) {
        let is_this = |opened: &&Arc<PostgresStore>| {
            std::ptr::addr_eq(Arc::as_ptr(opened), Arc::as_ptr(&store))
        };
        let opened = self.opened.lock().unwrap().iter().find(is_this).cloned();
        opened.unwrap().close().await;
    }

    async fn damage(&self, sequence: u64) -> bool {
        let change = "UPDATE {s}.operation SET body = coalesce(body, '') || '\\x00'";
        self.database
            .run(&format!("{change} WHERE sequence = {sequence}"))
            .await;
        true
    }
}

async fn place() -> Option<Postgres> {
    Some(Postgres {
        database: Database::new().await?,
        opened: Mutex::default(),
    })
}

behaviours!(place());
