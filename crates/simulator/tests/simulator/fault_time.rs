//! Faults that take time, and a clock that goes wrong.

use std::time::Duration;

use pos_system_api_simulator::{DateTime, Fault, FaultPlan, Latency, Rule, Simulator, Utc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::plain_socket::{connect, exchange, read, request};
use crate::till::{SALE, Till, operation};

const SECOND: Duration = Duration::from_secs(1);

fn start() -> DateTime<Utc> {
    "2026-06-01T08:00:00Z".parse().unwrap()
}

async fn virtual_simulator() -> Simulator {
    let builder = Simulator::builder().started(true).virtual_time(start());
    builder.start().await.unwrap()
}

fn two_seconds() -> Latency {
    Latency::Fixed { span: 2 * SECOND }
}

#[tokio::test]
async fn a_delay_before_handling_keeps_the_operation_from_beginning() {
    let sim = virtual_simulator().await;
    sim.faults()
        .script([Fault::DelayBeforeHandling(two_seconds())]);
    let till = Till::new(&sim);
    let mut waiting = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
    sim.arrivals_while(1, &mut waiting).await.unwrap();
    sim.advance(SECOND).unwrap();
    // Another one gets through in between.
    assert_eq!(till.sign(operation(2), SALE).await.status, 201);
    assert!(sim.ledger().receipts_of(operation(1)).is_empty());
    sim.advance(SECOND).unwrap();
    assert_eq!(waiting.await.unwrap().unwrap().status(), 201);
    let ledger = sim.ledger();
    assert_eq!(ledger.receipts_of(operation(1))[0].receipt_number, 2);
}

#[tokio::test]
async fn a_delayed_request_is_handled_when_its_client_is_gone() {
    let sim = virtual_simulator().await;
    sim.faults()
        .script([Fault::DelayBeforeHandling(two_seconds())]);
    let mut socket = connect(&sim).await;
    let request = request(&sim, "POST", "/v2/sign", Some(operation(1)), SALE);
    socket.write_all(request.as_bytes()).await.unwrap();
    sim.arrivals_while(1, socket.read_u8()).await.unwrap();
    drop(socket);
    sim.advance(2 * SECOND).unwrap();
    while sim.ledger().receipts().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(Till::new(&sim).sign(operation(1), SALE).await.status, 200);
}

#[tokio::test]
async fn a_delay_before_the_answer_comes_after_commit() {
    let sim = virtual_simulator().await;
    sim.faults()
        .script([Fault::DelayBeforeAnswer(two_seconds())]);
    let mut waiting = tokio::spawn(Till::new(&sim).post("/v2/sign", operation(1), SALE).send());
    sim.arrivals_while(1, &mut waiting).await.unwrap();
    assert_eq!(sim.ledger().receipts().len(), 1);
    assert_eq!(sim.ledger().requests()[0].status, None);
    sim.advance(SECOND).unwrap();
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    sim.advance(SECOND).unwrap();
    let answer = waiting.await.unwrap().unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["date"], "Mon, 01 Jun 2026 08:00:02 GMT");
}

#[tokio::test]
async fn delays_of_a_plan_add_up_with_each_other_and_with_one_fault() {
    let sim = virtual_simulator().await;
    let delay = || Rule::new(Fault::DelayBeforeHandling(two_seconds()));
    let plan = FaultPlan::new(1)
        .rule(delay())
        .rule(delay())
        .rule(Rule::new(Fault::NullBody))
        .rule(Rule::new(Fault::ResetBeforeCommit));
    sim.faults().plan(plan);
    let mut socket = connect(&sim).await;
    let request = request(&sim, "POST", "/v2/sign", Some(operation(1)), SALE);
    socket.write_all(request.as_bytes()).await.unwrap();
    sim.arrivals_while(1, socket.read_u8()).await.unwrap();
    sim.advance(4 * SECOND).unwrap();
    let answer = read(socket).await;
    assert_eq!((answer.status(), answer.text()), (201, "null"));
    assert_eq!(
        answer.header("date").unwrap(),
        "Mon, 01 Jun 2026 08:00:04 GMT"
    );
}

#[tokio::test]
async fn a_slow_drip_comes_piece_by_piece() {
    let sim = virtual_simulator().await;
    let stored = exchange(&sim, "POST", "/v2/sign", Some(operation(1)), SALE).await;
    let stored = stored.body().to_vec();
    sim.faults().script([Fault::SlowDrip {
        bytes: 100,
        interval: SECOND,
    }]);
    let mut socket = connect(&sim).await;
    let request = request(&sim, "POST", "/v2/sign", Some(operation(1)), SALE);
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    assert!(head.contains(&format!("content-length: {}\r\n", stored.len())));
    let mut body = Vec::new();
    while body.len() < stored.len() {
        let mut piece = vec![0; 100.min(stored.len() - body.len())];
        socket.read_exact(&mut piece).await.unwrap();
        body.extend(piece);
        let more = socket.try_read(&mut [0; 1]);
        if body.len() < stored.len() {
            // Nothing more comes before the clock moves.
            assert_eq!(more.unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
            sim.advance(SECOND).unwrap();
        }
    }
    assert_eq!(body, stored);
}

#[tokio::test]
async fn a_skewed_clock_shows_in_the_head_and_in_the_receipt() {
    let sim = virtual_simulator().await;
    for (number, skew, date, moment) in [
        (
            1,
            3_600_000,
            "Mon, 01 Jun 2026 09:00:00 GMT",
            "2026-06-01T09:00:00.0000000Z",
        ),
        (
            2,
            -60_500,
            "Mon, 01 Jun 2026 07:58:59 GMT",
            "2026-06-01T07:58:59.5000000Z",
        ),
        (
            3,
            0,
            "Mon, 01 Jun 2026 08:00:00 GMT",
            "2026-06-01T08:00:00.0000000Z",
        ),
    ] {
        sim.faults().plan(FaultPlan::new(0).clock_skew_ms(skew));
        let answer = exchange(&sim, "POST", "/v2/sign", Some(operation(number)), SALE).await;
        assert_eq!(answer.header("date").unwrap(), date);
        assert_eq!(answer.json()["ftReceiptMoment"], moment);
    }
}
