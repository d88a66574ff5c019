//! Payments: paid once, whatever happens to the answer.

mod lost_answer;
mod record;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pos_system_api::client::{OperationCall, Paid, Payment};
use pos_system_api::runtime::{Clock, Sleep};
use pos_system_api::types::{Amount, Currency, PayRequest, PaymentProtocol, ReceiptRequest};
use pos_system_api::{Client, ErrorKind, Execution, Standing};
use pos_system_api_simulator::{Profile, ScaledClock, Simulator, Terminal};

use crate::support::chance::operation;
use crate::support::client::{builder, client_of, done, pending};
use crate::support::clock::{ATTEMPT_TIMEOUT, ManualClock};
use crate::{PROFILES, sale, simulator, started};

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

/// A payment by card, with the attempts that a test's clock knows.
fn card(client: &Client, text: &str) -> OperationCall<Paid> {
    client
        .pay(Payment::new("Card", amount(text)))
        .with_attempt_timeout(ATTEMPT_TIMEOUT)
}

/// What was called, in order, by the first part of each path.
fn paths(simulator: &Simulator) -> Vec<String> {
    let ledger = simulator.ledger();
    ledger
        .requests()
        .iter()
        .map(|request| {
            assert!(request.operation_id.is_some());
            request
                .path
                .trim_start_matches("/v2/")
                .split('/')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect()
}

#[tokio::test]
async fn every_special_amount_comes_to_its_end() {
    // Amount, refusal or approved, tip, charged.
    type Ending = Result<(&'static str, &'static str, &'static str), &'static str>;
    let cases: [(&str, Ending); 9] = [
        ("18.40", Ok(("18.40", "0", "18.40"))),
        ("30000.10", Err("declined")),
        ("30000.20", Err("timed")),
        ("30000.40", Err("cancelled")),
        ("30000.50", Ok(("30000.50", "5.00", "30005.50"))),
        ("30000.60", Ok(("30000.60", "0", "30000.60"))),
        ("30000.70", Ok(("30000.70", "0", "30000.70"))),
        ("30000.80", Ok(("30000.80", "0", "30000.80"))),
        ("30000.90", Ok(("15000.50", "0", "15000.50"))),
    ];
    for profile in PROFILES {
        // Six minutes take 36 ms.
        let start = "2026-06-01T10:00:00Z".parse().unwrap();
        let clock = Arc::new(ScaledClock::new(start, 10_000.0));
        let simulator = started(Simulator::builder().profile(profile).clock(clock)).await;
        let (client, _) = client_of(&simulator);
        for (requested, ending) in cases {
            let what = format!("{profile} {requested}");
            let before = simulator.ledger().payments().count();
            let call = card(&client, requested);
            let id = call.operation_id().unwrap();
            let (approved, tip, charged) = match ending {
                Ok(sums) => sums,
                Err(word) => {
                    let error = call.await.unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::Rejected, "{what}");
                    assert!(error.is_payment_refused(), "{what}");
                    let text = error.to_string().to_lowercase().replace('_', " ");
                    assert!(text.contains(word), "{what}: {text}");
                    assert_eq!(error.outcome(), Standing::Final, "{what}");
                    assert_eq!(simulator.ledger().payments().count(), before, "{what}");
                    continue;
                }
            };
            let paid = done(call.await);
            assert_eq!(paid.operation_id(), id, "{what}");
            assert_eq!(paid.execution(), Execution::New, "{what}");
            assert_eq!(paid.requested(), amount(requested), "{what}");
            assert_eq!(paid.approved(), amount(approved), "{what}");
            assert_eq!(paid.tip(), amount(tip), "{what}");
            assert_eq!(paid.charged(), amount(charged), "{what}");
            assert_eq!(paid.is_partial(), requested == "30000.90", "{what}");
            let ledger = simulator.ledger();
            assert_eq!(ledger.payments_of(id).len(), 1, "{what}");
            assert_eq!(
                ledger.payments_of(id)[0].amount,
                paid.charged().decimal(),
                "{what}"
            );
        }
    }
}

#[tokio::test]
async fn an_id_of_the_callers_pays() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let paid = done(
            card(&client, "18.40")
                .with_operation_id(operation(77))
                .await,
        );
        assert_eq!(paid.operation_id(), operation(77), "{profile}");
        // The same payment again is the same payment.
        let again = done(
            card(&client, "18.40")
                .with_operation_id(operation(77))
                .await,
        );
        assert_eq!(again.execution(), Execution::Replayed, "{profile}");
        simulator.ledger().payments().exactly_once();
    }
}

#[tokio::test]
async fn what_was_paid_pays_for_the_receipt_as_it_is() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let paid = done(card(&client, "30000.50").await);
        assert_eq!(paid.pay_items().len(), 2, "{profile}");
        let mut receipt: ReceiptRequest = sale("S-1");
        receipt.cb_charge_items[0].amount = paid.approved();
        receipt.cb_pay_items = paid.pay_items();
        let signed = done(client.sign(receipt).await);
        assert!(signed.response.ft_state.is_signed(), "{profile}");
        // Text for text: the ids, the case data, the digits.
        let text = |body: &[u8], member: &str| {
            let members: std::collections::BTreeMap<String, Box<serde_json::value::RawValue>> =
                serde_json::from_slice(body).unwrap();
            let json = members[member].get().to_owned();
            crate::support::exact_json::Exact::read(&json).unwrap()
        };
        assert_eq!(
            text(&signed.request_body, "cbPayItems"),
            text(&paid.completion.body, "ftPayItems"),
            "{profile}"
        );
    }
}

#[tokio::test]
async fn a_terminal_is_chosen_by_its_id() {
    for profile in PROFILES {
        let start = "2026-06-01T10:00:00Z".parse().unwrap();
        let clock = Arc::new(ScaledClock::new(start, 10_000.0));
        let builder = Simulator::builder().profile(profile).clock(clock);
        let simulator = started(builder.terminal(Terminal::new().with_id("till-2"))).await;
        let (client, _) = client_of(&simulator);
        done(card(&client, "18.40").with_terminal("till-2").await);
        let error = card(&client, "18.40")
            .with_terminal("till-3")
            .await
            .unwrap_err();
        assert!(error.is_payment_refused(), "{profile}: {error}");
        // In the body as well, for servers that look there only.
        let at = |terminal| client.pay(Payment::new("Card", 5).terminal(terminal));
        let paid = done(at("till-2").with_attempt_timeout(ATTEMPT_TIMEOUT).await);
        let error = at("till-3").with_attempt_timeout(ATTEMPT_TIMEOUT).await;
        let error = error.unwrap_err();
        assert!(error.is_payment_refused(), "{profile}: {error}");
        let ledger = simulator.ledger();
        let request = ledger.requests_of(paid.operation_id())[0];
        assert_eq!(request.header("x-terminal-id"), Some("till-2"), "{profile}");
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["cbTerminalID"], "till-2", "{profile}");
        // Servers refuse two that differ.
        let two = at("till-2").with_terminal("till-3");
        let error = two.with_attempt_timeout(ATTEMPT_TIMEOUT).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{profile}");
        assert!(!error.is_payment_refused(), "{profile}: {error}");
    }
}

#[tokio::test]
async fn a_terminal_that_no_header_can_carry_is_not_sent() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    for terminal in ["", "T\r\nx-evil: 1"] {
        let payment = Payment::new("Card", 5).terminal(terminal);
        let error = client.pay(payment).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{terminal:?}");
        assert!(error.to_string().contains("terminal"), "{error}");
    }
    assert!(simulator.ledger().requests().is_empty());
}

#[tokio::test]
async fn the_body_is_the_payment_and_nothing_else() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    let of = |payment: Payment| {
        let body = client.pay(payment).operation().unwrap().body().to_vec();
        String::from_utf8(body).unwrap()
    };
    assert_eq!(
        of(Payment::new("Card", amount("18.40"))),
        r#"{"Action":"payment","Protocol":"use_auto","cbPayItem":{"Description":"Card","Amount":18.40}}"#
    );
    let hobex = Payment::new("Card", 5).protocol(PaymentProtocol::Hobexecr);
    assert!(of(hobex).contains(r#""Protocol":"hobexecr""#));
    let later = Payment::new("Card", 5)
        .protocol("a_later_one")
        .currency(Currency::from("PLN"));
    assert!(of(later.clone()).contains(r#""Protocol":"a_later_one""#));
    assert!(of(later).contains(r#""Amount":5,"Currency":"PLN""#));

    let request: PayRequest = serde_json::from_str(
        r#"{"Action":"payment","Protocol":"use_auto","cbPayItem":{"Description":"Card","Amount":2.50},"Later":1}"#,
    )
    .unwrap();
    let call = client.pay(request).with_attempt_timeout(ATTEMPT_TIMEOUT);
    assert_eq!(done(call.await).requested(), amount("2.50"));
    assert!(
        simulator.ledger().requests()[0]
            .body
            .ends_with(br#""Later":1}"#)
    );
}

#[tokio::test]
async fn an_amount_that_is_no_payment_is_not_sent() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    for text in ["0", "-18.40"] {
        let error = card(&client, text).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains("cbPayItem.Amount"), "{error}");
        assert!(!error.is_payment_refused());
    }
    assert!(simulator.ledger().requests().is_empty());
}

#[tokio::test]
async fn a_malformed_request_is_no_refused_payment() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let odd = Payment::new("Card", 5).protocol("of_nobody");
        let error = client
            .pay(odd)
            .with_attempt_timeout(ATTEMPT_TIMEOUT)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{profile}");
        assert!(!error.is_payment_refused(), "{profile}: {error}");
    }
}

/// A clock that only writes down what it was asked to wait for.
#[derive(Debug, Default)]
struct Noted(Mutex<Vec<Duration>>);

impl Clock for Noted {
    fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().iter().sum()
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        self.0.lock().unwrap().push(duration);
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test]
async fn guests_are_given_their_time() {
    let clock = Arc::new(Noted::default());
    // An address that swallows what is sent to it: the listener never accepts.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let manual = Arc::new(ManualClock::default());
    let client = builder(&address, &manual)
        .with_clock(clock.clone())
        .build()
        .unwrap();
    let outcome = client.pay(Payment::new("Card", amount("18.40"))).await;
    let handle = pending(outcome);
    assert_eq!(handle.standing(), Standing::Unknown);
    let waits = clock.0.lock().unwrap().clone();
    assert_eq!(waits[0], Duration::from_secs(90));
    assert_eq!(waits.iter().sum::<Duration>(), Duration::from_secs(15 * 60));
}
