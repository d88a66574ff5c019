//! Parameters in paths, queries and headers.

use std::collections::BTreeMap;

use serde_json::Value;

use super::operation::Operation;
use super::schema::{Comparison, Pair};
use super::{Direction, Rules, Verdict};

/// Where it is sent, and the name there; for a path its position, because its name is not sent.
type Key = (String, String);

#[derive(Debug, Clone, Copy)]
struct Parameter<'a> {
    name: &'a str,
    location: &'a str,
    value: &'a Value,
}

impl<'a> Parameter<'a> {
    fn is_required(&self) -> bool {
        self.location == "path" || self.value.get("required") == Some(&Value::Bool(true))
    }

    fn schema(&self) -> Option<&'a Value> {
        let holder = match self.value.get("content").and_then(Value::as_object) {
            Some(content) => content.values().next()?,
            None => self.value,
        };
        holder.get("schema")
    }

    /// How a list is written; only this much of `style` changes what is sent for us.
    fn is_exploded(&self) -> bool {
        let default = self.value.get("style").is_none_or(|style| style == "form");
        match self.value.get("explode") {
            Some(explode) => *explode == Value::Bool(true),
            None => default && matches!(self.location, "query" | "cookie"),
        }
    }
}

fn parameters<'a>(operation: &Operation<'a>, rules: &Rules) -> BTreeMap<Key, Parameter<'a>> {
    let placeholders: Vec<&str> = operation
        .path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next())
        .collect();
    let lists = [operation.item, operation.value]
        .map(|holder| holder.get("parameters").and_then(Value::as_array));
    let mut found = BTreeMap::new();
    for value in lists.into_iter().flatten().flatten() {
        let value = operation.document.resolve(value).value;
        let text = |member: &str| value.get(member).and_then(Value::as_str);
        let (Some(name), Some(location)) = (text("name"), text("in")) else {
            continue;
        };
        let parameter = Parameter {
            name,
            location,
            value,
        };
        let lower = name.to_ascii_lowercase();
        let key = match location {
            "header" if rules.facade_headers.contains(&lower) => continue,
            "header" => lower,
            "path" => match placeholders.iter().position(|known| *known == name) {
                Some(position) => position.to_string(),
                // The pipeline drops it: there is no place to write it to.
                None => continue,
            },
            _ => name.to_owned(),
        };
        // The operation's own list comes second and wins.
        found.insert((location.to_owned(), key), parameter);
    }
    found
}

pub(super) fn compare<'a>(
    comparison: &mut Comparison<'a>,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    let before = parameters(old, comparison.rules);
    let mut after = parameters(new, comparison.rules);
    let label = new.label();
    let mut gone = Vec::new();
    for (key, parameter) in before {
        match after.remove(&key) {
            Some(other) => both(comparison, &label, parameter, other),
            None => gone.push(parameter),
        }
    }
    for parameter in gone {
        let same_name = after
            .iter()
            .find(|(_, other)| other.name.eq_ignore_ascii_case(parameter.name))
            .map(|(key, other)| (key.clone(), *other));
        let place = place(&label, parameter.name);
        if let Some((key, other)) = same_name {
            after.remove(&key);
            let what = format!("moved from {} to {}", parameter.location, other.location);
            let what = if parameter.location == other.location {
                format!("is spelled `{}` now", other.name)
            } else {
                what
            };
            comparison
                .changes
                .add(Verdict::Breaking, Direction::Request, &place, what);
            both(comparison, &label, parameter, other);
        } else {
            let what = format!("{} parameter removed", parameter.location);
            comparison
                .changes
                .add(Verdict::Breaking, Direction::Request, &place, what);
        }
    }
    for parameter in after.values() {
        let (verdict, need) = if parameter.is_required() {
            (Verdict::Breaking, "required")
        } else {
            (Verdict::Additive, "optional")
        };
        let what = format!("{need} {} parameter added", parameter.location);
        let place = place(&label, parameter.name);
        comparison
            .changes
            .add(verdict, Direction::Request, &place, what);
    }
}

fn place(label: &str, name: &str) -> String {
    format!("{label} parameter {name}")
}

fn both<'a>(comparison: &mut Comparison<'a>, label: &str, old: Parameter<'a>, new: Parameter<'a>) {
    static ANY: Value = Value::Null;
    let place = place(label, new.name);
    let mut add = |verdict, what: &str| {
        comparison
            .changes
            .add(verdict, Direction::Request, &place, what);
    };
    if old.location == "path" && new.location == "path" && old.name != new.name {
        let what = format!("path parameter `{}` is called `{}` now", old.name, new.name);
        // The builder's method has the name without its spelling.
        let squeezed = |name: &str| name.replace(['_', '-'], "").to_ascii_lowercase();
        if squeezed(old.name) == squeezed(new.name) {
            add(Verdict::None, &what);
        } else {
            add(Verdict::Breaking, &what);
        }
    }
    match (old.is_required(), new.is_required()) {
        (false, true) => add(Verdict::Breaking, "is required now"),
        (true, false) => add(Verdict::Additive, "is optional now"),
        _ => {}
    }
    let is_list = |parameter: &Parameter<'_>| {
        parameter
            .schema()
            .is_some_and(|schema| schema.get("type").is_some_and(|kind| kind == "array"))
    };
    if is_list(&old) && is_list(&new) && old.is_exploded() != new.is_exploded() {
        add(Verdict::Breaking, "the list is written in another way now");
    }
    if old.schema().is_some() || new.schema().is_some() {
        comparison.schemas(Pair {
            old: old.schema().unwrap_or(&ANY),
            new: new.schema().unwrap_or(&ANY),
            direction: Direction::Request,
            place,
            member: None,
            is_held_by_member: false,
        });
    }
}
