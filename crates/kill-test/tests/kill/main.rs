//! A till is killed at random points and started again, against a simulator with faults: every sale that got
//! into its log is signed exactly once.
//!
//! `KILL_TEST_SEED` repeats the faults and the points at which it is killed, as far as the machine's own
//! timing allows.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod chance;
mod judge;
mod postgres;
mod run;

use pos_system_api_kill_test::Place;
use tempfile::TempDir;

use chance::seed;
use postgres::Schema;
use run::run;

/// In every test run.
const FEW: u32 = 20;

/// Before a release.
const MANY: u32 = 1000;

#[test]
fn no_sale_is_lost_or_signed_twice_with_sqlite() {
    with_sqlite(FEW);
}

#[test]
#[ignore = "takes minutes"]
fn no_sale_is_lost_or_signed_twice_with_sqlite_in_a_thousand_kills() {
    with_sqlite(MANY);
}

#[test]
fn no_sale_is_lost_or_signed_twice_with_postgres() {
    with_postgres(FEW);
}

#[test]
#[ignore = "takes minutes"]
fn no_sale_is_lost_or_signed_twice_with_postgres_in_a_thousand_kills() {
    with_postgres(MANY);
}

fn with_sqlite(kills: u32) {
    let folder = TempDir::new().unwrap();
    let place = Place::Sqlite(folder.path().join("till.db"));
    println!("SQLite: {}", run(&place, kills, seed()));
}

fn with_postgres(kills: u32) {
    let seed = seed();
    let Some(schema) = Schema::new(seed) else {
        eprintln!("skipped: TEST_POSTGRES_URL names no server");
        return;
    };
    println!("PostgreSQL: {}", run(&schema.place(), kills, seed));
}
