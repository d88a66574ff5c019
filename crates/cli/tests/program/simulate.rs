//! `simulate`.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::till::{Run, TOKEN, configured, sale};

/// The simulator as a process, ended with the test.
struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
    line: String,
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pos-system-api"))
            .arg("simulate")
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        Self {
            child,
            stdout,
            line,
        }
    }

    fn described(&self) -> Value {
        serde_json::from_str(&self.line).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn one_line_says_where_it_listens_and_it_serves() {
    let cashbox_id = "6f1c2d5e-0000-4000-8000-0000000000c1";
    let process = Process::start(&[
        "--cashbox-id",
        cashbox_id,
        "--access-token",
        TOKEN,
        "--profile",
        "spec20",
        "--market",
        "de",
    ]);
    let described = process.described();
    assert_eq!(described["cashbox_id"], cashbox_id);
    assert_eq!(described["profile"], "spec20");
    assert_eq!(described["market"], "DE");
    assert_eq!(described["access_token"], Value::Null);
    assert!(!process.line.contains(TOKEN));

    let base_url = described["base_url"].as_str().unwrap();
    let echo = Run::of(configured(base_url, cashbox_id).args(["echo", "ping"]));
    assert_eq!((echo.code, echo.stdout.as_str()), (0, "ping\n"));
    let sign = Run::of(
        configured(base_url, cashbox_id)
            .arg("sign")
            // The queue of one country takes no codes of another.
            .write_stdin(sale("S-1", "1.00").replace("0x4154", "0x4445")),
    );
    assert_eq!(sign.code, 0, "{}", sign.stderr);
}

#[test]
fn the_built_in_token_is_printed_so_that_a_client_can_use_it() {
    let described = Process::start(&[]).described();
    assert_eq!(described["access_token"], "simulated-access-token");
    assert_eq!(described["started"], true);
}

#[test]
fn a_queue_can_wait_for_its_start_receipt() {
    let described = Process::start(&["--not-started"]).described();
    assert_eq!(described["started"], false);
}

#[test]
fn the_seed_decides_the_ids() {
    let ids = |seed| {
        let described = Process::start(&["--seed", seed]).described();
        (
            described["cashbox_id"].clone(),
            described["queue_id"].clone(),
        )
    };
    assert_eq!(ids("7"), ids("7"));
    assert_ne!(ids("7"), ids("8"));
}

#[test]
fn a_port_in_use_is_named() {
    let process = Process::start(&[]);
    let described = process.described();
    let port = described["base_url"]
        .as_str()
        .unwrap()
        .rsplit(':')
        .next()
        .unwrap();
    let run = Run::of(crate::till::program().args(["simulate", "--port", port]));
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    assert!(run.stderr.contains(port), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_in_good_order() {
    let mut process = Process::start(&[]);
    crate::till::tell_to_end(&process.child);
    let mut rest = String::new();
    process.stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
    assert_eq!(process.child.wait().unwrap().code(), Some(0));
}
