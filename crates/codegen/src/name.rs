//! Stage 4: canonical names, so that the facade stays put when the publisher renames.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use crate::document::{self, Endpoint};
use crate::names::Names;
use crate::note::{Notes, Stage};

/// Gives each operation its identifier: the table's, the document's if it is unique, or one made
/// from method and path.
pub(crate) fn operations(document: &mut Value, names: &Names, notes: &mut Notes) {
    let endpoints = document::endpoints(document);
    let mut taken: BTreeSet<String> = names
        .operations
        .values()
        .map(|name| name.to_snake_case())
        .collect();
    for endpoint in endpoints {
        let label = endpoint.label();
        let canonical = names.operations.get(&label).cloned();
        let Some(operation) = document::operation_mut(document, &endpoint) else {
            continue;
        };
        let published = operation
            .get("operationId")
            .and_then(Value::as_str)
            .map(ToSnakeCase::to_snake_case)
            .filter(|id| id.starts_with(|first: char| first.is_ascii_alphabetic()));
        let id = canonical.unwrap_or_else(|| {
            let mut id = published
                .filter(|id| !taken.contains(id))
                .unwrap_or_else(|| from_path(&endpoint));
            while !taken.insert(id.clone()) {
                id.push_str("_again");
            }
            id
        });
        if operation.get("operationId").and_then(Value::as_str) != Some(id.as_str()) {
            notes.add(Stage::Name, "operation", format!("{label} -> {id}"));
            operation.insert("operationId".into(), id.into());
        }
    }
}

/// `GET /cart/{journeyId}` to `get_cart_by_journey_id`.
fn from_path(endpoint: &Endpoint) -> String {
    let path = endpoint.path.replace('{', " by ").replace(['}', '/'], " ");
    format!("{} {path}", endpoint.method).to_snake_case()
}

/// Renames the schemas that play a role of the table.
pub(crate) fn schemas(document: &mut Value, names: &Names, notes: &mut Notes) {
    for role in &names.schemas {
        let Some(current) = player(document, &role.role) else {
            notes.add(Stage::Name, "role has no schema", &role.role);
            continue;
        };
        if current == role.name {
            continue;
        }
        let same = {
            let all = document::schemas(document);
            let get = |name: &str| all.and_then(|all| all.get(name));
            match get(&role.name) {
                None => true,
                taken => taken == get(&current),
            }
        };
        if !same {
            notes.add(
                Stage::Name,
                "name is taken by another schema",
                format!("{current} stays, {} is wanted by {}", role.name, role.role),
            );
            continue;
        }
        rename(document, &current, &role.name);
        notes.add(Stage::Name, "schema", format!("{current} -> {}", role.name));
    }
}

/// The component that plays `role` today.
fn player(document: &Value, role: &str) -> Option<String> {
    let schema = if let Some((endpoint, part)) = role
        .rsplit_once(' ')
        .filter(|(endpoint, _)| endpoint.contains(' '))
    {
        let (method, path) = endpoint.split_once(' ')?;
        let operation = document
            .get("paths")?
            .get(path)?
            .get(method.to_lowercase())?;
        let holder = match part {
            "request" => operation.get("requestBody")?,
            "response" => operation.get("responses")?.get("2XX")?,
            _ => return None,
        };
        holder
            .get("content")?
            .get("application/json")?
            .get("schema")?
    } else {
        let (schema, member) = role.split_once('.')?;
        document::schemas(document)?
            .get(schema)?
            .get("properties")?
            .get(member)?
    };
    let schema = document::unwrapped(schema);
    let element = schema.get("items").unwrap_or(schema);
    document::schema_name(document::unwrapped(element)).map(str::to_owned)
}

fn rename(document: &mut Value, from: &str, to: &str) {
    if let Some(schemas) = document::schemas_mut(document) {
        if let Some(schema) = schemas.remove(from) {
            schemas.insert(to.to_owned(), schema);
        }
    }
    let target = format!("#/components/schemas/{from}");
    document::each_schema(document, &mut |schema, _| {
        if document::reference(schema) == Some(target.as_str()) {
            *schema = document::schema_reference(to);
        }
    });
}

/// A Rust type name from the place a schema stands in.
pub(crate) fn type_name(trail: &[String]) -> String {
    trail.join("_").to_pascal_case()
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
}
