//! Calls of the own revision have what the crate's own calls have, over real sockets.

mod steady;

use std::sync::{Arc, Mutex};

use httpmock::{HttpMockResponse, MockServer};
use own_revision::types::{ChargeItem, PayItem, PointsRequest, PointsResponseTier, ReceiptRequest};
use pos_system_api::codes::ReceiptCase;
use pos_system_api::types::{Amount, Moment};
use pos_system_api::{Execution, Standing};
use pos_system_api_simulator::{Fault, Simulator};

use steady::{ACCESS_TOKEN, CASHBOX_ID, client};

fn sale() -> ReceiptRequest {
    let moment: Moment = "2026-06-01T10:15:30Z".parse().unwrap();
    let item = ChargeItem::builder()
        .quantity(Amount::from(1))
        .description("Espresso".to_owned())
        .amount(Amount::from_cents(290))
        .vat_rate(Amount::from(20));
    let paid = PayItem::builder()
        .description("Cash".to_owned())
        .amount(Amount::from_cents(290));
    ReceiptRequest::builder()
        .cb_receipt_reference("OWN-1".to_owned())
        .cb_receipt_moment(moment)
        .ft_receipt_case(ReceiptCase::new(0x4154_2000_0000_0001))
        .cb_charge_items(vec![item.try_into().unwrap()])
        .cb_pay_items(vec![paid.try_into().unwrap()])
        .try_into()
        .unwrap()
}

#[tokio::test]
async fn a_receipt_is_signed_exactly_once_after_a_reset() {
    let simulator = Simulator::builder().started(true).start().await.unwrap();
    simulator.faults().script([Fault::ResetAfterCommit]);
    let client = client(
        simulator.base_url(),
        simulator.cashbox_id(),
        simulator.access_token(),
    );
    let (own, call) = own_revision::on(&client);

    let answer = own.sign().body(sale()).send().await.unwrap().into_inner();

    assert!(!answer.ft_state.is_error() && !answer.ft_state.is_fail());
    let report = call.report().unwrap();
    assert_eq!(report.execution, Some(Execution::Replayed));
    assert_eq!(report.standing, Standing::Final);
    assert_eq!(report.attempts, 2);
    let ledger = simulator.ledger();
    assert_eq!(ledger.receipts().len(), 1);
    assert_eq!(ledger.receipts_of(report.operation_id).len(), 1);
    let requests = ledger.requests_of(report.operation_id);
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, requests[1].body);
}

#[tokio::test]
async fn a_brand_new_endpoint_has_an_operation_id_and_is_sent_again() {
    let server = MockServer::start_async().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let loyalty = server
        .mock_async(move |when, then| {
            when.method("POST")
                .path("/v2/loyalty")
                .header("x-cashbox-id", CASHBOX_ID.to_string())
                .header("x-cashbox-accesstoken", ACCESS_TOKEN);
            then.respond_with(move |request| {
                let id = request
                    .headers_vec()
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case("x-operation-id"))
                    .map(|(_, value)| value.clone());
                let mut log = log.lock().unwrap();
                log.push((id, request.body_vec()));
                let (status, body) = match log.len() {
                    1 => (503, ""),
                    _ => (201, r#"{"points":29,"tier":"platinum"}"#),
                };
                HttpMockResponse::builder()
                    .status(status)
                    .header("content-type", "application/json")
                    .body(body)
                    .build()
            });
        })
        .await;
    let client = client(&server.base_url(), CASHBOX_ID, ACCESS_TOKEN);
    let (own, call) = own_revision::on(&client);

    let points = PointsRequest::builder()
        .card_number("0815".to_owned())
        .receipt_reference("OWN-1".to_owned())
        .turnover(Amount::from_cents(290));
    let answer = own.post_loyalty().body(points).send().await.unwrap();

    assert_eq!(answer.status().as_u16(), 201);
    let answer = answer.into_inner();
    assert_eq!(answer.points, Some(29));
    // Not in the document: kept, not refused.
    assert_eq!(
        answer.tier,
        Some(PointsResponseTier::from("platinum".to_owned()))
    );
    assert_eq!(loyalty.calls_async().await, 2);
    let report = call.report().unwrap();
    assert_eq!(report.attempts, 2);
    assert_eq!(report.execution, Some(Execution::New));
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].0, Some(report.operation_id.to_string()));
    assert_eq!(seen[0], seen[1]);
    assert_eq!(
        std::str::from_utf8(&seen[0].1).unwrap(),
        r#"{"cardNumber":"0815","receiptReference":"OWN-1","turnover":2.90}"#
    );
}
