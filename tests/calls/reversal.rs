//! Money that goes back.

use pos_system_api::client::{OperationCall, Paid, Payment, Reversal};
use pos_system_api::types::{Amount, PayItem};
use pos_system_api::{Client, ErrorKind, Execution};
use pos_system_api_simulator::{Fault, PaymentAction, Profile};
use serde_json::{Value, json};

use crate::support::client::{client, client_of, done};
use crate::support::clock::ATTEMPT_TIMEOUT;
use crate::support::exact_json::Exact;
use crate::support::scripted_server::{ScriptedServer, json as json_answer};
use crate::{PROFILES, simulator};

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

fn timed(call: OperationCall<Paid>) -> OperationCall<Paid> {
    call.with_attempt_timeout(ATTEMPT_TIMEOUT)
}

async fn paid(client: &Client, text: &str) -> Paid {
    done(timed(client.pay(Payment::new("Card", amount(text)))).await)
}

#[tokio::test]
async fn a_payment_goes_back_by_refund_and_by_cancellation() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        for (action, text) in [
            (PaymentAction::Refund, "18.40"),
            (PaymentAction::Cancel, "18.40"),
            // The tip goes back too: it was charged with the rest.
            (PaymentAction::Refund, "30000.50"),
            (PaymentAction::Cancel, "30000.50"),
        ] {
            let what = format!("{profile} {action} {text}");
            let paid = paid(&client, text).await;
            let call = match action {
                PaymentAction::Refund => client.refund(&paid),
                _ => client.cancel(&paid),
            };
            let back = done(timed(call).await);
            assert_eq!(back.approved(), -paid.charged(), "{what}");
            assert_eq!(back.requested(), -paid.charged(), "{what}");
            assert!(!back.is_partial(), "{what}");
            let ledger = simulator.ledger();
            let [record] = ledger.payments_of(back.operation_id())[..] else {
                panic!("{what}")
            };
            assert_eq!(record.action, action, "{what}");
            assert_eq!(record.refunds, Some(paid.operation_id()), "{what}");
        }
    }
}

#[tokio::test]
async fn the_whole_item_goes_back_with_nothing_changed_but_its_amount() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    // Members of later revisions, long numbers, and a bar code that some servers look at.
    let text = r#"{"ftPayItemId":"6f1c2d5e-0000-4000-8000-00000000e001","Description":"Card",
        "Amount":18.40,"ftPayItemCase":35184397254661,"MoneyBarcode":"6f1c2d5e-0000-4000-8000-00000000d001",
        "ftPayItemCaseData":{"Provider":{"Action":"payment","Ref":12345678901234567890123}},
        "Later":{"x":1.10}}"#;
    let item: PayItem = serde_json::from_str(text).unwrap();
    for (call, action) in [
        (client.refund(&item), "refund"),
        (client.cancel(item.clone()), "cancel"),
    ] {
        let operation = call.operation().unwrap();
        let body: Value = serde_json::from_slice(operation.body()).unwrap();
        assert_eq!(body["Action"], action);
        assert_eq!(body["Protocol"], "use_auto");
        let members: std::collections::BTreeMap<String, Box<serde_json::value::RawValue>> =
            serde_json::from_slice(operation.body()).unwrap();
        let expected = text.replace(r#""Amount":18.40"#, r#""Amount":-18.40"#);
        assert_eq!(
            Exact::read(members["cbPayItem"].get()).unwrap(),
            Exact::read(&expected).unwrap()
        );
    }
}

#[tokio::test]
async fn money_goes_back_at_the_terminal_that_is_named() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        for action in ["refund", "cancel"] {
            let paid = paid(&client, "18.40").await;
            let reversal = Reversal::from(&paid).terminal("till-2");
            let call = match action {
                "refund" => client.refund(reversal),
                _ => client.cancel(reversal),
            };
            let back = done(timed(call).await);
            let ledger = simulator.ledger();
            let request = ledger.requests_of(back.operation_id())[0];
            assert_eq!(request.header("x-terminal-id"), Some("till-2"), "{profile}");
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            assert_eq!(body["cbTerminalID"], "till-2", "{profile} {action}");
        }
    }
    let (client, _) = client("https://host.example");
    let item: PayItem = serde_json::from_str(r#"{"Description":"Card","Amount":5}"#).unwrap();
    let error = client.refund(Reversal::from(&item).terminal("")).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn a_payment_is_also_found_by_its_bar_code() {
    for profile in PROFILES {
        for action in [PaymentAction::Refund, PaymentAction::Cancel] {
            let simulator = simulator(profile).await;
            let (client, _) = client_of(&simulator);
            let paid = paid(&client, "18.40").await;
            let mut item = paid.pay_items()[0].clone();
            // An old item: no id of its own, the operation that paid in its bar code.
            item.ft_pay_item_id = Some("".into());
            item.money_barcode = Some(paid.operation_id().to_string());
            let call = match action {
                PaymentAction::Refund => client.refund(&item),
                _ => client.cancel(&item),
            };
            let back = done(timed(call).await);
            assert_eq!(back.approved(), amount("-18.40"), "{profile}");
            let ledger = simulator.ledger();
            let record = ledger.payments_of(back.operation_id())[0];
            assert_eq!(record.refunds, Some(paid.operation_id()), "{profile}");
            assert_eq!(record.action, action, "{profile}");
        }
    }
}

#[tokio::test]
async fn a_part_goes_back_and_then_the_rest() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let paid = paid(&client, "18.40").await;
        let part = |text| timed(client.refund(Reversal::from(&paid).amount(amount(text))));
        assert_eq!(
            done(part("8.40").await).approved(),
            amount("-8.40"),
            "{profile}"
        );
        assert_eq!(
            done(part("10").await).approved(),
            amount("-10"),
            "{profile}"
        );
        // The server keeps count.
        let error = part("0.01").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{profile}");
    }
}

#[tokio::test]
async fn money_goes_back_once() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let paid = paid(&client, "18.40").await;
        simulator.faults().script([Fault::ResetAfterCommit]);
        let back = done(timed(client.refund(&paid)).await);
        assert_eq!(back.execution(), Execution::Replayed, "{profile}");
        simulator.ledger().payments().exactly_once();
    }
}

#[tokio::test]
async fn the_protocol_of_the_payment_is_that_of_its_refund() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    let payment = Payment::new("Card", amount("18.40")).protocol("test");
    let paid = done(timed(client.pay(payment)).await);
    let protocol = |reversal: Reversal| {
        let call = client.refund(reversal);
        let body: Value = serde_json::from_slice(call.operation().unwrap().body()).unwrap();
        body["Protocol"].clone()
    };
    assert_eq!(protocol((&paid).into()), json!("test"));
    assert_eq!(
        protocol(Reversal::from(&paid).protocol("hobexecr")),
        json!("hobexecr")
    );
}

#[tokio::test]
async fn what_cannot_go_back_is_not_sent() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    let item = |amount: &str| -> PayItem {
        serde_json::from_str(&format!(r#"{{"Description":"Card","Amount":{amount}}}"#)).unwrap()
    };
    let whole = item("18.40");
    let part = |text| Reversal::from(&whole).amount(amount(text));
    for (call, words) in [
        (client.refund(item("-18.40")), "nothing to give back"),
        (client.cancel(item("0")), "nothing to give back"),
        (client.refund(part("18.41")), "cannot be given back"),
        (client.refund(part("0")), "cannot be given back"),
        (client.refund(part("-1")), "cannot be given back"),
        (client.cancel(part("1")), "whole payment"),
    ] {
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains(words), "{error}");
    }
    assert!(simulator.ledger().requests().is_empty());
}

#[tokio::test]
async fn of_a_payment_in_several_items_none_is_left_behind_in_silence() {
    let items = r#"{"ftPayItems":[{"Description":"Card","Amount":10},
        {"Description":"Bonus","Amount":8.40},{"Description":"Tip","Amount":-1,
        "ftPayItemCase":35184376283141}]}"#;
    let server = ScriptedServer::start([json_answer(201, items)]).await;
    let (client, _) = client(&server.base_url());
    let paid = paid(&client, "17.40").await;
    assert_eq!(paid.charged(), amount("18.40"));
    for call in [client.refund(&paid), client.cancel(&paid)] {
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains("2 items"), "{error}");
    }
    assert_eq!(server.requests().len(), 1);
    // Each by itself.
    let second = client.refund(&paid.pay_items()[1]);
    let body: Value = serde_json::from_slice(second.operation().unwrap().body()).unwrap();
    assert_eq!(body["cbPayItem"]["Description"], "Bonus");
}
