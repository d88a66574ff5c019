//! The behaviour of all stores.
#![allow(clippy::unwrap_used, reason = "a failure here fails the test")]

use std::sync::Arc;

use pos_system_api::store::{OperationStore, StoreError};
use pos_system_api_store_sqlite::SqliteStore;
use pos_system_api_store_suite::{Holders, Place, behaviours};
use tempfile::TempDir;

struct Directory(TempDir);

impl Place for Directory {
    fn holders(&self) -> Holders {
        Holders::One
    }

    async fn open(&self) -> Result<Arc<dyn OperationStore>, StoreError> {
        Ok(Arc::new(SqliteStore::open(self.0.path().join("till.db"))?))
    }

    async fn damage(&self, sequence: u64) -> bool {
        let database = rusqlite::Connection::open(self.0.path().join("till.db")).unwrap();
        let changed = database
            .execute(
                "UPDATE operations SET body = x'00' WHERE sequence = ?1",
                [sequence],
            )
            .unwrap();
        assert_eq!(changed, 1);
        true
    }
}

async fn place() -> Option<Directory> {
    Some(Directory(tempfile::tempdir().unwrap()))
}

behaviours!(place());
