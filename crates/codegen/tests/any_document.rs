//! Whatever is in a document, the answer is code or an error that says what to do; never a panic.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::panic;
use std::sync::Once;

use pos_system_api_codegen::{Error, Generated, Pipeline};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("documents/shop.yaml");
const NAMES: &str = include_str!("documents/shop.names.yaml");

/// The generator's own panics are caught; they should not fill the output of the tests.
fn silence_caught_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let is_generator = info
                .location()
                .is_some_and(|place| !place.file().contains("codegen"));
            if !is_generator {
                report(info);
            }
        }));
    });
}

fn generate(document: &Value) -> Result<Generated, Error> {
    silence_caught_panics();
    Pipeline::new(&document.to_string(), "any.json")
        .with_names(NAMES, "names.yaml")
        .generate()
}

/// Code that parses, or an error with words in it; the error if there is one.
fn sound(document: &Value) -> Option<String> {
    match generate(document) {
        Ok(generated) => {
            for text in [&generated.types, &generated.client, &generated.operations] {
                syn::parse_file(text).unwrap();
            }
            fields_differ(&generated.types);
            None
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.len() > 10, "{message}");
            Some(message)
        }
    }
}

/// A document with one operation that takes and gives `Subject`.
fn around(subject: Value) -> Value {
    let body = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Subject"}}}});
    json!({
        "openapi": "3.0.1",
        "paths": {"/subject": {"put": {"requestBody": body, "responses": {"200": body}}}},
        "components": {"schemas": {"Subject": subject, "Other": {"type": "object", "properties": {
            "a": {"type": "string"},
        }}}},
    })
}

fn with_operation(operation: Value) -> Value {
    json!({"openapi": "3.0.1", "paths": {"/a": {"get": operation}}})
}

/// Asserts that `document` becomes code.
fn accepted(document: &Value) -> Generated {
    let generated = generate(document).unwrap_or_else(|error| panic!("{error}\n{document}"));
    fields_differ(&generated.types);
    generated
}

/// Asserts that `document` is refused with a message that holds `expected`.
fn refused(document: &Value, expected: &str) {
    let message = sound(document).unwrap_or_else(|| panic!("accepted: {document}"));
    assert!(message.contains(expected), "{expected}: {message}");
    assert!(!message.contains("please report"), "{message}");
}

#[test]
fn schemas_may_hold_themselves() {
    let subject = json!({"$ref": "#/components/schemas/Subject"});
    for schema in [
        json!({"type": "object", "properties": {"next": subject}}),
        json!({"type": "object", "properties": {"next": subject}, "required": ["next"]}),
        json!({"type": "object", "properties": {"all": {"type": "array", "items": subject}}}),
        json!({"type": "object", "additionalProperties": subject}),
        json!({"type": "array", "items": subject}),
        json!({"allOf": [subject, {"type": "object", "properties": {"a": {"type": "string"}}}]}),
    ] {
        accepted(&around(schema));
    }
}

#[test]
fn schemas_that_are_only_themselves_are_refused() {
    let subject = json!({"$ref": "#/components/schemas/Subject"});
    for schema in [
        subject.clone(),
        json!({ "allOf": [subject] }),
        json!({"oneOf": [subject, {"type": "string"}]}),
        json!({"anyOf": [{"type": "array", "items": {"type": "string"}}, subject]}),
    ] {
        refused(&around(schema), "schema Subject: it is defined by itself");
    }
    let mut circle = around(json!({"$ref": "#/components/schemas/Other"}));
    circle["components"]["schemas"]["Other"] = subject;
    refused(&circle, "defined by itself");
}

#[test]
fn references_to_what_is_no_schema_are_refused_with_their_place() {
    for target in [
        "#/components/schemas/Gone",
        "#/paths",
        "#/components/schemas/Other/properties/a",
        "other.yaml#/Schema",
        "",
        "#",
        "#/components/schemas/",
    ] {
        let schema = json!({"type": "object", "properties": {"a": {"$ref": target}}});
        refused(&around(schema), "#/components/schemas/Subject/properties/a");
    }
    for operation in [
        json!({"parameters": [{"$ref": "#/gone"}]}),
        json!({"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/gone"}}}}}),
        json!({"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/gone"}}}}}}),
    ] {
        refused(&with_operation(operation), "#/gone leads nowhere");
    }
    let paths = json!({"openapi": "3.0.1", "paths": {"/a": {"$ref": "other.yaml"}}});
    refused(&paths, "other.yaml leads nowhere");
}

#[test]
fn operations_with_broken_members_become_what_is_left_of_them() {
    for broken in [
        json!(null),
        json!(5),
        json!("text"),
        json!([]),
        json!({}),
        json!([null]),
    ] {
        for member in [
            "parameters",
            "requestBody",
            "responses",
            "tags",
            "summary",
            "description",
            "security",
            "operationId",
            "callbacks",
            "deprecated",
            "externalDocs",
            "servers",
        ] {
            accepted(&with_operation(json!({ member: broken })));
        }
        for document in [
            json!({"openapi": "3.0.1", "paths": {"/a": broken}}),
            json!({"openapi": "3.0.1", "paths": {"/a": {"get": broken}}}),
            json!({"openapi": "3.0.1", "paths": {}, "components": broken}),
            json!({"openapi": "3.0.1", "paths": {}, "components": {"schemas": broken}}),
            json!({"openapi": "3.0.1", "paths": {}, "info": broken, "tags": broken}),
        ] {
            accepted(&document);
        }
        accepted(&with_operation(json!({"parameters": [
            {"name": "a", "in": "query", "schema": broken},
        ]})));
    }
    accepted(&json!({"openapi": "3.0.1", "paths": {"no slash": {"get": {}}}}));
}

#[test]
fn schemas_with_broken_members_are_refused_by_name() {
    for schema in [
        json!({"type": ["string", "null"]}),
        json!({"type": "file"}),
        json!({"type": 5}),
        json!({"type": "array", "items": 5}),
        json!({"type": "object", "properties": {"a": null}}),
        json!(null),
    ] {
        refused(&around(schema), "schema Subject");
    }
}

#[test]
fn odd_but_readable_schemas_become_types() {
    for schema in [
        json!({}),
        json!({"type": "array"}),
        json!({"type": "object", "properties": ["a"]}),
        json!({"type": "object", "required": ["gone"]}),
        json!({"format": "date"}),
        json!({"required": ["a"]}),
        json!({"type": "string", "enum": [1, "a", null, {}]}),
        json!({"type": "boolean", "enum": [true]}),
        json!({"enum": []}),
        json!({"not": {"type": "string"}}),
        json!({"oneOf": []}),
        json!({"allOf": []}),
        json!({"type": "integer", "format": "uint128", "default": "x"}),
        json!({"type": "string", "pattern": "(", "minLength": -1}),
        json!({"allOf": [{"$ref": "#/components/schemas/Other"}, {"type": "integer"}]}),
        json!({"anyOf": [{"type": "boolean"}, {"type": "array"}, {"type": "string"}]}),
        json!({"type": "object", "properties": {"$ref": {"type": "string"}, "": {"type": "string"}}}),
        json!({"type": "object", "properties": {"type": {"type": "string"}, "self": {"type": "string"}}}),
    ] {
        accepted(&around(schema));
    }
}

#[test]
fn any_name_of_a_schema_becomes_a_type() {
    for name in [
        "", "type", "self", "Self", "1", "²", "a/b", "a~b", "a.b", "a b", "Amount", "Id", "Moment",
        "State", "Vec", "Option", "String", "Box", "Result", "other", "OTHER", "Mode", "Unknown",
        "Client", "Error", "Builder", "builder", "error",
    ] {
        let mut document = around(json!({"type": "object", "properties": {
            "inner": {"$ref": format!("#/components/schemas/{}", name.replace('~', "~0").replace('/', "~1"))},
            "Mode": {"type": "string", "enum": ["a"]},
        }}));
        document["components"]["schemas"][name] =
            json!({"type": "object", "properties": {"b": {"type": "string"}}});
        accepted(&document);
    }
}

#[test]
fn members_of_one_rust_name_are_different_fields() {
    let schema = json!({"type": "object", "properties": {
        "a-b": {"type": "string"}, "a_b": {"type": "string"}, "extra": {"type": "string"},
    }});
    let types = accepted(&around(schema)).types;
    for (wire, field) in [("a-b", "a_b_also"), ("extra", "extra_also")] {
        let start = types.find(&format!("rename = \"{wire}\"")).expect(wire);
        let name = types[start..].split("pub ").nth(1).unwrap();
        assert!(name.starts_with(field), "{name}");
    }
}

/// Asserts that no struct has two fields of one name, which only the compiler would find.
fn fields_differ(types: &str) {
    for item in syn::parse_file(types).unwrap().items {
        if let syn::Item::Struct(item) = item {
            let mut seen = std::collections::BTreeSet::new();
            for field in item.fields.iter().filter_map(|field| field.ident.as_ref()) {
                assert!(seen.insert(field.to_string()), "{}.{field}", item.ident);
            }
        }
    }
}

#[test]
fn any_operation_id_becomes_a_function() {
    for id in [
        "", "type", "self", "move", "new", "ALL", "Error", "1", "²", "a*/b", "\u{202e}", "\r\n",
    ] {
        accepted(&with_operation(json!({ "operationId": id })));
    }
}

#[test]
fn any_description_becomes_documentation() {
    for text in [
        "*/",
        "/*",
        "a\n*/\nb",
        "/",
        "//",
        "```",
        "a\r\nb\rc",
        "\u{202e}",
        "\0",
        "",
        "\n",
        "    a",
    ] {
        let schema = json!({"type": "object", "description": text, "properties": {
            "a": {"type": "string", "description": text, "enum": [text]},
        }});
        let mut document = around(schema);
        document["paths"]["/subject"]["put"]["description"] = text.into();
        document["paths"]["/subject"]["put"]["summary"] = text.into();
        accepted(&document);
    }
}

#[test]
fn a_long_chain_of_references_ends() {
    let mut document = around(json!({"$ref": "#/components/schemas/S0"}));
    for index in 0..300 {
        let next = format!("#/components/schemas/S{}", (index + 1) % 301);
        document["components"]["schemas"][format!("S{index}")] = json!({"allOf": [{"$ref": next}, {"$ref": next}, {"type": "object", "properties": {"a": {"type": "string"}}}]});
    }
    document["components"]["schemas"]["S300"] = json!({"type": "object"});
    accepted(&document);
}

#[test]
fn nesting_is_taken_as_deep_as_it_is_read() {
    let nested = |levels: usize, inside: fn(Value) -> Value| {
        around((0..levels).fold(json!({"type": "string"}), |schema, _| inside(schema)))
    };
    let kinds: [fn(Value) -> Value; 3] = [
        |schema| json!({"type": "array", "items": schema}),
        |schema| json!({"oneOf": [schema, {"type": "boolean"}]}),
        |schema| json!({"type": "object", "properties": {"a": schema}}),
    ];
    for inside in kinds {
        accepted(&nested(25, inside));
        refused(&nested(70, inside), "any.json is not readable");
    }
}

/// Pointers to every node of `value`.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(inner, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                pointers(inner, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// What is done to one node of the document.
#[derive(Debug, Clone)]
enum Change {
    Drop,
    Replace(Value),
    /// Another node of the document takes its place.
    Graft(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let values = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(""),
        json!("object"),
        json!("string"),
        json!("type"),
        json!([]),
        json!({}),
        json!(["a", 1, null]),
        json!({"$ref": "#/components/schemas/Answer"}),
        json!({"$ref": "#/components/schemas/line-item"}),
        json!({"$ref": "#/components/responses/Sold"}),
        json!({"$ref": "#/paths/~1sell"}),
        json!({"allOf": [{"$ref": "#/components/schemas/SellDto"}, {"type": "object"}]}),
        json!({"oneOf": [{"$ref": "#/components/schemas/Row"}, {"$ref": "#/components/schemas/Base"}]}),
        json!({"type": "string", "enum": ["a", "A", 5]}),
        json!({"type": "object", "properties": {"a-b": {}, "type": {"type": "array"}}}),
    ]);
    prop_oneof![
        Just(Change::Drop),
        values.prop_map(Change::Replace),
        any::<Index>().prop_map(Change::Graft),
    ]
}

fn changed(changes: &[(Index, Change)]) -> Value {
    let mut document: Value = serde_saphyr::from_str(DOCUMENT).unwrap();
    for (place, change) in changes {
        let mut all = Vec::new();
        pointers(&document, "", &mut all);
        let pointer = place.get(&all).clone();
        let value = match change {
            Change::Replace(value) => value.clone(),
            Change::Graft(source) => document
                .pointer(source.get::<String>(&all))
                .unwrap()
                .clone(),
            Change::Drop => {
                let Some((parent, key)) = pointer.rsplit_once('/') else {
                    continue;
                };
                let key = key.replace("~1", "/").replace("~0", "~");
                match document.pointer_mut(parent).unwrap() {
                    Value::Object(object) => {
                        object.remove(&key);
                    }
                    Value::Array(list) => {
                        list.remove(key.parse().unwrap());
                    }
                    _ => {}
                }
                continue;
            }
        };
        *document.pointer_mut(&pointer).unwrap() = value;
    }
    document
}

/// A damaged document takes a quarter of a second; `PROPTEST_CASES` asks for more of them.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: asked.and_then(|text| text.parse().ok()).unwrap_or(40),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_damaged_document_is_code_or_an_error(
        changes in prop::collection::vec((any::<Index>(), change()), 1..6)
    ) {
        if let Some(message) = sound(&changed(&changes)) {
            prop_assert!(!message.contains("please report"), "{message}");
        }
    }

    #[test]
    fn any_text_is_a_document_or_an_error(text in "(openapi: 3.0.1\npaths:\n)?[ -~\n]{0,80}") {
        let _ = Pipeline::new(&text, "any.yaml").generate();
    }
}
