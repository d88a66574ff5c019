//! `recover`: what was open goes on.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use pos_system_api_simulator::Fault;
use serde_json::Value;

use super::{at_work, left_behind, left_behind_of, log_of, nobody, pending, with_log};
use crate::till::{Run, Till, sale};

#[test]
fn what_was_under_way_when_the_program_was_killed_is_told_once() {
    let till = Till::new();
    till.simulator.faults().script([Fault::HangAfterCommit]);
    let file = till.file("sale.json", sale("S-1", "1.00"));
    at_work(&till, &["sign", file.to_str().unwrap()]).kill();
    assert_eq!(pending(&till)[0]["stage"], "send-started");

    let run = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let line = &run.lines()[0];
    assert_eq!(
        (&line["call"], &line["outcome"]),
        (&"sign".into(), &"done".into())
    );
    let ledger = till.simulator.ledger();
    ledger.receipts().exactly_once();
    let answer: Value = serde_json::from_slice(&ledger.receipts()[0].response).unwrap();
    assert_eq!(line["response"], answer);
    let bodies: Vec<_> = ledger.requests().iter().map(|sent| &sent.body).collect();
    assert_eq!(bodies[0], bodies[1]);

    let again = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!((again.code, again.stdout.as_str()), (0, ""));
}

#[test]
fn a_payment_under_way_is_asked_for_and_not_made_again() {
    let till = Till::new();
    till.simulator.faults().script([Fault::HangAfterCommit]);
    at_work(&till, &["pay", "18.40"]).kill();
    let run = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(run.lines()[0]["call"], "pay");
    till.simulator.ledger().payments().exactly_once();
    assert!(till.paths()[1..].iter().all(|path| path != "pay"));
}

#[cfg(unix)]
#[test]
fn what_a_signal_stopped_is_kept() {
    let till = Till::new();
    till.simulator.faults().script([Fault::HangAfterCommit]);
    let file = till.file("sale.json", sale("S-1", "1.00"));
    let (file, log) = (file.to_str().unwrap(), log_of(&till));
    let output = till.told_to_end(&["sign", file, "--durable", log.to_str().unwrap()]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("recover goes on"), "{stderr}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let run = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.lines()[0]["operationId"], told["operationId"]);
    till.simulator.ledger().receipts().exactly_once();
}

#[test]
fn an_answer_that_nobody_read_is_told_again() {
    let till = Till::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let file = till.file("sale.json", sale("S-1", "1.00"));
    let status = till
        .process()
        .arg("sign")
        .arg(file)
        .arg("--durable")
        .arg(log_of(&till))
        .stdout(writer)
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(3));
    let run = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!((run.code, run.lines().len()), (0, 1), "{}", run.stderr);
    assert_eq!(till.simulator.ledger().requests().len(), 1);
}

#[test]
fn a_refusal_ends_with_2_and_what_stays_open_with_3() {
    let till = Till::new();
    let without = sale("S-1", "1.00").replace("\"Description\":\"Coffee\",", "");
    let open = left_behind_of(&till, without);
    let run = Run::of(&mut with_log(
        &till,
        &["recover", "--deadline", "0.2", "--base-url", &nobody()],
    ));
    assert_eq!(run.code, 3);
    let line = &run.lines()[0];
    assert_eq!(line["operationId"], open.as_str());
    assert_eq!(
        (&line["outcome"], &line["error"]["kind"]),
        (&"open".into(), &"pending".into())
    );
    assert!(run.stderr.contains("cannot connect"), "{}", run.stderr);

    let refused = Run::of(&mut with_log(&till, &["recover"]));
    assert_eq!(refused.code, 2, "{} {}", refused.stdout, refused.stderr);
    assert_eq!(refused.lines()[0]["outcome"], "refused");
    assert_eq!(refused.lines()[0]["error"]["status"], 400);
}

#[test]
fn what_waits_behind_another_was_not_sent_yet() {
    let till = Till::new();
    left_behind(&till);
    left_behind_of(&till, sale("S-2", "2.00"));
    let run = Run::of(&mut with_log(
        &till,
        &["recover", "--deadline", "0.2", "--base-url", &nobody()],
    ));
    assert_eq!(run.code, 3);
    assert_eq!(run.lines()[1]["error"]["message"], "it was not sent yet");
}

#[cfg(unix)]
#[test]
fn waiting_ends_with_the_server_or_with_a_signal() {
    let till = Till::new();
    left_behind(&till);
    let mut waiting = till
        .process()
        .args(["recover", "--wait", "--deadline", "0.2", "--base-url"])
        .arg(nobody())
        .arg("--durable")
        .arg(log_of(&till))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stderr = BufReader::new(waiting.stderr.take().unwrap());
    let mut said = stderr.lines().map_while(Result::ok);
    assert!(said.any(|line| line.contains("Waiting: ")));
    crate::till::tell_to_end(&waiting);
    let rest: Vec<String> = said.collect();
    assert_eq!(waiting.wait().unwrap().code(), Some(3), "{rest:?}");
    assert!(
        rest.iter().any(|line| line.contains("Stopped by a signal")),
        "{rest:?}"
    );

    // Once without an answer in time, and then with one.
    till.simulator.faults().script([Fault::HangAfterCommit]);
    let run = Run::of(&mut with_log(
        &till,
        &["recover", "--wait", "--deadline", "0.5"],
    ));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.lines()[0]["outcome"], "done");
    till.simulator.ledger().receipts().exactly_once();
    assert!(pending(&till).is_empty());
}
