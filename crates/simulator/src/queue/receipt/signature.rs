//! Simulated signatures, and the reader of their QR payload.
//!
//! # Grammar of the QR payload
//!
//! ```text
//! payload  = "_SIM1-" market "_" register "_" receipt "_" moment "_" total "_" hash
//! market   = two capital letters
//! register = ftCashBoxIdentification, without "_"
//! receipt  = ftReceiptIdentification, without "_"
//! moment   = ftReceiptMoment: ISO 8601 in UTC, seven fraction digits
//! total    = sum of the charge items in units, at least two fraction digits
//! hash     = 32 bytes in base64url without padding
//! ```
//!
//! The hash stands last because base64url has `_` among its letters. It is
//! SHA-256(previous hash ‖ payload up to and without the `_` before the hash); before the first
//! receipt of a queue stands SHA-256("pos-system-api-simulator " ‖ queue id in hyphenated form).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

use crate::clock::format_moment;
use crate::queue::market::Market;

/// How every payload begins.
const MARK: &str = "_SIM1-";

pub(crate) const FORMAT_TEXT: u64 = 1;
pub(crate) const FORMAT_LINK: u64 = 2;
const FORMAT_QR: u64 = 3;
pub(crate) const FORMAT_BASE64: u64 = 0xD;
const TYPE_COMPLIANCE: u64 = 0x0001;
const TYPE_INFORMATION: u64 = 0x1000;
const TYPE_ALERT: u64 = 0x2000;
const TYPE_FAILURE: u64 = 0x3000;

/// One entry of `ftSignatures`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Signature {
    #[serde(rename = "ftSignatureFormat")]
    format: u64,
    #[serde(rename = "ftSignatureType")]
    signature_type: u64,
    #[serde(rename = "Caption")]
    caption: Cow<'static, str>,
    #[serde(rename = "Data")]
    data: String,
}

impl Signature {
    /// An entry of a market; `signature_type` is the type without country and version. The
    /// caption says that it is simulated.
    pub(crate) fn of_market(
        market: Market,
        format: u64,
        signature_type: u64,
        caption: &str,
        data: String,
    ) -> Self {
        Self {
            format,
            signature_type: market.code_base() | signature_type,
            caption: format!("SIMULATED {caption}").into(),
            data,
        }
    }

    pub(crate) fn qr(market: Market, payload: &QrPayload) -> Self {
        Self {
            format: FORMAT_QR,
            signature_type: market.code_base() | TYPE_COMPLIANCE,
            caption: "SIMULATED".into(),
            data: payload.to_text(),
        }
    }

    pub(crate) fn simulated(market: Market, queue_id: Uuid) -> Self {
        Self {
            format: FORMAT_TEXT,
            signature_type: market.code_base(),
            caption: "S I M U L A T E D".into(),
            data: format!("This is no fiscal signature. Simulated queue {queue_id}."),
        }
    }

    /// Something the operator should read.
    pub(crate) fn message(market: Market, message: String) -> Self {
        Self::of_market(market, FORMAT_TEXT, TYPE_INFORMATION, "MESSAGE", message)
    }

    /// Something the operator must not miss.
    pub(crate) fn alert(market: Market, message: &str) -> Self {
        Self::of_market(market, FORMAT_TEXT, TYPE_ALERT, "ALERT", message.to_owned())
    }

    pub(crate) fn failure(market: Market, message: impl Into<String>) -> Self {
        Self {
            format: FORMAT_TEXT,
            signature_type: market.code_base() | TYPE_FAILURE,
            caption: "SIMULATED FAILURE".into(),
            data: message.into(),
        }
    }
}

/// The content of a simulated QR signature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct QrPayload {
    /// The market in two capital letters.
    pub market: String,
    /// `ftCashBoxIdentification` of the response.
    pub cash_box_identification: String,
    /// `ftReceiptIdentification` of the response.
    pub receipt_identification: String,
    /// `ftReceiptMoment` of the response.
    pub moment: DateTime<Utc>,
    /// The sum of the charge items in units, with the fraction digits of the payload.
    pub total: Decimal,
    /// The chained hash.
    pub hash: [u8; 32],
}

/// Why a text is no QR payload of the simulator.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QrError {
    /// The text does not begin with `_SIM1-`.
    #[error("the payload does not begin with {MARK}")]
    NotSimulated,
    /// A field is missing.
    #[error("the payload has no {field}")]
    Missing {
        /// The field by its name in the grammar.
        field: &'static str,
    },
    /// A field does not follow the grammar.
    #[error("the {field} of the payload does not follow the grammar")]
    Malformed {
        /// The field by its name in the grammar.
        field: &'static str,
    },
}

/// Reads the QR payload of a simulated receipt.
///
/// ```text
/// _SIM1-<market>_<register>_<receipt>_<moment>_<total>_<hash, base64url>
/// ```
///
/// # Errors
///
/// [`QrError`] when the text does not follow this grammar. The hash is read, not checked:
/// see [`QrPayload::is_first_of`] and [`QrPayload::follows`].
pub fn parse_qr(payload: &str) -> Result<QrPayload, QrError> {
    let rest = payload.strip_prefix(MARK).ok_or(QrError::NotSimulated)?;
    // Only the hash may hold further underscores.
    let mut fields = rest.splitn(6, '_');
    let mut field = |field: &'static str| fields.next().ok_or(QrError::Missing { field });
    let (market, register, receipt) = (field("market")?, field("register")?, field("receipt")?);
    let (moment, total, hash) = (field("moment")?, field("total")?, field("hash")?);
    let malformed = |field: &'static str| QrError::Malformed { field };

    let parsed = QrPayload {
        market: Market::parse(market)
            .map(|market| market.to_string())
            .filter(|capital| capital == market)
            .ok_or(malformed("market"))?,
        cash_box_identification: register.to_owned(),
        receipt_identification: receipt.to_owned(),
        moment: DateTime::parse_from_rfc3339(moment)
            .map_err(|_| malformed("moment"))?
            .to_utc(),
        total: Decimal::from_str_exact(total).map_err(|_| malformed("total"))?,
        hash: URL_SAFE_NO_PAD
            .decode(hash)
            .ok()
            .and_then(|hash| hash.try_into().ok())
            .ok_or(malformed("hash"))?,
    };
    // One payload has one text, so that the hash covers what was read.
    if parsed.to_text() == payload {
        Ok(parsed)
    } else if format_moment(parsed.moment) != moment {
        Err(malformed("moment"))
    } else {
        Err(malformed("total"))
    }
}

impl QrPayload {
    /// Completes a payload with the hash that chains it to `previous_hash`.
    pub(crate) fn chained(
        market: Market,
        cash_box_identification: &str,
        receipt_identification: &str,
        moment: DateTime<Utc>,
        total: Decimal,
        previous_hash: &[u8; 32],
    ) -> Self {
        let mut total = total;
        if total.scale() < 2 {
            total.rescale(2);
        }
        let mut payload = Self {
            market: market.to_string(),
            cash_box_identification: cash_box_identification.to_owned(),
            receipt_identification: receipt_identification.to_owned(),
            moment,
            total,
            hash: [0; 32],
        };
        payload.hash = payload.hash_after(previous_hash);
        payload
    }

    /// Whether this receipt came directly after `previous` in the same queue.
    pub fn follows(&self, previous: &QrPayload) -> bool {
        self.hash == self.hash_after(&previous.hash)
    }

    /// Whether this receipt is the first of the queue.
    pub fn is_first_of(&self, queue_id: Uuid) -> bool {
        self.hash == self.hash_after(&first_hash(queue_id))
    }

    /// The payload as it stands in the signature.
    fn to_text(&self) -> String {
        format!(
            "{}_{}",
            self.hashed_text(),
            URL_SAFE_NO_PAD.encode(self.hash)
        )
    }

    fn hashed_text(&self) -> String {
        format!(
            "{MARK}{}_{}_{}_{}_{}",
            self.market,
            self.cash_box_identification,
            self.receipt_identification,
            format_moment(self.moment),
            self.total,
        )
    }

    fn hash_after(&self, previous_hash: &[u8; 32]) -> [u8; 32] {
        Sha256::new()
            .chain_update(previous_hash)
            .chain_update(self.hashed_text())
            .finalize()
            .into()
    }
}

/// What the first receipt of a queue is chained to.
pub(crate) fn first_hash(queue_id: Uuid) -> [u8; 32] {
    Sha256::digest(format!("pos-system-api-simulator {queue_id}")).into()
}
