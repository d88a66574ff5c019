//! Several processes, and processes that are killed.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failure here fails the test"
)]

mod support;

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use pos_system_api::store::{Durability, OperationStore, Row, StoreErrorKind, Write};
use pos_system_api_store_sqlite::{SqliteReader, SqliteStore};
use pos_system_api_store_suite::rows::row;
use support::{all, block_on, open, path};
use uuid::Uuid;

/// Runs in a process of its own.
#[test]
#[ignore = "what the other tests start"]
fn process() {
    match support::task() {
        Some((task, directory)) if task == "write" => write_until_killed(&directory),
        Some((task, directory)) if task == "try" => {
            let kind = SqliteStore::open(path(&directory)).map_err(|error| error.kind());
            println!("\nsaid {:?}", kind.err());
        }
        Some((task, directory)) if task == "open" => open_many(&directory),
        Some((task, directory)) if task == "a few" => {
            let store = open(&directory);
            support::add(&store, 4);
            std::process::exit(0);
        }
        Some((task, _)) => panic!("{task}"),
        None => {}
    }
}

fn write_until_killed(directory: &Path) {
    let store = open(directory);
    println!("\nsaid open");
    let mut out = std::io::stdout().lock();
    loop {
        let rows: Vec<Row> = (0..4).map(|_| row()).collect();
        let ids: Vec<Uuid> = rows.iter().map(|row| row.operation_id).collect();
        let writes = rows.into_iter().map(Write::Insert).collect();
        block_on(store.commit(writes, Durability::Synced)).unwrap();
        for id in ids {
            writeln!(out, "said {id}").unwrap();
        }
        out.flush().unwrap();
    }
}

/// A process at work on the store.
struct Writing {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Writing {
    fn start(directory: &Path) -> Self {
        let mut child = support::process("write", directory)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let mut writing = Self {
            child,
            lines: BufReader::new(stdout).lines(),
        };
        assert_eq!(writing.said().as_deref(), Some("open"));
        writing
    }

    fn said(&mut self) -> Option<String> {
        self.lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("said ").map(str::to_owned))
    }

    /// Ends it at once, and gives the ids that it said are written, besides those asked for before.
    fn kill(mut self) -> Vec<Uuid> {
        self.child.kill().unwrap();
        let mut ids = Vec::new();
        while let Some(said) = self.said() {
            // The last line may have been cut.
            ids.extend(said.parse::<Uuid>().ok());
        }
        self.child.wait().unwrap();
        ids
    }
}

/// Kills a writing process again and again; what it said is written is there, and the lock is not.
fn kill_and_reopen(rounds: usize) {
    let directory = tempfile::tempdir().unwrap();
    let mut written = HashSet::new();
    for round in 0..rounds {
        let mut writing = Writing::start(directory.path());
        for _ in 0..=(round * 7) % 23 {
            written.insert(writing.said().unwrap().parse().unwrap());
        }
        let error = SqliteStore::open(path(directory.path())).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::InUse);
        written.extend(writing.kill());
        // Nothing is waited for, and nothing cleaned up.
        let store = open(directory.path());
        let found: HashSet<Uuid> = all(&store).iter().map(|row| row.operation_id).collect();
        assert!(written.is_subset(&found), "round {round}");
        // Batches of four are whole.
        assert_eq!(found.len() % 4, 0, "round {round}");
    }
    println!("{rounds} rounds, {} operations", written.len());
}

#[test]
fn a_killed_process_leaves_what_it_wrote_and_no_lock() {
    kill_and_reopen(4);
}

#[test]
#[ignore = "long: 100 rounds"]
fn a_hundred_killed_processes() {
    kill_and_reopen(100);
}

/// A till that makes a few operations a day, and is switched off.
#[test]
fn the_log_does_not_grow_with_each_process() {
    let directory = tempfile::tempdir().unwrap();
    let log = directory.path().join("till.db-wal");
    let mut log_bytes = Vec::new();
    for _ in 0..50 {
        let status = support::process("a few", directory.path())
            .output()
            .unwrap();
        assert!(status.status.success());
        log_bytes.push(log.metadata().unwrap().len());
    }
    println!("{log_bytes:?}");
    let most_bytes = log_bytes.iter().max().unwrap();
    assert!(*most_bytes < 512 << 10, "{log_bytes:?}");
    assert_eq!(all(&open(directory.path())).len(), 50 * 4);
}

#[test]
fn the_second_process_is_told_so() {
    let directory = tempfile::tempdir().unwrap();
    let said = || {
        let output = support::process("try", directory.path()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut lines = text.lines();
        lines.find_map(|line| line.strip_prefix("said ").map(str::to_owned))
    };
    let store = open(directory.path());
    assert_eq!(said().as_deref(), Some("Some(InUse)"));
    drop(store);
    assert_eq!(said().as_deref(), Some("None"));
}

/// By whatever name it is opened, and in this process too.
#[test]
fn a_link_to_the_store_is_the_same_store() {
    let directory = tempfile::tempdir().unwrap();
    let _store = open(directory.path());
    let elsewhere = tempfile::tempdir().unwrap();
    let (file, folder) = (
        elsewhere.path().join("link.db"),
        elsewhere.path().join("link"),
    );
    std::os::unix::fs::symlink(path(directory.path()), &file).unwrap();
    std::os::unix::fs::symlink(directory.path(), &folder).unwrap();
    for name in [file, path(&folder), path(directory.path())] {
        let error = SqliteStore::open(&name).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::InUse, "{}", name.display());
    }
}

/// A look into the store neither waits for the process that works with it nor keeps it from writing.
#[test]
fn a_reader_looks_on_while_another_process_writes() {
    let directory = tempfile::tempdir().unwrap();
    let mut writing = Writing::start(directory.path());
    let mut written = HashSet::new();
    for _ in 0..5 {
        for _ in 0..8 {
            written.insert(writing.said().unwrap().parse().unwrap());
        }
        let reader = SqliteReader::open(path(directory.path())).unwrap();
        assert!(reader.verify().unwrap() >= written.len() as u64);
        let mut found = HashSet::new();
        let remarks = reader.salvage(|row| {
            found.insert(row.unwrap().operation_id);
        });
        assert_eq!(remarks.unwrap(), <[String; 0]>::default());
        assert!(written.is_subset(&found));
    }
    writing.kill();
}

/// How many operations a till may have pending after a long time offline.
const MANY: usize = 10_000;

fn open_many(directory: &Path) {
    let begin = std::time::Instant::now();
    let store = open(directory);
    let opened = begin.elapsed();
    let rows = block_on(store.page(
        pos_system_api::store::Selection::Open { queue: None },
        MANY as u64 - 10,
        100,
    ));
    assert_eq!(rows.unwrap().len(), 10);
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak_kib = peak.unwrap().trim().trim_end_matches(" kB");
    println!("\nsaid {peak_kib} {}", opened.as_millis());
}

#[test]
#[cfg(target_os = "linux")]
fn many_pending_operations_open_in_little_memory() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(directory.path());
    for _ in 0..MANY / 500 {
        let many = (0..500).map(|_| {
            Write::Insert(Row {
                body: Some(vec![b'{'; 2200].into()),
                ..row()
            })
        });
        block_on(store.commit(many.collect(), Durability::Lazy)).unwrap();
    }
    drop(store);
    let output = support::process("open", directory.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let line = text.lines().find_map(|line| line.strip_prefix("said "));
    let (peak_kib, opened_ms) = line.unwrap().split_once(' ').unwrap();
    println!("{MANY} pending: open in {opened_ms} ms, {peak_kib} KiB at most");
    assert!(
        peak_kib.parse::<u64>().unwrap() < 64 << 10,
        "{peak_kib} KiB"
    );
}
