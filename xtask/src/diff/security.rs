//! Credentials other than those the facade sends.

use std::collections::BTreeSet;

use serde_json::Value;

use super::operation::Operation;
use super::schema::Comparison;
use super::{Direction, Rules, Verdict};

/// The ways to be let in, each a set of credentials that the facade does not send itself.
fn ways_in(operation: &Operation<'_>, rules: &Rules) -> BTreeSet<BTreeSet<String>> {
    let root = operation.document.root();
    let declared = operation
        .value
        .get("security")
        .or_else(|| root.get("security"));
    let is_sent = |name: &str| {
        let scheme = root
            .get("components")
            .and_then(|components| components.get("securitySchemes")?.get(name))
            .map(|scheme| operation.document.resolve(scheme).value);
        let text = |member: &str| scheme?.get(member)?.as_str();
        text("in") == Some("header")
            && text("name")
                .is_some_and(|name| rules.facade_headers.contains(&name.to_ascii_lowercase()))
    };
    declared
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|way| way.keys().filter(|name| !is_sent(name)).cloned().collect())
        .collect()
}

pub(super) fn compare(comparison: &mut Comparison<'_>, old: &Operation<'_>, new: &Operation<'_>) {
    let is_open =
        |ways: &BTreeSet<BTreeSet<String>>| ways.is_empty() || ways.iter().any(BTreeSet::is_empty);
    let before = ways_in(old, comparison.rules);
    let after = ways_in(new, comparison.rules);
    let place = new.label();
    let mut add = |verdict, what: &str| {
        comparison
            .changes
            .add(verdict, Direction::Request, &place, what);
    };
    match (is_open(&before), is_open(&after)) {
        (true, true) => {}
        (true, false) => add(
            Verdict::Breaking,
            "needs credentials that the client does not send",
        ),
        (false, true) => add(
            Verdict::Additive,
            "needs no credentials beyond the client's own now",
        ),
        (false, false) if before.is_subset(&after) => {}
        (false, false) => add(Verdict::Breaking, "needs other credentials now"),
    }
}
