//! Why an operation is sent again, as a trace tells it.

use std::sync::Arc;

use super::support::client::builder;
use super::support::clock::ManualClock;
use super::support::output::Output;
use super::support::receipts::sale;
use super::support::scripted_server::{ScriptedServer, json, problem};
use super::tls::UntrustedServer;

/// What is said while a sale is sent to this server.
async fn said(base_url: &str) -> String {
    let output = Output::default();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(output.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let client = builder(base_url, &Arc::new(ManualClock::default()));
    let client = client.build().unwrap();
    // Whatever comes of it.
    let _ = client
        .sign(sale("S-1"))
        .with_deadline(std::time::Duration::from_secs(60))
        .await;
    output.text()
}

#[tokio::test]
async fn the_reason_is_one_word() {
    let busy = ScriptedServer::start([problem(429, "{}"), json(201, "{}")]).await;
    let nobody = "http://127.0.0.1:1".to_owned();
    let untrusted = UntrustedServer::start().await;
    for (base_url, reason) in [
        (busy.base_url(), "429"),
        (nobody, "not_connected"),
        (untrusted.base_url(), "untrusted"),
    ] {
        let said = said(&base_url).await;
        let reason = format!("reason=\"{reason}\"");
        assert!(said.contains(&reason), "{reason} in {said}");
    }
}
