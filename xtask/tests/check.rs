//! Which documents are accepted, and what is said of the others.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod documents;

use documents::base;
use serde_json::json;
use xtask::check::{Compiler as _, NoCompiler, check};
use xtask::repository::{Repository, read};
use xtask::{Error, document::Document};

fn refusal(text: &str) -> String {
    check(&Repository::here(), text, "given.yaml", false)
        .unwrap_err()
        .to_string()
}

#[test]
fn our_own_document_is_accepted_strictly_and_summed_up() {
    let repository = Repository::here();
    let text = read(&repository.document()).unwrap();
    let checked = check(&repository, &text, "ours", true).unwrap();
    assert_eq!(checked.warnings().count(), 0);
    let summary = checked.to_string();
    let operations = text
        .lines()
        .filter(|line| ["    get:", "    put:", "    post:", "    delete:"].contains(line))
        .count();
    assert!(
        summary.contains(&format!("operations  {operations}\n")),
        "{summary}"
    );
    assert!(summary.contains("version     2.1\n"), "{summary}");
    for stage in ["normalise ", "name "] {
        assert!(
            summary.lines().any(|line| line.starts_with(stage)),
            "{summary}"
        );
    }
}

#[test]
fn a_stale_overlay_is_a_warning_or_with_strict_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let repository = Repository::at(directory.path());
    std::fs::create_dir(directory.path().join("openapi")).unwrap();
    std::fs::write(repository.names(), "operations: {}\n").unwrap();
    let overlay = "overlay: 1.1.0\nactions: [{target: $.paths.gone, remove: true}]\n";
    std::fs::write(repository.overlay(), overlay).unwrap();
    let text = "openapi: 3.0.1\npaths: {}\n";
    let checked = check(&repository, text, "small", false).unwrap();
    let warnings: Vec<String> = checked.warnings().map(ToString::to_string).collect();
    assert_eq!(warnings, ["overlay: target matches nothing: $.paths.gone"]);
    assert!(checked.to_string().contains("\nwarning: "));
    let error = check(&repository, text, "small", true)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("overlay.yaml: these targets match nothing"),
        "{error}"
    );
    assert!(
        error.contains("what to do: repair openapi/overlay.yaml"),
        "{error}"
    );
}

#[test]
fn a_document_without_what_the_facade_needs_is_refused_by_member() {
    let message = refusal(&base().to_string());
    assert!(message.starts_with("given.yaml: "), "{message}");
    assert!(
        message.contains("\nChargeItem.VATRate: needed by receipt::ChargeItem\n"),
        "{message}"
    );
    assert!(
        message.contains("\nwhat to do: fetch a whole document, give the members back"),
        "{message}"
    );
}

#[test]
fn refusals_name_the_file_the_place_and_what_to_do() {
    let mut dangling = base();
    dangling["paths"]["/sign"]["post"]["requestBody"]["content"]["application/json"]["schema"] =
        json!({"$ref": "#/components/schemas/Gone"});
    let cases = [
        ("openapi: 3.0.1\npaths:\n  a: [\n", "line "),
        ("openapi: 3.0.1\nopenapi: 3.0.1\npaths: {}\n", "line 2"),
        ("<!DOCTYPE html>\n<html></html>\n", "error page"),
        ("swagger: '2.0'\npaths: {}\n", "Swagger 2"),
        ("openapi: 3.1.0\npaths: {}\n", "3.1.0"),
        ("openapi: 3.0.1\n", "`paths` is missing"),
        ("", "holds no mapping"),
    ];
    for (text, expected) in cases {
        let message = refusal(text);
        assert!(message.starts_with("given.yaml "), "{message}");
        assert!(message.contains(expected), "{expected}: {message}");
        assert!(message.contains("\nwhat to do: "), "{message}");
        // The comparison refuses the same documents, and says so with the file.
        let message = Document::parse(text, "given.yaml").unwrap_err().to_string();
        assert!(message.starts_with("given.yaml "), "{message}");
    }
    let message = refusal(&dangling.to_string());
    assert!(message.starts_with("given.yaml: "), "{message}");
    assert!(
        message.contains("#/paths/~1sign/post/requestBody"),
        "{message}"
    );
    assert!(message.contains("Gone"), "{message}");
}

#[test]
fn a_file_that_is_missing_or_no_text_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("binary.yaml");
    std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
    for path in [path, directory.path().join("missing.yaml")] {
        let error = read(&path).unwrap_err();
        assert!(matches!(error, Error::File { .. }));
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(error.to_string().contains(&name), "{error}");
    }
}

#[test]
fn no_compiler_accepts_everything() {
    assert!(NoCompiler.compile(std::path::Path::new("nowhere")).is_ok());
}
