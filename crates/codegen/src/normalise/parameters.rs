//! Parameters: the facade's own headers leave the signatures, the rest becomes what is supported.

use serde_json::Value;

use crate::document;
use crate::names::Names;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, names: &Names, notes: &mut Notes) {
    for endpoint in document::endpoints(document) {
        let label = endpoint.label();
        let in_path = |name: &str| endpoint.path.contains(&format!("{{{name}}}"));
        let original = document.clone();
        let Some(operation) = document::operation_mut(document, &endpoint) else {
            continue;
        };
        let Some(parameters) = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
        else {
            continue;
        };
        parameters.retain(|parameter| {
            let name = parameter["name"].as_str().unwrap_or_default();
            let place = parameter["in"].as_str().unwrap_or_default();
            let sent_by_facade =
                place == "header" && names.facade_headers.contains(&name.to_lowercase());
            let drop = sent_by_facade || place == "cookie" || (place == "path" && !in_path(name));
            if drop {
                let rule = if sent_by_facade {
                    "header sent by the facade"
                } else {
                    "parameter that cannot be sent"
                };
                notes.add(Stage::Normalise, rule, format!("{label} {name}"));
            }
            !drop
        });
        for parameter in parameters.iter_mut().filter_map(Value::as_object_mut) {
            let is_path = parameter.get("in") == Some(&"path".into());
            if is_path {
                parameter.insert("required".into(), true.into());
            }
            // A parameter is written as text: a union or a reference would need a Display of its own.
            let schema = parameter.remove("schema").unwrap_or(Value::Null);
            let schema = document::resolve(&original, &schema);
            let mut plain = serde_json::Map::new();
            plain.insert("type".into(), "string".into());
            match schema.get("type").and_then(Value::as_str) {
                Some(kind @ ("integer" | "number" | "boolean")) => {
                    plain.insert("type".into(), kind.into());
                    if let Some(format) = schema.get("format") {
                        plain.insert("format".into(), format.clone());
                    }
                }
                _ if schema.get("format") == Some(&"uuid".into()) => {
                    plain.insert("format".into(), "uuid".into());
                }
                _ => {}
            }
            parameter.insert("schema".into(), Value::Object(plain));
            for keyword in ["content", "example", "examples", "style", "explode"] {
                parameter.remove(keyword);
            }
        }
        let declared: Vec<String> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
            .collect();
        for name in placeholders(&endpoint.path) {
            if !declared.contains(&name) {
                notes.add(
                    Stage::Normalise,
                    "undeclared path parameter",
                    format!("{label} {name}"),
                );
                parameters.push(serde_json::json!({
                    "name": name, "in": "path", "required": true, "schema": {"type": "string"}
                }));
            }
        }
    }
}

/// The names between braces in a path.
fn placeholders(path: &str) -> Vec<String> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}
