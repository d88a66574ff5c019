//! The members that hand-written calls are made of: without one the compiler would fail far from the
//! document, so their absence is told by name.

use serde_json::Value;

use crate::names::Names;
use crate::note::{Notes, Stage};
use crate::{document, rust_name};

/// One line for each member that the table needs and the document has not.
pub(crate) fn lost_members(document: &Value, names: &Names) -> Vec<String> {
    let ids: Vec<&str> = document::endpoints(document)
        .iter()
        .filter_map(|endpoint| {
            let operation = document::operation(document, endpoint)?;
            operation.get("operationId")?.as_str()
        })
        .collect();
    let needs = names
        .facade
        .iter()
        // A call without its operation is left out.
        .filter(|need| ids.contains(&need.operation.as_str()));
    needs
        .flat_map(|need| need.members.iter().map(move |path| (need, path)))
        .filter(|(_, path)| !has(document, path))
        .map(|(need, path)| format!("{path}: needed by {}", need.needed_by))
        .collect()
}

/// Makes optional what the document requires of the objects that the calls write, and no call writes: a
/// made-up value must not go to a server that asks for a real one.
pub(crate) fn relax(document: &mut Value, names: &Names, notes: &mut Notes) {
    let written = names.facade.iter().flat_map(|need| &need.members);
    let written: Vec<(&str, String)> = written
        .chain(&names.optional)
        .filter_map(|path| path.split_once('.'))
        .map(|(schema, member)| (schema, rust_name::field(member)))
        .collect();
    for (name, schema) in document::schemas_mut(document).into_iter().flatten() {
        let mut known = written
            .iter()
            .filter(|(schema, _)| schema == name)
            .peekable();
        if known.peek().is_none() {
            continue;
        }
        let known: Vec<&String> = known.map(|(_, field)| field).collect();
        let required = schema.get_mut("required").and_then(Value::as_array_mut);
        if let Some(required) = required {
            required.retain(|member| {
                let member = member.as_str().unwrap_or_default();
                let keep = known.contains(&&rust_name::field(member));
                if !keep {
                    let member = format!("{name}.{member}");
                    notes.add(Stage::Name, "required, but no call writes it", member);
                }
                keep
            });
        }
    }
}

/// Whether a member is there, in any spelling that is the same field in Rust.
fn has(document: &Value, path: &str) -> bool {
    let member = path.split_once('.').and_then(|(schema, member)| {
        let schema = document::schemas(document)?.get(schema)?;
        let members = document::meaning(document, schema)
            .get("properties")?
            .as_object()?;
        let field = rust_name::field(member);
        members.keys().find(|name| rust_name::field(name) == field)
    });
    member.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lost(members: Value) -> Vec<String> {
        let document = json!({
            "paths": {"/sign": {"post": {"operationId": "sign"}}},
            "components": {"schemas": {"Item": {"properties": members}}},
        });
        let names = "facade:\n\
            - {operation: sign, needed_by: Client::sign, members: [Item.VATRate, Other.Id]}\n\
            - {operation: echo, needed_by: Client::echo, members: [Item.Gone]}\n";
        lost_members(&document, &Names::parse(names, "n").unwrap())
    }

    #[test]
    fn each_lost_member_is_told_with_what_needs_it() {
        assert_eq!(
            lost(json!({"Amount": {}})),
            [
                "Item.VATRate: needed by Client::sign",
                "Other.Id: needed by Client::sign"
            ]
        );
    }

    #[test]
    fn what_no_call_writes_is_not_required_of_it() {
        let mut document = json!({"paths": {}, "components": {"schemas": {
            "Item": {"required": ["VatRate", "New"]}, "Other": {"required": ["New"]},
        }}});
        let names = "facade: [{operation: sign, needed_by: s, members: [Item.VATRate]}]";
        let names = Names::parse(names, "n").unwrap();
        relax(&mut document, &names, &mut Notes::default());
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Item"]["required"], json!(["VatRate"]));
        assert_eq!(schemas["Other"]["required"], json!(["New"]));
    }

    #[test]
    fn another_spelling_of_the_same_field_will_do() {
        assert_eq!(
            lost(json!({"vatRate": {}})),
            ["Other.Id: needed by Client::sign"]
        );
    }
}
