//! `simulate --store`: a killed simulator comes back with all it had answered.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::till::{Run, TOKEN};

struct Process {
    child: Child,
    described: Value,
}

impl Process {
    fn start(command: &mut Command, store: &Path) -> Self {
        let mut child = command
            .args(["simulate", "--access-token", TOKEN, "--store"])
            .arg(store)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        Self {
            child,
            described: serde_json::from_str(&line).unwrap(),
        }
    }

    fn address(&self) -> String {
        let url = self.described["base_url"].as_str().unwrap();
        url.strip_prefix("http://").unwrap().to_owned()
    }

    fn cash_box_id(&self) -> String {
        self.described["cashbox_id"].as_str().unwrap().to_owned()
    }

    fn ledger(&self) -> Value {
        let answer = ask(&self.address(), "GET /_sim/ledger HTTP/1.1\r\n", "").unwrap();
        serde_json::from_str(&answer.body).unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_pos-system-api"))
}

/// An answer that arrived completely.
struct Answer {
    status: u16,
    body: String,
}

fn ask(address: &str, head: &str, body: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let request = format!(
        "{head}Host: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))?;
    (length.parse() == Ok(body.len())).then(|| Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        body: body.to_owned(),
    })
}

fn sign(address: &str, cash_box_id: &str, number: u128) -> Option<Answer> {
    let id = operation(number);
    let head = format!(
        "POST /v2/sign HTTP/1.1\r\nx-cashbox-id: {cash_box_id}\r\n\
         x-cashbox-accesstoken: {TOKEN}\r\nx-operation-id: {id}\r\n"
    );
    ask(address, &head, &receipt(number))
}

/// A sale as it goes over the wire.
fn receipt(number: u128) -> String {
    json!({
        "cbReceiptReference": format!("S-{number}"),
        "cbReceiptMoment": "2026-06-01T10:15:30Z",
        "cbChargeItems": [{"Quantity": 1, "Description": "Coffee", "Amount": 3, "VATRate": 20}],
        "cbPayItems": [{"Description": "Cash", "Amount": 3}],
        "ftReceiptCase": 0x4154_2000_0000_0001_u64,
    })
    .to_string()
}

fn operation(number: u128) -> Uuid {
    Uuid::from_u128(0x6f1c_2d5e_0000_4000_8000_0000_0000_0000 + number)
}

/// The responses by operation, after a look at their numbers.
fn receipts(ledger: &Value) -> BTreeMap<Uuid, String> {
    let receipts = ledger["receipts"].as_array().unwrap();
    let numbers = receipts
        .iter()
        .map(|receipt| receipt["receipt_number"].as_u64().unwrap());
    assert!(numbers.eq(1..=receipts.len() as u64));
    let by_operation: BTreeMap<Uuid, String> = receipts
        .iter()
        .map(|receipt| {
            let id = receipt["operation_id"].as_str().unwrap().parse().unwrap();
            (id, receipt["response"].as_str().unwrap().to_owned())
        })
        .collect();
    assert_eq!(
        by_operation.len(),
        receipts.len(),
        "an operation signed twice"
    );
    by_operation
}

#[test]
fn every_receipt_that_was_answered_is_there_once_after_a_kill() {
    const TILLS: u128 = 8;
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("simulator.store");
    let mut answered = BTreeMap::new();
    for round in 0..3 {
        let mut process = Process::start(&mut program(), &store);
        let (address, cash_box_id) = (process.address(), process.cash_box_id());
        assert_eq!(receipts_of(&answered, &process), answered.len());
        let (send, receive) = mpsc::channel();
        let tills: Vec<_> = (0..TILLS)
            .map(|till| {
                let (address, cash_box_id) = (address.clone(), cash_box_id.clone());
                let send = send.clone();
                thread::spawn(move || {
                    for sale in 0.. {
                        let number = (round * 1_000_000 + sale) * TILLS + till;
                        // The kill comes in the middle of this.
                        let Some(answer) = sign(&address, &cash_box_id, number) else {
                            break;
                        };
                        assert_eq!(answer.status, 201, "{}", answer.body);
                        send.send((operation(number), answer.body)).unwrap();
                    }
                })
            })
            .collect();
        drop(send);
        for _ in 0..100 {
            let (id, body) = receive.recv().unwrap();
            answered.insert(id, body);
        }
        process.child.kill().unwrap();
        process.child.wait().unwrap();
        answered.extend(receive);
        for till in tills {
            till.join().unwrap();
        }
    }

    let process = Process::start(&mut program(), &store);
    assert_eq!(receipts_of(&answered, &process), answered.len());
    let repeated = sign(&process.address(), &process.cash_box_id(), 0).unwrap();
    assert_eq!(
        (repeated.status, &repeated.body),
        (200, &answered[&operation(0)])
    );
}

/// How many of the answered receipts the simulator has, with the same bytes.
fn receipts_of(answered: &BTreeMap<Uuid, String>, process: &Process) -> usize {
    let receipts = receipts(&process.ledger());
    answered
        .iter()
        .filter(|(id, body)| receipts.get(id) == Some(body))
        .count()
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_not_done() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("simulator.store");
    let mut limited = Command::new("sh");
    // Writes beyond a few kilobytes fail, as on a full disk.
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_pos-system-api"));
    let process = Process::start(&mut limited, &store);
    let (address, cash_box_id) = (process.address(), process.cash_box_id());
    let mut number = 0;
    let refused = loop {
        number += 1;
        let answer = sign(&address, &cash_box_id, number).unwrap();
        if answer.status != 201 {
            break answer;
        }
    };
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(number > 1);
    assert_eq!(receipts(&process.ledger()).len() as u128, number - 1);
    assert_eq!(sign(&address, &cash_box_id, number).unwrap().status, 503);
    assert_eq!(sign(&address, &cash_box_id, 1).unwrap().status, 200);
    drop(process);

    let process = Process::start(&mut program(), &store);
    assert_eq!(receipts(&process.ledger()).len() as u128, number - 1);
    let signed = sign(&process.address(), &cash_box_id, number).unwrap();
    assert_eq!(signed.status, 201);
}

#[test]
fn a_store_of_another_simulator_is_refused_by_name() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("simulator.store");
    drop(Process::start(&mut program(), &store));
    let store = store.to_str().unwrap();
    let run =
        Run::of(crate::till::program().args(["simulate", "--market", "DE", "--store", store]));
    assert_eq!((run.code, run.stdout.as_str()), (64, ""));
    assert!(run.stderr.contains("market AT, not DE"), "{}", run.stderr);
}
