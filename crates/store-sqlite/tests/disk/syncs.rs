//! How often the disk is synced.

use crate::{Fault, Ran, flow, run};

/// The calls between the marks.
fn parts(ran: &Ran) -> Vec<&[String]> {
    let is_mark = |call: &String| call.contains(flow::MARK);
    ran.calls.split(is_mark).collect()
}

fn syncs(calls: &[String]) -> Vec<&str> {
    let syncs = calls.iter().filter(|call| call.contains("sync"));
    let mut syncs: Vec<&str> = syncs.map(String::as_str).collect();
    syncs.sort_unstable();
    syncs
}

/// Two commits an operation, each with one sync, and none for anything else.
#[test]
fn an_operation_is_synced_twice() {
    let ran = run("operations", Fault::default());
    let parts = parts(&ran);
    println!("to make a store: {:?}", syncs(parts[0]));
    println!("first operation: {:?}", syncs(parts[1]));
    assert_eq!(parts.len(), 3 + flow::OPERATIONS);
    for part in &parts[2..2 + flow::OPERATIONS] {
        let syncs = syncs(part);
        assert_eq!(syncs.len(), 2, "{part:?}");
        assert!(syncs.iter().all(|sync| sync.ends_with("till.db-wal")));
        // The counter is never ahead: it is written behind the sync.
        let counted: Vec<usize> = (0..part.len())
            .filter(|index| part[*index].ends_with("till.db-commits"))
            .collect();
        assert_eq!(counted.len(), 2, "{part:?}");
        for index in counted {
            assert!(part[index - 1].contains("sync"), "{part:?}");
        }
    }
}

/// The first caller may have a sync of its own; all who come meanwhile have the next one.
#[test]
fn callers_at_once_share_a_sync() {
    let ran = run("at once", Fault::default());
    assert_eq!(ran.said.len(), 2 + flow::CALLERS);
    assert!(ran.said.iter().all(|said| said.result == "Ok"));
    let parts = parts(&ran);
    assert_eq!(parts.len(), 3);
    let syncs = syncs(parts[1]);
    assert!(matches!(syncs.len(), 1 | 2), "{syncs:?}");
    assert!(syncs.iter().all(|sync| sync.ends_with("till.db-wal")));
}
