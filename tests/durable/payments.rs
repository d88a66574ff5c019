//! Payments of the log: money moves once, whoever comes back with their id.

use pos_system_api::client::{Paid, Payment};
use pos_system_api::uuid::Uuid;

use super::*;

const ID: Uuid = Uuid::from_u128(0x51);

fn card() -> Payment {
    Payment::new("Card", pos_system_api::types::Amount::from_cents(800))
}

/// As a generated client sends it.
fn card_of_the_document() -> pos_system_api::types::PayRequest {
    let item = serde_json::json!({ "Description": "Card", "Amount": 8.00 });
    let body =
        serde_json::json!({ "Action": "payment", "Protocol": "use_auto", "cbPayItem": item });
    serde_json::from_value(body).unwrap()
}

/// How often each of these was asked for.
fn asked(simulator: &Simulator) -> [usize; 2] {
    let ledger = simulator.ledger();
    let requests = ledger.requests();
    ["/pay", "/PayResponse"].map(|path| {
        let of_path = requests
            .iter()
            .filter(|request| request.path.ends_with(path));
        of_path.count()
    })
}

#[tokio::test]
async fn a_till_that_chose_the_id_and_was_killed_does_not_pay_again() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    // Its clock has no battery: each start writes the same intent.
    let till = |store| {
        let clock = BriskClock::standing_at(pos_system_api::chrono::DateTime::UNIX_EPOCH);
        till_with(&simulator, store, |builder| {
            builder.with_clock(Arc::new(clock))
        })
    };
    let client = till(&store);
    let hold = simulator.hold();
    let call = client.pay(card()).with_operation_id(ID);
    dropped_when(simulator.arrivals(1), call).await;
    hold.release();
    let store = store.after_kill().await;
    let client = till(&store);
    // What a till does that keeps its ids itself, knowing nothing of `recover`.
    let paid: Paid = done(client.pay(card()).with_operation_id(ID).await);
    assert_eq!(paid.operation_id(), ID);
    assert_eq!(asked(&simulator), [1, 1]);
    simulator.ledger().payments().exactly_once_for([ID]);
}

#[tokio::test]
async fn of_two_calls_with_one_id_the_later_asks_though_it_found_nothing_under_it() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    // Two in one millisecond write the same row: this one's clock shows another time.
    let clock = Arc::new(BriskClock::off_by(
        pos_system_api::chrono::TimeDelta::hours(1),
    ));
    let other = till_with(&simulator, &store, |builder| builder.with_clock(clock));
    let call = other.pay(card()).with_operation_id(ID);
    let mut later = call.into_future();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    // It has asked the log for the id, and hears that there is none.
    assert!(later.as_mut().poll(&mut context).is_pending());
    assert_eq!(store.seen().len(), 1);
    let hold = simulator.hold();
    let call = client.pay(card()).with_operation_id(ID);
    tokio::select! {
        biased;
        () = simulator.arrivals(1) => {}
        outcome = call.into_future() => panic!("{outcome:?}"),
    }
    hold.release();
    let paid: Paid = done(later.await);
    assert_eq!(paid.operation_id(), ID);
    assert_eq!(asked(&simulator), [1, 1]);
    simulator.ledger().payments().exactly_once_for([ID]);
}

#[tokio::test]
async fn a_payment_in_doubt_is_asked_for_under_its_id_whatever_is_known_of_it() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_in_doubt()]);
    let first = client.pay(card()).with_operation_id(ID).await.unwrap();
    assert!(matches!(first, Outcome::Parked(_)), "{first:?}");
    let [paid, _] = asked(&simulator);
    let again = client.pay(card()).with_operation_id(ID).await.unwrap();
    assert!(matches!(again, Outcome::Parked(_)), "{again:?}");
    assert_eq!(asked(&simulator)[0], paid);
    simulator.ledger().payments().none();
}

#[tokio::test]
async fn a_payment_proved_not_to_have_begun_is_begun_by_the_call_that_has_its_id() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_away()]);
    let call = client.pay(card()).with_deadline(ATTEMPT_TIMEOUT);
    let id = pending(call.await).operation_id();
    let paid: Paid = done(client.pay(card()).with_operation_id(id).await);
    assert_eq!(paid.operation_id(), id);
    simulator.ledger().payments().exactly_once_for([id]);
}

#[tokio::test]
async fn a_payment_in_doubt_keeps_no_receipt_waiting_and_waits_for_none() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let hold = simulator.hold();
    let call = client.pay(card());
    let payment = call.operation_id().unwrap();
    dropped_when(simulator.arrivals(1), call).await;
    hold.release();
    let store = store.after_kill().await;
    let client = till(&simulator, &store);
    done(client.sign(sale("S-1")).await);
    assert_eq!(asked(&simulator), [1, 0], "the guest is not waited for");
    // Nor does a guest wait for receipts.
    simulator.faults().script([is_away()]);
    let _ = pending(
        client
            .sign(sale("S-2"))
            .with_deadline(ATTEMPT_TIMEOUT)
            .await,
    );
    simulator.faults().script([is_away()]);
    let _ = pending(
        client
            .sign(sale("S-3"))
            .with_deadline(ATTEMPT_TIMEOUT)
            .await,
    );
    let second: Paid = done(client.pay(card()).await);
    assert_eq!(simulator.ledger().receipts().references(), ["S-1"]);
    // The start finds all of them.
    let recovery = client.recover().await.unwrap();
    assert!(
        recovery.open.is_empty() && recovery.parked.is_empty(),
        "{recovery:?}"
    );
    assert_eq!(asked(&simulator), [2, 1]);
    let ledger = simulator.ledger();
    ledger
        .payments()
        .exactly_once_for([payment, second.operation_id()]);
    assert_eq!(ledger.receipts().references(), ["S-1", "S-2", "S-3"]);
}

#[tokio::test]
async fn a_forwarder_asks_for_payments_and_goes_on_with_receipts_meanwhile() {
    use pos_system_api::durable::Forwarded;

    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_in_doubt(), is_away()]);
    let call = client.pay(card()).with_deadline(ATTEMPT_TIMEOUT);
    let payment = pending(call.await).operation_id();
    let mut forwarder = client.forward().unwrap();
    simulator.faults().script([is_away()]);
    let sold = pending(
        client
            .sign(sale("S-1"))
            .with_deadline(ATTEMPT_TIMEOUT)
            .await,
    );
    let mut settled = Vec::new();
    let mut parked = Vec::new();
    loop {
        match forwarder.next().await.unwrap() {
            Forwarded::Settled(record) => settled.push(record.operation_id()),
            Forwarded::Parked(record) => parked.push(record.operation_id()),
            Forwarded::Drained { .. } => break,
            _ => {}
        }
    }
    assert_eq!(settled, [sold.operation_id()]);
    // The server never heard of it: a person decides.
    assert_eq!(parked, [payment]);
    simulator.ledger().payments().none();
}

#[tokio::test]
async fn a_payment_of_the_generated_client_is_asked_for_as_well() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([Fault::ResetAfterCommit]);
    let raw = client.raw_with(&client.call());
    let paid = raw.pay().body(card_of_the_document()).send().await.unwrap();
    assert_eq!(paid.into_inner().ft_pay_items.len(), 1);
    assert_eq!(asked(&simulator), [1, 1]);
    simulator.ledger().payments().exactly_once();
}

#[tokio::test]
async fn a_generated_client_that_was_killed_does_not_pay_again() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let hold = simulator.hold();
    let raw = client.raw_with(&client.call().with_operation_id(ID));
    tokio::select! {
        biased;
        () = simulator.arrivals(1) => {}
        outcome = raw.pay().body(card_of_the_document()).send() => panic!("{outcome:?}"),
    }
    hold.release();
    let store = store.after_kill().await;
    let client = till(&simulator, &store);
    let raw = client.raw_with(&client.call().with_operation_id(ID));
    let paid = raw.pay().body(card_of_the_document()).send().await.unwrap();
    assert_eq!(paid.into_inner().ft_pay_items.len(), 1);
    assert_eq!(asked(&simulator), [1, 1]);
    simulator.ledger().payments().exactly_once_for([ID]);
}

#[tokio::test]
async fn a_guest_who_is_paying_is_nothing_that_was_left_behind() {
    use pos_system_api::durable::Forwarded;

    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    let hold = simulator.hold();
    let mut forwarder = client.forward().unwrap();
    let meanwhile = async {
        simulator.arrivals(1).await;
        let event = forwarder.next().await.unwrap();
        let recovery = client.recover().await.unwrap();
        hold.release();
        (event, recovery)
    };
    let call = client.pay(card());
    let (paid, (event, recovery)) = tokio::join!(call.into_future(), meanwhile);
    let paid: Paid = done(paid);
    assert!(matches!(event, Forwarded::Drained { .. }), "{event:?}");
    assert_eq!(recovery.cause, None);
    assert_eq!(recovery.open[0].operation_id(), paid.operation_id());
    assert_eq!(asked(&simulator), [1, 0]);
}

#[tokio::test]
async fn receipts_that_are_held_up_keep_no_payment_from_being_asked_for() {
    use pos_system_api::durable::Forwarded;

    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till_with(&simulator, &store, |builder| {
        builder.with_log_options(LogOptions::default().with_strict_order(true))
    });
    simulator.faults().script([refuses()]);
    let _ = client.sign(sale("S-1")).await.unwrap_err();
    let _ = pending(client.sign(sale("S-2")).await);
    // The money moves, and nobody waits for the answer.
    let hold = simulator.hold();
    let arrived = simulator.ledger().requests().len();
    let call = client.pay(card());
    let payment = call.operation_id().unwrap();
    dropped_when(simulator.arrivals(arrived + 1), call).await;
    hold.release();
    let mut forwarder = client.forward().unwrap();
    let settled = forwarder.next().await.unwrap();
    let Forwarded::Settled(record) = settled else {
        panic!("{settled:?}");
    };
    assert_eq!(record.operation_id(), payment);
    let waiting = forwarder.next().await.unwrap();
    assert!(matches!(waiting, Forwarded::Waiting { .. }), "{waiting:?}");
    simulator.ledger().payments().exactly_once_for([payment]);
}

#[tokio::test]
async fn a_fresh_id_begins_a_payment_until_one_may_have_begun_whatever_the_caller_says() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([is_away()]);
    let call = client.pay(card()).with_fresh_operation_id(ID);
    let unsent = pending(call.with_deadline(ATTEMPT_TIMEOUT).await);
    assert_eq!(unsent.standing(), Standing::NotSent);
    // The money moves, and nobody waits for the answer.
    let hold = simulator.hold();
    let arrived = simulator.ledger().requests().len();
    let call = client.pay(card()).with_fresh_operation_id(ID);
    dropped_when(simulator.arrivals(arrived + 1), call).await;
    hold.release();
    // The log knows better than whoever calls it fresh once more.
    let paid: Paid = done(client.pay(card()).with_fresh_operation_id(ID).await);
    assert_eq!(paid.operation_id(), ID);
    assert_eq!(asked(&simulator), [2, 1]);
    simulator.ledger().payments().exactly_once_for([ID]);
}

#[tokio::test]
async fn resuming_a_payment_that_the_log_asks_for_leaves_it_its_own_time() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let clock = Arc::new(BriskClock::default());
    let client = till_with(&simulator, &store, |builder| {
        builder
            .with_clock(Arc::clone(&clock) as _)
            .with_deadline(ATTEMPT_TIMEOUT)
    });
    simulator.faults().script([Fault::HangBeforeCommit]);
    let call = client.pay(card());
    let handle = call.handle().unwrap();
    dropped_when(simulator.arrivals(1), call).await;
    // The forwarder asks for it, and the program comes back meanwhile.
    let hold = simulator.hold();
    let arrived = simulator.ledger().requests().len();
    simulator.faults().script([is_away(), is_away(), is_away()]);
    let mut forwarder = client.forward().unwrap();
    let resumed = async {
        simulator.arrivals(arrived + 1).await;
        let resumed = client.resume::<Paid>(handle).into_future();
        hold.release();
        resumed.await
    };
    let (_, resumed) = tokio::join!(forwarder.next(), resumed);
    let waited: Duration = clock.waits().iter().sum();
    // Nobody said how long this call may take: the deadline of the client is for others.
    assert!(waited > ATTEMPT_TIMEOUT, "{waited:?}, {resumed:?}");
}
