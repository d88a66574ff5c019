//! The overlay and names that this package carries are those of the repository.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::path::Path;

use pos_system_api_codegen::{DEFAULT_NAMES, DEFAULT_OVERLAY, Pipeline, read};

#[test]
fn they_equal_the_files_of_the_repository() {
    // Outside of the repository there is nothing to compare with.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi");
    for (name, carried) in [
        ("overlay.yaml", DEFAULT_OVERLAY),
        ("names.yaml", DEFAULT_NAMES),
    ] {
        let file = folder.join(name);
        if file.exists() {
            assert!(
                read(&file).unwrap() == carried,
                "crates/codegen/defaults/{name} differs from openapi/{name}: copy it over"
            );
        }
    }
}

#[test]
fn they_fit_a_document_without_any_of_their_targets() {
    let generated = Pipeline::new("openapi: 3.0.1\npaths: {}\n", "api.yaml")
        .with_overlay(DEFAULT_OVERLAY, "default overlay")
        .with_names(DEFAULT_NAMES, "default names")
        .generate()
        .unwrap();
    assert!(generated.client.contains("pub struct Client"));
}
