//! The document of a receipt: fetched, handed over, and waited for.

use std::sync::Arc;
use std::time::Duration;

use pos_system_api::ErrorKind;
use pos_system_api::blocking::Client;
use pos_system_api::client::{DocumentFormat, IssueAction, Issued, IssuedItem};
use pos_system_api_simulator::{
    EndpointName, Fault, FaultPlan, Rule, Simulator, SimulatorBuilder, Uuid,
};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::builder_of;
use crate::support::client::{builder, done};
use crate::support::clock::{ATTEMPT_TIMEOUT, ManualClock};
use crate::support::receipts::sale;

/// A simulator with a receipt that was signed and issued.
fn shop(builder: SimulatorBuilder) -> (Runtime, Simulator, Client, Issued) {
    let runtime = Runtime::new().unwrap();
    let simulator = runtime.block_on(builder.started(true).start()).unwrap();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let signed = done(client.sign(sale("S-1")).send());
    let issued = done(client.issue(&signed).send());
    (runtime, simulator, client, issued)
}

#[test]
fn a_document_is_fetched_and_handed_over() {
    let (_runtime, simulator, client, issued) = shop(Simulator::builder());
    let png = client.document(&issued, DocumentFormat::png(48)).send();
    let png = png.unwrap();
    assert_eq!(png.content_type.as_deref(), Some("image/png"));
    assert_eq!(png.width_mm, Some(48));
    let code = client.qr_code(&issued).send().unwrap();
    assert_eq!(&code.body[..4], b"\x89PNG");
    assert!(!client.delivered(&issued).send().unwrap());

    let mail = IssueAction::email("guest@example.org");
    let call = client.update_issue(&issued, mail);
    let id = call.operation_id().unwrap();
    let updated = done(call.send());
    assert_eq!(updated.completion.operation_id, id);
    assert!(client.delivered(&issued).send().unwrap());
    assert!(client.wait_delivered(&issued).send().unwrap());

    let nowhere = IssuedItem::new(simulator.queue_id(), Uuid::from_u128(404));
    let error = client.delivered(nowhere).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = client
        .document(&issued, DocumentFormat::png(7))
        .send()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[test]
fn one_thread_waits_while_another_prints() {
    // The server's time stands still: nothing but the delivery ends its wait.
    let start = "2026-06-01T10:00:00Z".parse().unwrap();
    let builder = Simulator::builder().virtual_time(start);
    let (runtime, simulator, client, issued) = shop(builder);
    std::thread::scope(|scope| {
        let (under_way, ended) = oneshot::channel::<()>();
        let waiting = scope.spawn(|| {
            // Dropped when the wait has ended, however it ends.
            let _under_way = under_way;
            client.wait_delivered(&issued).send()
        });
        let arrived = runtime.block_on(simulator.arrivals_while(3, ended));
        arrived.expect("the wait ended before it was asked");
        let _ = done(client.update_issue(&issued, IssueAction::print()).send());
        assert!(waiting.join().unwrap().unwrap());
    });
}

#[test]
fn a_wait_ends_with_its_deadline() {
    let (_runtime, simulator, _, issued) = shop(Simulator::builder());
    let gone = Fault::StatusBeforeCommit {
        status: 404,
        retry_after: None,
    };
    let rule = Rule::new(gone).endpoint(EndpointName::WhileDelivered);
    simulator.faults().plan(FaultPlan::new(0).rule(rule));
    let client = builder(simulator.base_url(), &Arc::new(ManualClock::default()))
        .cashbox_id(simulator.cashbox_id())
        .access_token(simulator.access_token())
        .build_blocking()
        .unwrap();
    let waiting = client
        .wait_delivered(&issued)
        .with_attempt_timeout(ATTEMPT_TIMEOUT)
        .with_deadline(Duration::from_secs(50));
    assert!(!waiting.send().unwrap());
}
