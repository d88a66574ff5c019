//! The published document, where it is at hand: it is no part of this package.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use pos_system_api_codegen::{Generated, Pipeline, read};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi")
}

/// What the document becomes with its overlay and names, or `None` outside of the repository.
fn generated() -> Option<Generated> {
    let file = |name: &str| folder().join(name);
    if !file("pos-system-api.yaml").exists() {
        return None;
    }
    let text = |name: &str| read(&file(name)).unwrap();
    let generated = Pipeline::new(&text("pos-system-api.yaml"), "pos-system-api.yaml")
        .with_overlay(&text("overlay.yaml"), "overlay.yaml")
        .with_names(&text("names.yaml"), "names.yaml")
        .with_strict(true)
        .with_facade(true)
        .generate();
    Some(generated.unwrap())
}

#[test]
fn the_published_document_passes_strictly() {
    let Some(generated) = generated() else { return };
    for text in [&generated.types, &generated.client, &generated.operations] {
        syn::parse_file(text).unwrap();
    }
    for name in [
        "ReceiptRequest",
        "ReceiptResponse",
        "ChargeItem",
        "PayItem",
        "SignatureItem",
    ] {
        assert!(
            generated.types.contains(&format!("pub struct {name} {{")),
            "{name}"
        );
    }
    for spec in ["SIGN", "ECHO", "PAY", "ISSUE", "JOURNAL"] {
        assert!(
            generated
                .operations
                .contains(&format!("pub const {spec}: ")),
            "{spec}"
        );
    }
}

#[test]
fn every_line_of_the_names_is_about_something() {
    let Some(generated) = generated() else { return };
    let idle: Vec<String> = generated
        .notes
        .iter()
        .filter(|note| note.is_warning())
        .map(ToString::to_string)
        .collect();
    assert!(idle.is_empty(), "{idle:#?}");
}

#[test]
fn no_type_of_the_published_document_is_without_its_own_members() {
    let Some(generated) = generated() else { return };
    let file = syn::parse_file(&generated.types).unwrap();
    for item in &file.items {
        if let syn::Item::Struct(item) = item {
            assert!(!item.fields.is_empty(), "{} lost its members", item.ident);
        }
    }
}

#[test]
fn two_runs_over_the_published_document_agree() {
    let (Some(first), Some(second)) = (generated(), generated()) else {
        return;
    };
    assert_eq!(first.types, second.types);
    assert_eq!(first.client, second.client);
    assert_eq!(first.operations, second.operations);
}
