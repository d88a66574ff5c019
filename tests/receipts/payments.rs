//! Payments of `POST /pay` on receipts.

use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, Receipt};
use pos_system_api::types::{Amount, PayItem, PayRequest};

use crate::queue::Queue;
use crate::support::clock::ATTEMPT_TIMEOUT;
use crate::{cents, moment};

/// What the terminal makes of a payment or a refund.
async fn pay(queue: &Queue, request: serde_json::Value) -> Vec<PayItem> {
    let request: PayRequest = serde_json::from_value(request).unwrap();
    // The clock of these tests knows one timeout.
    let call = queue.client.call().with_attempt_timeout(ATTEMPT_TIMEOUT);
    let raw = queue.client.raw_with(&call);
    let response = raw.pay().body(request).send().await.unwrap();
    response.into_inner().ft_pay_items
}

#[tokio::test]
async fn a_card_payment_with_a_tip_goes_onto_the_receipt_unchanged_and_back() {
    let queue = Queue::of("AT").await;
    let item = serde_json::json!({ "Description": "Card", "Amount": 30000.50 });
    let paid = pay(
        &queue,
        serde_json::json!({ "Action": "payment", "Protocol": "use_auto", "cbPayItem": item }),
    )
    .await;
    assert_eq!(paid.len(), 2, "a payment and its tip");
    assert!(paid[1].amount.is_negative());

    let sale = Receipt::sale("S-1", moment())
        .charge(ChargeItem::service(
            "Banquet",
            cents(3_000_050),
            10,
            VatRate::Discounted1,
        ))
        .pay_items(paid.clone())
        .build()
        .unwrap();
    assert_eq!(sale.cb_pay_items, paid);
    let signed = queue.signs(sale).await;

    let mut item = serde_json::to_value(&paid[0]).unwrap();
    item["Amount"] = serde_json::to_value(-paid[0].amount).unwrap();
    let back = pay(
        &queue,
        serde_json::json!({ "Action": "refund", "Protocol": "use_auto", "cbPayItem": item }),
    )
    .await;
    // The guest gets the tip back too, which leaves the till in cash.
    let tip = pos_system_api::receipt::PayItem::cash("Tip", -paid[1].amount);
    let refund = Receipt::refund_of(&signed, "R-1", moment())
        .pay_items(back.clone())
        .pay_items([tip])
        .build()
        .unwrap();
    assert_eq!(refund.cb_pay_items[..back.len()], back);
    let total = refund.cb_pay_items.iter().map(|item| item.amount);
    let total = total.fold(Amount::ZERO, |sum, amount| sum.checked_add(amount).unwrap());
    assert_eq!(total, cents(-3_000_050));
    let _ = queue.signs(refund).await;
}
