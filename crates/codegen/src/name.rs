//! Stage 4: canonical names, so that the facade stays put when the publisher renames.

use std::collections::BTreeSet;

use heck::ToPascalCase;
use serde_json::Value;

use crate::document::{self, Endpoint, Place, escape};
use crate::names::Names;
use crate::note::{Notes, Stage};
use crate::rust_name;

/// Names that the client, its builders or the table of operations have for something else.
const SPOKEN_FOR: [&str; 24] = [
    "all",
    "api_version",
    "baseurl",
    "box",
    "byte_stream",
    "client",
    "client_hooks",
    "client_info",
    "default",
    "err",
    "error",
    "exec",
    "inner",
    "new",
    "new_with_client",
    "ok",
    "operation_info",
    "option",
    "post",
    "pre",
    "request_builder_ext",
    "response_value",
    "result",
    "string",
];

/// Gives each operation its identifier: the table's, the document's if it is unique, or one made
/// from method and path.
pub(crate) fn operations(document: &mut Value, names: &Names, notes: &mut Notes) {
    let mut taken: BTreeSet<String> = names.operations.values().map(|name| key(name)).collect();
    let endpoints = document::endpoints(document);
    let labels: BTreeSet<String> = endpoints.iter().map(Endpoint::label).collect();
    for endpoint in names.operations.keys().chain(names.classes.keys()) {
        if !labels.contains(endpoint) {
            notes.add(Stage::Name, "the table names no operation", endpoint);
        }
    }
    for endpoint in endpoints {
        let label = endpoint.label();
        let Some(operation) = document::operation_mut(document, &endpoint) else {
            continue;
        };
        let published = operation.get("operationId").and_then(Value::as_str);
        let id = match names.operations.get(&label) {
            Some(canonical) => canonical.clone(),
            None => {
                let id = published
                    .and_then(rust_name::snake)
                    .filter(|id| !taken.contains(&key(id)) && !SPOKEN_FOR.contains(&id.as_str()))
                    .unwrap_or_else(|| from_path(&endpoint, &taken));
                taken.insert(key(&id));
                id
            }
        };
        if published != Some(id.as_str()) {
            notes.add(Stage::Name, "operation", format!("{label} -> {id}"));
            operation.insert("operationId".into(), id.into());
        }
    }
}

/// What makes names of operations equal: their builders are types, and `get_1` is `Get1` there.
fn key(name: &str) -> String {
    name.to_pascal_case()
}

/// `GET /cart/{journeyId}` to `get_cart_by_journey_id`.
fn from_path(endpoint: &Endpoint, taken: &BTreeSet<String>) -> String {
    let path = endpoint.path.replace('{', " by ").replace(['}', '/'], " ");
    let base = rust_name::snake(&format!("{} {path}", endpoint.method))
        .filter(|name| !SPOKEN_FOR.contains(&name.as_str()))
        .unwrap_or_else(|| format!("{}_operation", endpoint.method));
    let mut name = base;
    while taken.contains(&key(&name)) {
        name.push_str("_again");
    }
    name
}

/// Renames the schemas that play a role of the table, where they are components already.
///
/// Inline schemas are named after the components that hold them, so this runs before they are
/// named, and once more to name them too.
pub(crate) fn schemas(document: &mut Value, names: &Names, notes: &mut Notes) {
    for (index, role) in names.schemas.iter().enumerate() {
        let Some(current) = player(document, &role.role) else {
            continue;
        };
        let is_free = !names.is_scalar(&role.name) && is_free_for(document, &role.name, &current);
        if current == role.name || !is_free {
            continue;
        }
        let plays_another = names.schemas[..index].iter().any(|earlier| {
            earlier.name == current && player(document, &earlier.role).as_ref() == Some(&current)
        });
        if plays_another {
            copy(document, &role.role, &current, &role.name);
        } else {
            rename(document, &current, &role.name);
        }
        notes.add(Stage::Name, "schema", format!("{current} -> {}", role.name));
    }
}

/// Takes members off the lists of required ones that the table calls optional.
pub(crate) fn optional_members(document: &mut Value, names: &Names, notes: &mut Notes) {
    for path in &names.optional {
        let Some((schema, member)) = path.split_once('.') else {
            continue;
        };
        let schema = document::schemas_mut(document).and_then(|schemas| schemas.get_mut(schema));
        let Some(required) = schema.and_then(|schema| schema.get_mut("required")?.as_array_mut())
        else {
            continue;
        };
        let before = required.len();
        required.retain(|name| name != member);
        if required.len() < before {
            notes.add(Stage::Name, "member made optional", path);
        }
    }
}

/// Notes the roles that had no effect.
pub(crate) fn idle_roles(document: &Value, names: &Names, notes: &mut Notes) {
    for role in &names.schemas {
        match player(document, &role.role) {
            None => notes.add(Stage::Name, "role has no schema", &role.role),
            Some(current) if current != role.name => notes.add(
                Stage::Name,
                "name is taken by another schema",
                format!("{current} stays, {} is wanted by {}", role.name, role.role),
            ),
            Some(_) => {}
        }
    }
}

/// The component that plays `role` today.
fn player(document: &Value, role: &str) -> Option<String> {
    document::element_name(document.pointer(&pointer(role)?)?).map(str::to_owned)
}

/// Where the schema stands that plays `role`.
fn pointer(role: &str) -> Option<String> {
    let endpoint = role
        .rsplit_once(' ')
        .filter(|(endpoint, _)| endpoint.contains(' '));
    let Some((endpoint, part)) = endpoint else {
        let (schema, member) = role.split_once('.')?;
        let (schema, member) = (escape(schema), escape(member));
        return Some(format!("/components/schemas/{schema}/properties/{member}"));
    };
    let (method, path) = endpoint.split_once(' ')?;
    let holder = match part {
        "request" => "requestBody",
        "response" => "responses/2XX",
        _ => return None,
    };
    Some(format!(
        "/paths/{}/{}/{holder}/content/application~1json/schema",
        escape(path),
        method.to_lowercase()
    ))
}

/// Whether no other schema is called `wanted`, or one that says the same as `current`.
fn is_free_for(document: &Value, wanted: &str, current: &str) -> bool {
    let meaning = |name: &str| {
        let mut schema = document::schemas(document)?.get(name)?.clone();
        schema.as_object_mut()?.remove("description");
        Some(schema)
    };
    let taken = meaning(wanted);
    taken.is_none() || taken == meaning(current)
}

fn rename(document: &mut Value, from: &str, to: &str) {
    if let Some(schemas) = document::schemas_mut(document)
        && let Some(schema) = schemas.remove(from)
    {
        schemas.insert(to.to_owned(), schema);
    }
    let target = format!("#/components/schemas/{from}");
    document::each_schema(document, &mut |schema, _| {
        if document::reference(schema) == Some(target.as_str()) {
            *schema = document::schema_reference(to);
        }
    });
}

/// Gives `role` a schema of its own, where it shares one with another role.
fn copy(document: &mut Value, role: &str, from: &str, to: &str) {
    if let Some(schemas) = document::schemas_mut(document)
        && let Some(schema) = schemas.get(from).cloned()
    {
        schemas.insert(to.to_owned(), schema);
    }
    let place = pointer(role).and_then(|pointer| document.pointer_mut(&pointer));
    if let Some(place) = place {
        let trail = Place::default();
        document::schema_tree(place, &trail, &mut |schema, _| {
            if document::schema_name(schema) == Some(from) {
                *schema = document::schema_reference(to);
            }
        });
    }
}

/// A Rust type name from the place a schema stands in.
pub(crate) fn type_name(trail: &[String]) -> String {
    rust_name::pascal(&trail.join("_")).unwrap_or_else(|| String::from("Schema"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ids(document: &Value) -> Vec<String> {
        document::endpoints(document)
            .iter()
            .map(|endpoint| {
                let operation = document::operation(document, endpoint).unwrap();
                operation["operationId"].as_str().unwrap().to_owned()
            })
            .collect()
    }

    #[test]
    fn every_operation_gets_a_unique_name() {
        let mut document = json!({"paths": {
            "/sign": {"post": {}},
            "/cart": {"get": {"operationId": "GetIt"}, "post": {"operationId": "getIt"}},
            "/cart/{journeyId}": {"delete": {"operationId": "1st"}},
        }});
        let names = Names::parse("operations: {POST /sign: sign}", "n").unwrap();
        operations(&mut document, &names, &mut Notes::default());
        assert_eq!(
            ids(&document),
            ["get_it", "post_cart", "delete_cart_by_journey_id", "sign"]
        );
    }

    #[test]
    fn a_renamed_schema_gets_its_canonical_name_back() {
        let body = |name: &str| json!({"content": {"application/json": {"schema": document::schema_reference(name)}}});
        let mut document = json!({
            "paths": {"/sign": {"post": {"requestBody": body("SignDto"), "responses": {"2XX": body("SignResultDto")}}}},
            "components": {"schemas": {
                "SignDto": {"properties": {"cbChargeItems": {"type": "array", "items": document::schema_reference("Line")}}},
                "SignResultDto": {}, "Line": {},
            }},
        });
        let names = Names::parse(
            "schemas:\n- {role: POST /sign request, name: ReceiptRequest}\n- {role: POST /sign response, name: ReceiptResponse}\n- {role: ReceiptRequest.cbChargeItems, name: ChargeItem}\n",
            "n",
        )
        .unwrap();
        schemas(&mut document, &names, &mut Notes::default());
        let schemas = document::schemas(&document).unwrap();
        let all: Vec<_> = schemas.keys().collect();
        assert_eq!(all, ["ChargeItem", "ReceiptRequest", "ReceiptResponse"]);
        assert_eq!(
            schemas["ReceiptRequest"]["properties"]["cbChargeItems"]["items"],
            document::schema_reference("ChargeItem")
        );
    }

    fn id_of(method: &'static str, path: &str, published: &str) -> String {
        let mut document = json!({"paths": { path: { method: {"operationId": published} } }});
        operations(&mut document, &Names::default(), &mut Notes::default());
        ids(&document).remove(0)
    }

    #[test]
    fn an_id_that_is_no_free_name_is_made_from_the_path() {
        for published in [
            "", "type", "self", "move", "1st", "new", "error", "client", "²",
        ] {
            assert_eq!(id_of("get", "/cart", published), "get_cart", "{published}");
        }
        assert_eq!(id_of("get", "/", "type"), "get");
        assert_eq!(id_of("post", "/", ""), "post_operation");
        assert_eq!(id_of("get", "/²", ""), "get");
    }

    #[test]
    fn names_that_are_one_type_are_not_unique() {
        let mut document = json!({"paths": {
            "/a": {"get": {"operationId": "get1"}, "put": {"operationId": "get_1"}},
        }});
        operations(&mut document, &Names::default(), &mut Notes::default());
        assert_eq!(ids(&document), ["get1", "put_a"]);
    }

    #[test]
    fn lines_of_the_table_that_name_no_operation_are_noted() {
        let names = Names::parse("operations: {POST /gone: gone}", "n").unwrap();
        let mut notes = Notes::default();
        operations(&mut json!({"paths": {}}), &names, &mut notes);
        assert_eq!(notes.into_vec()[0].subject, "POST /gone");
    }

    fn named(schemas: Value, role: &str, name: &str) -> (Vec<String>, String) {
        let mut document = json!({"paths": {}, "components": {"schemas": schemas}});
        let table =
            format!("codes: {{ftState: State}}\nschemas:\n- {{role: {role}, name: {name}}}\n");
        let mut notes = Notes::default();
        let table = Names::parse(&table, "n").unwrap();
        super::schemas(&mut document, &table, &mut notes);
        idle_roles(&document, &table, &mut notes);
        let names = document::schemas(&document)
            .unwrap()
            .keys()
            .cloned()
            .collect();
        (names, notes.into_vec()[0].to_string())
    }

    #[test]
    fn enumerations_are_renamed_like_everything_else() {
        let (names, _) = named(
            json!({
                "Pay": {"properties": {"Action": document::schema_reference("PayActionDto")}},
                "PayActionDto": {"type": "string", "enum": ["a"], "description": "one"},
                "PayAction": {"type": "string", "enum": ["a"], "description": "other"},
            }),
            "Pay.Action",
            "PayAction",
        );
        assert_eq!(names, ["Pay", "PayAction"]);
    }

    #[test]
    fn a_name_of_another_schema_or_of_a_scalar_is_not_taken_over() {
        let schemas = json!({
            "Pay": {"properties": {"Action": document::schema_reference("Dto")}},
            "Dto": {"type": "string", "enum": ["a"]},
            "Other": {"type": "string", "enum": ["b"]},
        });
        for wanted in ["Other", "Amount", "State"] {
            let (names, note) = named(schemas.clone(), "Pay.Action", wanted);
            assert_eq!(names, ["Dto", "Other", "Pay"]);
            assert!(note.contains("name is taken"), "{note}");
        }
    }

    #[test]
    fn a_schema_in_two_roles_becomes_one_for_each() {
        let both = document::schema_reference("Message");
        let body = json!({"content": {"application/json": {"schema": both}}});
        let mut document = json!({
            "paths": {"/echo": {"post": {"requestBody": body, "responses": {"2XX": body}}}},
            "components": {"schemas": {"Message": {"type": "object"}}},
        });
        let table = "schemas: [{role: POST /echo request, name: Ask}, {role: POST /echo response, name: Tell}]";
        let table = Names::parse(table, "n").unwrap();
        for _ in 0..2 {
            super::schemas(&mut document, &table, &mut Notes::default());
            let post = &document["paths"]["/echo"]["post"];
            let schema = |holder: &Value| holder["content"]["application/json"]["schema"].clone();
            assert_eq!(
                schema(&post["requestBody"]),
                document::schema_reference("Ask")
            );
            assert_eq!(
                schema(&post["responses"]["2XX"]),
                document::schema_reference("Tell")
            );
            let schemas = &document["components"]["schemas"];
            assert_eq!(
                *schemas,
                json!({"Ask": {"type": "object"}, "Tell": {"type": "object"}})
            );
        }
    }

    #[test]
    fn the_table_takes_members_off_the_required_ones() {
        let mut document = json!({"paths": {}, "components": {"schemas": {
            "Pay": {"required": ["Amount", "Action"]}, "Other": {"required": ["Action"]},
        }}});
        let names = "optional: [Pay.Action, Pay.Gone, Gone.Action]";
        let names = Names::parse(names, "n").unwrap();
        let mut notes = Notes::default();
        optional_members(&mut document, &names, &mut notes);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Pay"]["required"], json!(["Amount"]));
        assert_eq!(schemas["Other"]["required"], json!(["Action"]));
        assert_eq!(notes.into_vec().len(), 1);
    }

    #[test]
    fn a_role_that_nothing_plays_is_noted() {
        for role in ["POST /gone request", "Gone.member", "gone"] {
            let (_, note) = named(json!({}), role, "Name");
            assert!(note.contains("role has no schema"), "{note}");
        }
    }
}
