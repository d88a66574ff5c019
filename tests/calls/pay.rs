//! Payments: paid once, whatever happens to the answer.

use std::future::IntoFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pos_system_api::client::{OperationCall, Paid, Payment};
use pos_system_api::runtime::{Clock, Sleep};
use pos_system_api::types::{Amount, Currency, PayRequest, PaymentProtocol, ReceiptRequest};
use pos_system_api::{Client, Error, ErrorKind, Execution, Handle, Outcome, Standing};
use pos_system_api_simulator::{Fault, Profile, ScaledClock, Simulator, Terminal};

use crate::support::chance::operation;
use crate::support::client::{builder, client, client_of, done, pending};
use crate::support::clock::{ATTEMPT_TIMEOUT, ManualClock};
use crate::support::scripted_server::{ScriptedServer, json, page, problem};
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
async fn a_lost_answer_is_asked_for_and_never_paid_again() {
    for profile in PROFILES {
        for fault in [
            Fault::ResetAfterCommit,
            Fault::CutBodyAfterCommit { bytes: 30 },
            Fault::NullBody,
            Fault::StatusAfterCommit {
                status: 500,
                retry_after: None,
            },
            Fault::StatusAfterCommit {
                status: 502,
                retry_after: None,
            },
            Fault::StatusAfterCommit {
                status: 422,
                retry_after: None,
            },
        ] {
            let what = format!("{profile} {fault:?}");
            let simulator = simulator(profile).await;
            let (client, _) = client_of(&simulator);
            simulator.faults().script([fault]);
            let paid = done(card(&client, "30000.50").await);
            assert_eq!(paid.execution(), Execution::Replayed, "{what}");
            assert_eq!(paid.completion.attempts, 2, "{what}");
            assert_eq!(paid.tip(), amount("5.00"), "{what}");
            assert_eq!(paths(&simulator), ["pay", "PayResponse"], "{what}");
            let ledger = simulator.ledger();
            ledger.payments().exactly_once_for([paid.operation_id()]);
            assert_eq!(ledger.requests_of(paid.operation_id()).len(), 2, "{what}");
            assert!(ledger.requests()[1].body.is_empty(), "{what}");
        }
    }
}

#[tokio::test]
async fn a_payment_that_outlasts_its_attempt_is_waited_for() {
    for profile in PROFILES {
        let start = "2026-06-01T10:00:00Z".parse().unwrap();
        let simulator = started(Simulator::builder().profile(profile).virtual_time(start)).await;
        let (client, clock) = client_of(&simulator);
        let guest = async {
            simulator.arrivals(1).await;
            clock.run_out_attempt();
            simulator.arrivals(2).await;
            simulator.ledger().payments().none();
            // The question itself takes too long as well.
            clock.run_out_attempt();
            simulator.arrivals(3).await;
            simulator.advance(Duration::from_secs(6 * 60)).unwrap();
        };
        let (outcome, ()) = tokio::join!(card(&client, "30000.80").into_future(), guest);
        let paid = done(outcome);
        assert_eq!(paid.completion.attempts, 3, "{profile}");
        assert_eq!(
            paths(&simulator),
            ["pay", "PayResponse", "PayResponse"],
            "{profile}"
        );
        simulator.ledger().payments().exactly_once();
    }
}

#[tokio::test]
async fn the_end_of_a_declined_payment_survives_a_lost_answer() {
    for profile in PROFILES {
        for text in ["30000.10", "30000.20", "30000.40"] {
            let simulator = simulator(profile).await;
            let (client, _) = client_of(&simulator);
            simulator.faults().script([Fault::ResetAfterCommit]);
            let error = card(&client, text).await.unwrap_err();
            assert!(error.is_payment_refused(), "{profile} {text}: {error}");
            assert!(error.is_after_unknown(), "{profile} {text}");
            assert_eq!(error.outcome(), Standing::Final, "{profile} {text}");
            // An id that is not known is refused with the same status: the record tells them apart.
            assert_eq!(
                paths(&simulator),
                ["pay", "PayResponse", "journal"],
                "{profile}"
            );
            simulator.ledger().payments().none();
        }
    }
}

#[tokio::test]
async fn a_payment_the_server_does_not_know_is_for_the_operator() {
    for profile in PROFILES {
        for fault in [
            Fault::ResetBeforeCommit,
            Fault::StatusBeforeCommit {
                status: 503,
                retry_after: None,
            },
        ] {
            let simulator = simulator(profile).await;
            let (client, clock) = client_of(&simulator);
            simulator.faults().script([fault]);
            let Outcome::Parked(handle) = card(&client, "18.40").await.unwrap() else {
                panic!("{profile}: not parked")
            };
            assert_eq!(handle.standing(), Standing::Unknown, "{profile}");
            assert!(handle.is_parked(), "{profile}");
            assert!(
                handle.cause().unwrap().contains("ask the operator"),
                "{handle}"
            );
            // Asked a few times, as the request may have been on its way; never paid again.
            let paths = paths(&simulator);
            assert_eq!(
                paths.iter().filter(|path| *path == "pay").count(),
                1,
                "{profile}"
            );
            assert_eq!(
                paths.iter().filter(|path| *path == "PayResponse").count(),
                4
            );
            assert!(
                clock.waits().iter().all(|wait| !wait.is_zero()),
                "{profile}"
            );
            simulator.ledger().payments().none();

            // Nor is it by whoever resumes it.
            let stored = serde_json::to_string(&handle).unwrap();
            let handle: Handle = serde_json::from_str(&stored).unwrap();
            let call = client
                .resume::<Paid>(handle)
                .with_attempt_timeout(ATTEMPT_TIMEOUT);
            assert!(matches!(call.await, Ok(Outcome::Parked(_))), "{profile}");
            simulator.ledger().payments().none();
        }
    }
}

#[tokio::test]
async fn a_request_that_arrives_late_is_found_after_all() {
    // Held up on its way for longer than the attempt: unknown when it is first asked for.
    let start = "2026-06-01T10:00:00Z".parse().unwrap();
    let simulator = started(Simulator::builder().virtual_time(start)).await;
    let (client, clock) = client_of(&simulator);
    simulator.faults().script([Fault::DelayBeforeHandling(
        pos_system_api_simulator::Latency::Fixed {
            span: Duration::from_secs(60),
        },
    )]);
    let network = async {
        simulator.arrivals(1).await;
        clock.run_out_attempt();
        // Asked for, and its record looked up.
        simulator.arrivals(3).await;
        simulator.advance(Duration::from_secs(60)).unwrap();
    };
    let (outcome, ()) = tokio::join!(card(&client, "18.40").into_future(), network);
    let paid = done(outcome);
    simulator
        .ledger()
        .payments()
        .exactly_once_for([paid.operation_id()]);
}

#[tokio::test]
async fn a_stored_payment_is_asked_for_by_another_process() {
    for profile in PROFILES {
        let start = "2026-06-01T10:00:00Z".parse().unwrap();
        let simulator = started(Simulator::builder().profile(profile).virtual_time(start)).await;
        let (first, clock) = client_of(&simulator);
        let call = card(&first, "30000.60").with_deadline(ATTEMPT_TIMEOUT);
        let run_out = async {
            simulator.arrivals(1).await;
            clock.run_out_attempt();
        };
        let (outcome, ()) = tokio::join!(call.into_future(), run_out);
        let stored = serde_json::to_string(&pending(outcome)).unwrap();

        let (second, _) = client_of(&simulator);
        let handle: Handle = serde_json::from_str(&stored).unwrap();
        let resumed = second
            .resume::<Paid>(handle)
            .with_attempt_timeout(ATTEMPT_TIMEOUT);
        let guest = async {
            simulator.arrivals(2).await;
            simulator.advance(Duration::from_secs(60)).unwrap();
        };
        let (outcome, ()) = tokio::join!(resumed.into_future(), guest);
        let paid = done(outcome);
        assert_eq!(paid.requested(), amount("30000.60"), "{profile}");
        assert_eq!(paths(&simulator), ["pay", "PayResponse"], "{profile}");
        simulator.ledger().payments().exactly_once();
    }
}

#[tokio::test]
async fn a_payment_that_was_never_sent_is_sent_when_it_is_resumed() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    let handle = card(&client, "18.40").handle().unwrap();
    assert_eq!(handle.standing(), Standing::NotSent);
    let resumed = client
        .resume::<Paid>(handle)
        .with_attempt_timeout(ATTEMPT_TIMEOUT);
    done(resumed.await);
    assert_eq!(paths(&simulator), ["pay"]);
}

#[tokio::test]
async fn what_proves_that_nothing_was_executed_is_tried_again() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    simulator.faults().script([Fault::StatusBeforeCommit {
        status: 429,
        retry_after: Some(1),
    }]);
    done(card(&client, "18.40").await);
    assert_eq!(paths(&simulator), ["pay", "pay"]);
    simulator.ledger().payments().exactly_once();
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

/// What a server without a working `/PayResponse` is asked.
async fn asked(
    script: Vec<crate::support::scripted_server::Answer>,
) -> (Result<Outcome<Paid>, Error>, Vec<String>) {
    let server = ScriptedServer::start(script).await;
    let (client, _) = client(&server.base_url());
    let call = card(&client, "18.40").with_deadline(Duration::from_secs(300));
    let outcome = call.await;
    let paths = server
        .requests()
        .into_iter()
        .map(|request| request.path)
        .collect();
    (outcome, paths)
}

fn record(state: &str) -> crate::support::scripted_server::Answer {
    json(200, format!(r#"{{"LastState":"{state}"}}"#))
}

const PAID: &str = r#"{"ftPayItems":[{"Description":"Card","Amount":18.40}]}"#;

#[tokio::test]
async fn a_payment_that_is_done_by_the_record_is_fetched_by_its_own_bytes() {
    let record_path = format!("/v2/journal/OperationItem/{}", operation(1));
    let (outcome, paths) = asked(vec![
        problem(502, ""),
        page(404),
        page(404),
        page(404),
        page(404),
        record("processing"),
        page(404),
        page(404),
        page(404),
        page(404),
        record("done"),
        json(200, PAID),
    ])
    .await;
    assert_eq!(done(outcome).approved(), amount("18.40"));
    let pays = paths.iter().filter(|path| *path == "/v2/pay").count();
    assert_eq!(pays, 2, "{paths:?}");
    assert_eq!(paths[paths.len() - 2], record_path);
    assert_eq!(paths.last().unwrap(), "/v2/pay");
}

#[tokio::test]
async fn unknown_in_any_of_its_three_words_is_unknown() {
    let unknown = r#"{"title":"Unknown operation"}"#;
    for status in [400, 404, 422] {
        let (outcome, paths) = asked(vec![
            problem(502, ""),
            problem(status, unknown),
            problem(404, unknown),
            problem(status, unknown),
            problem(404, unknown),
            problem(status, unknown),
            problem(404, unknown),
            problem(status, unknown),
            problem(404, unknown),
        ])
        .await;
        let Ok(Outcome::Parked(handle)) = outcome else {
            panic!("{status}: {outcome:?}")
        };
        assert_eq!(handle.standing(), Standing::Unknown, "{status}");
        assert_eq!(paths.len(), 9, "{status}: {paths:?}");
        assert_eq!(
            paths.iter().filter(|path| *path == "/v2/pay").count(),
            1,
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_payment_in_progress_is_asked_for_until_the_deadline() {
    let running = || problem(422, r#"{"title":"Still in process"}"#);
    let mut script = vec![problem(502, "")];
    for _ in 0..400 {
        script.extend([running(), record("processing")]);
    }
    let (outcome, paths) = asked(script).await;
    let handle = pending(outcome);
    assert_eq!(handle.standing(), Standing::Unknown);
    assert!(!handle.is_parked());
    assert!(paths.len() > 100, "{}", paths.len());
    assert_eq!(paths.iter().filter(|path| *path == "/v2/pay").count(), 1);
}

#[tokio::test]
async fn credentials_that_are_refused_meanwhile_leave_the_payment_open() {
    let (outcome, paths) = asked(vec![problem(502, ""), problem(401, "")]).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.outcome(), Standing::Unknown);
    assert!(error.is_retryable() && !error.is_payment_refused());
    assert_eq!(paths.len(), 2);
}

#[tokio::test]
async fn an_answer_without_a_pay_item_is_no_payment() {
    let (outcome, _) = asked(vec![json(201, r#"{"ftPayItems":[]}"#)]).await;
    // The record is no record either.
    let Ok(Outcome::Parked(handle)) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(handle.standing(), Standing::Unknown);
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
    }
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
