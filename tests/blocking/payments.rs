//! Money, by calls that block.

use std::sync::Arc;

use pos_system_api::ErrorKind;
use pos_system_api::blocking::Client;
use pos_system_api::client::{Paid, Payment};
use pos_system_api::receipt::{ChargeItem, Receipt};
use pos_system_api::types::Amount;
use pos_system_api::{Execution, codes::VatRate};
use pos_system_api_simulator::{Fault, PaymentAction, ScaledClock, Simulator};
use tokio::runtime::Runtime;

use crate::support::client::done;
use crate::support::receipts::moment;
use crate::{builder_of, simulator};

/// A client, and a simulator whose minutes take milliseconds.
fn shop() -> (Runtime, Simulator, Client) {
    let start = "2026-06-01T10:00:00Z".parse().unwrap();
    let clock = Arc::new(ScaledClock::new(start, 10_000.0));
    let runtime = Runtime::new().unwrap();
    let starting = Simulator::builder().started(true).clock(clock).start();
    let simulator = runtime.block_on(starting).unwrap();
    let client = builder_of(&simulator).build_blocking().unwrap();
    (runtime, simulator, client)
}

fn card(amount: &str) -> Payment {
    Payment::new("Card", amount.parse::<Amount>().unwrap())
}

#[test]
fn a_payment_with_tip_is_signed_refunded_and_cancelled() {
    let (_runtime, simulator, client) = shop();
    let paid = done(client.pay(card("30000.50")).with_terminal("7").send());
    assert_eq!(paid.tip(), Amount::from_cents(500));
    let menu = ChargeItem::goods("Menu", paid.approved(), 20, VatRate::Normal);
    let sale = Receipt::sale("S-1", moment())
        .charge(menu)
        .pay_items(paid.pay_items());
    let _ = done(client.sign(sale).send());

    let refunded = done(client.refund(&paid).send());
    assert_eq!(refunded.approved(), -paid.charged());
    let other = done(client.pay(card("18.40")).send());
    let cancelled = done(client.cancel(&other).send());

    let ledger = simulator.ledger();
    assert_eq!(ledger.receipts().len(), 1);
    assert_eq!(ledger.requests()[0].header("x-terminal-id"), Some("7"));
    for (back, action, of) in [
        (&refunded, PaymentAction::Refund, &paid),
        (&cancelled, PaymentAction::Cancel, &other),
    ] {
        let record = ledger.payments_of(back.operation_id())[0];
        assert_eq!(record.action, action);
        assert_eq!(record.refunds, Some(of.operation_id()));
    }
}

#[test]
fn a_declined_payment_is_an_error_of_the_guest() {
    let (_runtime, simulator, client) = shop();
    let error = client.pay(card("30000.10")).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.is_payment_refused());
    assert_eq!(simulator.ledger().payments().count(), 0);
}

#[test]
fn a_lost_answer_is_asked_for_and_never_paid_again() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    simulator.faults().script([Fault::ResetAfterCommit]);
    let paid = done(client.pay(card("18.40")).send());
    let asked = simulator.ledger().requests().len();

    // Another client goes on with what it thinks is open.
    let call = client
        .pay(card("18.40"))
        .with_operation_id(paid.operation_id());
    let other = builder_of(&simulator).build_blocking().unwrap();
    let again = done(other.resume::<Paid>(call.handle().unwrap()).send());
    assert_eq!(again.operation_id(), paid.operation_id());
    assert_eq!(again.execution(), Execution::Replayed);
    let ledger = simulator.ledger();
    assert_eq!(ledger.payments().count(), 1);
    let paths: Vec<_> = ledger
        .requests()
        .iter()
        .map(|request| request.path.clone())
        .collect();
    assert_eq!(paths[0], "/v2/pay");
    assert_eq!(asked, 2);
    assert!(
        paths[1..]
            .iter()
            .all(|path| path.to_lowercase() == "/v2/payresponse"),
        "{paths:?}"
    );
}
