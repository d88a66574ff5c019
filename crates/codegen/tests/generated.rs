//! What a small document of one's own becomes.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use pos_system_api_codegen::{Error, Generated, Pipeline, Targets};

const DOCUMENT: &str = include_str!("documents/shop.yaml");
const NAMES: &str = include_str!("documents/shop.names.yaml");
const OVERLAY: &str = include_str!("documents/shop.overlay.yaml");

fn generated() -> Generated {
    Pipeline::new(DOCUMENT, "shop.yaml")
        .with_overlay(OVERLAY, "shop.overlay.yaml")
        .with_names(NAMES, "shop.names.yaml")
        .with_strict(true)
        .generate()
        .unwrap()
}

/// The item that starts with `head`, up to the closing brace with the same indentation.
fn item<'a>(text: &'a str, head: &str) -> &'a str {
    let start = text.find(head).unwrap_or_else(|| panic!("no {head}"));
    let line = &text[text[..start].rfind('\n').map_or(0, |end| end + 1)..start];
    let end = format!("\n{}}}", " ".repeat(line.len()));
    let length = text[start..].find(&end).unwrap();
    &text[start..start + length]
}

/// The attributes and the documentation of a member, up to its name.
fn before_member<'a>(item: &'a str, member: &str) -> &'a str {
    let end = item
        .find(&format!("pub {member}: "))
        .unwrap_or_else(|| panic!("no {member}"));
    let start = item[..end].rfind("    pub ").unwrap_or_default();
    &item[start..end]
}

/// The declared type of a member.
fn type_of<'a>(item: &'a str, member: &str) -> &'a str {
    let head = format!("pub {member}: ");
    let start = item.find(&head).unwrap_or_else(|| panic!("no {member}")) + head.len();
    item[start..].split(",\n").next().unwrap()
}

#[test]
fn all_three_texts_are_rust() {
    let generated = generated();
    for text in [&generated.types, &generated.client, &generated.operations] {
        assert!(text.starts_with("// Generated from the OpenAPI document."));
        syn::parse_file(text).unwrap();
    }
}

#[test]
fn two_runs_give_the_same_text() {
    let (first, second) = (generated(), generated());
    assert_eq!(first.types, second.types);
    assert_eq!(first.client, second.client);
    assert_eq!(first.operations, second.operations);
    assert_eq!(first.notes, second.notes);
}

#[test]
fn json_gives_the_same_text_as_yaml() {
    let json: serde_json::Value = serde_saphyr::from_str(DOCUMENT).unwrap();
    let from_json = Pipeline::new(&json.to_string(), "shop.json")
        .with_overlay(OVERLAY, "shop.overlay.yaml")
        .with_names(NAMES, "shop.names.yaml")
        .generate()
        .unwrap();
    assert_eq!(from_json.types, generated().types);
}

#[test]
fn the_client_has_no_constructor_without_its_call() {
    let client = generated().client;
    let inherent = item(&client, "impl Client {");
    assert!(!inherent.contains("pub fn new("), "{inherent}");
    let constructor = item(inherent, "pub fn new_with_client(");
    assert!(
        constructor.contains("inner: crate::runtime::Call"),
        "{constructor}"
    );
}

#[test]
fn the_types_do_without_the_client() {
    let generated = generated();
    for word in ["Client", "reqwest", "progenitor"] {
        assert!(!generated.types.contains(word), "{word}");
    }
    assert!(!generated.client.contains("mod types"));
    assert!(generated.client.contains("types::SellRequest"));
}

#[test]
fn every_type_of_the_document_is_open() {
    let types = generated().types;
    let file = syn::parse_file(&types).unwrap();
    for item in &file.items {
        let (ident, attrs) = match item {
            syn::Item::Struct(item) => (&item.ident, &item.attrs),
            syn::Item::Enum(item) => (&item.ident, &item.attrs),
            _ => continue,
        };
        let is_open = attrs
            .iter()
            .any(|attr| attr.path().is_ident("non_exhaustive"));
        assert!(is_open, "{ident}");
    }
    for head in [
        "pub struct SellRequest {",
        "pub struct SellResponse {",
        "pub struct Line {",
    ] {
        assert!(
            item(&types, head).contains("pub extra: ::std::collections::BTreeMap<"),
            "{head}"
        );
    }
}

#[test]
fn names_of_the_table_win_over_the_publishers() {
    let types = generated().types;
    for name in [
        "struct SellRequest ",
        "struct SellResponse ",
        "struct Line ",
        "enum Mode ",
    ] {
        assert!(types.contains(&format!("pub {name}")), "{name}");
    }
    for gone in ["SellDto", "LineItem", "SellRequestMode", "SellDtoMode"] {
        assert!(!types.contains(gone), "{gone}");
    }
}

#[test]
fn scalars_and_codes_are_types_of_ours() {
    let types = generated().types;
    let request = item(&types, "pub struct SellRequest {");
    for (member, expected) in [
        ("total", "crate::types::Amount"),
        ("at", "crate::types::Moment"),
        ("shop_id", "crate::types::Id"),
        ("ft_state", "crate::codes::State"),
        ("mode", "crate::types::Mode"),
        ("day", "::std::string::String"),
        ("user", "crate::types::Json"),
        ("reference", "SellRequestReference"),
    ] {
        assert!(
            type_of(request, member).contains(expected),
            "{member}: {request}"
        );
    }
    let answer = item(&types, "pub struct SellResponse {");
    assert_eq!(type_of(answer, "ft_state"), "crate::codes::State");
    assert!(
        type_of(answer, "total").contains("AmountSchema"),
        "{answer}"
    );
}

#[test]
fn either_spelling_of_an_id_is_read_unless_both_are_declared() {
    let types = generated().types;
    let request = item(&types, "pub struct SellRequest {");
    assert!(before_member(request, "shop_id").contains(r#"alias = "ShopID""#));
    assert!(before_member(request, "queue_id").contains(r#"alias = "QueueId""#));
    assert_eq!(request.matches("alias").count(), 2, "{request}");
}

#[test]
fn builders_start_without_unknown_members() {
    let types = generated().types;
    assert!(!types.contains("no value supplied for extra"));
    assert!(types.contains("no value supplied for mode"));
}

#[test]
fn lists_maps_and_optional_integers_are_read_leniently() {
    let types = generated().types;
    let reading = item(
        &types,
        "impl<'de> ::serde::Deserialize<'de> for SellRequest {",
    );
    for (wire, reader) in [
        (
            "\"Lines\"",
            "::std::option::Option<::std::vec::Vec<::std::option::Option<Line>>",
        ),
        ("\"Tags\"", "::std::option::Option<::std::vec::Vec<"),
        (
            "\"Labels\"",
            "::std::option::Option<::std::collections::BTreeMap<",
        ),
        ("\"Count\"", "crate::reading::IntegerOrText<"),
        ("\"ShopId\" | \"ShopID\"", "crate::types::Id"),
        ("\"TillID\"", "String"),
        ("\"TillId\"", "String"),
    ] {
        let arm = &reading[reading.find(&format!("{wire} =>")).expect(wire)..];
        let arm = arm[..arm.find("())?").or(arm.find("()?")).unwrap()].replace([' ', '\n'], "");
        assert!(arm.contains(reader), "{wire}: {arm}");
    }
    // Only what a request cannot do without is missed.
    let missed: Vec<&str> = reading.matches("missing_field").collect();
    assert_eq!(missed.len(), 1, "Mode: {reading}");
}

#[test]
fn enumerations_keep_values_they_do_not_know() {
    let types = generated().types;
    let mode = item(&types, "pub enum Mode {");
    for variant in [
        "Cash,",
        "Cash2,",
        "V1,",
        "Empty,",
        "Unknown(::std::string::String),",
    ] {
        assert!(mode.contains(variant), "{mode}");
    }
    let texts = item(&types, "pub fn as_str(&self)");
    assert!(texts.contains(r#"Self::Cash2 => "Cash""#), "{texts}");
}

#[test]
fn an_answer_requires_what_is_indispensable_and_a_request_what_it_declares() {
    let types = generated().types;
    let request = item(&types, "pub struct SellRequest {");
    assert!(!type_of(request, "mode").contains("Option"));
    assert!(type_of(request, "note").contains("Option"), "nullable");
    let row = item(&types, "pub struct Row {");
    assert!(type_of(row, "level").contains("Option"), "{row}");
}

#[test]
fn examples_are_no_documentation_tests() {
    let types = generated().types;
    let fences: Vec<&str> = types
        .lines()
        .filter(|line| line.contains("```"))
        .map(|line| line.trim_end_matches("*/"))
        .collect();
    assert_eq!(fences, ["```text", "```", "```text", "```"]);
    assert!(types.contains("tests_would_run"));
}

#[test]
fn the_table_says_what_each_operation_is() {
    let generated = generated();
    let table = &generated.operations;
    for (constant, line) in [
        ("SELL", r#""sell", "POST", "/sell", Effect, Json"#),
        (
            "GET_REPORT_BY_SHOP_ID",
            r#""get_report_by_shop_id", "GET", "/report/{ShopId}", Query, Bytes"#,
        ),
        ("POST_LOG", r#""post_log", "POST", "/log", Stream, Bytes"#),
        (
            "POST_PAIR",
            r#""post_pair", "POST", "/pair", Secret, Nothing"#,
        ),
        (
            "GET_SOLD_BY_SHOP_ID_DELIVERED",
            r#""get_sold_by_shop_id_delivered", "GET", "/sold/{ShopId}/delivered", Query, Bytes"#,
        ),
    ] {
        let start = table
            .find(&format!("pub const {constant}:"))
            .expect(constant);
        let text = &table[start..start + table[start..].find(";\n").unwrap()];
        let (_, arguments) = text.split_once("::new(").unwrap();
        let arguments: Vec<&str> = arguments
            .trim_end_matches(')')
            .split(',')
            .map(|argument| argument.trim().rsplit("::").next().unwrap())
            .filter(|argument| !argument.is_empty())
            .collect();
        assert_eq!(arguments.join(", "), line);
        assert!(table[table.find("pub const ALL").unwrap()..].contains(constant));
    }
    // The name in the table is the one that reaches the hooks.
    for id in ["sell", "get_report_by_shop_id", "post_log", "post_pair"] {
        assert!(
            generated
                .client
                .contains(&format!("operation_id: \"{id}\"")),
            "{id}"
        );
    }
}

#[test]
fn parameters_are_what_a_caller_has_to_say() {
    let client = generated().client;
    let report = item(&client, "pub struct GetReportByShopId<'a> {");
    for field in [
        "shop_id: Result<::uuid::Uuid",
        "width: Result<Option<i32>",
        "filter: Result<Option",
    ] {
        assert!(report.contains(field), "{field}: {report}");
    }
    assert!(!client.contains("cashbox"), "a header of the facade");
}

#[test]
fn targets_decide_what_is_referred_to() {
    let mut targets = Targets::default();
    targets.types = syn::parse_str("my::types").unwrap();
    targets.amount = syn::parse_str("my::Amount").unwrap();
    targets.codes = syn::parse_str("my::codes").unwrap();
    targets.runtime = syn::parse_str("my::runtime").unwrap();
    targets.call = syn::parse_str("my::Call").unwrap();
    targets.reading = syn::parse_str("my::reading").unwrap();
    targets.json = syn::parse_str("my::Json").unwrap();
    targets.id = syn::parse_str("my::Id").unwrap();
    targets.moment = syn::parse_str("my::Moment").unwrap();
    targets.schemars_feature = None;
    let generated = Pipeline::new(DOCUMENT, "shop.yaml")
        .with_names(NAMES, "shop.names.yaml")
        .with_targets(targets)
        .generate()
        .unwrap();
    for text in [&generated.types, &generated.client, &generated.operations] {
        assert!(!text.contains("crate::"), "{text}");
        assert!(!text.contains("schemars"));
    }
    assert!(generated.types.contains("my::reading::IntegerOrText"));
    assert!(generated.types.contains("my::Json"));
}

#[test]
fn a_dependent_crate_takes_everything_but_the_types_from_ours() {
    let generated = Pipeline::new(DOCUMENT, "shop.yaml")
        .with_names(NAMES, "shop.names.yaml")
        .with_targets(Targets::for_dependent_crate())
        .generate()
        .unwrap();
    for text in [&generated.types, &generated.client, &generated.operations] {
        let own = text.matches("crate::").count();
        assert_eq!(own, text.matches("crate::types::Mode").count(), "{text}");
        assert!(text.contains("pos_system_api::"));
    }
}

#[test]
fn every_stage_says_what_it_changed() {
    let notes: Vec<String> = generated().notes.iter().map(ToString::to_string).collect();
    for expected in [
        "overlay: updated: $.components.schemas['line-item']",
        "name: operation: POST /sell -> sell",
        "normalise: component respelled: Amount -> AmountSchema",
        "normalise: header sent by the facade: POST /sell X-Cashbox-Id",
        "normalise: request body sent as bytes: POST /pair: application/pdf",
        "name: schema: SellDto -> SellRequest",
    ] {
        assert!(
            notes.iter().any(|note| note == expected),
            "{expected}: {notes:#?}"
        );
    }
}

#[test]
fn a_target_without_match_is_an_error_only_when_strict() {
    let overlay = "overlay: 1.0.0\nactions: [{target: $.gone, remove: true}]\n";
    let run = |strict| {
        Pipeline::new(DOCUMENT, "shop.yaml")
            .with_overlay(overlay, "o.yaml")
            .with_strict(strict)
            .generate()
    };
    let notes = run(false).unwrap().notes;
    assert!(
        notes
            .iter()
            .any(|note| note.rule == "target matches nothing")
    );
    let error = run(true).unwrap_err();
    assert!(matches!(error, Error::Table { .. }));
    assert_eq!(
        error.to_string(),
        "o.yaml: these targets match nothing: $.gone"
    );
}

#[test]
fn files_are_written_where_they_are_wanted() {
    let directory = std::env::temp_dir().join(format!("codegen-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let generated = generated();
    generated.write_to(&directory).unwrap();
    for (name, text) in [
        ("types.rs", &generated.types),
        ("client.rs", &generated.client),
        ("operations.rs", &generated.operations),
    ] {
        let path = directory.join(name);
        assert_eq!(&pos_system_api_codegen::read(&path).unwrap(), text);
    }
    std::fs::remove_dir_all(&directory).unwrap();
    let error = generated.write_to(&directory).unwrap_err();
    assert!(error.to_string().starts_with("cannot write "), "{error}");
    assert!(pos_system_api_codegen::read(&directory.join("gone")).is_err());
}
