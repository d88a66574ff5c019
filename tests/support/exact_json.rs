//! JSON compared by its text: numbers are decimals of any length, never binary floats.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::value::RawValue;

/// A JSON value with its numbers as they were written.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Exact {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Exact>),
    Object(BTreeMap<String, Exact>),
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(text) => f.write_str(text),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::List(entries) => f.debug_list().entries(entries).finish(),
            Self::Object(members) => f.debug_map().entries(members).finish(),
        }
    }
}

impl Exact {
    /// Reads a document. A byte order mark in front is skipped.
    pub(crate) fn read(json: &str) -> serde_json::Result<Self> {
        let raw: &RawValue = serde_json::from_str(json.trim_start_matches('\u{feff}'))?;
        let text = raw.get();
        Ok(match text.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'"') => Self::Text(serde_json::from_str(text)?),
            Some(b'[') => Self::List(
                serde_json::from_str::<Vec<&RawValue>>(text)?
                    .into_iter()
                    .map(|entry| Self::read(entry.get()))
                    .collect::<serde_json::Result<_>>()?,
            ),
            Some(b'{') => Self::Object(
                serde_json::from_str::<BTreeMap<String, &RawValue>>(text)?
                    .into_iter()
                    .map(|(name, value)| Ok((name, Self::read(value.get())?)))
                    .collect::<serde_json::Result<_>>()?,
            ),
            _ => Self::Number(text.to_owned()),
        })
    }
}

/// A number as sign, digits without zeros at either end, and the power of ten of the last digit.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

fn decimal(text: &str) -> Decimal {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().unwrap_or(i64::MAX)),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0');
    let digits = significant.trim_end_matches('0');
    if digits.is_empty() {
        return Decimal {
            negative: false,
            digits: String::new(),
            exponent: 0,
        };
    }
    let fraction_digits = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let dropped = i64::try_from(significant.len() - digits.len()).unwrap_or(i64::MAX);
    Decimal {
        negative,
        digits: digits.to_owned(),
        exponent: exponent - fraction_digits + dropped,
    }
}

/// What reading and writing back may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rules {
    /// Nothing but the spelling of a number with the same value.
    Values,
    /// What the API treats as equal as well: null or an empty list and a missing member, a code as
    /// text and as number, ids in any letter case, either spelling of `…ID` and `…Id`.
    Meaning,
}

/// The paths at which two documents differ, each with both values.
pub(crate) fn differences(before: &Exact, after: &Exact, rules: Rules) -> Vec<String> {
    let mut found = Vec::new();
    compare("$", "", before, after, rules, &mut found);
    found
}

/// Lists that servers leave out when they are empty.
const LISTS: [&str; 9] = [
    "cbChargeItems",
    "cbPayItems",
    "ftChargeItems",
    "ftChargeLines",
    "ftPayItems",
    "ftPayLines",
    "ftReceiptFooter",
    "ftReceiptHeader",
    "ftSignatures",
];

/// The 64-bit codes.
const CODES: [&str; 7] = [
    "ftReceiptCase",
    "ftChargeItemCase",
    "ftPayItemCase",
    "ftState",
    "ftSignatureFormat",
    "ftSignatureType",
    "ftJournalType",
];

/// Members whose names the API spells in two ways.
const ALIASED: [&str; 8] = [
    "ftCashBoxID",
    "ftPosSystemID",
    "ftQueueID",
    "ftQueueItemID",
    "ftChargeItemID",
    "ftPayItemID",
    "ftSignatureItemID",
    "cbTerminalID",
];

/// Members that hold one id of the API.
fn holds_id(name: &str) -> bool {
    name.starts_with("ft") && (name.ends_with("ID") || name.ends_with("Id"))
}

fn canonical(name: &str, rules: Rules) -> String {
    let alias = name.strip_suffix("Id").map(|stem| format!("{stem}ID"));
    match alias {
        Some(alias) if rules == Rules::Meaning && ALIASED.contains(&alias.as_str()) => alias,
        _ => name.to_owned(),
    }
}

/// Whether a member with this value says as much as no member.
fn says_nothing(name: &str, value: &Exact, rules: Rules) -> bool {
    rules == Rules::Meaning
        && match value {
            Exact::Null => true,
            Exact::List(entries) => entries.is_empty() && LISTS.contains(&name),
            _ => false,
        }
}

fn code(value: &Exact) -> Option<u64> {
    match value {
        Exact::Number(text) => text.parse().ok(),
        Exact::Text(text) => {
            let digits: String = text.trim().chars().filter(|digit| *digit != '_').collect();
            let hexadecimal = digits.strip_prefix("0x").or(digits.strip_prefix("0X"));
            match hexadecimal {
                Some(digits) => u64::from_str_radix(digits, 16).ok(),
                None => digits.parse().ok(),
            }
        }
        _ => None,
    }
}

fn compare(
    path: &str,
    name: &str,
    before: &Exact,
    after: &Exact,
    rules: Rules,
    found: &mut Vec<String>,
) {
    let same = match (before, after) {
        (Exact::Object(before), Exact::Object(after)) => {
            return compare_members(path, before, after, rules, found);
        }
        (Exact::List(before), Exact::List(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                compare(
                    &format!("{path}[{index}]"),
                    name,
                    before,
                    after,
                    rules,
                    found,
                );
            }
            return;
        }
        (Exact::Number(before), Exact::Number(after)) => decimal(before) == decimal(after),
        (Exact::Text(before), Exact::Text(after)) if rules == Rules::Meaning && holds_id(name) => {
            before.eq_ignore_ascii_case(after)
        }
        _ => before == after,
    };
    let same_code = || {
        rules == Rules::Meaning
            && CODES.contains(&name)
            && code(before).is_some()
            && code(before) == code(after)
    };
    if !same && !same_code() {
        found.push(format!("{path}: {before:?} became {after:?}"));
    }
}

fn compare_members(
    path: &str,
    before: &BTreeMap<String, Exact>,
    after: &BTreeMap<String, Exact>,
    rules: Rules,
    found: &mut Vec<String>,
) {
    let members = |object: &BTreeMap<String, Exact>| -> BTreeMap<String, Exact> {
        object
            .iter()
            .filter(|(name, value)| !says_nothing(name, value, rules))
            .map(|(name, value)| (canonical(name, rules), value.clone()))
            .collect()
    };
    let (before, after) = (members(before), members(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let path = format!("{path}.{name}");
        match (before.get(name), after.get(name)) {
            (Some(before), Some(after)) => compare(&path, name, before, after, rules, found),
            (Some(before), None) => found.push(format!("{path}: {before:?} was lost")),
            (None, Some(after)) => found.push(format!("{path}: {after:?} was added")),
            (None, None) => {}
        }
    }
}
