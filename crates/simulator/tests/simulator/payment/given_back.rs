//! Refunds and cancellations.

use pos_system_api_simulator::{Decimal, PaymentAction, Profile};
use serde_json::json;

use super::{PATH, payment_of, return_of, simulator, wrong_members};
use crate::till::operation;

#[tokio::test]
async fn a_refund_is_negative_however_it_is_asked_for() {
    for action in ["refund", "cancel"] {
        let (sim, till, _) = simulator(Profile::Cloud21).await;
        let paid = till
            .send(PATH, operation(1), payment_of("30.00"))
            .await
            .json();
        let whole = return_of(action, &paid["ftPayItems"][0], json!(-30.0));
        till.send(PATH, operation(2), payment_of("30.00")).await;
        let by_operation = json!({
            "Action": action,
            "Protocol": "use_auto",
            "cbPayItem": {
                "Description": "Card",
                "Amount": 30,
                "MoneyBarcode": operation(2).to_string(),
            },
        });
        let first = till.send(PATH, operation(3), whole).await;
        let second = till
            .send(PATH, operation(4), by_operation.to_string())
            .await;
        for (answer, id, paid_by) in [(first, 3, 1), (second, 4, 2)] {
            assert_eq!(answer.status, 201, "{}", answer.body);
            let item = &answer.json()["ftPayItems"][0];
            assert_eq!(item["Amount"].as_f64(), Some(-30.0));
            assert_eq!(item["ftPayItemCaseData"]["Provider"]["Action"], action);
            let ledger = sim.ledger();
            let [record] = ledger.payments_of(operation(id))[..] else {
                panic!("{:?}", ledger.payments())
            };
            assert_eq!(record.action.to_string(), action);
            assert_eq!(record.refunds, Some(operation(paid_by)));
            let thirty = Decimal::from(-30);
            assert_eq!((record.requested, record.amount), (thirty, thirty));
        }
        let total: Decimal = sim.ledger().payments().iter().map(|p| p.amount).sum();
        assert_eq!(total, Decimal::ZERO);
    }
}

#[tokio::test]
async fn no_more_goes_back_than_was_taken() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    let paid = till
        .send(PATH, operation(1), payment_of("30000.90"))
        .await
        .json();
    let item = &paid["ftPayItems"][0];
    // Of what was requested only 15000.50 was approved.
    for (number, action, amount, status) in [
        (2, "refund", json!(-15000.51), 400),
        (3, "cancel", json!(-30000.90), 400),
        (4, "cancel", json!(-1), 400),
        (5, "refund", json!(-0.5), 201),
        (6, "cancel", json!(-15000.50), 400),
        (7, "refund", json!(-15000.01), 400),
        (8, "refund", json!(-15000.00), 201),
        (9, "refund", json!(-0.01), 400),
    ] {
        let answer = till
            .send(PATH, operation(number), return_of(action, item, amount))
            .await;
        assert_eq!(answer.status, status, "{number} {}", answer.body);
        if status == 400 {
            assert_eq!(wrong_members(&answer), ["cbPayItem.Amount"], "{number}");
        }
    }
    let total: Decimal = sim.ledger().payments().iter().map(|p| p.amount).sum();
    assert_eq!(total, Decimal::ZERO);
}

#[tokio::test]
async fn a_payment_is_cancelled_once_with_its_tip() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    let paid = till
        .send(PATH, operation(1), payment_of("30000.50"))
        .await
        .json();
    let cancel = return_of("cancel", &paid["ftPayItems"][0], json!(-30005.50));
    let cancelled = till.send(PATH, operation(2), cancel.as_str()).await;
    assert_eq!(cancelled.status, 201, "{}", cancelled.body);
    let again = till.send(PATH, operation(2), cancel.as_str()).await;
    assert_eq!((again.status.as_u16(), &again.body), (200, &cancelled.body));
    for number in [3, 4] {
        let second = till.send(PATH, operation(number), cancel.as_str()).await;
        assert_eq!(second.status, 400);
    }
    let actions: Vec<_> = sim.ledger().payments().iter().map(|p| p.action).collect();
    assert_eq!(actions, [PaymentAction::Payment, PaymentAction::Cancel]);
}

#[tokio::test]
async fn what_was_not_paid_is_not_given_back() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    let paid = till
        .send(PATH, operation(1), payment_of("30.00"))
        .await
        .json();
    till.send(PATH, operation(2), payment_of("30.00")).await;
    till.send(PATH, operation(3), payment_of("30000.10")).await;
    let id = paid["ftPayItems"][0]["ftPayItemId"].clone();
    let cases = [
        (json!({"Amount": -30}), "ftPayItemId"),
        (json!({"Amount": -30, "ftPayItemId": ""}), "ftPayItemId"),
        (
            json!({"Amount": -30, "ftPayItemId": operation(9)}),
            "ftPayItemId",
        ),
        (
            json!({"Amount": 30, "MoneyBarcode": operation(3)}),
            "ftPayItemId",
        ),
        (
            json!({"Amount": 30, "MoneyBarcode": "4006381333931"}),
            "ftPayItemId",
        ),
        (json!({"Amount": 30, "ftPayItemId": id}), "Amount"),
        (
            json!({"Amount": -30, "ftPayItemId": id, "MoneyBarcode": operation(2)}),
            "MoneyBarcode",
        ),
        (
            json!({"Amount": -30, "ftPayItemId": id, "Currency": "CHF"}),
            "Currency",
        ),
    ];
    for (number, (mut item, member)) in (10..).zip(cases) {
        item["Description"] = json!("Card");
        let body = json!({"Action": "refund", "Protocol": "use_auto", "cbPayItem": item});
        let answer = till.send(PATH, operation(number), body.to_string()).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(
            wrong_members(&answer),
            [format!("cbPayItem.{member}")],
            "{body}"
        );
    }
    let actions: Vec<_> = sim.ledger().payments().iter().map(|p| p.action).collect();
    assert_eq!(actions, [PaymentAction::Payment; 2]);
}
