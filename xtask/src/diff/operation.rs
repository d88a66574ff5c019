//! Operations: which there are, and which of the old ones a new one is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::schema::Comparison;
use super::{Direction, Verdict, body, parameter, security};
use crate::document::Document;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// One method of one path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation<'a> {
    pub(super) document: &'a Document,
    pub(super) method: &'static str,
    pub(super) path: &'a str,
    /// What stands at the path: parameters of all its methods.
    pub(super) item: &'a Value,
    pub(super) value: &'a Value,
}

impl<'a> Operation<'a> {
    /// `POST /sign`.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    fn id(&self) -> Option<&'a str> {
        self.value.get("operationId")?.as_str()
    }
}

/// Method and path, with the names of path parameters left out.
type Key = (String, &'static str);

fn operations(document: &Document) -> BTreeMap<Key, Operation<'_>> {
    let mut operations = BTreeMap::new();
    let paths = document.root().get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        let item = document.resolve(item).value;
        for method in METHODS {
            let Some(value) = item.get(method).filter(|value| value.is_object()) else {
                continue;
            };
            let operation = Operation {
                document,
                method,
                path,
                item,
                value,
            };
            let key = (nameless(path), method);
            let key = if operations.contains_key(&key) {
                (path.clone(), method)
            } else {
                key
            };
            operations.insert(key, operation);
        }
    }
    operations
}

/// `/issue/{QueueId}` to `/issue/{}`.
fn nameless(path: &str) -> String {
    let segments: Vec<&str> = path
        .split('/')
        .map(|segment| {
            if segment.starts_with('{') && segment.ends_with('}') {
                "{}"
            } else {
                segment
            }
        })
        .collect();
    segments.join("/")
}

/// Number of operations of a document.
pub(crate) fn count(document: &Document) -> usize {
    operations(document).len()
}

pub(super) fn compare(comparison: &mut Comparison<'_>) {
    let mut removed = operations(comparison.old);
    let mut added = operations(comparison.new);
    let mut pairs = Vec::new();
    let shared: Vec<Key> = removed
        .keys()
        .filter(|key| added.contains_key(*key))
        .cloned()
        .collect();
    for key in shared {
        if let (Some(old), Some(new)) = (removed.remove(&key), added.remove(&key)) {
            pairs.push((old, new));
        }
    }
    for (old, new) in moved(&mut removed, &mut added) {
        let what = format!("moved to {}", new.label());
        comparison
            .changes
            .add(Verdict::Breaking, Direction::Call, &old.label(), what);
        pairs.push((old, new));
    }
    for operation in removed.values() {
        let place = operation.label();
        comparison.changes.add(
            Verdict::Breaking,
            Direction::Call,
            &place,
            "operation removed",
        );
    }
    for operation in added.values() {
        let place = operation.label();
        comparison.changes.add(
            Verdict::Additive,
            Direction::Call,
            &place,
            "operation added",
        );
    }
    comparison.answers = body::whole_answers(comparison, &pairs);
    for (old, new) in &pairs {
        heads(comparison, old, new);
        parameter::compare(comparison, old, new);
        security::compare(comparison, old, new);
        body::compare(comparison, old, new);
    }
}

/// Operations under another path or method: told by a unique id, by a path that differs in case
/// alone, or by what it takes.
fn moved<'a>(
    removed: &mut BTreeMap<Key, Operation<'a>>,
    added: &mut BTreeMap<Key, Operation<'a>>,
) -> Vec<(Operation<'a>, Operation<'a>)> {
    let mut pairs = Vec::new();
    let signs: [fn(&Operation<'_>) -> Option<String>; 3] = [
        |operation| Some(squeezed(operation.id()?)),
        |operation| {
            let path = nameless(operation.path).to_ascii_lowercase();
            Some(format!("{} {path}", operation.method))
        },
        requested,
    ];
    for sign in signs {
        let before = unique(removed, sign);
        let after = unique(added, sign);
        for (sign, key) in before {
            let Some(target) = after.get(&sign) else {
                continue;
            };
            if let (Some(old), Some(new)) = (removed.remove(&key), added.remove(target)) {
                pairs.push((old, new));
            }
        }
    }
    pairs
}

/// The operations that alone have a sign.
fn unique(
    operations: &BTreeMap<Key, Operation<'_>>,
    sign: fn(&Operation<'_>) -> Option<String>,
) -> BTreeMap<String, Key> {
    let mut found: BTreeMap<String, Key> = BTreeMap::new();
    let mut several = BTreeSet::new();
    for (key, operation) in operations {
        if let Some(sign) = sign(operation)
            && found.insert(sign.clone(), key.clone()).is_some()
        {
            several.insert(sign);
        }
    }
    found.retain(|sign, _| !several.contains(sign));
    found
}

/// An id as it survives another spelling.
fn squeezed(id: &str) -> String {
    id.chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase()
}

/// The components of the request: an operation that takes the same ones may be the same one.
fn requested(operation: &Operation<'_>) -> Option<String> {
    let mut references = BTreeSet::new();
    let mut open = vec![operation.value.get("requestBody")?];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                references.extend(object.get("$ref").map(Value::to_string));
                open.extend(object.values());
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    (!references.is_empty()).then(|| format!("{references:?}"))
}

/// Id and deprecation.
fn heads(comparison: &mut Comparison<'_>, old: &Operation<'_>, new: &Operation<'_>) {
    let place = new.label();
    let mut note = |what: String| {
        comparison
            .changes
            .add(Verdict::None, Direction::Call, &place, what);
    };
    let is_deprecated =
        |operation: &Operation<'_>| operation.value.get("deprecated") == Some(&Value::Bool(true));
    match (old.id(), new.id()) {
        (Some(before), Some(after)) if before != after => {
            note(format!("operationId changed from `{before}` to `{after}`"));
        }
        (None, Some(after)) => note(format!("operationId `{after}` added")),
        (Some(before), None) => note(format!("operationId `{before}` removed")),
        _ => {}
    }
    if is_deprecated(new) && !is_deprecated(old) {
        note("is deprecated now".into());
    }
}
