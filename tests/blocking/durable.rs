//! The operation log, over sockets, without a runtime on the calling thread.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pos_system_api::durable::{Forwarded, HandedOver, LogOptions};
use pos_system_api::runtime::{Clock, Sleep, SystemChance};
use pos_system_api::store::{MemoryStore, Stage};
use pos_system_api::{Error, ErrorKind, Execution, Handle, Outcome, Signed, Standing};
use pos_system_api_simulator::{Fault, Simulator, Uuid};

use crate::support::client::{builder_of as manual_builder_of, done, pending};
use crate::support::clock::ManualClock;
use crate::support::receipts::sale;
use crate::{Client, builder_of, simulator};

/// A till as it is after a start: a client of its own on a log that outlives it.
fn till(simulator: &Simulator, store: &Arc<MemoryStore>) -> Client {
    till_with(simulator, store, LogOptions::default())
}

fn till_with(simulator: &Simulator, store: &Arc<MemoryStore>, options: LogOptions) -> Client {
    manual_builder_of(simulator, &Arc::new(ManualClock::default()))
        .with_chance(Arc::new(SystemChance))
        .durable_shared(store.clone())
        .with_log_options(options)
        .build_blocking()
        .unwrap()
}

/// A sale that is left open by this fault.
fn lost(client: &Client, simulator: &Simulator, reference: &str, fault: Fault) -> Handle {
    simulator.faults().script([fault]);
    let call = client.sign(sale(reference));
    pending(call.with_deadline(Duration::from_secs(60)).send())
}

/// Proved not to be executed, and not to be tried again before the deadline.
fn refused() -> Fault {
    Fault::StatusBeforeCommit {
        status: 429,
        retry_after: Some(600),
    }
}

/// Executed, but the answer is lost, and it is not to be tried again before the deadline.
fn answer_lost() -> Fault {
    Fault::StatusAfterCommit {
        status: 503,
        retry_after: Some(600),
    }
}

fn ids(records: &[pos_system_api::durable::Record]) -> Vec<Uuid> {
    records.iter().map(|record| record.operation_id()).collect()
}

#[test]
fn a_sale_whose_answer_was_lost_with_the_power_is_found_and_signed_once() {
    let (_runtime, simulator) = simulator();
    let store = Arc::new(MemoryStore::new());
    let before = till(&simulator, &store);
    let handle = lost(&before, &simulator, "S-1", answer_lost());
    let open = before.pending().unwrap();
    assert_eq!(ids(&open), [handle.operation_id()]);
    assert_eq!(open[0].stage(), Stage::Unknown);
    drop(before);
    store.release_all();

    let after = till(&simulator, &store);
    let recovery = after.recover().unwrap();
    assert!(recovery.open.is_empty() && recovery.parked.is_empty());
    assert_eq!(ids(&recovery.finished), [handle.operation_id()]);
    let signed: Signed = recovery.finished[0].read().unwrap();
    assert_eq!(signed.execution(), Execution::Replayed);
    assert!(after.pending().unwrap().is_empty());
    simulator.ledger().receipts().exactly_once();
}

#[test]
fn an_answer_is_given_until_it_is_acknowledged() {
    let (_runtime, simulator) = simulator();
    let store = Arc::new(MemoryStore::new());
    let explicit = LogOptions::default().with_explicit_acknowledgement(true);
    let client = till_with(&simulator, &store, explicit);
    let first = done(client.sign(sale("S-1")).send());
    let second = done(client.sign(sale("S-2")).send());
    client.acknowledge(first.operation_id()).unwrap();
    let recovery = client.recover().unwrap();
    assert_eq!(ids(&recovery.finished), [second.operation_id()]);

    let stage = |id| client.recorded(id).unwrap().unwrap().stage();
    assert_eq!(stage(first.operation_id()), Stage::Acknowledged);
    assert_eq!(stage(second.operation_id()), Stage::Final);
    assert!(client.recorded(Uuid::from_u128(404)).unwrap().is_none());
}

#[test]
fn an_operation_is_resumed_by_its_id_and_a_settled_one_is_not_sent() {
    let (_runtime, simulator) = simulator();
    let store = Arc::new(MemoryStore::new());
    let client = till(&simulator, &store);
    let handle = lost(&client, &simulator, "S-1", refused());
    let id = handle.operation_id();
    assert_eq!(
        done(client.resume_recorded::<Signed>(id)).operation_id(),
        id
    );
    let sent = simulator.ledger().requests().len();
    assert_eq!(
        done(client.resume_recorded::<Signed>(id)).operation_id(),
        id
    );
    assert_eq!(simulator.ledger().requests().len(), sent);
    let unknown = client.resume_recorded::<Signed>(Uuid::from_u128(404));
    assert_eq!(unknown.unwrap_err().kind(), ErrorKind::Invalid);
    simulator.ledger().receipts().exactly_once();
}

#[test]
fn an_operation_that_was_given_up_is_sent_by_nobody() {
    let (_runtime, simulator) = simulator();
    let store = Arc::new(MemoryStore::new());
    let client = till(&simulator, &store);
    let handle = lost(&client, &simulator, "S-1", refused());
    let id = handle.operation_id();
    let nobody = client.abandon(id, " ", "no goods");
    assert_eq!(nobody.unwrap_err().kind(), ErrorKind::Invalid);
    let record = client.abandon(id, "Ada", "the customer left").unwrap();
    assert_eq!(record.abandoned(), Some(("Ada", "the customer left")));
    assert!(client.recover().unwrap().is_clear());
    let resumed = client.resume::<Signed>(handle).send();
    assert_eq!(resumed.unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(simulator.ledger().receipts().len(), 0);
}

#[test]
fn a_sale_that_was_never_executed_is_signed_late_and_one_in_doubt_as_it_is() {
    let (_runtime, simulator) = simulator();
    let store = Arc::new(MemoryStore::new());
    let client = till(&simulator, &store);
    let in_doubt = lost(&client, &simulator, "S-1", answer_lost());
    let as_it_is = client.handed_over_offline(&in_doubt).unwrap();
    assert!(matches!(&as_it_is, HandedOver::AsItIs(_)), "{as_it_is:?}");
    assert_eq!(as_it_is.handle().operation_id(), in_doubt.operation_id());
    let done_before = client.recover().unwrap();
    assert_eq!(ids(&done_before.finished), [in_doubt.operation_id()]);

    let never = lost(&client, &simulator, "S-2", refused());
    assert_eq!(never.standing(), Standing::NotSent);
    let late = client.handed_over_offline(&never).unwrap();
    assert!(matches!(&late, HandedOver::LateSigning(_)), "{late:?}");
    assert_ne!(late.handle().operation_id(), never.operation_id());

    let mut forwarder = client.forward().unwrap();
    let Forwarded::Settled(record) = forwarder.next().unwrap().unwrap() else {
        panic!("not settled");
    };
    assert_eq!(record.operation_id(), late.handle().operation_id());
    assert_eq!(record.predecessor(), Some(never.operation_id()));
    let drained = forwarder.next().unwrap().unwrap();
    let due = matches!(&drained, Forwarded::Drained { zero_receipt_due } if *zero_receipt_due);
    assert!(due, "{drained:?}");
    let ledger = simulator.ledger();
    assert_eq!(ledger.receipts().references(), ["S-1", "S-2"]);
    ledger.receipts().exactly_once();
}

#[test]
fn a_forwarder_waits_for_the_network_and_comes_back_with_nothing_to_do() {
    let (_runtime, simulator) = simulator();
    let store = Arc::new(MemoryStore::new());
    // On the system's clock: a wait of an hour is not over at once.
    let client = builder_of(&simulator)
        .durable_shared(store)
        .build_blocking()
        .unwrap();
    let open = |event: &Forwarded| matches!(event, Forwarded::Waiting { .. });
    simulator.faults().script([refused(), refused()]);
    let handle = pending(client.sign(sale("S-1")).send());
    let hour = Duration::from_secs(60 * 60);
    let mut forwarder = client.forward().unwrap().with_retry_interval(hour);
    let waiting = forwarder.next().unwrap().unwrap();
    assert!(open(&waiting), "{waiting:?}");
    assert!(forwarder.next_within(Duration::ZERO).unwrap().is_none());
    assert_eq!(client.pending().unwrap().len(), 1);

    let mut forwarder = client.forward().unwrap();
    let settled = forwarder.next_within(Duration::ZERO).unwrap().unwrap();
    let Forwarded::Settled(record) = settled else {
        panic!("{settled:?}");
    };
    assert_eq!(record.operation_id(), handle.operation_id());
    let drained = forwarder.next().unwrap().unwrap();
    assert!(matches!(drained, Forwarded::Drained { .. }), "{drained:?}");
    assert!(forwarder.next_within(Duration::ZERO).unwrap().is_none());
}

/// A clock on which waits of up to a second are over at once, and longer ones never.
#[derive(Debug, Default)]
struct Seconds(Mutex<Duration>);

impl Clock for Seconds {
    fn elapsed(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        if duration > Duration::from_secs(1) {
            return Box::pin(std::future::pending());
        }
        Box::pin(async move { *self.0.lock().unwrap() += duration })
    }
}

#[test]
fn a_forwarder_that_is_asked_often_tries_again_in_time_and_tells_once() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator)
        .with_clock(Arc::new(Seconds::default()))
        .durable(MemoryStore::new())
        .build_blocking()
        .unwrap();
    let second = Duration::from_secs(1);
    let handle = lost(&client, &simulator, "S-1", refused());
    simulator.faults().script([refused()]);
    let mut forwarder = client.forward().unwrap().with_retry_interval(3 * second);
    let waiting = forwarder.next().unwrap().unwrap();
    assert!(matches!(waiting, Forwarded::Waiting { .. }), "{waiting:?}");
    for _ in 0..2 {
        assert!(forwarder.next_within(second).unwrap().is_none());
    }
    let settled = forwarder.next_within(second).unwrap().unwrap();
    let Forwarded::Settled(record) = settled else {
        panic!("{settled:?}");
    };
    assert_eq!(record.operation_id(), handle.operation_id());
    let drained = forwarder.next_within(second).unwrap().unwrap();
    assert!(matches!(drained, Forwarded::Drained { .. }), "{drained:?}");
    assert!(forwarder.next_within(second).unwrap().is_none());
}

#[test]
fn inside_an_async_runtime_the_log_is_left_alone() {
    let (runtime, simulator) = simulator();
    let store = Arc::new(MemoryStore::new());
    let client = till(&simulator, &store);
    let handle = lost(&client, &simulator, "S-1", refused());
    let id = handle.operation_id();
    let mut forwarder = client.forward().unwrap();
    let errors: Vec<Error> = runtime.block_on(async {
        vec![
            client.recover().unwrap_err(),
            client.pending().unwrap_err(),
            client.recorded(id).unwrap_err(),
            client.resume_recorded::<Signed>(id).unwrap_err(),
            client.acknowledge(id).unwrap_err(),
            client.abandon(id, "Ada", "a test").unwrap_err(),
            client.handed_over_offline(&handle).unwrap_err(),
            forwarder.next().unwrap().unwrap_err(),
            forwarder.next_within(Duration::ZERO).unwrap_err(),
        ]
    });
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert!(error.to_string().contains("async"), "{error}");
    }
    // The forwarder is as it was.
    let event = forwarder.next().unwrap().unwrap();
    assert!(matches!(event, Forwarded::Settled(_)), "{event:?}");
}

#[test]
fn a_client_without_a_log_says_so() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    for error in [
        client.recover().unwrap_err(),
        client.pending().unwrap_err(),
        client.forward().unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("durable"), "{error}");
    }
    let outcome = client.sign(sale("S-1")).send().unwrap();
    assert!(matches!(outcome, Outcome::Done(_)));
}
