//! Schemas by the roles they play: a renamed or inlined schema keeps its name here.

use serde_json::Value;

use crate::document::{self, Place, escape};
use crate::names::Names;
use crate::note::{Notes, Stage};

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

/// Notes the roles that had no effect.
pub(crate) fn idle_roles(document: &Value, names: &Names, notes: &mut Notes) {
    for role in &names.schemas {
        match player(document, &role.role) {
            None => notes.warn(Stage::Name, "role has no schema", &role.role),
            Some(current) if current != role.name => notes.warn(
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
