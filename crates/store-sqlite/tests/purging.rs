//! What is left of content that was purged.
#![allow(clippy::unwrap_used, reason = "a failure here fails the test")]

mod support;

use std::fs;

use pos_system_api::store::{Row, Stage, Write};
use pos_system_api_store_suite::rows::{next, row};
use support::{add, open, write};

/// Customer data that was purged is in no file any more when the store was closed.
#[test]
fn purged_content_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    add(&store, 8);
    let body = b"the address of a customer".repeat(400);
    let rows: Vec<Row> = [80, 10_000]
        .map(|bytes| Row {
            body: Some(body[..bytes].to_vec().into()),
            ..row()
        })
        .into_iter()
        .map(|row| write(&store, Write::Insert(row)))
        .collect();
    drop(store);
    let holds = || {
        let files = fs::read_dir(directory.path()).unwrap().map(Result::unwrap);
        let mut contents = files.map(|file| fs::read(file.path()).unwrap());
        contents.any(|content| content.windows(25).any(|bytes| *bytes == body[..25]))
    };
    assert!(holds());
    let store = open(directory.path());
    for row in rows {
        let purged = Row {
            body: None,
            ..next(&row, Stage::Purged)
        };
        write(&store, Write::Update(purged));
    }
    drop(store);
    assert!(!holds());
}
