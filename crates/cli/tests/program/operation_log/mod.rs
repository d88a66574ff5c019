//! `--durable` and the commands around the operation log.

mod abandon;
mod export;
mod full;
mod keep;
mod late;
mod long_ago;
mod money;
mod recover;
mod refused;

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use pos_system_api::Client;
use pos_system_api::client::ClientBuilder;
use pos_system_api_store_sqlite::SqliteStore;
use serde_json::Value;
use uuid::Uuid;

use crate::till::{AtWork, Run, TOKEN, Till, sale};

/// The operation log of a till.
pub(crate) fn log_of(till: &Till) -> PathBuf {
    till.folder.path().join("till.db")
}

/// A command of the program with the log.
pub(crate) fn with_log(till: &Till, arguments: &[&str]) -> assert_cmd::Command {
    let mut program = till.program();
    program.args(arguments).arg("--durable").arg(log_of(till));
    program
}

/// An address at which nobody listens: bound and let go.
pub(crate) fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A client of another program that works with the log before.
pub(crate) fn library(till: &Till, base_url: &str) -> ClientBuilder {
    Client::builder()
        .base_url(base_url)
        .cashbox_id(till.simulator.cashbox_id())
        .access_token(TOKEN)
        .pos_system_id(Uuid::nil())
        .durable(SqliteStore::open(log_of(till)).unwrap())
        .with_deadline(Duration::from_millis(200))
}

/// A receipt that never reached a server, and its id.
pub(crate) fn left_behind(till: &Till) -> String {
    left_behind_of(till, sale("S-1", "1.00"))
}

/// The same of another receipt.
pub(crate) fn left_behind_of(till: &Till, receipt: String) -> String {
    let run = Run::of(
        with_log(
            till,
            &["sign", "--deadline", "0.2", "--base-url", &nobody()],
        )
        .write_stdin(receipt),
    );
    assert_eq!(run.code, 3, "{}", run.stderr);
    run.lines()[0]["operationId"].as_str().unwrap().to_owned()
}

/// The lines of `pending`.
pub(crate) fn pending(till: &Till) -> Vec<Value> {
    let run = Run::of(with_log(till, &["pending"]).env_remove("FISKALTRUST_CASHBOX_ID"));
    let lines = run.lines();
    let code = if lines.is_empty() { 0 } else { 3 };
    assert_eq!((run.code, run.stderr.as_str()), (code, ""));
    lines
}

/// A command with the log, at work: its first request has arrived.
pub(crate) fn at_work<'a>(till: &'a Till, arguments: &[&str]) -> AtWork<'a> {
    let log = log_of(till);
    let log = ["--durable", log.to_str().unwrap()];
    till.at_work(&[arguments, &log].concat())
}
