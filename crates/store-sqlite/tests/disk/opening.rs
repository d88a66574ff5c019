//! A store that is there, and a disk that is full, or cannot be written to, when it is opened.

use crate::{Fault, Ran, flow::Said, run, run_on};

/// Opens the store of a killed process, where the first such call fails.
fn open_where(call: fn(&str) -> bool, errno: i32) -> (Fault, Ran) {
    let open = |fault| run_on(run("unsynced", Fault::default()).disk, "look on", fault);
    let whole = open(Fault::default());
    let at = 1 + whole.calls.iter().position(|made| call(made)).unwrap();
    let fault = Fault {
        at,
        errno,
        ..Fault::default()
    };
    let ran = open(fault);
    assert_eq!(ran.calls[at - 1], whole.calls[at - 1]);
    (fault, ran)
}

/// What a killed process left in the log is read from there.
#[test]
fn a_full_disk_keeps_no_store_from_opening() {
    let to_database = |call: &str| call.contains("write") && call.ends_with("till.db");
    let (fault, ran) = open_where(to_database, 28);
    assert!(ran.said.iter().all(|said| said.result == "Ok"));
    // With room it is brought to the database with the next operation.
    assert!(ran.calls[fault.at..].iter().any(|call| to_database(call)));
}

#[test]
fn what_keeps_a_store_from_opening_is_said() {
    let results = |(_, ran): (Fault, Ran)| {
        let results = ran.said.into_iter().map(|said: Said| said.result);
        results.collect::<Vec<_>>()
    };
    let no_room_for_the_index = open_where(|call| call == "pwrite64 till.db-shm", 28);
    assert_eq!(results(no_room_for_the_index), ["Full"]);
    // SQLite opens for reading what it may not write to.
    let no_right_to_write = open_where(|call| call == "open till.db", 13);
    assert_eq!(results(no_right_to_write), ["Full"]);
    let broken = open_where(|call| call == "open till.db-commits", 5);
    assert_eq!(results(broken), ["Failed"]);
}
