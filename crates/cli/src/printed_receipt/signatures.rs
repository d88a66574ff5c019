//! Signatures on paper: where they stand and what form they take (API facts, section 5.11).

use std::fmt;

use pos_system_api::codes::{SignatureKind, SignaturePosition};
use pos_system_api::types::SignatureItem;

use super::{line, lines};
use crate::message::printable;
use crate::qr;

/// The signatures of one position. One that is not known yet is the usual one.
pub(super) fn write_signatures(
    f: &mut fmt::Formatter<'_>,
    signatures: &[SignatureItem],
    position: SignaturePosition,
) -> fmt::Result {
    let here = |signature: &&SignatureItem| position_of(signature) == position;
    for signature in signatures.iter().filter(here) {
        if signature
            .ft_signature_type
            .unwrap_or_default()
            .is_for_paper()
        {
            write_signature(f, signature)?;
        }
    }
    Ok(())
}

fn position_of(signature: &SignatureItem) -> SignaturePosition {
    match signature.ft_signature_format.unwrap_or_default().position() {
        position if position.name().is_some() => position,
        _ => SignaturePosition::AfterPayItems,
    }
}

fn write_signature(f: &mut fmt::Formatter<'_>, signature: &SignatureItem) -> fmt::Result {
    let caption = signature
        .caption
        .as_deref()
        .filter(|caption| !caption.is_empty());
    lines(f, caption.as_slice())?;
    let data = signature.data.as_deref().unwrap_or_default();
    let kind = signature.ft_signature_format.unwrap_or_default().kind();
    if kind == SignatureKind::QrCode
        && let Some(code) = qr::half_blocks(data)
    {
        return writeln!(f, "{code}");
    }
    // A bar code is no use on a screen; its text can be typed in.
    match bar_code(kind) {
        Some(name) => line(f, &printable(&format!("{name}: {data}"))),
        None => lines(f, &[data]),
    }
}

fn bar_code(kind: SignatureKind) -> Option<&'static str> {
    Some(match kind {
        SignatureKind::Code128 => "Code 128",
        SignatureKind::OcrA => "OCR-A",
        SignatureKind::Pdf417 => "PDF417",
        SignatureKind::DataMatrix => "Data Matrix",
        SignatureKind::Aztec => "Aztec",
        SignatureKind::Ean8 => "EAN-8",
        SignatureKind::Ean13 => "EAN-13",
        SignatureKind::UpcA => "UPC-A",
        SignatureKind::Code39 => "Code 39",
        _ => return None,
    })
}
