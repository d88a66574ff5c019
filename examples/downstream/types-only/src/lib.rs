//! An archive of receipts: the types of `pos-system-api` without a client.

use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt, ReceiptError};
use pos_system_api::serde_json;
use pos_system_api::types::{Amount, Moment, ReceiptRequest};

/// A receipt as it is stored.
///
/// # Errors
/// The JSON error names the line and the column.
pub fn read(json: &str) -> serde_json::Result<ReceiptRequest> {
    serde_json::from_str(json)
}

/// The text to store. Members this revision does not know are written as they were read.
///
/// # Errors
/// A value that JSON cannot carry.
pub fn write(receipt: &ReceiptRequest) -> serde_json::Result<String> {
    serde_json::to_string(receipt)
}

/// A cash sale of one article.
///
/// # Errors
/// The member that is wrong, such as an empty reference.
pub fn cash_sale(
    reference: &str,
    moment: Moment,
    article: &str,
    gross: Amount,
) -> Result<ReceiptRequest, ReceiptError> {
    Receipt::sale(reference, moment)
        .charge(ChargeItem::goods(article, gross, 20, VatRate::Normal))
        .pay(PayItem::cash("Cash", gross))
        .build()
}

/// What the charge items come to, or `None` if the sum is too large.
#[must_use]
pub fn total(receipt: &ReceiptRequest) -> Option<Amount> {
    receipt
        .cb_charge_items
        .iter()
        .try_fold(Amount::from_cents(0), |sum, item| {
            sum.checked_add(item.amount)
        })
}
