//! Where the receipts of a batch come from: iterators that block, as those of blocking programs do.

use std::sync::mpsc;
use std::thread;

use super::*;

/// Longer than any test takes; a batch that stands still is told from a slow one by it.
const FOREVER: Duration = Duration::from_secs(60);

#[test]
fn the_receipts_may_come_from_calls_of_the_same_client() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let shop = client.clone();
    let receipts = (1..=2).map(move |number| {
        let _ = done(shop.echo("What is next?").send());
        sale(&format!("S-{number}"))
    });
    for entry in client.sign_all(receipts) {
        assert!(entry.unwrap().signed().is_some());
    }
    // Each was taken when it could be sent, and not before.
    let ledger = simulator.ledger();
    let paths: Vec<_> = ledger.requests().iter().map(|it| &*it.path).collect();
    assert_eq!(paths, ["/v2/echo", "/v2/sign", "/v2/echo", "/v2/sign"]);
}

#[test]
fn a_source_that_waits_holds_up_no_other_call() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let (ask, asked) = mpsc::channel();
    let (receipts, received) = mpsc::channel();
    let other = client.clone();
    let selling = thread::spawn(move || {
        // The batch waits for its first receipt by now.
        asked.recv().unwrap();
        let _ = done(other.echo("Hello").send());
        receipts.send(sale("S-1")).unwrap();
    });
    let (tell, told) = mpsc::channel();
    let batch = thread::spawn(move || {
        let source = std::iter::from_fn(move || {
            let _ = ask.send(());
            received.recv().ok()
        });
        let entries: Vec<_> = client.sign_all(source).map(Result::unwrap).collect();
        tell.send(entries).unwrap();
    });
    let entries = told.recv_timeout(FOREVER).expect("the batch stands still");
    assert_eq!(entries.len(), 1);
    selling.join().unwrap();
    batch.join().unwrap();
    assert_eq!(simulator.ledger().receipts().len(), 1);
}

#[test]
fn what_is_under_way_goes_on_while_the_source_is_asked() {
    let (runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let mut number = 0;
    let source = std::iter::from_fn(|| {
        // The one before is at the server, though the batch cannot end it yet.
        runtime.block_on(simulator.arrivals(number));
        number += 1;
        (number <= 3).then(|| sale(&format!("S-{number}")))
    });
    let batch = client
        .sign_all(source)
        .with_concurrency(std::num::NonZeroUsize::new(2).unwrap());
    let ids: Vec<_> = batch
        .map(|entry| entry.unwrap().signed().unwrap().operation_id())
        .collect();
    assert_eq!(ids, (1..=3).map(operation).collect::<Vec<_>>());
}

#[test]
fn a_source_that_panics_leaves_a_batch_that_can_go_on() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let mut number = 0;
    let source = std::iter::from_fn(|| {
        number += 1;
        assert_ne!(number, 2, "the file cannot be read");
        (number <= 3).then(|| sale(&format!("S-{number}")))
    });
    let mut batch = client.sign_all(source);
    assert!(batch.next().unwrap().unwrap().signed().is_some());
    let next = std::panic::AssertUnwindSafe(|| batch.next());
    assert!(std::panic::catch_unwind(next).is_err());
    assert!(batch.next().unwrap().unwrap().signed().is_some());
    assert!(batch.next().is_none());
    assert_eq!(simulator.ledger().receipts().len(), 2);
}
