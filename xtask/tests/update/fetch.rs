//! Documents from an address, by a program that stands in for curl.

use std::fs;
use std::path::Path;

use xtask::check::NoCompiler;
use xtask::repository::read;
use xtask::update::{Curl, Source};

use crate::checkout::{Copy, ECHO, LOUD_ECHO};

#[test]
fn an_address_of_another_kind_is_refused_before_anything_is_started() {
    let copy = Copy::new();
    let before = copy.state();
    let curl = Curl::at("no such program");
    for address in ["ftp://127.0.0.1/openapi.yaml", "file:///etc/hosts"] {
        let message = copy
            .updater(&NoCompiler, false, &curl)
            .run(&Source::of(address))
            .unwrap_err()
            .to_string();
        assert!(message.contains("only http and https"), "{message}");
    }
    assert_eq!(copy.state(), before);
}

#[test]
fn a_missing_curl_is_said_so() {
    let copy = Copy::new();
    let curl = Curl::at("curl-that-nobody-has");
    let error = copy
        .updater(&NoCompiler, false, &curl)
        .run(&Source::of("http://127.0.0.1:9/openapi.yaml"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`curl-that-nobody-has` is missing; install it"),
        "{error}"
    );
}

#[cfg(unix)]
mod with_a_stand_in {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// Stands in for curl: writes down its arguments, then does as told.
    fn stand_in(directory: &Path, script: &str) -> Curl {
        let path = directory.join("curl-stand-in");
        let arguments = directory.join("arguments");
        let text = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$@\" > '{}'\n{script}\n",
            arguments.display()
        );
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Curl::at(path)
    }

    #[test]
    fn an_address_is_fetched_and_recorded_without_its_secrets() {
        let copy = Copy::new();
        let tools = tempfile::tempdir().unwrap();
        let (_kept, Source::File(published), text) = copy.revision(ECHO, LOUD_ECHO) else {
            panic!("a file was saved");
        };
        let curl = stand_in(tools.path(), &format!("cat '{}'", published.display()));
        let source = Source::of("https://user:word@example.org/v2/openapi.yaml?token=abc#top");
        assert_eq!(source.to_string(), "https://example.org/v2/openapi.yaml");
        copy.updater(&NoCompiler, false, &curl)
            .run(&source)
            .unwrap();
        assert_eq!(read(&copy.repository.document()).unwrap(), text);
        let arguments = read(&tools.path().join("arguments")).unwrap();
        let arguments: Vec<&str> = arguments.lines().collect();
        for expected in ["--fail", "--location", "--max-time", "60"] {
            assert!(arguments.contains(&expected), "{arguments:?}");
        }
        assert!(arguments.ends_with(&[
            "--",
            "https://user:word@example.org/v2/openapi.yaml?token=abc#top"
        ]));
        for file in [copy.repository.provenance(), copy.repository.changelog()] {
            let text = read(&file).unwrap();
            assert!(
                text.contains("https://example.org/v2/openapi.yaml"),
                "{text}"
            );
            assert!(!text.contains("word") && !text.contains("abc"), "{text}");
        }
    }

    #[test]
    fn a_failed_download_says_why_without_secrets_and_changes_nothing() {
        let copy = Copy::new();
        let before = copy.state();
        let tools = tempfile::tempdir().unwrap();
        let address = "https://example.org/openapi.yaml?token=abc";
        let curl = stand_in(
            tools.path(),
            &format!("echo 'curl: (22) error 404 for {address}' >&2; exit 22"),
        );
        let error = copy
            .updater(&NoCompiler, false, &curl)
            .run(&Source::of(address))
            .unwrap_err()
            .to_string();
        assert!(error.contains("error 404"), "{error}");
        assert!(error.contains("exit status: 22"), "{error}");
        assert!(!error.contains("abc"), "{error}");
        assert_eq!(copy.state(), before);
    }
}
