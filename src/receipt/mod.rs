//! Receipts in the words of a till: builders that give the generated types.
//!
//! ```
//! use pos_system_api::codes::VatRate;
//! use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
//! use pos_system_api::types::{Amount, Moment, ReceiptRequest};
//!
//! let moment: Moment = "2026-06-01T10:15:30Z".parse()?;
//! let sale: ReceiptRequest = Receipt::sale("S-1", moment)
//!     .charge(ChargeItem::goods("Espresso", Amount::from_cents(580), 20, VatRate::Normal).quantity(2))
//!     .pay(PayItem::cash("Cash", Amount::from_cents(580)))
//!     .into();
//! assert_eq!(sale.cb_charge_items.len(), 1);
//! # Ok::<(), pos_system_api::types::ParseMomentError>(())
//! ```

mod charge_item;
mod pay_item;
mod sale;
#[cfg(feature = "client")]
mod sendable;

pub use charge_item::ChargeItem;
pub use pay_item::PayItem;
pub use sale::Receipt;
#[cfg(feature = "client")]
pub(crate) use sendable::sendable;
