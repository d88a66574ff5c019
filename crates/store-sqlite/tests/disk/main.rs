//! A disk that fails at each call in turn, and how often the disk is synced.
//!
//! The store runs in a process of its own, into which a small library is loaded that counts the calls and
//! lets one fail.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failure here fails the test"
)]

mod flow;
mod opening;
mod order;
#[path = "../support/mod.rs"]
mod support;
mod syncs;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use flow::Said;
use pos_system_api::store::Stage;
use tempfile::TempDir;

/// The numbers of the errors, as Linux has them.
const ERRORS: [(&str, i32); 4] = [("EIO", 5), ("ENOSPC", 28), ("EROFS", 30), ("EDQUOT", 122)];

/// Runs in a process of its own.
#[test]
#[ignore = "what the other tests start"]
fn process() {
    if let Some((task, directory)) = support::task() {
        match task.as_str() {
            "flow" => flow::run(&directory, 2),
            "once" => flow::run(&directory, 1),
            "operations" => flow::operations(&directory),
            "until the power is cut" => flow::until_the_power_is_cut(&directory),
            "beside a reader" => flow::beside_a_reader(&directory),
            "unsynced" => flow::unsynced(&directory),
            "look on" => flow::look_on(&directory),
            "at once" => flow::at_once(&directory),
            "leave" => flow::leave(&directory),
            "open" => flow::open(&directory),
            "promise" => flow::promise(&directory),
            task => panic!("{task}"),
        }
    }
}

/// The library, compiled once.
fn shim() -> &'static Path {
    static SHIM: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = SHIM.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("shim.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/disk/shim.c");
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-w", "-o"])
            .arg(&path)
            .args([source, "-ldl"])
            .status()
            .expect("a C compiler");
        assert!(status.success());
        (directory, path)
    });
    path
}

/// How the disk fails.
#[derive(Debug, Clone, Copy, Default)]
struct Fault {
    /// The number of the call, from 1; 0 for none.
    at: usize,
    errno: i32,
    stays_broken: bool,
    /// The number of the sync of a file that fails, from 1; 0 for none.
    sync_at: usize,
    /// The number of the call at which the power is cut; 0 for none.
    cut_at: usize,
    /// Whether files get other numbers now and then, as some file systems give them that are not local.
    renumbers: bool,
}

/// The files of a store: as processes see them, and as a cut of the power leaves them.
struct Disk {
    directory: TempDir,
    image: TempDir,
}

impl Disk {
    fn new() -> Self {
        let [directory, image] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        Self { directory, image }
    }
}

/// What a process did to the files, and what it said.
struct Ran {
    disk: Disk,
    calls: Vec<String>,
    said: Vec<Said>,
}

fn run(task: &str, fault: Fault) -> Ran {
    run_on(Disk::new(), task, fault)
}

fn run_on(disk: Disk, task: &str, fault: Fault) -> Ran {
    let logs = tempfile::tempdir().unwrap();
    let log = logs.path().join("calls");
    let place = disk.directory.path().canonicalize().unwrap();
    let output = support::process(task, &place)
        .env("LD_PRELOAD", shim())
        .env("DISK_DIRECTORY", &place)
        .env("DISK_IMAGE", disk.image.path())
        .env("DISK_LOG", &log)
        .env("DISK_FAILS_AT", fault.at.to_string())
        .env("DISK_SYNC_FAILS_AT", fault.sync_at.to_string())
        .env("DISK_CUT_AT", fault.cut_at.to_string())
        .env("DISK_ERRNO", fault.errno.to_string())
        .env("DISK_RENUMBERS", u8::from(fault.renumbers).to_string())
        .env(
            "DISK_STAYS_BROKEN",
            u8::from(fault.stays_broken).to_string(),
        )
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{fault:?}: {text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let calls = fs::read_to_string(&log).unwrap();
    Ran {
        disk,
        calls: calls.lines().map(str::to_owned).collect(),
        said: text.lines().filter_map(Said::from_line).collect(),
    }
}

/// What was promised is there when the store is opened again, what was refused is not, and all else is
/// whole or not there.
fn check(ran: &Ran, fault: Fault) {
    check_in(ran.disk.directory.path(), ran, fault);
}

fn check_in(directory: &Path, ran: &Ran, fault: Fault) {
    // A file that lies there broken would be said to be damaged here.
    let store = support::open(directory);
    let rows = support::all(&store);
    let said = |id, stage| {
        let same = |said: &&Said| said.operation_id == id && said.stage == stage;
        ran.said.iter().find(same).map(|said| said.result.as_str())
    };
    for said in &ran.said {
        let row = rows
            .iter()
            .find(|row| row.operation_id == said.operation_id);
        // A purged row may have been removed.
        let is_purged = ran
            .said
            .iter()
            .any(|other| other.operation_id == said.operation_id && other.stage == Stage::Purged);
        if is_purged && row.is_none_or(|row| row.stage == Stage::Purged) {
            continue;
        }
        let what = format!("{fault:?}: {said:?}, and there is {row:?}");
        match (said.result.as_str(), said.stage) {
            ("Ok", Stage::Prepared) => assert!(row.is_some(), "{what}"),
            ("Ok", stage) => assert_eq!(row.expect(&what).stage, stage, "{what}"),
            ("Full" | flow::REFUSED, Stage::Prepared) => assert!(row.is_none(), "{what}"),
            ("Full" | flow::REFUSED, stage) => {
                assert!(row.is_none_or(|row| row.stage != stage), "{what}");
            }
            // Refused because of what failed before it.
            ("Failed" | "Missing" | "Outdated", _) => {}
            _ => panic!("{what}"),
        }
    }
    for row in &rows {
        let inserted = said(row.operation_id, Stage::Prepared);
        // Where the power was cut, nothing may have been said yet.
        let is_unsaid = inserted.is_none() && fault.cut_at > 0;
        assert!(
            is_unsaid || matches!(inserted, Some("Ok" | "Failed")),
            "{fault:?}"
        );
        assert_eq!(row.body.as_deref(), Some(flow::BODY), "{fault:?}");
    }
    // It works again.
    support::add(&store, 1);
}

/// Lets the disk fail at calls of the flow, with one error after the other or with each.
fn fail(step: usize, first: usize, with_each: bool) {
    let whole = run("flow", Fault::default());
    check(&whole, Fault::default());
    assert!(whole.said.iter().all(|said| said.result == "Ok"));
    let total = whole.calls.len();
    let writes = |name| {
        let written = whole.calls.iter().filter(|call| call.ends_with(name));
        written.count()
    };
    // The log was brought to the database on the way.
    assert!(writes("write till.db") + writes("pwrite64 till.db") > 60);
    let mut kinds: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let mut runs = 0;
    for at in (first..=total).step_by(step) {
        for (turn, (name, errno)) in ERRORS.into_iter().enumerate() {
            for stays_broken in [false, true] {
                let number = at / step + usize::from(stays_broken);
                if !with_each && number % ERRORS.len() != turn {
                    continue;
                }
                let fault = Fault {
                    at,
                    errno,
                    stays_broken,
                    ..Fault::default()
                };
                let ran = run("flow", fault);
                check(&ran, fault);
                runs += 1;
                let not_ok = ran.said.iter().find(|said| said.result != "Ok");
                let first = not_ok.map_or("Ok", |said| said.result.as_str());
                *kinds.entry((name, first.to_owned())).or_default() += 1;
            }
        }
    }
    println!("{total} calls, {runs} runs, the first result that is not Ok: {kinds:?}");
    assert!(runs > 0);
}

#[test]
fn the_disk_fails_at_some_calls() {
    fail(29, 3, false);
}

#[test]
#[ignore = "long: each call and each error"]
fn the_disk_fails_at_each_call() {
    fail(1, 1, true);
}

/// Lets a call fail once, after others of its sort have been made so often.
fn fail_once(call: fn(&str) -> bool, after: usize, errno: i32) -> (Fault, Ran) {
    let whole = run("once", Fault::default());
    let calls = whole.calls.iter().enumerate();
    let mut calls = calls.filter(|(_, made)| call(made));
    let (index, _) = calls.nth(after).expect("the call is made");
    let fault = Fault {
        at: index + 1,
        errno,
        ..Fault::default()
    };
    let ran = run("once", fault);
    assert_eq!(ran.calls[index], whole.calls[index]);
    check(&ran, fault);
    (fault, ran)
}

/// What a sync that failed has written is not known, and a second sync would not tell.
#[test]
fn a_failed_sync_is_not_tried_again() {
    let is_sync = |call: &str| call.contains("sync till.db-wal");
    // Behind those by which the store was made, and those of the first operation.
    let (fault, ran) = fail_once(is_sync, 7, 5);
    let after = &ran.calls[fault.at..];
    assert!(after.is_empty(), "{after:?}");
    let mut results = ran.said.iter().map(|said| said.result.as_str());
    assert!(results.by_ref().any(|result| result == "Failed"));
    let mut results = results.skip_while(|result| *result == "Failed");
    assert!(results.all(|result| result == flow::REFUSED));
}

/// After a failed sync the system takes for written what it did not write, and a further sync succeeds.
#[test]
fn what_a_failed_sync_left_is_not_built_on() {
    let task = "until the power is cut";
    let whole = run(task, Fault::default());
    check_in(whole.disk.image.path(), &whole, Fault::default());
    assert!(whole.said.iter().all(|said| said.result == "Ok"));
    let before_the_last = whole
        .calls
        .iter()
        .take_while(|call| !call.contains(flow::MARK));
    let syncs = before_the_last.filter(|call| call.contains("sync till.db"));
    let syncs = syncs.count();
    assert!(syncs > 20, "{syncs}");
    for sync_at in 1..=syncs {
        let fault = Fault {
            sync_at,
            ..Fault::default()
        };
        let ran = run(task, fault);
        let last = ran.said.last().map(|said| said.result.as_str());
        assert_eq!(last, Some("Ok"), "{fault:?}");
        check_in(ran.disk.image.path(), &ran, fault);
    }
}

/// Where the log goes on, as somebody reads it, what is written next stands behind what the failed sync left.
#[test]
fn what_a_failed_sync_left_in_the_log_is_written_again() {
    let task = "beside a reader";
    let whole = run(task, Fault::default());
    check_in(whole.disk.image.path(), &whole, Fault::default());
    assert!(whole.said.iter().all(|said| said.result == "Ok"));
    let syncs = whole.calls.iter();
    let syncs = syncs.filter(|call| call.contains("sync till.db")).count();
    for sync_at in 1..=syncs {
        let fault = Fault {
            sync_at,
            ..Fault::default()
        };
        let ran = run(task, fault);
        check_in(ran.disk.image.path(), &ran, fault);
    }
}

#[test]
fn a_cut_of_the_power_takes_nothing_that_was_promised() {
    let task = "until the power is cut";
    let total = run(task, Fault::default()).calls.len();
    for cut_at in (1..=total).step_by(37) {
        let fault = Fault {
            cut_at,
            ..Fault::default()
        };
        let ran = run(task, fault);
        check_in(ran.disk.image.path(), &ran, fault);
    }
}

/// What a killed process had written is worked with when it is on the disk, and not before.
#[test]
fn what_a_killed_process_wrote_is_synced_at_the_open() {
    let killed = run("unsynced", Fault::default());
    let killed_said = killed.said;
    let mut ran = run_on(killed.disk, "look on", Fault::default());
    assert_eq!(ran.said.len(), 1 + 3 + 2);
    ran.said.extend(killed_said);
    check_in(ran.disk.image.path(), &ran, Fault::default());
    let mut calls = ran.calls.iter();
    let first = calls.find(|call| call.contains("till.db-wal") || call.ends_with("write till.db"));
    assert_eq!(first.map(String::as_str), Some("open till.db-wal"));
    let second = calls.find(|call| !call.contains("write till.db-wal"));
    assert_eq!(second.map(String::as_str), Some("fsync till.db-wal"));
}

/// A file is the one that is open, whatever number it has by now.
#[test]
fn files_that_are_numbered_anew_are_the_same() {
    let fault = Fault {
        renumbers: true,
        ..Fault::default()
    };
    let ran = run("flow", fault);
    let failed = ran.said.iter().find(|said| said.result != "Ok");
    assert!(failed.is_none(), "{failed:?}");
    check(&ran, fault);
}

/// Without room nothing is written, and with room it goes on.
#[test]
fn a_full_disk_can_be_cleared() {
    let is_write = |call: &str| call.contains("write") && call.ends_with("till.db-wal");
    let (_, ran) = fail_once(is_write, 40, 28);
    let mut results = ran.said.iter().map(|said| said.result.as_str());
    assert!(results.by_ref().any(|result| result == "Full"));
    assert!(results.by_ref().any(|result| result == "Ok"));
    assert!(results.all(|result| !["Failed", flow::REFUSED].contains(&result)));
}
