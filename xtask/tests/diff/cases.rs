//! Every kind of change: how it is made, and what has to be said of it.

use serde_json::{Value, json};
use xtask::diff::Verdict::{self, Additive, Breaking, None};

/// A change to the small document, the verdict on it, a line of the report, and the verdict on
/// taking it back.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) patch: fn(&mut Value),
    pub(crate) verdict: Verdict,
    pub(crate) line: &'static str,
    pub(crate) reverse: Verdict,
}

const fn case(
    name: &'static str,
    patch: fn(&mut Value),
    verdict: Verdict,
    line: &'static str,
    reverse: Verdict,
) -> Case {
    Case {
        name,
        patch,
        verdict,
        line,
        reverse,
    }
}

pub(crate) fn sign(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/sign"]["post"]
}

pub(crate) fn request(document: &mut Value) -> &mut Value {
    &mut document["components"]["schemas"]["ReceiptRequest"]
}

fn response(document: &mut Value) -> &mut Value {
    &mut document["components"]["schemas"]["ReceiptResponse"]
}

pub(crate) fn item(document: &mut Value) -> &mut Value {
    &mut document["components"]["schemas"]["ChargeItem"]
}

pub(crate) fn remove(value: &mut Value, member: &str) -> Value {
    value.as_object_mut().unwrap().remove(member).unwrap()
}

fn push(list: &mut Value, element: Value) {
    list.as_array_mut().unwrap().push(element);
}

const JSON_SCHEMA: &str = "/content/application~1json/schema";

#[rustfmt::skip]
pub(crate) const CASES: &[Case] = &[
    // Operations.
    case("operation added", |d| {
        d["paths"]["/void"] = json!({"post": {"responses": {"200": {"description": "ok"}}}});
    }, Additive, "POST /void: operation added", Breaking),
    case("method added", |d| {
        d["paths"]["/sign"]["get"] = json!({"responses": {}});
    }, Additive, "GET /sign: operation added", Breaking),
    case("operation moved, told by its id", |d| {
        let operation = remove(&mut d["paths"], "/journal");
        d["paths"]["/v3/journal"] = operation;
    }, Breaking, "call      GET /journal: moved to GET /v3/journal", Breaking),
    case("operation moved, told by what it takes", |d| {
        let operation = remove(&mut d["paths"], "/sign");
        d["paths"]["/receipts"] = operation;
    }, Breaking, "POST /sign: moved to POST /receipts", Breaking),
    case("operation moved to another method", |d| {
        let operation = remove(&mut d["paths"]["/sign"], "post");
        d["paths"]["/sign"]["put"] = operation;
    }, Breaking, "POST /sign: moved to PUT /sign", Breaking),
    case("path spelled in another case", |d| {
        let operation = remove(&mut d["paths"], "/issue/{QueueId}");
        d["paths"]["/Issue/{QueueId}"] = operation;
    }, Breaking, "GET /issue/{QueueId}: moved to GET /Issue/{QueueId}", Breaking),
    case("operation id renamed", |d| {
        d["paths"]["/journal"]["get"]["operationId"] = json!("Journal_Get");
    }, None, "operationId changed from `getJournal` to `Journal_Get`", None),
    case("operation id added", |d| {
        sign(d)["operationId"] = json!("Sign");
    }, None, "operationId `Sign` added", None),
    case("operation deprecated", |d| {
        sign(d)["deprecated"] = json!(true);
    }, None, "POST /sign: is deprecated now", None),

    // Parameters.
    case("required parameter added", |d| {
        push(&mut d["paths"]["/journal"]["get"]["parameters"],
            json!({"name": "kind", "in": "query", "required": true, "schema": {"type": "string"}}));
    }, Breaking, "GET /journal parameter kind: required query parameter added", Breaking),
    case("optional parameter added", |d| {
        push(&mut d["paths"]["/journal"]["get"]["parameters"],
            json!({"name": "kind", "in": "query", "schema": {"type": "string"}}));
    }, Additive, "optional query parameter added", Breaking),
    case("parameter becomes required", |d| {
        d["paths"]["/journal"]["get"]["parameters"][0]["required"] = json!(true);
    }, Breaking, "GET /journal parameter from: is required now", Additive),
    case("parameter type changed", |d| {
        d["paths"]["/journal"]["get"]["parameters"][0]["schema"] = json!({"type": "string"});
    }, Breaking, "GET /journal parameter from: type changed from int64 to text", Breaking),
    case("parameter moved to a header", |d| {
        d["paths"]["/journal"]["get"]["parameters"][0]["in"] = json!("header");
    }, Breaking, "GET /journal parameter from: moved from query to header", Breaking),
    case("query parameter spelled in another way", |d| {
        d["paths"]["/journal"]["get"]["parameters"][0]["name"] = json!("From");
    }, Breaking, "parameter from: is spelled `From` now", Breaking),
    case("list parameter written in another way", |d| {
        d["paths"]["/journal"]["get"]["parameters"][1]["explode"] = json!(false);
    }, Breaking, "the list is written in another way now", Breaking),
    case("path parameter respelled", |d| {
        let mut operation = remove(&mut d["paths"], "/issue/{QueueId}");
        operation["get"]["parameters"][0]["name"] = json!("queue_id");
        d["paths"]["/issue/{queue_id}"] = operation;
    }, None, "path parameter `QueueId` is called `queue_id` now", None),
    case("path parameter renamed", |d| {
        let mut operation = remove(&mut d["paths"], "/issue/{QueueId}");
        operation["get"]["parameters"][0]["name"] = json!("CashBox");
        d["paths"]["/issue/{CashBox}"] = operation;
    }, Breaking, "path parameter `QueueId` is called `CashBox` now", Breaking),
    case("header of the facade, required or gone", |d| {
        sign(d)["parameters"] = json!([{"name": "X-Operation-ID", "in": "header", "required": true}]);
    }, None, "verdict: none", None),
    case("parameters of the path and of the operation", |d| {
        let parameters = remove(&mut d["paths"]["/journal"]["get"], "parameters");
        d["paths"]["/journal"]["parameters"] = parameters;
    }, None, "verdict: none", None),
    case("parameter by reference", |d| {
        let parameter = d["paths"]["/journal"]["get"]["parameters"][0].take();
        d["components"]["parameters"] = json!({"From": parameter});
        d["paths"]["/journal"]["get"]["parameters"][0] = json!({"$ref": "#/components/parameters/From"});
    }, None, "verdict: none", None),
    case("credentials needed", |d| {
        sign(d)["security"] = json!([{"oauth": ["sign"]}]);
    }, Breaking, "POST /sign: needs credentials that the client does not send", Additive),
    case("credentials of the facade as a scheme", |d| {
        d["components"]["securitySchemes"] = json!({
            "box": {"type": "apiKey", "in": "header", "name": "X-CashBox-Id"}});
        d["security"] = json!([{"box": []}]);
    }, None, "verdict: none", None),

    // Request bodies.
    case("required body added", |d| {
        d["paths"]["/journal"]["get"]["requestBody"] =
            json!({"required": true, "content": {"application/json": {"schema": {}}}});
    }, Breaking, "GET /journal body: required body added", Breaking),
    case("optional body added", |d| {
        d["paths"]["/journal"]["get"]["requestBody"] =
            json!({"content": {"application/json": {"schema": {}}}});
    }, Additive, "GET /journal body: optional body added", Breaking),
    case("body becomes optional", |d| {
        sign(d)["requestBody"]["required"] = json!(false);
    }, Additive, "POST /sign body: is optional now", Breaking),
    case("media type of a request added", |d| {
        sign(d)["requestBody"]["content"]["application/xml"] = json!({"schema": {"type": "string"}});
    }, Additive, "POST /sign body: media type application/xml added", Breaking),
    case("media types of JSON in another number and order", |d| {
        let schema = sign(d)["requestBody"].pointer(JSON_SCHEMA).unwrap().clone();
        sign(d)["requestBody"]["content"] = json!({
            "application/*+json": {"schema": schema}, "text/json": {"schema": schema}});
    }, None, "verdict: none", None),

    // Members of requests.
    case("required request member added", |d| {
        request(d)["properties"]["cbTerminalID"] = json!({"type": "string"});
        push(&mut request(d)["required"], json!("cbTerminalID"));
    }, Breaking, "request   ReceiptRequest.cbTerminalID: required member added", Breaking),
    case("required but nullable request member added", |d| {
        request(d)["properties"]["cbTerminalID"] = json!({"type": "string", "nullable": true});
        push(&mut request(d)["required"], json!("cbTerminalID"));
    }, Additive, "ReceiptRequest.cbTerminalID: optional member added", Breaking),
    case("optional request member added", |d| {
        request(d)["properties"]["cbTerminalID"] = json!({"type": "string"});
    }, Additive, "ReceiptRequest.cbTerminalID: optional member added", Breaking),
    case("request member renamed", |d| {
        let member = remove(&mut request(d)["properties"], "cbUser");
        request(d)["properties"]["cbOperator"] = member;
    }, Breaking, "ReceiptRequest.cbUser: member removed", Breaking),
    case("request member becomes required", |d| {
        push(&mut request(d)["required"], json!("cbUser"));
    }, Breaking, "ReceiptRequest.cbUser: is required now", Additive),
    case("required request member becomes nullable", |d| {
        request(d)["properties"]["cbReceiptReference"]["nullable"] = json!(true);
    }, Additive, "ReceiptRequest.cbReceiptReference: can be null now", Breaking),
    case("optional request member becomes nullable", |d| {
        request(d)["properties"]["cbUser"]["nullable"] = json!(true);
    }, None, "ReceiptRequest.cbUser: can be null now", None),
    case("request member changes its type", |d| {
        request(d)["properties"]["cbUser"] = json!({"type": "integer"});
    }, Breaking, "ReceiptRequest.cbUser: type changed from text to int64", Breaking),
    case("integer gets wider", |d| {
        item(d)["properties"]["Line"]["format"] = json!("int64");
    }, Breaking, "ChargeItem.Line: type changed from int32 to int64", Breaking),
    case("text becomes a moment", |d| {
        request(d)["properties"]["cbUser"]["format"] = json!("date-time");
    }, Breaking, "ReceiptRequest.cbUser: type changed from text to moment", Breaking),
    case("text gets a format that the client does not read", |d| {
        request(d)["properties"]["cbUser"]["format"] = json!("hostname");
    }, None, "verdict: none", None),
    case("list becomes one", |d| {
        let items = request(d)["properties"]["cbChargeItems"]["items"].take();
        request(d)["properties"]["cbChargeItems"] = items;
    }, Breaking, "ReceiptRequest.cbChargeItems: type changed from list to object", Breaking),
    case("element of a request can be null", |d| {
        request(d)["properties"]["cbChargeItems"]["items"] =
            json!({"allOf": [{"$ref": "#/components/schemas/ChargeItem"}], "nullable": true});
    }, Additive, "ReceiptRequest.cbChargeItems[]: can be null now", Breaking),
    case("values of a map change their type", |d| {
        request(d)["properties"]["labels"]["additionalProperties"] = json!({"type": "boolean"});
    }, Breaking, "ReceiptRequest.labels{}: type changed from text to boolean", Breaking),
    case("free object gets members", |d| {
        request(d)["properties"]["data"]["properties"] = json!({"a": {"type": "string"}});
    }, Breaking, "ReceiptRequest.data: type changed from map to object", Breaking),
    case("code declared as text", |d| {
        request(d)["properties"]["ftReceiptCase"] = json!({"type": "string"});
    }, None, "verdict: none", None),
    case("limit narrowed", |d| {
        request(d)["properties"]["cbUser"]["maxLength"] = json!(10);
    }, Breaking, "ReceiptRequest.cbUser: `maxLength` changed from `50` to `10`", Additive),
    case("pattern added", |d| {
        request(d)["properties"]["cbUser"]["pattern"] = json!("^a");
    }, Breaking, "`pattern` changed from nothing to `\"^a\"`", Additive),
    case("default changed", |d| {
        item(d)["properties"]["Line"]["default"] = json!(2);
    }, Breaking, "ChargeItem.Line: default changed from `1` to `2`", Breaking),
    case("default written in another way", |d| {
        item(d)["properties"]["Line"]["default"] = json!(1.0);
    }, None, "verdict: none", None),

    // Numbers.
    case("double becomes decimal", |d| {
        item(d)["properties"]["Amount"] = json!({"type": "number", "format": "decimal"});
    }, None, "verdict: none", None),
    case("double becomes text of a decimal", |d| {
        item(d)["properties"]["Amount"] = json!({"type": "string", "format": "decimal"});
    }, None, "verdict: none", None),
    case("double becomes one of integer and double", |d| {
        item(d)["properties"]["Amount"] = json!({"oneOf": [
            {"type": "integer", "format": "int32"}, {"type": "number", "format": "double"}]});
    }, None, "verdict: none", None),
    case("double becomes a whole number", |d| {
        item(d)["properties"]["Amount"] = json!({"type": "integer"});
    }, Breaking, "ChargeItem.Amount: type changed from amount to int64", Breaking),

    // Enumerations.
    case("request value added", |d| {
        push(&mut request(d)["properties"]["Mode"]["enum"], json!("training"));
    }, Additive, "request   ReceiptRequest.Mode: value `training` added", Breaking),
    case("response value added", |d| {
        push(&mut response(d)["properties"]["Phase"]["enum"], json!("late"));
    }, Additive, "response  ReceiptResponse.Phase: value `late` added", Breaking),
    case("enumeration becomes open", |d| {
        let closed = request(d)["properties"]["Mode"].take();
        request(d)["properties"]["Mode"] = json!({"anyOf": [{"type": "string"}, closed]});
    }, None, "verdict: none", None),
    case("enumeration becomes text", |d| {
        remove(&mut request(d)["properties"]["Mode"], "enum");
    }, Breaking, "ReceiptRequest.Mode: type changed from enumeration to text", Breaking),
    case("list of numbers narrowed", |d| {
        item(d)["properties"]["Line"]["enum"] = json!([1, 2]);
    }, Breaking, "ChargeItem.Line: is restricted to listed values now", Additive),

    // Alternatives.
    case("alternative of a request added", |d| {
        push(&mut request(d)["properties"]["target"]["oneOf"], json!({"$ref": "#/components/schemas/ChargeItem"}));
    }, Additive, "ReceiptRequest.target: alternative `ChargeItem` added", Breaking),
    case("alternative of a response added", |d| {
        push(&mut response(d)["properties"]["proof"]["oneOf"], json!({"type": "boolean"}));
    }, Breaking, "ReceiptResponse.proof: alternative `boolean` added", Breaking),
    case("alternatives in another order", |d| {
        request(d)["properties"]["target"]["oneOf"].as_array_mut().unwrap().reverse();
    }, None, "verdict: none", None),
    case("alternative inlined", |d| {
        let schema = d["components"]["schemas"]["Mail"].clone();
        request(d)["properties"]["target"]["oneOf"][0] = schema;
    }, None, "verdict: none", None),
    case("member of an alternative becomes required", |d| {
        d["components"]["schemas"]["Mail"]["required"] = json!(["to"]);
    }, Breaking, "request   Mail.to: is required now", Additive),

    // Members of responses.
    case("response member added", |d| {
        response(d)["properties"]["ftReceiptHeader"] = json!({"type": "string"});
        push(&mut response(d)["required"], json!("ftReceiptHeader"));
    }, Additive, "response  ReceiptResponse.ftReceiptHeader: member added", Breaking),
    case("response member becomes optional", |d| {
        response(d)["required"] = json!(["ftState"]);
    }, None, "none      response  ReceiptResponse.ftQueueID: is optional now", None),
    case("response member becomes nullable", |d| {
        response(d)["properties"]["ftQueueID"]["nullable"] = json!(true);
    }, None, "ReceiptResponse.ftQueueID: can be null now", None),
    case("indispensable response member becomes optional", |d| {
        response(d)["required"] = json!(["ftQueueID"]);
    }, Breaking, "response  ReceiptResponse.ftState: is optional now", Additive),
    case("response member changes its type", |d| {
        remove(&mut response(d)["properties"]["ftQueueID"], "format");
    }, Breaking, "ReceiptResponse.ftQueueID: type changed from uuid to text", Breaking),
    case("element of a response can be null", |d| {
        response(d)["properties"]["ftSignatures"]["items"]["nullable"] = json!(true);
    }, None, "response  ReceiptResponse.ftSignatures[]: can be null now", None),
    case("limits of a response", |d| {
        response(d)["properties"]["Phase"]["maxLength"] = json!(3);
    }, None, "verdict: none", None),
    case("member of an answer that a request passes on", |d| {
        response(d)["properties"]["ftReceiptHeader"] = json!({"type": "string"});
        push(&mut response(d)["required"], json!("ftReceiptHeader"));
        d["paths"]["/issue"]["post"]["description"] = json!("takes the answer of /sign");
    }, Additive, "response  ReceiptResponse.ftReceiptHeader: member added", Breaking),

    // Answers.
    case("201 beside 200, same schema", |d| {
        let answer = sign(d)["responses"]["200"].clone();
        sign(d)["responses"]["201"] = answer;
    }, None, "statuses of success changed from 200 to 200, 201", None),
    case("201 for 200, same schema", |d| {
        let answer = remove(&mut sign(d)["responses"], "200");
        sign(d)["responses"]["201"] = answer;
    }, None, "statuses of success changed from 200 to 201", None),
    case("range for a status", |d| {
        let answer = remove(&mut sign(d)["responses"], "200");
        sign(d)["responses"]["2XX"] = answer;
    }, None, "statuses of success changed from 200 to 2XX", None),
    case("201 with another schema", |d| {
        sign(d)["responses"]["201"] =
            json!({"content": {"application/json": {"schema": {"type": "string"}}}});
    }, Breaking, "POST /sign answer: whether statuses of success share one schema changed", Breaking),
    case("204 beside 200", |d| {
        sign(d)["responses"]["204"] = json!({"description": "nothing"});
    }, Breaking, "POST /sign answer: can be without a body now", Breaking),
    case("answer without a body", |d| {
        remove(&mut sign(d)["responses"]["200"], "content");
    }, Breaking, "POST /sign answer: has no body any more", Breaking),
    case("document beside JSON in an answer", |d| {
        sign(d)["responses"]["200"]["content"]["application/pdf"] = json!({});
    }, Breaking, "POST /sign answer: type changed from JSON to bytes", Breaking),
    case("another document in an answer of documents", |d| {
        d["paths"]["/issue/{QueueId}"]["get"]["responses"]["200"]["content"]["image/png"] = json!({});
    }, Additive, "GET /issue/{QueueId} answer: media type image/png added", Breaking),
    case("text beside JSON in an answer", |d| {
        sign(d)["responses"]["200"]["content"]["text/plain"] = json!({});
    }, None, "verdict: none", None),
    case("answer can be null", |d| {
        let schema = sign(d)["responses"]["200"].pointer_mut(JSON_SCHEMA).unwrap();
        *schema = json!({"nullable": true, "allOf": [schema.take()]});
    }, Breaking, "POST /sign answer: can be null now", Additive),
    case("error added", |d| {
        sign(d)["responses"]["409"] = json!({"description": "another body"});
    }, Additive, "POST /sign status 409: error added", None),
    case("error of a range for one of a status", |d| {
        let error = remove(&mut sign(d)["responses"], "400");
        sign(d)["responses"]["4XX"] = error;
    }, Additive, "POST /sign status 4XX: error added", None),
    case("one default for an error of a status", |d| {
        let error = remove(&mut sign(d)["responses"], "400");
        sign(d)["responses"]["default"] = error;
    }, None, "POST /sign status default: error added", None),
    case("error loses its body", |d| {
        remove(&mut sign(d)["responses"]["400"], "content");
    }, Breaking, "POST /sign status 400: error has no body any more", Additive),
    case("error member added", |d| {
        d["components"]["schemas"]["Problem"]["properties"]["traceId"] = json!({"type": "string"});
    }, Additive, "response  Problem.traceId: member added", Breaking),

    // Spelling.
    case("descriptions, examples, tags and order", |d| {
        d["info"]["description"] = json!("other words");
        sign(d)["summary"] = json!("other words");
        sign(d)["tags"] = json!(["other"]);
        request(d)["description"] = json!("other words");
        request(d)["properties"]["cbUser"]["example"] = json!("till");
        request(d)["required"].as_array_mut().unwrap().reverse();
    }, None, "verdict: none", None),
    case("request inlined", |d| {
        let schema = request(d).clone();
        *sign(d)["requestBody"].pointer_mut(JSON_SCHEMA).unwrap() = schema;
    }, None, "verdict: none", None),
    case("answer inlined", |d| {
        let schema = response(d).clone();
        *sign(d)["responses"]["200"].pointer_mut(JSON_SCHEMA).unwrap() = schema;
    }, None, "verdict: none", None),
    case("answer by a shared response", |d| {
        let answer = sign(d)["responses"]["200"].take();
        d["components"]["responses"] = json!({"Signed": answer});
        sign(d)["responses"]["200"] = json!({"$ref": "#/components/responses/Signed"});
    }, None, "verdict: none", None),
    case("allOf around a reference", |d| {
        request(d)["properties"]["cbChargeItems"]["items"] =
            json!({"allOf": [{"$ref": "#/components/schemas/ChargeItem"}], "description": "line"});
    }, None, "verdict: none", None),
    case("members spread over allOf", |d| {
        let schema = item(d).take();
        d["components"]["schemas"]["Base"] = schema;
        *item(d) = json!({"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object"}]});
    }, None, "verdict: none", None),
    case("null as an alternative", |d| {
        remove(&mut request(d)["properties"]["note"], "nullable");
        request(d)["properties"]["note"] = json!({"oneOf": [{"type": "string"}, {"enum": [null]}]});
    }, None, "verdict: none", None),
    case("additionalProperties: false", |d| {
        request(d)["additionalProperties"] = json!(false);
    }, None, "verdict: none", None),
    case("schema renamed", |d| {
        let schema = remove(&mut d["components"]["schemas"], "Problem");
        d["components"]["schemas"]["ProblemDetails"] = schema;
        *sign(d)["responses"]["400"].pointer_mut("/content/application~1problem+json/schema").unwrap() =
            json!({"$ref": "#/components/schemas/ProblemDetails"});
    }, None, "schema `Problem` is called `ProblemDetails` now", None),
    case("reference to nothing", |d| {
        request(d)["properties"]["cbChargeItems"]["items"] = json!({"$ref": "#/components/schemas/Gone"});
    }, Breaking, "type changed from object to dangling reference #/components/schemas/Gone", Breaking),
];
