//! Members of one object whose names are one in Rust, such as `TillID` beside `TillId`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::{document, rust_name};

/// The field that keeps unknown members.
pub(super) const UNKNOWN: &str = "extra";

/// A type and the name of one of its fields, to the name of the member on the wire.
pub(super) type WireNames = BTreeMap<(String, String), String>;

/// Gives such members names that differ, and says what they are called on the wire.
pub(super) fn tell_apart(document: &mut Value) -> WireNames {
    let mut wire_names = WireNames::new();
    for (component, schema) in document::schemas_mut(document).into_iter().flatten() {
        let Some(object) = schema.as_object_mut() else {
            continue;
        };
        let Some(Value::Object(members)) = object.remove("properties") else {
            continue;
        };
        let mut taken = BTreeSet::from([UNKNOWN.to_owned()]);
        let mut properties = Map::new();
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        // Plain names first: they keep the fields that are called like them.
        let (plain, others): (Vec<_>, Vec<_>) = members
            .into_iter()
            .partition(|(name, _)| rust_name::field(name) == *name);
        for (name, member) in plain.into_iter().chain(others) {
            let wanted = rust_name::field(&name);
            if taken.insert(wanted.clone()) {
                properties.insert(name, member);
                continue;
            }
            let free = rust_name::free(&format!("{wanted}_also"), |name| taken.contains(name));
            taken.insert(free.clone());
            wire_names.insert((component.clone(), free.clone()), name.clone());
            properties.insert(free.clone(), member);
            renamed.insert(name, free);
        }
        object.insert("properties".into(), Value::Object(properties));
        let required = object.get_mut("required").and_then(Value::as_array_mut);
        for name in required.into_iter().flatten() {
            if let Some(free) = name.as_str().and_then(|name| renamed.get(name)) {
                *name = free.clone().into();
            }
        }
    }
    wire_names
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told_apart(members: &[&str]) -> Vec<(String, String)> {
        let properties: Map<String, Value> = members
            .iter()
            .map(|name| ((*name).to_owned(), json!({"description": name})))
            .collect();
        let mut document = json!({"components": {"schemas": {"A": {
            "properties": properties, "required": members,
        }}}});
        let wire_names = tell_apart(&mut document);
        let object = &document["components"]["schemas"]["A"];
        let members = object["properties"].as_object().unwrap();
        let mut required: Vec<_> = object["required"].as_array().unwrap().iter().collect();
        required.sort_by_key(|name| name.as_str());
        assert_eq!(required, members.keys().collect::<Vec<_>>());
        for ((_, field), wire) in &wire_names {
            assert_eq!(members[field]["description"], **wire);
        }
        wire_names
            .into_iter()
            .map(|((_, field), wire)| (wire, field))
            .collect()
    }

    fn pair(wire: &str, field: &str) -> (String, String) {
        (wire.to_owned(), field.to_owned())
    }

    #[test]
    fn members_that_would_be_one_field_are_two() {
        assert_eq!(
            told_apart(&["TillID", "TillId"]),
            [pair("TillId", "till_id_also")]
        );
        assert_eq!(told_apart(&["a-b", "a_b"]), [pair("a-b", "a_b_also")]);
        assert_eq!(told_apart(&["", "$"]), [pair("$", "x_also")]);
        assert_eq!(told_apart(&["a", "b"]), []);
    }

    #[test]
    fn the_field_of_unknown_members_is_taken() {
        assert_eq!(told_apart(&["extra"]), [pair("extra", "extra_also")]);
    }
}
