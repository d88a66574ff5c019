//! The store against a PostgreSQL server, that of `TEST_POSTGRES_URL`. Each test has a schema of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod clients;
mod connection;
mod damage;
mod database;
mod dropping;
mod durability;
mod figures;
mod grouping;
mod holders;
mod hosts;
mod lease;
mod model;
mod proxy;
mod schema;
mod tls;
mod tls_server;
mod waiting;

use std::io::Write;

/// Shows by its name that there are tests which need a server; without one it says so past the capture of
/// the test harness.
#[test]
fn all_of_these_are_skipped_without_test_postgres_url() {
    if database::url().is_none() {
        let said = "SKIPPED: the tests of store-postgres, for want of a server. To run them: \
             TEST_POSTGRES_URL=postgresql://user@localhost/database \
             cargo test -p pos-system-api-store-postgres\n";
        std::io::stderr().write_all(said.as_bytes()).unwrap();
    }
}
