//! What may have been executed longer ago than servers are trusted to know its id.

use std::sync::Arc;
use std::time::Duration;

use pos_system_api::chrono::{DateTime, Utc};
use pos_system_api::client::Payment;
use pos_system_api::runtime::{Clock, Sleep, SystemClock};
use pos_system_api::types::{Amount, ReceiptRequest};
use pos_system_api_simulator::Fault;

use super::{library, with_log};
use crate::till::{Run, Till, sale};

/// The clock of two days ago.
#[derive(Debug, Default)]
struct TwoDaysAgo(SystemClock);

impl Clock for TwoDaysAgo {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        self.0.sleep(duration)
    }

    fn now(&self) -> DateTime<Utc> {
        Utc::now() - Duration::from_secs(2 * 24 * 60 * 60)
    }
}

#[test]
fn it_is_sent_by_whoever_resumes_it_once_more() {
    let till = Till::new();
    till.simulator.faults().script([Fault::HangAfterCommit]);
    let client = library(&till, till.simulator.base_url())
        .with_clock(Arc::new(TwoDaysAgo::default()))
        .with_attempt_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let sold: ReceiptRequest = serde_json::from_str(&sale("S-1", "1.00")).unwrap();
    let id = till.block_on(async {
        let call = client.sign(sold);
        let id = call.operation_id().unwrap().to_string();
        assert!(call.await.unwrap().done().is_none());
        id
    });
    drop(client);
    let sent = till.simulator.ledger().requests().len();
    for _ in 0..2 {
        let recovered = Run::of(&mut with_log(&till, &["recover"]));
        assert_eq!(recovered.code, 3, "{}", recovered.stderr);
        assert_eq!(recovered.lines()[0]["outcome"], "parked");
    }
    assert_eq!(till.simulator.ledger().requests().len(), sent);
    // It was set aside with a word about its age: this is once more.
    let resumed = Run::of(&mut with_log(&till, &["resume", &id]));
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    till.simulator.ledger().receipts().exactly_once();
}

#[test]
fn it_is_set_aside_first_where_nobody_was_told_of_its_age() {
    let till = Till::new();
    till.simulator.faults().script([Fault::HangAfterCommit]);
    let client = library(&till, till.simulator.base_url())
        .with_clock(Arc::new(TwoDaysAgo::default()))
        .build()
        .unwrap();
    let id = till.block_on(async {
        let payment = Payment::new("Card", Amount::from_cents(100));
        let call = client
            .pay(payment)
            .with_attempt_timeout(Duration::from_millis(200))
            .with_deadline(Duration::from_millis(200));
        let id = call.operation_id().unwrap().to_string();
        assert!(call.await.unwrap().done().is_none());
        id
    });
    drop(client);
    let sent = till.simulator.ledger().requests().len();
    let first = Run::of(&mut with_log(&till, &["resume", &id]));
    assert_eq!(first.code, 3, "{}", first.stderr);
    assert_eq!(first.lines()[0]["outcome"], "parked");
    assert!(
        first.stderr.contains("forgotten its id"),
        "{}",
        first.stderr
    );
    assert_eq!(till.simulator.ledger().requests().len(), sent);

    let second = Run::of(&mut with_log(&till, &["resume", &id]));
    assert_eq!(second.code, 0, "{}", second.stderr);
    till.simulator.ledger().payments().exactly_once();
}
