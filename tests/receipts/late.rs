//! Receipts that are sent late or another time.

use pos_system_api::ErrorKind;
use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
use pos_system_api::types::ReceiptRequest;

use crate::moment;
use crate::queue::Queue;
use crate::support::client::done;

fn sale(reference: &str) -> ReceiptRequest {
    Receipt::sale(reference, moment())
        .charge(ChargeItem::goods("Tea", 3, 20, VatRate::Normal))
        .pay(PayItem::cash("Cash", 3))
        .build()
        .unwrap()
}

#[tokio::test]
async fn late_receipts_go_as_they_were_kept_until_a_zero_receipt() {
    let queue = Queue::of("AT").await;
    let first = done(
        queue
            .client
            .sign(Receipt::late_signing_of(sale("S-1")).unwrap())
            .await,
    );
    assert!(first.response.ft_state.is_signed());
    // The queue says that it is in late-signing mode.
    assert_eq!(first.response.ft_state.value() & 0xFFFF_FFFF, 0x8);
    let sent: ReceiptRequest = serde_json::from_slice(&first.request_body).unwrap();
    assert!(sent.ft_receipt_case.unwrap().is_late_signing());
    let mut expected = sale("S-1");
    expected.ft_receipt_case = sent.ft_receipt_case;
    assert_eq!(sent, expected);
    let _ = queue.signs(Receipt::zero("N-1", moment())).await;
    let _ = queue.signs(sale("S-2")).await;
}

#[tokio::test]
async fn a_stored_answer_is_asked_for_and_a_missing_one_is_told() {
    let queue = Queue::of("AT").await;
    let first = queue.signs(sale("S-1")).await;
    let again = queue
        .signs(Receipt::receipt_requested_of(&first).unwrap())
        .await;
    assert_eq!(again.response, first.response);
    let asked = Receipt::sale("S-1", moment())
        .receipt_requested()
        .charge(ChargeItem::goods("Tea", 3, 20, VatRate::Normal))
        .pay(PayItem::cash("Cash", 3));
    assert_eq!(queue.signs(asked).await.response, first.response);
    assert_eq!(queue.simulator.ledger().receipts().len(), 2);

    let unknown = Receipt::receipt_requested_of(sale("S-9")).unwrap();
    let error = queue.refuses(unknown).await;
    assert_eq!(error.kind(), ErrorKind::FiscalFail);
}

#[test]
fn a_closing_is_never_late() {
    let closing = Receipt::daily_closing("Z-1", moment()).build().unwrap();
    let error = Receipt::late_signing_of(closing).unwrap_err();
    assert_eq!(error.field(), "ftReceiptCase");
}
