//! Signatures on paper: where they stand and what form they take (API facts, section 5.11).

use std::fmt;

use pos_system_api::types::SignatureItem;

use super::{line, lines};
use crate::message::printable;
use crate::qr;

/// Where on the receipt a signature stands: bits 31 to 16 of its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    AfterPayItems,
    AfterHeader,
    AfterChargeItems,
    AfterTotals,
    AfterFooter,
    BeforeHeader,
}

impl Place {
    /// Places that are not known yet are the usual one.
    fn of(signature: &SignatureItem) -> Self {
        match signature
            .ft_signature_format
            .map(|format| format.global_flags())
        {
            Some(1) => Self::AfterHeader,
            Some(2) => Self::AfterChargeItems,
            Some(3) => Self::AfterTotals,
            Some(4) => Self::AfterFooter,
            Some(5) => Self::BeforeHeader,
            _ => Self::AfterPayItems,
        }
    }
}

/// Type flag: not to be printed.
const DO_NOT_PRINT: u16 = 0x0020;
/// Type flag: for digital receipts alone.
const DIGITAL_ONLY: u16 = 0x0080;

/// Format: a QR code.
const QR: u16 = 3;

/// The signatures of one place.
pub(super) fn write_signatures(
    f: &mut fmt::Formatter<'_>,
    signatures: &[SignatureItem],
    place: Place,
) -> fmt::Result {
    for signature in signatures
        .iter()
        .filter(|signature| Place::of(signature) == place)
    {
        if is_for_paper(signature) {
            write_signature(f, signature)?;
        }
    }
    Ok(())
}

fn is_for_paper(signature: &SignatureItem) -> bool {
    let flags = signature
        .ft_signature_type
        .map_or(0, |kind| kind.global_flags());
    flags & (DO_NOT_PRINT | DIGITAL_ONLY) == 0
}

fn write_signature(f: &mut fmt::Formatter<'_>, signature: &SignatureItem) -> fmt::Result {
    let caption = signature
        .caption
        .as_deref()
        .filter(|caption| !caption.is_empty());
    lines(f, caption.as_slice())?;
    let data = signature.data.as_deref().unwrap_or_default();
    let format = signature
        .ft_signature_format
        .map_or(0, |format| format.case());
    if format == QR
        && let Some(code) = qr::half_blocks(data)
    {
        return writeln!(f, "{code}");
    }
    // A bar code is no use on a screen; its text can be typed in.
    match bar_code(format) {
        Some(name) => line(f, &printable(&format!("{name}: {data}"))),
        None => lines(f, &[data]),
    }
}

fn bar_code(format: u16) -> Option<&'static str> {
    Some(match format {
        4 => "Code 128",
        5 => "OCR-A",
        6 => "PDF417",
        7 => "Data Matrix",
        8 => "Aztec",
        9 => "EAN-8",
        10 => "EAN-13",
        11 => "UPC-A",
        12 => "Code 39",
        _ => return None,
    })
}
