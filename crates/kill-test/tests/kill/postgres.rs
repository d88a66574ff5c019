//! A schema for one run.

use std::env;

use pos_system_api_kill_test::Place;
use pos_system_api_store_postgres::tokio_postgres::{self, NoTls};

/// A schema that is removed with the run.
pub(crate) struct Schema {
    url: String,
    name: String,
}

impl Schema {
    /// `None` without a server.
    pub(crate) fn new(seed: u64) -> Option<Self> {
        let url = env::var("TEST_POSTGRES_URL").ok()?;
        let name = format!("kill_test_{}_{seed}", std::process::id());
        (!url.is_empty()).then_some(Self { url, name })
    }

    pub(crate) fn place(&self) -> Place {
        Place::Postgres {
            url: self.url.clone(),
            schema: self.name.clone(),
        }
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let Ok((client, connection)) = tokio_postgres::connect(&self.url, NoTls).await else {
                return;
            };
            tokio::spawn(connection);
            let drop = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name);
            // A run that failed says so by itself.
            let _ = client.batch_execute(&drop).await;
        });
    }
}
