//! Lists that are components give way to the lists themselves: a new type around a list says no more
//! than the member does, and the members of a receipt stay lists however the publisher arranges them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::components;
use crate::document;
use crate::name::type_name;
use crate::names::Names;
use crate::note::{Notes, Stage};

/// How many lists around one another are followed; a list in itself stays a component.
const MOST_LEVELS: usize = 8;

pub(super) fn run(document: &mut Value, names: &Names, notes: &mut Notes) {
    name_elements(document, names, notes);
    for _ in 0..MOST_LEVELS {
        let lists = plain_lists(document);
        if lists.is_empty() {
            return;
        }
        document::each_schema(document, &mut |schema, _| {
            if let Some(list) = document::schema_name(schema).and_then(|name| lists.get(name)) {
                *schema = list.clone();
            }
        });
        for list in lists.into_keys() {
            if let Some(schemas) = document::schemas_mut(document) {
                schemas.remove(&list);
            }
            notes.add(Stage::Normalise, "another name of a list", list);
        }
    }
}

/// Makes elements with members components, so that a list used twice has one type of element, and
/// lists do not multiply what they hold.
fn name_elements(document: &mut Value, names: &Names, notes: &mut Notes) {
    let Some(schemas) = document::schemas_mut(document) else {
        return;
    };
    let lists: Vec<String> = schemas
        .iter()
        .filter(|(_, schema)| is_list(schema) && schema.get("items").is_some_and(is_composed))
        .map(|(name, _)| name.clone())
        .collect();
    for list in lists {
        let name = type_name(&[list.clone(), "item".to_owned()]);
        let name = components::free_name(&name, schemas, names);
        let element = schemas.get_mut(&list).and_then(|list| {
            let reference = document::schema_reference(&name);
            Some(std::mem::replace(list.get_mut("items")?, reference))
        });
        if let Some(element) = element {
            notes.add(Stage::Normalise, "inline schema named", &name);
            schemas.insert(name, element);
        }
    }
}

fn is_list(schema: &Value) -> bool {
    schema.get("type") == Some(&"array".into())
        // What is no schema is reported by the name of the list.
        && schema.get("items").is_none_or(Value::is_object)
        && ["allOf", "anyOf", "oneOf", "properties"]
            .iter()
            .all(|keyword| schema.get(keyword).is_none())
}

/// Whether a schema is more than one reference or one scalar.
fn is_composed(schema: &Value) -> bool {
    document::reference(document::unwrapped(schema)).is_none()
        && match schema {
            Value::Object(object) => object.iter().any(|(keyword, inner)| {
                ["properties", "allOf", "anyOf", "oneOf"].contains(&keyword.as_str())
                    || is_composed(inner)
            }),
            _ => false,
        }
}

/// The components that are lists, and lists of nothing that is one itself.
fn plain_lists(document: &Value) -> BTreeMap<String, Value> {
    let all = document::schemas(document);
    let lists: BTreeMap<&String, &Value> = all
        .into_iter()
        .flatten()
        .filter(|(_, schema)| is_list(schema))
        .collect();
    lists
        .iter()
        .filter(|(_, list)| {
            let element = element(list).and_then(|name| all?.get(name));
            // Another name of a list becomes one in the next round.
            element.is_none_or(|element| {
                !is_list(element) && document::reference(document::unwrapped(element)).is_none()
            })
        })
        .map(|(name, list)| ((*name).clone(), (*list).clone()))
        .collect()
}

/// The component that a list is of, at any level of lists in lists.
fn element(list: &Value) -> Option<&str> {
    let mut element = list.get("items")?;
    while let Some(inner) = element.get("items") {
        element = inner;
    }
    document::schema_name(document::unwrapped(element))
}

#[cfg(test)]
mod tests {
    use super::*;
    use document::schema_reference;
    use serde_json::json;

    fn normalised(schemas: Value) -> Value {
        let mut document = json!({"paths": {}, "components": {"schemas": schemas}});
        run(&mut document, &Names::default(), &mut Notes::default());
        document["components"]["schemas"].take()
    }

    fn list_of(name: &str) -> Value {
        json!({"type": "array", "items": schema_reference(name)})
    }

    #[test]
    fn a_list_stands_where_it_was_referred_to() {
        let schemas = normalised(json!({
            "Holder": {"properties": {
                "plain": schema_reference("Items"),
                "renamed": schema_reference("Alias"),
                "nested": schema_reference("Rows"),
            }},
            "Items": list_of("Item"), "Alias": schema_reference("Items"),
            "Rows": list_of("Items"), "Item": {"type": "object"},
        }));
        let nested = json!({"type": "array", "items": list_of("Item")});
        assert_eq!(
            schemas,
            json!({
                "Holder": {"properties": {
                    "plain": list_of("Item"), "renamed": list_of("Item"), "nested": nested,
                }},
                "Item": {"type": "object"},
            })
        );
    }

    #[test]
    fn elements_get_one_name_for_all_places() {
        let element = json!({"properties": {"a": {"type": "string"}}});
        let schemas = normalised(json!({
            "Holder": {"properties": {"one": schema_reference("Items"), "two": schema_reference("Items")}},
            "Items": {"type": "array", "items": element},
        }));
        let holder = &schemas["Holder"]["properties"];
        assert_eq!(holder["one"], list_of("ItemsItem"));
        assert_eq!(holder["two"], list_of("ItemsItem"));
        assert_eq!(schemas["ItemsItem"], element);
    }

    #[test]
    fn a_list_in_itself_stays() {
        for schemas in [
            json!({"Tree": list_of("Tree")}),
            json!({"One": list_of("Two"), "Two": list_of("One")}),
            json!({"One": list_of("Alias"), "Alias": schema_reference("One")}),
        ] {
            assert_eq!(normalised(schemas.clone()), schemas);
        }
    }

    #[test]
    fn lists_around_lists_do_not_multiply() {
        let mut schemas = json!({"L0": list_of("Item"), "Item": {"type": "object"}});
        for level in 1..60 {
            let below = schema_reference(&format!("L{}", level - 1));
            schemas[format!("L{level}")] = json!({"type": "array", "items": {"properties": {
                "a": below, "b": below,
            }}});
        }
        assert!(normalised(schemas).to_string().len() < 20_000);
    }
}
