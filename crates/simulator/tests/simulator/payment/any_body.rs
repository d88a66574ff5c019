//! Any body at all has a documented answer, also at `/pair`.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use pos_system_api_simulator::{Decimal, ScaledClock, Simulator};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use super::{PATH, payment_of, start_moment};
use crate::till::{Till, operation};

/// Any JSON text, without spaces.
fn json_text() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        number_text(),
        any::<String>().prop_map(|text| json!(text).to_string()),
        Just(json!(operation(1)).to_string()),
    ];
    let name = prop::sample::select(vec!["Action", "cbPayItem", "Amount", "Pin", "other"]);
    let value = leaf.prop_recursive(3, 16, 4, move |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4)
            .prop_map(|items| format!("[{}]", items.join(",")));
        let member = (name.clone(), inner).prop_map(|(name, value)| format!("\"{name}\":{value}"));
        let object = prop::collection::vec(member, 0..4)
            .prop_map(|members| format!("{{{}}}", members.join(",")));
        prop_oneof![list, object]
    });
    value.boxed()
}

/// Numbers of any length, and those at which something special happens.
fn number_text() -> BoxedStrategy<String> {
    let special = [
        "30000.50",
        "30000.60",
        "30000.90",
        "1e28",
        "-0",
        "79228162514264337593543950335",
    ];
    let special = prop::sample::select(special.map(str::to_owned).to_vec());
    let any = "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,11})?";
    let whole = "[1-9][0-9]{0,27}";
    prop_oneof![any, whole, special].boxed()
}

/// Mostly one of `usual`, sometimes anything.
fn mostly(usual: &[&str]) -> impl Strategy<Value = String> + use<> {
    let usual: Vec<String> = usual.iter().map(|json| (*json).to_owned()).collect();
    prop_oneof![6 => prop::sample::select(usual), 1 => json_text()]
}

/// A call that is often nearly right.
fn call_text() -> impl Strategy<Value = String> {
    let action = mostly(&["\"payment\"", "\"payment\"", "\"refund\"", "\"cancel\""]);
    let protocol = mostly(&["\"use_auto\"", "\"test\"", "\"gp_mpas\""]);
    let amount = prop_oneof![4 => number_text(), 1 => json_text()];
    let multiplier = mostly(&["null", "1", "100", "100000000"]);
    let paid_by = json!(operation(1)).to_string();
    let barcode = mostly(&["null", "\"\"", &paid_by]);
    let currency = mostly(&["null", "\"EUR\"", "\"CHF\""]);
    (action, protocol, amount, multiplier, barcode, currency).prop_map(
        |(action, protocol, amount, multiplier, barcode, currency)| {
            format!(
                r#"{{"Action":{action},"Protocol":{protocol},"cbPayItem":{{"Description":"Card","Amount":{amount},"DecimalPrecisionMultiplier":{multiplier},"MoneyBarcode":{barcode},"Currency":{currency}}}}}"#
            )
        },
    )
}

#[test]
fn any_body_has_a_documented_answer() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    // A payment of six minutes takes 360 microseconds.
    let clock = Arc::new(ScaledClock::new(start_moment(), 1e6));
    let (sim, till) = runtime.block_on(async {
        let sim = Simulator::builder().clock(clock).start().await.unwrap();
        let till = Till::new(&sim);
        till.send(PATH, operation(1), payment_of("30.00")).await;
        (sim, till)
    });
    let number = Cell::new(1);
    let seen = RefCell::new(BTreeSet::new());
    let pin = any::<String>().prop_map(|pin| json!({"Pin": pin}).to_string());
    let bodies = prop_oneof![4 => call_text(), 1 => json_text(), 1 => pin, 1 => any::<String>()];
    let config = Config {
        cases: 512,
        failure_persistence: None,
        ..Config::default()
    };
    let checked = TestRunner::new(config).run(&bodies, |body| {
        let paths = [(PATH, &[201, 400][..]), ("/v2/pair", &[400, 401])];
        for (path, documented) in paths {
            number.set(number.get() + 1);
            let answer = runtime.block_on(till.send(path, operation(number.get()), &*body));
            let status = answer.status.as_u16();
            seen.borrow_mut().insert((path, status));
            prop_assert!(documented.contains(&status), "{path} {status}");
        }
        Ok(())
    });
    checked.unwrap();
    // The bodies are neither all good nor all bad.
    let all = [
        ("/v2/pair", 400),
        ("/v2/pair", 401),
        (PATH, 201),
        (PATH, 400),
    ];
    assert_eq!(seen.into_inner(), BTreeSet::from(all));
    let ledger = sim.ledger();
    ledger.payments().exactly_once();
    let back: Decimal = ledger
        .payments()
        .iter()
        .filter(|p| p.refunds.is_some())
        .map(|p| p.amount)
        .sum();
    assert!(back >= Decimal::from(-30), "{back}");
}
