//! What a schema means to a caller, whatever way it is spelled.
//!
//! The rules are those of the pipeline: references followed, `allOf` around one part dropped, null
//! alternatives read as `nullable`, every number with a fraction an amount.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use super::Rules;
use crate::document::{Document, reference};

/// Wrappers taken off in a row before a circle is assumed.
const MOST_WRAPPERS: usize = 64;

/// The meaning of one schema.
#[derive(Debug)]
pub(super) struct Shape<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) is_nullable: bool,
    /// The schema without its wrappers: limits and default stand here.
    pub(super) schema: &'a Value,
    /// The component it is, if it is one.
    pub(super) name: Option<&'a str>,
}

/// The type, as the client has it.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    Any,
    Amount,
    Integer(&'static str),
    Text,
    Moment,
    Id,
    Bytes,
    Boolean,
    Code(&'a str),
    Enumeration(BTreeSet<&'a str>),
    List(Option<&'a Value>),
    Map(Option<&'a Value>),
    Object(Members<'a>),
    OneOf(Vec<&'a Value>),
    Dangling(&'a str),
}

/// The members of an object.
#[derive(Debug, Default)]
pub(super) struct Members<'a> {
    pub(super) schemas: BTreeMap<&'a str, &'a Value>,
    pub(super) required: BTreeSet<&'a str>,
}

impl Kind<'_> {
    /// What to call it. Kinds with the same label are of one type, apart from what they hold.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Any => "any JSON".into(),
            Self::Amount => "amount".into(),
            Self::Integer(width) => (*width).into(),
            Self::Text => "text".into(),
            Self::Moment => "moment".into(),
            Self::Id => "uuid".into(),
            Self::Bytes => "bytes".into(),
            Self::Boolean => "boolean".into(),
            Self::Code(name) => format!("code {name}"),
            Self::Enumeration(_) => "enumeration".into(),
            Self::List(_) => "list".into(),
            Self::Map(_) => "map".into(),
            Self::Object(_) => "object".into(),
            Self::OneOf(_) => "one of several".into(),
            Self::Dangling(target) => format!("dangling reference {target}"),
        }
    }
}

impl<'a> Shape<'a> {
    /// The meaning of `schema`. `member` is the name of the member it describes, if it does.
    pub(super) fn of(
        document: &'a Document,
        schema: &'a Value,
        member: Option<&str>,
        rules: &'a Rules,
    ) -> Self {
        let mut shape = unwrapped(document, schema);
        if let Some(code) = member.and_then(|member| rules.codes.get(member)) {
            let is_structure = matches!(shape.kind, Kind::Object(_) | Kind::Map(_) | Kind::List(_));
            if !is_structure {
                shape.kind = Kind::Code(code);
            }
        }
        shape
    }
}

fn unwrapped<'a>(document: &'a Document, schema: &'a Value) -> Shape<'a> {
    let (mut schema, mut name, mut is_nullable) = (schema, None, false);
    for _ in 0..MOST_WRAPPERS {
        is_nullable |= says_nullable(schema);
        let resolved = document.resolve(schema);
        schema = resolved.value;
        name = resolved.name.or(name);
        is_nullable |= says_nullable(schema);
        match inner(schema) {
            Some(only) => schema = only,
            None => break,
        }
    }
    Shape {
        kind: kind(document, schema),
        is_nullable,
        schema,
        name,
    }
}

/// The one schema that `schema` is only a wrapper of.
fn inner(schema: &Value) -> Option<&Value> {
    if has_members(schema) {
        return None;
    }
    match (parts(schema).as_slice(), alternatives(schema).as_slice()) {
        ([only], []) | ([], [only]) => Some(only),
        _ => None,
    }
}

fn kind<'a>(document: &'a Document, schema: &'a Value) -> Kind<'a> {
    if let Some(target) = reference(schema) {
        return Kind::Dangling(target);
    }
    if parts(schema).len() > 1 || (has_members(schema) && !parts(schema).is_empty()) {
        return composed(document, schema).map_or(Kind::Any, Kind::Object);
    }
    let alternatives = alternatives(schema);
    if !alternatives.is_empty() && !has_members(schema) {
        return one_of(document, alternatives);
    }
    let text = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
    match (text("type"), text("format")) {
        (Some("number"), _) | (Some("string"), Some("decimal")) => Kind::Amount,
        (Some("integer"), format) => Kind::Integer(width(format)),
        (Some("boolean"), _) => Kind::Boolean,
        (Some("array"), _) => Kind::List(schema.get("items")),
        (Some("string") | None, _) if texts(schema).is_some_and(|texts| !texts.is_empty()) => {
            Kind::Enumeration(texts(schema).unwrap_or_default())
        }
        (Some("string"), Some("date-time")) => Kind::Moment,
        (Some("string"), Some("uuid")) => Kind::Id,
        (Some("string"), Some("binary")) => Kind::Bytes,
        (Some("string"), _) => Kind::Text,
        _ if has_members(schema) => {
            let mut members = Members::default();
            members.add(schema);
            Kind::Object(members)
        }
        (Some("object"), _) => Kind::Map(typed_values(schema)),
        _ if schema.get("additionalProperties").is_some() => Kind::Map(typed_values(schema)),
        _ => Kind::Any,
    }
}

fn width(format: Option<&str>) -> &'static str {
    match format {
        Some("int8") => "int8",
        Some("int16") => "int16",
        Some("int32") => "int32",
        Some("uint8") => "uint8",
        Some("uint16") => "uint16",
        Some("uint32") => "uint32",
        Some("uint64") => "uint64",
        _ => "int64",
    }
}

/// A union, after the pipeline's rules for what no type could tell apart.
fn one_of<'a>(document: &'a Document, alternatives: Vec<&'a Value>) -> Kind<'a> {
    let shallow: Vec<Shape<'_>> = alternatives
        .iter()
        .map(|alternative| shallow(document, alternative))
        .collect();
    let all = |test: fn(&Kind<'_>) -> bool| shallow.iter().all(|shape| test(&shape.kind));
    let any = |test: fn(&Kind<'_>) -> bool| shallow.iter().any(|shape| test(&shape.kind));
    let is_whole = |kind: &Kind<'_>| matches!(kind, Kind::Integer(_));
    let is_number = |kind: &Kind<'_>| matches!(kind, Kind::Integer(_) | Kind::Amount);
    let is_text = |kind: &Kind<'_>| {
        matches!(
            kind,
            Kind::Text | Kind::Moment | Kind::Id | Kind::Enumeration(_)
        )
    };
    let is_object = |kind: &Kind<'_>| matches!(kind, Kind::Object(_) | Kind::Map(_));
    if all(is_whole) {
        Kind::Integer("int64")
    } else if all(is_number) {
        Kind::Amount
    } else if all(is_text) {
        let values: BTreeSet<&str> = shallow
            .iter()
            .filter_map(|shape| texts(shape.schema))
            .flatten()
            .collect();
        if values.is_empty() {
            Kind::Text
        } else {
            Kind::Enumeration(values)
        }
    } else if any(|kind| matches!(kind, Kind::Any)) || (any(is_object) && !all(is_object)) {
        Kind::Any
    } else {
        Kind::OneOf(alternatives)
    }
}

/// As [`unwrapped`], but unions inside stay unions: no search without end.
fn shallow<'a>(document: &'a Document, schema: &'a Value) -> Shape<'a> {
    let (mut schema, mut name) = (schema, None);
    for _ in 0..MOST_WRAPPERS {
        let resolved = document.resolve(schema);
        schema = resolved.value;
        name = resolved.name.or(name);
        match inner(schema) {
            Some(only) => schema = only,
            None => break,
        }
    }
    let is_union = !alternatives(schema).is_empty() && !has_members(schema);
    Shape {
        kind: if is_union {
            Kind::OneOf(Vec::new())
        } else {
            kind(document, schema)
        },
        is_nullable: false,
        schema,
        name,
    }
}

/// What tells alternatives apart: the component, or else the label of the type.
pub(super) fn alternative_key(document: &Document, alternative: &Value) -> (String, bool) {
    let shape = shallow(document, alternative);
    match shape.name {
        Some(name) => (name.to_owned(), true),
        None => (shape.kind.label(), false),
    }
}

/// The members of all parts together; nothing if a part is no object.
fn composed<'a>(document: &'a Document, schema: &'a Value) -> Option<Members<'a>> {
    let mut members = Members::default();
    let mut seen = HashSet::new();
    let mut open = vec![schema];
    while let Some(part) = open.pop() {
        let part = document.resolve(part).value;
        if !seen.insert(std::ptr::from_ref(part)) {
            continue;
        }
        let is_other_kind = part.get("type").is_some_and(|kind| kind != "object")
            || ["oneOf", "anyOf", "enum", "$ref"]
                .iter()
                .any(|keyword| part.get(keyword).is_some());
        if is_other_kind {
            return None;
        }
        members.add(part);
        open.extend(parts(part));
    }
    Some(members)
}

impl<'a> Members<'a> {
    fn add(&mut self, schema: &'a Value) {
        let members = schema.get("properties").and_then(Value::as_object);
        for (name, member) in members.into_iter().flatten() {
            self.schemas.insert(name, member);
        }
        let required = schema.get("required").and_then(Value::as_array);
        self.required
            .extend(required.into_iter().flatten().filter_map(Value::as_str));
    }
}

/// The parts of `allOf` that say something; limits and `nullable` alone do not.
fn parts(schema: &Value) -> Vec<&Value> {
    let speaks = |part: &&Value| {
        [
            "$ref",
            "type",
            "properties",
            "allOf",
            "oneOf",
            "anyOf",
            "enum",
        ]
        .iter()
        .any(|keyword| part.get(keyword).is_some())
    };
    let list = schema.get("allOf").and_then(Value::as_array);
    list.into_iter().flatten().filter(speaks).collect()
}

/// The alternatives of `oneOf` and `anyOf` other than null.
fn alternatives(schema: &Value) -> Vec<&Value> {
    ["oneOf", "anyOf"]
        .iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array())
        .flatten()
        .filter(|alternative| !is_null(alternative))
        .collect()
}

fn says_nullable(schema: &Value) -> bool {
    let lists_null = ["oneOf", "anyOf", "enum"]
        .iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array())
        .flatten()
        .any(is_null);
    lists_null || schema.get("nullable") == Some(&Value::Bool(true))
}

fn is_null(alternative: &Value) -> bool {
    alternative.is_null()
        || alternative.get("type").is_some_and(|kind| kind == "null")
        || alternative
            .get("enum")
            .and_then(Value::as_array)
            .is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
        || alternative.as_object().is_some_and(|object| {
            object.len() == 1 && object.get("nullable") == Some(&Value::Bool(true))
        })
}

fn has_members(schema: &Value) -> bool {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|members| !members.is_empty())
}

/// The schema of a map's values, if it has one that says something.
fn typed_values(schema: &Value) -> Option<&Value> {
    schema
        .get("additionalProperties")
        .filter(|values| values.as_object().is_some_and(|object| !object.is_empty()))
}

/// The values of an enumeration of nothing but texts.
fn texts(schema: &Value) -> Option<BTreeSet<&str>> {
    let values = schema.get("enum")?.as_array()?;
    values
        .iter()
        .filter(|value| !value.is_null())
        .map(Value::as_str)
        .collect()
}
