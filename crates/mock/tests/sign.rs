//! A client of `pos-system-api` against typed mocks.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use httpmock::MockServer;
use pos_system_api::codes::{State, VatRate};
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
use pos_system_api::types::{Amount, Moment, ProblemDetails, ReceiptRequest, ReceiptResponse};
use pos_system_api::{Client, ErrorKind, Execution};
use pos_system_api_mock::MockServerExt;
use uuid::Uuid;

const CASHBOX_ID: Uuid = Uuid::from_u128(0x6f1c_2d5e_0000_4000_8000_0000_0000_00c1);

fn client(server: &MockServer) -> Client {
    Client::builder()
        .base_url(server.base_url())
        .cashbox_id(CASHBOX_ID)
        .access_token("simulated-access-token")
        .pos_system_id(Uuid::nil())
        .build()
        .unwrap()
}

fn moment() -> Moment {
    "2026-06-01T10:15:30Z".parse().unwrap()
}

fn sale() -> ReceiptRequest {
    Receipt::sale("MOCK-1", moment())
        .charge(ChargeItem::goods(
            "Espresso",
            Amount::from_cents(290),
            20,
            VatRate::Normal,
        ))
        .pay(PayItem::cash("Cash", Amount::from_cents(290)))
        .build()
        .unwrap()
}

fn signed() -> ReceiptResponse {
    ReceiptResponse::builder()
        .ft_state(State::new(0x4154_2000_0000_0000))
        .ft_receipt_identification(Some("ft1A#MOCK".to_owned()))
        .try_into()
        .unwrap()
}

#[tokio::test]
async fn a_receipt_is_signed_with_a_typed_answer() {
    let server = MockServer::start_async().await;
    let sign = server.sign(|when, then| {
        when.body(&sale())
            .into_inner()
            .header("x-cashbox-id", CASHBOX_ID.to_string())
            .header_exists("x-operation-id");
        then.success(201, &signed());
    });
    let outcome = client(&server).sign(sale()).await.unwrap();
    let answer = outcome.done().unwrap();
    assert_eq!(answer.execution(), Execution::New);
    assert_eq!(answer.response, signed());
    assert_eq!(sign.calls_async().await, 1);
}

#[tokio::test]
async fn a_refusal_carries_the_typed_problem() {
    let server = MockServer::start_async().await;
    let problem: ProblemDetails = ProblemDetails::builder()
        .title(Some("The receipt moment lies in the future".to_owned()))
        .status(Some(400))
        .try_into()
        .unwrap();
    let sign = server.sign(|_, then| {
        then.client_error(400, &problem);
    });
    let error = client(&server).sign(sale()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.to_string().contains("lies in the future"), "{error}");
    assert_eq!(sign.calls_async().await, 1);
}

#[tokio::test]
async fn path_parameters_are_typed_and_the_version_is_optional() {
    let server = MockServer::start_async().await;
    let (queue, item) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let delivered = server.delivered(|when, then| {
        when.queue_id(&queue).queue_item_id(&item);
        then.into_inner().status(204);
    });
    let client = client(&server);
    assert!(client.base_url().ends_with("/v2"));
    let answer = client
        .raw()
        .delivered()
        .queue_id(queue)
        .queue_item_id(item)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 204);
    assert_eq!(delivered.calls_async().await, 1);
}
