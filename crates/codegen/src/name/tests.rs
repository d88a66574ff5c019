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
    let table = format!("codes: {{ftState: State}}\nschemas:\n- {{role: {role}, name: {name}}}\n");
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
    let table =
        "schemas: [{role: POST /echo request, name: Ask}, {role: POST /echo response, name: Tell}]";
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
