//! Many receipts: their order, where sending stops, and what is left of a batch that is given up.

#![cfg(feature = "client")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

use std::cell::Cell;
use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_core::Stream;
use futures_util::FutureExt;
use pos_system_api::client::{BatchEntry, BatchStop, SignAll};
use pos_system_api::receipt::{Receipt, ReceiptError};
use pos_system_api::runtime::{Observer, OperationEnded};
use pos_system_api::types::ReceiptRequest;
use pos_system_api::{Client, Outcome, Signed, Standing};
use pos_system_api_simulator::Simulator;

use support::chance::operation;
use support::client::{builder, client_of};
use support::receipts::{sale, sale_paid_with};
use support::scripted_server::{Answer, ScriptedServer, json, page, problem};

/// A signed receipt as short as it gets.
const SIGNED: &str = r#"{"ftState":4707387510509010944,"ftReceiptIdentification":"ft1#IT1"}"#;

async fn simulator() -> Simulator {
    Simulator::builder().started(true).start().await.unwrap()
}

/// A client with a deadline of a minute, for a server with this script.
async fn scripted(script: impl IntoIterator<Item = Answer>) -> (ScriptedServer, Client) {
    let server = ScriptedServer::start(script).await;
    let client = builder(&server.base_url(), &std::sync::Arc::default())
        .with_deadline(Duration::from_secs(60))
        .build()
        .unwrap();
    (server, client)
}

fn sales(count: usize) -> Vec<Receipt> {
    (1..=count).map(|n| sale(&format!("S-{n}"))).collect()
}

/// What became of each receipt, in a word.
async fn words<S>(batch: &mut SignAll<S>) -> Vec<String>
where
    S: Stream,
    S::Item: TryInto<ReceiptRequest, Error: std::fmt::Debug + Into<ReceiptError>>,
{
    let mut words = Vec::new();
    while let Some(entry) = batch.next().await {
        words.push(match entry {
            BatchEntry::Sent { result, .. } => match result {
                Ok(Outcome::Done(_)) => "signed".to_owned(),
                Ok(Outcome::Pending(_)) => "pending".to_owned(),
                Ok(Outcome::Parked(_)) => "parked".to_owned(),
                Err(error) => error.kind().to_string(),
            },
            BatchEntry::Unsent(receipt) => {
                let receipt: ReceiptRequest = receipt.try_into().unwrap();
                format!("unsent {}", receipt.cb_receipt_reference.unwrap())
            }
            _ => panic!("neither sent nor unsent"),
        });
    }
    words
}

/// The references of the receipts that arrived, each once.
fn arrived(server: &ScriptedServer) -> Vec<String> {
    let mut references = Vec::new();
    for request in server.requests().iter().filter(|r| r.path == "/v2/sign") {
        let receipt: ReceiptRequest = serde_json::from_slice(&request.body).unwrap();
        references.push(receipt.cb_receipt_reference.unwrap());
    }
    references.dedup();
    references
}

#[tokio::test]
async fn receipts_are_signed_in_their_order_each_under_an_id_of_its_own() {
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let mut batch = client.sign_all(sales(4));
    let progress = batch.progress();
    let mut ids = Vec::new();
    while let Some(entry) = batch.next().await {
        ids.push(entry.signed().unwrap().operation_id());
    }
    let expected: Vec<_> = (1..=4).map(operation).collect();
    assert_eq!(ids, expected);
    let ledger = simulator.ledger();
    let requests: Vec<_> = ledger.requests().iter().map(|r| r.operation_id).collect();
    assert_eq!(requests, expected.into_iter().map(Some).collect::<Vec<_>>());
    let counts = *progress.borrow();
    assert_eq!((counts.begun, counts.signed, counts.finished()), (4, 4, 4));
    assert!(batch.next().await.is_none());
}

#[tokio::test]
async fn after_a_pending_one_nothing_more_is_sent_and_the_rest_comes_back() {
    let (server, client) = scripted([json(201, SIGNED), page(503)]).await;
    let mut batch = client.sign_all(sales(4));
    assert_eq!(
        words(&mut batch).await,
        ["signed", "pending", "unsent S-3", "unsent S-4"]
    );
    assert_eq!(arrived(&server), ["S-1", "S-2"]);
    let counts = *batch.progress().borrow();
    assert_eq!((counts.begun, counts.signed, counts.open), (2, 1, 1));
    assert_eq!((counts.unsent, counts.finished()), (2, 4));
}

#[tokio::test]
async fn refused_credentials_stop_a_batch() {
    let problem = problem(401, r#"{"title":"Unauthorized"}"#);
    let (server, client) = scripted([problem]).await;
    let mut batch = client.sign_all(sales(2));
    assert_eq!(words(&mut batch).await, ["unauthorized", "unsent S-2"]);
    assert_eq!(arrived(&server), ["S-1"]);
}

/// An observer that panics at one of the operations.
struct Panicking(pos_system_api::uuid::Uuid);

impl Observer for Panicking {
    fn operation_ended(&self, ended: &OperationEnded<'_>) {
        assert_ne!(ended.operation.operation_id, self.0, "a test's own panic");
    }
}

#[tokio::test]
async fn a_panic_of_an_observer_stops_a_batch_and_loses_no_other_entry() {
    for (stop, expected) in [
        (BatchStop::AtOpen, ["unsent S-3", "unsent S-4"]),
        (BatchStop::Never, ["signed", "signed"]),
    ] {
        let server = ScriptedServer::start([json(201, SIGNED)]).await;
        let client = builder(&server.base_url(), &std::sync::Arc::default())
            .with_observer(std::sync::Arc::new(Panicking(operation(2))))
            .build()
            .unwrap();
        let mut batch = client.sign_all(sales(4)).with_stop(stop);
        assert!(batch.next().await.unwrap().signed().is_some());
        let panics = AssertUnwindSafe(batch.next()).catch_unwind().await;
        assert!(panics.is_err());
        assert_eq!(words(&mut batch).await, expected);
        // What became of it is asked by its handle.
        let [handle] = &batch.in_flight()[..] else {
            panic!("{stop:?}: {batch:?}");
        };
        assert_eq!(handle.operation_id(), operation(2));
        let counts = *batch.progress().borrow();
        assert_eq!((counts.open, counts.finished()), (1, 4));
    }
}

#[tokio::test]
async fn with_never_each_one_is_sent() {
    let (server, client) = scripted([page(503)]).await;
    let mut batch = client.sign_all(sales(3)).with_stop(BatchStop::Never);
    assert_eq!(words(&mut batch).await, ["pending"; 3]);
    assert_eq!(arrived(&server), ["S-1", "S-2", "S-3"]);
}

#[tokio::test]
async fn a_refused_one_is_passed_over_unless_asked_otherwise() {
    let receipts = {
        let mut invalid = sale("S-2").build().unwrap();
        invalid.cb_receipt_reference = None;
        [
            sale_paid_with("S-1", 700),
            invalid,
            sale("S-3").build().unwrap(),
        ]
    };
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let mut batch = client.sign_all(receipts);
    assert_eq!(
        words(&mut batch).await,
        ["fiscal-error", "invalid", "signed"]
    );
    assert_eq!(batch.progress().borrow().refused, 2);

    let receipts = [sale_paid_with("S-1", 700), sale("S-2").build().unwrap()];
    let mut batch = client.sign_all(receipts).with_stop(BatchStop::AtUnsigned);
    assert_eq!(words(&mut batch).await, ["fiscal-error", "unsent S-2"]);
}

#[tokio::test]
async fn a_parked_one_is_out_of_the_way_unless_asked_otherwise() {
    let failing = || problem(500, r#"{"title":"Internal error"}"#);
    // One attempt, five resends and the question for the record.
    let script = || std::iter::repeat_n(failing(), 7).chain([json(201, SIGNED)]);
    let (_server, client) = scripted(script()).await;
    let mut batch = client.sign_all(sales(2));
    assert_eq!(words(&mut batch).await, ["parked", "signed"]);

    let (_server, client) = scripted(script()).await;
    let mut batch = client.sign_all(sales(2)).with_stop(BatchStop::AtUnsigned);
    assert_eq!(words(&mut batch).await, ["parked", "unsent S-2"]);
}

/// Waits for the next entry until so many requests have arrived, and gives that wait up.
async fn under_way<S>(batch: &mut SignAll<S>, simulator: &Simulator, count: usize)
where
    S: Stream<Item = Receipt>,
{
    let mut next = pin!(batch.next());
    let mut arrival = pin!(simulator.arrivals(count));
    poll_fn(|context| {
        assert!(next.as_mut().poll(context).is_pending());
        arrival.as_mut().poll(context)
    })
    .await;
}

#[tokio::test]
async fn a_dropped_wait_loses_nothing() {
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let hold = simulator.hold();
    let mut batch = client.sign_all(sales(2));
    assert_eq!(batch.in_flight().len(), 0);
    under_way(&mut batch, &simulator, 1).await;
    let handles = batch.in_flight();
    assert_eq!(handles.len(), 1);
    assert_eq!(handles[0].operation_id(), operation(1));
    assert_eq!(handles[0].standing(), Standing::Unknown);

    hold.release();
    assert_eq!(words(&mut batch).await, ["signed", "signed"]);
    assert_eq!(batch.in_flight().len(), 0);
    assert_eq!(simulator.ledger().requests().len(), 2);
}

#[tokio::test]
async fn what_a_batch_that_is_given_up_had_sent_can_be_resumed() {
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let hold = simulator.hold();
    let mut batch = client.sign_all(sales(2));
    under_way(&mut batch, &simulator, 1).await;
    let handles = batch.in_flight();
    let mut progress = batch.progress();
    drop(batch);
    // The counts end with their batch.
    while progress.changed().await.is_ok() {}
    hold.release();
    for handle in handles {
        let outcome = client.resume::<Signed>(handle).await;
        assert!(matches!(outcome, Ok(Outcome::Done(_))), "{outcome:?}");
    }
    assert_eq!(simulator.ledger().receipts().len(), 1);
}

#[tokio::test]
async fn as_many_are_under_way_as_allowed_and_the_entries_keep_their_order() {
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let hold = simulator.hold();
    let mut batch = client
        .sign_all(sales(5))
        .with_concurrency(NonZeroUsize::new(3).unwrap());
    let mut ids = Vec::new();
    under_way(&mut batch, &simulator, 3).await;
    assert_eq!(batch.in_flight().len(), 3);
    assert_eq!(batch.progress().borrow().begun, 3);
    hold.release();
    while let Some(entry) = batch.next().await {
        assert!(batch.in_flight().len() <= 3);
        ids.push(entry.signed().unwrap().operation_id());
    }
    assert_eq!(ids, (1..=5).map(operation).collect::<Vec<_>>());
    assert_eq!(simulator.ledger().receipts().len(), 5);
}

#[tokio::test]
async fn a_receipt_is_taken_from_its_source_only_to_be_sent() {
    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let taken = Cell::new(0);
    let endless = std::iter::repeat_with(|| {
        taken.set(taken.get() + 1);
        sale(&format!("S-{}", taken.get()))
    });
    let mut batch = client.sign_all(endless);
    for expected in 1..=3 {
        assert!(batch.next().await.unwrap().signed().is_some());
        assert_eq!(taken.get(), expected);
    }
}

#[tokio::test]
async fn a_stream_that_waits_is_waited_for() {
    /// One receipt for each text that arrives.
    struct Received(tokio::sync::mpsc::Receiver<&'static str>);

    impl Stream for Received {
        type Item = Receipt;

        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            context: &mut std::task::Context<'_>,
        ) -> Poll<Option<Receipt>> {
            self.0.poll_recv(context).map(|text| text.map(sale))
        }
    }

    let simulator = simulator().await;
    let (client, _) = client_of(&simulator);
    let (texts, received) = tokio::sync::mpsc::channel(2);
    let mut batch = client.sign_stream(Received(received));
    texts.send("S-1").await.unwrap();
    assert!(batch.next().await.unwrap().signed().is_some());
    {
        let mut next = pin!(batch.next());
        poll_fn(|context| {
            assert!(next.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
    }
    texts.send("S-2").await.unwrap();
    drop(texts);
    assert_eq!(words(&mut batch).await, ["signed"]);
}
