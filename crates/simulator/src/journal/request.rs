//! The body of `POST /journal`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::value::RawValue;

use crate::body_check::members_of;
use crate::journal::range::Range;
use crate::journal::ticks::ticks;
use crate::members::text;
use crate::wire::problem::{Failure, FieldError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JournalRequest {
    pub(crate) code: u64,
    pub(crate) range: Range,
}

impl JournalRequest {
    /// Takes codes also as decimal and hexadecimal texts, bounds also as texts in decimal or
    /// ISO 8601: documents and clients exist that write them so.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Failure> {
        let members = members_of(body)?;
        let mut errors = Vec::new();
        let code = match members.get("ftJournalType") {
            None => Err("must be given and not be null"),
            Some(value) => code(value).ok_or("must be an integer from 0 to 2^64 - 1"),
        };
        let code = code.unwrap_or_else(|message| {
            errors.push(FieldError::new("ftJournalType", message));
            0
        });
        let mut bound = |name: &str| {
            let value = members.get(name)?;
            let ticks = bound(value);
            if ticks.is_none() {
                errors.push(FieldError::new(name, "must be a 64-bit integer of ticks"));
            }
            ticks
        };
        let (from, to) = (bound("From"), bound("To"));
        if errors.is_empty() {
            let range = Range::new(from.unwrap_or(0), to.unwrap_or(0));
            Ok(Self { code, range })
        } else {
            Err(Failure::validation(errors))
        }
    }
}

fn code(value: &RawValue) -> Option<u64> {
    let Some(text) = text(value) else {
        return value.get().parse().ok();
    };
    let digits = text.trim().replace('_', "");
    match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}

fn bound(value: &RawValue) -> Option<i64> {
    let Some(text) = text(value) else {
        return value.get().parse().ok();
    };
    let text = text.trim();
    text.parse().ok().or_else(|| iso(text).map(ticks))
}

/// A moment, a moment without offset (UTC), or a date (its start in UTC).
fn iso(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc());
    }
    if let Ok(moment) = text.parse::<NaiveDateTime>() {
        return Some(moment.and_utc());
    }
    let date: NaiveDate = text.parse().ok()?;
    Some(date.and_hms_opt(0, 0, 0)?.and_utc())
}
