//! The 64-bit codes: what a receipt, a charge item, a pay item, a state, a signature or a journal is.
//!
//! Every code is one number, `CCCC_vlll_gggg_xxxx` in hexadecimal (API facts, section 5.7):
//!
//! | Part | Bits | Meaning |
//! |---|---|---|
//! | `CCCC` | 63 to 48 | the [country](Country) as two letters; 0: the cash box knows it |
//! | `v` | 47 to 44 | version of the code tables, 2 for this API |
//! | `lll` | 43 to 32 | local flags: what they mean, the country says |
//! | `gggg` | 31 to 16 | flags of all countries |
//! | `xxxx` | 15 to 0 | the case itself, cut differently by each code |
//!
//! | Code | `xxxx` | Parts | Flags | Of one country |
//! |---|---|---|---|---|
//! | [`ReceiptCase`] | `txcc` | [`ReceiptKind`], in a [`ReceiptCategory`] | [`ReceiptFlags`], [`DailyFlags`], [`LifecycleFlags`] | flags |
//! | [`ChargeItemCase`] | `NNSV` | [`NatureOfVat`], [`TypeOfService`], [`VatRate`] | [`ChargeItemFlags`] | flags, [`natures`] |
//! | [`PayItemCase`] | `xxPP` | [`PaymentKind`] | [`PayItemFlags`] | flags |
//! | [`State`] | | [`StateKind`] | [`StateFlags`], also in bits 15 to 0 | flags |
//! | [`SignatureFormat`] | `ffff` | [`SignatureKind`], [`SignaturePosition`] in `gggg` | | |
//! | [`SignatureType`] | `tsss` | [`SignatureCategory`], a number | [`SignatureFlags`] | [`signatures`] |
//! | [`JournalType`] | `tjjj` | [`JournalCategory`], a number | [`JournalFlags`] | [`journals`] |
//!
//! Codes are made from their parts, and taken apart again:
//!
//! ```
//! use pos_system_api::codes::{ChargeItemCase, ChargeItemFlags, Country, VatRate, natures};
//! use pos_system_api::codes::{ReceiptCase, ReceiptFlags, ReceiptKind};
//!
//! const REFUND: ReceiptCase = ReceiptCase::POINT_OF_SALE
//!     .with_flags(ReceiptFlags::REFUND)
//!     .with_country(Country::AT);
//! assert_eq!(REFUND.value(), 0x4154_2000_0100_0001);
//! assert_eq!(REFUND.kind(), ReceiptKind::PointOfSale);
//! assert!(REFUND.is_refund() && !REFUND.is_void());
//!
//! let export = ChargeItemCase::goods(VatRate::NotTaxable)
//!     .with_nature(natures::it::NOT_TAXABLE_EXPORTS)
//!     .with_flags(ChargeItemFlags::TAKE_AWAY)
//!     .with_country(Country::IT);
//! assert_eq!(export.nature_name(), Some("NotTaxableExports"));
//! ```
//!
//! They print as their names in the code tables; `{:#}` prints the number:
//!
//! ```
//! # use pos_system_api::codes::{ReceiptCase, State};
//! let refund: ReceiptCase = "0x4154_2000_0100_0001".parse()?;
//! assert_eq!(refund.to_string(), "AT v2 PointOfSaleReceipt | Refund");
//! assert_eq!(format!("{refund:#}"), "0x4154_2000_0100_0001");
//! assert_eq!(State::new(0x4154_2000_EEEE_EEEE).to_string(), "AT v2 Error");
//! # Ok::<(), pos_system_api::codes::ParseCodeError>(())
//! ```
//!
//! They are open: unknown countries, versions, cases and bits survive a round trip, and print as
//! numbers. All names are those of version 2, with which newer numbers of version 0 agree; the older
//! numbering of Austria, Germany and France is carried over by [`version_0`].
//!
//! Codes are written as JSON integers. On reading, decimal strings and `0x` strings, with `_` between
//! digits, are taken as well (API facts, section 6.6).

mod charge_item_case;
mod charge_item_flags;
mod code;
mod country;
mod flag;
mod journal_type;
pub mod journals;
mod market;
mod nature_of_vat;
pub mod natures;
mod open_enum;
mod pay_item_case;
mod receipt_case;
mod receipt_flags;
mod signature_format;
mod signature_type;
pub mod signatures;
mod state;
pub mod version_0;

pub use charge_item_case::{TypeOfService, VatRate};
pub use charge_item_flags::ChargeItemFlags;
pub use code::ParseCodeError;
pub use country::Country;
pub use journal_type::{JournalCategory, JournalFlags};
pub use nature_of_vat::{NatureFamily, NatureOfVat};
pub use pay_item_case::{PayItemFlags, PaymentKind};
pub use receipt_case::{ReceiptCategory, ReceiptKind};
pub use receipt_flags::{DailyFlags, LifecycleFlags, ReceiptFlags};
pub use signature_format::{SignatureKind, SignaturePosition};
pub use signature_type::{SignatureCategory, SignatureFlags};
pub use state::{StateFlags, StateKind};

use code::code;

code! {
    /// `ftReceiptCase`: the business case of a receipt (API facts, section 5.7).
    ReceiptCase
}

code! {
    /// `ftChargeItemCase`: kind of VAT, of goods or service, and flags of a line (API facts, section 5.8).
    ChargeItemCase
}

code! {
    /// `ftPayItemCase`: kind of payment and flags (API facts, section 5.9).
    PayItemCase
}

code! {
    /// `ftState`: what became of a receipt (API facts, section 5.10).
    State
}

code! {
    /// `ftSignatureFormat`: how a signature is shown and where (API facts, section 5.11).
    SignatureFormat
}

code! {
    /// `ftSignatureType`: what a signature says (API facts, section 5.11).
    SignatureType
}

code! {
    /// `ftJournalType`: which journal is meant (API facts, section 5.12).
    JournalType
}

#[cfg(test)]
mod tests;
