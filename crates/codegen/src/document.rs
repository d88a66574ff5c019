//! Walking an OpenAPI document held as plain JSON.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// How many references are followed before they are taken for a circle.
const HOPS: usize = 32;

/// The methods that the client can send, in the order they are visited.
const METHODS: [&str; 6] = ["get", "put", "post", "delete", "head", "patch"];

/// Whether a member of a path item is an operation.
pub(crate) fn is_method(member: &str) -> bool {
    METHODS.contains(&member)
}

/// The address of an operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Endpoint {
    /// As written in the document, with a leading slash.
    pub(crate) path: String,
    /// Lower case.
    pub(crate) method: &'static str,
}

impl Endpoint {
    /// `POST /sign`, the spelling used in tables and messages.
    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// The JSON pointer of the operation.
    pub(crate) fn pointer(&self) -> String {
        format!("/paths/{}/{}", escape(&self.path), self.method)
    }
}

/// Escapes one reference token of a JSON pointer.
pub(crate) fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// Every operation of the document, by path and method.
pub(crate) fn endpoints(document: &Value) -> Vec<Endpoint> {
    let Some(paths) = document.get("paths").and_then(Value::as_object) else {
        return Vec::new();
    };
    let mut endpoints = Vec::new();
    for (path, item) in paths {
        for method in METHODS {
            if item.get(method).is_some_and(Value::is_object) {
                endpoints.push(Endpoint {
                    path: path.clone(),
                    method,
                });
            }
        }
    }
    endpoints
}

/// The operation object at `endpoint`.
pub(crate) fn operation<'a>(
    document: &'a Value,
    endpoint: &Endpoint,
) -> Option<&'a Map<String, Value>> {
    document.pointer(&endpoint.pointer())?.as_object()
}

/// The operation object at `endpoint`, to be changed.
pub(crate) fn operation_mut<'a>(
    document: &'a mut Value,
    endpoint: &Endpoint,
) -> Option<&'a mut Map<String, Value>> {
    document.pointer_mut(&endpoint.pointer())?.as_object_mut()
}

/// Follows local references until something else than a reference is found.
///
/// A reference that leads nowhere, or in circles, is returned as it is.
pub(crate) fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..HOPS {
        let Some(pointer) = reference(value).and_then(|target| target.strip_prefix('#')) else {
            break;
        };
        match document.pointer(pointer) {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}

/// The target of a `$ref` object.
pub(crate) fn reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

/// The name of the component schema a `$ref` object points at.
pub(crate) fn schema_name(value: &Value) -> Option<&str> {
    reference(value)?.strip_prefix("#/components/schemas/")
}

/// A reference to a component schema.
pub(crate) fn schema_reference(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// A reference that keeps the description of the schema it replaces.
///
/// `$ref` has no siblings in OpenAPI 3.0; `allOf` around it is how a description is hung on it.
pub(crate) fn described_reference(name: &str, replaced: &Value) -> Value {
    let reference = schema_reference(name);
    match replaced.get("description").and_then(Value::as_str) {
        Some(text) => serde_json::json!({ "allOf": [reference], "description": text }),
        None => reference,
    }
}

/// What `schema` says once references, and `allOf` around a single one, are followed.
pub(crate) fn meaning<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = resolve(document, schema);
    for _ in 0..HOPS {
        let inner = unwrapped(schema);
        if std::ptr::eq(inner, schema) {
            break;
        }
        schema = resolve(document, inner);
    }
    schema
}

/// The component that `schema` refers to, itself or as the element of a list.
pub(crate) fn element_name(schema: &Value) -> Option<&str> {
    let schema = unwrapped(schema);
    schema_name(unwrapped(schema.get("items").unwrap_or(schema)))
}

/// The schema inside an `allOf` that only carries a description.
pub(crate) fn unwrapped(schema: &Value) -> &Value {
    match schema
        .get("allOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    {
        Some([only]) => only,
        _ => schema,
    }
}

/// The component schemas.
pub(crate) fn schemas(document: &Value) -> Option<&Map<String, Value>> {
    document.pointer("/components/schemas")?.as_object()
}

/// The component schemas, made if there are none.
pub(crate) fn schemas_mut(document: &mut Value) -> Option<&mut Map<String, Value>> {
    let root = document.as_object_mut()?;
    let components = root
        .entry("components")
        .or_insert_with(|| Value::Object(Map::new()));
    let schemas = components
        .as_object_mut()?
        .entry("schemas")
        .or_insert_with(|| Value::Object(Map::new()));
    schemas.as_object_mut()
}

/// The components that `schemas` lead to, except through the ones in `beyond`.
pub(crate) fn reached(
    document: &Value,
    schemas: &[&Value],
    beyond: &BTreeSet<&str>,
) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Value> = schemas.to_vec();
    while let Some(value) = open.pop() {
        if let Some(name) = schema_name(value) {
            if !beyond.contains(name) && reached.insert(name.to_owned()) {
                open.extend(self::schemas(document).and_then(|all| all.get(name)));
            }
            continue;
        }
        match value {
            Value::Object(object) => open.extend(object.values()),
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    reached
}

/// Where a schema stands, for names made from places.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    /// The component or operation it belongs to, then members, e.g. `["ReceiptRequest", "cbUser"]`.
    pub(crate) trail: Vec<String>,
    /// Whether the schema is a component of its own.
    pub(crate) component: bool,
    /// Whether the schema describes a parameter.
    pub(crate) parameter: bool,
}

impl Place {
    fn inside(&self, step: &str) -> Self {
        let mut trail = self.trail.clone();
        trail.push(step.to_owned());
        Self {
            trail,
            component: false,
            parameter: self.parameter,
        }
    }

    /// The member name the schema is the value of, if it is one.
    pub(crate) fn member(&self) -> Option<&str> {
        (self.trail.len() > 1).then(|| self.trail[self.trail.len() - 1].as_str())
    }
}

/// Visits every schema of the document, inner schemas before the ones that hold them.
///
/// Response headers have schemas too; by the time schemas are visited, they are gone.
pub(crate) fn each_schema(document: &mut Value, visit: &mut dyn FnMut(&mut Value, &Place)) {
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        for (name, schema) in schemas {
            let place = Place {
                trail: vec![name.clone()],
                component: true,
                parameter: false,
            };
            schema_tree(schema, &place, visit);
        }
    }
    for endpoint in endpoints(document) {
        if let Some(operation) = operation_mut(document, &endpoint) {
            operation_schemas(operation, visit);
        }
    }
}

fn operation_schemas(
    operation: &mut Map<String, Value>,
    visit: &mut dyn FnMut(&mut Value, &Place),
) {
    let id = operation
        .get("operationId")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let place = |part: &str| Place {
        trail: vec![format!("{id}_{part}")],
        component: false,
        parameter: part == "parameter",
    };
    if let Some(parameters) = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    {
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            if let Some(schema) = parameter.get_mut("schema") {
                schema_tree(schema, &place("parameter").inside(&name), visit);
            }
        }
    }
    if let Some(body) = operation.get_mut("requestBody") {
        content(body, &place("request"), visit);
    }
    if let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    {
        for response in responses.values_mut() {
            content(response, &place("response"), visit);
        }
    }
}

fn content(holder: &mut Value, place: &Place, visit: &mut dyn FnMut(&mut Value, &Place)) {
    if let Some(content) = holder.get_mut("content").and_then(Value::as_object_mut) {
        for media_type in content.values_mut() {
            if let Some(schema) = media_type.get_mut("schema") {
                schema_tree(schema, place, visit);
            }
        }
    }
}

/// Visits `schema` and everything inside it, innermost first.
pub(crate) fn schema_tree(
    schema: &mut Value,
    place: &Place,
    visit: &mut dyn FnMut(&mut Value, &Place),
) {
    if let Some(object) = schema.as_object_mut() {
        if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
            for (name, property) in properties {
                schema_tree(property, &place.inside(name), visit);
            }
        }
        for (keyword, step) in [
            ("items", "item"),
            ("additionalProperties", "value"),
            ("not", "not"),
        ] {
            if let Some(inner) = object.get_mut(keyword).filter(|inner| inner.is_object()) {
                schema_tree(inner, &place.inside(step), visit);
            }
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            if let Some(list) = object.get_mut(keyword).and_then(Value::as_array_mut) {
                for inner in list {
                    // The alternatives of a member stand for the member itself.
                    schema_tree(
                        inner,
                        &Place {
                            component: false,
                            ..place.clone()
                        },
                        visit,
                    );
                }
            }
        }
    }
    visit(schema, place);
}
