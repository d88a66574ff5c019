//! Receipts in the words of a till: builders that give the generated types.
//!
//! ```
//! use pos_system_api::codes::VatRate;
//! use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
//! use pos_system_api::types::{Amount, Moment};
//!
//! let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
//! let sale = Receipt::sale("S-1", moment)
//!     .charge(ChargeItem::goods("Espresso", Amount::from_cents(580), 20, VatRate::Normal).quantity(2))
//!     .pay(PayItem::cash("Cash", Amount::from_cents(580)))
//!     .build()?;
//! assert_eq!(sale.cb_charge_items.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Wrong receipts do not build
//!
//! Where the compiler can know, they do not compile: a closing takes no items, a refund names the
//! receipt it refunds, an invoice to a business has a customer. The rest [`Receipt::build`] checks, and
//! so does a client before anything is sent; [`ReceiptError`] names the member and the reason:
//!
//! | Rule | API facts |
//! |---|---|
//! | A reference and every text says something and has at most 1023 characters. | 4.2 |
//! | The moment is a point in time. | 4.2 |
//! | Closings, zero receipts, start and stop have no items. | 6.5 |
//! | Charge items and pay items have the same sum, exactly; see [`Receipt::sum_tolerance`]. Delivery notes, table checks, pro forma invoices and log entries need not. | 6.5 |
//! | A refund or void names exactly one earlier receipt, and not itself. Greek refunds may name none. Neither takes back a refund or a void, but a void may take back a partial refund. | 6.5 |
//! | What comes back has negative quantities and amounts; what took something off, as a discount, a down payment used up, a deposit taken back or a voucher redeemed, has a positive amount then. A full refund or void made with [`Receipt::of`] inverts every line. | 6.5 |
//! | Of a sale or an invoice, some line is positive, unless all the others say why they are not: refunds, discounts, deposits, vouchers, down payments, receivables, cash, what is sold for others. Greek ones need not. | 6.5 |
//! | All items of a void are flagged; a line voided within a receipt follows the line it takes back, which has the same VAT rate and the opposite amount and quantity, and is taken back once. | 6.5 |
//! | A discount or extra follows a line with the same VAT rate, and its quantity is positive. | 6.5 |
//! | A VAT rate lies between 0 and 100 percent. | 4.3 |
//! | No two lines have the same position, but a discount, an extra or a void may have that of its line. So do payments, except those from elsewhere. | 7, row 25 |
//! | A tip among the pay items is negative, except in Greece. | 5.9 |
//! | Invoices to businesses and public bodies have a customer. | |
//!
//! What is built has public fields and is not looked at again: what a builder does not know, or refuses
//! although a market wants it, is set there.
//!
//! The sums are compared as decimals, to the last digit: what a till rounds, it rounds before.
//!
//! # A card payment with tip
//!
//! Payments of `POST /pay` go onto the receipt unchanged. A tip comes as a second, negative item:
//!
//! ```
//! use pos_system_api::codes::VatRate;
//! use pos_system_api::receipt::{ChargeItem, Receipt, ReceiptError};
//! use pos_system_api::types::{Moment, PayResponse, ReceiptRequest};
//!
//! fn dinner(paid: PayResponse, moment: Moment) -> Result<ReceiptRequest, ReceiptError> {
//!     Receipt::sale("S-2", moment)
//!         .charge(ChargeItem::service("Dinner", 30, 10, VatRate::Discounted1))
//!         .pay_items(paid.ft_pay_items)
//!         .build()
//! }
//! ```
//!
//! # A refund
//!
//! ```
//! # #[cfg(feature = "client")]
//! use pos_system_api::{Client, Outcome, Signed, receipt::Receipt, types::Moment};
//!
//! # #[cfg(feature = "client")]
//! async fn refund(client: &Client, sold: &Signed) -> pos_system_api::Result<Outcome<Signed>> {
//!     let refund = Receipt::refund_of(sold, "R-1", Moment::now());
//!     client.sign(refund).await
//! }
//! ```

mod build;
mod builder;
mod cases;
mod charge_item;
mod check;
pub mod content;
mod customer;
mod draft;
mod error;
mod inverse;
mod members;
mod original;
mod pay_item;
mod precision;
mod reversal;
#[cfg(feature = "client")]
mod sendable;
mod signable;

pub use builder::Receipt;
pub use charge_item::ChargeItem;
pub use customer::Customer;
pub use error::ReceiptError;
pub use original::Original;
pub use pay_item::PayItem;
pub use precision::Precision;
#[cfg(feature = "client")]
pub(crate) use sendable::sendable;
pub use signable::Signable;
