//! The 64-bit codes: what a receipt, a charge item, a pay item, a state, a signature or a journal is.
//!
//! Every code is one number, `CCCC_vlll_gggg_xxxx` in hexadecimal: the country as two letters, a
//! version nibble, twelve bits the country assigns, sixteen flags, and sixteen bits that are the case
//! itself (API facts, section 5.7). They are open: unknown countries, versions and bits survive a
//! round trip.
//!
//! Codes are written as JSON integers. On reading, decimal strings and `0x` strings, with `_` between
//! digits, are taken as well (API facts, section 6.6).

mod charge_item_case;
mod code;
mod country;
mod pay_item_case;
mod receipt_case;
mod state;

pub use charge_item_case::VatRate;
pub use code::ParseCodeError;
pub use country::Country;

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
