//! `operation`.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::till::{Run, TOKEN, Till, sale};

/// The operation of a signed receipt.
fn signed(till: &Till) -> String {
    let run = Run::of(till.program().arg("sign").write_stdin(sale("S-1", "5.80")));
    run.lines()[0]["operationId"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_recorded_is_printed() {
    let till = Till::new();
    let id = signed(&till);
    let run = Run::of(till.program().args(["operation", &id]));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let item = &run.lines()[0];
    assert_eq!(item["cbOperationItemID"], id);
    assert_eq!(item["LastState"], "done", "{item}");
    assert!(item["Request"].as_str().unwrap().contains("S-1"));
}

#[test]
fn an_unknown_one_ends_with_2() {
    let till = Till::new();
    let id = "6f1c2d5e-0000-4000-8000-000000000404";
    let run = Run::of(till.program().args(["operation", id]));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains(id), "{}", run.stderr);
}

/// A server that loses its first answer and gives the second.
fn forgetful(body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for is_lost in [true, false] {
            let (mut socket, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") {
                socket.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            if !is_lost {
                let length = body.len();
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
                write!(socket, "{head}content-length: {length}\r\n\r\n{body}").unwrap();
            }
        }
    });
    url
}

#[test]
fn a_pairing_keeps_its_secrets_and_a_lost_answer_is_asked_for_again() {
    let till = Till::new();
    let id = "6f1c2d5e-0000-4000-8000-0000000000e1";
    let url = forgetful(format!(
        r#"{{"cbOperationItemID":"{id}","Path":"/v2/pair","LastState":"done","Request":"246810",
            "Response":"{TOKEN}"}}"#
    ));
    let run = Run::of(till.program().args(["operation", id, "--base-url", &url]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.lines()[0]["Path"], "/v2/pair");
    assert!(!run.stdout.contains("246810"), "{}", run.stdout);
}

#[test]
fn no_answer_ends_with_3() {
    let till = Till::new();
    let id = "6f1c2d5e-0000-4000-8000-0000000000e1";
    // Takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let mut program = till.program();
    program.args(["operation", id, "--base-url", &url]);
    let run = Run::of(program.args(["--deadline", "0.3", "--attempt-timeout", "0.2"]));
    assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{}", run.stderr);
}
