//! What the markets write on a receipt beside the QR code. Every entry says that it is simulated.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use crate::clock::format_moment;
use crate::hex::hex;
use crate::queue::case_table::{Category, receipt_flag};
use crate::queue::closing::Period;
use crate::queue::code::Code;
use crate::queue::earlier::Original;
use crate::queue::market::{Country, Market};
use crate::queue::receipt::signature::{
    FORMAT_BASE64, FORMAT_LINK, FORMAT_TEXT, QrPayload, Signature,
};

/// Flags of signature types.
const ARCHIVE: u64 = 0x1_0000;
const OPTIONAL: u64 = 0x10_0000;
const HIDDEN: u64 = 0x20_0000;

/// The place after the header, of signature formats.
const AFTER_HEADER: u64 = 0x1_0000;

/// A receipt that was processed.
#[derive(Debug)]
pub(crate) struct Processed<'a> {
    pub(crate) market: Market,
    pub(crate) code: Code,
    pub(crate) category: Category,
    pub(crate) receipt_number: u64,
    pub(crate) national_number: &'a str,
    pub(crate) now: DateTime<Utc>,
    pub(crate) qr: &'a QrPayload,
    pub(crate) days_closed: u64,
    /// What a closing closes, and everything there ever was.
    pub(crate) closed: Option<(Period, Period)>,
    pub(crate) original: Option<&'a Original>,
    /// Whether a signing unit took part.
    pub(crate) has_unit: bool,
}

/// The entries of the market, after those that every market has.
pub(crate) fn market_signatures(receipt: &Processed<'_>) -> Vec<Signature> {
    match receipt.category {
        Category::Lifecycle => lifecycle(receipt),
        Category::Daily => closing(receipt),
        Category::Receipt | Category::Invoice | Category::Log => match receipt.market.country() {
            Country::Germany if receipt.has_unit => german(receipt),
            Country::Italy if receipt.has_unit => italian(receipt),
            Country::Spain if receipt.category != Category::Log => spanish(receipt),
            Country::Portugal if receipt.category != Category::Log => portuguese(receipt),
            Country::Greece => greek(receipt),
            _ => Vec::new(),
        },
    }
}

impl Processed<'_> {
    fn text(&self, signature_type: u64, caption: &str, data: impl Into<String>) -> Signature {
        Signature::of_market(
            self.market,
            FORMAT_TEXT,
            signature_type,
            caption,
            data.into(),
        )
    }

    /// A hash that is real enough to differ from receipt to receipt.
    fn hash(&self) -> String {
        format!("SIMULATED-{}", hex(&self.qr.hash))
    }

    fn short_hash(&self) -> String {
        hex(&self.qr.hash[..2]).to_uppercase()
    }

    fn moment(&self) -> String {
        format_moment(self.now)
    }
}

fn lifecycle(receipt: &Processed<'_>) -> Vec<Signature> {
    let (notice, text) = match receipt.code.case() {
        0x4001 => (0x1001, "The simulated queue is started."),
        0x4002 => (0x1002, "The simulated queue is stopped."),
        _ => return Vec::new(),
    };
    let signature_type = match receipt.market.country() {
        Country::Austria | Country::Greece => 0x0003,
        Country::Belgium | Country::Italy | Country::Portugal | Country::Spain => notice | ARCHIVE,
        Country::France | Country::Germany | Country::Other => return Vec::new(),
    };
    vec![receipt.text(signature_type, "NOTICE", text)]
}

fn closing(receipt: &Processed<'_>) -> Vec<Signature> {
    let Some((closed, perpetual)) = receipt.closed else {
        return Vec::new();
    };
    let totals = |period: Period| {
        format!(
            "SIMULATED receipts {} turnover {}",
            period.receipts, period.turnover
        )
    };
    match receipt.market.country() {
        Country::Austria => vec![receipt.text(0x0002, "NOTICE", totals(closed))],
        Country::France => {
            let (signature_type, caption) = match receipt.code.case() {
                0x2010 => (0x0010, "Shift"),
                0x2011 => (0x0011, "Day"),
                0x2012 => (0x0012, "Month"),
                _ => (0x0013, "Year"),
            };
            vec![
                receipt.text(signature_type | HIDDEN, caption, totals(closed)),
                receipt.text(0x0015 | HIDDEN, "Perpetual", totals(perpetual)),
            ]
        }
        Country::Italy if receipt.code.case() != 0x2010 => {
            vec![receipt.text(0x0011, "<rt-z-number>", receipt.days_closed.to_string())]
        }
        _ => Vec::new(),
    }
}

fn german(receipt: &Processed<'_>) -> Vec<Signature> {
    let number = receipt.receipt_number.to_string();
    let moment = receipt.moment();
    let process_type = match receipt.category {
        Category::Log => "SIMULATED-OtherAction",
        _ => "SIMULATED-Receipt",
    };
    [
        (0x13, "<qr-code-version>", "SIMULATED-V0".to_owned()),
        (
            0x14,
            "<cash-box-serial>",
            receipt.qr.cash_box_identification.clone(),
        ),
        (0x15, "<process-type>", process_type.to_owned()),
        (
            0x16,
            "<process-data>",
            format!("SIMULATED^{}", receipt.qr.total),
        ),
        (0x17, "<transaction-number>", number.clone()),
        (0x18, "<signature-counter>", number),
        (0x19, "<start-time>", moment.clone()),
        (0x1A, "<log-time>", moment.clone()),
        (0x1B, "<signature-algorithm>", "SIMULATED-none".to_owned()),
        (0x1C, "<log-time-format>", "SIMULATED-iso8601".to_owned()),
        (0x1D, "<signature>", receipt.hash()),
        (0x1E, "<public-key>", "SIMULATED-none".to_owned()),
    ]
    .into_iter()
    .map(|(case, caption, data)| receipt.text(case | OPTIONAL, caption, data))
    .chain([
        receipt.text(0x1F, "<process-start-time>", moment.clone()),
        receipt.text(0x22, "<certification-id>", "SIMULATED-none"),
        receipt.text(0x23, "<tse-serial>", "SIMULATED-TSE"),
    ])
    .collect()
}

fn italian(receipt: &Processed<'_>) -> Vec<Signature> {
    let (day, document) = receipt
        .national_number
        .split_once('-')
        .unwrap_or((receipt.national_number, ""));
    let (kind, name) = if receipt.code.has(receipt_flag::REFUND) {
        ("REFUND", "DOCUMENTO COMMERCIALE RESO")
    } else if receipt.code.has(receipt_flag::VOID) {
        ("VOID", "DOCUMENTO COMMERCIALE ANNULLO")
    } else {
        ("POSRECEIPT", "DOCUMENTO COMMERCIALE")
    };
    let mut signatures = vec![
        Signature::of_market(
            receipt.market,
            FORMAT_TEXT | AFTER_HEADER,
            0x02,
            name,
            format!("SIMULATED {}", receipt.national_number),
        ),
        receipt.text(0x10 | HIDDEN, "<rt-serialnumber>", "SIMULATED-RT"),
        receipt.text(0x11 | HIDDEN, "<rt-z-number>", day),
        receipt.text(0x12 | HIDDEN, "<rt-doc-number>", document),
        receipt.text(0x13 | HIDDEN, "<rt-doc-moment>", receipt.moment()),
        receipt.text(0x14 | HIDDEN, "<rt-document-type>", kind),
    ];
    if let Some(original) = receipt.original {
        let (_, number) = original
            .identification
            .split_once('#')
            .unwrap_or(("", &original.identification));
        let (day, document) = number.split_once('-').unwrap_or((number, ""));
        signatures.extend([
            receipt.text(0x20 | HIDDEN, "<rt-reference-z-number>", day),
            receipt.text(0x21 | HIDDEN, "<rt-reference-doc-number>", document),
        ]);
    }
    signatures
}

fn spanish(receipt: &Processed<'_>) -> Vec<Signature> {
    let signature = STANDARD.encode(receipt.hash());
    vec![
        receipt.text(0x02, "NIF", "SIMULATED"),
        Signature::of_market(
            receipt.market,
            FORMAT_BASE64,
            0x03 | HIDDEN,
            "Signature",
            signature,
        ),
        receipt.text(0x04 | HIDDEN, "Huella", receipt.hash()),
    ]
}

fn portuguese(receipt: &Processed<'_>) -> Vec<Signature> {
    let mut signatures = vec![
        receipt.text(
            0x10,
            "ATCUD",
            format!("ATCUD: SIMULATED-{}", receipt.receipt_number),
        ),
        Signature::of_market(
            receipt.market,
            FORMAT_TEXT | AFTER_HEADER,
            0x12 | HIDDEN,
            "Hash",
            receipt.hash(),
        ),
        receipt.text(0x13, "Hash", receipt.short_hash()),
        receipt.text(0x14, "", "SIMULATED, no certified program"),
    ];
    if let Some(original) = receipt.original {
        signatures.push(receipt.text(
            0x15,
            "",
            format!("SIMULATED reference {}", original.identification),
        ));
    }
    signatures
}

fn greek(receipt: &Processed<'_>) -> Vec<Signature> {
    if !receipt.has_unit {
        return vec![receipt.text(0x16, "Transmission", "SIMULATED transmission failure")];
    }
    if receipt.code.case() == 0x3004 {
        return vec![receipt.text(0x18, "Order", "SIMULATED order receipt, information only")];
    }
    if receipt.category == Category::Log {
        return Vec::new();
    }
    let mut signatures = vec![
        receipt.text(0x10 | HIDDEN, "mydata-xml", "<SIMULATED/>"),
        receipt.text(0x11, "Provider Signature", receipt.hash()),
        receipt.text(0x12, "Identifier", receipt.national_number),
        receipt.text(0x13, "Uid", receipt.hash()),
        receipt.text(
            0x14,
            "Mark",
            format!("SIMULATED-{}", receipt.receipt_number),
        ),
        receipt.text(0x15, "AuthenticationCode", receipt.hash()),
        Signature::of_market(
            receipt.market,
            FORMAT_LINK,
            0x1A,
            "QR code",
            "https://simulated.invalid/".to_owned(),
        ),
    ];
    if receipt.code.has(receipt_flag::HANDWRITTEN) {
        signatures.push(receipt.text(0x1B, "Handwritten", "SIMULATED handwritten receipt"));
    }
    if let Some(original) = receipt.original {
        let data = format!("SIMULATED mark of {}", original.identification);
        signatures.push(receipt.text(0x17, "Connected Marks", data));
    }
    signatures
}
