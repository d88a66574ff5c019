//! Helpers for a mock server, on demand.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use pos_system_api_codegen::{Generated, Pipeline, Targets};

const DOCUMENT: &str = include_str!("documents/shop.yaml");

fn generated(mock: bool) -> Generated {
    Pipeline::new(DOCUMENT, "shop.yaml")
        .with_names(include_str!("documents/shop.names.yaml"), "shop.names.yaml")
        .with_targets(Targets::for_dependent_crate())
        .with_mock(mock)
        .generate()
        .unwrap()
}

#[test]
fn they_are_made_only_when_asked_for() {
    assert!(generated(false).mock.is_none());
    let (without, with) = (generated(false), generated(true));
    assert_eq!(without.client, with.client);
    assert_eq!(without.types, with.types);
    syn::parse_file(&with.mock.unwrap()).unwrap();
}

#[test]
fn every_operation_has_one() {
    let generated = generated(true);
    let mock = generated.mock.unwrap();
    assert!(!generated.operation_ids.is_empty());
    for id in &generated.operation_ids {
        let method = format!("fn {id}<F>(&self, config_fn: F)");
        assert_eq!(mock.matches(&method).count(), 2, "{id}");
    }
}

#[test]
fn paths_match_with_and_without_a_version() {
    let mock = generated(true).mock.unwrap();
    assert!(mock.contains("\"^(?:/v[0-9]+)?/"));
    assert!(!mock.contains("\"^/"), "a pattern without a version");
}
