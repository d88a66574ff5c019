//! The store in memory, by the suite of all stores.

use std::sync::Arc;

use pos_system_api::store::{MemoryStore, OperationStore, StoreError};
use pos_system_api_store_suite::{Holders, Place, behaviours};

#[derive(Default)]
struct Memory(Arc<MemoryStore>);

impl Place for Memory {
    fn holders(&self) -> Holders {
        Holders::NotTold
    }

    async fn open(&self) -> Result<Arc<dyn OperationStore>, StoreError> {
        Ok(self.0.clone())
    }

    async fn end(&self, _: Arc<dyn OperationStore>) {
        self.0.release_all();
    }
}

async fn place() -> Option<Memory> {
    Some(Memory::default())
}

behaviours!(place());
