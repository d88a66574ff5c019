//! Nothing is left out: every call of the async client and every option of its calls is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What leads to the async world, and stays there: reached by `as_async`.
const ASYNC_ONLY: [&str; 5] = ["call", "http_client", "raw", "raw_with", "sign_stream"];

/// The public methods in the blocks of this type, in all files below a directory.
fn methods(directory: &str, block: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let (mut directories, mut found) = (vec![root], BTreeSet::new());
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            let mut is_inside = false;
            for line in text.lines() {
                if line.starts_with("impl") {
                    is_inside = line.trim_end_matches(" {").ends_with(block);
                } else if line == "}" {
                    is_inside = false;
                }
                let method = ["    pub fn ", "    pub async fn "]
                    .iter()
                    .find_map(|start| line.strip_prefix(start));
                if let (true, Some(method)) = (is_inside, method) {
                    let end = method.find(['(', '<']).unwrap();
                    found.insert(method[..end].to_owned());
                }
            }
        }
    }
    assert!(!found.is_empty(), "{directory} {block}");
    found
}

#[test]
fn every_call_is_there() {
    let mut calls = methods("src/blocking", " Client");
    // Those of the table.
    let table = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/blocking/client.rs"
    ));
    let table = table.unwrap();
    calls.extend(table.lines().filter_map(|line| {
        let call = line.strip_prefix("    fn ")?;
        Some(call[..call.find(['(', '<']).unwrap()].to_owned())
    }));
    let of_log = methods("src/durable", " Client");
    assert!(of_log.contains("recover"), "{of_log:?}");
    for name in methods("src/client", " Client").union(&of_log) {
        let is_there = calls.contains(name);
        assert_ne!(is_there, ASYNC_ONLY.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn every_option_is_there() {
    for call in [
        "OperationCall<T>",
        "OperationCall<Signed>",
        "QueryCall<T>",
        "DeliveryWait",
        "JournalCall",
        "Export",
        "Background",
    ] {
        let there = methods("src/blocking", &format!(" {call}"));
        for name in methods("src/client", &format!(" {call}")) {
            assert!(there.contains(&name), "{call}::{name}");
        }
    }
    let there = methods("src/blocking", " Forwarder");
    for name in methods("src/durable", " Forwarder") {
        // An iterator has its own.
        assert!(name == "next" || there.contains(&name), "Forwarder::{name}");
    }
    let there = methods("src/blocking", " SignAll<I>");
    for name in methods("src/client", " SignAll<S>") {
        // An iterator has its own.
        assert!(name == "next" || there.contains(&name), "SignAll::{name}");
    }
}
