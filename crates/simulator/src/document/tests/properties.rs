//! What holds for every receipt.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop_oneof![Just(3), Just(65539), Just(100)].prop_map(Value::from),
    ];
    let name = prop_oneof![
        "[a-z]{0,3}",
        proptest::sample::select(vec![
            "Quantity",
            "Description",
            "Amount",
            "VATRate",
            "VATAmount",
            "DecimalPrecisionMultiplier",
            "ftPayItemCaseData",
            "Receipt",
            "ftSignatureFormat",
            "ftSignatureType",
            "Caption",
            "Data",
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(name.clone(), inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn request() -> impl Strategy<Value = Value> {
    (value(), value(), value(), value()).prop_map(|(charge, pay, user, total)| {
        json!({
            "cbChargeItems": [charge], "cbPayItems": pay, "cbUser": user, "cbReceiptAmount": total,
        })
    })
}

fn response() -> impl Strategy<Value = Value> {
    (value(), value(), value(), value()).prop_map(|(header, footer, signature, added)| {
        json!({
            "ftReceiptHeader": header, "ftReceiptFooter": [footer], "ftSignatures": [signature],
            "ftChargeItems": [added], "ftQueueID": added,
        })
    })
}

/// The document in every form, twice.
fn check(request: &[u8], response: &[u8]) -> Result<(), TestCaseError> {
    let receipt = Receipt {
        request,
        response,
        is_copy: false,
    };
    for choice in FORMS {
        let first =
            render(receipt, choice).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let second =
            render(receipt, choice).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&first, &second);
        prop_assert!(!first.bytes.is_empty());
        if choice == Choice::Json {
            prop_assert!(serde_json::from_slice::<Value>(&first.bytes).is_ok());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_receipt_has_a_document(request in request(), response in response()) {
        check(request.to_string().as_bytes(), response.to_string().as_bytes())?;
    }

    #[test]
    fn any_bytes_have_a_document(
        request in any::<Vec<u8>>(),
        response in any::<String>(),
    ) {
        check(&request, response.as_bytes())?;
    }
}
