//! What a server may refuse in a request although the type fits.
//!
//! The client checks none of it, and never refuses an answer for it, so only requests are judged.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Verdict;

/// Keywords whose value is an upper bound.
const UPPER: [&str; 4] = ["maximum", "maxItems", "maxLength", "maxProperties"];
/// Keywords whose value is a lower bound.
const LOWER: [&str; 4] = ["minimum", "minItems", "minLength", "minProperties"];
/// Keywords that restrict in a way that has no order.
const OTHER: [&str; 5] = [
    "exclusiveMaximum",
    "exclusiveMinimum",
    "multipleOf",
    "pattern",
    "uniqueItems",
];

/// What became of the limits between two schemas of a request.
pub(super) fn changes(old: &Value, new: &Value) -> Vec<(Verdict, String)> {
    let mut found = Vec::new();
    for keyword in UPPER.iter().chain(&LOWER).chain(&OTHER) {
        let (before, after) = (limit(old, keyword), limit(new, keyword));
        let verdict = match (before, after) {
            (None, None) => continue,
            (Some(before), Some(after)) if same(before, after) => continue,
            (Some(_), None) => Verdict::Additive,
            (Some(before), Some(after)) if is_wider(keyword, before, after) => Verdict::Additive,
            _ => Verdict::Breaking,
        };
        found.push((
            verdict,
            format!(
                "`{keyword}` changed from {} to {}",
                shown(before),
                shown(after)
            ),
        ));
    }
    found.extend(values(old, new));
    found.extend(default(old, new));
    found
}

/// A keyword's value; `false` restricts nothing.
fn limit<'a>(schema: &'a Value, keyword: &str) -> Option<&'a Value> {
    schema
        .get(keyword)
        .filter(|value| **value != Value::Bool(false))
}

fn is_wider(keyword: &str, before: &Value, after: &Value) -> bool {
    let (Some(before), Some(after)) = (before.as_f64(), after.as_f64()) else {
        return false;
    };
    (UPPER.contains(&keyword) && after > before) || (LOWER.contains(&keyword) && after < before)
}

/// 1 and 1.0 are one value.
fn same(one: &Value, other: &Value) -> bool {
    one == other || (one.is_number() && one.as_f64() == other.as_f64())
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| String::from("nothing"), |value| format!("`{value}`"))
}

/// Lists of values other than texts: the client keeps the type and forgets the list.
fn values(old: &Value, new: &Value) -> Vec<(Verdict, String)> {
    match (other_values(old), other_values(new)) {
        (None, None) => Vec::new(),
        (None, Some(_)) => vec![(
            Verdict::Breaking,
            "is restricted to listed values now".into(),
        )],
        (Some(_), None) => vec![(
            Verdict::Additive,
            "takes other than the listed values now".into(),
        )],
        (Some(before), Some(after)) => {
            let removed = before
                .difference(&after)
                .map(|value| (Verdict::Breaking, format!("value `{value}` removed")));
            let added = after
                .difference(&before)
                .map(|value| (Verdict::Additive, format!("value `{value}` added")));
            removed.chain(added).collect()
        }
    }
}

fn other_values(schema: &Value) -> Option<BTreeSet<String>> {
    let values = schema.get("enum")?.as_array()?;
    let is_other = values
        .iter()
        .any(|value| !value.is_string() && !value.is_null());
    is_other.then(|| values.iter().map(Value::to_string).collect())
}

/// An omitted member means something else when its default changes.
fn default(old: &Value, new: &Value) -> Option<(Verdict, String)> {
    let (before, after) = (old.get("default"), new.get("default"));
    let verdict = match (before, after) {
        (None, None) => return None,
        (Some(before), Some(after)) if same(before, after) => return None,
        (Some(_), Some(_)) => Verdict::Breaking,
        _ => Verdict::None,
    };
    Some((
        verdict,
        format!("default changed from {} to {}", shown(before), shown(after)),
    ))
}
