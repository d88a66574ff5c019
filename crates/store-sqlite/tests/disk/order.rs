//! What is on stable storage before what follows from it.

use crate::{Fault, fail_once, flow, run, run_on};

/// A new store whose counter is lost with the power would be refused.
#[test]
fn a_new_store_has_its_counter_before_its_content() {
    let ran = run("operations", Fault::default());
    let calls = calls_until_the_first_mark(&ran.calls);
    let counter = position(calls, |call| is_sync(call, "till.db-commits"));
    let content = position(calls, |call| is_write(call, "till.db"));
    assert!(counter < content, "{calls:?}");
}

/// Whoever opened one before its mode was set could read it ever after.
#[test]
fn a_new_file_is_its_owners_alone_from_its_beginning() {
    let ran = run("operations", Fault::default());
    let is_made_private = |call: &&String| call.starts_with("chmod");
    assert_eq!(ran.calls.iter().find(is_made_private), None);
}

/// The next process must not send what a loss of power takes back, be it by its name.
#[test]
fn what_a_killed_process_wrote_is_synced_before_it_is_used() {
    let left = run("leave", Fault::default());
    let ran = run_on(left.disk, "open", Fault::default());
    // Before SQLite looks at the files: it would sync some of this by itself, but later.
    let calls = &ran.calls[..position(&ran.calls, |call| call == "open till.db")];
    let directory = ran.disk.directory.path().file_name().unwrap();
    for file in ["till.db-wal", directory.to_str().unwrap()] {
        assert!(calls.iter().any(|call| is_sync(call, file)), "{calls:?}");
    }
}

/// Behind a commit that was not synced, too, and for a row that it has written already.
#[test]
fn what_has_to_last_is_synced_whatever_was_written_before() {
    let ran = run("promise", Fault::default());
    let parts: Vec<&[String]> = ran.calls.split(|call| call.contains(flow::MARK)).collect();
    let [_, new, _, stored, _] = parts[..] else {
        panic!("{parts:?}");
    };
    for calls in [new, stored] {
        assert!(
            calls.iter().any(|call| is_sync(call, "till.db-wal")),
            "{calls:?}"
        );
    }
}

/// SQLite begins its log anew when all of it is in the database.
#[test]
fn the_database_is_synced_before_the_log_is_written_over() {
    let ran = run("once", Fault::default());
    let is_write_to_it = |call: &String| is_write(call, "till.db") || call == "ftruncate64 till.db";
    let mut rest = &ran.calls[..];
    let mut checkpoints = 0;
    while let Some(first) = rest.iter().position(is_write_to_it) {
        let before = rest[..first]
            .iter()
            .rfind(|call| is_write(call, "till.db-wal") || is_sync(call, "till.db-wal"));
        if let Some(before) = before {
            assert!(is_sync(before, "till.db-wal"), "{before}");
        }
        let length = rest[first..]
            .iter()
            .take_while(|call| is_write_to_it(call))
            .count();
        rest = &rest[first + length..];
        assert!(is_sync(&rest[0], "till.db"), "{}", rest[0]);
        checkpoints += 1;
    }
    // When it was made, on the way, and when it was closed.
    assert!(checkpoints >= 3, "{checkpoints}");
}

/// Without its counter a store would not notice that its last commits are gone.
#[test]
fn a_counter_that_cannot_be_written_ends_the_work() {
    let is_count = |call: &str| is_write(call, "till.db-commits");
    // Behind those by which the store was made.
    let (_, ran) = fail_once(is_count, 4, 5);
    let results: Vec<&str> = ran.said.iter().map(|said| said.result.as_str()).collect();
    let told = results.iter().take_while(|result| **result == "Ok").count();
    assert!(told > 0 && told < results.len(), "{results:?}");
    assert!(
        results[told..]
            .iter()
            .all(|result| *result == flow::REFUSED),
        "{results:?}"
    );
}

fn calls_until_the_first_mark(calls: &[String]) -> &[String] {
    &calls[..position(calls, |call| call.contains(flow::MARK))]
}

fn position(calls: &[String], is_it: impl Fn(&str) -> bool) -> usize {
    let found = calls.iter().position(|call| is_it(call));
    found.unwrap_or_else(|| panic!("{calls:?}"))
}

fn is_write(call: &str, file: &str) -> bool {
    call.contains("write") && call.ends_with(&format!(" {file}"))
}

fn is_sync(call: &str, file: &str) -> bool {
    call.contains("sync") && call.ends_with(&format!(" {file}"))
}
