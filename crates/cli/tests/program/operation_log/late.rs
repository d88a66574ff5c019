//! Sales that were signed after their customers had left.

use pos_system_api::Outcome;
use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
use pos_system_api::types::{Amount, Moment};

use super::{library, nobody, with_log};
use crate::till::{Run, Till};

/// A sale of another program on the same log, whose customer left with an offline receipt.
fn handed_over(till: &Till) {
    let amount = Amount::from_cents(100);
    let sale = Receipt::sale("S-1", Moment::now())
        .charge(ChargeItem::goods("Coffee", amount, 20, VatRate::Normal))
        .pay(PayItem::cash("Cash", amount));
    let client = library(till, &nobody()).build().unwrap();
    till.block_on(async {
        let Outcome::Pending(handle) = client.sign(sale).await.unwrap() else {
            panic!("it has no answer")
        };
        let _ = client.handed_over_offline(&handle).await.unwrap();
    });
}

#[test]
fn a_zero_receipt_is_proposed_until_one_is_signed() {
    let till = Till::new();
    handed_over(&till);
    let recovered = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!(recovered.code, 0, "{}", recovered.stderr);
    assert!(
        recovered.stderr.contains("zero receipt"),
        "{}",
        recovered.stderr
    );
    // Nothing is left to be told, and the zero receipt is still to come.
    let again = Run::of(&mut with_log(&till, &["recover", "--wait"]));
    assert_eq!((again.code, again.stdout.as_str()), (0, ""));
    assert!(again.stderr.contains("zero receipt"), "{}", again.stderr);

    let zero = r#"{"cbReceiptReference":"Z-1","cbReceiptMoment":"2026-06-01T10:15:30Z","ftReceiptCase":"0x4154_2000_0000_2000","cbChargeItems":[],"cbPayItems":[]}"#;
    let signed = Run::of(with_log(&till, &["sign"]).write_stdin(zero));
    assert_eq!(signed.code, 0, "{}", signed.stderr);
    let at_last = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!((at_last.code, at_last.stderr.as_str()), (0, ""));
}
