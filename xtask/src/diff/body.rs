//! Request bodies and answers: presence, media types, statuses.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::operation::Operation;
use super::schema::{Comparison, Pair};
use super::shape::Shape;
use super::{Direction, Rules, Verdict};
use crate::document::Document;

/// Any JSON, where a media type has no schema.
static ANY: Value = Value::Null;

/// The media types of one body, with all spellings of JSON as one.
#[derive(Debug, Default)]
struct Content<'a> {
    json: Option<&'a Value>,
    others: BTreeMap<String, &'a Value>,
}

impl<'a> Content<'a> {
    fn of(holder: &'a Value) -> Option<Self> {
        let declared = holder.get("content").and_then(Value::as_object)?;
        if declared.is_empty() {
            return None;
        }
        let mut content = Self {
            json: json_schema(declared),
            others: BTreeMap::new(),
        };
        for (media_type, holder) in declared {
            let essence = essence(media_type);
            // `text/plain` beside JSON is a habit of the exporter.
            let is_habit = content.json.is_some() && essence == "text/plain";
            if !is_json(&essence) && !is_habit {
                let schema = holder.get("schema").unwrap_or(&ANY);
                content.others.insert(essence, schema);
            }
        }
        Some(content)
    }

    fn labels(&self) -> BTreeSet<&str> {
        let json = self.json.map(|_| "JSON");
        self.others.keys().map(String::as_str).chain(json).collect()
    }
}

fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn is_json(essence: &str) -> bool {
    matches!(essence, "application/json" | "text/json") || essence.ends_with("+json")
}

/// The schema of the JSON form; `application/json` before its variants.
fn json_schema(content: &Map<String, Value>) -> Option<&Value> {
    let holder = content.get("application/json").or_else(|| {
        content
            .iter()
            .find(|(media_type, _)| is_json(&essence(media_type)))
            .map(|(_, holder)| holder)
    })?;
    Some(holder.get("schema").unwrap_or(&ANY))
}

fn request_body<'a>(operation: &Operation<'a>) -> Option<&'a Value> {
    let body = operation.value.get("requestBody")?;
    Some(operation.document.resolve(body).value)
}

/// The answers of an operation, parted as a caller meets them.
struct Answers<'a> {
    successes: BTreeMap<&'a str, Option<Content<'a>>>,
    errors: BTreeMap<&'a str, Option<Content<'a>>>,
}

impl<'a> Answers<'a> {
    fn of(operation: &Operation<'a>) -> Self {
        let mut answers = Self {
            successes: BTreeMap::new(),
            errors: BTreeMap::new(),
        };
        let Some(responses) = operation.value.get("responses").and_then(Value::as_object) else {
            return answers;
        };
        let has_success = responses.keys().any(|status| status.starts_with('2'));
        for (status, response) in responses {
            let content = Content::of(operation.document.resolve(response).value);
            if status.starts_with('2') || (status == "default" && !has_success) {
                answers.successes.insert(status, content);
            } else {
                answers.errors.insert(status, content);
            }
        }
        answers
    }

    fn can_be_empty(&self) -> bool {
        self.successes.values().any(Option::is_none)
    }

    fn media_types(&self) -> BTreeSet<&str> {
        self.successes
            .values()
            .flatten()
            .flat_map(Content::labels)
            .collect()
    }

    /// The different JSON schemas of success.
    fn json(&self, document: &'a Document) -> Vec<&'a Value> {
        let mut different: Vec<&Value> = Vec::new();
        for schema in self
            .successes
            .values()
            .flatten()
            .filter_map(|content| content.json)
        {
            let is_known = different
                .iter()
                .any(|known| document.resolve(known).value == document.resolve(schema).value);
            if !is_known {
                different.push(schema);
            }
        }
        different
    }

    /// What a caller gets for an error status: itself, its range, or the rest.
    fn error(&self, status: &str) -> Option<&Option<Content<'a>>> {
        let range = status.get(..1).map(|first| format!("{first}XX"));
        self.errors
            .get(status)
            .or_else(|| self.errors.get(range?.as_str()))
            .or_else(|| self.errors.get("default"))
    }
}

/// The schemas that are a whole answer, and no whole request.
pub(super) fn whole_answers<'a>(
    comparison: &Comparison<'a>,
    pairs: &[(Operation<'a>, Operation<'a>)],
) -> HashSet<*const Value> {
    let address = |document: &'a Document, schema: &'a Value, rules: &'a Rules| {
        let shape = Shape::of(document, schema, None, rules);
        shape.name.map(|_| std::ptr::from_ref(shape.schema))
    };
    let operations = || pairs.iter().flat_map(|(old, new)| [old, new]);
    let requests: HashSet<_> = operations()
        .filter_map(|operation| {
            let schema = Content::of(request_body(operation)?)?.json?;
            address(operation.document, schema, comparison.rules)
        })
        .collect();
    operations()
        .flat_map(|operation| {
            let schemas = Answers::of(operation).json(operation.document);
            schemas
                .into_iter()
                .filter_map(move |schema| address(operation.document, schema, comparison.rules))
        })
        .filter(|answer| !requests.contains(answer))
        .collect()
}

pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    request(comparison, old, new);
    let place = format!("{} answer", new.label());
    let (before, after) = (Answers::of(old), Answers::of(new));
    successes(comparison, &place, &before, &after);
    errors(comparison, &new.label(), &before, &after);
}

fn request<'a>(comparison: &mut Comparison<'a>, old: &Operation<'a>, new: &Operation<'a>) {
    let place = format!("{} body", new.label());
    let is_required = |body: &Value| body.get("required") == Some(&Value::Bool(true));
    let mut add = |verdict, what: &str| {
        comparison
            .changes
            .add(verdict, Direction::Request, &place, what);
    };
    let (before, after) = match (request_body(old), request_body(new)) {
        (None, None) => return,
        (None, Some(body)) if is_required(body) => {
            return add(Verdict::Breaking, "required body added");
        }
        (None, Some(_)) => return add(Verdict::Additive, "optional body added"),
        (Some(_), None) => return add(Verdict::Breaking, "body removed"),
        (Some(before), Some(after)) => (before, after),
    };
    match (is_required(before), is_required(after)) {
        (false, true) => add(Verdict::Breaking, "is required now"),
        (true, false) => add(Verdict::Additive, "is optional now"),
        _ => {}
    }
    let before = Content::of(before).unwrap_or_default();
    let after = Content::of(after).unwrap_or_default();
    media_types(
        comparison,
        Direction::Request,
        &place,
        &before.labels(),
        &after.labels(),
    );
    contents(comparison, Direction::Request, &place, &before, &after);
}

fn media_types(
    comparison: &mut Comparison<'_>,
    direction: Direction,
    place: &str,
    before: &BTreeSet<&str>,
    after: &BTreeSet<&str>,
) {
    for media_type in before.difference(after) {
        let what = format!("media type {media_type} removed");
        comparison
            .changes
            .add(Verdict::Breaking, direction, place, what);
    }
    for media_type in after.difference(before) {
        let what = format!("media type {media_type} added");
        comparison
            .changes
            .add(Verdict::Additive, direction, place, what);
    }
}

/// The schemas of media types that both have.
fn contents<'a>(
    comparison: &mut Comparison<'a>,
    direction: Direction,
    place: &str,
    before: &Content<'a>,
    after: &Content<'a>,
) {
    let others = before
        .others
        .iter()
        .filter_map(|(media_type, schema)| Some((*schema, *after.others.get(media_type)?)));
    for (old, new) in before.json.zip(after.json).into_iter().chain(others) {
        comparison.schemas(Pair {
            old,
            new,
            direction,
            place: place.to_owned(),
            member: None,
            is_held_by_member: false,
        });
    }
}

fn successes<'a>(
    comparison: &mut Comparison<'a>,
    place: &str,
    before: &Answers<'a>,
    after: &Answers<'a>,
) {
    let statuses = |answers: &Answers<'_>| {
        let list: Vec<&str> = answers.successes.keys().copied().collect();
        list.join(", ")
    };
    let mut add = |verdict, what: &str| {
        comparison
            .changes
            .add(verdict, Direction::Response, place, what);
    };
    if before.successes.keys().ne(after.successes.keys()) {
        let what = format!(
            "statuses of success changed from {} to {}",
            statuses(before),
            statuses(after)
        );
        add(Verdict::None, &what);
    }
    let (was, is) = (before.media_types(), after.media_types());
    // Bytes for JSON beside other documents, JSON otherwise: the type of the answer.
    let is_bytes = |types: &BTreeSet<&str>| types.iter().any(|media_type| *media_type != "JSON");
    match (before.can_be_empty(), after.can_be_empty()) {
        _ if was.is_empty() && is.is_empty() => return,
        // Nothing to read before: reading is new, and nobody has to.
        (_, _) if was.is_empty() => return add(Verdict::Breaking, "has a body now"),
        (_, _) if is.is_empty() => return add(Verdict::Breaking, "has no body any more"),
        (false, true) => add(Verdict::Breaking, "can be without a body now"),
        // JSON that can be missing is read as bytes.
        (true, false) if is_bytes(&is) => add(Verdict::Additive, "always has a body now"),
        (true, false) => add(Verdict::Breaking, "always has a body now, of another type"),
        _ => {}
    }
    if is_bytes(&was) != is_bytes(&is) {
        let name = |bytes: bool| if bytes { "bytes" } else { "JSON" };
        let what = format!(
            "type changed from {} to {}",
            name(is_bytes(&was)),
            name(is_bytes(&is))
        );
        add(Verdict::Breaking, &what);
    }
    media_types(comparison, Direction::Response, place, &was, &is);
    let old_json = before.json(comparison.old);
    let new_json = after.json(comparison.new);
    match (old_json.as_slice(), new_json.as_slice()) {
        ([old], [new]) => comparison.schemas(Pair {
            old,
            new,
            direction: Direction::Response,
            place: place.to_owned(),
            member: None,
            is_held_by_member: false,
        }),
        ([], _) | (_, []) => {}
        ([_], several) | (several, [_]) if several.len() > 1 => comparison.changes.add(
            Verdict::Breaking,
            Direction::Response,
            place,
            "whether statuses of success share one schema changed",
        ),
        _ => {
            for (status, content) in &before.successes {
                let other = after.successes.get(status).and_then(Option::as_ref);
                if let (Some(content), Some(other)) = (content, other) {
                    let place = format!("{place} {status}");
                    contents(comparison, Direction::Response, &place, content, other);
                }
            }
        }
    }
}

/// An undeclared error status is handled by the client all the same, so statuses only inform.
fn errors<'a>(
    comparison: &mut Comparison<'a>,
    label: &str,
    before: &Answers<'a>,
    after: &Answers<'a>,
) {
    for (status, content) in &before.errors {
        let place = format!("{label} status {status}");
        let Some(other) = after.error(status) else {
            comparison
                .changes
                .add(Verdict::None, Direction::Response, &place, "error removed");
            continue;
        };
        match (content, other) {
            (Some(content), Some(other)) => {
                let (was, is) = (content.labels(), other.labels());
                media_types(comparison, Direction::Response, &place, &was, &is);
                contents(comparison, Direction::Response, &place, content, other);
            }
            (Some(_), None) => comparison.changes.add(
                Verdict::Breaking,
                Direction::Response,
                &place,
                "error has no body any more",
            ),
            (None, Some(_)) => comparison.changes.add(
                Verdict::Additive,
                Direction::Response,
                &place,
                "error has a body now",
            ),
            (None, None) => {}
        }
    }
    for status in after.errors.keys() {
        if before.error(status).is_none() {
            let place = format!("{label} status {status}");
            let verdict = match *status {
                // It covers what was listed one by one.
                "default" if !before.errors.is_empty() => Verdict::None,
                _ => Verdict::Additive,
            };
            comparison
                .changes
                .add(verdict, Direction::Response, &place, "error added");
        }
    }
}
