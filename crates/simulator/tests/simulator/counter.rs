//! A shop counter: a till that gives every receipt an operation id of its own.

use std::time::Duration;

use pos_system_api_simulator::{DateTime, Simulator, Utc};
use serde_json::{Value, json};

use crate::till::{Till, operation};

/// The version of codes without a country.
pub(crate) const V2: u64 = 0x2000_0000_0000;

/// The simulator and its only till.
pub(crate) struct Counter {
    pub(crate) sim: Simulator,
    till: Till,
    signed: u128,
}

impl Counter {
    /// In a market, on 1 June 2026, with a queue that is started.
    pub(crate) async fn open(market: &str) -> Self {
        let start: DateTime<Utc> = "2026-06-01T10:00:00Z".parse().unwrap();
        let builder = Simulator::builder().market(market).started(true);
        let sim = builder.virtual_time(start).start().await.unwrap();
        Self {
            till: Till::new(&sim),
            sim,
            signed: 0,
        }
    }

    pub(crate) async fn sign(&mut self, receipt: &Value) -> Value {
        self.signed += 1;
        let id = operation(self.signed);
        let answer = self.till.sign(id, receipt.to_string()).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.json()
    }

    /// Signs a receipt without items.
    pub(crate) async fn sign_case(&mut self, case: u64) -> Value {
        let reference = format!("C-{}", self.signed);
        self.sign(&receipt(&reference, case, json!([]), json!([])))
            .await
    }

    pub(crate) fn days_pass(&self, days: u64) {
        let day = Duration::from_secs(24 * 60 * 60);
        self.sim
            .advance(day * u32::try_from(days).unwrap())
            .unwrap();
    }
}

/// A receipt with the lower 44 bits of its code.
pub(crate) fn receipt(reference: &str, code: u64, charges: Value, pays: Value) -> Value {
    json!({
        "cbReceiptReference": reference,
        "cbReceiptMoment": "2026-06-01T10:15:30Z",
        "cbChargeItems": charges,
        "cbPayItems": pays,
        "ftReceiptCase": V2 | code,
    })
}

/// A charge item of 20 % with the flags of its code.
pub(crate) fn charge(quantity: i64, amount: f64, flags: u64) -> Value {
    json!({
        "Quantity": quantity, "Description": "Tea", "Amount": amount, "VATRate": 20,
        "ftChargeItemCase": V2 | flags << 16 | 0x13,
    })
}

/// Cash with the flags of its code.
pub(crate) fn cash(amount: f64, flags: u64) -> Value {
    json!({"Description": "Cash", "Amount": amount, "ftPayItemCase": V2 | flags << 16 | 1})
}

/// A sale of two items for 5 and one for 3.
pub(crate) fn sale(reference: &str) -> Value {
    receipt(
        reference,
        1,
        json!([charge(2, 5.0, 0), charge(1, 3.0, 0)]),
        json!([cash(8.0, 0)]),
    )
}

/// The lower 32 bits of the state.
pub(crate) fn state(response: &Value) -> u64 {
    response["ftState"].as_u64().unwrap() & 0xFFFF_FFFF
}

/// `lll` of the state.
pub(crate) fn local_state(response: &Value) -> u64 {
    response["ftState"].as_u64().unwrap() >> 32 & 0xFFF
}

/// The number after the `#` of the identification.
pub(crate) fn national_number(response: &Value) -> String {
    let identification = response["ftReceiptIdentification"].as_str().unwrap();
    let (_, number) = identification.split_once('#').unwrap();
    number.to_owned()
}

/// The data of the signature whose type ends in `signature_type` (flags and case).
pub(crate) fn signature(response: &Value, signature_type: u64) -> Option<String> {
    let signatures = response["ftSignatures"].as_array().unwrap();
    let found = signatures.iter().find(|signature| {
        signature["ftSignatureType"].as_u64().unwrap() & 0xFFFF_FFFF == signature_type
    })?;
    Some(found["Data"].as_str().unwrap().to_owned())
}

/// What the failure signature says.
#[track_caller]
pub(crate) fn failure(response: &Value) -> String {
    assert_eq!(state(response), 0xEEEE_EEEE, "{response}");
    signature(response, 0x3000).unwrap()
}
