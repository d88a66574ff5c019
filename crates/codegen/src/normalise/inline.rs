//! Inline objects and unions become components, so that they get a name that can be kept.

use serde_json::{Map, Value};

use super::components;
use crate::document;
use crate::name::type_name;
use crate::names::Names;
use crate::note::{Notes, Stage};

pub(super) fn run(document: &mut Value, names: &Names, notes: &mut Notes) {
    let mut components: Map<String, Value> =
        document::schemas(document).cloned().unwrap_or_default();
    let mut made: Map<String, Value> = Map::new();
    document::each_schema(document, &mut |schema, place| {
        if place.component || place.parameter || !needs_a_type(schema) {
            return;
        }
        let base = type_name(&place.trail);
        let name = match made.get(&base) {
            Some(same) if same == schema => base,
            _ => components::free_name(&base, &components, names),
        };
        notes.add(Stage::Normalise, "inline schema named", &name);
        let schema = std::mem::replace(schema, document::schema_reference(&name));
        components.insert(name.clone(), schema.clone());
        made.insert(name, schema);
    });
    if let Some(schemas) = document::schemas_mut(document) {
        schemas.extend(made);
    }
}

fn needs_a_type(schema: &Value) -> bool {
    let has_members = schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|properties| !properties.is_empty());
    has_members || schema.get("oneOf").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use document::schema_reference;
    use serde_json::json;

    fn normalised(mut document: Value) -> Value {
        run(&mut document, &Names::default(), &mut Notes::default());
        document
    }

    fn object(member: &str) -> Value {
        json!({"properties": { member: {"type": "string"} }})
    }

    #[test]
    fn objects_and_unions_are_named_by_their_place() {
        let union = json!({"oneOf": [{"type": "string"}, {"type": "array"}]});
        let document = normalised(json!({
            "paths": {"/pay": {"post": {
                "operationId": "pay",
                "requestBody": {"content": {"application/json": {"schema": object("a")}}},
                "responses": {"2XX": {"content": {"application/json": {"schema": union}}}},
            }}},
            "components": {"schemas": {"Item": {"properties": {
                "inner": object("b"), "list": {"type": "array", "items": object("c")},
            }}}},
        }));
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["PayRequest"], object("a"));
        assert_eq!(schemas["PayResponse"], union);
        assert_eq!(schemas["ItemInner"], object("b"));
        assert_eq!(schemas["ItemListItem"], object("c"));
        assert_eq!(
            schemas["Item"]["properties"]["list"]["items"],
            schema_reference("ItemListItem")
        );
    }

    #[test]
    fn inner_objects_are_named_before_the_ones_that_hold_them() {
        let document = normalised(json!({"paths": {}, "components": {"schemas": {
            "Item": {"properties": {"outer": {"properties": {"inner": object("a")}}}},
        }}}));
        let schemas = &document["components"]["schemas"];
        assert_eq!(
            schemas["ItemOuter"]["properties"]["inner"],
            schema_reference("ItemOuterInner")
        );
    }

    #[test]
    fn names_of_components_and_scalars_are_not_taken() {
        let document = normalised(json!({
            "paths": {},
            "components": {"schemas": {
                "Item": {"properties": {"inner": object("a")}}, "ItemInner": object("b"),
                "A": {"properties": {"mount": object("a")}},
            }},
        }));
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["ItemInner"], object("b"));
        assert_eq!(schemas["ItemInner2"], object("a"));
        assert_eq!(
            schemas["Item"]["properties"]["inner"],
            schema_reference("ItemInner2")
        );
        assert_eq!(
            schemas["A"]["properties"]["mount"],
            schema_reference("AMount")
        );
    }

    #[test]
    fn an_object_without_members_needs_no_name() {
        let free = json!({"type": "object"});
        let document = normalised(json!({"paths": {}, "components": {"schemas": {
            "Item": {"properties": {"data": free}},
        }}}));
        assert_eq!(
            document["components"]["schemas"]["Item"]["properties"]["data"],
            free
        );
    }
}
